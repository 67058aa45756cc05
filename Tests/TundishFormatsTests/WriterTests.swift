import Testing
import TundishColumns

@testable import TundishFormats

@Suite("Result writers")
struct WriterTests {
  private let schema = Schema([
    Field(name: "owner", type: .varchar),
    Field(name: "won", type: .bigint),
    Field(name: "win_rate", type: .double, unit: .rate),
    Field(name: "bookings", type: .decimal(precision: 18, scale: 2), unit: .money("EUR")),
    Field(name: "closed", type: .date),
  ])

  private var batch: Batch {
    Batch(
      columns: [
        .strings(["Cara \"C\" Losch", nil, ""]),
        .values([.integer(480), .integer(-7), .null], type: .bigint),
        .values([.double(0.6315), .null, .double(0.5)], type: .double),
        .values(
          [.decimal(unscaled: 123_450, scale: 2), .decimal(unscaled: -5, scale: 2), .null],
          type: .decimal(precision: 18, scale: 2)
        ),
        .values([.date(0), .date(-1), .null], type: .date),
      ],
      rowCount: 3
    )
  }

  @Test("csv tells NULL from empty text")
  func csv() throws {
    let text = try CSVWriter.csv.text(schema: schema, batches: [batch])
    #expect(
      text == """
        owner,won,win_rate,bookings,closed
        "Cara ""C"" Losch",480,0.6315,1234.50,1970-01-01
        ,-7,,-0.05,1969-12-31
        "",,0.5,,

        """
    )
  }

  @Test("units are written where that is asked for, and read back")
  func units() throws {
    let schema = Schema([
      Field(name: "price", type: .decimal(precision: 18, scale: 2), unit: .money("USD")),
      Field(name: "fee", type: .decimal(precision: 18, scale: 2), unit: .money("CHF")),
      Field(name: "share", type: .decimal(precision: 18, scale: 3), unit: .percent),
    ])
    func decimals(_ values: [Int128?], _ scale: Int) -> Column {
      .values(
        values.map { $0.map { .decimal(unscaled: $0, scale: scale) } ?? .null },
        type: .decimal(precision: 18, scale: scale)
      )
    }
    let batch = Batch(
      columns: [
        decimals([123_450, -5, nil], 2), decimals([100, -99_999, 0], 2),
        decimals([125, nil, 2_000], 3),
      ],
      rowCount: 3
    )
    var options = WriterOptions()
    options.writesUnits = true
    let collector = ByteCollector()
    try CSVWriter.csv.write(schema: schema, batches: [batch], options: options, into: collector)
    #expect(
      collector.text
        == "price,fee,share\n$1234.50,CHF 1.00,12.5%\n-$0.05,-CHF 999.99,\n,CHF 0.00,200.0%\n"
    )
    let table = try CSVReader.read(InputBytes(collector.bytes)).table
    #expect(table.schema.fields.map(\.unit) == schema.fields.map(\.unit))
    #expect(
      try CSVWriter.csv.text(schema: table.schema, batches: table.batches())
        == CSVWriter.csv.text(schema: schema, batches: [batch])
    )
  }

  @Test("tsv spells NULL")
  func tsv() throws {
    let text = try CSVWriter.tsv.text(schema: schema, batches: [batch])
    #expect(text.split(separator: "\n")[2] == "NULL\t-7\tNULL\t-0.05\t1969-12-31")
  }

  @Test("json keeps digits and quotes dates")
  func json() throws {
    let lines = try JSONWriter.lines.text(schema: schema, batches: [batch.sliced(0..<1)])
    #expect(
      lines == #"{"owner":"Cara \"C\" Losch","won":480,"win_rate":0.6315,"bookings":1234.50,"#
        + #""closed":"1970-01-01"}"# + "\n"
    )
    #expect(try JSONWriter.array.text(schema: schema, batches: []) == "[]\n")
  }

  @Test("box formats units and aligns numbers")
  func box() throws {
    var options = WriterOptions()
    options.nullLabels = [0: "(none)"]
    options.footerLines = ["as of today"]
    let text = try BoxWriter().text(schema: schema, batches: [batch], options: options)
    #expect(
      text == """
        ┌────────────────┬──────┬──────────┬────────────┬────────────┐
        │ owner          │  won │ win_rate │   bookings │ closed     │
        ├────────────────┼──────┼──────────┼────────────┼────────────┤
        │ Cara "C" Losch │  480 │   63.2 % │ € 1,234.50 │ 1970-01-01 │
        │ (none)         │   -7 │        – │    -€ 0.05 │ 1969-12-31 │
        │                │ NULL │   50.0 % │       NULL │ NULL       │
        └────────────────┴──────┴──────────┴────────────┴────────────┘
        as of today

        """
    )
  }

  @Test("box fits its width and says what it left out", arguments: [31, 35, 40, 50, 60])
  func boxFits(width: Int) throws {
    let many = Batch(
      columns: batch.columns.map { $0.gathered((0..<100).map { Int32($0 % 3) }) },
      rowCount: 100
    )
    let options = WriterOptions(terminalWidth: width, maximumRowCount: 5)
    let text = try BoxWriter().text(schema: schema, batches: [many], options: options)
    let lines = text.split(separator: "\n")
    #expect(lines.allSatisfy { DisplayWidth.of(String($0)) <= width })
    #expect(lines.last?.hasPrefix("5 of 100 rows") == true)
    #expect(lines.count == 5 + 4 + 1 + 1)
  }

  @Test("no data steers the terminal")
  func controlCharacters() throws {
    let schema = Schema([Field(name: "a", type: .varchar)])
    let column = Column.strings(["\u{1B}[2J\n", "日本", "e\u{301}", "👩‍👩‍👧"])
    let text = try BoxWriter().text(
      schema: schema,
      batches: [Batch(columns: [column], rowCount: 4)]
    )
    #expect(
      text == """
        ┌───────────┐
        │ a         │
        ├───────────┤
        │ \\x1B[2J\\n │
        │ 日本      │
        │ e\u{301}         │
        │ 👩‍👩‍👧        │
        └───────────┘

        """
    )
  }

  @Test("units round half to even on the decimal text")
  func rounding() {
    func text(_ value: Value, _ unit: Unit, _ type: DataType) -> String {
      var bytes: [UInt8] = []
      UnitFormat(unit: unit, type: type)?.append(value, to: &bytes)
      return String(decoding: bytes, as: UTF8.self)
    }
    #expect(text(.double(0.6315), .rate, .double) == "63.2 %")
    #expect(text(.double(0.6325), .rate, .double) == "63.2 %")
    #expect(text(.double(0.63251), .rate, .double) == "63.3 %")
    #expect(text(.double(0.9999), .rate, .double) == "100.0 %")
    #expect(text(.double(1e-9), .rate, .double) == "0.0 %")
    #expect(text(.double(12.5), .rate, .double) == "1,250.0 %")
    #expect(text(.double(-0.00001), .percent, .double) == "0.0 %")
    #expect(text(.double(1e20), .days, .double) == "100,000,000,000,000,000,000.0")
    #expect(text(.integer(1_234_567), .money("USD"), .bigint) == "$ 1,234,567")
    #expect(text(.double(51.781973), .days, .double) == "51.8")
    let long = Value.decimal(unscaled: 12_345_678, scale: 4)
    #expect(text(long, .money(nil), .decimal(precision: 20, scale: 4)) == "1,234.57")
    #expect(text(.integer(5), .money("CHF"), .bigint) == "CHF 5")
  }

  @Test("nested values, intervals and instants")
  func scalars() throws {
    let schema = Schema([
      Field(name: "a", type: .list(.varchar)),
      Field(name: "i", type: .interval),
      Field(name: "t", type: .timestampTZ),
      Field(name: "s", type: .structure([StructField(name: "x", type: .bigint)])),
      Field(name: "h", type: .decimal(precision: 38, scale: 20)),
    ])
    let row: [Value] = [
      .list([.text("a"), .null, .text("b, c")]),
      .interval(Interval(months: 14, days: 3, microseconds: -3_600_000_000)),
      .timestampTZ(1_500_000),
      .structure([StructMember(name: "x", value: .integer(1))]),
      .decimal(unscaled: -1, scale: 20),
    ]
    let columns = zip(schema.fields, row).map { Column.values([$1], type: $0.type) }
    let options = WriterOptions(utcOffset: { _ in 19_800 })
    let batch = Batch(columns: columns, rowCount: 1)
    let text = try CSVWriter.tsv.text(schema: schema, batches: [batch], options: options)
    #expect(
      text.split(separator: "\n")[1]
        == """
        [a, NULL, 'b, c']\t1 year 2 months 3 days -01:00:00\t1970-01-01 05:30:01.5+05:30\t\
        {'x': 1}\t-0.00000000000000000001
        """
    )
    let json = try JSONWriter.lines.text(schema: schema, batches: [batch], options: options)
    #expect(json.hasPrefix(#"{"a":["a",null,"b, c"],"i":"1 year"#))
    #expect(json.contains(#""s":{"x":1},"h":-0.00000000000000000001}"#))
  }

  @Test("bars are as long as their values")
  func bars() throws {
    let schema = Schema([
      Field(name: "owner", type: .varchar), Field(name: "n", type: .bigint),
    ])
    let batch = Batch(
      columns: [.strings(["Ann", "Bob"]), .integers([8, 4])],
      rowCount: 2
    )
    let options = WriterOptions(terminalWidth: 24, isUnicode: false)
    let text = try BarChartWriter().text(schema: schema, batches: [batch], options: options)
    #expect(
      text == """
        owner · n
        Ann |################ 8
        Bob |######## 4

        """
    )
  }

  @Test(
    "every chart draws something and fits",
    arguments: ["bar", "line", "funnel", "grid", "histogram"]
  )
  func charts(name: String) throws {
    let schema = Schema([
      Field(name: "month", type: .date), Field(name: "source", type: .varchar),
      Field(name: "rate", type: .double, unit: .rate),
    ])
    let count = 24
    let batch = Batch(
      columns: [
        .integers((0..<24).map { 17_000 + 31 * ($0 / 2) }, type: .date),
        .strings((0..<24).map { $0 % 2 == 0 ? "web" : nil }),
        .doubles((0..<24).map { Double($0 % 7) / 7 - 0.1 }),
      ],
      rowCount: count
    )
    let chart = try #require(FormatRegistry.chart(named: name))
    for isUnicode in [true, false] {
      let options = WriterOptions(terminalWidth: 100, isUnicode: isUnicode)
      let text = try chart.text(schema: schema, batches: [batch], options: options)
      #expect(!text.isEmpty)
      #expect(text.split(separator: "\n").allSatisfy { DisplayWidth.of(String($0)) <= 100 })
      #expect(try !chart.text(schema: schema, batches: [], options: options).contains("fatal"))
    }
  }
}
