internal import TundishColumns
internal import TundishSyntax

/// Rows of a table that stand for nothing: records that were deleted but kept, the sums that a report
/// ends with, and blank lines.
struct UncountedRows {
  let recognizer: ModelRecognizer
  let candidate: RoleCandidate

  private var sql: SQLBuilder { recognizer.sql }

  /// Columns that say that a record is deleted, by a flag or by when it was.
  private static let deletions = [
    "isdeleted", "deleted", "fivetrandeleted", "softdeleted", "issoftdeleted", "istrashed",
    "deletedflag", "recorddeleted", "deletedat", "deletedon", "deleteddate", "deletedtime",
    "datedeleted", "sdcdeletedat",
  ]

  /// The conditions that leave such rows out, and how they are told; none where there are no such
  /// rows.
  func conditions() throws(StatementFailure) -> [(condition: Expression, told: String)] {
    var found: [(condition: Expression, told: String)] = []
    for field in candidate.fields where Self.deletions.contains(ColumnHints.plain(field.name)) {
      guard let isDeleted = try deletion(field), try some(isDeleted),
        try some(sql.not(isDeleted))
      else { continue }
      found.append((sql.not(isDeleted), "without deleted rows (\(field.name))"))
    }
    if let isBlank = try blank(), try some(isBlank) {
      found.append((sql.not(isBlank), "without blank rows and sums"))
    }
    return found
  }

  private func deletion(_ field: Field) throws(StatementFailure) -> Expression? {
    if RoleCandidate.isDate(field) { return sql.isNull(sql.name(field.name), not: true) }
    guard let isSet = try recognizer.isSet(field, in: candidate.table) else { return nil }
    return sql.call("coalesce", [isSet, sql.boolean(false)])
  }

  /// A row of deals or leads of which nothing is known: no key, no date, no stage.
  ///
  /// A sum at the end of a sheet has an amount, and the word `Total` where others have a name.
  private func blank() throws(StatementFailure) -> Expression? {
    let names: [String]
    switch candidate.role {
    case .opportunities: names = ["KEY", "CREATED", "CLOSED", "EXPECTED", "STAGE", "LEAD"]
    case .leads: names = ["KEY", "CREATED", "CONVERTED", "OWNER", "SOURCE", "CAMPAIGN"]
    case .history, .visits, .touches, .spend, .quotas, .activities, .customers, .subscriptions,
      .mqls, .sqls, .bookings:
      return nil
    }
    let told = candidate.attributes.filter { names.contains($0.name) }
    guard told.contains(where: { ["STAGE", "CREATED", "CLOSED"].contains($0.name) }) else {
      return nil
    }
    var parts: [Expression] = []
    for attribute in told {
      let column = sql.name(attribute.column.name)
      let isMissing = sql.isNull(column)
      let sums = try totals(in: attribute.column)
      guard !sums.isEmpty else {
        parts.append(isMissing)
        continue
      }
      parts.append(
        sql.grouped(sql.binary(.or, isMissing, sql.any(of: column, sums)))
      )
    }
    return sql.all(parts)
  }

  private func totals(in field: Field) throws(StatementFailure) -> [String] {
    guard field.type.isText, SchemaLookup.mayHaveFewTexts(field.name, in: candidate.table.table)
    else { return [] }
    let place = QualifiedName([sql.identifier(candidate.table.name)])
    return try recognizer.lookup.texts(of: sql.name(field.name), in: place)
      .filter(ReportTotals.isTotal)
  }

  /// Whether some row satisfies a condition.
  private func some(_ condition: Expression) throws(StatementFailure) -> Bool {
    let counted = [candidate.counted.map { sql.grouped($0) }, condition].compactMap { $0 }
    return try recognizer.holds(sql.all(counted) ?? condition, in: candidate.table)
  }
}
