/// Gives the line and column of an offset, counted from 1.
///
/// Lines are counted only where a message needs them; offsets that ascend are counted once.
struct LineCounter {
  private let ending: CSVDialect.LineEnding
  private var offset = 0
  private var line = 1

  init(_ dialect: CSVDialect = CSVDialect()) {
    ending = dialect.lineEnding
  }

  /// Returns the line of an offset.
  mutating func line(_ bytes: Span<UInt8>, at target: Int) -> Int {
    if target < offset {
      offset = 0
      line = 1
    }
    let end = min(target, bytes.count)
    while offset < end {
      if ending.endsLine(bytes, offset) { line += 1 }
      offset += 1
    }
    return line
  }

  /// Returns the column of an offset in characters.
  func column(_ bytes: Span<UInt8>, at target: Int) -> Int {
    var column = 1
    var i = min(target, bytes.count)
    while i > 0, !ending.endsLine(bytes, i - 1) {
      i -= 1
      if bytes[i] & 0xC0 != 0x80 { column += 1 }
    }
    return column
  }
}
