/// The values of literal tokens: quotes removed, escapes applied, separators dropped.
enum Literals {
  /// Returns the text of a string token.
  static func string(_ bytes: ArraySlice<UInt8>) -> String {
    guard let first = bytes.first else { return "" }
    switch first {
    case UInt8(ascii: "'"):
      return String(decoding: undoubled(bytes.dropFirst(), quote: first), as: UTF8.self)
    case UInt8(ascii: "$"):
      return dollarString(bytes)
    default:
      return String(decoding: unescaped(bytes.dropFirst(2)), as: UTF8.self)
    }
  }

  /// Returns the name of a quoted name token.
  static func quotedName(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: undoubled(bytes.dropFirst(), quote: UInt8(ascii: "\"")), as: UTF8.self)
  }

  /// Returns the bytes of a blob token.
  static func blob(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    let digits = bytes.dropFirst(2).compactMap(Lexer.hexValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map {
      UInt8(digits[$0] * 16 + digits[$0 + 1])
    }
  }

  /// Returns the digits of a number token without separators; integers in base ten, or nil if a
  /// prefixed integer is larger than 128 bits.
  static func number(_ bytes: ArraySlice<UInt8>) -> String? {
    let digits = bytes.filter { $0 != UInt8(ascii: "_") }
    guard digits.count > 2, digits[0] == UInt8(ascii: "0"),
      let radix = [UInt8(ascii: "x"): 16, UInt8(ascii: "o"): 8, UInt8(ascii: "b"): 2][
        digits[1] | 0x20
      ]
    else {
      var text = String(decoding: digits, as: UTF8.self)
      if text.first == "." { text = "0" + text }
      return text
    }
    var value: UInt128 = 0
    for digit in digits.dropFirst(2).compactMap(Lexer.hexValue) {
      let (product, overflowed) = value.multipliedReportingOverflow(by: UInt128(radix))
      if overflowed { return nil }
      value = product + UInt128(digit)
    }
    return String(value)
  }

  /// Drops the closing quote and makes one of two quotes.
  private static func undoubled(_ bytes: ArraySlice<UInt8>, quote: UInt8) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      if bytes[index] == quote {
        guard index + 1 < bytes.endIndex, bytes[index + 1] == quote else { break }
        index += 1
      }
      result.append(bytes[index])
      index += 1
    }
    return result
  }

  private static func dollarString(_ bytes: ArraySlice<UInt8>) -> String {
    let dollar = UInt8(ascii: "$")
    guard let tagEnd = bytes.dropFirst().firstIndex(of: dollar) else { return "" }
    let tag = bytes[bytes.startIndex...tagEnd]
    var body = bytes[(tagEnd + 1)...]
    if body.count >= tag.count, body.suffix(tag.count).elementsEqual(tag) {
      body = body.dropLast(tag.count)
    }
    return String(decoding: body, as: UTF8.self)
  }

  /// The escapes of `E'...'`: `\n \t \r \b \f \v \\ \' \xHH \uXXXX \UXXXXXXXX` and octal.
  private static func unescaped(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    let quote = UInt8(ascii: "'")
    var result: [UInt8] = []
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      index += 1
      if byte == quote {
        guard index < bytes.endIndex, bytes[index] == quote else { break }
        index += 1
        result.append(quote)
      } else if byte == UInt8(ascii: "\\"), index < bytes.endIndex {
        let escape = bytes[index]
        index += 1
        appendEscape(escape, bytes, &index, &result)
      } else {
        result.append(byte)
      }
    }
    return result
  }

  private static func appendEscape(
    _ escape: UInt8,
    _ bytes: ArraySlice<UInt8>,
    _ index: inout Int,
    _ result: inout [UInt8]
  ) {
    switch escape {
    case UInt8(ascii: "n"): result.append(0x0A)
    case UInt8(ascii: "t"): result.append(0x09)
    case UInt8(ascii: "r"): result.append(0x0D)
    case UInt8(ascii: "b"): result.append(0x08)
    case UInt8(ascii: "f"): result.append(0x0C)
    case UInt8(ascii: "v"): result.append(0x0B)
    case UInt8(ascii: "x"):
      appendScalar(digits(bytes, &index, limit: 2, radix: 16), else: escape, &result)
    case UInt8(ascii: "u"):
      appendScalar(digits(bytes, &index, limit: 4, radix: 16), else: escape, &result)
    case UInt8(ascii: "U"):
      appendScalar(digits(bytes, &index, limit: 8, radix: 16), else: escape, &result)
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
      index -= 1
      appendScalar(digits(bytes, &index, limit: 3, radix: 8), else: escape, &result)
    default: result.append(escape)
    }
  }

  private static func digits(
    _ bytes: ArraySlice<UInt8>,
    _ index: inout Int,
    limit: Int,
    radix: Int
  ) -> Int? {
    var value: Int?
    var count = 0
    while count < limit, index < bytes.endIndex, let digit = Lexer.hexValue(bytes[index]),
      digit < radix
    {
      value = (value ?? 0) * radix + digit
      index += 1
      count += 1
    }
    return value
  }

  private static func appendScalar(_ value: Int?, else escape: UInt8, _ result: inout [UInt8]) {
    guard let value, let scalar = UInt32(exactly: value).flatMap(Unicode.Scalar.init) else {
      result.append(escape)
      return
    }
    result.append(contentsOf: String(Character(scalar)).utf8)
  }
}
