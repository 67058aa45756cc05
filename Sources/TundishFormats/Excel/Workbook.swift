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

  private(set) var sheets: [Sheet] = []
  /// Whether day 0 is 1904-01-01.
  private(set) var countsFrom1904 = false
  private(set) var texts: [[UInt8]] = []
  /// By the style of a cell: what its number stands for.
  private(set) var kinds: [NumberKind] = []

  init(_ archive: ZipArchive) throws(FormatError) {
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
    if let bytes = try archive.entry("xl/sharedStrings.xml") {
      let reader = SharedTextReader()
      try XMLScanner.scan(bytes, part: "xl/sharedStrings.xml", into: reader)
      texts = reader.texts
    }
    if let bytes = try archive.entry("xl/styles.xml") {
      let reader = StyleReader()
      try XMLScanner.scan(bytes, part: "xl/styles.xml", into: reader)
      kinds = reader.kinds
    }
  }
}

private final class RelationReader: XMLReceiver {
  var targets: [String: String] = [:]

  func begin(_ name: String, _ attributes: [String: String]) {
    guard name == "Relationship", let id = attributes["Id"] else { return }
    targets[id] = attributes["Target"]
  }
  func end(_ name: String) {}
  func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
}

private final class BookReader: XMLReceiver {
  var sheets: [(name: String, relation: String, isHidden: Bool)] = []
  var countsFrom1904 = false

  func begin(_ name: String, _ attributes: [String: String]) {
    if name == "sheet" {
      let title = attributes["name"] ?? "Sheet\(sheets.count + 1)"
      let isHidden = (attributes["state"] ?? "visible") != "visible"
      sheets.append((title, attributes["id"] ?? "", isHidden))
    } else if name == "workbookPr" {
      countsFrom1904 = ["1", "true"].contains(attributes["date1904"] ?? "")
    }
  }
  func end(_ name: String) {}
  func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
}

/// Reads the texts that cells share; phonetic hints are left out.
private final class SharedTextReader: XMLReceiver {
  var texts: [[UInt8]] = []
  private var current: [UInt8] = []
  private var isText = false
  private var phoneticDepth = 0

  func begin(_ name: String, _ attributes: [String: String]) {
    switch name {
    case "si": current = []
    case "rPh": phoneticDepth += 1
    case "t": isText = phoneticDepth == 0
    default: break
    }
  }
  func end(_ name: String) {
    switch name {
    case "si": texts.append(current)
    case "rPh": phoneticDepth -= 1
    case "t": isText = false
    default: break
    }
  }
  func text(_ bytes: UnsafeBufferPointer<UInt8>) {
    if isText { unsafe current.append(contentsOf: bytes) }
  }
}

/// Reads which styles show numbers as dates.
private final class StyleReader: XMLReceiver {
  var kinds: [Workbook.NumberKind] = []
  private var formats: [Int: String] = [:]
  private var isInCellFormats = false

  func begin(_ name: String, _ attributes: [String: String]) {
    switch name {
    case "numFmt":
      if let id = attributes["numFmtId"].flatMap({ Int($0) }) {
        formats[id] = attributes["formatCode"] ?? ""
      }
    case "cellXfs": isInCellFormats = true
    case "xf":
      guard isInCellFormats else { return }
      let id = attributes["numFmtId"].flatMap { Int($0) } ?? 0
      kinds.append(formats[id].map { NumberFormat.kind(of: $0) } ?? NumberFormat.kind(builtin: id))
    default: break
    }
  }
  func end(_ name: String) {
    if name == "cellXfs" { isInCellFormats = false }
  }
  func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
}

/// Formats of numbers, such as `yyyy-mm-dd` or `#,##0.00 "EUR"`.
enum NumberFormat {
  /// What the formats that have only a number stand for.
  static func kind(builtin id: Int) -> Workbook.NumberKind {
    switch id {
    case 14...17, 27...31, 36, 50...58: .date
    case 18...21, 32...35, 45, 47: .time
    case 22: .timestamp
    case 46: .duration
    default: .number
    }
  }

  /// A format shows a date where it has y, m, d, h or s outside of quotes and brackets.
  static func kind(of format: String) -> Workbook.NumberKind {
    var letters: Set<Character> = []
    var isQuoted = false
    var isEscaped = false
    var bracket: String?
    for character in format.lowercased().split(separator: ";").first ?? "" {
      if isEscaped {
        isEscaped = false
      } else if isQuoted {
        isQuoted = character != "\""
      } else if let inner = bracket {
        guard character == "]" else {
          bracket = inner + String(character)
          continue
        }
        if !inner.isEmpty, inner.allSatisfy({ "hms".contains($0) }) { return .duration }
        bracket = nil
      } else if character == "[" {
        bracket = ""
      } else if character == "\"" {
        isQuoted = true
      } else if character == "\\" || character == "_" || character == "*" {
        isEscaped = true
      } else {
        letters.insert(character)
      }
    }
    // `General` and `0.00E+00` have letters that mean something else.
    if letters.contains("g") || letters.contains("0") && !letters.contains("s") { return .number }
    let hasTime = letters.contains("h") || letters.contains("s")
    if letters.contains("y") || letters.contains("d") { return hasTime ? .timestamp : .date }
    if hasTime { return .time }
    return letters.contains("m") ? .date : .number
  }
}
