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
