import Glibc
import TundishTestSupport

/// `tundish-test [--quiet] [--summary] [--set NAME=VALUE] FILE ...`: runs goldens and plain
/// sqllogictest files, those of other projects too.
///
/// Prints each record whose outcome differs, then one line per file and a closing count.
/// `--summary` counts the reasons in place of printing the records; `--set` changes a setting
/// before each file, such as `--set integer_division=true` for files made with SQLite.
@main
enum TestRunner {
  static func main() throws {
    var arguments = CommandLine.arguments.dropFirst()
    var style = Style.full
    var settings: [(String, String)] = []
    var paths: [String] = []
    while let argument = arguments.popFirst() {
      switch argument {
      case "--quiet": style = .quiet
      case "--summary": style = .summary
      case "--set":
        let parts = (arguments.popFirst() ?? "").split(separator: "=", maxSplits: 1)
        guard parts.count == 2 else { usage("--set needs NAME=VALUE") }
        settings.append((String(parts[0]), String(parts[1])))
      default:
        guard !argument.hasPrefix("--") else { usage("no option '\(argument)'") }
        paths.append(argument)
      }
    }
    if paths.isEmpty { usage("no file") }
    var report = Report(style: style)
    for path in paths {
      let files =
        TestPaths.isFolder(path)
        ? TestPaths.files(below: path, suffixes: [".test", ".slt", ".test_slow"]) : [path]
      for file in files { try report.run(file, settings) }
    }
    report.close()
    if report.failed > 0 { exit(1) }
  }

  private static func usage(_ message: String) -> Never {
    print("\(message)\nusage: tundish-test [--quiet | --summary] [--set NAME=VALUE] FILE ...")
    exit(2)
  }

  /// How much is said.
  enum Style {
    case full
    case quiet
    case summary
  }
}
