import Tundish

/// `TundishBench [NAME ...]`: measures what comments claim; every benchmark checks its answer.
///
/// A name selects all benchmarks that start with it. Five runs after one warm-up; the median counts.
@main
enum TundishBench {
  static func main() throws {
    let selected = Array(CommandLine.arguments.dropFirst())
    var failed = 0
    let all =
      KernelBenchmarks.all + QueryBenchmarks.all + LoadBenchmarks.all + CSVBenchmarks.all
    for benchmark in all
    where selected.isEmpty || selected.contains(where: { benchmark.name.hasPrefix($0) }) {
      guard let measurement = try measure(benchmark) else {
        print("\(benchmark.name): wrong answer")
        failed += 1
        continue
      }
      print(measurement.line)
    }
    if failed > 0 { throw WrongAnswer(count: failed) }
  }

  private static func measure(_ benchmark: Benchmark) throws -> Measurement? {
    guard let times = try Self.times(benchmark.prepare()) else { return nil }
    var measurement = Measurement(
      name: benchmark.name,
      valueCount: benchmark.valueCount,
      nanoseconds: times
    )
    if let scalar = benchmark.scalar {
      guard let times = try Self.times(scalar()) else { return nil }
      measurement.scalarMedian = times.sorted()[times.count / 2]
    }
    return measurement
  }

  /// The nanoseconds of five runs; nil where one gives a wrong answer.
  private static func times(_ run: () throws -> Bool) throws -> [Int64]? {
    guard try run() else { return nil }
    let clock = ContinuousClock()
    var times: [Int64] = []
    for _ in 0..<5 {
      let start = clock.now
      guard try run() else { return nil }
      let (seconds, attoseconds) = (clock.now - start).components
      times.append(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
    return times
  }

  private struct WrongAnswer: Error {
    let count: Int
  }
}
