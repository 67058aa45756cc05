internal import TundishColumns
internal import TundishSyntax

/// A table that has its header again among its rows, once for each group of a board, or only there,
/// below a line of titles that span several columns.
///
/// Every column of such a table is text. What is left without headers, titles of groups and sums at
/// their ends gets its types here.
struct LateHeader {
  let entry: TableEntry
  /// The names of the columns, in order.
  private let names: [String]
  /// Whether the names stand in the first row, below titles.
  private let isSecondLine: Bool
  /// Whether groups begin with a header each, so that there may be titles and sums between them.
  private let isGrouped: Bool
  /// How each column is read; nil where it stays as it is.
  private let types: [String?]
  private let sql = SQLBuilder()

  private static let most = 200_000

  /// Looks for the header; nil where the table has it above its rows and nowhere else.
  init?(entry: TableEntry, lookup: SchemaLookup) throws(StatementFailure) {
    let fields = entry.table.schema.fields
    guard fields.count >= 3, entry.table.rowCount >= 2, entry.table.rowCount <= Self.most,
      fields.filter(\.type.isText).count * 3 >= fields.count * 2
    else { return nil }
    let (sql, casts) = (SQLBuilder(), Self.casts)
    self.entry = entry
    let second = try Self.secondLine(of: entry, lookup, sql)
    names = second ?? fields.map(\.name)
    isSecondLine = second != nil
    let headers = try lookup.rows(
      ofText: "SELECT count(*) FROM \(Syntax.format(sql.name(entry.name))) WHERE "
        + Self.isHeader(entry, names, sql)
    )
    guard case .integer(let headerCount)? = headers.first?.first, headerCount > 0 else {
      return nil
    }
    isGrouped = second == nil || headerCount > 1
    let rows = Self.rows(of: entry, names, isGrouped: isGrouped, sql)
    let counts = fields.filter(\.type.isText).map { field in
      let name = Syntax.format(sql.name(field.name))
      return (["#"] + casts).map { "count(\($0.replacing("#", with: name)))" }
        .joined(separator: ", ")
    }
    guard
      let row = try lookup.rows(
        ofText: "SELECT \(counts.joined(separator: ", ")) FROM \(rows) d"
      ).first
    else { return nil }
    var found: [String?] = []
    var position = 0
    for field in fields {
      guard field.type.isText else {
        found.append(nil)
        continue
      }
      let all = row[position]
      let parsed = row[(position + 1)...(position + casts.count)]
      found.append(
        all == .integer(0) ? nil : zip(casts, parsed).first { $0.1 == all }?.0
      )
      position += casts.count + 1
    }
    types = found
  }

  /// How a text is read as a number or a moment, with `#` for the text.
  private static let casts = [
    "TRY_CAST(# AS BIGINT)", "TRY_CAST(# AS DECIMAL(18, 2))", "TRY_CAST(# AS DATE)",
    "TRY_CAST(# AS TIMESTAMP)", "try_strptime(#, '%b %d, %Y %I:%M %p')",
  ]

  /// The names in the first row, where the line above it names too few columns.
  private static func secondLine(
    of entry: TableEntry,
    _ lookup: SchemaLookup,
    _ sql: SQLBuilder
  ) throws(StatementFailure) -> [String]? {
    let fields = entry.table.schema.fields
    let unnamed = fields.filter { field in
      field.name.hasPrefix("column") && field.name.dropFirst(6).allSatisfy(\.isNumber)
    }
    guard unnamed.count >= 2, unnamed.count < fields.count, fields.allSatisfy(\.type.isText),
      let row = try lookup.rows(
        ofText: "SELECT * FROM \(Syntax.format(sql.name(entry.name))) LIMIT 1"
      ).first
    else { return nil }
    let names = row.compactMap { value in
      if case .text(let text) = value, text.contains(where: \.isLetter) { text } else { nil }
    }
    guard names.count == fields.count, Set(names.map(foldedText)).count == names.count else {
      return nil
    }
    return names
  }

  /// The condition that a row holds the names of its columns.
  private static func isHeader(
    _ entry: TableEntry,
    _ names: [String],
    _ sql: SQLBuilder
  ) -> String {
    zip(entry.table.schema.fields, names).filter(\.0.type.isText).map { field, name in
      "\(Syntax.format(sql.name(field.name))) = \(Syntax.format(sql.text(name)))"
    }.joined(separator: " AND ")
  }

  /// The rows that are data.
  private static func rows(
    of entry: TableEntry,
    _ names: [String],
    isGrouped: Bool,
    _ sql: SQLBuilder
  ) -> String {
    let table = Syntax.format(sql.name(entry.name))
    let columns = entry.table.schema.fields.map { Syntax.format(sql.name($0.name)) }
    let others = columns.dropFirst().map { "\($0) IS NULL" }.joined(separator: " AND ")
    // A title stands alone in the first column, and a sum has no name there.
    let isRow = isGrouped ? "\(columns[0]) IS NOT NULL AND NOT (\(others)) AND " : ""
    return
      "(SELECT * FROM \(table) WHERE \(isRow)NOT coalesce(\(isHeader(entry, names, sql)), false))"
  }

  /// The rows that are data, under the names that the header gives, each column of its own type.
  func shape() -> ReshapedTables.Shape {
    func quoted(_ name: String) -> String { Syntax.format(sql.name(name)) }
    let columns = zip(zip(entry.table.schema.fields, names), types).map { column, type in
      let value = quoted(column.0.name)
      return "\(type.map { $0.replacing("#", with: value) } ?? value) AS \(quoted(column.1))"
    }
    let view = entry.name + "_rows"
    return ReshapedTables.Shape(
      text: "CREATE VIEW \(quoted(view)) AS SELECT \(columns.joined(separator: ", ")) FROM "
        + "\(Self.rows(of: entry, names, isGrouped: isGrouped, sql)) d",
      told: "\(view), a view of \(entry.name), "
        + [
          isSecondLine ? "takes the names of its columns from the second line" : nil,
          isGrouped ? "leaves out the headers, titles and sums of its groups" : nil,
        ].compactMap { $0 }.joined(separator: " and "),
      hides: true
    )
  }
}
