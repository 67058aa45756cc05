import Tundish

/// `TundishBench [NAME ...]`: measures what comments claim; every benchmark checks its answer.
///
/// A name selects all benchmarks that start with it. Five runs after one warm-up; the median counts.
@main
enum TundishBench {
  static func main() throws {
    let selected = Array(CommandLine.arguments.dropFirst())
    var failed = 0
    for benchmark in QueryBenchmarks.all + LoadBenchmarks.all + CSVBenchmarks.all
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
    let run = try benchmark.prepare()
    guard try run() else { return nil }
    let clock = ContinuousClock()
    var times: [Int64] = []
    for _ in 0..<5 {
      let start = clock.now
      guard try run() else { return nil }
      let (seconds, attoseconds) = (clock.now - start).components
      times.append(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
    return Measurement(name: benchmark.name, valueCount: benchmark.valueCount, nanoseconds: times)
  }

  private struct WrongAnswer: Error {
    let count: Int
  }
}
