/// Roots, logarithms, trigonometry and the other functions from doubles to doubles.
///
/// Where a function is not defined it fails rather than giving NaN or infinity; NaN and infinity as
/// arguments give what the function tends to, or NaN.
enum MathFunctions {
  static let all: [ScalarFunction] = roots + logarithms + trigonometry + hyperbolics + others

  /// An overload that fails where a finite argument has no finite result.
  private static func checked(
    _ name: String,
    _ body: @escaping @Sendable (Double) -> Double
  ) -> [ScalarOverload] {
    [
      .fixed([.double], .double) { (input) throws(ExecutionError) in
        // Zero times a number is zero, but times infinity or NaN it is NaN.
        var zero = 0.0
        let column = input.map { (value: Double) -> Double in
          let result = body(value)
          zero += result * 0
          return result
        }
        guard zero.isNaN else { return column }
        let values = input.argument(0, of: Double.self)
        for row in 0..<input.rowCount where input.validity?[row] ?? true {
          let result = body(values[row])
          if values[row].isFinite, !result.isFinite {
            throw undefined(name, values[row], isOverflow: result.isInfinite)
          }
        }
        return column
      }
    ]
  }

  private static func undefined(
    _ name: String,
    _ value: Double,
    isOverflow: Bool
  )
    -> ExecutionError
  {
    if name.hasPrefix("l"), value <= 0 {
      return ExecutionError(.invalidArgument, "there is no logarithm of \(value)")
    }
    if isOverflow { return ExecutionError(.overflow, "\(name)(\(value)) is too large") }
    return ExecutionError(.invalidArgument, "\(name)(\(value)) is not defined")
  }

  private static func function(
    _ name: String,
    aliases: [String] = [],
    _ summary: String,
    _ examples: [(String, String)],
    _ body: @escaping @Sendable (Double) -> Double
  ) -> ScalarFunction {
    ScalarFunction(
      name,
      aliases: aliases,
      summary: summary,
      examples: examples.map { FunctionExample($0.0, $0.1) },
      overloads: checked(name, body)
    )
  }

  // MARK: - Roots and logarithms

  private static let roots: [ScalarFunction] = [
    function("sqrt", "The square root.", [("sqrt(9)", "3.0"), ("sqrt(2.25)", "1.5")]) {
      Maths.squareRoot($0)
    },
    function("cbrt", "The cube root.", [("cbrt(27)", "3.0"), ("cbrt(-8)", "-2.0")]) {
      Maths.cubeRoot($0)
    },
    function(
      "exp",
      "The number e to a power.",
      [("exp(0)", "1.0"), ("exp(1)", "2.718281828459045")]
    ) {
      Maths.exponential($0)
    },
  ]

  private static let logarithms: [ScalarFunction] = [
    function("ln", "The natural logarithm.", [("ln(1)", "0.0"), ("ln(2)", "0.6931471805599453")]) {
      Maths.naturalLogarithm($0)
    },
    function("log2", "The logarithm to base 2.", [("log2(8)", "3.0"), ("log2(0.5)", "-1.0")]) {
      Maths.binaryLogarithm($0)
    },
    function("log10", "The logarithm to base 10.", [("log10(1000)", "3.0"), ("log10(1)", "0.0")]) {
      Maths.decimalLogarithm($0)
    },
    ScalarFunction(
      "log",
      summary: "The logarithm to base 10, or of the second number to the base of the first.",
      examples: [FunctionExample("log(100)", "2.0"), FunctionExample("log(2, 64)", "6.0")],
      overloads: checked("log") { Maths.decimalLogarithm($0) } + [
        .fixed([.double, .double], .double) { (input) throws(ExecutionError) in
          try input.tryMapPairs { (base: Double, value: Double) throws(ExecutionError) -> Double? in
            guard base > 0, base != 1, value > 0 else {
              throw ExecutionError(
                .invalidArgument,
                "there is no logarithm of \(value) to base \(base)"
              )
            }
            if base == 2 { return Maths.binaryLogarithm(value) }
            if base == 10 { return Maths.decimalLogarithm(value) }
            return Maths.naturalLogarithm(value) / Maths.naturalLogarithm(base)
          }
        }
      ]
    ),
  ]

  // MARK: - Trigonometry

  private static let trigonometry: [ScalarFunction] = [
    function(
      "sin",
      "The sine of an angle in radians.",
      [("sin(0)", "0.0"), ("sin(pi() / 2)", "1.0")]
    ) {
      Maths.sine($0)
    },
    function(
      "cos",
      "The cosine of an angle in radians.",
      [("cos(0)", "1.0"), ("cos(pi())", "-1.0")]
    ) {
      Maths.cosine($0)
    },
    function(
      "tan",
      "The tangent of an angle in radians.",
      [("tan(0)", "0.0"), ("round(tan(pi() / 4), 9)", "1.0")]
    ) {
      Maths.tangent($0)
    },
    function(
      "cot",
      "The cotangent of an angle in radians.",
      [("round(cot(pi() / 4), 9)", "1.0"), ("round(cot(1), 4)", "0.6421")]
    ) {
      1 / Maths.tangent($0)
    },
    function(
      "asin",
      "The angle in radians whose sine is a number.",
      [("asin(0)", "0.0"), ("asin(1)", "1.5707963267948966")]
    ) {
      Maths.arcSine($0)
    },
    function(
      "acos",
      "The angle in radians whose cosine is a number.",
      [("acos(1)", "0.0"), ("acos(-1)", "3.141592653589793")]
    ) {
      Maths.arcCosine($0)
    },
    function(
      "atan",
      "The angle in radians whose tangent is a number.",
      [("atan(0)", "0.0"), ("atan(1)", "0.7853981633974483")]
    ) {
      Maths.arcTangent($0)
    },
    ScalarFunction(
      "atan2",
      summary: "The angle in radians of the point with a y and an x.",
      examples: [
        FunctionExample("atan2(0, 1)", "0.0"), FunctionExample("atan2(1, 1)", "0.7853981633974483"),
      ],
      overloads: [
        .fixed([.double, .double], .double) { (input) in
          input.mapPairs { (y: Double, x: Double) in Maths.arcTangent(y, over: x) }
        }
      ]
    ),
    function(
      "degrees",
      "An angle in radians, in degrees.",
      [("degrees(pi())", "180.0"), ("degrees(0)", "0.0")]
    ) {
      $0 * (180 / Double.pi)
    },
    function(
      "radians",
      "An angle in degrees, in radians.",
      [("radians(180)", "3.141592653589793"), ("radians(0)", "0.0")]
    ) {
      $0 * (Double.pi / 180)
    },
  ]

