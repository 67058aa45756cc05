import TundishColumns
import TundishEngine
import TundishFormats

// Reading one file, by its format.
extension FileSources {
  /// Reads a file as a table; what was decided comes with it.
  func read(
    _ path: String,
    _ options: FileOptions
  ) throws(SourceError) -> (table: StoredTable, notes: [String], rejects: [RejectedRow]) {
    do {
      if DataFiles.isJSON(path, options) {
        let result = try JSONReader.read(
          InputBytes(path: path),
          options: JSONOptions(values: Self.texts(options))
        )
        return (result.table, result.notes, [])
      }
      var csv = try CSVOptions(values: Self.texts(options))
      csv.threadCount = options.threadCount
      let result = try CSVReader.read(InputBytes(path: path), options: csv)
      return (result.table, result.report.messages, result.rejects)
    } catch {
      throw Self.sourceError(error, file: path)
    }
  }

  /// Describes how a file would be read.
  func describe(_ path: String, _ options: FileOptions) throws(SourceError) -> [String] {
    do {
      if DataFiles.isJSON(path, options) {
        let result = try JSONReader.read(
          InputBytes(path: path),
          options: JSONOptions(values: Self.texts(options))
        )
        return result.columns.map { "\($0.name): \($0.type) (\($0.evidence))" } + result.notes
      }
      let report = try CSVReader.sniff(
        InputBytes(path: path),
        options: CSVOptions(values: Self.texts(options))
      )
      return report.lines(path: path)
    } catch {
      throw Self.sourceError(error, file: path)
    }
  }

  /// The options as the readers take them.
  private static func texts(_ options: FileOptions) -> [String: String] {
    options.values.mapValues { value in
      if case .structure(let members) = value {
        return members.map { "\($0.name): \(ValueText.text(of: $0.value))" }
          .joined(separator: ", ")
      }
      return ValueText.text(of: value)
    }
  }
}
