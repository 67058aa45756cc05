/// Turns the cells of a sheet into delimited text, which is then read as every other such text is.
///
/// So header, title lines, types and units are found out for sheets as they are for exports. Numbers
/// keep the digits that the file has; dates are written as ISO 8601 says.
final class SheetText: XMLReceiver {
  /// A part of a sheet, such as `A3:F90`, counted from 0.
  struct Area {
    var rows: ClosedRange<Int>
    var columns: ClosedRange<Int>
    static let all = Area(rows: 0...1_048_575, columns: 0...16_383)
  }

  /// Whether no cell has a value.
  private(set) var isEmpty = true
  /// Why the sheet cannot be read.
  private(set) var failure: String?

  private let book: Workbook
  private let area: Area
  private var bytes: [UInt8] = []
  /// Per row, where its text ends and how many delimiters it has.
  private var rows: [(end: Int, delimiterCount: Int)] = []
  private var row = -1
  private var nextRow = 0
  private var column = -1
  private var nextColumn = 0
  private var delimiterCount = 0
  private var type = ""
  private var style = 0
  private var value: [UInt8] = []
  private var takesText = false
  private var phoneticDepth = 0

  /// The bytes of all cells together.
  private static let maximumByteCount = 1 << 31

  init(_ book: Workbook, area: Area) {
    self.book = book
    self.area = area
  }

  func begin(_ name: String, _ attributes: [String: String]) {
    switch name {
    case "row":
      row = attributes["r"].flatMap { Int($0) }.map { $0 &- 1 } ?? nextRow
      nextRow = row &+ 1
      nextColumn = 0
      delimiterCount = 0
    case "c":
      column = attributes["r"].flatMap { CellName.position($0) }?.column ?? nextColumn
      nextColumn = column + 1
      type = attributes["t"] ?? "n"
      style = attributes["s"].flatMap { Int($0) } ?? 0
      value = []
    case "rPh": phoneticDepth += 1
    case "v": takesText = true
    case "t": takesText = phoneticDepth == 0
    default: break
    }
  }

  func end(_ name: String) {
    switch name {
    case "v", "t": takesText = false
    case "rPh": phoneticDepth -= 1
    case "c": takeCell()
    case "row":
      guard area.rows.contains(row), bytes.count > rows.last?.end ?? 0 else { return }
      rows.append((bytes.count, delimiterCount))
    default: break
    }
  }

  func text(_ piece: UnsafeBufferPointer<UInt8>) {
    if takesText { unsafe value.append(contentsOf: piece) }
  }

  /// The text with as many fields in every row.
  func delimited() -> [UInt8] {
    let width = rows.reduce(0) { max($0, $1.delimiterCount) }
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count + rows.count * 2)
    var start = 0
    for row in rows {
      text.append(contentsOf: bytes[start..<row.end])
      for _ in row.delimiterCount..<width { text.append(UInt8(ascii: ",")) }
      text.append(0x0A)
      start = row.end
    }
    return text
  }

  private func takeCell() {
    guard area.rows.contains(row), area.columns.contains(column), !value.isEmpty, failure == nil
    else { return }
    guard bytes.count < Self.maximumByteCount else {
      failure = "is too large"
      return
    }
    let place = column - area.columns.lowerBound
    while delimiterCount < place {
      bytes.append(UInt8(ascii: ","))
      delimiterCount += 1
    }
    switch type {
    case "s":
      guard let index = Int(String(decoding: value, as: UTF8.self)), index >= 0,
        index < book.texts.count
      else {
        failure = "names a shared text that does not exist"
        return
      }
      appendText(book.texts[index])
    case "b": bytes.append(value == [UInt8(ascii: "1")] ? "true" : "false")
    // Errors such as #DIV/0! are no values.
    case "e": break
    case "n": appendNumber()
    default: appendText(value)
    }
    isEmpty = false
  }

  private func appendText(_ text: [UInt8]) {
    let quote = UInt8(ascii: "\"")
    guard text.contains(where: { $0 == UInt8(ascii: ",") || $0 == quote || $0 <= 0x20 }) else {
      bytes.append(contentsOf: text)
      return
    }
    bytes.append(quote)
    for byte in text {
      if byte == quote { bytes.append(quote) }
      bytes.append(byte)
    }
    bytes.append(quote)
  }

  private func appendNumber() {
    let kind = style >= 0 && style < book.kinds.count ? book.kinds[style] : .number
    guard let number = Double(String(decoding: value, as: UTF8.self)), number.isFinite else {
      appendText(value)
      return
    }
    if kind != .number, let text = SerialDate.text(number, kind, from1904: book.countsFrom1904) {
      bytes.append(text)
    } else if let whole = Int64(exactly: number), whole.magnitude < 1 << 53 {
      bytes.appendInteger(whole)
    } else {
      // The shortest text that gives the number back: 0.1 and not 0.10000000000000001.
      bytes.append(number.description)
    }
  }
}
