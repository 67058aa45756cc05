internal import TundishColumns
internal import TundishSyntax

// EXPLAIN of what counts customers at the ends of a period, such as new and churned revenue.
extension MetricExpander {
  /// The rows of a movement, one per customer, and its aggregates over them.
  func movementRows(
    _ group: MetricGroup
  ) throws(StatementFailure) -> (relation: TableReference, values: [Expression]) {
    let compiler = try self.compiler(of: group, scope: try scope(of: group.key), dimensions: [])
    var values: [Expression] = []
    for part in group.parts { values.append(try compiler.aggregate(part)) }
    let relation = TableReference(
      .query(compiler.rows(), isLateral: false),
      alias: sql.identifier("customer_rows"),
      range: range
    )
    return (relation, values)
  }

  /// How many subscriptions were read, which of them say nothing of the period, and of how many
  /// customers the others are.
  func movementLines(_ group: MetricGroup) throws(StatementFailure) -> [FooterItem] {
    let scope = try scope(of: group.key)
    let compiler = try self.compiler(of: group, scope: scope, dimensions: [])
    guard let start = try scope.attribute("start")?.value, let span = compiler.span else {
      return []
    }
    let filter = compiler.filter.map { sql.call("coalesce", [$0, sql.boolean(false)]) }
    func count(_ conditions: [Expression?]) -> Expression {
      sql.call(
        "count",
        [sql.star],
        filter: sql.all(([filter] + conditions).compactMap { $0 })
      )
    }
    let isDated = sql.isNull(start, not: true)
    let hasBegun = sql.less(start, span.end)
    var ended: Expression?
    if let end = try scope.attribute("end")?.value {
      ended = sql.call("coalesce", [sql.less(end, span.start), sql.boolean(false)])
    }
    let lasting = [isDated, hasBegun, ended.map { sql.not($0) }]
    let customer = scope.definition.value("customer") ?? scope.definition.value("key")
    let customers = sql.call(
      "count",
      [customer.map { scope.qualified($0) } ?? sql.star],
      isDistinct: customer != nil,
      filter: sql.all(([filter] + lasting).compactMap { $0 })
    )
    let counts: [(String, Expression)] = [
      ("subscriptions read", sql.call("count", [sql.star])),
      (
        "left out by where",
        filter.map { sql.call("count", [sql.star], filter: sql.not($0)) } ?? sql.integer(0)
      ),
      ("without a start", count([sql.isNull(start)])),
      ("begun after the period", count([isDated, sql.not(hasBegun)])),
      ("ended before the period", ended.map { count([isDated, hasBegun, $0]) } ?? sql.integer(0)),
      ("", count(lasting)), ("", customers),
    ]
    let query = sql.query(
      sql.select(
        counts.enumerated().map { sql.item($0.element.1, as: "count_\($0.offset + 1)") },
        from: scope.from
      )
    )
    let names = counts.map(\.0)
    return [
      .computed(query) { rows in
        guard let row = rows.first, row.count == names.count else { return [] }
        let numbers = row.map(Self.number)
        let dropped = (1..<5).filter { $0 > 1 || numbers[$0] != "0" }.map {
          "    - \(numbers[$0]) \(names[$0])"
        }
        return ["    \(numbers[0]) \(names[0])"] + dropped
          + ["    = \(numbers[5]) subscriptions of \(numbers[6]) customers"]
      }
    ]
  }

  /// What the model does not say of subscriptions, and what is taken instead.
  func subscriptionNotes(_ group: MetricGroup) throws(StatementFailure) -> [String] {
    guard group.key.role == .subscriptions else { return [] }
    let definition = try scope(of: group.key).definition
    var notes: [String] = []
    if definition.value("end") == nil {
      notes.append(
        "SUBSCRIPTIONS has no END: every subscription that began counts as still running"
      )
    }
    if definition.value("interval") == nil, definition.value("amount") != nil {
      notes.append("SUBSCRIPTIONS has no INTERVAL: amounts are taken as those of a month")
    }
    return notes
  }
}
