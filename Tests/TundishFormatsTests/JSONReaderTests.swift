import Testing
import TundishColumns

@testable import TundishFormats

@Suite("JSON reader")
struct JSONReaderTests {
  private func read(_ text: String, _ options: [String: String] = [:]) throws -> JSONResult {
    try JSONReader.read(InputBytes(Array(text.utf8)), options: JSONOptions(values: options))
  }

  private func schema(_ result: JSONResult) -> [String] {
    result.table.schema.fields.map { "\($0.name) \($0.type)" }
  }

  private func rows(_ result: JSONResult) -> [[Value]] {
    result.table.batches().flatMap { batch in (0..<batch.rowCount).map { batch.row(at: $0) } }
  }

  @Test("array, lines and records give the same table")
  func layouts() throws {
    let records = [#"{"a":1,"b":"x"}"#, #"{"b":"y","c":[1,null]}"#]
    for text in [
      "[" + records.joined(separator: ",\n") + "]", records.joined(separator: "\n") + "\n",
      #"{"total":2,"records":["# + records.joined(separator: ",") + "]}",
    ] {
      let result = try read(text)
      #expect(schema(result) == ["a BIGINT", "b VARCHAR", "c BIGINT[]"])
      #expect(
        rows(result) == [
          [.integer(1), .text("x"), .null],
          [.null, .text("y"), .list([.integer(1), .null])],
        ]
      )
    }
  }

