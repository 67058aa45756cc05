/// The overloads of `+`, `-`, `*` and `/` for dates, times and intervals.
enum TemporalOverloads {
  // MARK: - Sums

  static let sums: [ScalarOverload] = [
    dateAndDays([.date, .bigint], datePosition: 0),
    dateAndDays([.bigint, .date], datePosition: 1),
    dateAndInterval([.date, .interval], datePosition: 0),
    dateAndInterval([.interval, .date], datePosition: 1),
    timestampAndInterval([.timestamp, .interval], timestampPosition: 0),
    timestampAndInterval([.interval, .timestamp], timestampPosition: 1),
    instantAndInterval([.timestampTZ, .interval], instantPosition: 0),
    instantAndInterval([.interval, .timestampTZ], instantPosition: 1),
    timeAndInterval([.time, .interval], timePosition: 0),
    timeAndInterval([.interval, .time], timePosition: 1),
    .fixed([.interval, .interval], .interval) { (input) throws(ExecutionError) in
      try input.tryMapPairs { (a: Interval, b: Interval) throws(ExecutionError) -> Interval? in
        try TemporalArithmetic.sum(a, b)
      }
    },
    .fixed([.date, .time], .timestamp) { (input) in
      input.mapPairs { (day: Int64, time: Int64) in TemporalArithmetic.instant(day, at: time) }
    },
    .fixed([.time, .date], .timestamp) { (input) in
      input.mapPairs { (time: Int64, day: Int64) in TemporalArithmetic.instant(day, at: time) }
    },
  ]

  private static func dateAndDays(_ types: [DataType], datePosition: Int) -> ScalarOverload {
    .fixed(types, .date) { (input) throws(ExecutionError) in
      let days = input.argument(datePosition, of: Int64.self)
      let counts = input.argument(1 - datePosition, of: Int64.self)
      return try input.build { (row) throws(ExecutionError) -> Int64? in
        try TemporalArithmetic.moved(days[row], by: counts[row])
      }
    }
  }

  private static func dateAndInterval(_ types: [DataType], datePosition: Int) -> ScalarOverload {
    .fixed(types, .timestamp) { (input) throws(ExecutionError) in
      let days = input.argument(datePosition, of: Int64.self)
      let intervals = input.argument(1 - datePosition, of: Interval.self)
      return try input.build { (row) throws(ExecutionError) -> Int64? in
        let midnight = days[row] * Calendar.microsecondsPerDay
        return try TemporalArithmetic.moved(midnight, by: intervals[row])
      }
    }
  }

  private static func timestampAndInterval(
    _ types: [DataType],
    timestampPosition: Int
  ) -> ScalarOverload {
    .fixed(types, .timestamp) { (input) throws(ExecutionError) in
      let instants = input.argument(timestampPosition, of: Int64.self)
      let intervals = input.argument(1 - timestampPosition, of: Interval.self)
      return try input.build { (row) throws(ExecutionError) -> Int64? in
        try TemporalArithmetic.moved(instants[row], by: intervals[row])
      }
    }
  }

  private static func instantAndInterval(
    _ types: [DataType],
    instantPosition: Int
  ) -> ScalarOverload {
    .fixed(types, .timestampTZ) { (input) throws(ExecutionError) in
      let instants = input.argument(instantPosition, of: Int64.self)
      let intervals = input.argument(1 - instantPosition, of: Interval.self)
      let zone = input.context.timeZone
      return try input.build { (row) throws(ExecutionError) -> Int64? in
        try TemporalArithmetic.moved(instants[row], by: intervals[row], zone: zone)
      }
    }
  }

  private static func timeAndInterval(_ types: [DataType], timePosition: Int) -> ScalarOverload {
    .fixed(types, .time) { (input) throws(ExecutionError) in
      let times = input.argument(timePosition, of: Int64.self)
      let intervals = input.argument(1 - timePosition, of: Interval.self)
      return try input.build { (row) throws(ExecutionError) -> Int64? in
        TemporalArithmetic.movedTime(times[row], by: intervals[row].microseconds)
      }
    }
  }

  // MARK: - Differences

