/// Names a query that is computed once.
package struct MaterializationID: Sendable, Hashable {
  /// The number, in order of creation.
  package let rawValue: Int

  /// Creates an id.
  package init(_ rawValue: Int) {
    self.rawValue = rawValue
  }
}

/// `WITH x AS MATERIALIZED (...) <body>`.
package struct MaterializePlan: Sendable {
  /// Names the query.
  package var id: MaterializationID
  /// Its name, for EXPLAIN.
  package var name: String
  /// The query that is computed once.
  package var definition: Plan
  /// What reads it.
  package var body: Plan

  /// Creates a node.
  package init(id: MaterializationID, name: String, definition: Plan, body: Plan) {
    self.id = id
    self.name = name
    self.definition = definition
    self.body = body
  }
}

/// Reads a materialized query, or the previous round of a recursive one.
package struct ReferencePlan: Sendable {
  /// Names the query.
  package var id: MaterializationID
  /// Its name, for EXPLAIN.
  package var name: String
  /// The output columns, new ids, position by position.
  package var columns: [PlanColumn]

  /// Creates a node.
  package init(id: MaterializationID, name: String, columns: [PlanColumn]) {
    self.id = id
    self.name = name
    self.columns = columns
  }
}

/// A query of WITH RECURSIVE.
///
/// `step` reads the previous round through `reference(id)` until it gives no row.
package struct RecursivePlan: Sendable {
  /// Names the working table.
  package var id: MaterializationID
  /// Its name, for EXPLAIN.
  package var name: String
  /// UNION ALL keeps duplicates.
  package var isAll: Bool
  /// The first round.
  package var anchor: Plan
  /// The later rounds.
  package var step: Plan
  /// The output columns.
  package var columns: [PlanColumn]

  /// Creates a node.
  package init(
    id: MaterializationID,
    name: String,
    isAll: Bool,
    anchor: Plan,
    step: Plan,
    columns: [PlanColumn]
  ) {
    self.id = id
    self.name = name
    self.isAll = isAll
    self.anchor = anchor
    self.step = step
    self.columns = columns
  }
}
