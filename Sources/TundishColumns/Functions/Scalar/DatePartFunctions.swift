/// `date_part` and the functions named after parts: `year`, `month`, `isodow`, `epoch`, ...
enum DatePartFunctions {
  static let all: [ScalarFunction] = [datePart, epoch, julian] + named

  private static let datePart = ScalarFunction(
    "date_part",
    aliases: ["datepart", "extract"],
    summary: "A part of a date, time or interval, as a number.",
    examples: [
      FunctionExample("date_part('year', DATE '2026-01-31')", "2026"),
      FunctionExample("date_part('hour', TIMESTAMP '2026-01-31 10:30:00')", "10"),
      FunctionExample("date_part('epoch', TIMESTAMP '1970-01-01 00:00:01.5')", "1.5"),
      FunctionExample(
        "date_part(['year', 'month'], DATE '2026-01-31')",
        "{'year': 2026, 'month': 1}"
      ),
    ],
    overloads: DatePartListFunctions.overloads
      + [DataType.timestamp, .date, .timestampTZ, .time, .interval].map { type in
        ScalarOverload(
          [.exact(.varchar), .exact(type)],
          result: { _ in .bigint },
          resultOfConstants: { _, constants in
            guard case .text(let name)? = constants.first ?? nil, let part = DatePart(name) else {
              return nil
            }
            let isJulian = part == .julian && type != .interval && type != .time
            return part == .epoch || isJulian ? .double : .bigint
          },
          kernel: { (input) throws(ExecutionError) in
            let names = PartArgument(input)
            let reader = PartReader(input, position: 1)
            if input.resultType == .double {
              return try input.build { (row) throws(ExecutionError) -> Double? in
                reader.fraction(try names.part(row), row)
              }
            }
            return try input.build { (row) throws(ExecutionError) -> Int64? in
              try reader.integer(try names.part(row), row)
            }
          }
        )
      }
  )

  private static let epoch = fractional(
    "epoch",
    .epoch,
    "The seconds since 1970-01-01 00:00:00, or of an interval.",
    [("epoch(TIMESTAMP '1970-01-02')", "86400.0"), ("epoch(INTERVAL '1 day')", "86400.0")],
    types: [.timestamp, .date, .timestampTZ, .time, .interval]
  )

  private static let julian = fractional(
    "julian",
    .julian,
    "The days since noon of 4714-11-24 BC.",
    [
      ("julian(DATE '2020-01-01')", "2458850.0"),
      ("julian(TIMESTAMP '2020-01-01 12:00:00')", "2458850.5"),
    ],
    types: [.timestamp, .date, .timestampTZ]
  )

  private static func fractional(
    _ name: String,
    _ part: DatePart,
    _ summary: String,
    _ examples: [(String, String)],
    types: [DataType]
  ) -> ScalarFunction {
    ScalarFunction(
      name,
      summary: summary,
      examples: examples.map { FunctionExample($0.0, $0.1) },
      overloads: types.map { type in
        .fixed([type], .double) { (input) throws(ExecutionError) in
          if part == .epoch, type == .timestamp || type == .timestampTZ {
            if input.isFinite(0) { return input.map { (instant: Int64) in Double(instant) / 1e6 } }
          }
          let reader = PartReader(input, position: 0)
          return try input.build { (row) throws(ExecutionError) -> Double? in
            reader.fraction(part, row)
          }
        }
      }
    )
  }

  // MARK: - Functions named after parts

