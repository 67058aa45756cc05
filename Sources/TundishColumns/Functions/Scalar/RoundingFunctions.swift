/// `abs`, `sign`, `round`, `trunc`, `ceil`, `floor`, `even`.
enum RoundingFunctions {
  static let all: [ScalarFunction] = [absolute, sign, round, truncate, ceiling, floor, even]

  // MARK: - Sign

  private static let absolute = ScalarFunction(
    "abs",
    aliases: ["@"],
    summary: "A number without its sign.",
    examples: [FunctionExample("abs(-5)", "5"), FunctionExample("abs(-1.50)", "1.50")],
    overloads: [
      ScalarOverload(
        [.numeric],
        result: { $0[0] },
        kernel: { (input) throws(ExecutionError) in
          let type = input.resultType
          switch type.physical {
          case .float64: return input.map { (value: Double) in value.magnitude }
          case .int128:
            return try input.tryMap { (value: Int128) throws(ExecutionError) -> Int128? in
              if value == .min { throw overflow("abs", "\(value)", type) }
              return value < 0 ? -value : value
            }
          case .boolean, .int64, .text, .interval, .list, .structure:
            let greatest = type.int64Range?.upperBound ?? .max
            return try input.tryMap { (value: Int64) throws(ExecutionError) -> Int64? in
              if value.magnitude > UInt64(greatest) { throw overflow("abs", "\(value)", type) }
              return value < 0 ? -value : value
            }
          }
        }
      )
    ]
  )

  private static let sign = ScalarFunction(
    "sign",
    summary: "-1, 0 or 1 as a number is negative, zero or positive.",
    examples: [FunctionExample("sign(-2.5)", "-1"), FunctionExample("sign(0)", "0")],
    overloads: [
      ScalarOverload(
        [.numeric],
        result: { _ in .tinyint },
        kernel: { (input) in
          switch input.arguments[0].type.physical {
          case .float64:
            return input.map { (value: Double) -> Int64 in value > 0 ? 1 : (value < 0 ? -1 : 0) }
          case .int128: return input.map { (value: Int128) in Int64(value.signum()) }
          case .boolean, .int64, .text, .interval, .list, .structure:
            return input.map { (value: Int64) in value.signum() }
          }
        }
      )
    ]
  )

  // MARK: - Digits

  private static let round = ScalarFunction(
    "round",
    summary:
      "A number rounded to an integer, or to some digits after the point; halves away from 0.",
    examples: [
      FunctionExample("round(2.5)", "3"),
      FunctionExample("round(2.567, 1)", "2.6"),
      FunctionExample("round(1250, -2)", "1300"),
    ],
    overloads: digits("round", isRounding: true)
  )

  private static let truncate = ScalarFunction(
    "trunc",
    summary: "A number without its fraction, or without the digits after some place.",
    examples: [
      FunctionExample("trunc(-2.7)", "-2"),
      FunctionExample("trunc(2.567, 1)", "2.5"),
    ],
    overloads: digits("trunc", isRounding: false)
  )

