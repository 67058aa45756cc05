import ArgumentParser
import Tundish
import TundishREPL

/// The program `tundish`: a terminal session, a script, or one query.
@main
struct TundishCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tundish",
    abstract: "Ask questions of sales data: analytic SQL, and metrics in one line.",
    discussion: """
      Without -c and without a pipe, tundish talks with you. Files and folders are loaded first:
        tundish exports/ -c "win_rate by owner"
      """,
    version: Database.version,
    subcommands: [QueryCommand.self, RunCommand.self, FormatCommand.self],
    defaultSubcommand: QueryCommand.self
  )
}

/// What all ways of running statements share.
struct OutputOptions: ParsableArguments {
  @Option(
    name: .long,
    help: "Output: \(Database.formatNames.joined(separator: ", ")), trash."
  )
  var format: String?

  @Option(name: .long, help: "Worker threads.")
  var threads: Int?

  @Flag(name: .long, help: "Go on after an error.")
  var keepGoing = false

  @Option(name: .long, help: "How errors are printed: text or json.")
  var errors = "text"

  mutating func validate() throws {
    if let format, !(Database.formatNames + ["trash"]).contains(format) {
      throw ValidationError(
        "no format '\(format)'; formats: \(Database.formatNames.joined(separator: ", ")), trash"
      )
    }
    guard errors == "text" || errors == "json" else {
      throw ValidationError("--errors is '\(errors)', expected text or json")
    }
    if let threads, !(1...256).contains(threads) {
      throw ValidationError("--threads is \(threads), expected 1 to 256")
    }
  }

  /// A shell on a fresh database, with Ctrl-C watched.
  func makeShell() throws -> Shell {
    var configuration = Database.Configuration()
    if let threads { configuration.threads = threads }
    HeapPolicy.apply()
    let database = try Database(configuration)
    InterruptWatcher.start(database)
    var options = Shell.Options()
    options.format = format
    options.keepsGoing = keepGoing
    options.printsErrorsAsJSON = errors == "json"
    return Shell(database: database, options: options)
  }
}
