internal import TundishColumns

/// The members of one record as they stand in the text, without a tree made of them.
///
/// Most records are objects whose members are numbers, words and strings without escapes, in the same
/// order in every record. Of such a record only the places of the values are written down; strings
/// with escapes, arrays and objects inside are made to trees. A record that is no object, has escapes
/// in its names or is to be flattened is left to the general way.
struct JSONRecord {
  /// What stands at the place of a column.
  struct Cell {
    enum Kind {
      /// The record has no such member
      case missing
      case null
      case yes
      case no
      /// The digits of a number
      case number
      /// The text of a string without escapes, between its quotes
      case string
      /// One of `trees`
      case tree

      /// Whether there is a value that is not NULL.
      var isValue: Bool { self != .missing && self != .null }
    }

    var kind = Kind.missing
    /// The bytes of a number or string.
    var range = 0..<0
    /// The position of a tree.
    var tree = 0
  }

  /// The names of the columns in the order in which they first occurred.
  private(set) var names: [String] = []
  /// Per column, what the record has there; the last where a name occurs twice.
  private(set) var cells: [Cell] = []
  private(set) var trees: [JSONValue] = []
  /// Whether members that are objects become members of the record.
  private let flattens: Bool
  private var keys: [Key] = []
  private var positions: [[UInt8]: Int] = [:]

  /// A name as it is compared: by its length, its first and its last eight bytes, and only longer
  /// ones also by what lies between.
  private struct Key {
    let bytes: [UInt8]
    let head: UInt64
    let tail: UInt64

    init(_ bytes: [UInt8]) {
      self.bytes = bytes
      let count = bytes.count
      head = bytes.span.word(at: 0, count: min(count, 8))
      tail = count > 8 ? bytes.span.word(at: count - 8, count: 8) : 0
    }

    @inline(__always)
    func isSame(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
      let count = range.count
      guard count == bytes.count, text.word(at: range.lowerBound, count: min(count, 8)) == head
      else { return false }
      if count <= 8 { return true }
      guard text.word(at: range.upperBound &- 8, count: 8) == tail else { return false }
      var i = 8
      while i < count &- 8 {
        if text[range.lowerBound &+ i] != bytes[i] { return false }
        i &+= 1
      }
      return true
    }
  }

  init(flattens: Bool) {
    self.flattens = flattens
  }

  /// Returns the column of a name; a new one at the end where there is none yet.
  mutating func position(ofName name: String) -> Int {
    position(ofKey: Array(name.utf8))
  }

  private mutating func position(ofKey key: [UInt8]) -> Int {
    if let known = positions[key] { return known }
    positions[key] = keys.count
    keys.append(Key(key))
    names.append(String(decoding: key, as: UTF8.self))
    cells.append(Cell())
    return keys.count - 1
  }

  /// Reads one record.
  ///
  /// - Parameters:
  ///   - parser: Stands in front of the record; behind it afterwards.
  ///   - bytes: The text.
  /// - Returns: Whether the record was read; if not, the parser stands where it stood.
  /// - Throws: `FormatError` where the text is no JSON.
  mutating func read(
    _ parser: inout JSONParser,
    _ bytes: Span<UInt8>
  ) throws(FormatError) -> Bool {
    guard parser.skipSpace(bytes), bytes[parser.position] == UInt8(ascii: "{") else { return false }
    let start = parser
    for column in cells.indices { cells[column].kind = .missing }
    trees.removeAll(keepingCapacity: true)
    parser.position += 1
    if parser.skip(UInt8(ascii: "}"), bytes) { return true }
    var expected = 0
    while true {
      guard let name = parser.plainString(bytes), parser.skip(UInt8(ascii: ":"), bytes) else {
        parser = start
        return false
      }
      let column = column(of: name, bytes, expected: expected)
      if cells[column].kind != .missing { parser.noteDuplicate(at: name.lowerBound - 1) }
      guard try readValue(of: column, &parser, bytes) else {
        parser = start
        return false
      }
      expected = column + 1
      if parser.skip(UInt8(ascii: ","), bytes) { continue }
      if parser.skip(UInt8(ascii: "}"), bytes) { return true }
      // The general way says what is wrong.
      parser = start
      return false
    }
  }

  @inline(__always)
  private mutating func column(
    of name: Range<Int>,
    _ bytes: Span<UInt8>,
    expected: Int
  ) -> Int {
    if expected < keys.count, keys[expected].isSame(bytes, name) { return expected }
    var key: [UInt8] = []
    key.append(bytes.extracting(name))
    return position(ofKey: key)
  }

  private mutating func readValue(
    of column: Int,
    _ parser: inout JSONParser,
    _ bytes: Span<UInt8>
  ) throws(FormatError) -> Bool {
    guard parser.skipSpace(bytes) else { return false }
    let first = bytes[parser.position]
    switch first {
    case UInt8(ascii: "\""):
      if let range = parser.plainString(bytes) {
        cells[column].kind = .string
        cells[column].range = range
        return true
      }
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      cells[column].range = try parser.numberRange(bytes)
      cells[column].kind = .number
      return true
    case UInt8(ascii: "{"):
      if flattens || keys[column].bytes == Self.attributes { return false }
    default: break
    }
    let value = try parser.value(bytes, depth: 1)
    switch value {
    case .null: cells[column].kind = .null
    case .boolean(let isTrue): cells[column].kind = isTrue ? .yes : .no
    case .number, .string, .array, .object:
      cells[column].kind = .tree
      cells[column].tree = trees.count
      trees.append(value)
    }
    return true
  }

  /// The member that Salesforce wraps about records.
  private static let attributes = Array("attributes".utf8)
}
