internal import TundishColumns

/// The columns of a table that is read from JSON, as the shape of the records decides them.
struct JSONColumns {
  /// Whether the members of records are the columns.
  let isObject: Bool
  /// The names in the text.
  let keys: [String]
  /// The names in the table.
  let names: [String]
  let shapes: [JSONShape]
  let readings: [JSONReading]

  init(_ shape: JSONShape, _ options: JSONOptions) {
    isObject = shape.isObject && options.unpacksRecords || !options.columns.isEmpty
    if !options.columns.isEmpty {
      keys = options.columns.map(\.name)
    } else {
      keys = isObject ? shape.names : [options.unpacksRecords ? "value" : "json"]
    }
    shapes = isObject ? keys.map { shape.field(named: $0) ?? JSONShape() } : [shape]
    names = ColumnNames.distinct(keys.enumerated().map { $1.isEmpty ? "column\($0)" : $1 })
    let depth = options.maximumDepth == Int.max ? Int.max : options.maximumDepth - 1
    readings = zip(names, shapes).map { name, shape in
      options.textColumns.contains(foldedKey(name)) ? JSONReading.text : shape.reading(to: depth)
    }
  }

  var schema: Schema {
    Schema(zip(names, readings).map { Field(name: $0, type: $1.type) })
  }
}
