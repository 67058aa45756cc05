package import Tundish

/// What a session does at its start and end.
extension Shell {
  /// Loads a file or folder that the command line named; whether it worked.
  package func load(_ path: String) -> Bool {
    do {
      let result = try database.load(path)
      for message in result.messages { narrate(message) }
      return true
    } catch {
      report(error)
      return false
    }
  }

  /// Runs `~/.tundishrc` if it is there.
  package func runInitFile() {
    guard let home = Terminal.home, let text = try? Database.text(ofFile: home + "/.tundishrc")
    else { return }
    runScript(text)
  }

  /// Says what this is and how to go on.
  package func greet() {
    narrate("tundish \(Database.version) · .help for help, .quit or Ctrl-D to leave")
  }

  /// Hands over all output; a file of `.output` takes its name.
  package func close() throws(TundishError) {
    let output = output
    try output.close()
  }
}

extension Shell {
  /// Prints a line on standard error.
  package static func printError(_ line: String) {
    StandardError.print(line)
  }
}
