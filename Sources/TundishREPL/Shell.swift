package import Tundish
import TundishSyntax

/// Runs statements and dot-commands and prints what comes of them: the part that the terminal, a
/// pipe, `-c` and `run` have in common.
///
/// Owned by one thread. Data goes to `output`, narration and errors to standard error.
package final class Shell {
  /// What the command line chose.
  package struct Options: Sendable {
    /// The output format; nil means `box` on a terminal and `csv` elsewhere.
    package var format: String?
    /// Whether statements after a failed one still run.
    package var keepsGoing = false
    /// Whether errors are printed as JSON.
    package var printsErrorsAsJSON = false

    /// The defaults.
    package init() {}
  }

  let database: Database
  let options: Options
  /// Where results go.
  var output: Output
  /// The output format.
  var mode: String {
    didSet { fileMode = nil }
  }
  /// The format that the name of the file of `.output` says, until another is chosen.
  var fileMode: String?
  /// Whether the time of each statement is printed.
  var printsTime = false
  /// The parameters that statements may use.
  var parameters = Parameters.none
  /// How deep `.read` files are nested.
  var readDepth = 0
  /// The text of the last statement, for `.edit`.
  var lastStatement = ""
  /// The line of the script at which the text begins that is being run.
  private var firstLine = 1
  /// Whether `.quit` was given.
  package private(set) var isFinished = false
  /// The exit code: that of the first error.
  package private(set) var exitCode: Int32 = 0

  /// Creates a shell that prints to standard output.
  package init(database: Database, options: Options = Options()) {
    self.database = database
    self.options = options
    output = .standard
    mode = options.format ?? (Output.standard.isTerminal ? "box" : "csv")
    ProgressLine.attach(to: database)
  }

  /// Sets the values of parameters such as `$region`.
  package func setParameters(_ parameters: Parameters) {
    self.parameters = parameters
  }

  /// Runs statements and prints their results.
  ///
  /// - Parameters:
  ///   - text: Statements separated by `;`.
  ///   - firstLine: The line at which the text begins in its script.
  /// - Returns: Whether to go on: false after an error unless errors are to be passed over.
  @discardableResult
  package func run(_ text: String, firstLine: Int = 1) -> Bool {
    // A `.read` within the text has lines of its own.
    let outerLine = self.firstLine
    defer { self.firstLine = outerLine }
    self.firstLine = firstLine
    // What is missing at the end is missing after the last word, not on an empty line below it.
    let text = text.trimmingEnd
    let parsed = Syntax.parse(text)
    let errors = parsed.diagnostics.filter { $0.severity == .error }
    guard errors.isEmpty else {
      return report(.statement(parsed.diagnostics, text: text))
    }
    for statement in parsed.script.statements {
      guard run(statement, text: text) || options.keepsGoing else { return false }
      if isFinished { return false }
    }
    return true
  }

  /// Runs one line that starts with a dot or a backslash.
  @discardableResult
  package func runCommand(_ line: String) -> Bool {
    do {
      try DotCommands.run(line, in: self)
      return true
    } catch {
      return report(error)
    }
  }

  /// Leaves the loop that feeds this shell.
  func finish() {
    isFinished = true
  }

  /// Prints an error; whether to go on.
  @discardableResult
  package func report(_ error: TundishError) -> Bool {
    if exitCode == 0 { exitCode = error.exitCode }
    output.flush()
    StandardError.print(
      options.printsErrorsAsJSON
        ? error.renderedJSON(firstLine: firstLine) : error.rendered(firstLine: firstLine)
    )
    return options.keepsGoing
  }

  private func run(_ statement: Statement, text: String) -> Bool {
    lastStatement = text
    let clock = ContinuousClock()
    let start = clock.now
    do {
      let result = try database.run(statement, text: text, parameters: parameters)
      try show(result)
      if printsTime {
        StandardError.print("time: \(Shell.milliseconds(clock.now - start)) ms")
      }
      return true
    } catch {
      return report(error)
    }
  }

  /// Prints a result: rows in the chosen format, then messages and footer.
  func show(_ result: QueryResult) throws(TundishError) {
    for warning in result.warnings {
      let warned = TundishError.statement([warning], text: lastStatement)
      StandardError.print(warned.rendered(firstLine: firstLine))
    }
    for message in result.messages { narrate(message) }
    let mode = fileMode ?? mode
    guard result.schema != nil, mode != "trash" else { return }
    if mode == "xlsx" { try output.takeOnlyResult() }
    try output.write(database.render(result, format: mode, options: renderOptions))
    if !printsFooterInside {
      for line in result.footer { narrate(line) }
    }
    output.flush()
  }

  /// Formats for people carry the footer under the rows; the others keep data alone on the output.
  private var printsFooterInside: Bool {
    output.isTerminal
  }

  private var renderOptions: RenderOptions {
    var options = RenderOptions()
    options.width = output.isTerminal ? Terminal.width : nil
    options.maximumRowCount = output.isTerminal ? 40 : nil
    options.printsFooter = printsFooterInside
    return options
  }

  /// Prints what is not data: on the terminal in line with it, elsewhere on standard error.
  func narrate(_ line: String) {
    if output.isTerminal {
      output.write(line + "\n")
      output.flush()
    } else {
      StandardError.print(line)
    }
  }

  /// Milliseconds with three decimals.
  private static func milliseconds(_ duration: Swift.Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    return "\(microseconds / 1000).\(String(microseconds % 1000 + 1000).dropFirst())"
  }
}

extension Shell {
  /// Runs the text of a file: statements, and dot-commands on lines of their own between them.
  ///
  /// - Parameter text: The file's text.
  /// - Returns: Whether to go on.
  @discardableResult
  package func runScript(_ text: String) -> Bool {
    var feed = ScriptFeed(shell: self)
    // `\r\n` is one character.
    let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    for line in lines {
      guard feed.take(String(line)) else { return false }
    }
    return feed.finish()
  }
}