  private static let named: [ScalarFunction] = [
    function(.year, "year", "The year.", "2026", "2024"),
    function(.month, "month", "The month, 1 to 12.", "1", "2"),
    function(.day, "day", aliases: ["dayofmonth"], "The day of the month, 1 to 31.", "31", "29"),
    function(.quarter, "quarter", "The quarter, 1 to 4.", "1", "1"),
    function(.week, "week", aliases: ["weekofyear"], "The ISO week, 1 to 53.", "5", "9"),
    function(.isoYear, "isoyear", "The year of the ISO week.", "2026", "2024"),
    function(.yearWeek, "yearweek", "The ISO year and week.", "202605", "202409"),
    function(
      .dayOfWeek,
      "dayofweek",
      aliases: ["dow", "weekday"],
      "The day of the week, 0 for Sunday to 6 for Saturday.",
      "6",
      "4"
    ),
    function(
      .isoDayOfWeek,
      "isodow",
      "The day of the week, 1 for Monday to 7 for Sunday.",
      "6",
      "4"
    ),
    function(
      .dayOfYear,
      "dayofyear",
      aliases: ["doy"],
      "The day of the year, 1 to 366.",
      "31",
      "60"
    ),
    function(.decade, "decade", "The year divided by ten.", "202", "202"),
    function(.century, "century", "The century.", "21", "21"),
    function(.millennium, "millennium", "The millennium.", "3", "3"),
    function(.era, "era", "1 for years of our era, 0 for years before.", "1", "1"),
    function(.hour, "hour", "The hour, 0 to 23.", "0", "0"),
    function(.minute, "minute", "The minute, 0 to 59.", "0", "0"),
    function(.second, "second", "The whole seconds, 0 to 59.", "0", "0"),
    function(.millisecond, "millisecond", "The seconds in milliseconds.", "0", "0"),
    function(.microsecond, "microsecond", "The seconds in microseconds.", "0", "0"),
    function(.nanosecond, "nanosecond", "The seconds in nanoseconds.", "0", "0"),
    function(
      .fiscalYear,
      "fiscal_year",
      "The fiscal year, named by the calendar year in which it ends.",
      "2026",
      "2024"
    ),
    function(.timezoneHour, "timezone_hour", "The hours that the zone is ahead of UTC.", "0", "0"),
    function(
      .timezoneMinute,
      "timezone_minute",
      "The minutes beyond hours that the zone is ahead of UTC.",
      "0",
      "0"
    ),
    function(.fiscalQuarter, "fiscal_quarter", "The quarter of the fiscal year, 1 to 4.", "1", "1"),
  ]

  /// A function of a part; the examples' results are those for 2026-01-31 and 2024-02-29.
  private static func function(
    _ part: DatePart,
    _ name: String,
    aliases: [String] = [],
    _ summary: String,
    _ first: String,
    _ second: String
  ) -> ScalarFunction {
    var types: [DataType] = [.timestamp, .date, .timestampTZ]
    switch part {
    case .hour, .minute, .second, .millisecond, .microsecond, .nanosecond:
      types += [.time, .interval]
    case .timezoneHour, .timezoneMinute: types.append(.time)
    case .year, .month, .day, .quarter, .decade, .century, .millennium: types.append(.interval)
    case .week, .era, .dayOfWeek, .isoDayOfWeek, .dayOfYear, .isoYear, .yearWeek, .epoch, .julian,
      .timezone, .fiscalYear, .fiscalQuarter:
      break
    }
    return ScalarFunction(
      name,
      aliases: aliases,
      summary: summary,
      examples: [
        FunctionExample("\(name)(DATE '2026-01-31')", first),
        FunctionExample("\(name)(DATE '2024-02-29')", second),
      ],
      overloads: types.map { type in
        .fixed([type], .bigint) { (input) throws(ExecutionError) in
          let isFinite = (type == .date || type == .timestamp) && input.isFinite(0)
          if isFinite, let column = civilPart(part, input, type) {
            return column
          }
          if type == .date, isFinite {
            let firstMonth = input.context.fiscalYearStart
            return input.map { (days: Int64) in
              Calendar.part(part, ofDays: days, firstMonth: firstMonth)
            }
          }
          if type == .timestamp, isFinite {
            let firstMonth = input.context.fiscalYearStart
            return input.map { (instant: Int64) in
              Calendar.part(part, ofMicroseconds: instant, firstMonth: firstMonth)
            }
          }
          let reader = PartReader(input, position: 0)
          return try input.build { (row) throws(ExecutionError) -> Int64? in
            try reader.integer(part, row)
          }
        }
      }
    )
  }
}

