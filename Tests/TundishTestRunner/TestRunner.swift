import Glibc
import TundishTestSupport

/// `tundish-test FILE ...`: runs goldens and plain sqllogictest files, those of other projects too.
///
/// Prints each record whose outcome differs, then one line per file and a closing count.
@main
enum TestRunner {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    let isQuiet = arguments.contains("--quiet")
    var passed = 0
    var failed = 0
    for argument in arguments where !argument.hasPrefix("--") {
      let paths =
        TestPaths.isFolder(argument)
        ? TestPaths.files(below: argument, suffixes: [".test", ".slt", ".test_slow"]) : [argument]
      for path in paths {
        var parser = GoldenParser(TestPaths.text(of: path) ?? "")
        let outcome = try GoldenRunner(configuration: .standard).run(parser.records())
        passed += outcome.runCount - outcome.mismatches.count
        failed += outcome.mismatches.count
        if !isQuiet {
          for mismatch in outcome.mismatches {
            print("\(path):\(mismatch.line): \(mismatch.message)\n")
          }
        }
        print(
          "\(path): \(outcome.runCount) run, \(outcome.mismatches.count) failed, \(outcome.skippedCount) skipped"
        )
      }
    }
    print("\(passed) passed, \(failed) failed")
    if failed > 0 { exit(1) }
  }
}
