import Tundish

/// The line on a terminal that tells how far a file is.
enum ProgressLine {
  /// Shows the progress of a database's files on standard error, where that is a terminal.
  static func attach(to database: Database) {
    guard StandardError.isTerminal else { return }
    database.showProgress { state in
      StandardError.write(state.map { "\r\(text($0))\u{1B}[K" } ?? "\r\u{1B}[K")
    }
  }

  /// The text of a state, such as `1.2 GB of 3.4 GB · 12,000,000 rows · 410.0 MB/s · 6 s left`.
  static func text(_ state: FileProgress) -> String {
    var parts: [String] = []
    let seconds = max(0.001, state.seconds)
    let rate = Double(state.byteCount) / seconds
    if let total = state.totalByteCount, total > 0 {
      parts.append("\(size(state.byteCount)) of \(size(total))")
    } else if state.byteCount > 0 {
      parts.append(size(state.byteCount))
    }
    if state.rowCount > 0 { parts.append("\(grouped(state.rowCount)) rows") }
    parts.append(
      state.byteCount > 0
        ? "\(size(Int(rate)))/s" : "\(grouped(Int(Double(state.rowCount) / seconds))) rows/s"
    )
    if let total = state.totalByteCount, total > state.byteCount, rate > 0 {
      parts.append("\(Int(Double(total - state.byteCount) / rate) + 1) s left")
    } else if let total = state.totalRowCount, total > state.rowCount, state.rowCount > 0 {
      let secondsPerRow = state.seconds / Double(state.rowCount)
      parts.append("\(Int(Double(total - state.rowCount) * secondsPerRow) + 1) s left")
    }
    return parts.joined(separator: " · ")
  }

  /// A number with commas between groups of three digits.
  private static func grouped(_ number: Int) -> String {
    guard number >= 1_000 else { return "\(number)" }
    return grouped(number / 1_000) + "," + String(number % 1_000 + 1_000).dropFirst()
  }

  private static func size(_ byteCount: Int) -> String {
    for (unit, limit) in [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)]
    where byteCount >= limit {
      let tenths = byteCount / (limit / 10)
      return "\(tenths / 10).\(tenths % 10) \(unit)"
    }
    return "\(byteCount) bytes"
  }
}
