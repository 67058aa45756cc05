import ArgumentParser
import Tundish
import TundishREPL

/// `tundish run SCRIPT [--name value ...]`: runs a saved script with its parameters.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a saved script; --NAME VALUE sets the parameters that its header declares.",
    discussion: "tundish run SCRIPT --help lists the script's parameters.",
    helpNames: []
  )

  @Argument(
    parsing: .captureForPassthrough,
    help: "The script, then its parameters and output options."
  )
  var arguments: [String] = []

  func run() throws {
    let invocation = try ScriptInvocation(arguments)
    if invocation.wantsHelp {
      print(invocation.help)
      return
    }
    let shell = try invocation.output.makeShell()
    do {
      shell.setParameters(try invocation.parameters())
    } catch {
      shell.report(error)
      throw ExitCode(2)
    }
    shell.runScript(invocation.text)
    try shell.close()
    if shell.exitCode != 0 { throw ExitCode(shell.exitCode) }
  }
}
