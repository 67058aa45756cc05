import Tundish
import TundishSyntax

/// A command of the shell that is no statement: `.mode csv`, or psql's `\timing`.
struct DotCommand: Sendable {
  /// The name without the dot.
  let name: String
  /// psql's spellings, without the backslash.
  let aliases: [String]
  /// What follows the name: `[FILE]`.
  let usage: String
  /// What it does, one sentence.
  let summary: String
  /// Does it, given the words after the name.
  let run: @Sendable ([String], Shell) throws(TundishError) -> Void
}

/// The commands, found by name.
enum DotCommands {
  /// All commands, in the order of `.help`.
  static let all: [DotCommand] = [
    .help, .tables, .schema, .memory, .mode, .expanded, .timer, .read, .output, .save, .print,
    .edit, .quit,
  ]

  /// Whether a line is a command: it starts with a dot and a letter, or with a backslash, or is one
  /// of the words with which other programs are left.
  static func isCommand(_ line: String) -> Bool {
    let trimmed = line.drop { $0 == " " }
    if trimmed.first == "\\" || isFarewell(line) { return true }
    return trimmed.first == "." && trimmed.dropFirst().first?.isLetter == true
  }

  /// Whether a line is `exit` or `quit`, with or without a semicolon, as psql and DuckDB take it.
  private static func isFarewell(_ line: String) -> Bool {
    var text = Substring(line.trimmed)
    while text.last == ";" || text.last == " " { text.removeLast() }
    return ["exit", "quit"].contains(text.lowercased())
  }

  /// Runs a line.
  static func run(_ line: String, in shell: Shell) throws(TundishError) {
    if isFarewell(line) { return shell.finish() }
    let words = words(of: line)
    guard let first = words.first else { return }
    let name = String(first.dropFirst())
    let isAlias = first.hasPrefix("\\")
    let candidates = all.filter { isAlias ? $0.aliases.contains(name) : $0.name == name }
    let abbreviated = all.filter { !isAlias && !name.isEmpty && $0.name.hasPrefix(name) }
    guard let command = candidates.first ?? (abbreviated.count == 1 ? abbreviated.first : nil)
    else {
      let names = all.flatMap { command in
        isAlias ? command.aliases.map { "\\" + $0 } : ["." + command.name]
      }
      throw .usage(.unknownCommand(first, closest: Suggestion.closest(to: first, in: names)))
    }
    try command.run(Array(words.dropFirst()), shell)
  }

  /// The words of a line; quotes keep white space.
  private static func words(of line: String) -> [String] {
    var words: [String] = []
    var word = ""
    var quote: Character?
    var isInWord = false
    for character in line {
      if let open = quote {
        if character == open { quote = nil } else { word.append(character) }
      } else if character == "'" || character == "\"" {
        quote = character
        isInWord = true
      } else if character.isWhitespace {
        if isInWord { words.append(word) }
        word = ""
        isInWord = false
      } else {
        word.append(character)
        isInWord = true
      }
    }
    if isInWord { words.append(word) }
    return words
  }
}
