/// Where the lines of a text begin: turns byte offsets into lines and columns.
package struct LineTable: Sendable {
  /// The text.
  package let bytes: [UInt8]
  /// The offset of each line's first byte.
  private let lineStarts: [Int]

  /// Creates the table of a text.
  package init(_ text: String) {
    bytes = Array(text.utf8)
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == 0x0A {
      starts.append(offset + 1)
    }
    lineStarts = starts
  }

  /// Returns the line, counted from 1, that holds an offset.
  package func line(at offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// Returns the column of an offset in its line, counted in characters from 1.
  package func column(at offset: Int) -> Int {
    let start = lineStarts[line(at: offset) - 1]
    let end = min(max(offset, start), bytes.count)
    return String(decoding: bytes[start..<end], as: UTF8.self).count + 1
  }

  /// Returns the bytes of a line, counted from 1, without its line end.
  package func range(ofLine line: Int) -> SourceRange {
    let start = lineStarts[line - 1]
    var end = line < lineStarts.count ? lineStarts[line] - 1 : bytes.count
    if end > start, bytes[end - 1] == 0x0D { end -= 1 }
    return SourceRange(start, end)
  }
}
