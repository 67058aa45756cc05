internal import TundishColumns

/// Gives columns the types that the user names, by the rules of CAST.
enum JSONColumnTypes {
  /// Returns a table with the types of COLUMNS.
  ///
  /// - Throws: `FormatError` at the first column with a value that its type does not hold; where
  ///   errors are passed over, such a value is NULL.
  static func converted(
    _ table: StoredTable,
    _ options: JSONOptions
  ) throws(FormatError) -> StoredTable {
    let fields = options.columns
    guard zip(table.schema.fields, fields).contains(where: { $0.type != $1.type }) else {
      return table
    }
    let isTry = options.errorPolicy == .skip || options.errorPolicy == .null
    let context = FunctionContext(nowMicroseconds: 0)
    var batches: [Batch] = []
    for batch in table.batches() {
      var columns: [Column] = []
      for (column, field) in zip(batch.columns, fields) {
        do {
          columns.append(
            try Cast.convert(column, to: field.type, isTry: isTry, context: context)
          )
        } catch {
          throw .columnDoesNotFit(field.name, type: "\(field.type)", reason: error.message)
        }
      }
      batches.append(Batch(columns: columns, rowCount: batch.rowCount))
    }
    do {
      let named = zip(table.schema.fields, fields).map { Field(name: $0.name, type: $1.type) }
      return try StoredTable(schema: Schema(named), batches: batches)
    } catch {
      throw .tooMuch(error.message)
    }
  }
}
