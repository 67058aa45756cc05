import Glibc
import Tundish

/// Measures what comments claim; every benchmark checks its answer.
///
///     TundishBench [NAME ...]            the times of all benchmarks whose names start so
///     TundishBench --list [NAME ...]     their names
///     TundishBench --check [NAME ...]    their answers, on few values
///     TundishBench --once NAME           the named one on few values, without times, for a profiler
///     TundishBench --budgets [NAME ...]  names, few values, and the instructions that each may take
///
/// `--values N` sets the number of values, `--threads N` the threads of queries and readers (1),
/// `--runs N` the runs: of `--once` and `--check` 1; timed ones 5, after one run that warms up, and the median counts.
/// `instructions.sh` counts instructions per value and compares them with the budgets.
@main
enum TundishBench {
  static let all =
    KernelBenchmarks.all + QueryBenchmarks.all + ReaderBenchmarks.all + WriterBenchmarks.all
    + MetricBenchmarks.all

  static func main() {
    guard let arguments = Arguments(Array(CommandLine.arguments.dropFirst())) else {
      print(
        "TundishBench [--list | --check | --once | --budgets] [--values N] [--threads N] [--runs N] [NAME ...]"
      )
      exit(2)
    }
    let names = arguments.names
    let selected = all.filter { benchmark in
      arguments.mode == .once
        ? names.contains(benchmark.name)
        : names.isEmpty || names.contains { benchmark.name.hasPrefix($0) }
    }
    guard !selected.isEmpty else {
      print("no benchmark is named so; --list prints the names")
      exit(2)
    }
    if arguments.mode == .list {
      for benchmark in selected { print(benchmark.name) }
      return
    }
    if arguments.mode == .budgets {
      for benchmark in selected {
        let count = arguments.valueCount ?? benchmark.fewValues
        print("\(benchmark.name)\t\(count)\t\(benchmark.instructionBudget.map { "\($0)" } ?? "")")
      }
      return
    }
    if arguments.mode == .time { print(Measurement.header) }
    var runner = Runner(arguments: arguments)
    var failedCount = 0
    for benchmark in selected {
      do {
        if try runner.isRight(benchmark) { continue }
        print("\(benchmark.name): wrong answer")
      } catch {
        print("\(benchmark.name): \(error)")
      }
      failedCount += 1
    }
    if arguments.mode == .check {
      print(
        "\(selected.count - failedCount) of \(selected.count) answers are right"
      )
    }
    if failedCount > 0 { exit(1) }
  }
}

/// Runs benchmarks one after the other.
private struct Runner {
  let arguments: Arguments
  private var settings: [Int: Setting] = [:]

  init(arguments: Arguments) {
    self.arguments = arguments
  }

  /// Runs a benchmark as the arguments say; returns whether all its answers are right.
  mutating func isRight(_ benchmark: Benchmark) throws -> Bool {
    let count =
      arguments.valueCount
      ?? (arguments.mode == .time ? benchmark.valueCount : benchmark.fewValues)
    let setting = settings[count] ?? Setting(valueCount: count, threadCount: arguments.threadCount)
    settings[count] = setting
    let work = try benchmark.prepare(setting)
    if arguments.mode != .time {
      // Only the last answer is checked, so that one run more costs just that run's instructions.
      var check = try work.run()
      for _ in 1..<max(1, arguments.runCount ?? 1) { check = try Self.countedRun(work) }
      return try Self.checkedAnswer(check)
    }
    guard let times = try times(work.run) else { return false }
    var measurement = Measurement(
      name: benchmark.name,
      valueCount: count,
      byteCount: work.byteCount,
      nanoseconds: times
    )
    if let loop = work.loop {
      guard let times = try self.times(loop) else { return false }
      measurement.loopMedian = times[times.count / 2]
    }
    print(measurement.line)
    // So that each is seen as soon as it is there, also through a pipe.
    fflush(nil)
    return true
  }

  /// A run whose instructions are counted: `instructions.sh` knows the name.
  @inline(never)
  private static func countedRun(_ work: Work) throws -> Work.Check {
    try work.run()
  }

  /// The end of what is counted, likewise.
  @inline(never)
  private static func checkedAnswer(_ check: Work.Check) throws -> Bool {
    try check()
  }

  /// The nanoseconds of the runs, ascending; nil where one gives a wrong answer.
  private func times(_ run: () throws -> Work.Check) throws -> [Int64]? {
    guard try run()() else { return nil }
    let clock = ContinuousClock()
    var times: [Int64] = []
    for _ in 0..<max(1, arguments.runCount ?? 5) {
      let start = clock.now
      let check = try run()
      let (seconds, attoseconds) = (clock.now - start).components
      guard try check() else { return nil }
      times.append(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
    return times.sorted()
  }
}
