/// Tells Japanese text in Shift-JIS, as Excel writes it in Japan, from other bytes that are not UTF-8.
enum JapaneseBytes {
  /// Whether all bytes are Shift-JIS, and most characters of two bytes stand beside others.
  ///
  /// An apostrophe or quotation mark of Windows-1252 with a letter behind it looks like a character of
  /// two bytes as well, but such pairs stand alone.
  static func isShiftJIS(_ bytes: Span<UInt8>) -> Bool {
    var (pairCount, neighbourCount, run) = (0, 0, 0)
    var i = 0
    while i < bytes.count {
      let byte = bytes[i]
      // A valid character of three bytes says that the text is UTF-8 with damage.
      if byte >= 0xE0, UTF8Check.characterLength(bytes, i, bytes.count) > 2 { return false }
      switch byte {
      case 0x81...0x9F, 0xE0...0xFC:
        // A sample may end within a character.
        guard i + 1 < bytes.count else { break }
        let second = bytes[i + 1]
        guard second >= 0x40, second <= 0xFC, second != 0x7F else { return false }
        pairCount += 1
        run += 1
        if run > 1 { neighbourCount += run == 2 ? 2 : 1 }
        i += 2
        continue
      case 0xA1...0xDF: break
      case 0..<0x80: run = 0
      case _: return false
      }
      i += 1
    }
    return neighbourCount >= 4 && neighbourCount * 10 >= pairCount * 6
  }
}
