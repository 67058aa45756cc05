internal import TundishColumns
internal import TundishSyntax

// What the values of a column let it be.
extension ModelRecognizer {
  /// The column as an attribute; nil where its type or its texts do not allow that.
  func value(
    of field: Field,
    as attribute: String,
    in table: TableEntry
  ) throws(StatementFailure) -> Expression? {
    let column = sql.name(field.name)
    let isDate = RoleCandidate.isDate(field)
    switch attribute {
    case _ where RoleCandidate.dates.contains(attribute):
      return isDate ? column : try TextDates(recognizer: self).date(field, as: attribute, in: table)
    case "CONVERTED", "ACCEPTED":
      if isDate { return column }
      if let isSet = try isSet(field, in: table) { return isSet }
      return try TextDates(recognizer: self).date(field, as: attribute, in: table)
    case "AMOUNT":
      if field.type.isNumeric {
        if let scale = MinorUnits.scale(field.name) {
          return sql.binary(.multiply, column, sql.integer(scale))
        }
        guard let factor = MinorUnits.split(field.name)?.factor else { return column }
        return sql.binary(.multiply, column, sql.expression(.literal(.decimal(factor))))
      }
      if isEmpty(field, of: table) { return sql.cast(column, "DOUBLE") }
      return try TextAmounts(lookup: lookup).amount(field, in: table)
    case "PROBABILITY": return try chance(field, in: table)
    case _ where field.type.isText || field.type.isNumeric: return column
    default:
      // `Owner: {Id, Name}`, as an API nests what a key points to: the name.
      guard case .structure(let members) = field.type else { return nil }
      let wanted = [attribute, "name"].lazy.compactMap { word in
        members.first { foldedEqual($0.name, word) && $0.type.isText }
      }
      guard let name = wanted.first else { return nil }
      return expression("\(quoted(field.name))[\(Syntax.format(sql.text(name.name)))]")
    }
  }

  /// The condition that a column of yes and no says yes; nil where it holds something else.
  func isSet(_ field: Field, in table: TableEntry) throws(StatementFailure) -> Expression? {
    let column = sql.name(field.name)
    if field.type == .boolean { return column }
    guard field.type.isInteger || field.type.isText,
      SchemaLookup.mayHaveFewTexts(field.name, in: table.table)
    else { return nil }
    let place = QualifiedName([sql.identifier(table.name)])
    let words = try Set(lookup.texts(of: column, in: place).map(ColumnHints.label))
    let (yes, no) = (ColumnHints.yesWords, ColumnHints.noWords)
    guard !words.isEmpty, words.isSubset(of: yes + no) else { return nil }
    if field.type.isInteger { return sql.equal(column, sql.integer(1)) }
    return sql.any(of: sql.call("lower", [column]), yes)
  }

  /// The chances of winning in a column, as fractions; nil where it holds something else.
  private func chance(
    _ field: Field,
    in table: TableEntry
  ) throws(StatementFailure) -> Expression? {
    guard field.type.isNumeric else { return nil }
    let column = quoted(field.name)
    let rows = try lookup.rows(
      ofText: "SELECT min(\(column)) >= 0, max(\(column)) <= 1, max(\(column)) <= 100 "
        + "FROM \(quoted(table.name))"
    )
    guard let row = rows.first, row.count == 3, row[0] == .boolean(true), row[2] == .boolean(true)
    else { return nil }
    return row[1] == .boolean(true) ? sql.name(field.name) : expression("\(column) * 0.01")
  }

  /// Whether a column of text has no value at all.
  func isEmpty(_ field: Field, of table: TableEntry) -> Bool {
    guard field.type.isText, table.table.rowCount > 0,
      let position = table.table.schema.fields.firstIndex(where: { $0.name == field.name })
    else { return false }
    return table.table.statistics(ofColumn: position).nullCount == table.table.rowCount
  }
}
