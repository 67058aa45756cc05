import Glibc
import TundishColumns
import TundishEngine
import TundishSyntax

extension Database {
  /// Offers completions of the word before the cursor: keywords, tables, columns, functions and
  /// metrics, or files inside a string.
  ///
  /// - Parameter text: The line up to the cursor.
  /// - Returns: The number of bytes of the word, and what could stand in its place, sorted.
  public func completions(before text: String) -> (replaced: Int, candidates: [String]) {
    let bytes = Array(text.utf8)
    if let quote = openQuote(bytes) {
      let path = String(decoding: bytes[quote...], as: UTF8.self)
      let candidates = files(startingWith: path)
      return (path.utf8.count, candidates)
    }
    var start = bytes.count
    while start > 0, isWordByte(bytes[start - 1]) { start -= 1 }
    let word = String(decoding: bytes[start...], as: UTF8.self)
    guard !word.isEmpty else { return (0, []) }
    let folded = foldedKey(word)
    let isUpper = word.allSatisfy { !$0.isLowercase } && word.contains { $0.isUppercase }
    var candidates: Set<String> = []
    for name in names where foldedKey(name).hasPrefix(folded) { candidates.insert(name) }
    for keyword in Keyword.allCases.map(\.rawValue) where foldedKey(keyword).hasPrefix(folded) {
      candidates.insert(isUpper ? keyword.uppercased() : keyword.lowercased())
    }
    return (word.utf8.count, candidates.sorted())
  }

  /// Names that may stand in an expression or after FROM.
  private var names: [String] {
    let catalog = currentSession.catalog
    var names = catalog.tables.values.map(\.name)
    names += catalog.tables.values.flatMap { $0.table.schema.fields.map(\.name) }
    names += catalog.views.values.map(\.name.last)
    names += catalog.metrics.values.map(\.name.text)
    names += catalog.funnels.values.map(\.name.text)
    names += FunctionRegistry.standard.names
    return names
  }

  /// The offset after a quote that is open at the end.
  private func openQuote(_ bytes: [UInt8]) -> Int? {
    var open: Int?
    for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "'") {
      open = open == nil ? index + 1 : nil
    }
    return open
  }

  private func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x80...0xFF: true
    default: false
    }
  }

  /// The files and folders whose path starts so; folders end in `/`.
  private func files(startingWith path: String) -> [String] {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[...$0]) } ?? ""
    let prefix = slash.map { String(path[path.index(after: $0)...]) } ?? path
    return Folder.entries(folder.isEmpty ? "." : folder)
      .filter { $0.name.hasPrefix(prefix) && (prefix.hasPrefix(".") || !$0.name.hasPrefix(".")) }
      .map { folder + $0.name + ($0.isFolder ? "/" : "") }
      .sorted()
  }
}
