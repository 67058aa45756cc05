/// Arithmetic on integers: exact, and an error where the result does not fit the type.
///
/// Overflow is noted in one flag per batch; only then are the rows looked at again, because the
/// value under a NULL may overflow without meaning anything.
enum IntegerArithmetic {
  /// Adds, subtracts or multiplies integers of one type.
  static func combine(
    _ input: KernelInput,
    _ operation: ArithmeticOperation
  ) throws(ExecutionError) -> Column {
    if input.resultType == .hugeint {
      switch operation {
      case .add: return try wide(input, operation) { $0.addingReportingOverflow($1) }
      case .subtract: return try wide(input, operation) { $0.subtractingReportingOverflow($1) }
      default: return try wide(input, operation) { $0.multipliedReportingOverflow(by: $1) }
      }
    }
    guard input.resultType == .bigint else { return try narrow(input, operation) }
    switch operation {
    case .add:
      return try full(input, operation) { a, b in
        let value = a &+ b
        return (value, (a ^ value) & (b ^ value))
      }
    case .subtract:
      return try full(input, operation) { a, b in
        let value = a &- b
        return (value, (a ^ b) & (a ^ value))
      }
    default:
      return try full(input, operation) { a, b in
        let (value, overflow) = a.multipliedReportingOverflow(by: b)
        return (value, overflow ? -1 : 0)
      }
    }
  }

  /// Computes on integers of less than 64 bits, in 64 bits.
  private static func narrow(
    _ input: KernelInput,
    _ operation: ArithmeticOperation
  ) throws(ExecutionError) -> Column {
    switch operation {
    case .add: return try narrow(input, operation) { $0 &+ $1 }
    case .subtract: return try narrow(input, operation) { $0 &- $1 }
    default: return try narrow(input, operation) { $0 &* $1 }
    }
  }

  @inline(__always)
  private static func narrow(
    _ input: KernelInput,
    _ operation: ArithmeticOperation,
    _ compute: (Int64, Int64) -> Int64
  ) throws(ExecutionError) -> Column {
    let range = input.resultType.int64Range ?? Int64.min...Int64.max
    let least = range.lowerBound
    let greatest = range.upperBound
    return try full(input, operation) { a, b in
      let value = compute(a, b)
      return (value, (value &- least) | (greatest &- value))
    }
  }

  /// Computes a value and a word that is negative where the value does not fit.
  @inline(__always)
  private static func full(
    _ input: KernelInput,
    _ operation: ArithmeticOperation,
    _ compute: (Int64, Int64) -> (value: Int64, sign: Int64)
  ) throws(ExecutionError) -> Column {
    var signs: Int64 = 0
    let column = input.mapPairs { (a: Int64, b: Int64) -> Int64 in
      let (value, sign) = compute(a, b)
      signs |= sign
      return value
    }
    if signs < 0 {
      let left = input.argument(0, of: Int64.self)
      let right = input.argument(1, of: Int64.self)
      try input.check(operation) { row in compute(left[row], right[row]).sign >= 0 }
    }
    return column
  }

  private static func wide(
    _ input: KernelInput,
    _ operation: ArithmeticOperation,
    _ compute: (Int128, Int128) -> (partialValue: Int128, overflow: Bool)
  ) throws(ExecutionError) -> Column {
    var failed = false
    let column = input.mapPairs { (a: Int128, b: Int128) -> Int128 in
      let (value, overflow) = compute(a, b)
      failed = failed || overflow
      return value
    }
    if failed {
      let left = input.argument(0, of: Int128.self)
      let right = input.argument(1, of: Int128.self)
      try input.check(operation) { row in !compute(left[row], right[row]).overflow }
    }
    return column
  }

  /// Divides integers, truncating towards zero; NULL where the divisor is 0.
  static func divide(_ input: KernelInput) throws(ExecutionError) -> Column {
    if input.resultType == .hugeint {
      return try input.tryMapPairs { (a: Int128, b: Int128) throws(ExecutionError) -> Int128? in
        if b == 0 { return nil }
        let (value, overflow) = a.dividedReportingOverflow(by: b)
        if overflow {
          throw ExecutionError(.overflow, "overflow in HUGEINT division: \(a) // \(b)")
        }
        return value
      }
    }
    let type = input.resultType
    let range = type.int64Range ?? Int64.min...Int64.max
    return try input.tryMapPairs { (a: Int64, b: Int64) throws(ExecutionError) -> Int64? in
      if b == 0 { return nil }
      let (value, overflow) = a.dividedReportingOverflow(by: b)
      if overflow || !range.contains(value) {
        throw ExecutionError(.overflow, "overflow in \(type) division: \(a) // \(b)")
      }
      return value
    }
  }

  /// Returns the remainder with the sign of the dividend; NULL where the divisor is 0.
  static func remainder(_ input: KernelInput) throws(ExecutionError) -> Column {
    if input.resultType == .hugeint {
      return try input.tryMapPairs { (a: Int128, b: Int128) throws(ExecutionError) -> Int128? in
        b == 0 ? nil : (b == -1 ? 0 : a % b)
      }
    }
    return try input.tryMapPairs { (a: Int64, b: Int64) throws(ExecutionError) -> Int64? in
      b == 0 ? nil : (b == -1 ? 0 : a % b)
    }
  }

  /// Negates integers and decimals.
  static func negate(_ input: KernelInput) throws(ExecutionError) -> Column {
    let type = input.resultType
    if type.physical == .int128 {
      return try input.tryMap { (value: Int128) throws(ExecutionError) -> Int128? in
        if value == .min {
          throw ExecutionError(.overflow, "overflow in \(type) negation: \(value)")
        }
        return -value
      }
    }
    let range = type.int64Range ?? Int64.min + 1...Int64.max
    return try input.tryMap { (value: Int64) throws(ExecutionError) -> Int64? in
      if value == .min || !range.contains(-value) {
        throw ExecutionError(.overflow, "overflow in \(type) negation: \(value)")
      }
      return -value
    }
  }

  /// Shifts left; bits that would be lost are an error.
  static func shiftLeft(_ input: KernelInput) throws(ExecutionError) -> Column {
    let type = input.resultType
    let range = type.int64Range ?? Int64.min...Int64.max
    return try input.tryMapPairs { (value: Int64, count: Int64) throws(ExecutionError) -> Int64? in
      if count < 0 || value < 0 {
        throw ExecutionError(
          .invalidArgument,
          "<< takes numbers that are not negative: \(value) << \(count)"
        )
      }
      if value == 0 { return 0 }
      if count < 63, value <= range.upperBound >> count { return value << count }
      throw ExecutionError(.overflow, "overflow in \(type) left shift: \(value) << \(count)")
    }
  }
}

extension KernelInput {
  /// Throws the overflow of the first row without NULL that does not pass.
  func check(
    _ operation: ArithmeticOperation,
    _ fits: (Int) -> Bool
  ) throws(ExecutionError) {
    for row in 0..<rowCount where validity?[row] ?? true {
      if !fits(row) { throw overflow(operation, row) }
    }
  }
}
