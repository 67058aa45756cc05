/// The current moment, and moments on the clocks of time zones.
enum CurrentTimeFunctions {
  static let all: [ScalarFunction] = current + [timezone]

  // MARK: - Now

  private static let current: [ScalarFunction] = [
    moment(
      "now",
      ["current_timestamp", "get_current_timestamp", "transaction_timestamp"],
      "The instant at which the statement began.",
      [("now() = current_timestamp", "true"), ("now() IS NULL", "false")],
      .timestampTZ
    ) { context in context.nowMicroseconds },
    moment(
      "current_date",
      ["today"],
      "The day on which the statement began, in the session's time zone.",
      [("today() = current_date", "true"), ("current_date IS NULL", "false")],
      .date
    ) { context in
      Calendar.day(ofMicroseconds: context.timeZone.local(ofInstant: context.nowMicroseconds))
    },
    moment(
      "localtimestamp",
      ["current_localtimestamp"],
      "What the clock of the session's time zone showed when the statement began.",
      [("localtimestamp IS NULL", "false"), ("localtimestamp::DATE = today()", "true")],
      .timestamp
    ) { context in context.timeZone.local(ofInstant: context.nowMicroseconds) },
    moment(
      "current_time",
      ["get_current_time", "localtime", "current_localtime"],
      "The time of day at which the statement began, in the session's time zone.",
      [("current_time IS NULL", "false"), ("current_time = localtime", "true")],
      .time
    ) { context in
      Calendar.timeOfDay(ofMicroseconds: context.timeZone.local(ofInstant: context.nowMicroseconds))
    },
  ]

  private static func moment(
    _ name: String,
    _ aliases: [String],
    _ summary: String,
    _ examples: [(String, String)],
    _ type: DataType,
    _ value: @escaping @Sendable (FunctionContext) -> Int64
  ) -> ScalarFunction {
    ScalarFunction(
      name,
      aliases: aliases,
      summary: summary,
      examples: examples.map { FunctionExample($0.0, $0.1) },
      overloads: [
        .fixed([], type) { (input) in
          Column(
            type: type,
            data: .int64([value(input.context)]),
            count: input.rowCount,
            isConstant: true
          )
        }
      ]
    )
  }

  // MARK: - Zones

  private static let timezone = ScalarFunction(
    "timezone",
    summary:
      "The instant at which a zone's clock shows a timestamp, or what it shows at an instant.",
    examples: [
      FunctionExample(
        "timezone('UTC', TIMESTAMP '2026-01-31 10:00:00')",
        "2026-01-31 10:00:00+00"
      ),
      FunctionExample(
        "timezone('UTC', TIMESTAMPTZ '2026-01-31 10:00:00+02')",
        "2026-01-31 08:00:00"
      ),
    ],
    overloads: [
      .fixed([.varchar, .timestamp], .timestampTZ) { (input) throws(ExecutionError) in
        let zones = ZoneArgument(input)
        let values = input.argument(1, of: Int64.self)
        return try input.build { (row) throws(ExecutionError) -> Int64? in
          try zones.zone(row).instant(ofLocal: values[row])
        }
      },
      .fixed([.varchar, .timestampTZ], .timestamp) { (input) throws(ExecutionError) in
        let zones = ZoneArgument(input)
        let values = input.argument(1, of: Int64.self)
        return try input.build { (row) throws(ExecutionError) -> Int64? in
          try zones.zone(row).local(ofInstant: values[row])
        }
      },
    ]
  )
}

/// The argument that names a time zone; a constant is looked up once.
struct ZoneArgument {
  private let names: TextArgument
  private let context: FunctionContext
  private let constant: (any TimeZoneSource)?

  init(_ input: KernelInput, position: Int = 0) {
    self.names = input.text(position)
    self.context = input.context
    let isConstant = input.arguments[position].isConstant && input.rowCount > 0
    self.constant = isConstant ? input.context.timeZone.zone(named: names.string(0)) : nil
  }

  func zone(_ row: Int) throws(ExecutionError) -> any TimeZoneSource {
    if let constant { return constant }
    let name = names.string(row)
    guard let zone = context.timeZone.zone(named: name) else {
      throw ExecutionError(.invalidArgument, "there is no time zone named '\(name)'")
    }
    return zone
  }
}
