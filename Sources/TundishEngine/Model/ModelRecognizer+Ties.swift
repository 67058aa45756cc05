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
}
