/// Exact arithmetic on decimals.
///
/// The result types leave room for every result as long as 38 digits do; only where they do not can
/// there be overflow, which is an error. Results of up to 18 digits stay in 64 bits.
enum DecimalArithmetic {
  // MARK: - Result types

  /// The type of a sum or difference: the larger scale, and one more digit before the point.
  static func sumType(_ types: [DataType]) -> DataType? {
    guard case .decimal(let p, let s) = types[0], case .decimal(let q, let t) = types[1] else {
      return nil
    }
    let scale = max(s, t)
    return .decimal(precision: min(38, max(p - s, q - t) + scale + 1), scale: scale)
  }

  /// The type of a product: both scales together; nil beyond 38.
  static func productType(_ types: [DataType]) -> DataType? {
    guard case .decimal(let p, let s) = types[0], case .decimal(let q, let t) = types[1],
      s + t <= 38
    else { return nil }
    return .decimal(precision: min(38, p + q), scale: s + t)
  }

  /// The type of a quotient: six digits after the point, or as many as an operand has.
  static func quotientType(_ types: [DataType]) -> DataType? {
    guard case .decimal(let p, let s) = types[0], case .decimal(_, let t) = types[1] else {
      return nil
    }
    let scale = max(6, s, t)
    return .decimal(precision: min(38, p - s + t + scale), scale: scale)
  }

  /// The type of a remainder: the common type.
  static func remainderType(_ types: [DataType]) -> DataType? {
    TypeCoercion.commonNumericType(types[0], types[1])
  }

  /// The type of a quotient without fraction.
  static func wholeQuotientType(_ types: [DataType]) -> DataType? {
    guard case .decimal(let p, let s) = types[0], case .decimal(_, let t) = types[1] else {
      return nil
    }
    return .decimal(precision: min(38, max(1, p - s + t)), scale: 0)
  }

  // MARK: - Kernels

  /// Adds or subtracts.
  static func addOrSubtract(
    _ input: KernelInput,
    _ operation: ArithmeticOperation
  ) throws(ExecutionError) -> Column {
    let (leftFactor, rightFactor) = factors(input)
    let isSum = operation == .add
    if input.resultType.physical == .int64, let a = Int64(exactly: leftFactor),
      let b = Int64(exactly: rightFactor)
    {
      // No sum of two values of at most 17 digits overflows; those under NULL may wrap.
      if isSum {
        if a == 1, b == 1 { return input.mapPairs { (x: Int64, y: Int64) in x &+ y } }
        return input.mapPairs { (x: Int64, y: Int64) in x &* a &+ y &* b }
      }
      return input.mapPairs { (x: Int64, y: Int64) in x &* a &- y &* b }
    }
    if case .decimal(let precision, _) = input.resultType, precision < 38 {
      // The type was not capped, so that every sum of valid operands fits.
      let left = input.wideArgument(0)
      let right = input.wideArgument(1)
      var sums: [Int128] = []
      sums.reserveCapacity(input.rowCount)
      for row in 0..<input.rowCount {
        let y = right[row] &* rightFactor
        sums.append(left[row] &* leftFactor &+ (isSum ? y : 0 &- y))
      }
      return input.column(.int128(sums))
    }
    return try wide(input, operation) { x, y in
      let (left, leftOverflow) = x.multipliedReportingOverflow(by: leftFactor)
      let (right, rightOverflow) = y.multipliedReportingOverflow(by: rightFactor)
      if leftOverflow || rightOverflow { return nil }
      let (value, overflow) =
        isSum
        ? left.addingReportingOverflow(right) : left.subtractingReportingOverflow(right)
      return overflow ? nil : value
    }
  }

  /// Multiplies.
  static func multiply(_ input: KernelInput) throws(ExecutionError) -> Column {
    if input.resultType.physical == .int64 {
      return input.mapPairs { (a: Int64, b: Int64) in a &* b }
    }
    if input.arguments.allSatisfy({ $0.type.physical == .int64 }) {
      return input.mapPairs { (a: Int64, b: Int64) in Int128(a) &* Int128(b) }
    }
    if case .decimal(let precision, _) = input.resultType, precision < 38 {
      // The type was not capped, so that every product of valid operands fits.
      let left = input.wideArgument(0)
      let right = input.wideArgument(1)
      var products: [Int128] = []
      products.reserveCapacity(input.rowCount)
      for row in 0..<input.rowCount { products.append(left[row] &* right[row]) }
      return input.column(.int128(products))
    }
    return try wide(input, .multiply) { a, b in
      let (value, overflow) = a.multipliedReportingOverflow(by: b)
      return overflow ? nil : value
    }
  }

  /// Divides, rounding half to even; NULL where the divisor is 0.
  static func divide(_ input: KernelInput) throws(ExecutionError) -> Column {
    guard case .decimal(let precision, let scale) = input.resultType,
      case .decimal(_, let s) = input.arguments[0].type,
      case .decimal(_, let t) = input.arguments[1].type
    else { preconditionFailure("the quotient of decimals is a decimal") }
    let shift = scale + t - s
    if shift <= 18, input.arguments.allSatisfy({ $0.type.physical == .int64 }),
      input.resultType.physical == .int64
    {
      return try divideShort(input, power: Int64(DecimalText.powers[shift]), precision: precision)
    }
    return try collect(input, .divide, precision: precision) { a, b in
      b == 0 ? .null : quotient(a, shiftedBy: shift, b).map { .value($0) } ?? .overflow
    }
  }

