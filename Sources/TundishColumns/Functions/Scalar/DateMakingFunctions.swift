/// Functions that make dates, times and intervals from numbers.
enum DateMakingFunctions {
  static let all: [ScalarFunction] =
    [
      makeDate, makeTime, makeTimestamp, toTimestamp, epochMilliseconds, epochMicroseconds,
      epochNanoseconds,
    ] + intervals + justifications

  // MARK: - From parts

  private static let makeDate = ScalarFunction(
    "make_date",
    summary: "The date of a year, month and day.",
    examples: [
      FunctionExample("make_date(2026, 1, 31)", "2026-01-31"),
      FunctionExample("make_date(0)", "1970-01-01"),
    ],
    overloads: [
      .fixed([.bigint, .bigint, .bigint], .date) { (input) throws(ExecutionError) in
        try input.tryMapTriples {
          (year: Int64, month: Int64, day: Int64) throws(ExecutionError) -> Int64? in
          try date(year, month, day)
        }
      },
      .fixed([.bigint], .date) { (input) throws(ExecutionError) in
        try input.tryMap { (days: Int64) throws(ExecutionError) -> Int64? in
          try TemporalArithmetic.moved(0, by: days)
        }
      },
    ]
  )

  private static func date(
    _ year: Int64,
    _ month: Int64,
    _ day: Int64
  ) throws(ExecutionError)
    -> Int64
  {
    guard let days = Calendar.checkedDays(year: year, month: month, day: day) else {
      throw ExecutionError(.invalidArgument, "there is no day \(year)-\(month)-\(day)")
    }
    return days
  }

  private static func time(
    _ hour: Int64,
    _ minute: Int64,
    _ second: Double
  ) throws(ExecutionError)
    -> Int64
  {
    guard hour >= 0, hour < 24, minute >= 0, minute < 60, second >= 0, second < 60 else {
      throw ExecutionError(.invalidArgument, "there is no time \(hour):\(minute):\(second)")
    }
    return hour * Calendar.microsecondsPerHour + minute * Calendar.microsecondsPerMinute
      + Int64(Maths.roundedHalfAway(second * 1e6))
  }

  private static let makeTime = ScalarFunction(
    "make_time",
    summary: "The time of an hour, minute and second.",
    examples: [
      FunctionExample("make_time(10, 30, 1.5)", "10:30:01.5"),
      FunctionExample("make_time(0, 0, 0)", "00:00:00"),
    ],
    overloads: [
      .fixed([.bigint, .bigint, .double], .time) { (input) throws(ExecutionError) in
        try input.tryMapTriples {
          (hour: Int64, minute: Int64, second: Double) throws(ExecutionError) -> Int64? in
          try time(hour, minute, second)
        }
      }
    ]
  )

  private static let makeTimestamp = ScalarFunction(
    "make_timestamp",
    summary: "The timestamp of its parts, or of microseconds since 1970-01-01.",
    examples: [
      FunctionExample("make_timestamp(2026, 1, 31, 10, 30, 1.5)", "2026-01-31 10:30:01.5"),
      FunctionExample("make_timestamp(1000000)", "1970-01-01 00:00:01"),
    ],
    overloads: [
      .fixed([.bigint], .timestamp) { (input) throws(ExecutionError) in
        try input.tryMap { (value: Int64) throws(ExecutionError) -> Int64? in
          try instant(Int128(value))
        }
      },
      .fixed(
        [.bigint, .bigint, .bigint, .bigint, .bigint, .double],
        .timestamp,
        kernel: { (input) throws(ExecutionError) in
          let parts = (0..<5).map { input.argument($0, of: Int64.self) }
          let seconds = input.argument(5, of: Double.self)
          return try input.build { (row) throws(ExecutionError) -> Int64? in
            try local(
              date: (parts[0][row], parts[1][row], parts[2][row]),
              time: (parts[3][row], parts[4][row], seconds[row])
            )
          }
        }
      ),
    ]
  )

  /// What a clock shows, in microseconds since 1970-01-01 00:00:00 on that clock.
  static func local(
    date parts: (year: Int64, month: Int64, day: Int64),
    time clock: (hour: Int64, minute: Int64, second: Double)
  ) throws(ExecutionError) -> Int64 {
    let day = try date(parts.year, parts.month, parts.day)
    return day * Calendar.microsecondsPerDay
      + (try time(clock.hour, clock.minute, clock.second))
  }

  /// The microseconds of a timestamp, which must lie in the range of timestamps.
  static func instant(_ microseconds: Int128) throws(ExecutionError) -> Int64 {
    guard let instant = Int64(exactly: microseconds), Calendar.isValid(microseconds: instant) else {
      throw TemporalArithmetic.outOfRange("timestamp")
    }
    return instant
  }

  // MARK: - Epochs

