import Glibc
import TundishColumns
import TundishEngine
import TundishFormats
import TundishSyntax

/// Opens the files that statements name: the engine's door to the disk.
struct FileSources: SourceResolver {
  func open(path: String, options: FileOptions) throws(SourceError) -> any TableSource {
    let paths = try DataFiles.paths(path)
    var tables: [StoredTable] = []
    for path in paths { tables.append(try read(path, options).table) }
    guard let first = tables.first else { throw DataFiles.missing(path) }
    guard tables.count > 1 else { return StoredTableSource(first) }
    return StoredTableSource(try union(tables, paths: paths))
  }

  func load(path: String, options: FileOptions) throws(SourceError) -> LoadReport {
    let isFolder = Folder.isFolder(path)
    let paths = try DataFiles.paths(path)
    var notes: [String] = []
    var loaded: [LoadedTable] = []
    var rejects: [(row: RejectedRow, path: String)] = []
    var twins: [String: [UInt8]] = [:]
    for path in paths {
      // In a folder, one bad file must not hide the others' names.
      guard DataFiles.isData(path) || !isFolder else {
        notes.append("passed over \(DataFiles.fileName(path)): not a data file")
        continue
      }
      var name = DataFiles.tableName(path)
      if let twin = twins[foldedKey(name)] {
        guard FileBytes.read(path, limit: DataFiles.twinLimit) != twin else {
          notes.append("passed over \(DataFiles.fileName(path)): the same bytes as \(name)")
          continue
        }
        name += "_" + DataFiles.fileExtension(path)
        notes.append(
          "\(DataFiles.fileName(path)) becomes \(name): \(DataFiles.tableName(path)) is taken"
        )
      }
      if paths.count > 1 {
        twins[foldedKey(name)] = FileBytes.read(path, limit: DataFiles.twinLimit) ?? []
      }
      let contents = try read(path, options)
      loaded.append(LoadedTable(name: name, table: contents.table, notes: contents.notes))
      rejects += contents.rejects.map { ($0, path) }
    }
    guard !loaded.isEmpty else {
      throw SourceError(
        code: "F003",
        message: "'\(path)' holds no data files",
        notes: ["data files end in " + DataFiles.extensions.joined(separator: ", ")] + notes
      )
    }
    loaded.sort { $0.name < $1.name }
    if !rejects.isEmpty { loaded.append(try rejectsTable(rejects)) }
    return LoadReport(tables: loaded, notes: notes)
  }

  /// The table `rejects`: the rows that ON ERROR SKIP left out.
  private func rejectsTable(
    _ rejects: [(row: RejectedRow, path: String)]
  ) throws(SourceError) -> LoadedTable {
    let names = ["file", "line", "column", "text", "reason"]
    let types: [DataType] = [.varchar, .bigint, .varchar, .varchar, .varchar]
    let builders = types.map { AnyColumnBuilder(type: $0) }
    for (row, path) in rejects {
      builders[0].append(.text(path))
      builders[1].append(.integer(Int64(row.line)))
      builders[2].append(row.column.map { .text($0) } ?? .null)
      builders[3].append(.text(row.text))
      builders[4].append(.text(row.reason))
    }
    let batch = Batch(columns: builders.map { $0.finish() }, rowCount: rejects.count)
    let schema = Schema(zip(names, types).map { Field(name: $0, type: $1) })
    do {
      let table = try StoredTable(schema: schema, batches: [batch])
      return LoadedTable(name: "rejects", table: table, notes: [])
    } catch {
      throw SourceError(code: "F006", message: error.message)
    }
  }

  func sniff(path: String, options: FileOptions) throws(SourceError) -> [String] {
    let paths = try DataFiles.paths(path)
    var lines: [String] = []
    for path in paths { lines += try describe(path, options) }
    return lines
  }

  func export(
    schema: Schema,
    batches: [Batch],
    path: String,
    options: FileOptions
  ) throws(SourceError) -> Int {
    let format = options.values["format"].map { ValueText.text(of: $0) }
    let writer =
      format.flatMap { FormatRegistry.writer(named: $0) }
      ?? FormatRegistry.writer(forPath: path)
    guard let writer else {
      throw SourceError(
        code: "F004",
        message: "'\(path)' has no ending that names a format",
        notes: ["add (FORMAT csv), or one of " + Database.formatNames.joined(separator: ", ")]
      )
    }
    let sink = try PartialFile(path: path)
    do {
      try writer.write(
        schema: schema,
        batches: batches,
        options: try writerOptions(options),
        into: sink
      )
    } catch {
      sink.discard()
      throw Self.sourceError(error, file: path)
    }
    try sink.finish()
    return batches.reduce(0) { $0 + $1.rowCount }
  }

  private func writerOptions(_ options: FileOptions) throws(FormatError) -> WriterOptions {
    var writer = WriterOptions()
    for (name, value) in options.values {
      let text = ValueText.text(of: value)
      switch name {
      case "format": break
      case "header": writer.hasHeader = value != .boolean(false) && value != .integer(0)
      case "delimiter", "delim", "sep":
        guard let byte = text == "\\t" ? 0x09 : text.utf8.first, text.utf8.count <= 2 else {
          throw FormatError(code: "F005", message: "the delimiter is one character")
        }
        writer.delimiter = byte
      case "quote": writer.quote = text.utf8.first ?? writer.quote
      case "null", "nullstr": writer.nullText = text
      case "force_quote": writer.quotesAll = true
      case "guard_formulas": writer.guardsFormulas = value == .boolean(true)
      default:
        throw FormatError(
          code: "F005",
          message: "no option named '\(name)'",
          notes: ["options: format, header, delimiter, quote, null, force_quote, guard_formulas"]
        )
      }
    }
    return writer
  }

  /// Puts the rows of several files under one another, column by name.
  private func union(
    _ tables: [StoredTable],
    paths: [String]
  ) throws(SourceError) -> StoredTable {
    var fields: [Field] = []
    for table in tables {
      for field in table.schema.fields {
        if let position = Schema(fields).index(of: field.name) {
          let type = TypeCoercion.commonType(fields[position].type, field.type) ?? .varchar
          fields[position] = Field(
            name: fields[position].name,
            type: type,
            unit: fields[position].unit == field.unit ? field.unit : .none
          )
        } else {
          fields.append(field)
        }
      }
    }
    let context = FunctionContext(nowMicroseconds: 0)
    var batches: [Batch] = []
    do {
      for table in tables {
        for batch in table.batches() {
          var columns: [Column] = []
          for field in fields {
            if let position = table.schema.index(of: field.name) {
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
    } catch {
      throw SourceError(
        code: "F006",
        message:
          "the files \(paths.map(DataFiles.fileName).joined(separator: ", ")) do not fit together: \(error.message)"
      )
    }
  }

  /// The error of a format as the engine passes it on.
  static func sourceError(_ error: FormatError, file: String) -> SourceError {
    SourceError(code: error.code, message: error.description(of: file), notes: error.notes)
  }

  /// The error of a format as people see it.
  static func diagnostic(_ error: FormatError, file: String) -> Diagnostic {
    Diagnostic(
      code: DiagnosticCode(rawValue: error.code),
      message: error.description(of: file),
      range: nil,
      notes: error.notes
    )
  }
}
