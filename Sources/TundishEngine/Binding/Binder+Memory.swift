internal import TundishColumns

extension Binder {
  /// `tundish_memory()`: the bytes of each column of each table, and of what was computed of it.
  func memoryList() -> Relation {
    var rows: [[Value]] = []
    for entry in environment.catalog.tables.sorted(by: { $0.key < $1.key }).map(\.value) {
      func add(_ part: String, _ column: Int, _ byteCount: Int) {
        rows.append([
          .text(entry.name), .text(part), .text(entry.table.schema.fields[column].name),
          .integer(Int64(byteCount)),
        ])
      }
      for column in entry.table.schema.fields.indices {
        add("column", column, entry.table.memoryBytes(ofColumn: column))
      }
      for column in entry.table.schema.fields.indices {
        if let byteCount = entry.table.memoryBytes(ofIndexByColumn: column) {
          add("index", column, byteCount)
        }
      }
    }
    return information(
      "tundish_memory",
      [
        ("table_name", .varchar), ("part", .varchar), ("column_name", .varchar), ("bytes", .bigint),
      ],
      rows
    )
  }
}