  private static let toTimestamp = ScalarFunction(
    "to_timestamp",
    summary: "The instant so many seconds after 1970-01-01 00:00:00 UTC.",
    examples: [
      FunctionExample("to_timestamp(0)", "1970-01-01 00:00:00+00"),
      FunctionExample("to_timestamp(1.5)", "1970-01-01 00:00:01.5+00"),
    ],
    overloads: [
      .fixed([.double], .timestampTZ) { (input) throws(ExecutionError) in
        try input.tryMap { (seconds: Double) throws(ExecutionError) -> Int64? in
          guard let value = Int128(exactly: Maths.roundedHalfAway(seconds * 1e6)) else {
            throw TemporalArithmetic.outOfRange("timestamp")
          }
          return try instant(value)
        }
      }
    ]
  )

  private static let epochMilliseconds = epoch(
    "epoch_ms",
    "The milliseconds since 1970-01-01, or the timestamp of so many.",
    [
      ("epoch_ms(TIMESTAMP '1970-01-01 00:00:01.5')", "1500"),
      ("epoch_ms(1500)", "1970-01-01 00:00:01.5"),
    ],
    perMicrosecond: (1, 1_000)
  )

  private static let epochMicroseconds = epoch(
    "epoch_us",
    "The microseconds since 1970-01-01, or the timestamp of so many.",
    [
      ("epoch_us(TIMESTAMP '1970-01-01 00:00:01')", "1000000"),
      ("epoch_us(DATE '1970-01-01')", "0"),
    ],
    perMicrosecond: (1, 1)
  )

  private static let epochNanoseconds = epoch(
    "epoch_ns",
    "The nanoseconds since 1970-01-01.",
    [
      ("epoch_ns(TIMESTAMP '1970-01-01 00:00:01')", "1000000000"),
      ("epoch_ns(DATE '1970-01-01')", "0"),
    ],
    perMicrosecond: (1_000, 1)
  )

  private static func epoch(
    _ name: String,
    _ summary: String,
    _ examples: [(String, String)],
    perMicrosecond ratio: (Int64, Int64)
  ) -> ScalarFunction {
    let product: @Sendable (Int64) throws(ExecutionError) -> Int64 = {
      (value) throws(ExecutionError) in
      let (product, overflow) = value.multipliedReportingOverflow(by: ratio.0)
      if overflow { throw ExecutionError(.overflow, "the result of \(name) does not fit BIGINT") }
      return product
    }
    let isInfinite: @Sendable (Int64) -> Bool = {
      $0 == Calendar.infiniteInstants.positive || $0 == Calendar.infiniteInstants.negative
    }
    // Instants are rounded to the nearest unit, halves away from 1970; lengths are cut off.
    let rounded: @Sendable (Int64) throws(ExecutionError) -> Int64 = {
      (value) throws(ExecutionError) in
      let (whole, rest) = try product(value).quotientAndRemainder(dividingBy: ratio.1)
      guard ratio.1 > 1, rest.magnitude * 2 >= ratio.1.magnitude else { return whole }
      return whole + rest.signum()
    }
    let ofParts: @Sendable (Int64, Int64, Int64) throws(ExecutionError) -> Int64 = {
      (months, days, microseconds) throws(ExecutionError) in
      // A month counts 30 days here, a year twelve of them.
      let wholeDays = Int128(months) * 30 + Int128(days)
      let total = wholeDays * Int128(Calendar.microsecondsPerDay) + Int128(microseconds)
      guard let instant = Int64(exactly: total) else {
        throw ExecutionError(.overflow, "the result of \(name) does not fit BIGINT")
      }
      return try product(instant) / ratio.1
    }
    return ScalarFunction(
      name,
      summary: summary,
      examples: examples.map { FunctionExample($0.0, $0.1) },
      overloads: [
        .fixed([.timestamp], .bigint) { (input) throws(ExecutionError) in
          try input.tryMap { (value: Int64) throws(ExecutionError) -> Int64? in
            isInfinite(value) ? nil : try rounded(value)
          }
        },
        .fixed([.timestampTZ], .bigint) { (input) throws(ExecutionError) in
          try input.tryMap { (value: Int64) throws(ExecutionError) -> Int64? in
            isInfinite(value) ? nil : try rounded(value)
          }
        },
        .fixed([.time], .bigint) { (input) throws(ExecutionError) in
          try input.tryMap { (value: Int64) throws(ExecutionError) -> Int64? in
            try product(value) / ratio.1
          }
        },
        .fixed([.interval], .bigint) { (input) throws(ExecutionError) in
          try input.tryMap { (value: Interval) throws(ExecutionError) -> Int64? in
            try ofParts(Int64(value.months), Int64(value.days), value.microseconds)
          }
        },
        .fixed([.bigint], .timestamp) { (input) throws(ExecutionError) in
          try input.tryMap { (value: Int64) throws(ExecutionError) -> Int64? in
            try instant(Int128(value) * Int128(ratio.1) / Int128(ratio.0))
          }
        },
      ]
    )
  }

