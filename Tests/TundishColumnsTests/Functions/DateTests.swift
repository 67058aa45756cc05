import Testing

@testable import TundishColumns

@Suite("Dates and times")
struct DateTests {
  private let call = Call()

  @Test("every day of 1,600 years is its own year, month and day")
  func calendar() {
    var expected = Calendar.Civil(year: 1_000, month: 1, day: 1)
    var weekday: Int64 = 3  // 1000-01-01 was a Wednesday of the proleptic calendar.
    let start = Calendar.days(year: 1_000, month: 1, day: 1)
    for day in start..<start + 584_388 {
      if Calendar.civil(day) != expected || Calendar.isoWeekday(day) != weekday {
        Issue.record("\(day) is \(Calendar.civil(day)), not \(expected)")
        return
      }
      weekday = weekday % 7 + 1
      expected.day += 1
      if expected.day > Calendar.daysInMonth(year: expected.year, month: expected.month) {
        expected.day = 1
        expected.month += 1
        if expected.month > 12 {
          expected.month = 1
          expected.year += 1
        }
      }
    }
    for day in [Calendar.validDays.lowerBound, Calendar.validDays.upperBound, -1, 0] {
      let date = Calendar.civil(day)
      #expect(Calendar.days(year: date.year, month: date.month, day: date.day) == day)
    }
  }

  @Test(
    "parts as DuckDB gives them",
    arguments: [
      ("week", "2020-12-31", "53"), ("isoyear", "2021-01-01", "2020"),
      ("yearweek", "2021-01-01", "202053"), ("dow", "2020-01-05", "0"),
      ("isodow", "2020-01-05", "7"),
      ("doy", "2020-12-31", "366"), ("century", "2000-01-01", "20"),
      ("decade", "2025-01-01", "202"),
      ("millennium", "2000-01-01", "2"), ("quarter", "2020-12-01", "4"),
      ("week", "2024-12-30", "1"),
      ("century", "0001-01-01", "1"), ("year", "0044-03-15 (BC)", "-43"),
      ("century", "0044-03-15 (BC)", "-1"), ("era", "0044-03-15 (BC)", "0"),
      ("decade", "0044-03-15 (BC)", "-4"), ("yearweek", "0044-03-15 (BC)", "-4311"),
      ("nonesuch", "2020-01-01", "error"), ("hour", "2020-01-01", "0"),
    ]
  )
  func parts(part: String, date: String, expected: String) {
    #expect(call.show("date_part", (part, .varchar), (date, .date)).hasPrefix(expected))
  }

  @Test("parts of times and intervals")
  func otherParts() {
    let instant = "1969-12-31 23:59:59.5"
    #expect(call.show("epoch", (instant, .timestamp)) == "-0.5")
    #expect(call.show("second", (instant, .timestamp)) == "59")
    #expect(call.show("millisecond", (instant, .timestamp)) == "59500")
    #expect(call.show("julian", ("2020-01-01 12:00:00", .timestamp)) == "2458850.5")
    #expect(call.show("date_part", ("month", .varchar), ("14 months", .interval)) == "2")
    #expect(call.show("hour", ("30 hours", .interval)) == "30")
    #expect(call.show("epoch", ("1 year", .interval)) == "31557600.0")
    #expect(call.show("epoch", ("10:00", .time)) == "36000.0")
    #expect(call.show("date_part", ("year", .varchar), ("10:00", .time)).hasPrefix("error"))
    #expect(call.show("year", (nil, .date)) == "NULL")
  }

  @Test(
    "truncation",
    arguments: [
      ("week", "2020-01-01", "2019-12-30"), ("decade", "2025-05-05", "2020-01-01"),
      ("century", "2025-05-05", "2000-01-01"), ("millennium", "2025-05-05", "2000-01-01"),
      ("isoyear", "2021-01-01", "2019-12-30"), ("quarter", "2020-05-05", "2020-04-01"),
      ("month", "2020-05-05", "2020-05-01"), ("day", "2020-05-05", "2020-05-05"),
      ("hour", "2020-05-05", "2020-05-05"), ("year", "0044-03-15 (BC)", "0044-01-01"),
    ]
  )
  func truncation(part: String, date: String, expected: String) {
    #expect(call.show("date_trunc", (part, .varchar), (date, .date)).hasPrefix(expected))
    #expect(call.show("date_trunc", (part, .varchar), (date, .timestamp)).hasPrefix(expected))
  }

