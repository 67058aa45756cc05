import Tundish

extension DotCommand {
  /// The command `.memory [TABLE]`.
  static let memory = DotCommand(
    name: "memory",
    aliases: [],
    usage: "[TABLE]",
    summary: "show what tables and their indexes hold in memory, or the columns of one table"
  ) { words, shell throws(TundishError) in
    guard let table = words.first else {
      try shell.show(shell.database.query(byTable))
      if let peak = Database.peakMemoryByteCount {
        let text = try shell.database.query("SELECT format_bytes($1)", [.integer(Int64(peak))])
        if case .text(let text)? = text.firstValue {
          shell.narrate("The process has held at most \(text).")
        }
      }
      return
    }
    // Says so where there is no such table.
    try shell.database.query("DESCRIBE \(quoted(table))")
    try shell.show(shell.database.query(byColumn, [.text(table)]))
  }

  /// The bytes of each table.
  private static let byTable = """
    SELECT table_name AS "table",
      coalesce(sum(bytes) FILTER (WHERE part = 'column'), 0)::BIGINT AS column_bytes,
      coalesce(sum(bytes) FILTER (WHERE part = 'index'), 0)::BIGINT AS index_bytes,
      format_bytes(sum(bytes)::BIGINT) AS memory
    FROM tundish_memory() GROUP BY table_name ORDER BY sum(bytes) DESC, table_name
    """

  /// The bytes of each column of a table.
  private static let byColumn = """
    SELECT part, column_name, bytes, format_bytes(bytes) AS memory FROM tundish_memory()
    WHERE lower(table_name) = lower($1) ORDER BY bytes DESC, part, column_name
    """
}
