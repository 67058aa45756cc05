internal import TundishColumns

/// The XML of a sheet, row by row.
struct SheetXML {
  /// Whether every text was short enough for a cell.
  private(set) var isComplete = true
  private var bytes: [UInt8] = []
  private var row = 0

  /// Per column, the letters of its cells' names.
  private var letters: [[UInt8]] = []
  /// The digits of the row's number.
  private var rowDigits: [UInt8] = []

  private static let maximumTextCount = 32_767
  /// Excel keeps 15 digits.
  private static let exactLimit: UInt64 = 1_000_000_000_000_000

  init() {
    bytes.append(
      """
      <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
      <worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews>\
      <sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" \
      state="frozen"/></sheetView></sheetViews><sheetData>
      """
    )
  }

  /// Appends a row; `styles` are positions among the cell formats, by column.
  mutating func appendRow(_ values: [Value], isHeader: Bool = false, styles: [Int] = []) {
    while letters.count < values.count {
      letters.append(CellName.letters(column: letters.count))
    }
    rowDigits.removeAll(keepingCapacity: true)
    rowDigits.appendInteger(Int64(row + 1))
    bytes.append("<row r=\"")
    bytes.append(contentsOf: rowDigits)
    bytes.append("\">")
    for (column, value) in values.enumerated() {
      let style =
        isHeader
        ? WorkbookXML.Style.header.rawValue : column < styles.count ? styles[column] : 0
      append(value, column, style)
    }
    bytes.append("</row>")
    row += 1
  }

  mutating func finish() -> [UInt8] {
    bytes.append("</sheetData></worksheet>")
    return bytes
  }

  private mutating func append(_ value: Value, _ column: Int, _ style: Int) {
    switch value {
    case .null: return
    case .boolean(let flag):
      begin(column, 0)
      bytes.append(flag ? " t=\"b\"><v>1" : " t=\"b\"><v>0")
    case .integer(let number) where number.magnitude < Self.exactLimit:
      beginNumber(column, style)
      bytes.appendInteger(number)
    case .decimal(let unscaled, let scale) where unscaled.magnitude < UInt128(Self.exactLimit):
      beginNumber(column, style)
      bytes.appendDecimal(unscaled, scale: scale)
    case .double(let number) where number.isFinite:
      beginNumber(column, style)
      bytes.appendDouble(number)
    case .date(let days) where Self.isSerial(Int64(days)):
      beginNumber(column, WorkbookXML.Style.date.rawValue)
      bytes.appendInteger(Int64(days) + SerialDate.epochOffset)
    case .timestamp(let instant) where Self.isTimestamp(instant):
      beginNumber(column, WorkbookXML.Style.timestamp.rawValue)
      bytes.appendDouble(Double(instant) / 86_400_000_000 + Double(SerialDate.epochOffset))
    case .text(let text): return appendText(text, column, style)
    case .integer, .hugeint, .decimal, .double, .blob, .date, .time, .timestamp, .timestampTZ,
      .interval, .list, .structure, .map:
      return appendText(ValueText.text(of: value), column, style)
    }
    bytes.append("</v></c>")
  }

  /// Begins a cell; its style is left out where it is the plain one.
  private mutating func begin(_ column: Int, _ style: Int) {
    bytes.append("<c r=\"")
    bytes.append(contentsOf: letters[column])
    bytes.append(contentsOf: rowDigits)
    bytes.append(UInt8(ascii: "\""))
    guard style != 0 else { return }
    bytes.append(" s=\"")
    bytes.appendInteger(Int64(style))
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func beginNumber(_ column: Int, _ style: Int) {
    begin(column, style)
    bytes.append("><v>")
  }

  private mutating func appendText(_ text: String, _ column: Int, _ style: Int) {
    // No text has more characters of UTF-16 than bytes of UTF-8.
    if text.utf8.count > Self.maximumTextCount, text.utf16.count > Self.maximumTextCount {
      isComplete = false
    }
    begin(column, style)
    bytes.append(" t=\"inlineStr\"><is><t")
    if Self.hasOuterSpace(text) { bytes.append(" xml:space=\"preserve\"") }
    bytes.append(UInt8(ascii: ">"))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "<"): bytes.append("&lt;")
      case UInt8(ascii: ">"): bytes.append("&gt;")
      case UInt8(ascii: "&"): bytes.append("&amp;")
      case 0x0D: bytes.append("&#13;")
      case 0x00..<0x09, 0x0B, 0x0C, 0x0E..<0x20:
        // XML has no such characters; Excel writes them so.
        bytes.append("_x00\(byte < 16 ? "0" : "")\(String(byte, radix: 16, uppercase: true))_")
      default: bytes.append(byte)
      }
    }
    bytes.append("</t></is></c>")
  }

  /// Whether a text has space at an end or a line break, which Excel keeps only where it is told to.
  private static func hasOuterSpace(_ text: String) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last else { return false }
    return first <= 0x20 || last <= 0x20 || text.utf8.contains(0x0A)
  }

  /// Days from March 1900 to 9999 have the same number in every reader.
  private static func isSerial(_ days: Int64) -> Bool {
    days > 60 - SerialDate.epochOffset && days <= 2_932_896
  }

  /// Whether an instant has no more than the milliseconds that serial numbers keep.
  private static func isTimestamp(_ instant: Int64) -> Bool {
    instant % 1_000 == 0 && isSerial(instant / 86_400_000_000)
  }
}

