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
  /// Whether the header is the first row and nowhere else.
  private let isFirstRow: Bool
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
    if let second = try Self.secondLine(of: entry, lookup, sql) {
      names = second
      isFirstRow = true
    } else {
      guard try Self.repeatsHeader(entry, lookup, sql) else { return nil }
      names = fields.map(\.name)
      isFirstRow = false
    }
    let rows = Self.rows(of: entry, isFirstRow: isFirstRow, sql)
    let counts = fields.filter(\.type.isText).map { field in
      let name = Syntax.format(sql.name(field.name))
      return (["VARCHAR"] + casts).map { "count(TRY_CAST(\(name) AS \($0)))" }
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

  private static let casts = ["BIGINT", "DECIMAL(18, 2)", "DATE", "TIMESTAMP"]

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

  private static func repeatsHeader(
    _ entry: TableEntry,
    _ lookup: SchemaLookup,
    _ sql: SQLBuilder
  ) throws(StatementFailure) -> Bool {
    let table = Syntax.format(sql.name(entry.name))
    let text = "SELECT 1 FROM \(table) WHERE \(isHeader(entry, sql)) LIMIT 1"
    return try !lookup.rows(ofText: text).isEmpty
  }

  /// The condition that a row holds the names of its columns.
  private static func isHeader(_ entry: TableEntry, _ sql: SQLBuilder) -> String {
    entry.table.schema.fields.filter(\.type.isText).map { field in
      "\(Syntax.format(sql.name(field.name))) = \(Syntax.format(sql.text(field.name)))"
    }.joined(separator: " AND ")
  }

  /// The rows that are data.
  private static func rows(
    of entry: TableEntry,
    isFirstRow: Bool,
    _ sql: SQLBuilder
  ) -> String {
    let table = Syntax.format(sql.name(entry.name))
    if isFirstRow {
      return "(SELECT * EXCLUDE (row_in_file) FROM (SELECT *, row_number() OVER () AS row_in_file "
        + "FROM \(table)) numbered WHERE row_in_file > 1)"
    }
    let names = entry.table.schema.fields.map { Syntax.format(sql.name($0.name)) }
    let others = names.dropFirst().map { "\($0) IS NULL" }.joined(separator: " AND ")
    // A title stands alone in the first column, and a sum has no name there.
    return "(SELECT * FROM \(table) WHERE \(names[0]) IS NOT NULL AND NOT (\(others)) AND NOT "
      + "coalesce(\(isHeader(entry, sql)), false))"
  }

  /// The rows that are data, under the names that the header gives, each column of its own type.
  func shape() -> ReshapedTables.Shape {
    func quoted(_ name: String) -> String { Syntax.format(sql.name(name)) }
    let columns = zip(zip(entry.table.schema.fields, names), types).map { column, type in
      let value = quoted(column.0.name)
      return "\(type.map { "CAST(\(value) AS \($0))" } ?? value) AS \(quoted(column.1))"
    }
    let view = entry.name + "_rows"
    return ReshapedTables.Shape(
      text: "CREATE VIEW \(quoted(view)) AS SELECT \(columns.joined(separator: ", ")) FROM "
        + "\(Self.rows(of: entry, isFirstRow: isFirstRow, sql)) d",
      told: isFirstRow
        ? "\(view), a view of \(entry.name), takes the names of its columns from the second line"
        : "\(view), a view of \(entry.name), leaves out the headers, titles and sums of its groups",
      hides: true
    )
  }
}
