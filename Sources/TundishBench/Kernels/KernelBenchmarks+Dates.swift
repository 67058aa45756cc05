import TundishColumns

// The calendar.
extension KernelBenchmarks {
  static let dates: [Benchmark] = [
    datePart("year") { days in
      days.map { Int64(PlainDate(dayNumber: Int($0)).year) }
    },
    datePart("month") { days in
      days.map { Int64(PlainDate(dayNumber: Int($0)).month) }
    },
    datePart("quarter") { days in
      days.map { Int64((PlainDate(dayNumber: Int($0)).month + 2) / 3) }
    },
    datePart("day") { days in
      days.map { Int64(PlainDate(dayNumber: Int($0)).day) }
    },
    kernel("date.dayofweek", reading: integers) { rows in
      // 1970-01-01 was a Thursday; Sunday is 0.
      let (days, column) = dayColumn(rows)
      let call = try FunctionCall("dayofweek", [.date])
      return (
        { try call([column], rows.count) },
        { days.map { ($0 + 4) % 7 } }
      )
    },
    kernel("date.trunc_month", reading: dayNumbers) { rows in
      let (days, column) = dayColumn(rows)
      let call = try FunctionCall(
        "date_trunc",
        [.varchar, .date],
        constants: [.text("month"), nil]
      )
      let part = Column.constant(.text("month"), type: .varchar, count: rows.count)
      return (
        { try call([part, column], rows.count) },
        { days.map { $0 + 1 - Int64(PlainDate(dayNumber: Int($0)).day) } }
      )
    },
    kernel("date.minus", bytes: 16, reading: integers) { rows in
      let (days, column) = dayColumn(rows)
      let others = days.map { $0 + 31 }
      let other = Column.integers(others, type: .date)
      let call = try FunctionCall("-", [.date, .date])
      return (
        { try call([other, column], rows.count) },
        { days.indices.map { others[$0] - days[$0] } }
      )
    },
    kernel("date.diff_months", bytes: 16, reading: integers) { rows in
      let (days, column) = dayColumn(rows)
      let others = days.map { $0 + 100 }
      let other = Column.integers(others, type: .date)
      let call = try FunctionCall(
        "date_diff",
        [.varchar, .date, .date],
        constants: [.text("month"), nil, nil]
      )
      let part = Column.constant(.text("month"), type: .varchar, count: rows.count)
      return (
        { try call([part, column, other], rows.count) },
        {
          days.indices.map { row in
            let (from, to) = (
              PlainDate(dayNumber: Int(days[row])), PlainDate(dayNumber: Int(others[row]))
            )
            return Int64((to.year - from.year) * 12 + to.month - from.month)
          }
        }
      )
    },
    kernel("date.strftime", reading: texts) { rows in
      let (days, column) = dayColumn(rows)
      let call = try FunctionCall(
        "strftime",
        [.date, .varchar],
        constants: [nil, .text("%Y-%m")]
      )
      let format = Column.constant(.text("%Y-%m"), type: .varchar, count: rows.count)
      return (
        { try call([column, format], rows.count) },
        { days.map { Array(PlainDate(dayNumber: Int($0)).text.utf8.prefix(7)) } }
      )
    },
  ]

  /// Days of 1970 to 1997, mixed.
  private static func dayColumn(_ rows: Range<Int>) -> (days: [Int64], column: Column) {
    let days = rows.map { Int64(mixed($0, below: 10_007)) }
    return (days, .integers(days, type: .date))
  }

  /// Dates as days, whether they come as dates or as instants.
  @Sendable
  private static func dayNumbers(_ column: Column) -> [Int64] {
    let values = column.int64Values()
    return column.type == .date ? values : values.map { $0 / 86_400_000_000 }
  }

  private static func datePart(
    _ name: String,
    loop: @escaping @Sendable ([Int64]) -> [Int64]
  ) -> Benchmark {
    kernel("date." + name, reading: integers) { rows in
      let (days, column) = dayColumn(rows)
      let call = try FunctionCall(name, [.date])
      return (
        { try call([column], rows.count) },
        { loop(days) }
      )
    }
  }
}
