internal import TundishColumns
internal import TundishSyntax

/// What says that a stage with a name of its own is open, where every deal has a closing date.
///
/// Some CRMs ask for a closing date from the first day on, so that the date does not tell. Then a
/// stage is open if the CRM gives all of its deals a chance that is neither nothing nor certainty,
/// or if most of its deals close later than anything in the table happened: those dates are plans.
struct OpenStageEvidence {
  let recognizer: ModelRecognizer
  let candidate: RoleCandidate

  private var sql: SQLBuilder { recognizer.sql }

  /// The labels of unknown kind that are open.
  func openLabels(
    among known: [(label: String, kind: StageKind?)]
  ) throws(StatementFailure) -> Set<String> {
    guard let stage = candidate.attribute("STAGE")?.value else { return [] }
    let label = Syntax.format(sql.cast(stage, "VARCHAR"))
    let table = recognizer.quoted(candidate.table.name)
    var found: Set<String> = []
    if let chance = chance {
      let column = recognizer.quoted(chance.name)
      found.formUnion(
        try texts(
          "SELECT \(label) FROM \(table) GROUP BY 1 HAVING count(\(column)) = count(*) "
            + "AND min(\(column)) > 0 AND max(\(column)) < (SELECT max(\(column)) FROM \(table)) "
            + "AND (SELECT max(\(column)) FROM \(table)) IN (1, 100)"
        )
      )
    }
    let ended = known.filter { $0.kind == .won || $0.kind == .lost }.map {
      Syntax.format(sql.text($0.label))
    }
    if let closed = candidate.attribute("CLOSED")?.value,
      let created = candidate.attribute("CREATED")?.value, !ended.isEmpty
    {
      let (close, create) = (Syntax.format(closed), Syntax.format(created))
      let newest =
        "(SELECT greatest(max(CAST(\(create) AS DATE)), max(CAST(\(close) AS DATE)) FILTER "
        + "(WHERE \(label) IN (\(ended.joined(separator: ", "))))) FROM \(table))"
      found.formUnion(
        try texts(
          "SELECT \(label) FROM \(table) GROUP BY 1 HAVING "
            + "count(*) FILTER (WHERE CAST(\(close) AS DATE) > \(newest)) * 2 >= count(*)"
        )
      )
    }
    return found
  }

  /// The column of chances; it holds certainty for some deal, so that less than that is a doubt.
  private var chance: Field? {
    let names = ["probability", "winprobability", "closeprobability", "confidence", "chance"]
    return candidate.column(names).flatMap { $0.type.isNumeric ? $0 : nil }
  }

  private func texts(_ query: String) throws(StatementFailure) -> Set<String> {
    guard case .query(let parsed)? = Syntax.parse(query).script.statements.first?.kind else {
      return []
    }
    return try Set(
      recognizer.lookup.rows(of: parsed).compactMap {
        if case .text(let text)? = $0.first { text } else { nil }
      }
    )
  }
}
