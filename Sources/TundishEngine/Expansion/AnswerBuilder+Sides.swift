internal import TundishColumns
internal import TundishSyntax

// What metrics of different roles have in common: the values that only one side knows are counted.
extension AnswerBuilder {
  /// A line for each role that has values of the dimensions which no other role has; nil where all
  /// metrics read one role, or nothing is cut.
  func oneSided() -> FooterItem? {
    var roles: [ModelRole] = []
    for scan in scans where !roles.contains(scan.role) { roles.append(scan.role) }
    guard roles.count > 1, !dimensions.isEmpty else { return nil }
    let items = roles.map { role -> SelectItem in
      let own = values(of: scans.filter { $0.role == role }.map(\.name))
      let others = values(of: scans.filter { $0.role != role }.map(\.name))
      let count = sql.query(
        sql.select(
          [sql.item(sql.call("count", [sql.star]), as: "only_here")],
          from: TableReference(
            .query(
              sql.query(.setOperation(.except, isAll: false, byName: false, own, others)),
              isLateral: false
            ),
            alias: sql.identifier("one_sided"),
            range: sql.range
          )
        )
      )
      return sql.item(sql.expression(.scalarQuery(count)), as: role.rawValue.lowercasedASCII)
    }
    let names = dimensions.map(\.name).joined(separator: ", ")
    let nouns = roles.map { $0.rawValue.lowercasedASCII }
    return .computed(
      sql.query(sql.select(items, from: nil), with: statement.commons)
    ) { rows in
      guard let row = rows.first else { return [] }
      return zip(nouns, row).compactMap { noun, value in
        guard case .integer(let count) = value, count > 0 else { return nil }
        return
          "\(groupedDigits(Int(count))) \(count == 1 ? "value" : "values") of \(names) only in \(noun)"
      }
    }
  }

  /// The values of the dimensions in some scans.
  private func values(of scans: [String]) -> Query {
    let queries = scans.map { name in
      sql.query(
        sql.select(
          dimensions.map { sql.item(sql.name($0.name), as: $0.name) },
          from: sql.table(name),
          where: hasLevels ? sql.equal(sql.name("level"), sql.integer(0)) : nil
        )
      )
    }
    return queries.dropFirst().reduce(queries[0]) { union($0, $1, isAll: true) }
  }
}