  private static let hyperbolics: [ScalarFunction] = [
    function("sinh", "The hyperbolic sine.", [("sinh(0)", "0.0"), ("round(sinh(1), 4)", "1.1752")])
    {
      Maths.hyperbolicSine($0)
    },
    function(
      "cosh",
      "The hyperbolic cosine.",
      [("cosh(0)", "1.0"), ("round(cosh(1), 4)", "1.5431")]
    ) {
      Maths.hyperbolicCosine($0)
    },
    function(
      "tanh",
      "The hyperbolic tangent.",
      [("tanh(0)", "0.0"), ("round(tanh(1), 4)", "0.7616")]
    ) {
      Maths.hyperbolicTangent($0)
    },
    function(
      "asinh",
      "The inverse of the hyperbolic sine.",
      [("asinh(0)", "0.0"), ("round(asinh(1), 4)", "0.8814")]
    ) {
      Maths.inverseHyperbolicSine($0)
    },
    function(
      "acosh",
      "The inverse of the hyperbolic cosine.",
      [("acosh(1)", "0.0"), ("round(acosh(2), 4)", "1.317")]
    ) {
      Maths.inverseHyperbolicCosine($0)
    },
    function(
      "atanh",
      "The inverse of the hyperbolic tangent.",
      [("atanh(0)", "0.0"), ("round(atanh(0.5), 4)", "0.5493")]
    ) {
      Maths.inverseHyperbolicTangent($0)
    },
  ]

  // MARK: - Others

  private static let others: [ScalarFunction] = [
    ScalarFunction(
      "pi",
      summary: "The ratio of a circle's circumference to its diameter.",
      examples: [
        FunctionExample("pi()", "3.141592653589793"), FunctionExample("round(pi(), 2)", "3.14"),
      ],
      overloads: [
        .fixed([], .double) { (input) in
          .constant(.double(.pi), type: .double, count: input.rowCount)
        }
      ]
    ),
    function("gamma", "The gamma function.", [("gamma(5)", "24.0"), ("gamma(1)", "1.0")]) {
      Maths.gamma($0)
    },
    function(
      "lgamma",
      "The logarithm of the gamma function.",
      [("lgamma(1)", "0.0"), ("round(lgamma(5), 4)", "3.1781")]
    ) {
      Maths.logarithmOfGamma($0)
    },
    ScalarFunction(
      "nextafter",
      summary: "The next double after a number in the direction of another.",
      examples: [
        FunctionExample("nextafter(1, 2)", "1.0000000000000002"),
        FunctionExample("nextafter(1, 1)", "1.0"),
      ],
      overloads: [
        .fixed([.double, .double], .double) { (input) in
          input.mapPairs { (value: Double, target: Double) in Maths.next(value, towards: target) }
        }
      ]
    ),
    test(
      "isnan",
      "Whether a number is NaN.",
      [("isnan('nan'::DOUBLE)", "true"), ("isnan(1)", "false")]
    ) {
      $0.isNaN
    },
    test(
      "isinf",
      "Whether a number or a date is infinite.",
      [("isinf('inf'::DOUBLE)", "true"), ("isinf(DATE '-infinity')", "true")],
      ofTimes: false
    ) {
      $0.isInfinite
    },
    test(
      "isfinite",
      "Whether a number or a date is neither infinite nor NaN.",
      [("isfinite(1)", "true"), ("isfinite('nan'::DOUBLE)", "false")],
      ofTimes: true
    ) {
      $0.isFinite
    },
    test(
      "signbit",
      "Whether a number has a minus sign.",
      [("signbit(-1)", "true"), ("signbit(0)", "false")]
    ) {
      $0.sign == .minus
    },
  ]

  private static func test(
    _ name: String,
    _ summary: String,
    _ examples: [(String, String)],
    ofTimes: Bool? = nil,
    _ body: @escaping @Sendable (Double) -> Bool
  ) -> ScalarFunction {
    var overloads: [ScalarOverload] = [
      .fixed([.double], .boolean) { (input) in input.map(body) }
    ]
    if let ofTimes {
      overloads += [DataType.date, .timestamp, .timestampTZ].map { type in
        .fixed([type], .boolean) { (input) in
          let valid = type == .date ? Calendar.validDays : Calendar.validMicroseconds
          return input.map { (value: Int64) in valid.contains(value) == ofTimes }
        }
      }
    }
    return ScalarFunction(
      name,
      summary: summary,
      examples: examples.map { FunctionExample($0.0, $0.1) },
      overloads: overloads
    )
  }
}
