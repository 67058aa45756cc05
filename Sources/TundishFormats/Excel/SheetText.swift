internal import TundishColumns

/// Turns the cells of a sheet into delimited text, which is then read as every other such text is.
///
/// So header, title lines, types and units are found out for sheets as they are for exports. Numbers
/// keep the digits that the file has; dates are written as ISO 8601 says.
///
/// Formats beside that give columns their unit, errors and formulas without a stored value are
/// counted, and what merged cells show stands in each of their rows.
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
  /// Per row, its number, where its line ends and how many delimiters it has.
  private var rows: [(number: Int, end: Int, delimiterCount: Int)] = []
  private var merges = MergedCells()
  /// By position among the fields.
  private var tallies: [UnitTally] = []
  private var errors = CellCount()
  private var emptyFormulas = CellCount()
  private var hasFormula = false
  private var row = -1
  private var nextRow = 0
  private var column = -1
  private var nextColumn = 0
  private var delimiterCount = 0
  /// The delimiters of every row so far, and whether an earlier one has fewer.
  private var width = 0
  private var isUneven = false
  private var type = XMLName.number
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

  func begin(_ name: XMLName, _ attributes: XMLAttributes) {
    switch name {
    case .c:
      column = attributes.cellColumn(.r) ?? nextColumn
      nextColumn = column + 1
      type = attributes.word(.t) ?? .number
      style = attributes.number(.s) ?? 0
      value.removeAll(keepingCapacity: true)
      hasFormula = false
    case .v: takesText = true
    case .row:
      row = attributes.number(.r).map { $0 - 1 } ?? nextRow
      nextRow = row + 1
      nextColumn = 0
      delimiterCount = 0
    case .formula: hasFormula = true
    case .phonetic: phoneticDepth += 1
    case .mergeCell:
      if let area = attributes[.ref].flatMap({ CellName.area($0) }) { merges.add(area) }
    case .t: takesText = phoneticDepth == 0
    default: break
    }
  }

  func end(_ name: XMLName) {
    switch name {
    case .v, .t: takesText = false
    case .c: takeCell()
    case .phonetic: phoneticDepth -= 1
    case .row:
      guard area.rows.contains(row), bytes.count > rows.last?.end ?? 0 else { return }
      if delimiterCount > width {
        if !rows.isEmpty { isUneven = true }
        width = delimiterCount
      }
      while delimiterCount < width {
        bytes.append(UInt8(ascii: ","))
        delimiterCount += 1
      }
      bytes.append(0x0A)
      rows.append((row, bytes.count, delimiterCount))
    default: break
    }
  }

  func text(_ piece: UnsafeBufferPointer<UInt8>) {
    if takesText { unsafe value.append(contentsOf: piece) }
  }

  /// The text with as many fields in every row; may be asked for once.
  func delimited() -> [UInt8] {
    if !isUneven, merges.isEmpty {
      // Handed over, as a copy would double what a large sheet needs.
      let text = bytes
      bytes = []
      return text
    }
    let columns = area.columns.lowerBound...area.columns.lowerBound + width
    var filling = merges.filling(within: Area(rows: area.rows, columns: columns))
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count + rows.count * 2)
    var start = 0
    for row in rows {
      let line = text.count
      text.append(bytes.span.extracting(start..<row.end - 1))
      for _ in row.delimiterCount..<width { text.append(UInt8(ascii: ",")) }
      filling.fill(&text, from: line, row: row.number)
      text.append(0x0A)
      start = row.end
    }
    filledRowCount = filling.filledRowCount
    return text
  }

  /// The rows that show what a merged cell above them says.
  private(set) var filledRowCount = 0

  /// What the user must know about the cells, one line each.
  var notes: [String] {
    var notes: [String] = []
    if let text = errors.text("holds an error", "hold errors") {
      notes.append(text + ", read as NULL")
    }
    if let text = emptyFormulas.text(
      "has a formula without a value",
      "have formulas without values"
    ) {
      notes.append(text + ", read as NULL: save the file in Excel first")
    }
    if filledRowCount > 0 {
      let rows = filledRowCount == 1 ? "1 row shows" : "\(filledRowCount) rows show"
      notes.append("\(rows) what a merged cell above says")
    }
    return notes
  }

  /// By position among the fields, the unit of the columns whose numbers all have it.
  var units: [Int: Unit] {
    var units: [Int: Unit] = [:]
    for (place, tally) in tallies.enumerated() { units[place] = tally.unit }
    return units
  }

  private func takeCell() {
    guard area.rows.contains(row), area.columns.contains(column), failure == nil else { return }
    // A formula that shows nothing is as good as no cell; a text that somebody put in is a text.
    let isEmptyText = value.isEmpty && type != .number && !hasFormula
    if value.isEmpty, !isEmptyText {
      if hasFormula, type == .number { emptyFormulas.add(row, column, "") }
      return
    }
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
    case .sharedText:
      guard let index = value.wholeNumber, index >= 0, index < book.texts.count else {
        failure = "names a shared text that does not exist"
        return
      }
      book.texts.withText(Int(index)) { appendText($0) }
    case .boolean: bytes.append(value == [UInt8(ascii: "1")] ? "true" : "false")
    // Errors such as #DIV/0! are no values.
    case .error: errors.add(row, column, String(decoding: value, as: UTF8.self))
    case .number: appendNumber(place)
    default: appendValue()
    }
    isEmpty = false
  }

  private func appendValue() {
    let text = value
    appendText(text.span)
  }

  private func appendText(_ text: Span<UInt8>) {
    let quote = UInt8(ascii: "\"")
    var isPlain = !text.isEmpty
    for i in text.indices
    where text[i] == UInt8(ascii: ",") || text[i] == quote || text[i] <= 0x20 {
      isPlain = false
    }
    if isPlain {
      bytes.append(text)
      return
    }
    bytes.append(quote)
    for i in text.indices {
      if text[i] == quote { bytes.append(quote) }
      bytes.append(text[i])
    }
    bytes.append(quote)
  }

  private func appendNumber(_ place: Int) {
    let format =
      style >= 0 && style < book.formats.count ? book.formats[style] : Workbook.CellFormat()
    // Most numbers are whole, or decimals that are written as short as they can be.
    let whole = value.count <= 16 ? value.wholeNumber : nil
    if format.kind != .number {
      if format.kind == .date, let whole, let day = SerialDate.day(whole, book.countsFrom1904) {
        return bytes.appendDate(day)
      }
      if let number = parsedNumber,
        let text = SerialDate.text(number, format.kind, from1904: book.countsFrom1904)
      {
        return bytes.append(text)
      }
    }
    guard whole != nil || value.isShortDecimal || parsedNumber != nil else {
      appendValue()
      return
    }
    addUnit(format.unit, place)
    if let whole {
      appendWhole(whole, format)
    } else if value.isShortDecimal {
      bytes.append(contentsOf: value)
    } else if let number = parsedNumber {
      append(number, format)
    }
  }

  private func addUnit(_ unit: Unit, _ place: Int) {
    while tallies.count <= place { tallies.append(UnitTally()) }
    tallies[place].add(unit)
  }

  private var parsedNumber: Double? {
    Double(String(decoding: value, as: UTF8.self)).flatMap { $0.isFinite ? $0 : nil }
  }

  private func append(_ number: Double, _ format: Workbook.CellFormat) {
    if let whole = Int64(exactly: number), whole.magnitude < 1 << 53 {
      appendWhole(whole, format)
    } else if value.allSatisfy({ NumberReading.isDigit($0) }) {
      // More digits than Excel keeps, written by others.
      bytes.append(contentsOf: value)
    } else {
      // The shortest text that gives the number back: 0.1 and not 0.10000000000000001.
      bytes.append(number.description)
    }
  }

  private func appendWhole(_ whole: Int64, _ format: Workbook.CellFormat) {
    if format.digitCount > 0, whole >= 0 {
      let digitCount = DigitText.count(whole.magnitude)
      for _ in 0..<max(0, format.digitCount - digitCount) { bytes.append(UInt8(ascii: "0")) }
    }
    bytes.appendInteger(whole)
  }
}

/// How many cells there are of a kind, and the first of them.
private struct CellCount {
  private var count = 0
  private var first = ""

  mutating func add(_ row: Int, _ column: Int, _ text: String) {
    if count == 0 {
      first = CellName.text(row: row, column: column) + (text.isEmpty ? "" : " (\(text))")
    }
    count += 1
  }

  /// What is said of them; nil where there are none.
  func text(_ singular: String, _ plural: String) -> String? {
    switch count {
    case 0: nil
    case 1: "1 cell \(singular), \(first)"
    default: "\(count) cells \(plural), first \(first)"
    }
  }
}

/// The unit that the formats of a column's numbers say, as long as they agree.
private struct UnitTally {
  private var found: Unit?
  private var isMixed = false

  mutating func add(_ unit: Unit) {
    if let found, found != unit { isMixed = true }
    found = unit
  }

  /// The unit of all; nil where there is none.
  var unit: Unit? { isMixed || found == Unit.none ? nil : found }
}