// The parts asked for most: a loop for each.
extension DatePartFunctions {
  /// Nil for other parts, and other types than dates and timestamps.
  private static func civilPart(
    _ part: DatePart,
    _ input: KernelInput,
    _ type: DataType
  ) -> Column? {
    guard type == .date || type == .timestamp else { return nil }
    switch part {
    case .year: return mapCivil(input, type) { $0.year }
    case .month: return mapCivil(input, type) { $0.month }
    case .day: return mapCivil(input, type) { $0.day }
    case .quarter: return mapCivil(input, type) { ($0.month &+ 2) / 3 }
    case _: return nil
    }
  }

  @inline(__always)
  private static func mapCivil(
    _ input: KernelInput,
    _ type: DataType,
    _ part: (Calendar.Civil) -> Int64
  ) -> Column {
    let table = CivilTable.shared
    if type == .date { return input.map { (days: Int64) in part(table.civil(days)) } }
    return input.map { (instant: Int64) in
      part(table.civil(Calendar.day(ofMicroseconds: instant)))
    }
  }
}

/// The argument that names a part; a constant is looked up once.
struct PartArgument {
  private let names: TextArgument
  private let constant: DatePart?

  init(_ input: KernelInput) {
    self.names = input.text(0)
    let isConstant = input.arguments[0].isConstant && input.rowCount > 0
    self.constant = isConstant ? DatePart(names.string(0)) : nil
  }

  func part(_ row: Int) throws(ExecutionError) -> DatePart {
    if let constant { return constant }
    let name = names.string(row)
    guard let part = DatePart(name) else {
      throw ExecutionError(
        .invalidArgument,
        "there is no part of dates named '\(name)'; year, quarter, month, week, day and hour are some"
      )
    }
    return part
  }

  /// The part of a row, which must be a span of time.
  func span(_ row: Int) throws(ExecutionError) -> DatePart {
    let part = try part(row)
    guard part.isSpan else {
      throw ExecutionError(
        .invalidArgument,
        "'\(part.names[0])' is no span of time; year, quarter, month, week, day and hour are some"
      )
    }
    return part.span
  }
}

/// Reads parts of one argument, whatever its type.
struct PartReader {
  private let type: DataType
  private let instants: Argument<Int64>?
  private let intervals: Argument<Interval>?
  private let zone: any TimeZoneSource
  private let firstMonth: Int

  init(_ input: KernelInput, position: Int) {
    self.type = input.arguments[position].type
    self.zone = input.context.timeZone
    self.firstMonth = input.context.fiscalYearStart
    if type == .interval {
      self.intervals = input.argument(position)
      self.instants = nil
    } else {
      self.instants = input.argument(position)
      self.intervals = nil
    }
  }

  /// Whether a value is a point in time, and not infinite.
  private func isFinite(_ value: Int64) -> Bool {
    switch type {
    case .date: Calendar.isValid(days: value)
    case .timestamp, .timestampTZ: Calendar.isValid(microseconds: value)
    default: true  // times and intervals are finite
    }
  }

  /// A part as an integer; NULL of what is infinite.
  func integer(_ part: DatePart, _ row: Int) throws(ExecutionError) -> Int64? {
    if let intervals { return try Self.part(part, of: intervals[row]) }
    guard let value = instants?[row], isFinite(value) else { return nil }
    switch type {
    case .date: return Calendar.part(part, ofDays: value, firstMonth: firstMonth)
    case .timestampTZ:
      let seconds = Calendar.floorDivided(value, Calendar.microsecondsPerSecond)
      switch part {
      case .epoch: return seconds
      case .timezone: return zone.offsetSeconds(atUTC: seconds)
      case .timezoneHour: return zone.offsetSeconds(atUTC: seconds) / 3_600
      case .timezoneMinute: return zone.offsetSeconds(atUTC: seconds) / 60 % 60
      default:
        return Calendar.part(
          part,
          ofMicroseconds: zone.local(ofInstant: value),
          firstMonth: firstMonth
        )
      }
    case .time:
      switch part {
      case .timezone, .timezoneHour, .timezoneMinute: return 0
      case .hour, .minute, .second, .millisecond, .microsecond, .nanosecond, .epoch:
        // 24:00 is a time of day too, but no hour of the next day.
        return value == Calendar.microsecondsPerDay && part == .hour
          ? 24 : Calendar.part(part, ofMicroseconds: value)
      default:
        throw ExecutionError(.invalidArgument, "a TIME has no part named '\(part.names[0])'")
      }
    default: return Calendar.part(part, ofMicroseconds: value, firstMonth: firstMonth)
    }
  }

