internal import TundishSyntax

/// Feeds a shell the lines of a script or pipe: statements, each as soon as its `;` is there, and
/// dot-commands on lines of their own between them.
struct ScriptFeed {
  private let shell: Shell
  /// The text since the last statement that was run, and the line at which it begins.
  private var pending = ""
  private var firstLine = 1
  private var lineNumber = 0

  init(shell: Shell) {
    self.shell = shell
  }

  /// Takes the next line; whether to go on.
  mutating func take(_ line: String) -> Bool {
    lineNumber += 1
    if DotCommands.isCommand(line), isBetweenStatements {
      pending = ""
      return shell.runCommand(line) && !shell.isFinished
    }
    if pending.isEmpty {
      if line.allSatisfy(\.isWhitespace) { return true }
      firstLine = lineNumber
    }
    pending += line + "\n"
    guard line.utf8.contains(UInt8(ascii: ";")) else { return true }
    let (complete, rest) = StatementSplitter.split(pending, isInteractive: false)
    guard !complete.isEmpty else { return true }
    pending = rest.allSatisfy(\.isWhitespace) ? "" : rest
    let start = firstLine
    // What is left began after the last semicolon of this line.
    firstLine = lineNumber
    return shell.run(complete, firstLine: start) && !shell.isFinished
  }

  /// Runs what is left when no line follows; whether to go on.
  mutating func finish() -> Bool {
    defer { pending = "" }
    return pending.isEmpty || shell.run(pending, firstLine: firstLine)
  }

  /// Whether nothing but comments stands before the next line.
  private var isBetweenStatements: Bool {
    pending.isEmpty || StatementSplitter.isBlank(pending)
  }
}
