import TundishColumns
import TundishEngine
import TundishFormats

/// The files of one relation of a query, looked at and not read yet.
struct OpenedFiles: UnreadFile {
  /// One of the files.
  enum Part {
    /// Delimited text, of which only the columns that are needed are read
    case csv(CSVFile)
    /// Rows of a format that is read at once
    case table(FileTable)

    /// The columns, as far as they are known.
    var schema: Schema {
      switch self {
      case .csv(let file):
        Schema(file.report.columns.map { Field(name: $0.name, type: $0.type, unit: $0.unit) })
      case .table(let table): table.table.schema
      }
    }
  }

  let schema: Schema
  private let parts: [Part]
  private let paths: [String]
  /// How the files become one table; nil for a single file as it is.
  private let union: FileUnion?

  /// Reads a file with some columns as text.
  typealias TextReading = @Sendable (String, [String]) throws(SourceError) -> FileTable

  private let progress: ReadingProgress
  private let readAsText: TextReading

  init(
    _ parts: [Part],
    paths: [String],
    union: FileUnion?,
    progress: ReadingProgress,
    readAsText: @escaping TextReading
  ) {
    self.progress = progress
    self.readAsText = readAsText
    self.parts = parts
    self.paths = paths
    self.union = union
    let schemas = parts.map(\.schema)
    schema = union?.schema(of: schemas) ?? schemas.first ?? Schema([])
  }

  func read(columns: [Int], filter: RowFilter?) throws(SourceError) -> FileRows {
    let names = columns.filter { $0 < schema.fields.count }.map { schema.fields[$0].name }
    var tables: [FileTable] = []
    defer { progress.end() }
    for (part, path) in zip(parts, paths) {
      tables.append(try read(part, names: names, path: path, filter: filter))
    }
    guard let union else {
      guard let only = tables.first else { throw DataFiles.missing(paths.first ?? "") }
      let rejects = paths.first.map { only.rejects(of: $0) } ?? []
      return FileRows(
        table: only.table,
        notes: only.rowNotes,
        rejects: rejects,
        isFiltered: only.isFiltered
      )
    }
    let wanted = Set(names.map(foldedKey))
    for (position, columns) in union.textColumns(of: tables.map(\.table.schema)).enumerated() {
      let columns = columns.filter { wanted.contains(foldedKey($0)) }
      guard !columns.isEmpty else { continue }
      tables[position] = try readAsText(paths[position], columns)
    }
    let table = try union.table(of: tables, paths: paths, names: names)
    let notes = zip(tables, paths).flatMap { table, path in
      table.rowNotes.map { "\(DataFiles.fileName(path)): \($0)" }
    }
    return FileRows(
      table: table,
      notes: notes,
      rejects: zip(tables, paths).flatMap { $0.rejects(of: $1) },
      isFiltered: tables.contains(where: \.isFiltered)
    )
  }

  /// Reads the columns that a part has of those that are wanted.
  private func read(
    _ part: Part,
    names: [String],
    path: String,
    filter: RowFilter?
  ) throws(SourceError) -> FileTable {
    switch part {
    case .table(let table): return table
    case .csv(let file):
      let known = part.schema.positionsByName
      let positions = names.compactMap { known[foldedKey($0)] }.sorted()
      do {
        let result = try file.read(
          columns: positions,
          filter: filter.flatMap { own($0, in: part.schema, known) }
        )
        let fields = result.report.columns.map {
          Field(name: $0.name, type: $0.type, unit: $0.unit)
        }
        // Read in another encoding, a file may have other columns than it was seen to have.
        let all = Schema(fields)
        let byName = all.positionsByName
        let places = result.table.schema.fields.compactMap { byName[foldedKey($0.name)] }
        return FileTable(
          name: DataFiles.tableName(path),
          table: result.table.spread(over: all, at: places),
          notes: result.report.messages,
          rowNotes: result.report.rowNotes,
          rejects: result.rejects,
          isFiltered: result.isFiltered
        )
      } catch {
        throw FileSources.sourceError(error, file: path)
      }
    }
  }

  /// The filter as a part applies it; nil where its columns are not those of the whole.
  private func own(
    _ filter: RowFilter,
    in part: Schema,
    _ known: [String: Int]
  ) -> RowFilter? {
    var own = filter
    for (i, position) in filter.positions.enumerated() {
      guard position < schema.fields.count,
        union?.isPartition(schema.fields[position].name) != true,
        let place = known[foldedKey(schema.fields[position].name)],
        part.fields[place].type == filter.types[i]
      else { return nil }
      own.positions[i] = place
    }
    return own
  }
}

extension Schema {
  /// The positions of the columns by folded name, for many look-ups.
  var positionsByName: [String: Int] {
    Dictionary(
      fields.enumerated().map { (foldedKey($1.name), $0) },
      uniquingKeysWith: { first, _ in first }
    )
  }
}
