internal import TundishColumns

/// A row or value of a file that could not be read and was set aside.
package struct FileReject: Sendable {
  /// The file as the statement names it.
  package let file: String
  /// The line on which the row begins, counted from 1.
  package let line: Int
  /// The column; nil where the row as a whole does not fit.
  package let column: String?
  /// The row or value as it stands in the file, shortened.
  package let text: String
  /// Why it does not fit.
  package let reason: String

  /// Creates a reject.
  package init(file: String, line: Int, column: String?, text: String, reason: String) {
    self.file = file
    self.line = line
    self.column = column
    self.text = text
    self.reason = reason
  }
}

extension EngineSession {
  /// Keeps what was set aside in the table `rejects`, in the place of what the same files had there.
  ///
  /// A table of that name with other columns is the user's and stays as it is.
  package mutating func keep(_ rejects: [FileReject]) {
    guard !rejects.isEmpty else { return }
    let known = catalog.tables[RejectsTable.name]
    guard known.map({ $0.table.schema == RejectsTable.schema }) ?? true else { return }
    guard let table = RejectsTable.table(of: rejects, behind: known?.table) else { return }
    catalog.tables[RejectsTable.name] = TableEntry(name: RejectsTable.name, table: table)
  }
}

/// The table `rejects`.
private enum RejectsTable {
  static let name = "rejects"
  static let schema = Schema([
    Field(name: "file", type: .varchar), Field(name: "line", type: .bigint),
    Field(name: "column", type: .varchar), Field(name: "text", type: .varchar),
    Field(name: "reason", type: .varchar),
  ])

  /// Returns the rejects of other files that a table holds, and the new ones behind them.
  static func table(of rejects: [FileReject], behind known: StoredTable?) -> StoredTable? {
    let files = Set(rejects.map(\.file))
    let builders = schema.fields.map { AnyColumnBuilder(type: $0.type) }
    var rowCount = 0
    func append(_ row: [Value]) {
      for (builder, value) in zip(builders, row) { builder.append(value) }
      rowCount += 1
    }
    for batch in known?.batches() ?? [] {
      for row in 0..<batch.rowCount {
        let values = batch.row(at: row)
        if case .text(let file)? = values.first, files.contains(file) { continue }
        append(values)
      }
    }
    for reject in rejects {
      append([
        .text(reject.file), .integer(Int64(reject.line)), reject.column.map { .text($0) } ?? .null,
        .text(reject.text), .text(reject.reason),
      ])
    }
    let batch = Batch(columns: builders.map { $0.finish() }, rowCount: rowCount)
    return try? StoredTable(schema: schema, batches: [batch])
  }
}
