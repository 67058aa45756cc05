/// `date_trunc`, `date_diff`, `date_sub`, `date_add`, `age`, `time_bucket`.
enum DateSpanFunctions {
  static let all: [ScalarFunction] = [truncate, difference, wholeSpans, add, age, bucket, lastDay]

  // MARK: - Truncation

  private static let truncate = ScalarFunction(
    "date_trunc",
    aliases: ["datetrunc"],
    summary:
      "The start of the year, quarter, month, week, hour, ... in which a point in time lies.",
    examples: [
      FunctionExample("date_trunc('month', DATE '2026-01-31')", "2026-01-01 00:00:00"),
      FunctionExample(
        "date_trunc('hour', TIMESTAMP '2026-01-31 10:30:00')",
        "2026-01-31 10:00:00"
      ),
      FunctionExample("date_trunc('week', DATE '2026-01-31')", "2026-01-26 00:00:00"),
    ],
    overloads: [
      .fixed([.varchar, .timestamp], .timestamp) { (input) throws(ExecutionError) in
        let names = PartArgument(input)
        let instants = input.argument(1, of: Int64.self)
        let context = input.context
        if input.arguments[0].isConstant {
          let part = try names.span(0)
          let valid = Calendar.validMicroseconds
          if part == .month {
            let table = CivilTable.shared
            return input.mapArgument(1) { (instant: Int64) -> Int64 in
              guard valid.contains(instant) else { return instant }
              let day = Calendar.day(ofMicroseconds: instant)
              let first = day &- table.civil(day).day &+ 1
              return max(first, Calendar.validDays.lowerBound) &* Calendar.microsecondsPerDay
            }
          }
          return input.mapArgument(1) { (instant: Int64) -> Int64 in
            guard valid.contains(instant) else { return instant }
            return Calendar.truncated(
              microseconds: instant,
              to: part,
              weekStart: context.weekStart,
              firstMonth: context.fiscalYearStart
            )
          }
        }
        return try input.build { (row) throws(ExecutionError) -> Int64? in
          guard Calendar.isValid(microseconds: instants[row]) else { return instants[row] }
          return Calendar.truncated(
            microseconds: instants[row],
            to: try names.span(row),
            weekStart: context.weekStart,
            firstMonth: context.fiscalYearStart
          )
        }
      },
      .fixed([.varchar, .date], .timestamp) { (input) throws(ExecutionError) in
        let names = PartArgument(input)
        let days = input.argument(1, of: Int64.self)
        let context = input.context
        if input.arguments[0].isConstant {
          let part = try names.span(0)
          let valid = Calendar.validDays
          return input.mapArgument(1) { (day: Int64) -> Int64 in
            guard valid.contains(day) else { return day &* Calendar.microsecondsPerDay }
            let first = Calendar.truncated(
              days: day,
              to: part,
              weekStart: context.weekStart,
              firstMonth: context.fiscalYearStart
            )
            return max(first, valid.lowerBound) &* Calendar.microsecondsPerDay
          }
        }
        return try input.build { (row) throws(ExecutionError) -> Int64? in
          guard Calendar.isValid(days: days[row]) else {
            return days[row] * Calendar.microsecondsPerDay
          }
          let day = Calendar.truncated(
            days: days[row],
            to: try names.span(row),
            weekStart: context.weekStart,
            firstMonth: context.fiscalYearStart
          )
          return max(day, Calendar.validDays.lowerBound) * Calendar.microsecondsPerDay
        }
      },
      .fixed([.varchar, .timestampTZ], .timestampTZ) { (input) throws(ExecutionError) in
        let names = PartArgument(input)
        let instants = input.argument(1, of: Int64.self)
        let context = input.context
        return try input.build { (row) throws(ExecutionError) -> Int64? in
          guard Calendar.isValid(microseconds: instants[row]) else { return instants[row] }
          let local = Calendar.truncated(
            microseconds: context.timeZone.local(ofInstant: instants[row]),
            to: try names.span(row),
            weekStart: context.weekStart,
            firstMonth: context.fiscalYearStart
          )
          return context.timeZone.instant(ofLocal: local)
        }
      },
      .fixed([.varchar, .interval], .interval) { (input) throws(ExecutionError) in
        let names = PartArgument(input)
        let intervals = input.argument(1, of: Interval.self)
        return try input.build { (row) throws(ExecutionError) -> Interval? in
          truncated(intervals[row], to: try names.span(row))
        }
      },
    ]
  )

