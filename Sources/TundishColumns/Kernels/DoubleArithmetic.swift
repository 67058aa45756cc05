/// Arithmetic on doubles: never infinite and never NaN unless an operand is.
enum DoubleArithmetic {
  /// Adds, subtracts, multiplies or divides; division by 0 gives NULL.
  static func combine(
    _ input: KernelInput,
    _ operation: ArithmeticOperation
  ) throws(ExecutionError) -> Column {
    switch operation {
    case .add: return try checked(input, operation) { $0 + $1 }
    case .subtract: return try checked(input, operation) { $0 - $1 }
    case .multiply: return try checked(input, operation) { $0 * $1 }
    case .divide: return try divide(input)
    case .power: return try power(input)
    case .shiftLeft: preconditionFailure("doubles have no bits to shift")
    }
  }

  @inline(__always)
  private static func checked(
    _ input: KernelInput,
    _ operation: ArithmeticOperation,
    _ compute: (Double, Double) -> Double
  ) throws(ExecutionError) -> Column {
    // Zero times a number is zero, but times infinity or NaN it is NaN.
    var zero = 0.0
    let column = input.mapPairs { (a: Double, b: Double) -> Double in
      let value = compute(a, b)
      zero += value * 0
      return value
    }
    if zero.isNaN {
      let left = input.argument(0, of: Double.self)
      let right = input.argument(1, of: Double.self)
      try input.check(operation) { row in
        !left[row].isFinite || !right[row].isFinite || compute(left[row], right[row]).isFinite
      }
    }
    return column
  }

  private static func divide(_ input: KernelInput) throws(ExecutionError) -> Column {
    let left = input.argument(0, of: Double.self)
    let right = input.argument(1, of: Double.self)
    return try input.build { (row) throws(ExecutionError) -> Double? in
      let divisor = right[row]
      if divisor == 0 { return nil }
      let value = left[row] / divisor
      if value.isFinite { return value }
      if left[row].isFinite, divisor.isFinite { throw input.overflow(.divide, row) }
      // Infinity by infinity.
      return value.isNaN && !left[row].isNaN && !divisor.isNaN ? nil : value
    }
  }

  private static func power(_ input: KernelInput) throws(ExecutionError) -> Column {
    let bases = input.argument(0, of: Double.self)
    let exponents = input.argument(1, of: Double.self)
    return try input.build { (row) throws(ExecutionError) -> Double? in
      let base = bases[row]
      let exponent = exponents[row]
      let value = Maths.power(base, exponent)
      if value.isFinite || !base.isFinite || !exponent.isFinite { return value }
      // Zero to a negative power is a division by zero.
      if base == 0 { return nil }
      if value.isNaN {
        throw ExecutionError(
          .invalidArgument,
          "a negative number has no power with a fraction: \(base) ^ \(exponent)"
        )
      }
      throw input.overflow(.power, row)
    }
  }

  /// Divides integers, giving doubles; division by 0 gives NULL.
  static func divideIntegers(_ input: KernelInput) throws(ExecutionError) -> Column {
    let left = input.argument(0, of: Int64.self)
    let right = input.argument(1, of: Int64.self)
    return try input.build { (row) throws(ExecutionError) -> Double? in
      right[row] == 0 ? nil : Double(left[row]) / Double(right[row])
    }
  }
}
