internal import TundishColumns

/// Rewrites text whose fields are not separated by one byte, so that they are.
///
/// Lines stay lines, so that messages still name the right ones.
struct SeparatorRewriting {
  let separator: Separator
  /// The byte around fields that contain separators; nil where there is none.
  let quote: UInt8?

  /// The separator of rewritten text, which no table has in its values.
  static let byte: UInt8 = 0x1F

  /// Returns the text behind a byte order mark with one byte between fields.
  func rewritten(_ bytes: Span<UInt8>, start: Int) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    switch separator {
    case .text(let delimiter): rewrite(bytes, start, delimiter, into: &result)
    case .spaces: rewriteSpaces(bytes, start, into: &result)
    case .widths(let widths): rewriteColumns(bytes, start, widths, into: &result)
    }
    return result
  }

  private func rewrite(
    _ bytes: Span<UInt8>,
    _ start: Int,
    _ delimiter: [UInt8],
    into result: inout [UInt8]
  ) {
    // Spaces at the end of a delimiter may be cut off at the end of a line.
    var short = delimiter
    while short.count > 1, short.last == 0x20 { short.removeLast() }
    var isQuoted = false
    var isFieldStart = true
    var i = start
    while i < bytes.count {
      let byte = bytes[i]
      if byte == quote, isQuoted, i + 1 < bytes.count, bytes[i + 1] == quote {
        // Two quotes inside of quotes are one that belongs to the text.
        result.append(byte)
        result.append(byte)
        i += 2
        continue
      }
      if byte == quote, isQuoted || isFieldStart { isQuoted.toggle() }
      if !isQuoted, byte == delimiter[0] {
        let length =
          matches(bytes, i, delimiter)
          ? delimiter.count : endsLine(bytes, i, short) ? short.count : 0
        if length > 0 {
          result.append(Self.byte)
          i += length
          isFieldStart = true
          continue
        }
      }
      isFieldStart = !isQuoted && (byte == 0x0A || byte == 0x0D)
      result.append(byte)
      i += 1
    }
  }

  private func matches(_ bytes: Span<UInt8>, _ start: Int, _ text: [UInt8]) -> Bool {
    guard start + text.count <= bytes.count else { return false }
    for (offset, byte) in text.enumerated() where bytes[start + offset] != byte { return false }
    return true
  }

  private func endsLine(_ bytes: Span<UInt8>, _ start: Int, _ text: [UInt8]) -> Bool {
    guard matches(bytes, start, text) else { return false }
    let end = start + text.count
    return end >= bytes.count || bytes[end] == 0x0A || bytes[end] == 0x0D
  }

  private func rewriteSpaces(_ bytes: Span<UInt8>, _ start: Int, into result: inout [UInt8]) {
    var isLineStart = true
    var isPending = false
    for i in start..<bytes.count {
      switch bytes[i] {
      case 0x20: isPending = !isLineStart
      case 0x0A, 0x0D:
        isPending = false
        isLineStart = true
        result.append(bytes[i])
      default:
        if isPending { result.append(Self.byte) }
        isPending = false
        isLineStart = false
        result.append(bytes[i])
      }
    }
  }

  private func rewriteColumns(
    _ bytes: Span<UInt8>,
    _ start: Int,
    _ widths: [Int],
    into result: inout [UInt8]
  ) {
    var lineStart = start
    while lineStart < bytes.count {
      var end = lineStart
      while end < bytes.count, bytes[end] != 0x0A { end += 1 }
      var textEnd = end
      if textEnd > lineStart, bytes[textEnd - 1] == 0x0D { textEnd -= 1 }
      if textEnd > lineStart { appendColumns(bytes, lineStart..<textEnd, widths, into: &result) }
      result.append(0x0A)
      lineStart = end + 1
    }
  }

  private func appendColumns(
    _ bytes: Span<UInt8>,
    _ line: Range<Int>,
    _ widths: [Int],
    into result: inout [UInt8]
  ) {
    var field = line.lowerBound
    for (position, width) in widths.enumerated() {
      if position > 0 { result.append(Self.byte) }
      let isLast = position == widths.count - 1
      var start = min(field, line.upperBound)
      var end = isLast ? line.upperBound : min(field + width, line.upperBound)
      while start < end, bytes[start] == 0x20 { start += 1 }
      while end > start, bytes[end - 1] == 0x20 { end -= 1 }
      result.append(bytes.extracting(start..<end))
      field += width
    }
  }
}
