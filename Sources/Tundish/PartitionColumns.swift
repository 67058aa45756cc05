import TundishColumns
import TundishEngine
import TundishFormats

/// The columns that folders named `key=value` make, as Hive and its followers lay out large tables.
struct PartitionColumns {
  /// The names and types, outermost folder first.
  private(set) var columns: [(name: String, type: DataType)] = []
  private var readers: [Reader] = []

  /// How the texts of a column become values.
  private enum Reader {
    case text, integer, date
  }

  /// Creates none.
  init() {}

  /// Takes them from paths that all have the same; numbers and dates are read as such where all are.
  init(_ paths: [String], readsTypes: Bool) throws(SourceError) {
    let parts = paths.map { Self.parts(of: $0) }
    guard let first = parts.first, let firstPath = paths.first else { return }
    for (path, others) in zip(paths, parts)
    where others.map({ foldedKey($0.key) }).sorted() != first.map({ foldedKey($0.key) }).sorted() {
      throw SourceError(
        code: "F006",
        message: "'\(path)' does not lie in the same kinds of folders as '\(firstPath)'",
        notes: ["hive_partitioning reads folders such as year=2026, the same for all files"]
      )
    }
    for part in first {
      let texts = parts.compactMap { Self.value(of: part.key, in: $0) }
      var reader = Reader.text
      if readsTypes, !texts.isEmpty {
        if texts.allSatisfy({ Int64($0) != nil }) {
          reader = .integer
        } else if texts.allSatisfy({ Self.date($0) != nil }) {
          reader = .date
        }
      }
      readers.append(reader)
      let type: DataType =
        switch reader {
        case .text: .varchar
        case .integer: .bigint
        case .date: .date
        }
      columns.append((part.key, type))
    }
  }

  /// The place of a column among them.
  func position(of name: String) -> Int? {
    columns.firstIndex { foldedKey($0.name) == foldedKey(name) }
  }

  /// What a path says of a column; nil where that is none of them.
  func value(of name: String, in path: String) -> Value? {
    guard let position = position(of: name) else { return nil }
    guard let text = Self.value(of: name, in: Self.parts(of: path)) else { return .null }
    switch readers[position] {
    case .text: return .text(text)
    case .integer: return Int64(text).map { .integer($0) } ?? .null
    case .date: return Self.date(text) ?? .null
    }
  }

  /// The keys and values of a path's folders; nil stands for NULL.
  private static func parts(of path: String) -> [(key: String, value: String?)] {
    path.split(separator: "/").dropLast().compactMap { folder in
      guard let mark = folder.firstIndex(of: "="), mark > folder.startIndex else { return nil }
      let value = String(folder[folder.index(after: mark)...])
      let isNull = value.isEmpty || value == "__HIVE_DEFAULT_PARTITION__"
      return (String(folder[..<mark]), isNull ? nil : decoded(value))
    }
  }

  private static func value(
    of key: String,
    in parts: [(key: String, value: String?)]
  ) -> String? {
    parts.first { foldedKey($0.key) == foldedKey(key) }?.value
  }

  /// A text with `%20` and the like read.
  private static func decoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(code)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func date(_ text: String) -> Value? {
    guard text.utf8.count == 10, !text.contains(" ") else { return nil }
    let context = FunctionContext(nowMicroseconds: 0)
    let column = Column.values([.text(text)], type: .varchar)
    return try? Cast.convert(column, to: .date, context: context).value(at: 0)
  }
}
