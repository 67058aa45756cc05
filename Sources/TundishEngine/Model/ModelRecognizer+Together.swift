internal import TundishColumns
internal import TundishSyntax

// Several tables of one role that are parts of a whole, such as the reports of three advertisers.
extension ModelRecognizer {
  /// The statements that make one table of all candidates; none where rows need more than columns.
  func together(_ candidates: [RoleCandidate], _ role: ModelRole) -> [String] {
    guard [.spend, .visits, .touches, .quotas, .activities].contains(role) else { return [] }
    let order = ColumnHints.attributes(of: role).map(\.attribute)
    let used = order.filter { name in candidates.contains { $0.has(name) } }
    let columns = used.map(\.lowercasedASCII)
    // Where no table says whose it is, its own name does.
    let isNamed = used.contains("SOURCE") || role != .spend
    let parts = candidates.map { candidate in
      let values = zip(used, columns).map { name, column in
        let value = candidate.attribute(name).map { Syntax.format($0.value) } ?? "NULL"
        return "\(value) AS \(column)"
      }
      let own = isNamed ? [] : ["'\(candidate.table.name.replacing("'", with: "''"))' AS source"]
      return "SELECT \((values + own).joined(separator: ", ")) FROM \(quoted(candidate.table.name))"
    }
    let name = "all_\(role.rawValue.lowercasedASCII)"
    let pairs = zip(used, columns).map { "\($0) \($1)" } + (isNamed ? [] : ["SOURCE source"])
    return [
      "Or all of them together:",
      "  CREATE VIEW \(name) AS \(parts.joined(separator: " UNION ALL "));",
      "  ALTER MODEL ADD \(role.rawValue) \(name) (\(pairs.joined(separator: ", ")));",
    ]
  }

  /// Says of which tables the spend is not counted because no column is their date.
  mutating func tellUndatedSpend() throws(StatementFailure) {
    for table in catalog.tables.values.sorted(by: { $0.name < $1.name })
    where !model.roles.contains(where: { foldedEqual($0.table.last, table.name) }) {
      guard mayPlay(table, .spend), WideSheet(table, role: .spend) == nil,
        try candidate(table, .spend) == nil
      else { continue }
      let empty = RoleCandidate(role: .spend, table: table, attributes: [])
      guard let cost = try filled(empty).attribute("AMOUNT") else { continue }
      say(
        "\(table.name) holds spend (\(cost.column.name)), but no column that is surely a date; "
          + "it is not counted"
      )
    }
  }
}
