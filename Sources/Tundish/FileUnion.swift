import TundishColumns
import TundishEngine

/// Puts the rows of several files under one another, column by name.
struct FileUnion {
  private let addsFileName: Bool
  /// The name of the column with the paths.
  private let fileNameColumn: String
  /// The columns that folders such as `year=2026` make.
  private let partitions: PartitionColumns

  init(_ options: FileOptions, paths: [String]) throws(SourceError) {
    partitions =
      Self.readsPartitions(options)
      ? try PartitionColumns(
        paths,
        readsTypes: options.values["hive_types_autocast"].map(Self.isTrue) ?? true
      ) : PartitionColumns()
    addsFileName = Self.addsFileName(options)
    fileNameColumn =
      if case .text(let name) = options.values["filename"], !Self.isTruth(name) { name } else {
        "filename"
      }
  }

  /// Whether the options ask for columns from the names of folders.
  static func readsPartitions(_ options: FileOptions) -> Bool {
    options.values["hive_partitioning"].map(isTrue) ?? false
  }

  /// Whether a column comes from the names of folders, whatever the files say.
  func isPartition(_ name: String) -> Bool { partitions.position(of: name) != nil }

  /// Whether the options ask for one table of all files.
  static func isWanted(_ options: FileOptions) -> Bool {
    options.values["union_by_name"].map(isTrue) ?? false || addsFileName(options)
      || readsPartitions(options)
  }

  /// Whether the options ask for a column of paths, called `filename` or as the option says.
  static func addsFileName(_ options: FileOptions) -> Bool {
    guard let value = options.values["filename"] else { return false }
    if case .text(let name) = value, !isTruth(name) { return !name.isEmpty }
    return isTrue(value)
  }

  /// Whether a text says yes or no.
  private static func isTruth(_ text: String) -> Bool {
    ["true", "1", "on", "yes", "false", "0", "off", "no"].contains(foldedKey(text))
  }

  private static func isTrue(_ value: Value) -> Bool {
    switch value {
    case .boolean(let flag): flag
    case .integer(let number): number != 0
    case .text(let text): ["true", "1", "on", "yes"].contains(foldedKey(text))
    case .null, .hugeint, .decimal, .double, .blob, .date, .time, .timestamp, .timestampTZ,
      .interval, .list, .structure, .map:
      false
    }
  }

  /// Returns one table with the rows of all.
  ///
  /// It has the columns of all files; those not named in `names` hold nothing.
  func table(
    of tables: [FileTable],
    paths: [String],
    names: [String]
  ) throws(SourceError) -> StoredTable {
    let schema = schema(of: tables.map(\.table.schema))
    let byName = schema.positionsByName
    let positions = names.compactMap { byName[foldedKey($0)] }
    let fields = positions.map { schema.fields[$0] }
    let namePosition = addsFileName ? schema.fields.count - 1 : nil
    let context = FunctionContext(nowMicroseconds: 0)
    var batches: [Batch] = []
    do {
      for (table, path) in zip(tables.map(\.table), paths) {
        let own = table.schema.positionsByName
        for batch in table.batches() {
          var columns: [Column] = []
          for (position, field) in zip(positions, fields) {
            if position == namePosition {
              columns.append(Self.repeated(path, count: batch.rowCount))
            } else if let value = partitions.value(of: field.name, in: path) {
              columns.append(
                .values([Value](repeating: value, count: batch.rowCount), type: field.type)
              )
            } else if let position = own[foldedKey(field.name)] {
              columns.append(
                try Cast.convert(batch.columns[position], to: field.type, context: context)
              )
            } else {
              columns.append(.nulls(type: field.type, count: batch.rowCount))
            }
          }
          batches.append(Batch(columns: columns, rowCount: batch.rowCount))
        }
      }
      return try StoredTable(schema: Schema(fields), batches: batches)
        .spread(over: schema, at: positions)
    } catch {
      let names = paths.map(DataFiles.fileName).joined(separator: ", ")
      throw SourceError(
        code: "F006",
        message: "the files \(names) do not fit together: \(error.message)"
      )
    }
  }

  private static func repeated(_ text: String, count: Int) -> Column {
    let builder = AnyColumnBuilder(type: .varchar)
    for _ in 0..<count { builder.append(.text(text)) }
    return builder.finish()
  }

  /// Per file, the columns that are text for all files together and something else in this one.
  ///
  /// Read as text, they keep what is written: `2.50` and not the `2.5` that another file has.
  func textColumns(of schemas: [Schema]) -> [[String]] {
    let all = schema(of: schemas)
    let byName = all.positionsByName
    return schemas.map { schema in
      schema.fields.filter { field in
        guard let position = byName[foldedKey(field.name)] else { return false }
        return all.fields[position].type == .varchar && field.type != .varchar
      }.map(\.name)
    }
  }

  /// The columns of all files by name, each of a type that holds all its values.
  func schema(of schemas: [Schema]) -> Schema {
    var fields: [Field] = []
    var positions: [String: Int] = [:]
    for field in schemas.flatMap(\.fields) {
      guard let position = positions[foldedKey(field.name)] else {
        positions[foldedKey(field.name)] = fields.count
        fields.append(field)
        continue
      }
      let known = fields[position]
      fields[position] = Field(
        name: known.name,
        type: TypeCoercion.commonType(known.type, field.type) ?? .varchar,
        unit: known.unit == field.unit ? field.unit : .none
      )
    }
    for (name, type) in partitions.columns {
      if let position = positions[foldedKey(name)] {
        fields[position] = Field(name: fields[position].name, type: type)
      } else {
        positions[foldedKey(name)] = fields.count
        fields.append(Field(name: name, type: type))
      }
    }
    if addsFileName {
      let isTaken = positions[foldedKey(fileNameColumn)] != nil
      fields.append(Field(name: fileNameColumn + (isTaken ? "_1" : ""), type: .varchar))
    }
    return Schema(fields)
  }
}
