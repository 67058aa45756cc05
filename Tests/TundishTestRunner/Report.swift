import TundishTestSupport

/// What came of the files so far.
struct Report {
  let style: TestRunner.Style
  private var passed = 0
  private(set) var failed = 0
  private var skipped = 0
  private var reasons: [String: (count: Int, example: String)] = [:]

  init(style: TestRunner.Style) {
    self.style = style
  }

  /// Runs a file and prints its line.
  mutating func run(_ path: String, _ settings: [(String, String)]) throws {
    guard let text = TestPaths.text(of: path) else {
      failed += 1
      print("\(path): cannot be read")
      return
    }
    var parser = GoldenParser(text)
    let runner = try GoldenRunner(configuration: .standard)
    for (name, value) in settings { try runner.set(name, value) }
    let outcome = runner.run(parser.records())
    passed += outcome.runCount - outcome.mismatches.count
    failed += outcome.mismatches.count
    skipped += outcome.skippedCount
    for mismatch in outcome.mismatches {
      let place = "\(path):\(mismatch.line)"
      if style == .full { print("\(place): \(mismatch.message)\n") }
      let reason = Self.reason(mismatch.message)
      reasons[reason] = ((reasons[reason]?.count ?? 0) + 1, reasons[reason]?.example ?? place)
    }
    print(
      "\(path): \(outcome.runCount) run, \(outcome.mismatches.count) failed, "
        + "\(outcome.skippedCount) skipped"
    )
  }

  /// Prints the totals.
  func close() {
    if style == .summary {
      for (reason, entry) in reasons.sorted(by: {
        ($1.value.count, $0.key) < ($0.value.count, $1.key)
      }) {
        print("\(entry.count) × \(reason) (\(entry.example))")
      }
      let run = max(1, passed + failed)
      print(
        "\(passed) of \(run) records as expected (\(passed * 1000 / run) per mille), \(skipped) skipped"
      )
    }
    print("\(passed) passed, \(failed) failed")
  }

  /// The first diagnostic of a failure, or what kind of difference it is.
  private static func reason(_ message: String) -> String {
    let lines = message.split(separator: "\n")
    if let line = lines.first(where: { $0.hasPrefix("error[") }) { return String(line.prefix(120)) }
    if lines.contains("found") { return "other rows" }
    return String((lines.first ?? "").prefix(80))
  }
}
