import Glibc
import TundishColumns
import TundishEngine
import TundishFormats
import TundishSyntax

/// Which files a path stands for, and what their tables are called.
enum DataFiles {
  /// The endings of data files, each also with `.gz`, `.zst` or `.bz2`.
  static let extensions = ["csv", "tsv", "txt", "json", "jsonl", "ndjson", "xlsx"]
  /// What `-` stands for.
  static let standardInput = "/dev/stdin"
  /// Files of one stem are compared byte by byte up to this size.
  static let twinLimit = 64 << 20

  /// The files that a path, a folder or a pattern stands for, sorted.
  static func paths(_ path: String) throws(SourceError) -> [String] {
    if path == "-" { return [standardInput] }
    if Folder.isFolder(path) {
      let folder = path.hasSuffix("/") ? path : path + "/"
      return Folder.entries(path).filter { !$0.isFolder && !$0.name.hasPrefix(".") }
        .map { folder + $0.name }.sorted()
    }
    if Folder.exists(path) { return [path] }
    if path.contains(where: { $0 == "*" || $0 == "?" || $0 == "[" || $0 == "{" }) {
      let found = Folder.paths(matching: path).filter {
        !path.contains("**") || !Folder.isFolder($0)
      }
      guard !found.isEmpty else {
        throw SourceError(code: "F001", message: "no file matches '\(path)'")
      }
      return found
    }
    throw missing(path)
  }

  /// The error of a path that is not there, with the name that was perhaps meant.
  static func missing(_ path: String) -> SourceError {
    let name = fileName(path)
    let folder = String(path.dropLast(name.count))
    let names = Folder.entries(folder.isEmpty ? "." : folder).map(\.name)
    let closest = Suggestion.closest(to: name, in: names).map { folder + $0 }
    return SourceError(
      code: "F001",
      message: "no file '\(path)'" + (closest.map { "; did you mean '\($0)'?" } ?? "")
    )
  }

  /// The part after the last `/`.
  static func fileName(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// Whether a file's ending says that it holds data.
  static func isData(_ path: String) -> Bool {
    path == standardInput
      || extensions.contains(fileExtension(path)) && !foldedKey(fileName(path)).hasPrefix("license")
  }

  /// Whether a file is read as JSON: by its ending, or because an option says so.
  static func isJSON(_ path: String, _ options: FileOptions) -> Bool {
    if case .text(let format) = options.values["format"] {
      return ["json", "jsonl", "ndjson", "newline_delimited", "nd", "array", "unstructured"]
        .contains(foldedKey(format))
    }
    return ["json", "jsonl", "ndjson"].contains(fileExtension(path))
  }

  /// Whether a file is read as an Excel workbook.
  static func isWorkbook(_ path: String, _ options: FileOptions) -> Bool {
    if case .text(let format) = options.values["format"] { return foldedKey(format) == "xlsx" }
    return fileExtension(path) == "xlsx"
  }

  /// The ending without `.gz`, in lower case.
  static func fileExtension(_ path: String) -> String {
    var parts = foldedKey(fileName(path)).split(separator: ".")
    if parts.count > 1, isCompression(parts.last) { parts.removeLast() }
    return parts.count > 1 ? parts.last.map(String.init) ?? "" : ""
  }

  /// The file's name without its endings.
  static func tableName(_ path: String) -> String {
    var parts = fileName(path).split(separator: ".", omittingEmptySubsequences: false)
    if parts.count > 1, isCompression(parts.last) { parts.removeLast() }
    if parts.count > 1, extensions.contains(foldedKey(String(parts[parts.count - 1]))) {
      parts.removeLast()
    }
    return parts.joined(separator: ".")
  }

  /// Whether an ending says how a file is compressed.
  private static func isCompression(_ ending: Substring?) -> Bool {
    ending.map { Decompression.fileExtensions.contains(foldedKey(String($0))) } ?? false
  }
}