  /// `epoch` and `julian` with their fraction, other parts as they are; NULL of what is infinite.
  func fraction(_ part: DatePart, _ row: Int) -> Double? {
    if let intervals {
      let interval = intervals[row]
      // A year counts 365.25 days, further months 30, as in PostgreSQL.
      let days =
        Double(interval.months / 12) * 365.25 + Double(interval.months % 12) * 30
        + Double(interval.days)
      return days * 86_400 + Double(interval.microseconds) / 1e6
    }
    guard let value = instants?[row], isFinite(value) else { return nil }
    switch (part, type) {
    case (.epoch, .date): return Double(value) * 86_400
    case (.julian, .date): return Double(value + 2_440_588)
    case (.julian, _):
      let local = type == .timestampTZ ? zone.local(ofInstant: value) : value
      let time = Calendar.timeOfDay(ofMicroseconds: local)
      return Double(Calendar.day(ofMicroseconds: local) + 2_440_588)
        + Double(time) / Double(Calendar.microsecondsPerDay)
    default: return Double(value) / 1e6
    }
  }

  private static func part(_ part: DatePart, of interval: Interval) throws(ExecutionError) -> Int64
  {
    let years = Int64(interval.months / 12)
    let time = interval.microseconds
    switch part {
    case .year: return years
    case .month: return Int64(interval.months % 12)
    case .quarter: return Int64(interval.months % 12) / 3 + 1
    case .decade: return years / 10
    case .century: return years / 100
    case .millennium: return years / 1_000
    case .day: return Int64(interval.days)
    case .hour: return time / Calendar.microsecondsPerHour
    case .minute: return time / Calendar.microsecondsPerMinute % 60
    case .second: return time / Calendar.microsecondsPerSecond % 60
    case .millisecond: return time % Calendar.microsecondsPerMinute / 1_000
    case .microsecond: return time % Calendar.microsecondsPerMinute
    case .nanosecond: return time % Calendar.microsecondsPerMinute * 1_000
    case .epoch:
      return Int64(years) * 31_557_600 + Int64(interval.months % 12) * 2_592_000
        + Int64(interval.days) * 86_400 + time / Calendar.microsecondsPerSecond
    case .week, .era, .dayOfWeek, .isoDayOfWeek, .dayOfYear, .isoYear, .yearWeek, .julian,
      .timezone, .timezoneHour, .timezoneMinute, .fiscalYear, .fiscalQuarter:
      throw ExecutionError(.invalidArgument, "an INTERVAL has no part named '\(part.names[0])'")
    }
  }
}

extension KernelInput {
  /// Whether an argument of dates or timestamps holds nothing infinite.
  func isFinite(_ position: Int) -> Bool {
    let isDate = arguments[position].type == .date
    let values = Int64.values(of: arguments[position].data)
    // Two thousand years to either side of 1970: a power of two, so that no value needs a branch.
    let usual: UInt64 = 1 << (isDate ? 20 : 56)
    var bits: UInt64 = 0
    for value in values { bits |= UInt64(bitPattern: value) &+ usual }
    if bits < usual * 2 { return true }
    let valid = isDate ? Calendar.validDays : Calendar.validMicroseconds
    return values.allSatisfy { valid.contains($0) }
  }
}