  // MARK: - Intervals

  private static let intervals: [ScalarFunction] = [
    interval("to_years", .year, "years", "2 years", "-1 year"),
    interval("to_months", .month, "months", "2 months", "-1 month"),
    interval("to_quarters", .quarter, "quarters", "6 months", "-3 months"),
    interval("to_weeks", .week, "weeks", "14 days", "-7 days"),
    interval("to_days", .day, "days", "2 days", "-1 day"),
    interval("to_hours", .hour, "hours", "02:00:00", "-01:00:00"),
    interval("to_minutes", .minute, "minutes", "00:02:00", "-00:01:00"),
    interval("to_seconds", .second, "seconds", "00:00:02", "-00:00:01"),
    interval("to_milliseconds", .millisecond, "milliseconds", "00:00:00.002", "-00:00:00.001"),
    interval(
      "to_microseconds",
      .microsecond,
      "microseconds",
      "00:00:00.000002",
      "-00:00:00.000001"
    ),
    interval("to_decades", .decade, "decades", "20 years", "-10 years"),
    interval("to_centuries", .century, "centuries", "200 years", "-100 years"),
    interval("to_millennia", .millennium, "millennia", "2000 years", "-1000 years"),
  ]

  private static func interval(
    _ name: String,
    _ part: DatePart,
    _ noun: String,
    _ two: String,
    _ minusOne: String
  ) -> ScalarFunction {
    let make: @Sendable (Int128) throws(ExecutionError) -> Interval = {
      (millionths) throws(ExecutionError) in
      guard let interval = IntervalText.make(millionths: millionths, of: part) else {
        throw TemporalArithmetic.outOfRange("interval")
      }
      return interval
    }
    return ScalarFunction(
      name,
      summary: "The interval of so many \(noun).",
      examples: [FunctionExample("\(name)(2)", two), FunctionExample("\(name)(-1)", minusOne)],
      overloads: [
        .fixed([.bigint], .interval) { (input) throws(ExecutionError) in
          try input.tryMap { (count: Int64) throws(ExecutionError) -> Interval? in
            try make(Int128(count) * 1_000_000)
          }
        },
        .fixed([.double], .interval) { (input) throws(ExecutionError) in
          try input.tryMap { (count: Double) throws(ExecutionError) -> Interval? in
            guard let millionths = Int128(exactly: Maths.roundedHalfAway(count * 1e6)) else {
              throw TemporalArithmetic.outOfRange("interval")
            }
            return try make(millionths)
          }
        },
      ]
    )
  }

  private static let justifications: [ScalarFunction] = [
    justification(
      "justify_days",
      "An interval with each 30 days as a month.",
      [
        ("justify_days(INTERVAL '35 days')", "1 month 5 days"),
        ("justify_days(INTERVAL '5 days')", "5 days"),
      ],
      days: true,
      hours: false
    ),
    justification(
      "justify_hours",
      "An interval with each 24 hours as a day.",
      [
        ("justify_hours(INTERVAL '30 hours')", "1 day 06:00:00"),
        ("justify_hours(INTERVAL '1 hour')", "01:00:00"),
      ],
      days: false,
      hours: true
    ),
    justification(
      "justify_interval",
      "An interval with each 24 hours as a day and each 30 days as a month, all of one sign.",
      [
        ("justify_interval(INTERVAL '1 month -1 hour')", "29 days 23:00:00"),
        ("justify_interval(INTERVAL '40 days 25 hours')", "1 month 11 days 01:00:00"),
      ],
      days: true,
      hours: true
    ),
  ]

  private static func justification(
    _ name: String,
    _ summary: String,
    _ examples: [(String, String)],
    days: Bool,
    hours: Bool
  ) -> ScalarFunction {
    ScalarFunction(
      name,
      summary: summary,
      examples: examples.map { FunctionExample($0.0, $0.1) },
      overloads: [
        .fixed([.interval], .interval) { (input) throws(ExecutionError) in
          try input.tryMap { (interval: Interval) throws(ExecutionError) -> Interval? in
            let day = Int128(Calendar.microsecondsPerDay)
            var total = Int128(interval.microseconds)
            var months = Int128(interval.months)
            var wholeDays = Int128(interval.days)
            if hours {
              total += wholeDays * day
              if days {
                total += months * 30 * day
                months = 0
              }
              wholeDays = total / day
              total %= day
            }
            if days {
              months += wholeDays / 30
              wholeDays %= 30
            }
            guard let m = Int32(exactly: months), let d = Int32(exactly: wholeDays) else {
              throw TemporalArithmetic.outOfRange("interval")
            }
            return Interval(months: m, days: d, microseconds: Int64(total))
          }
        }
      ]
    )
  }
}