  @Test("weeks and fiscal years begin where the session says")
  func session() {
    let sunday = Call(
      context: FunctionContext(nowMicroseconds: 0, weekStart: 7, fiscalYearStart: 4)
    )
    #expect(
      sunday.show("date_trunc", ("week", .varchar), ("2020-01-04", .date)).hasPrefix("2019-12-29")
    )
    #expect(
      sunday.show("date_trunc", ("week", .varchar), ("2020-01-05", .date)).hasPrefix("2020-01-05")
    )
    #expect(sunday.show("fiscal_year", ("2020-03-31", .date)) == "2020")
    #expect(sunday.show("fiscal_year", ("2020-04-01", .date)) == "2021")
    #expect(sunday.show("fiscal_quarter", ("2020-04-01", .timestamp)) == "1")
    #expect(sunday.show("fiscal_quarter", ("2020-03-31", .date)) == "4")
    #expect(
      sunday.show("date_trunc", ("fiscal_year", .varchar), ("2020-03-31", .date)).hasPrefix(
        "2019-04-01"
      )
    )
    #expect(
      sunday.show("date_trunc", ("fiscal_quarter", .varchar), ("2020-02-29", .date)).hasPrefix(
        "2020-01-01"
      )
    )
    #expect(
      sunday.show(
        "date_diff",
        ("fiscal_year", .varchar),
        ("2020-03-31", .date),
        ("2020-04-01", .date)
      )
        == "1"
    )
    #expect(call.show("current_date") == "2026-01-31")
    #expect(call.show("now") == "2026-01-31 10:00:00+00")
  }

  @Test(
    "differences",
    arguments: [
      ("date_diff", "month", "2020-01-31", "2020-02-01", "1"),
      ("date_diff", "week", "2020-01-05", "2020-01-06", "1"),
      ("date_diff", "hour", "2020-01-01 10:59:00", "2020-01-01 11:00:00", "1"),
      ("date_diff", "year", "2020-12-31", "2021-01-01", "1"),
      ("date_diff", "century", "1999-12-31", "2001-01-01", "1"),
      ("date_diff", "ms", "2020-01-01", "2020-01-01 00:00:01", "1000"),
      ("date_sub", "month", "2020-01-31", "2020-02-29", "1"),
      ("date_sub", "month", "2020-01-15", "2020-02-14", "0"),
      ("date_sub", "month", "2020-02-29", "2020-01-31", "-1"),
      ("date_sub", "year", "2020-02-29", "2021-02-28", "1"),
      ("date_sub", "month", "2020-01-31 12:00:00", "2020-02-29 11:00:00", "0"),
      ("date_sub", "day", "2020-01-01 23:00:00", "2020-01-02 01:00:00", "0"),
    ]
  )
  func differences(name: String, part: String, start: String, end: String, expected: String) {
    #expect(
      call.show(name, (part, .varchar), (start, .timestamp), (end, .timestamp)) == expected
    )
  }

  @Test(
    "ages",
    arguments: [
      ("2020-03-15", "2019-01-20", "1 year 1 month 26 days"),
      ("2020-03-01", "2020-01-31", "1 month 1 day"),
      ("2020-01-31", "2020-03-01", "-1 month -1 day"),
      ("2020-03-15 10:00", "2019-01-20 12:00", "1 year 1 month 25 days 22:00:00"),
      ("2020-03-31", "2020-02-29", "1 month 2 days"),
      ("2021-02-28", "2020-02-29", "11 months 28 days"),
      ("2020-03-30", "2020-01-31", "1 month 30 days"), ("2020-01-01", "2020-01-01", "00:00:00"),
    ]
  )
  func ages(end: String, start: String, expected: String) {
    #expect(call.show("age", (end, .timestamp), (start, .timestamp)) == expected)
  }

  @Test("patterns are written")
  func written() {
    let instant = ("2020-01-05 13:04:05.123456", DataType.timestamp)
    let pattern =
      "%a %A %w %d %-d %b %B %m %-m %y %Y %H %I %-I %p %M %-M %S %-S %g %f %z %j %-j %U %W %c | %x | %X %% %G %V %u"
    #expect(
      call.show("strftime", instant, (pattern, .varchar))
        == "Sun Sunday 0 05 5 Jan January 01 1 20 2020 13 01 1 PM 04 4 05 5 123 123456 +00 005 5 01 00 2020-01-05 13:04:05 | 2020-01-05 | 13:04:05 % 2020 01 7"
    )
    #expect(
      call.show("strftime", ("2024-12-30", .date), ("%G-%V %U %W %u", .varchar))
        == "2025-01 52 53 1"
    )
    #expect(
      call.show("strftime", ("%I:%M %p", .varchar), ("2020-01-05 00:04:05", .timestamp))
        == "12:04 AM"
    )
    #expect(call.show("strftime", ("2024-12-30", .date), ("%Q", .varchar)).hasPrefix("error"))
  }

  @Test(
    "patterns are read",
    arguments: [
      ("05/01/2020 13:04", "%d/%m/%Y %H:%M", "2020-01-05 13:04:00"),
      ("Jan 5, 2020", "%b %-d, %Y", "2020-01-05 00:00:00"),
      ("5 January 20 1:05 PM", "%d %B %y %I:%M %p", "2020-01-05 13:05:00"),
      ("2020-01-05 10:00:00.123", "%Y-%m-%d %H:%M:%S.%g", "2020-01-05 10:00:00.123"),
      ("2020-045", "%Y-%j", "2020-02-14 00:00:00"), ("69", "%y", "1969-01-01 00:00:00"),
      ("68", "%y", "2068-01-01 00:00:00"), ("10:00", "%H:%M", "1900-01-01 10:00:00"),
      ("20200105", "%Y%m%d", "2020-01-05 00:00:00"),
      ("  2020-1-5 ", "%Y-%m-%d", "2020-01-05 00:00:00"),
      ("jan 5 2020", "%b %d %Y", "2020-01-05 00:00:00"),
      ("may 5 2020", "%B %d %Y", "2020-05-05 00:00:00"),
      ("Sunday 5 Jan 2020", "%A %d %b %Y", "2020-01-05 00:00:00"),
      ("2020-01-05 12 am", "%Y-%m-%d %I %p", "2020-01-05 00:00:00"),
      ("2020-01-05 10:00+02", "%Y-%m-%d %H:%M%z", "2020-01-05 08:00:00"),
      ("2020-02-30", "%Y-%m-%d", "NULL"), ("2020-01-05x", "%Y-%m-%d", "NULL"), ("x", "%Y", "NULL"),
      ("13 PM", "%I %p", "NULL"), ("", "%Y", "NULL"),
    ]
  )
  func patternsRead(text: String, pattern: String, expected: String) {
    #expect(call.show("try_strptime", (text, .varchar), (pattern, .varchar)) == expected)
    let strict = call.show("strptime", (text, .varchar), (pattern, .varchar))
    #expect(expected == "NULL" ? strict.hasPrefix("error: could not read") : strict == expected)
  }

  @Test(
    "buckets",
    arguments: [
      ("7 days", "2020-01-09", "2020-01-06"), ("1 month", "2020-02-09", "2020-02-01"),
      ("3 months", "2020-02-09", "2020-01-01"), ("5 months", "1999-02-09", "1998-10-01"),
      ("1 month 1 day", "2020-01-01", "error"), ("-1 day", "2020-01-01", "error"),
    ]
  )
  func buckets(width: String, date: String, expected: String) {
    #expect(call.show("time_bucket", (width, .interval), (date, .date)).hasPrefix(expected))
  }

  @Test("making")
  func making() {
    #expect(
      call.show("make_date", ("2020", .integer), ("13", .integer), ("1", .integer)).hasPrefix(
        "error"
      )
    )
    #expect(
      call.show("make_date", ("2020", .integer), ("2", .integer), ("29", .integer)) == "2020-02-29"
    )
    #expect(call.show("to_seconds", ("7.5", .double)) == "00:00:07.5")
    #expect(call.show("to_years", ("999999999999", .bigint)).hasPrefix("error"))
    #expect(call.show("to_timestamp", ("1500000000.5", .double)) == "2017-07-14 02:40:00.5+00")
    #expect(call.show("to_timestamp", ("1e30", .double)).hasPrefix("error"))
    #expect(call.show("epoch_ms", ("1969-12-31 23:59:59.9995", .timestamp)) == "-1")
    #expect(call.show("justify_interval", ("1 month -1 hour", .interval)) == "29 days 23:00:00")
    #expect(call.show("last_day", ("2024-02-05", .date)) == "2024-02-29")
    #expect(
      call.show("timezone", ("Nowhere/Else", .varchar), ("2020-01-01", .timestamp)).hasPrefix(
        "error: there is no time zone"
      )
    )
  }

  @Test("columns, with NULL and garbage under it", arguments: [0, 1, 2_047, 2_048, 2_049])
  func columns(count: Int) throws {
    let days = (0..<count).map { Int64($0 * 13 - 5_000) }
    let validity = (0..<count).map { $0 % 3 != 0 }
    let garbage = zip(days, validity).map { $1 ? $0 : Int64.max }
    let dates = Column.integers(garbage, type: .date, validity: validity)
    for (name, part) in [("year", DatePart.year), ("month", .month), ("isodow", .isoDayOfWeek)] {
      let result = try call.run(name, [dates], rowCount: count)
      let expected = (0..<count).map { row -> Value in
        validity[row] ? .integer(Calendar.part(part, ofDays: days[row])) : .null
      }
      #expect(result.allValues() == expected)
    }
    let names = try call.run("monthname", [dates], rowCount: count)
    #expect(names.nullCount == validity.count { !$0 })
  }

  @Test("every function has two examples and a summary that ends with a period")
  func documented() {
    for function in StandardFunctions.scalar {
      #expect(function.examples.count >= 2, "\(function.name)")
      #expect(function.summary.hasSuffix("."), "\(function.name)")
    }
  }
}
