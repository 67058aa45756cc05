import Glibc
import TundishColumns
import TundishEngine
import TundishFormats
import TundishSyntax

/// Opens the files that statements name: the engine's door to the disk.
struct FileSources: SourceResolver {
  /// Told how far files are.
  var progress = ReadingProgress()

  func open(path: String, options: FileOptions) throws(SourceError) -> any TableSource {
    var paths: [String] = []
    if case .list(let items) = options.values["paths"] {
      for case .text(let item) in items { paths += try DataFiles.paths(item) }
    } else {
      paths = try DataFiles.paths(path)
    }
    if paths.count > 1 { paths = paths.filter { DataFiles.isData($0) } }
    guard !paths.isEmpty else { throw DataFiles.missing(path) }
    let isAlone =
      paths.count == 1 && !FileUnion.addsFileName(options) && !FileUnion.readsPartitions(options)
    var parts: [OpenedFiles.Part] = []
    for path in paths { parts.append(try part(path, options)) }
    return FileSource(
      OpenedFiles(
        parts,
        paths: paths,
        union: isAlone ? nil : try FileUnion(options, paths: paths),
        progress: progress,
        readAsText: { (path, columns) throws(SourceError) in
          try read(path, options, textColumns: columns)
        }
      )
    )
  }

  func load(path: String, options: FileOptions) throws(SourceError) -> LoadReport {
    let isFolder = Folder.isFolder(path)
    let paths = try DataFiles.paths(path)
    var notes: [String] = []
    var read: [(table: FileTable, path: String)] = []
    var taken: Set<String> = []
    var twins: [String: [UInt8]] = [:]
    for path in paths {
      // In a folder, one bad file must not hide the others' names.
      guard DataFiles.isData(path) || !isFolder else {
        notes.append("passed over \(DataFiles.fileName(path)): not a data file")
        continue
      }
      let stem = foldedKey(DataFiles.tableName(path))
      if let twin = twins[stem], FileBytes.read(path, limit: DataFiles.twinLimit) == twin {
        notes.append(
          "passed over \(DataFiles.fileName(path)): the same bytes as \(DataFiles.tableName(path))"
        )
        continue
      }
      if paths.count > 1 {
        twins[stem] = FileBytes.read(path, limit: DataFiles.twinLimit) ?? []
      }
      for var table in try readAll(path, options) {
        if !taken.insert(foldedKey(table.name)).inserted {
          let name = table.name
          table.name += "_" + DataFiles.fileExtension(path)
          taken.insert(foldedKey(table.name))
          notes.append("\(DataFiles.fileName(path)) becomes \(table.name): \(name) is taken")
        }
        read.append((table, path))
      }
    }
    guard !read.isEmpty else {
      throw SourceError(
        code: "F003",
        message: "'\(path)' holds no data files",
        notes: ["data files end in " + DataFiles.extensions.joined(separator: ", ")] + notes
      )
    }
    var loaded = read.map {
      LoadedTable(name: $0.table.name, table: $0.table.table, notes: $0.table.notes)
    }
    if FileUnion.isWanted(options) {
      let union = try FileUnion(options, paths: read.map(\.path))
      let texts = union.textColumns(of: read.map(\.table.table.schema))
      for (position, columns) in texts.enumerated()
      where !columns.isEmpty && !DataFiles.isWorkbook(read[position].path, options) {
        let path = read[position].path
        read[position].table = try self.read(path, options, textColumns: columns)
      }
      let table = try union.table(
        of: read.map(\.table),
        paths: read.map(\.path),
        names: union.schema(of: read.map(\.table.table.schema)).fields.map(\.name)
      )
      let name = DataFiles.tableName(isFolder || paths.count == 1 ? path : read[0].path)
      loaded = [LoadedTable(name: name, table: table, notes: read.flatMap(\.table.notes))]
    }
    loaded.sort { $0.name < $1.name }
    return LoadReport(
      tables: loaded,
      notes: notes,
      rejects: read.flatMap { $0.table.rejects(of: $0.path) }
    )
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
    let writer = try writer(forPath: path, options)
    let rowCount = batches.reduce(0) { $0 + $1.rowCount }
    progress.begin(totalByteCount: nil, totalRowCount: rowCount)
    defer { progress.end() }
    let sink = try PartialFile(path: path, progress: progress)
    do {
      var writerOptions = try writerOptions(options)
      // A file is read back, where people look at a screen: there is no NULL that is spelled out.
      if writer.name == "tsv", writerOptions.nullText == nil { writerOptions.nullText = "" }
      let packed = path.lowercased().hasSuffix(".gz") ? GzipSink(sink) : nil
      try writer.write(
        schema: schema,
        batches: batches,
        options: writerOptions,
        into: packed ?? sink
      )
      try packed?.finish()
    } catch {
      sink.discard()
      throw Self.sourceError(error, file: path)
    }
    try sink.finish()
    return rowCount
  }

  /// The writer that the options or the path's ending name.
  ///
  /// JSON is written as an object per line, which can be appended to and read in parts, unless ARRAY
  /// asks for one array.
  private func writer(
    forPath path: String,
    _ options: FileOptions
  ) throws(SourceError) -> any ResultWriter {
    let ending = path.lowercased().split(separator: ".").last ?? ""
    guard ending != "zst", ending != "bz2" else {
      throw SourceError(
        code: "F004",
        message: "'\(path)' would be packed, which is only done by gzip",
        notes: ["write to a path that ends in .gz, or without .\(ending)"]
      )
    }
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
    let isJSON = writer.name == JSONWriter.array.name || writer.name == JSONWriter.lines.name
    guard let array = options.values["array"] else {
      return isJSON ? JSONWriter.lines : writer
    }
    guard isJSON else {
      throw SourceError(
        code: "F005",
        message: "ARRAY is an option of JSON files; this one is written as \(writer.name)"
      )
    }
    return array == .boolean(false) || array == .integer(0) ? JSONWriter.lines : JSONWriter.array
  }

  private func writerOptions(_ options: FileOptions) throws(FormatError) -> WriterOptions {
    var writer = WriterOptions()
    writer.threadCount = options.threadCount
    writer.progress = progress
    for (name, value) in options.values {
      let text = ValueText.text(of: value)
      switch name {
      case "format", "array": break
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
      case "units": writer.writesUnits = value == .boolean(true)
      default:
        throw FormatError(
          code: "F005",
          message: "no option named '\(name)'",
          notes: [
            "options: format, header, delimiter, quote, null, force_quote, guard_formulas, "
              + "units, array"
          ]
        )
      }
    }
    return writer
  }

  /// The error of a format as the engine passes it on.
  static func sourceError(_ error: FormatError, file: String) -> SourceError {
    SourceError(
      code: error.code,
      message: error.description(of: file),
      notes: error.notes,
      option: error.option
    )
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
