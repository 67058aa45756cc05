/// `round_even`, `fdiv`, `fmod`, `binom`, `constant_or_null` and bins of equal width.
enum NumberFunctions {
  static let all: [ScalarFunction] = [
    roundEven, floorDivide, floorModulo, binomial, constantOrNull,
  ]

  // MARK: - Rounding

  private static let roundEven = ScalarFunction(
    "round_even",
    aliases: ["roundbankers"],
    summary: "A number rounded to some digits after the point; halves to the even digit.",
    examples: [
      FunctionExample("round_even(2.5, 0)", "2"),
      FunctionExample("round_even(0.125::DOUBLE, 2)", "0.12"),
      FunctionExample("round_even(25, -1)", "20"),
    ],
    overloads: [
      ScalarOverload(
        [.integer, .exact(.bigint)],
        result: { $0[0] },
        kernel: { (input) throws(ExecutionError) -> Column in
          let range = input.resultType.int64Range ?? Int64.min...Int64.max
          return try input.tryMapPairs {
            (value: Int64, digits: Int64) throws(ExecutionError) -> Int64? in
            if digits >= 0 { return value }
            guard digits >= -19 else { return 0 }
            let power = DecimalText.powers[Int(-digits)]
            let rounded = dividedHalfEven(Int128(value), by: power) * power
            guard let result = Int64(exactly: rounded), range.contains(result) else {
              throw tooLarge("\(value)", input.resultType)
            }
            return result
          }
        }
      ),
      .fixed([.hugeint, .bigint], .hugeint) { (input) throws(ExecutionError) in
        try input.tryMapPairs {
          (value: Int128, digits: Int64) throws(ExecutionError) -> Int128? in
          if digits >= 0 { return value }
          guard digits >= -38 else { return 0 }
          let power = DecimalText.powers[Int(-digits)]
          let (result, overflow) = dividedHalfEven(value, by: power)
            .multipliedReportingOverflow(by: power)
          if overflow { throw tooLarge("\(value)", .hugeint) }
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
        kernel: decimals
      ),
      .fixed([.double, .bigint], .double) { (input) in
        input.mapPairs { (value: Double, digits: Int64) in rounded(value, digits) }
      },
    ]
  )

  @Sendable private static func decimals(_ input: KernelInput) throws(ExecutionError) -> Column {
    guard case .decimal(_, let scale) = input.arguments[0].type,
      case .decimal(let precision, let target) = input.resultType
    else { preconditionFailure("rounding a decimal gives a decimal") }
    let values = input.wideArgument(0)
    let digits = input.argument(1, of: Int64.self)
    let compute = { (row: Int) throws(ExecutionError) -> Int128 in
      let kept = Int(max(-39, min(Int64(scale), digits[row])))
      let dropped = scale - kept
      let quotient =
        dropped > 38 ? 0 : dividedHalfEven(values[row], by: DecimalText.powers[dropped])
      guard let scaled = DecimalText.rescaled(quotient, from: kept, to: target),
        DecimalText.fits(scaled, precision: precision)
      else { throw tooLarge(input.shown(0, row), input.resultType) }
      return scaled
    }
    if input.resultType.physical == .int64 {
      return try input.build { (row) throws(ExecutionError) -> Int64? in Int64(try compute(row)) }
    }
    return try input.build { (row) throws(ExecutionError) -> Int128? in try compute(row) }
  }

  private static func tooLarge(_ value: String, _ type: DataType) -> ExecutionError {
    ExecutionError(.overflow, "round_even(\(value)) does not fit \(type)")
  }

  private static func dividedHalfEven(_ value: Int128, by divisor: Int128) -> Int128 {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    let twice = remainder.magnitude * 2
    guard twice > divisor.magnitude || twice == divisor.magnitude && quotient % 2 != 0 else {
      return quotient
    }
    return quotient + (value < 0 ? -1 : 1)
  }

  private static func rounded(_ value: Double, _ digits: Int64) -> Double {
    guard value.isFinite, abs(digits) <= 308 else { return digits > 0 ? value : 0 }
    let power = Maths.power(10, Double(abs(digits)))
    let result =
      digits < 0
      ? Maths.roundedHalfEven(value / power) * power
      : Maths.roundedHalfEven(value * power) / power
    return result.isFinite ? result : value
  }

  // MARK: - Division towards the smaller number

  private static let floorDivide = ScalarFunction(
    "fdiv",
    summary: "The greatest whole number, as a DOUBLE, that is not above the quotient; NULL where"
      + " the divisor is 0.",
    examples: [FunctionExample("fdiv(7, 2)", "3.0"), FunctionExample("fdiv(-7, 2)", "-4.0")],
    overloads: [
      .fixed([.double, .double], .double) { (input) throws(ExecutionError) in
        try input.tryMapPairs { (a: Double, b: Double) throws(ExecutionError) -> Double? in
          b == 0 ? nil : Maths.floored(a / b)
        }
      }
    ]
  )

  private static let floorModulo = ScalarFunction(
    "fmod",
    summary: "What remains after fdiv, with the sign of the divisor; NULL where the divisor is 0.",
    examples: [FunctionExample("fmod(-7, 2)", "1.0"), FunctionExample("fmod(7.5, 2)", "1.5")],
    overloads: [
      .fixed([.double, .double], .double) { (input) throws(ExecutionError) in
        try input.tryMapPairs { (a: Double, b: Double) throws(ExecutionError) -> Double? in
          guard b != 0, a.isFinite else { return nil }
          let rest = Maths.remainder(a, b)
          return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
        }
      }
    ]
  )

  // MARK: - Combinations

  private static let binomial = ScalarFunction(
    "binom",
    summary: "The number of ways to choose some of so many things.",
    examples: [FunctionExample("binom(5, 2)", "10"), FunctionExample("binom(5, 6)", "0")],
    overloads: [
      .fixed([.bigint, .bigint], .hugeint) { (input) throws(ExecutionError) in
        try input.tryMapPairs { (all: Int64, chosen: Int64) throws(ExecutionError) -> Int128? in
          guard all >= 0, chosen >= 0 else {
            throw ExecutionError(.invalidArgument, "binom takes numbers that are not negative")
          }
          guard let count = ways(all, chosen) else {
            throw ExecutionError(.overflow, "binom(\(all), \(chosen)) does not fit HUGEINT")
          }
          return count
        }
      }
    ]
  )

  /// Counts by multiplying and dividing in turn, which stays whole; nil where it does not fit.
  private static func ways(_ all: Int64, _ chosen: Int64) -> Int128? {
    guard chosen <= all else { return 0 }
    let steps = min(chosen, all - chosen)
    // C(n, k) >= 2^k, so that no more than 127 steps fit.
    guard steps <= 128 else { return nil }
    var count: Int128 = 1
    for step in 0..<steps {
      // The common divisor is taken out first, so that only true overflow is found.
      var factor = Int128(all - step)
      var divisor = Int128(step + 1)
      let common = greatestDivisor(factor, divisor)
      factor /= common
      divisor /= common
      count /= divisor
      let (product, overflow) = count.multipliedReportingOverflow(by: factor)
      if overflow { return nil }
      count = product
    }
    return count
  }

  private static func greatestDivisor(_ a: Int128, _ b: Int128) -> Int128 {
    var (x, y) = (a, b)
    while y != 0 { (x, y) = (y, x % y) }
    return x
  }

  // MARK: - NULL

  private static let constantOrNull = ScalarFunction(
    "constant_or_null",
    summary: "The first argument where no other one is NULL, else NULL.",
    examples: [
      FunctionExample("constant_or_null('paid', 1, 2)", "paid"),
      FunctionExample("constant_or_null('paid', NULL)", "NULL"),
    ],
    overloads: [
      ScalarOverload([.any, .any], variadic: .any, result: { $0[0] }) { (input) in
        input.arguments[0]
      }
    ]
  )
}
