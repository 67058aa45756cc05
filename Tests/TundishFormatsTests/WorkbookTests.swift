import Testing
import TundishColumns
import TundishTestSupport

@testable import TundishFormats

@Suite("Workbooks")
struct WorkbookTests {
  private func table(_ text: String) throws -> StoredTable {
    try CSVReader.read(InputBytes(Array(text.utf8))).table
  }

  private func workbook(_ table: StoredTable) throws -> [UInt8] {
    let collector = ByteCollector()
    try XLSXWriter().write(
      schema: table.schema,
      batches: table.batches(),
      options: WriterOptions(),
      into: collector
    )
    return collector.bytes
  }

  @Test("what is written is read back")
  func roundTrip() throws {
    let text = """
      id,name,amount,closed,won,at,big
      1,"Ann & <Bob>, Jr.",12.50,2026-01-31,true,2026-01-31 10:30:00,1234567890123456789
      2,,-0.25,1999-12-31,false,2026-02-01 23:59:59,1
      3,"",1000.10,2026-02-28,true,2026-02-02 00:00:00,-5
      4," spaced ",0.01,1900-03-01,,2026-02-02 12:00:00.125,7

      """
    let before = try table(text)
    let after = try XLSXReader.read(
      InputBytes(try workbook(before)),
      workbook: WorkbookOptions(),
      options: CSVOptions()
    ).table
    #expect(after.schema.fields.map(\.name) == before.schema.fields.map(\.name))
    #expect(after.schema.fields.map(\.type) == before.schema.fields.map(\.type))
    let csv = CSVWriter.csv
    #expect(
      try csv.text(schema: after.schema, batches: after.batches())
        == csv.text(schema: before.schema, batches: before.batches())
    )
  }

  @Test(
    "a formula that shows nothing is NULL, an empty text is a text, numbers are as Excel shows them"
  )
  func cells() throws {
    let sheet = """
      <worksheet><sheetData><row r="1"><c r="A1" t="str"><v>text</v></c><c r="B1" t="str"><v>n</v></c></row>
      <row r="2"><c r="A2" t="str"><f>IF(1,"","")</f><v></v></c><c r="B2"><v>0.10000000000000001</v></c></row>
      <row r="3"><c r="A3" t="inlineStr"><is><t></t></is></c><c r="B3"><v>-12.5</v></c></row>
      <row r="4"><c r="A4" t="inlineStr"><is><t>x</t></is></c><c r="B4"><v>1E3</v></c></row>
      <row r="5"><c r="A5" t="inlineStr"><is><t>y</t></is></c><c r="B5"><v>0.00025</v></c></row>
      </sheetData></worksheet>
      """
    let book = "<workbook><sheets><sheet name=\"S\" sheetId=\"1\"/></sheets></workbook>"
    let bytes = try ZipWriter.archive([
      ("xl/workbook.xml", Array(book.utf8)), ("xl/worksheets/sheet1.xml", Array(sheet.utf8)),
    ])
    let table = try XLSXReader.read(
      InputBytes(bytes),
      workbook: WorkbookOptions(),
      options: CSVOptions()
    ).table
    let csv = try CSVWriter.csv.text(schema: table.schema, batches: table.batches())
    #expect(csv == "text,n\n,0.10000\n\"\",-12.50000\nx,1000.00000\ny,0.00025\n")
  }

  @Test("the same rows give the same bytes")
  func stable() throws {
    let rows = try table("a,b\n1,x\n")
    #expect(try workbook(rows) == workbook(rows))
  }

  @Test("cut and changed bytes are errors, never crashes")
  func damaged() throws {
    let whole = try workbook(try table("a,b\n1,x\n2,y\n"))
    for count in stride(from: 0, to: whole.count, by: 37) {
      let input = InputBytes(Array(whole[..<count]))
      #expect(throws: FormatError.self) {
        try XLSXReader.read(input, workbook: WorkbookOptions(), options: CSVOptions())
      }
    }
    for position in stride(from: 0, to: whole.count, by: 11) {
      var bytes = whole
      bytes[position] ^= 0x55
      // Most changes are found; one in a name or a date of the archive may do no harm.
      _ = try? XLSXReader.read(
        InputBytes(bytes),
        workbook: WorkbookOptions(),
        options: CSVOptions()
      )
    }
  }

  @Test("document types are refused")
  func documentType() throws {
    let parts: [(name: String, bytes: [UInt8])] = [
      (
        "xl/workbook.xml",
        Array("<!DOCTYPE w [<!ENTITY a \"aaaa\">]><workbook>&a;</workbook>".utf8)
      )
    ]
    let input = InputBytes(try ZipWriter.archive(parts))
    #expect(throws: FormatError.self) {
      try XLSXReader.read(input, workbook: WorkbookOptions(), options: CSVOptions())
    }
  }

  @Test(
    "serial numbers are days of either calendar",
    arguments: [
      (1.0, false, "1900-01-01"), (59.0, false, "1900-02-28"), (61.0, false, "1900-03-01"),
      (46_053.0, false, "2026-01-31"), (0.0, true, "1904-01-01"), (44_591.0, true, "2026-01-31"),
    ]
  )
  func serials(number: Double, from1904: Bool, text: String) {
    #expect(SerialDate.text(number, .date, from1904: from1904) == text)
  }

  @Test(
    "formats of numbers show dates or not",
    arguments: [
      ("General", Workbook.NumberKind.number), ("0.00E+00", .number), ("yyyy-mm-dd", .date),
      ("dd/mm/yyyy hh:mm", .timestamp), ("[h]:mm:ss", .duration), ("hh:mm", .time),
      ("#,##0.00 \"days\"", .number), ("[$€-407] #,##0.00", .number), ("mmm yy", .date),
    ]
  )
  func kinds(format: String, kind: Workbook.NumberKind) {
    #expect(NumberFormat.kind(of: format) == kind)
  }
}
