import Tundish
import TundishColumns
import TundishFormats

/// Writing results to memory.
enum WriterBenchmarks {
  static let all: [Benchmark] = [
    text("csv.write", CSVWriter.csv) { log in
      var text = "id,channel,at,amount\n"
      for row in 0..<log.rowCount {
        text += "\(row),channel \(log.channel(row)),2024-01-\(log.day(row)),\(log.amount(row)).25\n"
      }
      return Array(text.utf8)
    },
    text("json.write.lines", JSONWriter.lines) { log in
      var text = ""
      for row in 0..<log.rowCount {
        text += "{\"id\":\(row),\"channel\":\"channel \(log.channel(row))\","
        text += "\"at\":\"2024-01-\(log.day(row))\",\"amount\":\(log.amount(row)).25}\n"
      }
      return Array(text.utf8)
    },
    Benchmark(name: "json.write.array", valueCount: 200_000) { setting in
      // Right where it reads back.
      let log = EventLog(rowCount: setting.valueCount)
      let batches = log.batches
      return Work(
        byteCount: try written(JSONWriter.array, batches).count,
        run: { try written(JSONWriter.array, batches) },
        isRight: { dayTotals(of: try JSONReader.read(InputBytes($0)).table) == log.totals }
      )
    },
    Benchmark(name: "xlsx.write", valueCount: 50_000, fewValues: 2_000) { setting in
      let log = EventLog(rowCount: setting.valueCount)
      let batches = log.batches
      return Work(
        byteCount: nil,
        run: { try written(XLSXWriter(), batches) },
        isRight: { bytes in
          let result = try XLSXReader.read(
            InputBytes(bytes),
            workbook: WorkbookOptions(),
            options: CSVOptions()
          )
          return dayTotals(of: result.table) == log.totals
        }
      )
    },
  ]

  /// The bytes of a result.
  static func written(_ writer: any ResultWriter, _ batches: [Batch]) throws -> [UInt8] {
    let collector = ByteCollector()
    try writer.write(
      schema: EventLog.schema,
      batches: batches,
      options: WriterOptions(),
      into: collector
    )
    return collector.bytes
  }

  /// What the rows of a table add up to whose times were written as days.
  static func dayTotals(of table: StoredTable) -> EventLog.Totals {
    var totals = EventLog.totals(of: table)
    for batch in table.batches() {
      for row in 0..<batch.rowCount {
        if case .date(let day) = batch.columns[2].value(at: row) { totals.days += Int(day) }
      }
    }
    return totals
  }

  /// Text that must be the same as an obvious loop writes.
  private static func text(
    _ name: String,
    _ writer: any ResultWriter,
    loop: @escaping @Sendable (EventLog) -> [UInt8]
  ) -> Benchmark {
    Benchmark(name: name, valueCount: 200_000) { setting in
      let log = EventLog(rowCount: setting.valueCount)
      let batches = log.batches
      return try Work(
        byteCount: loop(log).count,
        run: { try written(writer, batches) },
        loop: { loop(log) },
        reading: { $0 }
      )
    }
  }
}