  private static func digits(_ name: String, isRounding: Bool) -> [ScalarOverload] {
    [
      unchanged,
      .fixed([.hugeint], .hugeint) { (input) in input.arguments[0] },
      ScalarOverload(
        [.decimal],
        result: wholeDecimal,
        kernel: { (input) throws(ExecutionError) in
          try decimals(input, name, isRounding: isRounding)
        }
      ),
      .double { isRounding ? Maths.roundedHalfAway($0) : Maths.truncated($0) },
      ScalarOverload(
        [.integer, .exact(.bigint)],
        result: { $0[0] },
        kernel: { (input) throws(ExecutionError) in
          try integers(input, name, isRounding: isRounding)
        }
      ),
      // After the narrower one, which must win where a BIGINT fits both.
      .fixed([.hugeint, .bigint], .hugeint) { (input) throws(ExecutionError) in
        try input.tryMapPairs {
          (value: Int128, digits: Int64) throws(ExecutionError) -> Int128? in
          if digits >= 0 { return value }
          guard digits >= -38 else { return 0 }
          let power = DecimalText.powers[Int(-digits)]
          let quotient =
            isRounding
            ? DecimalText.dividedHalfAwayFromZero(value, powerOfTen: Int(-digits)) : value / power
          let (result, overflow) = quotient.multipliedReportingOverflow(by: power)
          if overflow { throw Self.overflow(name, "\(value), \(digits)", .hugeint) }
          return result
        }
      },
      ScalarOverload(
        [.decimal, .exact(.bigint)],
        result: { $0[0] },
        resultOfConstants: { types, constants in
          guard case .decimal(let precision, let scale) = types[0], constants.count == 2,
            case .integer(let digits) = constants[1]
          else { return nil }
          let kept = Int(max(0, min(Int64(scale), digits)))
          return .decimal(precision: min(38, precision - scale + kept + 1), scale: kept)
        },
        kernel: { (input) throws(ExecutionError) in
          try decimals(input, name, isRounding: isRounding)
        }
      ),
      .fixed([.double, .bigint], .double) { (input) in
        input.mapPairs { (value: Double, digits: Int64) in
          isRounding ? rounded(value, digits) : truncated(value, digits)
        }
      },
    ]
  }

  /// An integer has no fraction.
  private static let unchanged = ScalarOverload(
    [.integer],
    result: { $0[0] },
    kernel: { (input) in input.arguments[0] }
  )

  /// A decimal without digits after the point, with one more before it for rounding up.
  private static let wholeDecimal: @Sendable ([DataType]) -> DataType? = { types in
    guard case .decimal(let precision, let scale) = types[0] else { return nil }
    return .decimal(precision: scale == 0 ? precision : max(1, precision - scale + 1), scale: 0)
  }

  private static func integers(
    _ input: KernelInput,
    _ name: String,
    isRounding: Bool
  ) throws(ExecutionError) -> Column {
    let type = input.resultType
    let range = type.int64Range ?? Int64.min...Int64.max
    return try input.tryMapPairs { (value: Int64, digits: Int64) throws(ExecutionError) -> Int64? in
      if digits >= 0 { return value }
      guard digits >= -18 else { return 0 }
      let power = DecimalText.powers[Int(-digits)]
      let quotient =
        isRounding
        ? DecimalText.dividedHalfAwayFromZero(Int128(value), powerOfTen: Int(-digits))
        : Int128(value) / power
      guard let result = Int64(exactly: quotient * power), range.contains(result) else {
        throw overflow(name, "\(value), \(digits)", type)
      }
      return result
    }
  }