  static let differences: [ScalarOverload] = [
    .fixed([.date, .date], .bigint) { (input) in
      input.mapPairs { (a: Int64, b: Int64) in a &- b }
    },
    .fixed([.date, .bigint], .date) { (input) throws(ExecutionError) in
      try input.tryMapPairs { (day: Int64, count: Int64) throws(ExecutionError) -> Int64? in
        guard count != .min else { throw TemporalArithmetic.outOfRange("date") }
        return try TemporalArithmetic.moved(day, by: -count)
      }
    },
    .fixed([.date, .interval], .timestamp) { (input) throws(ExecutionError) in
      try input.tryMapPairs { (day: Int64, interval: Interval) throws(ExecutionError) -> Int64? in
        try TemporalArithmetic.moved(day * Calendar.microsecondsPerDay, backBy: interval)
      }
    },
    .fixed([.timestamp, .timestamp], .interval) { (input) throws(ExecutionError) in
      try input.tryMapPairs { (a: Int64, b: Int64) throws(ExecutionError) -> Interval? in
        try TemporalArithmetic.difference(a, b)
      }
    },
    .fixed([.timestampTZ, .timestampTZ], .interval) { (input) throws(ExecutionError) in
      try input.tryMapPairs { (a: Int64, b: Int64) throws(ExecutionError) -> Interval? in
        try TemporalArithmetic.difference(a, b)
      }
    },
    .fixed([.timestamp, .interval], .timestamp) { (input) throws(ExecutionError) in
      try input.tryMapPairs {
        (instant: Int64, interval: Interval) throws(ExecutionError) -> Int64? in
        try TemporalArithmetic.moved(instant, backBy: interval)
      }
    },
    .fixed([.timestampTZ, .interval], .timestampTZ) { (input) throws(ExecutionError) in
      let zone = input.context.timeZone
      return try input.tryMapPairs {
        (instant: Int64, interval: Interval) throws(ExecutionError) -> Int64? in
        guard let back = interval.negated else { throw TemporalArithmetic.outOfRange("timestamp") }
        return try TemporalArithmetic.moved(instant, by: back, zone: zone)
      }
    },
    .fixed([.time, .interval], .time) { (input) throws(ExecutionError) in
      try input.tryMapPairs { (time: Int64, interval: Interval) throws(ExecutionError) -> Int64? in
        let microseconds = interval.microseconds % Calendar.microsecondsPerDay
        return TemporalArithmetic.movedTime(time, by: -microseconds)
      }
    },
    .fixed([.time, .time], .interval) { (input) in
      input.mapPairs { (a: Int64, b: Int64) in Interval(microseconds: a &- b) }
    },
    .fixed([.interval, .interval], .interval) { (input) throws(ExecutionError) in
      try input.tryMapPairs { (a: Interval, b: Interval) throws(ExecutionError) -> Interval? in
        guard let negated = b.negated else { throw TemporalArithmetic.outOfRange("interval") }
        return try TemporalArithmetic.sum(a, negated)
      }
    },
    .fixed([.interval], .interval) { (input) throws(ExecutionError) in
      try input.tryMap { (interval: Interval) throws(ExecutionError) -> Interval? in
        guard let negated = interval.negated else {
          throw TemporalArithmetic.outOfRange("interval")
        }
        return negated
      }
    },
  ]

  // MARK: - Products and quotients

  static let products: [ScalarOverload] = [
    .fixed([.interval, .bigint], .interval) { (input) throws(ExecutionError) in
      try input.tryMapPairs { (a: Interval, b: Int64) throws(ExecutionError) -> Interval? in
        try TemporalArithmetic.multiplied(a, by: b)
      }
    },
    .fixed([.bigint, .interval], .interval) { (input) throws(ExecutionError) in
      try input.tryMapPairs { (a: Int64, b: Interval) throws(ExecutionError) -> Interval? in
        try TemporalArithmetic.multiplied(b, by: a)
      }
    },
    .fixed([.interval, .double], .interval) { (input) throws(ExecutionError) in
      try input.tryMapPairs { (a: Interval, b: Double) throws(ExecutionError) -> Interval? in
        try TemporalArithmetic.scaled(a) { $0 * b }
      }
    },
    .fixed([.double, .interval], .interval) { (input) throws(ExecutionError) in
      try input.tryMapPairs { (a: Double, b: Interval) throws(ExecutionError) -> Interval? in
        try TemporalArithmetic.scaled(b) { $0 * a }
      }
    },
  ]

  static let quotients: [ScalarOverload] = [
    .fixed([.interval, .double], .interval) { (input) throws(ExecutionError) in
      try input.tryMapPairs { (a: Interval, b: Double) throws(ExecutionError) -> Interval? in
        b == 0 ? nil : try TemporalArithmetic.scaled(a) { $0 / b }
      }
    }
  ]
}
