import TundishColumns
import TundishEngine
import TundishFormats

/// A table of a file, with what the user should know.
struct FileTable {
  /// The name that the file gives it.
  var name: String
  var table: StoredTable
  /// What was decided and found out.
  var notes: [String]
  /// Of these, what concerns the rows: some were set aside.
  var rowNotes: [String] = []
  var rejects: [RejectedRow] = []
  /// Whether rows were left out that do not pass the filter of the query.
  var isFiltered = false

  /// The rejects as the engine keeps them.
  func rejects(of path: String) -> [FileReject] {
    rejects.map {
      FileReject(
        file: path,
        line: $0.line,
        column: $0.column,
        text: $0.text,
        reason: $0.reason
      )
    }
  }
}

// Reading one file, by its format.
extension FileSources {
  /// Reads the tables of a file: one, or one for each sheet of a workbook.
  func readAll(_ path: String, _ options: FileOptions) throws(SourceError) -> [FileTable] {
    guard DataFiles.isWorkbook(path, options) else { return [try read(path, options)] }
    progress.begin(totalByteCount: nil)
    defer { progress.end() }
    do {
      let (sheets, notes) = try XLSXReader.readAll(
        try Decompression.decompressed(InputBytes(path: path)),
        workbook: Self.workbookOptions(options),
        options: csvOptions(options)
      )
      let stem = DataFiles.tableName(path)
      return sheets.enumerated().map { position, sheet in
        var table = Self.table(sheets.count == 1 ? stem : sheet.name, sheet.result)
        if position == 0 { table.notes = notes + table.notes }
        return table
      }
    } catch {
      throw Self.sourceError(error, file: path)
    }
  }

  /// Reads a file as one table.
  ///
  /// `textColumns` are columns to be read as they are written: those whose type in another file of a
  /// union cannot be theirs.
  func read(
    _ path: String,
    _ options: FileOptions,
    textColumns: [String] = []
  ) throws(SourceError) -> FileTable {
    do {
      return try read(try InputBytes(path: path), path: path, options, textColumns: textColumns)
    } catch {
      throw Self.sourceError(error, file: path)
    }
  }

  /// Reads the bytes of a file as one table.
  private func read(
    _ input: InputBytes,
    path: String,
    _ options: FileOptions,
    textColumns: [String] = []
  ) throws(FormatError) -> FileTable {
    let name = DataFiles.tableName(path)
    progress.begin(totalByteCount: nil)
    defer { progress.end() }
    if DataFiles.isWorkbook(path, options) {
      return Self.table(
        name,
        try XLSXReader.read(
          Decompression.decompressed(input),
          workbook: Self.workbookOptions(options),
          options: csvOptions(options, textColumns: textColumns)
        )
      )
    }
    if Self.isJSON(input, path, options) {
      var jsonOptions = try JSONOptions(values: Self.texts(options))
      jsonOptions.textColumns.formUnion(textColumns.map(foldedKey))
      jsonOptions.threadCount = options.threadCount
      jsonOptions.progress = progress
      let result = try JSONReader.read(input, options: jsonOptions)
      return FileTable(
        name: name,
        table: result.table,
        notes: result.notes,
        rowNotes: result.rowNotes,
        rejects: result.rejects
      )
    }
    return Self.table(
      name,
      try CSVReader.read(input, options: csvOptions(options, textColumns: textColumns))
    )
  }

  /// Opens a file for a query; delimited text is looked at and not read yet.
  func part(_ path: String, _ options: FileOptions) throws(SourceError) -> OpenedFiles.Part {
    defer { progress.end() }
    if DataFiles.isWorkbook(path, options) { return .table(try read(path, options)) }
    do {
      let input = try InputBytes(path: path)
      if Self.isJSON(input, path, options) {
        return .table(try read(input, path: path, options))
      }
      return .csv(try CSVFile(input, options: csvOptions(options)))
    } catch {
      throw Self.sourceError(error, file: path)
    }
  }

  /// Describes how a file would be read.
  func describe(_ path: String, _ options: FileOptions) throws(SourceError) -> [String] {
    do {
      let input = try InputBytes(path: path)
      if DataFiles.isWorkbook(path, options) {
        let sheets = try XLSXReader.sniff(
          Decompression.decompressed(input),
          workbook: Self.workbookOptions(options),
          options: csvOptions(options)
        )
        return sheets.flatMap { ["sheet        \($0.name)"] + $0.report.sheetLines }
      }
      if Self.isJSON(input, path, options) {
        let result = try JSONReader.read(
          input,
          options: JSONOptions(values: Self.texts(options))
        )
        return result.columns.map { "\($0.name): \($0.type) (\($0.evidence))" } + result.notes
      }
      let report = try CSVReader.sniff(
        input,
        options: csvOptions(options)
      )
      return report.lines(path: path)
    } catch {
      throw Self.sourceError(error, file: path)
    }
  }

  private func csvOptions(
    _ options: FileOptions,
    textColumns: [String] = []
  ) throws(FormatError) -> CSVOptions {
    var read = try CSVOptions(values: Self.texts(options))
    for column in textColumns { read.types[foldedKey(column)] = .varchar }
    read.progress = progress
    read.threadCount = options.threadCount
    return read
  }

  private static func table(_ name: String, _ result: CSVResult) -> FileTable {
    FileTable(
      name: name,
      table: result.table,
      notes: result.report.messages,
      rowNotes: result.report.rowNotes,
      rejects: result.rejects
    )
  }

  /// Standard input has no ending that says what it is.
  private static func isJSON(_ input: InputBytes, _ path: String, _ options: FileOptions) -> Bool {
    if DataFiles.isJSON(path, options) { return true }
    return path == DataFiles.standardInput && options.values["format"] == nil
      && JSONReader.looksLikeJSON(input)
  }

  private static func workbookOptions(_ options: FileOptions) -> WorkbookOptions {
    WorkbookOptions(
      sheet: options.values["sheet"].map { ValueText.text(of: $0) },
      range: options.values["range"].map { ValueText.text(of: $0) }
    )
  }

  /// The options as the readers take them, those about several files left out.
  private static func texts(_ options: FileOptions) -> [String: String] {
    let others = [
      "paths", "sheet", "range", "union_by_name", "filename", "hive_partitioning",
      "hive_types_autocast",
    ]
    return options.values.filter { !others.contains($0.key) }.mapValues { value in
      switch value {
      case .structure(let members):
        members.map { "\(quoted($0.name)): \(quoted(ValueText.text(of: $0.value)))" }
          .joined(separator: ", ")
      case .list(let items):
        "[" + items.map { quoted(ValueText.text(of: $0)) }.joined(separator: ", ") + "]"
      case .null, .boolean, .integer, .hugeint, .decimal, .double, .text, .blob, .date, .time,
        .timestamp, .timestampTZ, .interval, .map:
        ValueText.text(of: value)
      }
    }
  }

  /// A text in quotes, so that commas and colons in it separate nothing.
  private static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
  }
}