  /// Divides where operands and result fit 64 bits, and nearly always the shifted dividend too.
  private static func divideShort(
    _ input: KernelInput,
    power: Int64,
    precision: Int
  ) throws(ExecutionError) -> Column {
    let left = input.argument(0, of: Int64.self)
    let right = input.argument(1, of: Int64.self)
    let limit = Int128(DecimalText.powers[precision])
    return try input.build { (row) throws(ExecutionError) -> Int64? in
      let divisor = right[row]
      if divisor == 0 { return nil }
      let (shifted, overflow) = left[row].multipliedReportingOverflow(by: power)
      if overflow || divisor == .min || shifted == .min {
        let shift = (DecimalText.powers.firstIndex(of: Int128(power)) ?? 0)
        guard let wide = quotient(Int128(left[row]), shiftedBy: shift, Int128(divisor)),
          wide < limit, wide > -limit
        else { throw input.overflow(.divide, row) }
        return Int64(wide)
      }
      let (whole, remainder) = shifted.quotientAndRemainder(dividingBy: divisor)
      // Compared with what is missing to the divisor, because twice the remainder may overflow.
      let rest = divisor.magnitude - remainder.magnitude
      let isUp = remainder.magnitude > rest || (remainder.magnitude == rest && whole & 1 != 0)
      if !isUp { return whole }
      return (shifted < 0) != (divisor < 0) ? whole - 1 : whole + 1
    }
  }

  /// Divides, truncating; NULL where the divisor is 0.
  static func divideWhole(_ input: KernelInput) throws(ExecutionError) -> Column {
    guard case .decimal(let precision, _) = input.resultType,
      case .decimal(_, let s) = input.arguments[0].type,
      case .decimal(_, let t) = input.arguments[1].type
    else { preconditionFailure("the quotient of decimals is a decimal") }
    return try collect(input, .divide, precision: precision) { a, b in
      if b == 0 { return .null }
      let left = DecimalText.rescaled(a, from: s, to: max(s, t))
      let right = DecimalText.rescaled(b, from: t, to: max(s, t))
      guard let left, let right else { return .overflow }
      return .value(left / right)
    }
  }

  /// Returns the remainder with the sign of the dividend; NULL where the divisor is 0.
  static func remainder(_ input: KernelInput) throws(ExecutionError) -> Column {
    guard case .decimal(let precision, let scale) = input.resultType,
      case .decimal(_, let s) = input.arguments[0].type,
      case .decimal(_, let t) = input.arguments[1].type
    else { preconditionFailure("the remainder of decimals is a decimal") }
    return try collect(input, .divide, precision: precision) { a, b in
      if b == 0 { return .null }
      let left = DecimalText.rescaled(a, from: s, to: scale)
      let right = DecimalText.rescaled(b, from: t, to: scale)
      guard let left, let right else { return .overflow }
      return .value(left % right)
    }
  }

  /// Divides `a * 10^shift` by `b`, half to even; nil on overflow.
  ///
  /// The shift is not negative.
  static func quotient(_ a: Int128, shiftedBy shift: Int, _ b: Int128) -> Int128? {
    guard shift <= 38 else { return nil }
    let factor = DecimalText.powers[shift].magnitude
    let divisor = b.magnitude
    let (high, low) = a.magnitude.multipliedFullWidth(by: factor)
    guard high < divisor else { return nil }
    var (quotient, remainder) =
      high == 0
      ? low.quotientAndRemainder(dividingBy: divisor)
      : divisor.dividingFullWidth((high, low))
    let half = divisor - remainder
    if remainder > half || (remainder == half && quotient & 1 == 1) { quotient &+= 1 }
    guard quotient <= UInt128(Int128.max) else { return nil }
    return (a < 0) != (b < 0) ? -Int128(quotient) : Int128(quotient)
  }

  // MARK: - Loops

  private enum Outcome {
    case value(Int128)
    case null
    case overflow
  }

  private static func factors(_ input: KernelInput) -> (Int128, Int128) {
    guard case .decimal(_, let scale) = input.resultType,
      case .decimal(_, let s) = input.arguments[0].type,
      case .decimal(_, let t) = input.arguments[1].type
    else { preconditionFailure("the sum of decimals is a decimal") }
    return (DecimalText.powers[scale - s], DecimalText.powers[scale - t])
  }

  private static func wide(
    _ input: KernelInput,
    _ operation: ArithmeticOperation,
    _ compute: (Int128, Int128) -> Int128?
  ) throws(ExecutionError) -> Column {
    guard case .decimal(let precision, _) = input.resultType else {
      preconditionFailure("arithmetic on decimals gives decimals")
    }
    return try collect(input, operation, precision: precision) { a, b in
      compute(a, b).map { .value($0) } ?? .overflow
    }
  }

  private static func collect(
    _ input: KernelInput,
    _ operation: ArithmeticOperation,
    precision: Int,
    _ compute: (Int128, Int128) -> Outcome
  ) throws(ExecutionError) -> Column {
    let left = input.wideArgument(0)
    let right = input.wideArgument(1)
    let limit = DecimalText.powers[precision]
    func value(_ row: Int) throws(ExecutionError) -> Int128? {
      switch compute(left[row], right[row]) {
      case .null: return nil
      case .value(let value) where value < limit && value > -limit: return value
      case .value, .overflow: throw input.overflow(operation, row)
      }
    }
    if input.resultType.physical == .int64 {
      return try input.build { (row) throws(ExecutionError) -> Int64? in
        try value(row).map { Int64($0) }
      }
    }
    return try input.build { (row) throws(ExecutionError) -> Int128? in try value(row) }
  }
}