  private static func truncated(_ interval: Interval, to part: DatePart) -> Interval {
    func months(_ count: Int32) -> Interval {
      Interval(months: interval.months / count * count)
    }
    func clock(_ unit: Int64) -> Interval {
      Interval(
        months: interval.months,
        days: interval.days,
        microseconds: interval.microseconds / unit * unit
      )
    }
    switch part {
    case .millennium: return months(12_000)
    case .century: return months(1_200)
    case .decade: return months(120)
    case .year, .isoYear, .fiscalYear: return months(12)
    case .quarter, .fiscalQuarter: return months(3)
    case .month: return months(1)
    case .week: return Interval(months: interval.months, days: interval.days / 7 * 7)
    case .day: return Interval(months: interval.months, days: interval.days)
    case .hour: return clock(Calendar.microsecondsPerHour)
    case .minute: return clock(Calendar.microsecondsPerMinute)
    case .second: return clock(Calendar.microsecondsPerSecond)
    case .millisecond: return clock(1_000)
    case .microsecond, .nanosecond, .era, .dayOfWeek, .isoDayOfWeek, .dayOfYear, .yearWeek, .epoch,
      .julian, .timezone, .timezoneHour, .timezoneMinute:
      return interval
    }
  }

  // MARK: - Differences

  /// Overloads for two points in time of one type.
  private static func pairs(
    _ count:
      @escaping @Sendable (DatePart, Int64, Int64, FunctionContext) -> Int64
  ) -> [ScalarOverload] {
    [DataType.date, .timestamp, .timestampTZ, .time].map { type in
      .fixed([.varchar, type, type], .bigint) { (input) throws(ExecutionError) in
        let names = PartArgument(input)
        let starts = input.argument(1, of: Int64.self)
        let ends = input.argument(2, of: Int64.self)
        let context = input.context
        let instant = { (value: Int64) -> Int64 in
          switch type {
          case .date: value * Calendar.microsecondsPerDay
          case .timestampTZ: context.timeZone.local(ofInstant: value)
          default: value
          }
        }
        return try input.build { (row) throws(ExecutionError) -> Int64? in
          let part = try names.span(row)
          let end = instant(ends[row])
          // What is shorter than a day passes at one rate, whatever the clock is set to.
          let start =
            type == .timestampTZ && part.isOfClock
            ? starts[row] &+ (end &- ends[row]) : instant(starts[row])
          guard Calendar.isValid(microseconds: start), Calendar.isValid(microseconds: end) else {
            return nil
          }
          return count(part, start, end, context)
        }
      }
    }
  }

  private static let difference = ScalarFunction(
    "date_diff",
    aliases: ["datediff"],
    summary: "How many starts of a year, month, day, ... lie between two points in time.",
    examples: [
      FunctionExample("date_diff('month', DATE '2026-01-31', DATE '2026-02-01')", "1"),
      FunctionExample("date_diff('day', DATE '2026-01-31', DATE '2026-01-01')", "-30"),
    ],
    overloads: pairs { part, start, end, context in
      Calendar.boundaries(
        of: part,
        from: start,
        to: end,
        weekStart: context.weekStart,
        firstMonth: context.fiscalYearStart
      )
    }
  )

  private static let wholeSpans = ScalarFunction(
    "date_sub",
    aliases: ["datesub"],
    summary: "How many whole years, months, days, ... pass from one point in time to another.",
    examples: [
      FunctionExample("date_sub('month', DATE '2026-01-31', DATE '2026-02-27')", "0"),
      FunctionExample("date_sub('month', DATE '2026-01-15', DATE '2026-03-15')", "2"),
    ],
    overloads: pairs { part, start, end, _ in
      // Both lie within the calendar, so that only their difference can leave 64 bits.
      end.subtractingReportingOverflow(start).overflow
        ? 0 : Calendar.wholeSpans(of: part, from: start, to: end)
    }
  )