/// The parts of a workbook beside the sheet.
enum WorkbookXML {
  /// Positions among the cell formats of `styles`.
  enum Style: Int {
    case plain
    case header
    case date
    case timestamp
    case percent
  }

  /// The parts; each currency has a cell format behind those of `Style`.
  static func parts(currencies: [String]) -> [(name: String, bytes: [UInt8])] {
    [
      ("[Content_Types].xml", Array(contentTypes.utf8)),
      ("_rels/.rels", Array(packageRelations.utf8)),
      ("xl/workbook.xml", Array(workbook.utf8)),
      ("xl/_rels/workbook.xml.rels", Array(relations.utf8)),
      ("xl/styles.xml", Array(styles(currencies).utf8)),
    ]
  }

  /// The currencies of columns that can be part of a format.
  static func currencies(of units: [Unit]) -> [String] {
    var codes: [String] = []
    for case .money(let code?) in units
    where code.utf8.count == 3 && code.utf8.allSatisfy({ $0 &- UInt8(ascii: "A") < 26 }) {
      if !codes.contains(code) { codes.append(code) }
    }
    return codes
  }

  /// The cell format of a column.
  static func style(of unit: Unit, _ currencies: [String]) -> Int {
    switch unit {
    case .rate, .percent: return Style.percent.rawValue
    case .money(let code?):
      return currencies.firstIndex(of: code).map { $0 + Style.percent.rawValue + 1 } ?? 0
    case .none, .money, .mixedMoney, .days, .ratio: return 0
    }
  }

  private static let contentTypes = """
    <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
    <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\
    <Default Extension="rels" \
    ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
    <Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" \
    ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>\
    <Override PartName="/xl/worksheets/sheet1.xml" \
    ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>\
    <Override PartName="/xl/styles.xml" \
    ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>
    """
  private static let packageRelations = """
    <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
    <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">\
    <Relationship Id="rId1" Target="xl/workbook.xml" \
    Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>\
    </Relationships>
    """
  private static let workbook = """
    <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
    <workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" \
    xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>\
    <sheet name="Result" sheetId="1" r:id="rId1"/></sheets></workbook>
    """
  private static let relations = """
    <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
    <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">\
    <Relationship Id="rId1" Target="worksheets/sheet1.xml" \
    Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/>\
    <Relationship Id="rId2" Target="styles.xml" \
    Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"/>\
    </Relationships>
    """
  private static func styles(_ currencies: [String]) -> String {
    let formats = currencies.enumerated().map { position, code in
      "<numFmt numFmtId=\"\(166 + position)\" formatCode=\"#,##0.00\\ [$\(code)]\"/>"
    }
    let cells = currencies.indices.map {
      "<xf numFmtId=\"\(166 + $0)\" applyNumberFormat=\"1\"/>"
    }
    return """
      <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
      <styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">\
      <numFmts count="\(2 + formats.count)">\
      <numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>\
      <numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/>\(formats.joined())</numFmts>\
      <fonts count="2"><font/><font><b/></font></fonts>\
      <fills count="2"><fill><patternFill patternType="none"/></fill>\
      <fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>\
      <cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="\(5 + cells.count)"><xf/>\
      <xf fontId="1" applyFont="1"/><xf numFmtId="164" applyNumberFormat="1"/>\
      <xf numFmtId="165" applyNumberFormat="1"/>\
      <xf numFmtId="10" applyNumberFormat="1"/>\(cells.joined())</cellXfs></styleSheet>
      """
  }
}