  @Test("types hold every value exactly")
  func types() throws {
    let result = try read(
      #"""
      [{"big":12345678901234567890,"dec":1.10,"exp":1e3,"day":"2026-01-31","at":"2026-01-31T10:00:00Z",
        "mixed":1,"id":"007","flag":true,"deep":{"x":{"y":1}}},
       {"big":1,"dec":2,"exp":5,"day":"2026-02-01","at":"2026-01-31T10:00:00+02:00",
        "mixed":"one","id":"8","flag":false,"deep":{"x":{"z":"é\ud83d\ude00"}}}]
      """#
    )
    #expect(
      schema(result) == [
        "big HUGEINT", "dec DECIMAL(18,2)", "exp DOUBLE", "day DATE",
        "at TIMESTAMP WITH TIME ZONE",
        "mixed VARCHAR", "id VARCHAR", "flag BOOLEAN",
        "deep STRUCT(x STRUCT(y BIGINT, z VARCHAR))",
      ]
    )
    let rows = rows(result)
    #expect(rows[0][0] == .hugeint(12_345_678_901_234_567_890))
    #expect(rows[1][1] == .decimal(unscaled: 200, scale: 2))
    #expect(rows[0][5] == .text("1"))
    let flat = try read(#"{"a":{"b":{"c":1}},"d":2}"#, ["flatten": "true"])
    #expect(schema(flat) == ["a_b_c BIGINT", "d BIGINT"])
  }

  @Test("Salesforce wrappers are dropped but for the reference")
  func attributes() throws {
    let result = try read(
      #"{"records":[{"attributes":{"type":"Lead","referenceId":"L1"},"Name":"Ann"}]}"#
    )
    #expect(schema(result) == ["referenceId VARCHAR", "Name VARCHAR"])
    #expect(result.notes.contains { $0.contains("attributes") })
  }

  @Test(
    "errors have a place",
    arguments: [
      ("[1,\n 2,]", 2, 4), ("{\"a\":01}", 1, 6), ("[\"ab", 1, 2), ("[1] x", 1, 5),
      ("{'a':1}", 1, 2), ("[tru]", 1, 2), ("[\"\\x\"]", 1, 4),
    ]
  )
  func errors(text: String, line: Int, column: Int) {
    #expect {
      _ = try read(text)
    } throws: { error in
      let error = error as? FormatError
      return error?.code == "F030" && error?.line == line && error?.column == column
    }
  }

  @Test("deep nesting is refused")
  func depth() {
    let text = String(repeating: "[", count: 100_000)
    #expect(throws: FormatError.self) { try read(text) }
  }

  @Test("what is written reads back")
  func roundTrip() throws {
    let schema = Schema([
      Field(name: "a", type: .bigint), Field(name: "b", type: .varchar),
      Field(name: "c", type: .decimal(precision: 18, scale: 3)), Field(name: "d", type: .date),
    ])
    let batch = Batch(
      columns: [
        .integers([1, -5, Int64(1e17)]), .strings(["\"\\\n\u{1}é", nil, ""]),
        .values(
          [.decimal(unscaled: 1, scale: 3), .null, .decimal(unscaled: -12_345, scale: 3)],
          type: .decimal(precision: 18, scale: 3)
        ),
        .integers([0, 20_000, -1], type: .date),
      ],
      rowCount: 3
    )
    for writer in [JSONWriter.array, JSONWriter.lines] {
      let text = try writer.text(schema: schema, batches: [batch])
      let result = try read(text)
      #expect(result.table.schema.fields.map(\.type) == schema.fields.map(\.type))
      #expect(rows(result) == (0..<3).map { batch.row(at: $0) })
    }
  }

  /// Records inside an object are read as trees, lines from the text itself: two readers.
  @Test("records in lines are what the same records are inside an object", arguments: 1...40)
  func plainRecords(seed: Int) throws {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15
    func random(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    let values = [
      ["1", "-20", "3.25", "null", "12345678901234567890", "1e3"],
      ["true", "false", "null", "\"true\""],
      ["\"Ann\"", "\"\"", #""a \"quoted\" name\n""#, #""Zo\u00eb""#, "null", "\" wide \""],
      ["\"2026-01-31\"", "\"2026-02-01\"", "null", "\"later\""],
      ["[]", "[1, 2]", #"{"x": 1, "y": null}"#, "null", #"{"x": 2}"#],
      [#"{"type": "Lead", "referenceId": "L1"}"#, #"{"city": "Delft"}"#, "null"],
    ]
    let names = ["n", "flag", "text", "day", "nested", seed % 3 == 0 ? "attributes" : "other"]
    var records: [String] = []
    for _ in 0..<(1 + random(60)) {
      var members: [String] = []
      for (name, choices) in zip(names, values) where random(6) > 0 {
        members.append("\"\(name)\" : \(choices[random(1 + random(choices.count))])")
      }
      if random(4) == 0 { members.reverse() }
      if random(9) == 0 { members.append(#""t\u0065xt": "again""#) }
      records.append("{" + members.joined(separator: random(2) == 0 ? ", " : ",") + " }")
    }
    for options in [[:], ["flatten": "true"]] {
      var inner = options
      inner["records"] = "records"
      let lines = try read(records.joined(separator: "\n"), options)
      let inside = try read(#"{"records": ["# + records.joined(separator: ",") + "]}", inner)
      #expect(schema(lines) == schema(inside))
      #expect(rows(lines) == rows(inside))
    }
  }

  @Test("pieces that several threads read make the table that one makes")
  func pieces() throws {
    let count = JSONPiece.maximumRowCount + 5_000
    let records = (0..<count).map { i -> String in
      switch i {
      case 7: #"{"id":7,"name":"caf\u00e9","day":"2026-01-07"}"#
      case count - 3: #"{"id":\#(i),"late":[1,2],"name":null}"#
      case count - 2: "17"
      default:
        #"{"id":\#(i),"name":"n\#(i % 50)","price":\#(i).25,"day":"2026-01-0\#(1 + i % 9)","won":\#(i % 3 == 0)}"#
      }
    }
    var tables: [[[Value]]] = []
    for text in [records.joined(separator: "\n"), "[" + records.joined(separator: ",\n") + "]"] {
      for threadCount in [1, 2] {
        var options = JSONOptions()
        options.threadCount = threadCount
        let result = try JSONReader.read(InputBytes(Array(text.utf8)), options: options)
        #expect(
          schema(result) == [
            "id BIGINT", "name VARCHAR", "price DECIMAL(18,2)", "day DATE", "won BOOLEAN",
            "late BIGINT[]",
          ]
        )
        #expect(result.rejects.map(\.text) == [text.hasPrefix("[") ? "17," : "17"])
        tables.append(rows(result))
      }
    }
    #expect(tables.allSatisfy { $0 == tables[0] })
    #expect(tables[0].count == count - 1)
    #expect(tables[0][7] == [.integer(7), .text("café"), .null, .date(20_460), .null, .null])
    let last = tables[0][count - 2]
    #expect(last[2] == .decimal(unscaled: Int128(count - 1) * 100 + 25, scale: 2))
    #expect(tables[0][count - 3][5] == .list([.integer(1), .integer(2)]))
    // What ends the reading is told for the first place in the text, whichever thread met it.
    var strict = JSONOptions()
    strict.errorPolicy = .fail
    strict.threadCount = 2
    let text = Array(records.joined(separator: "\n").utf8)
    let error = #expect(throws: FormatError.self) {
      try JSONReader.read(InputBytes(text), options: strict)
    }
    #expect(error?.code == "F031" && error?.line == count - 1)
  }

  @Test("gzip")
  func gzip() throws {
    let text = Array(String(repeating: #"{"a":1,"b":"xyz"}"# + "\n", count: 50_000).utf8)
    let compressed = try Gzip.compressed(text)
    #expect(compressed.count < text.count / 10)
    #expect(try JSONReader.read(InputBytes(compressed)).table.rowCount == 50_000)
    #expect(
      try CSVReader.read(InputBytes(Gzip.compressed(Array("a,b\n1,2\n".utf8)))).table.rowCount == 1
    )
    #expect(throws: FormatError.self) {
      try CSVReader.read(InputBytes(Array(compressed.dropLast(20))))
    }
    var damaged = compressed
    damaged[40] ^= 0xFF
    #expect(throws: FormatError.self) { try CSVReader.read(InputBytes(damaged)) }
    let members = try Gzip.compressed(Array("a\n1\n".utf8)) + Gzip.compressed(Array("2\n".utf8))
    #expect(try CSVReader.read(InputBytes(members)).table.rowCount == 2)
  }
}
