internal import TundishColumns

/// Reads JSON text strictly by RFC 8259.
struct JSONParser {
  /// Where the next token begins.
  var position: Int
  /// What RFC 8259 allows and readers should know of.
  private(set) var oddities = JSONOddities()

  /// Deeper nesting is refused, so that no text overflows the stack.
  static let maximumDepth = 500

  init(position: Int = 0) {
    self.position = position
  }

  /// Passes white space over; false at the end of the text.
  mutating func skipSpace(_ bytes: Span<UInt8>) -> Bool {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return true
      }
    }
    return false
  }

  /// Reads one byte if it is next, white space aside.
  mutating func skip(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
    guard skipSpace(bytes), bytes[position] == byte else { return false }
    position += 1
    return true
  }

  /// Reads one value.
  mutating func value(
    _ bytes: Span<UInt8>,
    depth: Int = 0
  ) throws(FormatError) -> JSONValue {
    guard skipSpace(bytes) else { throw failure("the text ends where a value is expected", bytes) }
    switch bytes[position] {
    case UInt8(ascii: "{"):
      return try object(bytes, depth: depth)
    case UInt8(ascii: "["):
      return try array(bytes, depth: depth)
    case UInt8(ascii: "\""):
      return .string(try string(bytes))
    case UInt8(ascii: "t"): return try word("true", .boolean(true), bytes)
    case UInt8(ascii: "f"): return try word("false", .boolean(false), bytes)
    case UInt8(ascii: "n"): return try word("null", .null, bytes)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      return .number(try number(bytes))
    default: throw failure("unexpected \(found(bytes)) where a value is expected", bytes)
    }
  }

  private mutating func object(
    _ bytes: Span<UInt8>,
    depth: Int
  ) throws(FormatError) -> JSONValue {
    try checkDepth(depth, bytes)
    var members: [JSONValue.Member] = []
    guard try beginsObject(bytes) else { return .object(members) }
    var known: Set<String> = []
    repeat {
      _ = skipSpace(bytes)
      let namePosition = position
      let name = try memberName(bytes)
      if !known.insert(name).inserted { noteDuplicate(at: namePosition) }
      members.append(
        JSONValue.Member(name: name, value: try value(bytes, depth: depth + 1))
      )
    } while try continuesObject(bytes)
    return .object(members)
  }

  /// Reads the brace in front of an object; false where there are no members.
  mutating func beginsObject(_ bytes: Span<UInt8>) throws(FormatError) -> Bool {
    position += 1
    return !skip(UInt8(ascii: "}"), bytes)
  }

  /// Reads what stands behind a member; false at the end of the object.
  mutating func continuesObject(_ bytes: Span<UInt8>) throws(FormatError) -> Bool {
    if skip(UInt8(ascii: ","), bytes) { return true }
    guard skip(UInt8(ascii: "}"), bytes) else {
      throw failure("expected ',' or '}', found \(found(bytes))", bytes)
    }
    return false
  }

  /// Reads the name of a member and the colon behind it.
  mutating func memberName(_ bytes: Span<UInt8>) throws(FormatError) -> String {
    guard skipSpace(bytes), bytes[position] == UInt8(ascii: "\"") else {
      throw failure("expected a name in quotes, found \(found(bytes))", bytes)
    }
    let name = String(decoding: try string(bytes), as: UTF8.self)
    guard skip(UInt8(ascii: ":"), bytes) else {
      throw failure("expected ':' behind the name \"\(name)\", found \(found(bytes))", bytes)
    }
    return name
  }

  /// Reads the colon behind a name.
  mutating func skipColon(_ bytes: Span<UInt8>) throws(FormatError) {
    guard skip(UInt8(ascii: ":"), bytes) else {
      throw failure("expected ':' behind the name, found \(found(bytes))", bytes)
    }
  }

  private mutating func array(
    _ bytes: Span<UInt8>,
    depth: Int
  ) throws(FormatError) -> JSONValue {
    try checkDepth(depth, bytes)
    position += 1
    var elements: [JSONValue] = []
    if skip(UInt8(ascii: "]"), bytes) { return .array(elements) }
    while true {
      elements.append(try value(bytes, depth: depth + 1))
      if skip(UInt8(ascii: ","), bytes) { continue }
      guard skip(UInt8(ascii: "]"), bytes) else {
        throw failure("expected ',' or ']', found \(found(bytes))", bytes)
      }
      return .array(elements)
    }
  }

  /// Refuses values that are nested too deep.
  func checkDepth(_ depth: Int, _ bytes: Span<UInt8>) throws(FormatError) {
    guard depth < Self.maximumDepth else {
      throw failure("more than \(Self.maximumDepth) values inside each other", bytes)
    }
  }

  private mutating func word(
    _ word: StaticString,
    _ value: JSONValue,
    _ bytes: Span<UInt8>
  ) throws(FormatError) -> JSONValue {
    let isWord = position + word.utf8CodeUnitCount <= bytes.count
    var i = 0
    while isWord, i < word.utf8CodeUnitCount {
      // The word has so many bytes.
      guard unsafe bytes[position + i] == word.utf8Start[i] else { break }
      i += 1
    }
    guard i == word.utf8CodeUnitCount else { throw failure("expected '\(word)'", bytes) }
    position += i
    return value
  }

  private mutating func number(_ bytes: Span<UInt8>) throws(FormatError) -> [UInt8] {
    var text: [UInt8] = []
    text.append(bytes.extracting(try numberRange(bytes)))
    return text
  }

  /// Reads a number and returns where it lies.
  mutating func numberRange(_ bytes: Span<UInt8>) throws(FormatError) -> Range<Int> {
    let start = position
    func byte() -> UInt8 { position < bytes.count ? bytes[position] : 0 }
    func digits() -> Int {
      let first = position
      while position < bytes.count, NumberReading.isDigit(bytes[position]) { position += 1 }
      return position - first
    }
    if byte() == UInt8(ascii: "-") { position += 1 }
    let whole = position
    let count = digits()
    guard count > 0 else { throw failure("expected a digit, found \(found(bytes))", bytes) }
    guard count == 1 || bytes[whole] != UInt8(ascii: "0") else {
      position = whole
      throw failure("a number may not begin with 0", bytes)
    }
    if byte() == UInt8(ascii: ".") {
      position += 1
      guard digits() > 0 else {
        throw failure("expected a digit behind the point, found \(found(bytes))", bytes)
      }
    }
    if byte() | 0x20 == UInt8(ascii: "e") {
      position += 1
      if byte() == UInt8(ascii: "+") || byte() == UInt8(ascii: "-") { position += 1 }
      guard digits() > 0 else {
        throw failure("expected a digit in the exponent, found \(found(bytes))", bytes)
      }
    }
    return start..<position
  }

  /// Reads a string without escapes and returns where its text lies; nil, and nothing is read, where
  /// there is no such string.
  mutating func plainString(_ bytes: Span<UInt8>) -> Range<Int>? {
    guard skipSpace(bytes), bytes[position] == UInt8(ascii: "\"") else { return nil }
    let end = Self.endOfPlain(bytes, from: position + 1)
    guard end < bytes.count, bytes[end] == UInt8(ascii: "\"") else { return nil }
    defer { position = end + 1 }
    return position + 1..<end
  }

  /// Returns the place of the first quote, backslash or control character, eight bytes at a time.
  private static func endOfPlain(_ bytes: Span<UInt8>, from start: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    var i = start
    while i &+ 8 <= bytes.count {
      let word = bytes.word(at: i, count: 8)
      let quotes = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
      let backslashes = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
      let controls = word & (ones &* 0xE0)
      // The lowest marked byte is a zero byte of one of the three; higher ones may not be.
      let found =
        (quotes &- ones) & ~quotes | (backslashes &- ones) & ~backslashes
        | (controls &- ones) & ~controls
      let marks = found & (ones &* 0x80)
      if marks != 0 { return i &+ marks.trailingZeroBitCount / 8 }
      i &+= 8
    }
    while i < bytes.count, bytes[i] != UInt8(ascii: "\""), bytes[i] != UInt8(ascii: "\\"),
      bytes[i] >= 0x20
    {
      i &+= 1
    }
    return i
  }

  private mutating func string(_ bytes: Span<UInt8>) throws(FormatError) -> [UInt8] {
    let opening = position
    position += 1
    var text: [UInt8] = []
    while true {
      let start = position
      while position < bytes.count, bytes[position] != UInt8(ascii: "\""),
        bytes[position] != UInt8(ascii: "\\"), bytes[position] >= 0x20
      {
        position += 1
      }
      text.append(bytes.extracting(start..<position))
      guard position < bytes.count else {
        position = opening
        throw failure("a string that opens here is never closed", bytes)
      }
      switch bytes[position] {
      case UInt8(ascii: "\""):
        position += 1
        return text
      case UInt8(ascii: "\\"):
        position += 1
        try escape(bytes, into: &text)
      default: throw failure("a control character in a string must be escaped", bytes)
      }
    }
  }

  private mutating func escape(
    _ bytes: Span<UInt8>,
    into text: inout [UInt8]
  ) throws(FormatError) {
    guard position < bytes.count else { throw failure("the text ends in an escape", bytes) }
    let byte = bytes[position]
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      position += 1
      return try unicodeEscape(bytes, into: &text)
    default: throw failure("unknown escape \\\(found(bytes))", bytes)
    }
    position += 1
  }

  /// Reads four digits, and the other half of a pair; half a pair alone becomes U+FFFD.
  private mutating func unicodeEscape(
    _ bytes: Span<UInt8>,
    into text: inout [UInt8]
  ) throws(FormatError) {
    let first = try hexadecimal(bytes)
    guard first >= 0xD800, first < 0xE000 else { return text.appendScalar(first) }
    let hasNext =
      first < 0xDC00 && position + 1 < bytes.count && bytes[position] == UInt8(ascii: "\\")
      && bytes[position + 1] == UInt8(ascii: "u")
    guard hasNext else { return appendHalf(to: &text) }
    let before = position
    position += 2
    let second = try hexadecimal(bytes)
    if second >= 0xDC00, second < 0xE000 {
      text.appendScalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    } else {
      position = before
      appendHalf(to: &text)
    }
  }

  private mutating func appendHalf(to text: inout [UInt8]) {
    oddities.halves.add(position)
    text.appendScalar(0xFFFD)
  }

  /// Notes that an object has a name twice; the name begins at a position.
  mutating func noteDuplicate(at position: Int) {
    oddities.duplicates.add(position)
  }

  private mutating func hexadecimal(_ bytes: Span<UInt8>) throws(FormatError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard position < bytes.count else { throw failure("the text ends in an escape", bytes) }
      let byte = bytes[position]
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: throw failure("expected four hexadecimal digits behind \\u", bytes)
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  /// What stands at the position, for messages.
  func found(_ bytes: Span<UInt8>) -> String {
    guard position < bytes.count else { return "the end of the text" }
    var end = position + 1
    while end < bytes.count, bytes[end] & 0xC0 == 0x80, end - position < 4 { end += 1 }
    return "'\(Excerpt.text(bytes, position..<end))'"
  }

  /// Returns an error at the position.
  func failure(_ message: String, _ bytes: Span<UInt8>) -> FormatError {
    var counter = LineCounter()
    return .json(
      message,
      line: counter.line(bytes, at: position),
      column: counter.column(bytes, at: min(position, bytes.count)),
      text: Excerpt.around(bytes, position)
    )
  }
}
