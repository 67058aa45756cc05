internal import TundishColumns

/// The settings by name: how each is read, written and described.
enum SettingList {
  /// One setting.
  struct Entry: Sendable {
    /// The name.
    let name: String
    /// What it takes, for messages.
    let expected: String
    /// What it does.
    let summary: String
    /// Its value as text.
    let get: @Sendable (Settings) -> String
    /// Sets it from text; false where the text does not fit.
    let set: @Sendable (String, inout Settings, any TimeZoneSource) -> Bool
  }

  /// What came of a change.
  enum Outcome {
    case done
    case unknown
    case wrong(expected: String)
  }

  /// Changes a setting.
  static func set(
    _ name: String,
    to value: String,
    in settings: inout Settings,
    zones: any TimeZoneSource
  ) -> Outcome {
    guard let entry = entry(name) else { return .unknown }
    return entry.set(value, &settings, zones) ? .done : .wrong(expected: entry.expected)
  }

  /// Gives a setting its default; false where there is none of that name.
  static func reset(_ name: String, in settings: inout Settings) -> Bool {
    guard let entry = entry(name) else { return false }
    let defaults = Settings()
    if entry.name == "memory_limit" {
      settings.memoryLimit = defaults.memoryLimit
      return true
    }
    return entry.set(entry.get(defaults), &settings, UTCTimeZone())
  }

  /// The setting of that name, compared case-insensitively.
  static func entry(_ name: String) -> Entry? {
    let folded = foldedKey(name)
    return all.first { $0.name == folded }
  }

