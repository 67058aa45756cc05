import TundishColumns
import TundishFormats

/// Reading CSV from memory: what the reader itself takes, without statements and files.
enum CSVBenchmarks {
  static let rowCount = 200_000

  /// The fast way by one and two threads, and the general rules that it must agree with.
  static let all: [Benchmark] = [
    benchmark("csv.read", threadCount: 1, isGeneral: false),
    benchmark("csv.read.2threads", threadCount: 2, isGeneral: false),
    benchmark("csv.read.general", threadCount: 1, isGeneral: true),
  ]

  private static func benchmark(_ name: String, threadCount: Int, isGeneral: Bool) -> Benchmark {
    Benchmark(name: name, valueCount: rowCount) {
      let input = InputBytes(Array(text().utf8))
      var options = CSVOptions()
      options.threadCount = threadCount
      options.usesGeneralRules = isGeneral
      return {
        let table = try CSVReader.read(input, options: options).table
        let last = table.column(
          rowGroup: table.rowGroupCount - 1,
          column: 0,
          rows: 0..<table.rowCount(ofRowGroup: table.rowGroupCount - 1)
        )
        return table.rowCount == rowCount
          && last.value(at: last.count - 1) == .integer(Int64(rowCount - 1))
          && table.dictionary(ofColumn: 1)?.count == 10
      }
    }
  }

  /// An event log: an id, a word, a time, an amount.
  private static func text() -> String {
    var text = "id,channel,at,amount\n"
    for row in 0..<rowCount {
      let hour = 10 + row % 14
      let day = 10 + row % 19
      text +=
        "\(row),channel \(row * 7 % 10),2024-01-\(day) \(hour):15:30,\(row % 9_000 + 100).25\n"
    }
    return text
  }
}
