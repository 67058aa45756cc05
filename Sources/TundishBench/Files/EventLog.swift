import TundishColumns

/// Rows of an event log: an id, a word, a time, an amount; the same everywhere.
struct EventLog {
  let rowCount: Int

  /// What the rows add up to, whoever read them.
  struct Totals: Equatable {
    var rowCount = 0
    var ids = 0
    /// The number of the channel, of ten.
    var channels = 0
    /// Days since 1970-01-01.
    var days = 0
    /// Hundredths.
    var amounts = 0
  }

  /// `id,channel,at,amount` with any delimiter, words between quotes where asked for.
  func csv(isQuoted: Bool = false) -> [UInt8] {
    let quote = isQuoted ? "\"" : ""
    var text = "id,channel,at,amount\n"
    for row in 0..<rowCount {
      text += "\(row),\(quote)channel \(channel(row))\(quote),\(time(row)),\(amount(row)).25\n"
    }
    return Array(text.utf8)
  }

  /// The same in UTF-16, little end first, with its mark.
  func utf16() -> [UInt8] {
    var bytes: [UInt8] = [0xFF, 0xFE]
    for byte in csv() { bytes += [byte, 0] }
    return bytes
  }

  /// An object per row, in lines or in an array.
  func json(isArray: Bool) -> [UInt8] {
    let objects = (0..<rowCount).map { row in
      "{\"id\":\(row),\"channel\":\"channel \(channel(row))\",\"at\":\"\(time(row))\","
        + "\"amount\":\(amount(row)).25}"
    }
    let text =
      isArray
      ? "[" + objects.joined(separator: ",\n") + "]" : objects.joined(separator: "\n") + "\n"
    return Array(text.utf8)
  }

  /// What the rows add up to.
  var totals: Totals {
    var totals = Totals()
    for row in 0..<rowCount {
      totals.rowCount += 1
      totals.ids += row
      totals.channels += channel(row)
      // 2024-01-01 is day 19,723.
      totals.days += 19_722 + day(row)
      totals.amounts += amount(row) * 100 + 25
    }
    return totals
  }

  /// What the rows of a table that was read add up to.
  static func totals(of table: StoredTable) -> Totals {
    var totals = Totals(rowCount: table.rowCount)
    for batch in table.batches() {
      for row in 0..<batch.rowCount {
        totals.ids += Int(batch.columns[0].value(at: row).number)
        if case .text(let word) = batch.columns[1].value(at: row) {
          totals.channels += Int(word.dropFirst("channel ".count)) ?? 0
        }
        if case .timestamp(let time) = batch.columns[2].value(at: row) {
          totals.days += Int(time / 86_400_000_000)
        }
        totals.amounts += Int(batch.columns[3].value(at: row).number * 100)
      }
    }
    return totals
  }

  /// Columns as a query gives them.
  var batches: [Batch] {
    let words = TextDictionary(distinct: TextVector((0..<10).map { "channel \($0)" }))
    return KernelBenchmarks.rowRanges(rowCount).map { rows in
      Batch(
        columns: [
          .integers(rows.map { Int64($0) }),
          .codes(rows.map { Int32(channel($0)) }, words),
          .integers(rows.map { Int64(19_722 + day($0)) }, type: .date),
          .integers(
            rows.map { Int64(amount($0) * 100 + 25) },
            type: .decimal(precision: 12, scale: 2)
          ),
        ],
        rowCount: rows.count
      )
    }
  }

  /// The names and types of the columns.
  static let schema = Schema([
    Field(name: "id", type: .bigint), Field(name: "channel", type: .varchar),
    Field(name: "at", type: .date), Field(name: "amount", type: .decimal(precision: 12, scale: 2)),
  ])

  func channel(_ row: Int) -> Int { row * 7 % 10 }
  func day(_ row: Int) -> Int { 10 + row % 19 }
  func amount(_ row: Int) -> Int { row % 9_000 + 100 }
  private func time(_ row: Int) -> String { "2024-01-\(day(row)) \(10 + row % 14):15:30" }
}
