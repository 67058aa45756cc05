import Glibc

/// One file of goldens as a test argument.
package struct GoldenFile: Sendable, CustomStringConvertible {
  /// The path of the file.
  package let path: String

  /// Names a file.
  package init(path: String) {
    self.path = path
  }

  /// The path below `Tests`.
  package var description: String {
    path.hasPrefix(TestPaths.tests) ? String(path.dropFirst(TestPaths.tests.count + 1)) : path
  }

  /// All goldens below a folder of `Tests`.
  package static func all(in folder: String) -> [GoldenFile] {
    TestPaths.files(below: TestPaths.tests + "/" + folder, suffixes: [".test"])
      .map { GoldenFile(path: $0) }
  }

  /// Whether `TUNDISH_UPDATE=1` asks for expectations to be rewritten.
  package static var updates: Bool {
    unsafe getenv("TUNDISH_UPDATE").map { unsafe String(cString: $0) } == "1"
  }

  /// Runs the file under one configuration and returns the mismatches as text.
  package func mismatches(
    _ configuration: GoldenRunner.Configuration,
    pastesExplainedSQL: Bool = false
  ) throws -> [String] {
    let text = TestPaths.text(of: path) ?? ""
    var parser = GoldenParser(text)
    let runner = try GoldenRunner(configuration: configuration)
    runner.pastesExplainedSQL = pastesExplainedSQL
    let outcome = runner.run(parser.records())
    if GoldenFile.updates, !pastesExplainedSQL, configuration == .standard,
      !outcome.rewrites.isEmpty
    {
      rewrite(text, outcome.rewrites)
      return []
    }
    return outcome.mismatches.map { "\(description):\($0.line) [\(configuration)]: \($0.message)" }
  }

  private func rewrite(_ text: String, _ rewrites: [(Range<Int>, [String])]) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for (range, replacement) in rewrites.sorted(by: { $0.0.lowerBound > $1.0.lowerBound }) {
      lines.replaceSubrange(range, with: replacement)
    }
    _ = TestPaths.write(lines.joined(separator: "\n"), to: path)
  }
}