  private static let add = ScalarFunction(
    "date_add",
    summary: "A point in time moved by an interval.",
    examples: [
      FunctionExample("date_add(DATE '2026-01-31', INTERVAL '1 month')", "2026-02-28 00:00:00"),
      FunctionExample(
        "date_add(TIMESTAMP '2026-01-31 10:00:00', INTERVAL '90 minutes')",
        "2026-01-31 11:30:00"
      ),
    ],
    overloads: TemporalOverloads.sums.filter { overload in
      overload.parameters == [.exact(.date), .exact(.interval)]
        || overload.parameters == [.exact(.timestamp), .exact(.interval)]
        || overload.parameters == [.exact(.timestampTZ), .exact(.interval)]
    }
  )

  private static let age = ScalarFunction(
    "age",
    summary:
      "The years, months, days and time from the second point in time, or today, to the first.",
    examples: [
      FunctionExample(
        "age(TIMESTAMP '2026-03-15', TIMESTAMP '2025-01-20')",
        "1 year 1 month 26 days"
      ),
      FunctionExample("age(TIMESTAMP '2026-01-01', TIMESTAMP '2026-01-02')", "-1 day"),
    ],
    overloads: [
      .fixed([.timestamp, .timestamp], .interval) { (input) throws(ExecutionError) in
        try input.tryMapPairs { (end: Int64, start: Int64) throws(ExecutionError) -> Interval? in
          finiteAge(from: start, to: end)
        }
      },
      .fixed([.timestamp], .interval) { (input) throws(ExecutionError) in
        let now = input.context.timeZone.local(ofInstant: input.context.nowMicroseconds)
        let today = Calendar.day(ofMicroseconds: now) * Calendar.microsecondsPerDay
        return try input.tryMap { (start: Int64) throws(ExecutionError) -> Interval? in
          finiteAge(from: start, to: today)
        }
      },
      .fixed([.timestampTZ, .timestampTZ], .interval) { (input) throws(ExecutionError) in
        let zone = input.context.timeZone
        return try input.tryMapPairs {
          (end: Int64, start: Int64) throws(ExecutionError) -> Interval? in
          finiteAge(from: zone.local(ofInstant: start), to: zone.local(ofInstant: end))
        }
      },
      .fixed([.timestampTZ], .interval) { (input) throws(ExecutionError) in
        let zone = input.context.timeZone
        let now = zone.local(ofInstant: input.context.nowMicroseconds)
        let today = Calendar.day(ofMicroseconds: now) * Calendar.microsecondsPerDay
        return try input.tryMap { (start: Int64) throws(ExecutionError) -> Interval? in
          finiteAge(from: zone.local(ofInstant: start), to: today)
        }
      },
    ]
  )

  /// The age between two instants; NULL where one is infinite.
  private static func finiteAge(from start: Int64, to end: Int64) -> Interval? {
    guard Calendar.isValid(microseconds: start), Calendar.isValid(microseconds: end) else {
      return nil
    }
    return Calendar.age(from: start, to: end)
  }

  private static let lastDay = ScalarFunction(
    "last_day",
    summary: "The last day of the month.",
    examples: [
      FunctionExample("last_day(DATE '2024-02-05')", "2024-02-29"),
      FunctionExample("last_day(TIMESTAMP '2026-01-31 10:00:00')", "2026-01-31"),
    ],
    overloads: [
      .fixed([.timestamp], .date) { (input) throws(ExecutionError) in
        try input.tryMap { (instant: Int64) throws(ExecutionError) -> Int64? in
          lastDay(Calendar.day(ofMicroseconds: instant))
        }
      },
      .fixed([.date], .date) { (input) throws(ExecutionError) in
        try input.tryMap { (day: Int64) throws(ExecutionError) -> Int64? in lastDay(day) }
      },
      .fixed([.timestampTZ], .date) { (input) throws(ExecutionError) in
        let zone = input.context.timeZone
        return try input.tryMap { (instant: Int64) throws(ExecutionError) -> Int64? in
          lastDay(Calendar.day(ofMicroseconds: zone.local(ofInstant: instant)))
        }
      },
    ]
  )

  private static func lastDay(_ day: Int64) -> Int64? {
    guard Calendar.isValid(days: day) else { return nil }
    let date = Calendar.civil(day)
    return day - date.day + Calendar.daysInMonth(year: date.year, month: date.month)
  }

  // MARK: - Buckets

