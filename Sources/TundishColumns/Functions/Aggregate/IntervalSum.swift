/// The sum of intervals, part by part.
struct IntervalSum: Accumulator {
  private var months: Int64 = 0
  private var days: Int64 = 0
  private var microseconds: Int128 = 0
  private(set) var count: Int64 = 0

  init() {}

  // No part can overflow: fewer than 2^31 values of 32 bits, fewer than 2^63 of 64.
  mutating func add(_ value: Interval) {
    months &+= Int64(value.months)
    days &+= Int64(value.days)
    microseconds &+= Int128(value.microseconds)
    count &+= 1
  }

  mutating func merge(_ other: IntervalSum) {
    months &+= other.months
    days &+= other.days
    microseconds &+= other.microseconds
    count &+= other.count
  }

  /// The sum; nil of no values.
  func total() throws(ExecutionError) -> Interval? {
    count == 0 ? nil : try interval(Int128(months), Int128(days), microseconds)
  }

  /// The mean; nil of no values.
  ///
  /// A rest of months goes on as days of 1/30, a rest of days as hours.
  func mean() throws(ExecutionError) -> Interval? {
    guard count > 0 else { return nil }
    let divisor = Int128(count)
    let allDays = Int128(days) + Int128(months) % divisor * 30
    let rest = microseconds + allDays % divisor * 86_400_000_000
    return try interval(
      Int128(months) / divisor,
      allDays / divisor,
      roundedQuotient(rest, divisor)
    )
  }

  private func interval(
    _ months: Int128,
    _ days: Int128,
    _ microseconds: Int128
  ) throws(ExecutionError) -> Interval {
    guard let months = Int32(exactly: months), let days = Int32(exactly: days),
      let microseconds = Int64(exactly: microseconds)
    else { throw ExecutionError(.overflow, "the sum does not fit INTERVAL") }
    return Interval(months: months, days: days, microseconds: microseconds)
  }
}
