import Tundish

extension DotCommand {
  /// The command `.tables`.
  static let tables = DotCommand(
    name: "tables",
    aliases: ["dt"],
    usage: "",
    summary: "list the tables and their rows"
  ) { _, shell throws(TundishError) in
    try shell.show(shell.database.query("SHOW TABLES"))
  }

  /// The command `.schema [TABLE]`.
  static let schema = DotCommand(
    name: "schema",
    aliases: ["d"],
    usage: "[TABLE]",
    summary: "show the columns of a table, or of all tables"
  ) { words, shell throws(TundishError) in
    let names = words.isEmpty ? shell.database.tableNames : words
    for name in names {
      if names.count > 1 { shell.narrate(name) }
      try shell.show(shell.database.query("DESCRIBE \(quoted(name))"))
    }
  }

  /// A name in quotes.
  static func quoted(_ name: String) -> String {
    "\""
      + name.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
