/// Lists of numbers and dates at equal distances.
enum ListSeriesFunctions {
  static let all: [ScalarFunction] = [range, series]

  /// The greatest number of elements of one series.
  static let maximumCount = 10_000_000

  private static let range = ScalarFunction(
    "range",
    summary: "Returns the integers from a start (0) up to, without, a stop as a list.",
    examples: [
      FunctionExample("range(3)", "[0, 1, 2]"),
      FunctionExample("range(1, 10, 3)", "[1, 4, 7]"),
    ],
    overloads: [
      numbers(parameterCount: 1, includesStop: false),
      numbers(parameterCount: 2, includesStop: false),
      numbers(parameterCount: 3, includesStop: false),
      instants(.timestamp, includesStop: false),
    ]
  )

  private static let series = ScalarFunction(
    "generate_series",
    summary: "Returns the integers from a start (0) to a stop, both included, as a list.",
    examples: [
      FunctionExample("generate_series(1, 3)", "[1, 2, 3]"),
      FunctionExample("generate_series(3, 1, -1)", "[3, 2, 1]"),
    ],
    overloads: [
      numbers(parameterCount: 1, includesStop: true),
      numbers(parameterCount: 2, includesStop: true),
      numbers(parameterCount: 3, includesStop: true),
      instants(.timestamp, includesStop: true),
    ]
  )

  private static func numbers(parameterCount: Int, includesStop: Bool) -> ScalarOverload {
    .exact(Array(repeating: .bigint, count: parameterCount), to: .list(.bigint)) {
      (input) throws(ExecutionError) -> Column in
      let arguments = input.arguments.indices.map { input.argument($0, of: Int64.self) }
      var values: [Int64] = []
      var ranges: [Range<Int32>] = []
      for row in 0..<input.rowCount {
        let first = Int32(values.count)
        if input.validity?[row] ?? true {
          let start = parameterCount > 1 ? arguments[0][row] : 0
          let stop = arguments[parameterCount > 1 ? 1 : 0][row]
          let step = parameterCount > 2 ? arguments[2][row] : 1
          guard step != 0 else {
            throw ExecutionError(.invalidArgument, "the step of a series must not be 0")
          }
          let distance = Int128(stop) - Int128(start)
          let last = includesStop ? distance : distance - (step > 0 ? 1 : -1)
          let count = last != 0 && (last < 0) != (step < 0) ? 0 : last / Int128(step) + 1
          guard count + Int128(values.count) <= Int128(maximumCount) else {
            throw ExecutionError(
              .limit,
              "a series has at most \(maximumCount) elements; generate rows instead"
            )
          }
          for index in 0..<Int64(count) { values.append(start &+ index &* step) }
        }
        ranges.append(first..<Int32(values.count))
      }
      return input.column(.list(ListVector(ranges: ranges, child: .integers(values))))
    }
  }

  private static func instants(_ type: DataType, includesStop: Bool) -> ScalarOverload {
    .exact([type, type, .interval], to: .list(type)) { (input) throws(ExecutionError) -> Column in
      let starts = input.argument(0, of: Int64.self)
      let stops = input.argument(1, of: Int64.self)
      let steps = input.argument(2, of: Interval.self)
      var values: [Int64] = []
      var ranges: [Range<Int32>] = []
      for row in 0..<input.rowCount {
        let first = Int32(values.count)
        if input.validity?[row] ?? true {
          try appendInstants(
            from: starts[row],
            to: stops[row],
            by: steps[row],
            includesStop: includesStop,
            &values
          )
        }
        ranges.append(first..<Int32(values.count))
      }
      return input.column(
        .list(ListVector(ranges: ranges, child: .integers(values, type: type)))
      )
    }
  }

  private static func appendInstants(
    from start: Int64,
    to stop: Int64,
    by step: Interval,
    includesStop: Bool,
    _ values: inout [Int64]
  ) throws(ExecutionError) {
    let valid = Calendar.validMicroseconds
    guard valid.contains(start), valid.contains(stop) else {
      throw ExecutionError(.invalidArgument, "a series starts and ends at finite times")
    }
    let parts = [Int64(step.months), Int64(step.days), step.microseconds]
    guard parts.allSatisfy({ $0 >= 0 }) || parts.allSatisfy({ $0 <= 0 }) else {
      throw ExecutionError(.invalidArgument, "the step of a series must not go both ways")
    }
    let length = step.approximateMicroseconds
    guard length != 0 else {
      throw ExecutionError(.invalidArgument, "the step of a series must not be 0")
    }
    var index: Int64 = 0
    var current = start
    while length > 0 ? current < stop : current > stop {
      values.append(current)
      guard values.count < maximumCount else {
        throw ExecutionError(
          .limit,
          "a series has at most \(maximumCount) elements; generate rows instead"
        )
      }
      index += 1
      guard let months = Int32(exactly: Int64(step.months) * index),
        let days = Int32(exactly: Int64(step.days) * index),
        case (let microseconds, false) = step.microseconds.multipliedReportingOverflow(by: index),
        let next = Calendar.adding(
          Interval(months: months, days: days, microseconds: microseconds),
          toMicroseconds: start
        )
      else { break }
      current = next
    }
    if includesStop, current == stop { values.append(current) }
  }
}
