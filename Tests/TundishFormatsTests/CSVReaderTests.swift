import Testing
import TundishColumns

@testable import TundishFormats

@Suite("CSV reader")
struct CSVReaderTests {
  private func read(
    _ text: String,
    _ options: [String: String] = [:],
    columns: [String]? = nil
  ) throws -> CSVResult {
    try CSVReader.read(
      InputBytes(Array(text.utf8)),
      options: CSVOptions(values: options),
      columns: columns
    )
  }

  private func types(_ text: String, _ options: [String: String] = [:]) throws -> [String] {
    try read(text, options).table.schema.fields.map { "\($0.name) \($0.type)" }
  }

  private func rows(_ result: CSVResult) -> [[Value]] {
    result.table.batches().flatMap { batch in (0..<batch.rowCount).map { batch.row(at: $0) } }
  }

  @Test("plain columns get plain types")
  func plainTypes() throws {
    let result = try read(
      """
      id,name,amount,rate,when,at,zip,big
      1,Ann,12.50,1e-3,2026-01-31,2026-01-31 10:00:00,01234,1234567890123456789
      2,"Bob, Jr.",-0.5,2.5,2026-02-01,2026-02-01T11:30:15.25,99999,1
      ,"",,,,,,

      """
    )
    #expect(
      result.table.schema.fields.map(\.type) == [
        .bigint, .varchar, .decimal(precision: 18, scale: 2), .double, .date, .timestamp, .varchar,
        .varchar,
      ]
    )
    let rows = rows(result)
    #expect(rows.count == 3)
    #expect(rows[1][1] == .text("Bob, Jr."))
    #expect(rows[1][2] == .decimal(unscaled: -50, scale: 2))
    #expect(rows[2][0] == .null)
    #expect(rows[2][1] == .text(""))
    #expect(rows[0][6] == .text("01234"))
  }

  @Test(
    "dates are decided by evidence",
    arguments: [
      ("3/1/2017\n12/31/2017", "DATE", 17_226),
      ("3/1/2017\n31/12/2017", "DATE", 17_169),
      ("01.02.2026\n", "DATE", 20_485),
      ("2026-01-31\n", "DATE", 20_484),
      ("15 Apr 2021\n", "DATE", 18_732),
    ]
  )
  func dates(text: String, type: String, first: Int) throws {
    let result = try read("d\n" + text)
    #expect("\(result.table.schema.fields[0].type)" == type)
    #expect(rows(result)[0][0] == .date(Int32(first)))
  }

  @Test("a tie of day and month stays text and names the option")
  func dateTie() throws {
    let result = try read("d\n3/1/2017\n4/2/2017\n")
    #expect(result.table.schema.fields[0].type == .varchar)
    #expect(result.report.messages.first?.contains("DATE_FORMAT") == true)
    let given = try read("d\n3/1/2017\n4/2/2017\n", ["date_format": "d/m/yyyy"])
    #expect(rows(given)[0][0] == .date(17_169))
    let located = try read("d\n3/1/2017\n4/2/2017\n", ["locale": "en_US"])
    #expect(rows(located)[0][0] == .date(17_226))
  }

  @Test(
    "numbers with marks",
    arguments: [
      ("a;b\n1.234,56;x\n-2,5;y", "DECIMAL(18,2)", "1234.56"),
      ("a;b\n€ 1.234,50;x\n€ 7,00;y", "DECIMAL(18,2)", "1234.50"),
      ("a|b\n$342.09K|x\n$1.5M|y", "BIGINT", "342090"),
      ("a|b\n12%|x\n7.5 %|y", "DECIMAL(18,3)", "0.120"),
      ("a|b\n(1,234.00)|x\n5.00|y", "DECIMAL(18,2)", "-1234.00"),
      ("a|b\n1 234,56|x\n5,00|y", "DECIMAL(18,2)", "1234.56"),
      ("a;b\n97100,7;x\n1,25;y", "DECIMAL(18,2)", "97100.70"),
    ]
  )
  func markedNumbers(text: String, type: String, first: String) throws {
    let result = try read(text)
    #expect("\(result.table.schema.fields[0].type)" == type)
    let tsv = try CSVWriter.tsv.text(
      schema: result.table.schema,
      batches: result.table.batches()
    )
    #expect(tsv.split(separator: "\n")[1].split(separator: "\t")[0] == first)
  }

  @Test("currencies and percent signs become units")
  func units() throws {
    let result = try read("a;b;c\n€ 1.234,50;12%;$5\n€ 7,00;3%;$7\n")
    #expect(
      result.table.schema.fields.map(\.unit) == [.money("EUR"), .percent, .money("USD")]
    )
  }

  @Test("a later value widens its column, exactly and with a note")
  func widening() throws {
    var text = "a,b\n"
    for i in 0..<3_000 { text += "\(i),x\n" }
    text += "1.25,y\n"
    let decimal = try read(text)
    #expect(decimal.table.schema.fields[0].type == .decimal(precision: 18, scale: 2))
    #expect(rows(decimal)[3_000][0] == .decimal(unscaled: 125, scale: 2))
    #expect(decimal.report.messages.contains { $0.contains("line 3002") })
    text += "007,z\n"
    let plain = try read(text)
    #expect(plain.table.schema.fields[0].type == .varchar)
    #expect(rows(plain)[3_001][0] == .text("007"))
    #expect(rows(plain)[0][0] == .text("0"))
  }

  @Test("markers such as N/A keep a column text and name NULLSTR")
  func markers() throws {
    let result = try read("a,b\n1,x\nN/A,y\n3,z\n")
    #expect(result.table.schema.fields[0].type == .varchar)
    #expect(result.report.messages.first?.contains("NULLSTR 'N/A'") == true)
    #expect(try types("a,b\n1,x\nN/A,y\n3,z\n", ["nullstr": "N/A"])[0] == "a BIGINT")
  }

  @Test("words for true and false", arguments: ["true,false", "Yes,No", "ja,nee"])
  func booleans(words: String) throws {
    let pair = words.split(separator: ",")
    #expect(try types("a,b\n\(pair[0]),1\n\(pair[1]),2\n")[0] == "a BOOLEAN")
    #expect(try types("a,b\n\(pair[0]),1\n\(pair[1]),2\nUnknown,3\n")[0] == "a VARCHAR")
  }

  @Test("names are made distinct")
  func names() throws {
    #expect(
      try types("a,A ,,a\n1,2,3,4\n") == ["a BIGINT", "A_1 BIGINT", "column2 BIGINT", "a_2 BIGINT"]
    )
  }

  @Test("header only gives text columns and no rows")
  func headerOnly() throws {
    #expect(try types("a,b,c\n") == ["a VARCHAR", "b VARCHAR", "c VARCHAR"])
    #expect(try read("a,b,c\n").table.rowCount == 0)
  }

  @Test(
    "errors name code, line and the option that helps",
    arguments: [
      ("", "F010", nil, ""),
      ("a,b\n1,2\n3\n", "F011", 3, "NULL_PADDING"),
      ("a,b\n1,2\n3,4,5\n", "F012", 3, "ON_ERROR"),
      ("a,b\n1,\"2\n3,4\n", "F013", 2, "QUOTE"),
      ("a,b\n1,\"2\n3,it's\n", "F013", 2, "QUOTE"),
      ("a,b\n\"1\",\"2\"\n\"x\"y,\"4\"\n\"5\",\"6\"\n", "F014", 3, "ESCAPE"),
      ("PAR1....", "F018", nil, "CSV"),
    ] as [(String, String, Int?, String)]
  )
  func errors(text: String, code: String, line: Int?, hint: String) {
    do {
      _ = try read(text)
      Issue.record("no error")
    } catch let error as FormatError {
      #expect(error.code == code)
      #expect(error.line == line)
      #expect(hint.isEmpty || error.notes.contains { $0.contains(hint) })
    } catch {
      Issue.record("\(error)")
    }
  }

  @Test("invalid UTF-8 is named by line and column")
  func invalidUTF8() {
    #expect {
      _ = try CSVReader.read(InputBytes(Array("a,b\nx,".utf8) + [0xFF, 0xFE] + Array("\n".utf8)))
    } throws: { error in
      let error = error as? FormatError
      return error?.code == "F016" && error?.line == 2 && error?.column == 3
    }
  }

  @Test("rows that do not fit go to the rejects on request")
  func rejects() throws {
    let text = "a,b\n1,2\n3\nx,4\n5,6,7\n8,9\n"
    let skipped = try read(text, ["on_error": "skip", "types": "{'a': 'BIGINT'}"])
    #expect(rows(skipped) == [[.integer(1), .integer(2)], [.integer(8), .integer(9)]])
    #expect(skipped.rejects.map(\.line).sorted() == [3, 4, 5])
    let nulled = try read(text, ["on_error": "null", "types": "{'a': 'BIGINT'}"])
    #expect(
      rows(nulled) == [
        [.integer(1), .integer(2)], [.integer(3), .null], [.null, .integer(4)],
        [.integer(8), .integer(9)],
      ]
    )
    #expect {
      _ = try read(text, ["null_padding": "true", "types": "{'a': 'BIGINT'}"])
    } throws: { ($0 as? FormatError)?.line == 4 }
  }

  @Test("some columns, in another order")
  func subset() throws {
    let result = try read("a,b,c\n1,2,3\n4,5,6\n", columns: ["C", "a"])
    #expect(rows(result) == [[.integer(3), .integer(1)], [.integer(6), .integer(4)]])
    #expect(throws: FormatError.self) { try read("a\n1\n", columns: ["z"]) }
  }

  @Test("encodings")
  func encodings() throws {
    let text = "naam;stad\nRenée;Zürich\n"
    var wide: [UInt8] = [0xFF, 0xFE]
    for unit in text.utf16 { wide += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
    let latin = text.unicodeScalars.map { UInt8($0.value) }
    for bytes in [wide, latin, [0xEF, 0xBB, 0xBF] + Array(text.utf8)] {
      let result = try CSVReader.read(InputBytes(bytes))
      #expect(result.table.schema.fields.map(\.name) == ["naam", "stad"])
      #expect(rows(result) == [[.text("Renée"), .text("Zürich")]])
    }
  }

  @Test("dialects", arguments: [",", ";", "\t", "|"], ["\n", "\r\n", "\r"])
  func dialects(delimiter: String, newline: String) throws {
    let lines = [
      ["id", "name", "note"], ["1", "Ann", "\"a\(delimiter)b\""],
      ["2", "Bob", "\"say \"\"hi\"\"\""],
      ["3", "Cy", ""],
    ]
    let text = lines.map { $0.joined(separator: delimiter) }.joined(separator: newline)
    for ending in ["", newline] {
      let result = try read(text + ending)
      #expect(
        rows(result) == [
          [.integer(1), .text("Ann"), .text("a\(delimiter)b")],
          [.integer(2), .text("Bob"), .text("say \"hi\"")],
          [.integer(3), .text("Cy"), .null],
        ]
      )
    }
  }
}
