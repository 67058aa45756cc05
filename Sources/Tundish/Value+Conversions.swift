public import TundishColumns

extension Value {
  /// The number as `Double`, rounded to the nearest; nil if this is no number.
  public var doubleValue: Double? {
    switch self {
    case .integer(let number): return Double(number)
    case .hugeint(let number): return Double(number)
    case .double(let number): return number
    case .decimal(let unscaled, let scale):
      // Both factors are exact up to 2^53 and 10^22; dividing once rounds once.
      var divisor = 1.0
      for _ in 0..<scale { divisor *= 10 }
      return Double(unscaled) / divisor
    case .null, .boolean, .text, .blob, .date, .time, .timestamp, .timestampTZ, .interval, .list,
      .structure, .map:
      return nil
    }
  }

  /// The number as `Int64`; nil if this is no integer, or has a fraction.
  public var integerValue: Int64? {
    switch self {
    case .integer(let number): return number
    case .hugeint(let number): return Int64(exactly: number)
    case .decimal(let unscaled, let scale):
      var divisor: Int128 = 1
      for _ in 0..<scale { divisor *= 10 }
      let (quotient, remainder) = unscaled.quotientAndRemainder(dividingBy: divisor)
      return remainder == 0 ? Int64(exactly: quotient) : nil
    case .double(let number): return Int64(exactly: number)
    case .null, .boolean, .text, .blob, .date, .time, .timestamp, .timestampTZ, .interval, .list,
      .structure, .map:
      return nil
    }
  }
}
