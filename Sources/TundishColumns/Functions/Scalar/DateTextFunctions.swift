/// `strftime`, `strptime`, `try_strptime`, `monthname` and `dayname`.
enum DateTextFunctions {
  static let all: [ScalarFunction] = [write, read, tryRead, monthName, dayName]

  // MARK: - Writing

  private static let write = ScalarFunction(
    "strftime",
    summary: "A point in time written as a pattern says.",
    examples: [
      FunctionExample("strftime(DATE '2026-01-31', '%d.%m.%Y')", "31.01.2026"),
      FunctionExample("strftime(TIMESTAMP '2026-01-31 15:04:05', '%-I:%M %p')", "3:04 PM"),
      FunctionExample("strftime(DATE '2026-01-31', '%Y-W%V')", "2026-W05"),
    ],
    overloads: [
      writing([.timestamp, .varchar], valuePosition: 0),
      writing([.date, .varchar], valuePosition: 0),
      writing([.timestampTZ, .varchar], valuePosition: 0),
      writing([.varchar, .timestamp], valuePosition: 1),
      writing([.varchar, .date], valuePosition: 1),
      writing([.varchar, .timestampTZ], valuePosition: 1),
    ]
  )

  private static func writing(_ types: [DataType], valuePosition: Int) -> ScalarOverload {
    .fixed(types, .varchar) { (input) throws(ExecutionError) in
      let values = input.argument(valuePosition, of: Int64.self)
      let formats = FormatArgument(input, position: 1 - valuePosition)
      let zone = input.context.timeZone
      let type = types[valuePosition]
      return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
        let format = try formats.format(row)
        let value = values[row]
        switch type {
        case .date: format.append(value * Calendar.microsecondsPerDay, to: &output.bytes)
        case .timestampTZ:
          let local = zone.local(ofInstant: value)
          format.append(
            local,
            offsetSeconds: (local - value) / Calendar.microsecondsPerSecond,
            zoneName: zone.name,
            to: &output.bytes
          )
        default: format.append(value, to: &output.bytes)
        }
        return true
      }
    }
  }

  // MARK: - Reading

  private static let read = ScalarFunction(
    "strptime",
    summary:
      "The timestamp that a text spells as a pattern, or the first of several that fits, says.",
    examples: [
      FunctionExample("strptime('31.01.2026', '%d.%m.%Y')", "2026-01-31 00:00:00"),
      FunctionExample(
        "strptime('Jan 5, 2026 1:05 PM', '%b %d, %Y %I:%M %p')",
        "2026-01-05 13:05:00"
      ),
    ],
    overloads: reading(isTry: false)
  )

  private static let tryRead = ScalarFunction(
    "try_strptime",
    summary: "The timestamp that a text spells as a pattern says; NULL if it does not fit.",
    examples: [
      FunctionExample("try_strptime('31.01.2026', '%d.%m.%Y')", "2026-01-31 00:00:00"),
      FunctionExample("try_strptime('31.02.2026', '%d.%m.%Y')", "NULL"),
    ],
    overloads: reading(isTry: true)
  )

  private static func reading(isTry: Bool) -> [ScalarOverload] {
    [
      .fixed([.varchar, .varchar], .timestamp) { (input) throws(ExecutionError) in
        let texts = input.text(0)
        let bytes = texts.bytes.span
        let formats = FormatArgument(input, position: 1)
        return try input.build { (row) throws(ExecutionError) -> Int64? in
          let format = try formats.format(row)
          let text = bytes.extracting(texts.range(row))
          if let parsed = format.parse(text) ?? format.parseSpecial(text) {
            return instant(parsed)
          }
          if isTry { return nil }
          throw ExecutionError(
            .invalidCast,
            "could not read '\(texts.string(row))' as '\(formats.pattern(row))'"
          )
        }
      },
      .fixed([.varchar, .list(.varchar)], .timestamp) { (input) throws(ExecutionError) in
        let texts = input.text(0)
        let bytes = texts.bytes.span
        let patterns = input.arguments[1]
        let cache = FormatCache()
        return try input.build { (row) throws(ExecutionError) -> Int64? in
          guard case .list(let list) = patterns.value(at: row) else { return nil }
          for case .text(let pattern) in list {
            let format = try cache.format(pattern)
            if let parsed = format.parse(bytes.extracting(texts.range(row))) {
              return instant(parsed)
            }
          }
          if isTry { return nil }
          throw ExecutionError(
            .invalidCast,
            "could not read '\(texts.string(row))' as any of the patterns"
          )
        }
      },
    ]
  }

  private static func instant(_ parsed: DateText.ParsedTimestamp) -> Int64 {
    parsed.local - (parsed.offsetSeconds ?? 0) * Calendar.microsecondsPerSecond
  }

  // MARK: - Names

  private static let monthName = naming(
    "monthname",
    "The English name of the month.",
    [("monthname(DATE '2026-01-31')", "January"), ("monthname(DATE '2026-12-01')", "December")],
    DateFormat.monthNames
  ) { day in Calendar.civil(day).month - 1 }

  private static let dayName = naming(
    "dayname",
    "The English name of the day of the week.",
    [("dayname(DATE '2026-01-31')", "Saturday"), ("dayname(DATE '2026-02-02')", "Monday")],
    DateFormat.weekdayNames
  ) { day in Calendar.isoWeekday(day) - 1 }

  /// A function that gives one of a few names, coded over one dictionary for all batches.
  private static func naming(
    _ name: String,
    _ summary: String,
    _ examples: [(String, String)],
    _ names: [String],
    _ index: @escaping @Sendable (Int64) -> Int64
  ) -> ScalarFunction {
    let dictionary = TextDictionary(distinct: TextVector(names))
    return ScalarFunction(
      name,
      summary: summary,
      examples: examples.map { FunctionExample($0.0, $0.1) },
      overloads: [DataType.timestamp, .date, .timestampTZ].map { type in
        .fixed([type], .varchar) { (input) in
          let values = input.argument(0, of: Int64.self)
          let zone = input.context.timeZone
          var validity = input.validity
          let codes = (0..<input.rowCount).map { row -> Int32 in
            guard input.validity?[row] ?? true else { return 0 }
            let day: Int64 =
              switch type {
              case .date: values[row]
              case .timestampTZ: Calendar.day(ofMicroseconds: zone.local(ofInstant: values[row]))
              default: Calendar.day(ofMicroseconds: values[row])
              }
            guard Calendar.isValid(days: day) else {
              if validity == nil { validity = [Bool](repeating: true, count: input.rowCount) }
              validity?[row] = false
              return 0
            }
            return Int32(index(day))
          }
          return input.column(.dictionary(codes: codes, dictionary), validity: validity)
        }
      }
    )
  }
}

/// Patterns taken apart, the last one kept.
final class FormatCache {
  private var last: (pattern: String, format: DateFormat)?

  func format(_ pattern: String) throws(ExecutionError) -> DateFormat {
    if let last, last.pattern == pattern { return last.format }
    guard let format = DateFormat(pattern) else {
      throw ExecutionError(
        .invalidArgument,
        "the date pattern '\(pattern)' has a letter without meaning after '%'"
      )
    }
    last = (pattern, format)
    return format
  }
}

/// The argument that gives a pattern; a constant is taken apart once.
struct FormatArgument {
  private let patterns: TextArgument
  private let cache = FormatCache()
  private let constant: DateFormat?

  init(_ input: KernelInput, position: Int) {
    self.patterns = input.text(position)
    let isConstant = input.arguments[position].isConstant && input.rowCount > 0
    self.constant = isConstant ? DateFormat(patterns.string(0)) : nil
  }

  func pattern(_ row: Int) -> String { patterns.string(row) }

  func format(_ row: Int) throws(ExecutionError) -> DateFormat {
    if let constant { return constant }
    return try cache.format(patterns.string(row))
  }
}
