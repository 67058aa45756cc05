internal import TundishColumns

/// Takes comments out of lines that hold a row in front of them, and spaces in front of comments.
///
/// Only where the user names the byte that begins comments: a `#` in a value is common. Lines stay
/// lines, so that messages still name the right ones.
struct CommentRemoval {
  let comment: UInt8
  /// The byte around values in which it means nothing; nil where there is none.
  let quote: UInt8?
  /// The byte between fields; nil where it is not known.
  let delimiter: UInt8?

  /// Returns the text from an offset on without such comments; nil where there are none.
  func removed(_ bytes: Span<UInt8>, start: Int) -> [UInt8]? {
    var result: [UInt8]?
    var kept = start
    var i = start
    var isQuoted = false
    var isLineStart = true
    var previous: UInt8 = 0x0A
    while i < bytes.count {
      let byte = bytes[i]
      if byte == comment, !isQuoted {
        let end = endOfLine(bytes, i)
        let cut = isLineStart ? startOfSpaces(bytes, i, start) : i
        // A comment alone on its line, at its very beginning, is passed over by the reader.
        let isWhole = cut == i && isLineStart
        if !isWhole {
          result = result ?? []
          result?.append(bytes.extracting(kept..<cut))
          kept = isLineStart ? i : end
        }
        i = end
        previous = comment
        continue
      }
      if byte == quote, isQuoted || isFieldStart(previous) { isQuoted.toggle() }
      if !isQuoted, byte == 0x0A || byte == 0x0D {
        isLineStart = true
      } else if byte != 0x20 {
        isLineStart = false
      }
      previous = byte
      i += 1
    }
    result?.append(bytes.extracting(kept..<bytes.count))
    return result
  }

  private func isFieldStart(_ previous: UInt8) -> Bool {
    if previous == 0x0A || previous == 0x0D { return true }
    if let delimiter { return previous == delimiter }
    switch previous {
    case UInt8(ascii: ","), UInt8(ascii: ";"), 0x09, UInt8(ascii: "|"), UInt8(ascii: ":"), 0x20:
      return true
    default: return false
    }
  }

  private func endOfLine(_ bytes: Span<UInt8>, _ start: Int) -> Int {
    var i = start
    while i < bytes.count, bytes[i] != 0x0A, bytes[i] != 0x0D { i += 1 }
    return i
  }

  private func startOfSpaces(_ bytes: Span<UInt8>, _ offset: Int, _ start: Int) -> Int {
    var i = offset
    while i > start, bytes[i - 1] == 0x20 { i -= 1 }
    return i
  }
}