  private static func decimals(
    _ input: KernelInput,
    _ name: String,
    isRounding: Bool
  ) throws(ExecutionError) -> Column {
    guard case .decimal(_, let scale) = input.arguments[0].type,
      case .decimal(let precision, let target) = input.resultType
    else { preconditionFailure("rounding a decimal gives a decimal") }
    if input.arguments.count == 1, scale > 0, input.arguments[0].type.physical == .int64 {
      // What a result of 64 bits drops of an argument of 64 bits is at most 18 digits.
      let power = Int64(DecimalText.powers[scale])
      let half = isRounding ? power / 2 : .max
      return input.map { (value: Int64) -> Int64 in
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: power)
        if remainder >= half { return quotient + 1 }
        return remainder <= 0 &- half ? quotient - 1 : quotient
      }
    }
    let values = input.wideArgument(0)
    let digits = input.arguments.count > 1 ? input.argument(1, of: Int64.self) : nil
    let compute = { (row: Int) throws(ExecutionError) -> Int128 in
      let kept = Int(max(-39, min(Int64(scale), digits?[row] ?? 0)))
      let dropped = scale - kept
      var result = values[row]
      if dropped > 0 {
        let quotient: Int128 =
          dropped > 38
          ? 0
          : (isRounding
            ? DecimalText.dividedHalfAwayFromZero(result, powerOfTen: dropped)
            : result / DecimalText.powers[dropped])
        result = quotient
      }
      // Back to the scale of the result type.
      guard let scaled = DecimalText.rescaled(result, from: kept, to: target),
        DecimalText.fits(scaled, precision: precision)
      else { throw overflow(name, input.shown(0, row), input.resultType) }
      return scaled
    }
    if input.resultType.physical == .int64 {
      return try input.build { (row) throws(ExecutionError) -> Int64? in Int64(try compute(row)) }
    }
    return try input.build { (row) throws(ExecutionError) -> Int128? in try compute(row) }
  }

  /// Rounds a double to digits after the point; a product or quotient that leaves the range of
  /// doubles leaves the value as it is, or 0.
  static func rounded(_ value: Double, _ digits: Int64) -> Double {
    guard digits >= 0 else {
      guard digits >= -308 else { return value.isFinite ? 0 : value }
      let power = power(of: -digits)
      return Maths.roundedHalfAway(value / power) * power
    }
    let power = power(of: min(digits, 308))
    let result = Maths.roundedHalfAway(value * power) / power
    return result.isFinite ? result : value
  }

  private static func power(of digits: Int64) -> Double {
    digits <= 22 ? DoubleText.exactPowers[Int(digits)] : Maths.power(10, Double(digits))
  }

  private static func truncated(_ value: Double, _ digits: Int64) -> Double {
    guard value.isFinite, digits < 18, digits > -310 else {
      return digits > -310 || !value.isFinite ? value : 0
    }
    let power = digits >= 0 ? power(of: digits) : 1 / power(of: -digits)
    let scaled = value * power
    guard scaled.magnitude < 1e15 else { return value }
    // A product that is a rounding error below an integer is that integer.
    let nearest = Maths.roundedHalfAway(scaled)
    let whole = (nearest / power) == value ? nearest : Maths.truncated(scaled)
    return whole / power
  }

  private static let ceiling = ScalarFunction(
    "ceil",
    aliases: ["ceiling"],
    summary: "The least integer that is not less than a number.",
    examples: [FunctionExample("ceil(1.2)", "2"), FunctionExample("ceil(-1.2)", "-1")],
    overloads: whole(
      { value, power in
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: power)
        return remainder > 0 ? quotient + 1 : quotient
      },
      { Maths.ceiled($0) }
    )
  )

  private static let floor = ScalarFunction(
    "floor",
    summary: "The greatest integer that is not greater than a number.",
    examples: [FunctionExample("floor(1.8)", "1"), FunctionExample("floor(-1.2)", "-2")],
    overloads: whole(
      { value, power in
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: power)
        return remainder < 0 ? quotient - 1 : quotient
      },
      { Maths.floored($0) }
    )
  )

  private static func whole(
    _ decimal: @escaping @Sendable (Int128, Int128) -> Int128,
    _ double: @escaping @Sendable (Double) -> Double
  ) -> [ScalarOverload] {
    [
      unchanged,
      .fixed([.hugeint], .hugeint) { (input) in input.arguments[0] },
      ScalarOverload([.decimal], result: wholeDecimal) { (input) throws(ExecutionError) in
        guard case .decimal(_, let scale) = input.arguments[0].type else {
          preconditionFailure("the argument is a decimal")
        }
        let values = input.wideArgument(0)
        let power = DecimalText.powers[scale]
        if input.resultType.physical == .int64 {
          return try input.build { (row) throws(ExecutionError) -> Int64? in
            Int64(decimal(values[row], power))
          }
        }
        return try input.build { (row) throws(ExecutionError) -> Int128? in
          decimal(values[row], power)
        }
      },
      .double(double),
    ]
  }

  private static let even = ScalarFunction(
    "even",
    summary: "A number rounded away from 0 to an even integer.",
    examples: [FunctionExample("even(2.3)", "4.0"), FunctionExample("even(-3)", "-4.0")],
    overloads: [
      .double { value in
        let half = Maths.ceiled(value.magnitude / 2) * 2
        return value < 0 ? -half : half
      }
    ]
  )

  private static func overflow(
    _ name: String,
    _ arguments: String,
    _ type: DataType
  )
    -> ExecutionError
  {
    ExecutionError(.overflow, "the result of \(name)(\(arguments)) does not fit \(type)")
  }
}