  private static let bucket = ScalarFunction(
    "time_bucket",
    summary:
      "The start of the bucket, of buckets as wide as an interval, in which a point in time lies.",
    examples: [
      FunctionExample("time_bucket(INTERVAL '7 days', DATE '2020-01-09')", "2020-01-06"),
      FunctionExample("time_bucket(INTERVAL '3 months', DATE '2020-02-09')", "2020-01-01"),
      FunctionExample(
        "time_bucket(INTERVAL '15 minutes', TIMESTAMP '2020-01-01 10:20:00')",
        "2020-01-01 10:15:00"
      ),
    ],
    overloads: [DataType.timestamp, .date, .timestampTZ].flatMap { type in
      [
        ScalarOverload.fixed([.interval, type], type) { (input) throws(ExecutionError) in
          try buckets(input, type) { (row, instant, width) throws(ExecutionError) in
            Calendar.isValid(microseconds: instant)
              ? try start(of: instant, width: width, origin: nil) : instant
          }
        },
        ScalarOverload.fixed([.interval, type, type], type) { (input) throws(ExecutionError) in
          let origins = input.argument(2, of: Int64.self)
          let scale = type == .date ? Calendar.microsecondsPerDay : 1
          return try buckets(input, type) { (row, instant, width) throws(ExecutionError) in
            try start(of: instant, width: width, origin: origins[row] * scale)
          }
        },
        ScalarOverload.fixed([.interval, type, .interval], type) { (input) throws(ExecutionError) in
          let offsets = input.argument(2, of: Interval.self)
          return try buckets(input, type) { (row, instant, width) throws(ExecutionError) in
            let moved = try TemporalArithmetic.moved(instant, backBy: offsets[row])
            let first = try start(of: moved, width: width, origin: nil)
            return try TemporalArithmetic.moved(first, by: offsets[row])
          }
        },
      ]
    }
  )

  private static func buckets(
    _ input: KernelInput,
    _ type: DataType,
    _ start: (Int, Int64, Interval) throws(ExecutionError) -> Int64
  ) throws(ExecutionError) -> Column {
    let widths = input.argument(0, of: Interval.self)
    let instants = input.argument(1, of: Int64.self)
    let scale = type == .date ? Calendar.microsecondsPerDay : 1
    return try input.build { (row) throws(ExecutionError) -> Int64? in
      let first = try start(row, instants[row] * scale, widths[row])
      return Calendar.floorDivided(first, scale)
    }
  }

  /// The start of a bucket; buckets of months count from 2000-01-01, others from Monday 2000-01-03.
  private static func start(
    of instant: Int64,
    width: Interval,
    origin: Int64?
  ) throws(ExecutionError) -> Int64 {
    if width.months > 0, width.days == 0, width.microseconds == 0 {
      let originDay = Calendar.day(ofMicroseconds: origin ?? 946_684_800_000_000)
      let from = Calendar.civil(originDay)
      let to = Calendar.civil(Calendar.day(ofMicroseconds: instant))
      let months = (to.year - from.year) * 12 + to.month - from.month
      let first = Calendar.floorDivided(months, Int64(width.months)) * Int64(width.months)
      guard let day = Calendar.addingMonths(first, toDays: originDay - from.day + 1) else {
        throw TemporalArithmetic.outOfRange("timestamp")
      }
      return day * Calendar.microsecondsPerDay
    }
    let (days, overflow) = Int64(width.days)
      .multipliedReportingOverflow(by: Calendar.microsecondsPerDay)
    let (size, overflow2) = days.addingReportingOverflow(width.microseconds)
    guard !overflow, !overflow2, width.months == 0, size > 0 else {
      throw ExecutionError(
        .invalidArgument,
        "time_bucket takes a width above 0, of months alone or of days and less"
      )
    }
    let from = origin ?? 946_857_600_000_000
    let (distance, overflow3) = instant.subtractingReportingOverflow(from)
    guard !overflow3 else { throw TemporalArithmetic.outOfRange("timestamp") }
    let (offset, overflow4) = Calendar.floorDivided(distance, size)
      .multipliedReportingOverflow(by: size)
    let (start, overflow5) = offset.addingReportingOverflow(from)
    guard !overflow4, !overflow5, Calendar.isValid(microseconds: start) else {
      throw TemporalArithmetic.outOfRange("timestamp")
    }
    return start
  }
}
