internal import TundishColumns
internal import TundishSyntax

// Two keys with one name are two rows, which look alike.
extension MetricExpander {
  /// For each dimension that shows names for keys: a line about the names that several keys have.
  func sharedNames(
    _ group: MetricGroup
  ) throws(StatementFailure) -> [(name: String, line: FooterItem)] {
    let keyed = dimensions.filter(\.isKeyed)
    guard !keyed.isEmpty, !group.key.isMovement else { return [] }
    let scope = try scope(of: group.key)
    let compiler = try self.compiler(of: group, scope: scope, dimensions: keyed)
    var aggregates: [(part: MetricPart, value: Expression)] = []
    for part in group.parts { aggregates.append((part, try compiler.aggregate(part))) }
    let counted = compiler.existence(aggregates)
    let rows = TableReference(
      .query(compiler.rows(), isLateral: false),
      alias: sql.identifier("rows_read"),
      range: range
    )
    return keyed.map { dimension in
      let keys = sql.call("count", [sql.name(dimension.keyName)], isDistinct: true)
      var select = sql.select(
        [sql.item(sql.name(dimension.name), as: "name"), sql.item(keys, as: "keys")],
        from: rows,
        where: counted,
        groupBy: .elements([.expressions([sql.integer(1)])])
      )
      select.having = sql.binary(.greater, keys, sql.integer(1))
      let query = sql.query(select, orderBy: [OrderItem(expression: sql.integer(1))])
      return (
        dimension.name,
        .computed(query) { rows in
          rows.compactMap { row in
            guard row.count == 2, case .text(let name) = row[0], case .integer(let count) = row[1]
            else { return nil }
            return
              "\(groupedDigits(Int(count))) of \(dimension.name) are named '\(name)', a row each; \(dimension.name).key tells them apart"
          }
        }
      )
    }
  }
}
