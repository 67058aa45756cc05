/// Names of cells such as `AB12`, and of areas such as `A3:F90`.
enum CellName {
  /// The position of a cell, counted from 0.
  static func position(_ name: String) -> (row: Int, column: Int)? {
    var column = 0
    var row = 0
    var letterCount = 0
    var digitCount = 0
    for byte in name.utf8 where byte != UInt8(ascii: "$") {
      let letter = (byte | 0x20) &- UInt8(ascii: "a")
      let digit = byte &- UInt8(ascii: "0")
      if digit < 10, letterCount > 0, digitCount < 7 {
        row = row * 10 + Int(digit)
        digitCount += 1
      } else if letter < 26, digitCount == 0, letterCount < 3 {
        column = column * 26 + Int(letter) + 1
        letterCount += 1
      } else {
        return nil
      }
    }
    guard letterCount > 0, digitCount > 0, row > 0 else { return nil }
    return (row - 1, column - 1)
  }

  /// The name of a cell.
  static func text(row: Int, column: Int) -> String {
    String(decoding: letters(column: column), as: UTF8.self) + String(row + 1)
  }

  /// The letters of a column's cells.
  static func letters(column: Int) -> [UInt8] {
    var letters: [UInt8] = []
    var rest = column + 1
    while rest > 0 {
      rest -= 1
      letters.append(UInt8(ascii: "A") + UInt8(rest % 26))
      rest /= 26
    }
    return letters.reversed()
  }

  /// The area of a text; nil where it names none.
  static func area(_ text: String) -> SheetText.Area? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard let start = parts.first, parts.count <= 2, let first = position(String(start)),
      let last = parts.count == 2 ? position(String(parts[1])) : first,
      last.row >= first.row, last.column >= first.column
    else { return nil }
    return SheetText.Area(rows: first.row...last.row, columns: first.column...last.column)
  }
}
