internal import CExpat

/// The name of an element or attribute, in two words instead of a text.
///
/// A sheet has an element or two and three attributes for every cell, which are told apart by comparing
/// words. Names beyond 16 bytes, of which workbooks that are read have none that matter, are all the
/// same name.
struct XMLName: Hashable {
  private let first: UInt64
  private let last: UInt64

  private static let maximumByteCount = 16

  /// A name that the program knows.
  init(_ name: StaticString) {
    // A static text lives as long as the program.
    self = name.withUTF8Buffer { unsafe XMLName($0) }
  }

  /// The name behind a prefix such as `x:`.
  ///
  /// The pointer is one that expat gave: bytes that end with a zero.
  init(unsafe name: UnsafePointer<XML_Char>) {
    var start = 0
    var end = 0
    while unsafe name[end] != 0 {
      if unsafe name[end] == CChar(bitPattern: UInt8(ascii: ":")) { start = end + 1 }
      end += 1
    }
    // There are `end` bytes in front of the zero.
    self = unsafe UnsafeRawBufferPointer(start: name + start, count: end - start)
      .withMemoryRebound(to: UInt8.self) { unsafe XMLName($0) }
  }

  private init(_ bytes: UnsafeBufferPointer<UInt8>) {
    var words: (UInt64, UInt64) = (0, 0)
    let count = bytes.count
    guard count <= Self.maximumByteCount else {
      (first, last) = (UInt64.max, UInt64.max)
      return
    }
    for i in 0..<min(count, 8) { words.0 = unsafe words.0 << 8 | UInt64(bytes[i]) }
    for i in min(count, 8)..<count { words.1 = unsafe words.1 << 8 | UInt64(bytes[i]) }
    (first, last) = words
  }
}

/// The attributes of an element, as long as its beginning is told.
@safe
struct XMLAttributes {
  /// Names and values as expat gives them: C strings in pairs, with a nil behind the last.
  ///
  /// They live until the receiver returns; `XMLScanner` makes attributes for one call only.
  private let pairs: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?

  init(unsafe pairs: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?) {
    unsafe self.pairs = pairs
  }

  /// The value of an attribute as text; nil where there is none.
  subscript(name: XMLName) -> String? {
    unsafe value(name).map { unsafe String(cString: $0) }
  }

  /// The value of an attribute as a number of at most nine digits; nil where it is none.
  func number(_ name: XMLName) -> Int? {
    guard let text = unsafe value(name) else { return nil }
    var number = 0
    var i = 0
    while unsafe text[i] != 0 {
      let digit = unsafe UInt8(bitPattern: text[i]) &- UInt8(ascii: "0")
      guard digit < 10, i < 9 else { return nil }
      number = number &* 10 &+ Int(digit)
      i += 1
    }
    return i > 0 ? number : nil
  }

  /// The column that an attribute such as `AB12` names, counted from 0; nil where it names none.
  func cellColumn(_ name: XMLName) -> Int? {
    guard let text = unsafe value(name) else { return nil }
    var column = 0
    var i = 0
    while i < 3 {
      let letter = unsafe (UInt8(bitPattern: text[i]) | 0x20) &- UInt8(ascii: "a")
      guard letter < 26 else { break }
      column = column &* 26 &+ Int(letter) &+ 1
      i += 1
    }
    // What is odd is left to the careful way.
    let next = unsafe UInt8(bitPattern: text[i]) &- UInt8(ascii: "1")
    guard i > 0, next < 9 else { return unsafe CellName.position(String(cString: text))?.column }
    return column - 1
  }

  /// The value of an attribute as a short word; nil where there is none.
  func word(_ name: XMLName) -> XMLName? {
    unsafe value(name).map { unsafe XMLName(unsafe: $0) }
  }

  private func value(_ name: XMLName) -> UnsafePointer<XML_Char>? {
    guard var next = unsafe pairs else { return nil }
    while let key = unsafe next[0], let value = unsafe next[1] {
      if unsafe XMLName(unsafe: key) == name { return unsafe value }
      unsafe next += 2
    }
    return nil
  }
}
