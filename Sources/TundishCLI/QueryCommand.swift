import ArgumentParser
import Tundish
import TundishREPL

/// `tundish [FILE ...] [-c STATEMENTS]`: the default.
struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Talk, run -c, or read statements from a pipe (the default).",
    shouldDisplay: false
  )

  @Argument(help: "Files and folders to load first.", completion: .file())
  var files: [String] = []

  @Option(name: .short, help: "Statements to run; may be given several times.")
  var command: [String] = []

  @Flag(name: .long, help: "Do not read ~/.tundishrc.")
  var noInit = false

  @OptionGroup var output: OutputOptions

  func run() throws {
    let shell = try output.makeShell()
    let isTalking = command.isEmpty && Terminal.isInteractive
    if isTalking, !noInit { shell.runInitFile() }
    for file in files {
      guard shell.load(file) else { throw ExitCode(shell.exitCode) }
    }
    if !command.isEmpty {
      for text in command {
        guard shell.runScript(text) || output.keepGoing else { break }
      }
    } else if isTalking, var loop = TerminalLoop(shell: shell, keepsHistory: true) {
      shell.greet()
      loop.run()
    } else {
      var loop = PipeLoop(shell: shell)
      loop.run()
    }
    try shell.close()
    if shell.exitCode != 0, !isTalking { throw ExitCode(shell.exitCode) }
  }
}
