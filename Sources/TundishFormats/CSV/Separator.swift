/// What separates the fields of a text where it is not one byte.
package enum Separator: Sendable, Hashable {
  /// Several bytes, such as `, `.
  case text([UInt8])
  /// One or more spaces, as in columns that are aligned.
  case spaces
  /// Nothing: fields have fixed widths in bytes, the last one takes the rest.
  case widths([Int])

  private static let sampleByteCount = 64 << 10
  private static let sampleLineCount = 200
  private static let longDelimiters = [", ", "; ", "\t\t", "||", "::", " | "]

  /// Looks for such a separator in the beginning of a text; nil where there is none.
  static func detected(_ bytes: Span<UInt8>, start: Int) -> Separator? {
    let lines = lines(bytes, start: start)
    guard lines.count >= 2 else { return nil }
    for text in longDelimiters where isConsistent(bytes, lines, Array(text.utf8)) {
      return .text(Array(text.utf8))
    }
    return isAligned(bytes, lines) ? .spaces : nil
  }

  /// Whole lines of a sample, blank ones left out.
  private static func lines(_ bytes: Span<UInt8>, start: Int) -> [Range<Int>] {
    let end = min(bytes.count, start + sampleByteCount)
    var lines: [Range<Int>] = []
    var lineStart = start
    var i = start
    while i < end, lines.count < sampleLineCount {
      if bytes[i] == 0x0A || bytes[i] == 0x0D {
        if i > lineStart { lines.append(lineStart..<i) }
        lineStart = i + 1
      }
      i += 1
    }
    if end == bytes.count, lineStart < end, lines.count < sampleLineCount {
      lines.append(lineStart..<end)
    }
    return lines
  }

  /// Whether the byte that a delimiter is known by stands outside quotes only where the whole
  /// delimiter does, and as often in nearly every line.
  private static func isConsistent(
    _ bytes: Span<UInt8>,
    _ lines: [Range<Int>],
    _ delimiter: [UInt8]
  ) -> Bool {
    guard let lead = delimiter.firstIndex(where: { $0 != 0x20 }) else { return false }
    let mark = delimiter[lead]
    var counts: [Int: Int] = [:]
    for line in lines {
      var count = 0
      var isQuoted = false
      var i = line.lowerBound
      while i < line.upperBound {
        if bytes[i] == UInt8(ascii: "\"") { isQuoted.toggle() }
        guard !isQuoted, bytes[i] == mark else {
          i += 1
          continue
        }
        guard isWhole(bytes, at: i - lead, delimiter, line) else { return false }
        count += 1
        i += delimiter.count - lead
      }
      counts[count, default: 0] += 1
    }
    guard let most = counts.max(by: { $0.value < $1.value }), most.key >= 1 else { return false }
    return most.value * 10 >= lines.count * 9
  }

  /// Whether a delimiter stands at an offset; spaces at its end may be cut off with the line.
  private static func isWhole(
    _ bytes: Span<UInt8>,
    at first: Int,
    _ delimiter: [UInt8],
    _ line: Range<Int>
  ) -> Bool {
    guard first >= line.lowerBound else { return false }
    for (offset, byte) in delimiter.enumerated() {
      let place = first + offset
      guard place < line.upperBound ? bytes[place] == byte : byte == 0x20 else { return false }
    }
    return true
  }

  /// Whether every line has as many words, at least three, and some are further apart than a space.
  private static func isAligned(_ bytes: Span<UInt8>, _ lines: [Range<Int>]) -> Bool {
    guard lines.count >= 3 else { return false }
    var expected: Int?
    var hasRuns = false
    for line in lines {
      var words = 0
      var isWord = false
      for i in line {
        switch bytes[i] {
        case 0x20:
          if i > line.lowerBound, bytes[i - 1] == 0x20 { hasRuns = true }
          isWord = false
        case UInt8(ascii: ","), UInt8(ascii: ";"), 0x09, UInt8(ascii: "|"), UInt8(ascii: "\""):
          return false
        default:
          if !isWord { words += 1 }
          isWord = true
        }
      }
      if let expected, expected != words { return false }
      expected = words
    }
    return hasRuns && (expected ?? 0) >= 3
  }
}
