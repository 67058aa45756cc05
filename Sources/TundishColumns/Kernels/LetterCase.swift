/// Simple case mapping: one scalar to one scalar, as SQL engines do.
enum LetterCase {
  enum Style: Sendable {
    case lower
    case upper
    case capitalized
  }

  /// Returns the texts of the first argument in another case.
  static func changed(_ input: KernelInput, to style: Style) throws(ExecutionError) -> Column {
    if style != .capitalized, case .text(let texts) = input.arguments[0].data,
      let changed = changedTogether(texts, to: style)
    {
      return input.column(.text(changed), isConstant: input.arguments[0].isConstant)
    }
    return try input.mapTextToText { (bytes, output) in
      append(bytes, as: style, to: &output)
      return true
    }
  }

  /// Returns texts in lower or upper case where all are ASCII and lie together; nil otherwise.
  ///
  /// Their lengths stay, so that one pass over all bytes does it.
  private static func changedTogether(_ texts: TextVector, to style: Style) -> TextVector? {
    guard let region = TextSweep.region(of: texts.views.span),
      ByteText.isASCII(texts.bytes.span.extracting(region))
    else { return nil }
    var bytes: [UInt8] = []
    bytes.append(texts.bytes.span.extracting(region))
    var changing = bytes.mutableSpan
    let first = firstLetter(changedTo: style)
    for i in changing.indices { changing[i] = swapped(changing[i], from: first) }
    let start = UInt32(region.lowerBound)
    let views = texts.views.map {
      TextView(start: $0.length == 0 ? 0 : $0.start &- start, length: $0.length)
    }
    return TextVector(views: views, bytes: bytes)
  }

  /// The first of the letters that a style changes.
  private static func firstLetter(changedTo style: Style) -> UInt8 {
    style == .lower ? UInt8(ascii: "A") : UInt8(ascii: "a")
  }

  /// Returns an ASCII letter in the other case, where it is among the 26 from `first`.
  @inline(__always)
  private static func swapped(_ byte: UInt8, from first: UInt8) -> UInt8 {
    byte ^ (byte &- first < 26 ? 0x20 : 0)
  }

  /// Appends a text in another case.
  static func append(_ bytes: Span<UInt8>, as style: Style, to output: inout TextOutput) {
    guard style != .capitalized else { return appendCapitalized(bytes, to: &output) }
    let first = firstLetter(changedTo: style)
    if ByteText.isASCII(bytes) {
      return output.append(bytes) { swapped($0, from: first) }
    }
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      if byte < 0x80 {
        output.append(swapped(byte, from: first))
        position &+= 1
      } else {
        let (value, width) = ByteText.scalar(at: position, in: bytes)
        output.append(scalar: style == .upper ? upper(value) : lower(value))
        position &+= width
      }
    }
  }

  private static func appendCapitalized(_ bytes: Span<UInt8>, to output: inout TextOutput) {
    var startsWord = true
    var position = 0
    while position < bytes.count {
      let (value, width) = ByteText.scalar(at: position, in: bytes)
      output.append(scalar: startsWord ? upper(value) : lower(value))
      startsWord = !continuesWord(value)
      position &+= width
    }
  }

  /// Whether a scalar is a letter, or a digit of ASCII.
  private static func continuesWord(_ value: UInt32) -> Bool {
    if value < 0x80 {
      return value >= 0x30 && value <= 0x39 || (value | 0x20) &- 0x61 < 26
    }
    return Unicode.Scalar(value)?.properties.isAlphabetic ?? true
  }

  /// Returns the scalar in lower case; itself where that is no single scalar.
  ///
  /// `İ` is `i`: the dot that Unicode would add is a scalar of its own.
  static func lower(_ value: UInt32) -> UInt32 {
    if value < 0x80 { return value >= 0x41 && value <= 0x5A ? value | 0x20 : value }
    return value < tabulated ? lowerTable[Int(value)] : computedLower(value)
  }

  /// Returns the scalar in upper case; itself where that is no single scalar.
  ///
  /// `ß` is `ẞ`, its capital letter since 2017, so that a text keeps its length.
  static func upper(_ value: UInt32) -> UInt32 {
    if value < 0x80 { return value >= 0x61 && value <= 0x7A ? value & ~0x20 : value }
    return value < tabulated ? upperTable[Int(value)] : computedUpper(value)
  }

  /// The letters of Latin, Greek and Cyrillic lie below; asking Unicode for one takes 0.2 µs.
  private static let tabulated: UInt32 = 0x600
  private static let lowerTable = (0..<tabulated).map(computedLower)
  private static let upperTable = (0..<tabulated).map(computedUpper)

  private static func computedLower(_ value: UInt32) -> UInt32 {
    if value == 0x130 { return 0x69 }
    guard let scalar = Unicode.Scalar(value) else { return value }
    return single(scalar.properties.lowercaseMapping) ?? value
  }

  private static func computedUpper(_ value: UInt32) -> UInt32 {
    // Unicode writes ß as SS; the capital letter keeps it one.
    if value == 0xDF { return 0x1E9E }
    guard let scalar = Unicode.Scalar(value) else { return value }
    return single(scalar.properties.uppercaseMapping) ?? value
  }

  private static func single(_ text: String) -> UInt32? {
    let scalars = text.unicodeScalars
    return scalars.count == 1 ? scalars.first?.value : nil
  }
}