  private static let weekdays = [
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
  ]
  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
  ]

  /// All settings, in name order.
  static let all: [Entry] = [
    asOf, batchRows, defaultNullOrder, defaultOrder, disabledOptimizers, fiscalYearStart,
    integerDivision, locale, memoryLimit, planCache, strictScalars, temporaryDirectory, threads,
    timeZone, weekStart,
  ]

  private static let asOf = Entry(
    name: "as_of",
    expected: "data, now or a date",
    summary: "the instant at which metrics look",
    get: { $0.asOf },
    set: { text, settings, _ in
      let folded = foldedKey(text)
      let bytes = Array(text.utf8)
      let isDate = DateText.parseDate(bytes.span).map(Calendar.isValid(days:)) ?? false
      guard isDate || folded == "data" || folded == "now" else { return false }
      settings.asOf = folded
      return true
    }
  )

  private static let batchRows = Entry(
    name: "batch_rows",
    expected: "a number from 1 to 65536",
    summary: "rows per batch, for tests",
    get: { "\($0.batchRowCount)" },
    set: { text, settings, _ in
      guard let number = Int(text), (1...65_536).contains(number) else { return false }
      settings.batchRowCount = number
      return true
    }
  )

  private static let defaultNullOrder = Entry(
    name: "default_null_order",
    expected: "nulls_first, nulls_last, sqlite or postgres",
    summary: "where NULLs stand in ORDER BY",
    get: { $0.nullOrder.rawValue },
    set: { text, settings, _ in
      guard let order = NullOrder(foldedKey(text)) else { return false }
      settings.nullOrder = order
      return true
    }
  )

  private static let defaultOrder = Entry(
    name: "default_order",
    expected: "asc or desc",
    summary: "the direction of ORDER BY",
    get: { $0.isDescending ? "desc" : "asc" },
    set: { text, settings, _ in
      switch foldedKey(text) {
      case "asc", "ascending": settings.isDescending = false
      case "desc", "descending": settings.isDescending = true
      default: return false
      }
      return true
    }
  )

  private static let disabledOptimizers = Entry(
    name: "disabled_optimizers",
    expected: "names of rules, or all",
    summary: "the optimizer rules that do not run",
    get: { $0.disabledOptimizers.sorted().joined(separator: ",") },
    set: { text, settings, _ in
      settings.disabledOptimizers = Set(
        text.split(separator: ",").map { foldedKey(String($0.drop { $0 == " " })) }
      )
      return true
    }
  )

  private static let fiscalYearStart = Entry(
    name: "fiscal_year_start",
    expected: "a month",
    summary: "the first month of the fiscal year",
    get: { months[$0.fiscalYearStart - 1] },
    set: { text, settings, _ in
      guard let number = number(of: text, in: months) else { return false }
      settings.fiscalYearStart = number
      return true
    }
  )

  private static let integerDivision = flag(
    "integer_division",
    summary: "whether / on integers gives an integer",
    get: { $0.hasIntegerDivision },
    set: { flag, settings in settings.hasIntegerDivision = flag }
  )

  private static let locale = Entry(
    name: "locale",
    expected: "a locale such as nl_NL, or an empty text",
    summary: "how numbers and dates of files are read where the data do not decide",
    get: { $0.locale },
    set: { text, settings, _ in
      guard text.utf8.count <= 16 else { return false }
      settings.locale = text
      return true
    }
  )

  private static let memoryLimit = Entry(
    name: "memory_limit",
    expected: "a size such as 4GB, or none",
    summary: "the most memory that a query may use",
    get: { $0.memoryLimit.map { "\($0)" } ?? "none" },
    set: { text, settings, _ in
      if foldedKey(text) == "none" {
        settings.memoryLimit = nil
        return true
      }
      guard let bytes = byteCount(text) else { return false }
      settings.memoryLimit = bytes
      return true
    }
  )

  private static let planCache = flag(
    "plan_cache",
    summary: "whether plans are kept for queries that come again",
    get: { $0.hasPlanCache },
    set: { flag, settings in settings.hasPlanCache = flag }
  )

  private static let strictScalars = flag(
    "scalar_subquery_error_on_multiple_rows",
    summary: "whether a subquery that stands for one value may not give several rows",
    get: { $0.hasStrictScalars },
    set: { flag, settings in settings.hasStrictScalars = flag }
  )

  private static let temporaryDirectory = Entry(
    name: "temp_directory",
    expected: "a directory, or an empty text",
    summary: "where rows beyond the memory limit go; empty for nowhere",
    get: { $0.temporaryDirectory },
    set: { text, settings, _ in
      settings.temporaryDirectory = text
      return true
    }
  )

  private static let threads = Entry(
    name: "threads",
    expected: "a number from 1 to 256",
    summary: "how many threads may work",
    get: { "\($0.threads)" },
    set: { text, settings, _ in
      guard let number = Int(text), (1...256).contains(number) else { return false }
      settings.threads = number
      return true
    }
  )

  private static let timeZone = Entry(
    name: "timezone",
    expected: "an IANA name such as Europe/Amsterdam",
    summary: "the zone in which TIMESTAMPTZ values are shown",
    get: { $0.timeZone },
    set: { text, settings, zones in
      guard let zone = zones.zone(named: text) else { return false }
      settings.timeZone = zone.name
      return true
    }
  )

  private static let weekStart = Entry(
    name: "week_start",
    expected: "a weekday",
    summary: "the first day of the week",
    get: { weekdays[$0.weekStart - 1] },
    set: { text, settings, _ in
      guard let number = number(of: text, in: weekdays) else { return false }
      settings.weekStart = number
      return true
    }
  )

  /// A name's place, or the number itself, from 1.
  private static func number(of text: String, in names: [String]) -> Int? {
    let folded = foldedKey(text)
    if let number = Int(folded), (1...names.count).contains(number) { return number }
    let matches = names.indices.filter { names[$0].hasPrefix(folded) && folded.utf8.count >= 3 }
    return matches.count == 1 ? matches[0] + 1 : nil
  }

  /// A setting that is on or off.
  private static func flag(
    _ name: String,
    summary: String,
    get: @escaping @Sendable (Settings) -> Bool,
    set: @escaping @Sendable (Bool, inout Settings) -> Void
  ) -> Entry {
    Entry(
      name: name,
      expected: "true or false",
      summary: summary,
      get: { "\(get($0))" },
      set: { text, settings, _ in
        guard let flag = boolean(text) else { return false }
        set(flag, &settings)
        return true
      }
    )
  }

  private static func boolean(_ text: String) -> Bool? {
    switch foldedKey(text) {
    case "true", "on", "1", "yes": true
    case "false", "off", "0", "no": false
    default: nil
    }
  }

  private static func byteCount(_ text: String) -> Int? {
    let folded = foldedKey(text)
    let digits = folded.prefix { $0.isNumber }
    guard let number = Int(digits) else { return nil }
    let unit = folded.dropFirst(digits.count).drop { $0 == " " }
    let factors = [
      "": 1, "b": 1, "kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000, "kib": 1_024,
      "mib": 1_048_576, "gib": 1_073_741_824,
    ]
    guard let factor = factors[String(unit)] else { return nil }
    let (bytes, overflows) = number.multipliedReportingOverflow(by: factor)
    return overflows || bytes <= 0 ? nil : bytes
  }
}
