/// Encodings of text other than UTF-8, which is what everything behind this file reads.
package enum TextEncoding: String, Sendable, Hashable, CaseIterable {
  case utf8 = "utf-8"
  case utf16LittleEndian = "utf-16le"
  case utf16BigEndian = "utf-16be"
  case latin1 = "latin1"
  case windows1252 = "windows-1252"
  case latin2 = "iso-8859-2"
  case latin9 = "iso-8859-15"
  case windows1250 = "windows-1250"
  case windows1251 = "windows-1251"
  case windows1253 = "windows-1253"
  case windows1254 = "windows-1254"
  case windows1257 = "windows-1257"
  case koi8 = "koi8-r"
  case codePage437 = "cp437"
  case codePage850 = "cp850"
  case macintosh = "macintosh"
  case shiftJIS = "shift_jis"
  case eucJapanese = "euc-jp"
  case gb18030 = "gb18030"
  case big5 = "big5"
  case eucKorean = "euc-kr"

  /// Returns the encoding of a name; `utf-16` is told apart by the file.
  static func named(_ name: String, _ bytes: Span<UInt8>) throws(FormatError) -> TextEncoding {
    let key = name.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " }
    switch key {
    case "utf8": return .utf8
    case "utf16":
      return bytes.count >= 2 && bytes[0] == 0xFE && bytes[1] == 0xFF
        ? .utf16BigEndian : .utf16LittleEndian
    case "utf16le": return .utf16LittleEndian
    case "utf16be": return .utf16BigEndian
    case "latin1", "iso88591", "l1": return .latin1
    case "windows1252", "cp1252", "ansi", "win1252": return .windows1252
    default: break
    }
    let other = Self.allCases.first { encoding in
      encoding.rawValue.filter { $0 != "-" && $0 != "_" } == key
        || encoding.rawValue == "windows-" + key.drop(while: { !$0.isNumber })
          && ["cp", "win"].contains { key.hasPrefix($0) }
    }
    if let other { return other }
    switch key {
    case "latin2": return .latin2
    case "latin9": return .latin9
    case "sjis", "cp932", "windows31j": return .shiftJIS
    case "gbk", "gb2312", "cp936": return .gb18030
    case "cp949": return .eucKorean
    case "cp950": return .big5
    default: throw .unknownEncoding(name)
    }
  }

  /// Finds the encoding of a text out.
  ///
  /// Bytes that are not UTF-8 are taken for Windows-1252 only where that makes sense of all of them:
  /// letters with accents beside other letters, currency signs and typographic marks.
  ///
  /// A sample is enough at first, since reading checks every byte.
  static func detected(_ bytes: Span<UInt8>, isSample: Bool) -> TextEncoding {
    if bytes.count >= 2 {
      if bytes[0] == 0xFF, bytes[1] == 0xFE { return .utf16LittleEndian }
      if bytes[0] == 0xFE, bytes[1] == 0xFF { return .utf16BigEndian }
      if let wide = wideEncoding(bytes) { return wide }
    }
    let count = isSample ? min(bytes.count, sampleByteCount) : bytes.count
    guard let offset = UTF8Check.firstInvalid(bytes, 0..<count),
      count == bytes.count || offset < count - 4
    else { return .utf8 }
    if JapaneseBytes.isShiftJIS(bytes.extracting(..<count)) { return .shiftJIS }
    if isPlausibleWindows1252(bytes) { return .windows1252 }
    if isPlausibleWindows1251(bytes) { return .windows1251 }
    return isPlausibleWindows1250(bytes) ? .windows1250 : .utf8
  }

  /// Cyrillic text is words of letters beyond ASCII, most of them small.
  private static func isPlausibleWindows1251(_ bytes: Span<UInt8>) -> Bool {
    var (capitalCount, smallCount, wordCount, wasLetter) = (0, 0, 0, false)
    for i in bytes.indices {
      var isHighLetter = false
      switch bytes[i] {
      case 0xC0...0xDF, 0xA8: (capitalCount, isHighLetter) = (capitalCount + 1, true)
      case 0xE0...0xFF, 0xB8: (smallCount, isHighLetter) = (smallCount + 1, true)
      case 0..<0x80, 0x84, 0x85, 0x88, 0x91...0x97, 0xA0, 0xA7, 0xAB, 0xB0, 0xB9, 0xBB: break
      case _: return false
      }
      if isHighLetter, !wasLetter { wordCount += 1 }
      wasLetter = isHighLetter
    }
    return smallCount >= 8 && smallCount > capitalCount * 2
      && smallCount + capitalCount > wordCount * 3
  }

  /// Polish and Romanian text has letters where Windows-1252 has signs that stand in no word.
  private static func isPlausibleWindows1250(_ bytes: Span<UInt8>) -> Bool {
    func isInWord(_ i: Int) -> Bool {
      i > 0 && (isLetter(bytes[i - 1]) || bytes[i - 1] >= 0x80)
        || i + 1 < bytes.count && (isLetter(bytes[i + 1]) || bytes[i + 1] >= 0x80)
    }
    var proofCount = 0
    for i in bytes.indices where bytes[i] >= 0x80 {
      if UTF8Check.characterLength(bytes, i, bytes.count) > 2 { return false }
      switch bytes[i] {
      // ł Ł ą Ą ş Ş ż Ż ś Ś ź Ź
      case 0xB3, 0xA3, 0xB9, 0xA5, 0xBA, 0xAA, 0xBF, 0xAF, 0x9C, 0x8C, 0x9F, 0x8F:
        guard isInWord(i) else { return false }
        proofCount += 1
      case 0xC0...0xD6, 0xD8...0xF6, 0xF8...0xFE: guard isInWord(i) else { return false }
      case 0x80, 0x82, 0x84, 0x85, 0x91...0x97, 0xA0, 0xA7, 0xAB, 0xB0, 0xBB: continue
      default: return false
      }
    }
    return proofCount > 0
  }

  private static let sampleByteCount = 1 << 16

  /// UTF-16 without a mark: every other byte of a text in Latin letters is zero.
  private static func wideEncoding(_ bytes: Span<UInt8>) -> TextEncoding? {
    let count = min(bytes.count, 256) & ~1
    guard count >= 4 else { return nil }
    var zeros = (even: 0, odd: 0)
    for i in 0..<count where bytes[i] == 0 {
      if i & 1 == 0 { zeros.even += 1 } else { zeros.odd += 1 }
    }
    let half = count / 2
    if zeros.even == 0, zeros.odd * 10 >= half * 9 { return .utf16LittleEndian }
    if zeros.odd == 0, zeros.even * 10 >= half * 9 { return .utf16BigEndian }
    return nil
  }

  private static func isPlausibleWindows1252(_ bytes: Span<UInt8>) -> Bool {
    var i = 0
    while i < bytes.count {
      let byte = bytes[i]
      defer { i += 1 }
      guard byte >= 0x80 else { continue }
      // A valid character of several bytes says that the file is UTF-8 with damage.
      if UTF8Check.characterLength(bytes, i, bytes.count) > 2 { return false }
      switch byte {
      case 0xB3:
        // The Polish ł of another encoding, and no exponent.
        let before = i > 0 && isLetter(bytes[i - 1])
        let after = i + 1 < bytes.count && isLetter(bytes[i + 1])
        if before && (after || bytes[i - 1] | 0x20 == UInt8(ascii: "z")) { return false }
      case 0x80, 0x82, 0x84, 0x85, 0x91...0x97, 0x99, 0xA0, 0xA3, 0xA7, 0xA9, 0xAB, 0xAE, 0xB0,
        0xB2, 0xB4, 0xB7, 0xBA, 0xBB:
        continue
      case 0xC0...0xD6, 0xD8...0xF6, 0xF8...0xFE, 0x8A, 0x8C, 0x8E, 0x9A, 0x9C, 0x9E, 0x9F:
        let before = i > 0 && isLetter(bytes[i - 1])
        let after = i + 1 < bytes.count && isLetter(bytes[i + 1])
        guard before || after || isWord(bytes, i) else { return false }
      default: return false
      }
    }
    return true
  }

  /// Whether a letter with an accent stands alone that is a word somewhere, such as `à`; the others
  /// are rather what is left of a character of several bytes.
  private static func isWord(_ bytes: Span<UInt8>, _ i: Int) -> Bool {
    let isAlone = (i == 0 || bytes[i - 1] < 0x80) && (i + 1 == bytes.count || bytes[i + 1] < 0x80)
    switch bytes[i] {
    case 0xC0, 0xC9, 0xE0, 0xE8, 0xE9, 0xED, 0xF3, 0xF6, 0xF8, 0xFA, 0xFC: return isAlone
    default: return false
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- UInt8(ascii: "a") < 26
  }

  /// Returns the text as UTF-8, without a byte order mark; nil where it is UTF-8 already.
  func transcoded(_ bytes: Span<UInt8>) throws(FormatError) -> [UInt8]? {
    switch self {
    case .utf8: return nil
    case .latin1: return Self.singleBytes(bytes, high: (0x80...0x9F).map { $0 })
    case .windows1252: return Self.singleBytes(bytes, high: Self.windows1252High)
    case .utf16LittleEndian: return Self.wide(bytes, isBigEndian: false)
    case .utf16BigEndian: return Self.wide(bytes, isBigEndian: true)
    case .latin2, .latin9, .windows1250, .windows1251, .windows1253, .windows1254, .windows1257,
      .koi8, .codePage437, .codePage850, .macintosh, .shiftJIS, .eucJapanese, .gb18030, .big5,
      .eucKorean:
      guard let text = Transcoding.utf8(bytes, from: systemName) else {
        throw .missingEncoding(rawValue)
      }
      return text
    }
  }

  /// The name by which the system knows the encoding.
  private var systemName: String {
    switch self {
    case .windows1250, .windows1251, .windows1253, .windows1254, .windows1257:
      "CP" + rawValue.drop(while: { !$0.isNumber })
    case .shiftJIS: "CP932"
    case .eucKorean: "CP949"
    case .codePage437, .codePage850, .utf8, .utf16LittleEndian, .utf16BigEndian, .latin1,
      .windows1252, .latin2, .latin9, .koi8, .macintosh, .eucJapanese, .gb18030, .big5:
      rawValue.uppercased()
    }
  }

  private static func singleBytes(_ bytes: Span<UInt8>, high: [UInt32]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count + bytes.count / 8)
    for i in bytes.indices {
      let byte = bytes[i]
      switch byte {
      case 0..<0x80: text.append(byte)
      case 0x80...0x9F: text.appendScalar(high[Int(byte - 0x80)])
      default: text.appendScalar(UInt32(byte))
      }
    }
    return text
  }

  private static func wide(_ bytes: Span<UInt8>, isBigEndian: Bool) -> [UInt8] {
    func unit(_ i: Int) -> UInt32 {
      let first = UInt32(bytes[i])
      let second = UInt32(bytes[i + 1])
      return isBigEndian ? first << 8 | second : second << 8 | first
    }
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    var i = 0
    if bytes.count >= 2, unit(0) == 0xFEFF { i = 2 }
    while i + 1 < bytes.count {
      let first = unit(i)
      i += 2
      if first >= 0xD800, first < 0xDC00, i + 1 < bytes.count, unit(i) >= 0xDC00, unit(i) < 0xE000 {
        text.appendScalar(0x10000 + (first - 0xD800) << 10 + (unit(i) - 0xDC00))
        i += 2
      } else if first >= 0xD800, first < 0xE000 {
        text.appendScalar(0xFFFD)
      } else {
        text.appendScalar(first)
      }
    }
    return text
  }

  // swift-format-ignore: the table of the bytes 0x80 to 0x9F
  private static let windows1252High: [UInt32] = [
    0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
    0x0152, 0x8D, 0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
  ]
}

extension [UInt8] {
  /// Appends a Unicode scalar as UTF-8.
  mutating func appendScalar(_ scalar: UInt32) {
    func continuation(_ shift: UInt32) -> UInt8 {
      UInt8(truncatingIfNeeded: 0x80 | (scalar >> shift & 0x3F))
    }
    switch scalar {
    case 0..<0x80: append(UInt8(truncatingIfNeeded: scalar))
    case 0x80..<0x800:
      append(UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6))
      append(continuation(0))
    case 0x800..<0x10000:
      append(UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12))
      append(continuation(6))
      append(continuation(0))
    default:
      append(UInt8(truncatingIfNeeded: 0xF0 | (scalar >> 18 & 7)))
      append(continuation(12))
      append(continuation(6))
      append(continuation(0))
    }
  }
}
