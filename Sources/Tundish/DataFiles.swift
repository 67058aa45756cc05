import Glibc
import TundishColumns
import TundishEngine
import TundishSyntax

/// Which files a path stands for, and what their tables are called.
enum DataFiles {
  /// The endings of data files, each also with `.gz`.
  static let extensions = ["csv", "tsv", "txt", "json", "jsonl", "ndjson"]
  /// Files of one stem are compared byte by byte up to this size.
  static let twinLimit = 64 << 20

  /// The files that a path, a folder or a pattern stands for, sorted.
  static func paths(_ path: String) throws(SourceError) -> [String] {
    if Folder.isFolder(path) {
      let folder = path.hasSuffix("/") ? path : path + "/"
      return Folder.entries(path).filter { !$0.isFolder && !$0.name.hasPrefix(".") }
        .map { folder + $0.name }.sorted()
    }
    if Folder.exists(path) { return [path] }
    if path.contains(where: { $0 == "*" || $0 == "?" || $0 == "[" }) {
      let found = Folder.paths(matching: path)
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
    extensions.contains(fileExtension(path)) && !foldedKey(fileName(path)).hasPrefix("license")
  }

  /// Whether a file is read as JSON: by its ending, or because an option says so.
  static func isJSON(_ path: String, _ options: FileOptions) -> Bool {
    if case .text(let format) = options.values["format"] { return foldedKey(format) == "json" }
    return ["json", "jsonl", "ndjson"].contains(fileExtension(path))
  }

  /// The ending without `.gz`, in lower case.
  static func fileExtension(_ path: String) -> String {
    var parts = foldedKey(fileName(path)).split(separator: ".")
    if parts.count > 1, parts.last == "gz" || parts.last == "zst" { parts.removeLast() }
    return parts.count > 1 ? parts.last.map(String.init) ?? "" : ""
  }

  /// The file's name without its endings.
  static func tableName(_ path: String) -> String {
    var parts = fileName(path).split(separator: ".", omittingEmptySubsequences: false)
    if parts.count > 1, parts.last == "gz" || parts.last == "zst" { parts.removeLast() }
    if parts.count > 1, extensions.contains(foldedKey(String(parts[parts.count - 1]))) {
      parts.removeLast()
    }
    return parts.joined(separator: ".")
  }
}
