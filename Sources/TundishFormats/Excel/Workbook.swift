internal import TundishColumns

/// The parts of an Excel workbook that its sheets need: names, shared texts, formats of numbers.
struct Workbook {
  /// One sheet.
  struct Sheet {
    let name: String
    /// The entry of the archive that holds the cells.
    let part: String
    let isHidden: Bool
  }

  /// What the number of a cell stands for, by its format.
  enum NumberKind {
    case number
    case date
    case timestamp
    case time
    case duration
  }

  /// How a cell shows its number.
  struct CellFormat {
    var kind = NumberKind.number
    var unit = Unit.none
    /// How many digits are shown at least, with zeros in front.
    var digitCount = 0
  }

  private(set) var sheets: [Sheet] = []
  /// Whether day 0 is 1904-01-01.
  private(set) var countsFrom1904 = false
  private(set) var texts = SharedTexts()
  /// By the style of a cell: how its number is shown.
  private(set) var formats: [CellFormat] = []

  init(_ archive: ZipArchive, _ progress: ReadingProgress?) throws(FormatError) {
    guard let book = try archive.entry("xl/workbook.xml") else {
      throw .workbook("the zip archive is no Excel workbook: it has no xl/workbook.xml")
    }
    let relations = RelationReader()
    if let bytes = try archive.entry("xl/_rels/workbook.xml.rels") {
      try XMLScanner.scan(bytes, part: "xl/_rels/workbook.xml.rels", into: relations)
    }
    let reader = BookReader()
    try XMLScanner.scan(book, part: "xl/workbook.xml", into: reader)
    countsFrom1904 = reader.countsFrom1904
    for (position, sheet) in reader.sheets.enumerated() {
      let target = relations.targets[sheet.relation] ?? "worksheets/sheet\(position + 1).xml"
      // Sheets that are charts have no cells.
      guard !target.contains("chartsheets/") else { continue }
      let part = target.hasPrefix("/") ? String(target.dropFirst()) : "xl/" + target
      sheets.append(Sheet(name: sheet.name, part: part, isHidden: sheet.isHidden))
    }
    let shared = SharedTextReader()
    let part = "xl/sharedStrings.xml"
    if try XMLScanner.scan(part, of: archive, into: shared, progress: progress) {
      texts = shared.texts
    }
    if let bytes = try archive.entry("xl/styles.xml") {
      let reader = StyleReader()
      try XMLScanner.scan(bytes, part: "xl/styles.xml", into: reader)
      formats = reader.cellFormats
    }
  }
}

/// The texts that cells share, end to end.
struct SharedTexts {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []

  /// Their number.
  var count: Int { ends.count }

  /// Appends a piece to the text that was begun.
  mutating func append(_ piece: Span<UInt8>) { bytes.append(piece) }

  /// Ends the text that was begun.
  mutating func endText() { ends.append(bytes.count) }

  /// Calls a closure with a text.
  func withText(_ number: Int, _ body: (Span<UInt8>) -> Void) {
    let start = number == 0 ? 0 : ends[number - 1]
    body(bytes.span.extracting(start..<ends[number]))
  }
}

private final class RelationReader: XMLReceiver {
  var targets: [String: String] = [:]

  func begin(_ name: XMLName, _ attributes: XMLAttributes) {
    guard name == .relationship, let id = attributes[.relationID] else { return }
    targets[id] = attributes[.target]
  }
  func end(_ name: XMLName) {}
  func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
}

private final class BookReader: XMLReceiver {
  var sheets: [(name: String, relation: String, isHidden: Bool)] = []
  var countsFrom1904 = false

  func begin(_ name: XMLName, _ attributes: XMLAttributes) {
    if name == .sheet {
      let title = attributes[.title] ?? "Sheet\(sheets.count + 1)"
      let isHidden = (attributes[.state] ?? "visible") != "visible"
      sheets.append((title, attributes[.id] ?? "", isHidden))
    } else if name == .workbookPr {
      countsFrom1904 = ["1", "true"].contains(attributes[.date1904] ?? "")
    }
  }
  func end(_ name: XMLName) {}
  func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
}

/// Reads the texts that cells share; phonetic hints are left out.
private final class SharedTextReader: XMLReceiver {
  var texts = SharedTexts()
  private var isText = false
  private var phoneticDepth = 0

  func begin(_ name: XMLName, _ attributes: XMLAttributes) {
    switch name {
    case .phonetic: phoneticDepth += 1
    case .t: isText = phoneticDepth == 0
    default: break
    }
  }
  func end(_ name: XMLName) {
    switch name {
    case .si: texts.endText()
    case .phonetic: phoneticDepth -= 1
    case .t: isText = false
    default: break
    }
  }
  func text(_ bytes: UnsafeBufferPointer<UInt8>) {
    if isText { unsafe texts.append(bytes.span) }
  }
}

/// Reads how styles show numbers.
private final class StyleReader: XMLReceiver {
  var cellFormats: [Workbook.CellFormat] = []
  private var formats: [Int: String] = [:]
  private var isInCellFormats = false

  func begin(_ name: XMLName, _ attributes: XMLAttributes) {
    switch name {
    case .numFmt:
      if let id = attributes.number(.numFmtId) {
        formats[id] = attributes[.formatCode] ?? ""
      }
    case .cellXfs: isInCellFormats = true
    case .xf:
      guard isInCellFormats else { return }
      let id = attributes.number(.numFmtId) ?? 0
      cellFormats.append(formats[id].map { NumberFormat.format(of: $0) } ?? Self.builtin(id))
    default: break
    }
  }
  func end(_ name: XMLName) {
    if name == .cellXfs { isInCellFormats = false }
  }

  /// Formats 9 and 10 are percentages; those of money depend on the reader's country.
  private static func builtin(_ id: Int) -> Workbook.CellFormat {
    Workbook.CellFormat(
      kind: NumberFormat.kind(builtin: id),
      unit: id == 9 || id == 10 ? .percent : .none
    )
  }
  func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
}
