import Tundish
import TundishSyntax

/// Talks with a person: reads lines, runs statements as soon as they are complete, keeps history.
package struct TerminalLoop {
  private let shell: Shell
  private let editor: EditLine
  private var pending = ""

  /// Opens the terminal; nil if it cannot be used.
  package init?(shell: Shell, keepsHistory: Bool) {
    let path = keepsHistory ? Terminal.home.map { $0 + "/.tundish_history" } : nil
    guard let editor = EditLine(program: "tundish", historyPath: path) else { return nil }
    self.shell = shell
    self.editor = editor
    let database = shell.database
    editor.completions = { line in database.completions(before: line) }
  }

  /// Runs until Ctrl-D or `.quit`.
  package mutating func run() {
    while !shell.isFinished {
      switch editor.read(prompt: prompt) {
      case .end:
        shell.narrate("")
        return
      case .interrupted:
        pending = ""
      case .text(let line):
        take(line)
      }
    }
  }

  private var prompt: String {
    guard !pending.isEmpty else { return "tundish> " }
    // Shows what is open, right-aligned under the first prompt.
    let open = Syntax.parse(pending).openConstruct ?? ""
    return String(repeating: " ", count: max(0, 5 - open.count)) + open + "...> "
  }

  private mutating func take(_ line: String) {
    if pending.isEmpty, DotCommands.isCommand(line) {
      editor.remember(line)
      shell.runCommand(line)
      return
    }
    if line.hasSuffix("\\") {
      pending += line.dropLast() + "\n"
      return
    }
    pending += line + "\n"
    let (complete, rest) = StatementSplitter.split(pending, isInteractive: true)
    guard !complete.isEmpty else {
      if rest.allSatisfy(\.isWhitespace) { pending = "" }
      return
    }
    pending = rest.allSatisfy(\.isWhitespace) ? "" : rest
    editor.remember(complete.trimmed)
    shell.run(complete)
  }
}

extension String {
  /// Without white space at either end.
  var trimmed: String {
    String(drop { $0.isWhitespace }).trimmingEnd
  }

  /// Without white space at the end.
  var trimmingEnd: String {
    var text = Substring(self)
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}
