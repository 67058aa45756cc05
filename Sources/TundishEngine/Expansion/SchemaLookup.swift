internal import TundishColumns
internal import TundishSyntax

/// Answers questions about tables and views, each asked once per statement.
final class SchemaLookup {
  let catalog: Catalog
  let runner: any QueryRunner
  private var columnsByTable: [String: [Field]] = [:]
  private var answers: [Query: [[Value]]] = [:]

  init(catalog: Catalog, runner: any QueryRunner) {
    self.catalog = catalog
    self.runner = runner
  }

  /// The columns of a table or view; nil where there is none of that name.
  func columns(of table: QualifiedName) throws(StatementFailure) -> [Field]? {
    let key = foldedText(table.last)
    if let known = columnsByTable[key] { return known }
    if let entry = catalog.tables[key] {
      columnsByTable[key] = entry.table.schema.fields
      return entry.table.schema.fields
    }
    guard catalog.views[key] != nil else { return nil }
    let sql = SQLBuilder()
    let query = sql.query(
      sql.select([sql.item(sql.star)], from: sql.table(table)),
      limit: 0
    )
    let fields = try runner.rows(of: query).schema.fields
    columnsByTable[key] = fields
    return fields
  }

  /// The column of a table, with its spelling and type.
  func column(_ name: String, of table: QualifiedName) throws(StatementFailure) -> Field? {
    try columns(of: table)?.first { foldedEqual($0.name, name) }
  }

  /// The type of an expression over the columns of one table.
  func type(
    of expression: Expression,
    in table: QualifiedName
  ) throws(StatementFailure) -> DataType? {
    if case .name(let parts) = expression.unparenthesized.kind, let last = parts.last {
      return try column(last.text, of: table)?.type
    }
    let sql = SQLBuilder()
    let query = sql.query(
      sql.select([sql.item(expression)], from: sql.table(table)),
      limit: 0
    )
    return try runner.rows(of: query).schema.fields.first?.type
  }

  /// The rows of a query; asked once.
  func rows(of query: Query) throws(StatementFailure) -> [[Value]] {
    if let known = answers[query] { return known }
    let rows = try runner.rows(of: query).rows
    answers[query] = rows
    return rows
  }

  /// The rows of a query that is written as text; the text is ours.
  func rows(ofText text: String) throws(StatementFailure) -> [[Value]] {
    guard case .query(let query)? = Syntax.parse(text).script.statements.first?.kind else {
      return []
    }
    return try rows(of: query)
  }

  /// Whether no two rows of a table have the same non-NULL value.
  func isUnique(
    _ expression: Expression,
    in table: QualifiedName
  ) throws(StatementFailure) -> Bool {
    let sql = SQLBuilder()
    let value = expression.moved(to: sql.range)
    let query = sql.query(
      sql.select(
        [
          sql.item(sql.call("count", [value])),
          sql.item(sql.call("count", [value], isDistinct: true)),
        ],
        from: sql.table(table)
      )
    )
    guard let row = try rows(of: query).first, row.count == 2 else { return false }
    return row[0] == row[1]
  }

  /// Whether a column may hold few distinct texts, as columns of stages and states do.
  ///
  /// Known without looking at a row: text with many distinct values is stored as it stands, and other
  /// text has a dictionary.
  static func mayHaveFewTexts(_ name: String, in table: StoredTable) -> Bool {
    guard table.rowCount > fewTextsLimit,
      let position = table.schema.fields.firstIndex(where: { $0.name == name }),
      table.schema.fields[position].type.isText
    else { return true }
    return table.dictionary(ofColumn: position).map { $0.count <= fewTextsLimit } ?? false
  }

  private static let fewTextsLimit = 10_000

  /// The distinct texts of an expression, in order.
  func texts(
    of expression: Expression,
    in table: QualifiedName
  ) throws(StatementFailure) -> [String] {
    let sql = SQLBuilder()
    let value = sql.cast(expression.moved(to: sql.range), "VARCHAR")
    let query = sql.query(
      sql.select([sql.item(value, as: "label")], from: sql.table(table), distinct: true),
      orderBy: [OrderItem(expression: sql.integer(1))]
    )
    return try rows(of: query).compactMap { row in
      if case .text(let text)? = row.first { text } else { nil }
    }
  }
}

extension OrderItem {
  init(expression: Expression) {
    self.init(expression: expression, isDescending: nil, nullsFirst: nil)
  }
}
