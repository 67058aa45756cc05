internal import TundishColumns

/// What the user says about a workbook, beside what he says about its cells as text.
package struct WorkbookOptions: Sendable {
  /// The sheet's name, or its number counted from 1; nil is the first that is visible and not empty.
  package var sheet: String?
  /// The part of the sheet, such as `A3:F90`.
  package var range: String?

  /// Creates options.
  package init(sheet: String? = nil, range: String? = nil) {
    self.sheet = sheet
    self.range = range
  }
}

/// Reads the sheets of Excel workbooks (`.xlsx`) as tables.
package enum XLSXReader {
  /// A sheet read as a table.
  package typealias SheetResult = (name: String, result: CSVResult)
  private struct SheetCells {
    let name: String
    let text: [UInt8]
    let units: [Int: Unit]
    let notes: [String]
  }

  /// Whether an input begins as a zip archive does.
  package static func isWorkbook(_ input: InputBytes) -> Bool {
    input.withSpan {
      $0.count >= 4 && $0[0] == 0x50 && $0[1] == 0x4B && $0[2] == 0x03 && $0[3] == 0x04
    }
  }

  /// Reads one sheet.
  package static func read(
    _ input: InputBytes,
    workbook: WorkbookOptions,
    options: CSVOptions
  ) throws(FormatError) -> CSVResult {
    let (sheets, notes) = try cells(input, workbook, isFirstOnly: true, options.progress)
    guard let sheet = sheets.first else { throw .workbook("the workbook has no sheet with values") }
    var result = try table(of: sheet, options)
    result.report.notes = notes + result.report.notes
    return result
  }

  /// Reads every visible sheet that has values, or the one that is asked for.
  package static func readAll(
    _ input: InputBytes,
    workbook: WorkbookOptions,
    options: CSVOptions
  ) throws(FormatError) -> (sheets: [SheetResult], notes: [String]) {
    let (sheets, notes) = try cells(input, workbook, isFirstOnly: false, options.progress)
    guard !sheets.isEmpty else { throw .workbook("the workbook has no sheet with values") }
    var results: [SheetResult] = []
    for sheet in sheets { results.append((sheet.name, try table(of: sheet, options))) }
    return (results, notes)
  }

  /// Finds out how the sheets would be read.
  package static func sniff(
    _ input: InputBytes,
    workbook: WorkbookOptions,
    options: CSVOptions
  ) throws(FormatError) -> [(name: String, report: CSVReport)] {
    var reports: [(name: String, report: CSVReport)] = []
    for sheet in try cells(input, workbook, isFirstOnly: false, nil).sheets {
      var report = try CSVReader.sniff(
        InputBytes(sheet.text),
        options: cellOptions(options, sheet)
      )
      report.notes = sheet.notes + report.notes
      reports.append((sheet.name, report))
    }
    return reports
  }

  private static func table(
    of sheet: SheetCells,
    _ options: CSVOptions
  ) throws(FormatError) -> CSVResult {
    do {
      var result = try CSVReader.read(
        InputBytes(sheet.text),
        options: cellOptions(options, sheet)
      )
      result.report.notes = sheet.notes + result.report.notes
      result.report.rowNotes = sheet.notes + result.report.rowNotes
      return result
    } catch {
      throw FormatError(
        code: error.code,
        message: "sheet '\(sheet.name)': \(error.message)",
        notes: error.notes,
        line: error.line,
        column: error.column
      )
    }
  }

  /// The options with the dialect in which `SheetText` writes.
  private static func cellOptions(_ options: CSVOptions, _ sheet: SheetCells) -> CSVOptions {
    var options = options
    options.units = sheet.units
    options.delimiter = UInt8(ascii: ",")
    options.quote = .some(UInt8(ascii: "\""))
    options.escape = .some(nil)
    options.comment = .some(nil)
    options.encoding = "utf-8"
    return options
  }

  private static func cells(
    _ input: InputBytes,
    _ workbook: WorkbookOptions,
    isFirstOnly: Bool,
    _ progress: ReadingProgress?
  ) throws(FormatError) -> (sheets: [SheetCells], notes: [String]) {
    var area = SheetText.Area.all
    if let range = workbook.range {
      guard let named = CellName.area(range) else {
        throw .invalidOption("range", range, expected: "an area such as A3:F90")
      }
      area = named
    }
    let namedArea = area
    return try ZipArchive.withArchive(input) { archive throws(FormatError) in
      let book = try Workbook(archive, progress)
      var notes: [String] = []
      var found: [SheetCells] = []
      var others: [String] = []
      for sheet in try chosen(book, workbook) {
        if isFirstOnly, !found.isEmpty {
          others.append("'\(sheet.name)'")
          continue
        }
        if sheet.isHidden, workbook.sheet == nil {
          notes.append("passed over sheet '\(sheet.name)': it is hidden")
          continue
        }
        let cells = SheetText(book, area: namedArea)
        guard
          try XMLScanner.scan(sheet.part, of: archive, into: cells, progress: progress)
        else { throw .workbook("the workbook has no '\(sheet.part)' for sheet '\(sheet.name)'") }
        if let failure = cells.failure { throw .workbook("sheet '\(sheet.name)' \(failure)") }
        if cells.isEmpty {
          notes.append("passed over sheet '\(sheet.name)': it has no values")
        } else {
          let text = cells.delimited()
          found.append(
            SheetCells(name: sheet.name, text: text, units: cells.units, notes: cells.notes)
          )
        }
      }
      if let first = found.first, !others.isEmpty {
        let names = others.joined(separator: ", ")
        notes.append("read sheet '\(first.name)'; sheet = '...' chooses another: \(names)")
      }
      return (found, notes)
    }
  }

  private static func chosen(
    _ book: Workbook,
    _ workbook: WorkbookOptions
  ) throws(FormatError) -> [Workbook.Sheet] {
    guard let wanted = workbook.sheet else { return book.sheets }
    let key = foldedKey(wanted)
    if let sheet = book.sheets.first(where: { foldedKey($0.name) == key }) { return [sheet] }
    if let number = Int(wanted), number >= 1, number <= book.sheets.count {
      return [book.sheets[number - 1]]
    }
    throw FormatError(
      code: "F041",
      message: "the workbook has no sheet '\(wanted)'",
      notes: ["sheets: " + book.sheets.map(\.name).joined(separator: ", ")]
    )
  }
}

extension FormatError {
  /// Something wrong with a workbook.
  static func workbook(_ message: String) -> FormatError {
    FormatError(code: "F041", message: message)
  }
}
