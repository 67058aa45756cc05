internal import TundishColumns
internal import TundishSyntax

/// Reads a table or file and drops the rows that its condition refuses.
///
/// The columns of the condition are read first and the others only for the rows that pass, where
/// the source can read by position. Zone predicates let the source skip whole row groups.
final class ScanOperator: PhysicalOperator {
  private let plan: ScanPlan
  private let zones: [ZonePredicate]
  /// The columns of which nobody reads the values of rows that pass.
  private let unread: Set<Int>
  let columns: [PlanColumn]

  /// Creates a scan; values are given of `readColumns` only, or of all columns where that is nil.
  init(_ plan: ScanPlan, readColumns: Set<ColumnID>? = nil) {
    self.plan = plan
    unread =
      if let readColumns {
        Set(plan.columns.indices.filter { !readColumns.contains(plan.columns[$0].column.id) })
      } else {
        []
      }
    columns = plan.columns.map(\.column)
    zones = ZonePredicate.all(
      in: plan.predicate,
      positions: Dictionary(
        plan.columns.map { ($0.column.id, $0.position) },
        uniquingKeysWith: { first, _ in first }
      )
    )
  }

  /// Whether rows come from a source.
  func reads(_ source: PartitionedTableSource) -> Bool {
    (plan.source as? PartitionedTableSource) === source
  }

  var name: String { "scan" }
  var children: [any PhysicalOperator] { [] }

  var details: String {
    var parts = [plan.name, "columns: " + columns.map(\.name).joined(separator: ", ")]
    if let predicate = plan.predicate {
      parts.append("where \(predicate.explained(by: columns))")
      if !zones.isEmpty { parts.append("zone checks: \(zones.count)") }
    }
    return parts.joined(separator: "; ")
  }

  var estimatedRowCount: Int? {
    guard let rowCount = plan.source.rowCount else { return nil }
    guard let predicate = plan.predicate else { return rowCount }
    return max(1, Int(Double(rowCount) * Selectivity.guess(predicate)))
  }

  /// The least and the greatest integer of a column, by its place among the scan's columns.
  func integerBounds(at position: Int) -> ClosedRange<Int64>? {
    guard let table = plan.source.stored?.table else { return nil }
    var bounds: ClosedRange<Int64>?
    for group in 0..<table.rowGroupCount {
      let zone = table.zone(rowGroup: group, column: plan.columns[position].position)
      guard let part = zone.integers else { continue }
      let known = bounds ?? part
      bounds =
        min(known.lowerBound, part.lowerBound)...max(known.upperBound, part.upperBound)
    }
    return bounds
  }

  func keyFilterTarget(of column: ColumnID) -> KeyFilterTarget? {
    layout.positionIfPresent(of: column).map { KeyFilterTarget(scan: self, position: $0) }
  }

  func prepare(_ run: QueryRun) throws(RuntimeFailure) -> Pipeline {
    if let file = plan.source as? FileSource {
      // Columns that were not read look empty.
      precondition(file.has(plan.columns.map(\.position)), "files are read before a plan runs")
    }
    let filters = run.keyFilters[ObjectIdentifier(self)] ?? []
    let bounds = filters.flatMap { sent -> [ZonePredicate] in
      let position = plan.columns[sent.position].position
      guard let bounds = sent.filter.bounds else { return [] }
      return [
        ZonePredicate(
          position: position,
          comparison: .greaterOrEqual,
          value: .integer(bounds.lowerBound)
        ),
        ZonePredicate(
          position: position,
          comparison: .lessOrEqual,
          value: .integer(bounds.upperBound)
        ),
      ]
    }
    let source = try ScanSource(
      plan,
      zones: zones + bounds,
      filters: filters,
      unread: unread,
      layout: layout,
      run: run
    )
    return Pipeline(source: source)
  }
}

extension ZonePredicate {
  /// The comparisons with constants that every row which satisfies a condition must satisfy.
  static func all(in condition: BoundExpression?, positions: [ColumnID: Int]) -> [ZonePredicate] {
    guard let condition else { return [] }
    switch condition.kind {
    case .and(let operands):
      return operands.flatMap { all(in: $0, positions: positions) }
    case .comparison(let comparison, let left, let right):
      if case .column(let id) = left.kind, case .literal(let value) = right.kind,
        let position = positions[id]
      {
        return [ZonePredicate(position: position, comparison: comparison, value: value)]
      }
      if case .column(let id) = right.kind, case .literal(let value) = left.kind,
        let position = positions[id]
      {
        return [ZonePredicate(position: position, comparison: comparison.mirrored, value: value)]
      }
      return []
    case .inValues(let operand, let values):
      guard case .column(let id) = operand.kind, let position = positions[id] else { return [] }
      let numbers = values.compactMap { value in value.zoneInteger.map { ($0, value) } }
      guard numbers.count == values.count,
        let low = numbers.min(by: { $0.0 < $1.0 }), let high = numbers.max(by: { $0.0 < $1.0 })
      else { return [] }
      return [
        ZonePredicate(position: position, comparison: .greaterOrEqual, value: low.1),
        ZonePredicate(position: position, comparison: .lessOrEqual, value: high.1),
      ]
    case .literal, .column, .call, .or, .not, .isNull, .cast, .caseWhen, .coalesce, .lambda,
      .subquery:
      return []
    }
  }
}

extension ComparisonOperator {
  /// The comparison with its sides exchanged.
  var mirrored: ComparisonOperator {
    switch self {
    case .equal, .notEqual, .notDistinct, .distinct: self
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }
}

/// Rough shares of rows that conditions keep, where nothing is known.
enum Selectivity {
  /// Returns the guessed share of rows for which a condition is true.
  static func guess(_ condition: BoundExpression) -> Double {
    switch condition.kind {
    case .and(let operands): operands.reduce(1) { $0 * guess($1) }
    case .or(let operands): min(1, operands.reduce(0) { $0 + guess($1) })
    case .comparison(let comparison, _, _):
      switch comparison {
      case .equal, .notDistinct: 0.1
      case .less, .lessOrEqual, .greater, .greaterOrEqual: 0.4
      case .notEqual, .distinct: 0.9
      }
    case .isNull: 0.1
    case .inValues(_, let values): min(0.5, 0.1 * Double(values.count))
    case .not(let operand): 1 - guess(operand)
    case .call: 0.2
    case .literal, .column, .cast, .caseWhen, .coalesce, .lambda, .subquery: 0.5
    }
  }
}
