internal import TundishColumns
internal import TundishSyntax

// What is said to lead from one role to another must do so: a column named like a key may hold names.
extension ModelRecognizer {
  /// Takes away LEAD of opportunities and OPPORTUNITY of leads where no row finds its other side.
  mutating func dropUntied() throws(StatementFailure) {
    for (role, attribute, other) in Self.ties {
      guard let source = given.first(where: { $0.role == role }), let target = model.role(other),
        let value = source.value(attribute), let key = target.value("key"),
        !foldedEqual(source.table.last, target.table.last)
      else { continue }
      let (own, wanted) = (Syntax.format(value), Syntax.format(key))
      let query =
        "SELECT count(*) FILTER (WHERE k IN (SELECT CAST(\(wanted) AS VARCHAR) FROM "
        + "\(quoted(target.table.last)))), count(*) FROM "
        + "(SELECT CAST(\(own) AS VARCHAR) AS k FROM \(quoted(source.table.last))) s "
        + "WHERE k IS NOT NULL"
      guard case .query(let parsed)? = Syntax.parse(query).script.statements.first?.kind,
        let row = try lookup.rows(of: parsed).first, row.count == 2,
        case .integer(0) = row[0], case .integer(let filled) = row[1], filled > 0
      else { continue }
      let attributes = source.attributes.filter {
        guard case .value(let name, _, _, _, _) = $0 else { return true }
        return !foldedEqual(name.text, attribute)
      }
      replace(source, by: .role(role, table: source.table, attributes: attributes, sql.range))
      tell(
        "\(source.table.last).\(own) holds no key of \(target.table.last), "
          + "so it does not tie \(role.rawValue.lowercasedASCII) to \(other.rawValue.lowercasedASCII)"
      )
    }
  }

  private static let ties: [(ModelRole, String, ModelRole)] = [
    (.opportunities, "lead", .leads), (.leads, "opportunity", .opportunities),
  ]

  /// Ties deals to leads by the address of the person, where no key does and every lead has an
  /// address of its own.
  mutating func tieByEmail() throws(StatementFailure) {
    guard let leads = given.first(where: { $0.role == .leads }),
      let deals = given.first(where: { $0.role == .opportunities }),
      !foldedEqual(leads.table.last, deals.table.last),
      deals.value("lead") == nil, leads.value("opportunity") == nil,
      model.role(.history, of: .leads) == nil, model.role(.touches) == nil,
      model.role(.activities) == nil,
      let own = email(of: leads), let other = email(of: deals),
      try lookup.isUnique(sql.name(own.name), in: leads.table)
    else { return }
    let (l, d) = (quoted(own.name), quoted(other.name))
    let rows = try lookup.rows(
      ofText: "SELECT count(\(d)) FILTER (WHERE \(d) IN (SELECT \(l) FROM "
        + "\(quoted(leads.table.last)))), (SELECT count(*) - count(\(l)) FROM "
        + "\(quoted(leads.table.last))) FROM \(quoted(deals.table.last))"
    )
    guard let row = rows.first, row.count == 2, case .integer(let matched) = row[0], matched > 0,
      row[1] == .integer(0)
    else { return }
    func value(_ name: String, _ column: String) -> ModelAttribute {
      .value(
        name: Identifier(name, range: sql.range),
        sql.name(column),
        currency: nil,
        maps: [],
        sql.range
      )
    }
    let kept = leads.attributes.filter {
      guard case .value(let name, _, _, _, _) = $0 else { return true }
      return !foldedEqual(name.text, "KEY")
    }
    let keyed = [value("KEY", own.name)] + kept
    replace(leads, by: .role(.leads, table: leads.table, attributes: keyed, sql.range))
    let tied = deals.attributes + [value("LEAD", other.name)]
    replace(deals, by: .role(.opportunities, table: deals.table, attributes: tied, sql.range))
    tell(
      "\(deals.table.last).\(other.name) ties opportunities to leads by \(own.name) "
        + "(\(groupedDigits(Int(matched))) rows find theirs)"
    )
  }

  /// The column of addresses of a role's table.
  private func email(of role: RoleDefinition) -> Field? {
    guard let entry = catalog.tables[foldedText(role.table.last)] else { return nil }
    let names = [
      "email", "emailaddress", "contactemail", "leademail", "primarycontactemail", "customeremail",
      "primaryemail", "personemail", "buyeremail", "workemail",
    ]
    return RoleCandidate.column(names, of: entry).flatMap { $0.type.isText ? $0 : nil }
  }
}
