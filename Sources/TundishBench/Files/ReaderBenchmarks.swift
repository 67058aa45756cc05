import Tundish
import TundishColumns
import TundishFormats

/// Reading files, from memory but for `load.csv`: what the readers themselves take.
enum ReaderBenchmarks {
  static let all: [Benchmark] = [
    csv("csv.read", loop: plainLoop) { EventLog(rowCount: $0).csv() },
    csv("csv.read.general", isGeneral: true) { EventLog(rowCount: $0).csv() },
    csv("csv.read.quoted") { EventLog(rowCount: $0).csv(isQuoted: true) },
    csv("csv.read.utf16") { EventLog(rowCount: $0).utf16() },
    csv("csv.read.gzip") { Database.packed(EventLog(rowCount: $0).csv()) },
    column("integers", .bigint) { "\($0 * 7_919 % 100_003)" },
    column("decimals", .decimal(precision: 18, scale: 2)) { "\($0 * 7_919 % 100_003).25" },
    column("doubles", .double) { "\($0 * 7_919 % 100_003)e-3" },
    column("dates", .date) { PlainDate(dayNumber: $0 * 7_919 % 10_007).text },
    column("words", .varchar) { "channel \($0 * 7 % 10)" },
    column("texts", .varchar) { "a note of deal \($0)" },
    json("json.read.lines", isArray: false),
    json("json.read.array", isArray: true),
    xlsx,
    loadCSV,
  ]

  private static let plainLoop: @Sendable ([UInt8]) -> Int = { PlainCSV.columns($0).ids.count }

  /// An event log read into a table.
  private static func csv(
    _ name: String,
    isGeneral: Bool = false,
    loop: (@Sendable ([UInt8]) -> Int)? = nil,
    bytes: @escaping @Sendable (Int) -> [UInt8]
  ) -> Benchmark {
    Benchmark(name: name, valueCount: 200_000) { setting in
      let bytes = bytes(setting.valueCount)
      let input = InputBytes(bytes)
      let expected = EventLog(rowCount: setting.valueCount).totals
      return Work(
        byteCount: bytes.count,
        run: {
          var options = CSVOptions()
          options.threadCount = setting.threadCount
          options.usesGeneralRules = isGeneral
          return try CSVReader.read(input, options: options).table
        },
        loop: loop.map { loop in { loop(bytes) } },
        isRight: { EventLog.totals(of: $0) == expected }
      )
    }
  }

  /// A file of one column: what reading a kind of value takes.
  private static func column(
    _ name: String,
    _ type: DataType,
    text: @escaping @Sendable (Int) -> String
  ) -> Benchmark {
    Benchmark(name: "csv.column." + name) { setting in
      let texts = (0..<setting.valueCount).map(text)
      let bytes = Array(("value\n" + texts.joined(separator: "\n") + "\n").utf8)
      let input = InputBytes(bytes)
      let expected = try Cast.convert(
        .strings(texts),
        to: type,
        context: KernelBenchmarks.context
      )
      return Work(
        byteCount: bytes.count,
        run: {
          var options = CSVOptions()
          options.threadCount = setting.threadCount
          options.types = ["value": type]
          return try CSVReader.read(input, options: options).table
        },
        isRight: { table in
          let columns = table.batches().flatMap { $0.columns[0].allValues() }
          return columns == expected.allValues()
        }
      )
    }
  }

  private static func json(_ name: String, isArray: Bool) -> Benchmark {
    Benchmark(name: name, valueCount: 200_000) { setting in
      let log = EventLog(rowCount: setting.valueCount)
      let bytes = log.json(isArray: isArray)
      let input = InputBytes(bytes)
      return Work(
        byteCount: bytes.count,
        run: {
          var options = JSONOptions()
          options.threadCount = setting.threadCount
          return try JSONReader.read(input, options: options).table
        },
        isRight: { EventLog.totals(of: $0) == log.totals }
      )
    }
  }

  /// A workbook of one sheet, as `xlsx.write` makes it.
  private static let xlsx = Benchmark(
    name: "xlsx.read",
    valueCount: 50_000,
    fewValues: 2_000
  ) { setting in
    let log = EventLog(rowCount: setting.valueCount)
    let bytes = try WriterBenchmarks.written(XLSXWriter(), log.batches)
    let input = InputBytes(bytes)
    return Work(
      byteCount: bytes.count,
      run: {
        try XLSXReader.read(input, workbook: WorkbookOptions(), options: CSVOptions()).table
      },
      isRight: { WriterBenchmarks.dayTotals(of: $0) == log.totals }
    )
  }

  /// A file loaded into a database, from opening it to the table.
  private static let loadCSV = Benchmark(name: "load.csv", valueCount: 500_000) { setting in
    let path = "/tmp/tundish-bench-deals-\(setting.valueCount).csv"
    let bytes = EventLog(rowCount: setting.valueCount).csv()
    try Database.write(String(decoding: bytes, as: UTF8.self), toFile: path)
    return Work(
      byteCount: bytes.count,
      run: {
        let database = try setting.database()
        try database.load(path, as: "events")
        return database
      },
      isRight: { database in
        let row = try database.query("SELECT count(*), sum(id) FROM events").rows.first
        let count = setting.valueCount
        return row?.values.map(\.number) == [Double(count), Double(count * (count - 1) / 2)]
      }
    )
  }
}
