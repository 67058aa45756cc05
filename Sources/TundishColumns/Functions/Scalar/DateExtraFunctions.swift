/// `days_in_month`, `ago`, and instants made of parts on the clock of a zone.
enum DateExtraFunctions {
  static let all: [ScalarFunction] = [
    daysInMonth, ago, normalized, makeInstant, fromMilliseconds, fromNanoseconds,
  ]

  private static let daysInMonth = ScalarFunction(
    "days_in_month",
    summary: "The number of days of the month in which a date lies.",
    examples: [
      FunctionExample("days_in_month(DATE '2024-02-03')", "29"),
      FunctionExample("days_in_month(TIMESTAMP '2026-01-31 10:00:00')", "31"),
    ],
    overloads: [DataType.date, .timestamp, .timestampTZ].map { type in
      .fixed([type], .bigint) { (input) throws(ExecutionError) in
        let zone = input.context.timeZone
        return try input.tryMap { (value: Int64) throws(ExecutionError) -> Int64? in
          let day: Int64 =
            switch type {
            case .date: value
            case .timestampTZ: Calendar.day(ofMicroseconds: zone.local(ofInstant: value))
            default: Calendar.day(ofMicroseconds: value)
            }
          guard Calendar.validDays.contains(day) else { return nil }
          let date = Calendar.civil(day)
          return Calendar.daysInMonth(year: date.year, month: date.month)
        }
      }
    }
  )

  private static let ago = ScalarFunction(
    "ago",
    summary: "The instant an interval before now.",
    examples: [
      FunctionExample("ago(INTERVAL '1 day') < now()", "true"),
      FunctionExample("ago(INTERVAL '0 days') = now()", "true"),
    ],
    overloads: [
      .fixed([.interval], .timestampTZ) { (input) throws(ExecutionError) in
        let zone = input.context.timeZone
        let now = input.context.nowMicroseconds
        return try input.tryMap { (interval: Interval) throws(ExecutionError) -> Int64? in
          guard let back = interval.negated else {
            throw TemporalArithmetic.outOfRange("timestamp")
          }
          return try TemporalArithmetic.moved(now, by: back, zone: zone)
        }
      }
    ]
  )

  private static let normalized = ScalarFunction(
    "normalized_interval",
    summary: "The interval in months of 30 days, days of 24 hours, and the rest; only months may be"
      + " negative.",
    examples: [
      FunctionExample(
        "normalized_interval(INTERVAL '40 days 30 hours')",
        "1 month 11 days 06:00:00"
      ),
      FunctionExample("normalized_interval(INTERVAL '-40 days')", "-2 months 20 days"),
    ],
    overloads: [
      .fixed([.interval], .interval) { (input) throws(ExecutionError) in
        try input.tryMap { (interval: Interval) throws(ExecutionError) -> Interval? in
          let day = Int128(Calendar.microsecondsPerDay)
          let days = Int128(interval.months) * 30 + Int128(interval.days)
          let total = days * day + Int128(interval.microseconds)
          let month = 30 * day
          let months = total / month - (total % month < 0 ? 1 : 0)
          let rest = total - months * month
          guard let months = Int32(exactly: months) else {
            throw TemporalArithmetic.outOfRange("interval")
          }
          return Interval(
            months: months,
            days: Int32(rest / day),
            microseconds: Int64(rest % day)
          )
        }
      }
    ]
  )

  // MARK: - Instants

  private static let makeInstant = ScalarFunction(
    "make_timestamptz",
    summary: "The instant at which a clock in the session's zone, or a given one, shows its parts;"
      + " or so many microseconds after 1970-01-01 UTC.",
    examples: [
      FunctionExample("make_timestamptz(2026, 1, 31, 10, 30, 1.5)", "2026-01-31 10:30:01.5+00"),
      FunctionExample("make_timestamptz(2026, 1, 31, 10, 30, 0, 'UTC')", "2026-01-31 10:30:00+00"),
      FunctionExample("make_timestamptz(1000000)", "1970-01-01 00:00:01+00"),
    ],
    overloads: [
      .fixed([.bigint], .timestampTZ) { (input) throws(ExecutionError) in
        try input.tryMap { (value: Int64) throws(ExecutionError) -> Int64? in
          try DateMakingFunctions.instant(Int128(value))
        }
      },
      ofParts(hasZone: false), ofParts(hasZone: true),
    ]
  )

  private static func ofParts(hasZone: Bool) -> ScalarOverload {
    .fixed(
      [.bigint, .bigint, .bigint, .bigint, .bigint, .double] + (hasZone ? [.varchar] : []),
      .timestampTZ
    ) { (input) throws(ExecutionError) in
      let parts = (0..<5).map { input.argument($0, of: Int64.self) }
      let seconds = input.argument(5, of: Double.self)
      let zones = hasZone ? ZoneArgument(input, position: 6) : nil
      return try input.build { (row) throws(ExecutionError) -> Int64? in
        let local = try DateMakingFunctions.local(
          date: (parts[0][row], parts[1][row], parts[2][row]),
          time: (parts[3][row], parts[4][row], seconds[row])
        )
        return try (zones?.zone(row) ?? input.context.timeZone).instant(ofLocal: local)
      }
    }
  }

  private static let fromMilliseconds = counted(
    "make_timestamp_ms",
    "The timestamp so many milliseconds after 1970-01-01.",
    [
      ("make_timestamp_ms(1500)", "1970-01-01 00:00:01.5"),
      ("make_timestamp_ms(-1)", "1969-12-31 23:59:59.999"),
    ]
  ) { Int128($0) * 1_000 }

  private static let fromNanoseconds = counted(
    "make_timestamp_ns",
    "The timestamp so many nanoseconds after 1970-01-01, cut to microseconds.",
    [
      ("make_timestamp_ns(1500000)", "1970-01-01 00:00:00.0015"),
      ("make_timestamp_ns(-1)", "1969-12-31 23:59:59.999999"),
    ]
  ) { Int128(Calendar.floorDivided($0, 1_000)) }

  private static func counted(
    _ name: String,
    _ summary: String,
    _ examples: [(String, String)],
    _ microseconds: @escaping @Sendable (Int64) -> Int128
  ) -> ScalarFunction {
    ScalarFunction(
      name,
      summary: summary,
      examples: examples.map { FunctionExample($0.0, $0.1) },
      overloads: [
        .fixed([.bigint], .timestamp) { (input) throws(ExecutionError) in
          try input.tryMap { (value: Int64) throws(ExecutionError) -> Int64? in
            try DateMakingFunctions.instant(microseconds(value))
          }
        }
      ]
    )
  }
}
