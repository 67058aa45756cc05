/// `+`, `-`, `*`, `/`, `//`, `%` and `^`.
enum ArithmeticFunctions {
  static let all: [ScalarFunction] = [
    add, subtract, multiply, divide, integerDivide, modulo, power,
  ]

  /// The result type of integers: the wider one; nil for other numbers.
  private static let integerResult: @Sendable ([DataType]) -> DataType? = { types in
    types[0].isInteger ? types[0] : nil
  }

  private static func integers(_ kernel: @escaping ScalarKernel) -> ScalarOverload {
    ScalarOverload(
      [.commonNumeric, .commonNumeric],
      result: integerResult,
      kernel: kernel
    )
  }

  private static func decimals(
    _ result: @escaping @Sendable ([DataType]) -> DataType?,
    _ kernel: @escaping ScalarKernel
  ) -> ScalarOverload {
    ScalarOverload([.decimal, .decimal], result: result, kernel: kernel)
  }

  private static func doubles(_ operation: ArithmeticOperation) -> ScalarOverload {
    .fixed([.double, .double], .double) { (input) throws(ExecutionError) in
      try DoubleArithmetic.combine(input, operation)
    }
  }

  private static let add = ScalarFunction(
    "+",
    aliases: ["add"],
    summary: "The sum of two numbers, or a date, time or interval moved by an interval.",
    examples: [
      FunctionExample("1 + 2", "3"),
      FunctionExample("1.5 + 2.25", "3.75"),
      FunctionExample("DATE '2026-01-31' + 1", "2026-02-01"),
      FunctionExample("DATE '2026-01-31' + INTERVAL '1 month'", "2026-02-28 00:00:00"),
    ],
    overloads: [
      integers { (input) throws(ExecutionError) in try IntegerArithmetic.combine(input, .add) },
      decimals(DecimalArithmetic.sumType) { (input) throws(ExecutionError) in
        try DecimalArithmetic.addOrSubtract(input, .add)
      },
      doubles(.add),
      ScalarOverload([.numeric], result: { $0[0] }) { (input) in input.arguments[0] },
      ScalarOverload(
        [.common, .common],
        propagatesNull: false,
        result: { if case .list = $0[0] { $0[0] } else { nil } },
        kernel: TextJoinFunctions.joinLists
      ),
    ] + TemporalOverloads.sums
  )

  private static let subtract = ScalarFunction(
    "-",
    aliases: ["subtract"],
    summary: "The difference of two numbers, dates or times, or one number negated.",
    examples: [
      FunctionExample("5 - 7", "-2"),
      FunctionExample("DATE '2026-03-01' - DATE '2026-02-01'", "28"),
      FunctionExample("TIMESTAMP '2026-01-02 12:00:00' - TIMESTAMP '2026-01-01'", "1 day 12:00:00"),
      FunctionExample("-(2.5)", "-2.5"),
    ],
    overloads: [
      integers { (input) throws(ExecutionError) in try IntegerArithmetic.combine(input, .subtract)
      },
      decimals(DecimalArithmetic.sumType) { (input) throws(ExecutionError) in
        try DecimalArithmetic.addOrSubtract(input, .subtract)
      },
      doubles(.subtract),
      ScalarOverload(
        [.numeric],
        result: { $0[0] },
        kernel: { (input) throws(ExecutionError) in
          if input.resultType == .double { return input.map { (value: Double) in -value } }
          return try IntegerArithmetic.negate(input)
        }
      ),
    ] + TemporalOverloads.differences
  )

  private static let multiply = ScalarFunction(
    "*",
    aliases: ["multiply"],
    summary: "The product of two numbers, or an interval so many times as long.",
    examples: [
      FunctionExample("6 * 7", "42"),
      FunctionExample("1.5 * 1.25", "1.875"),
      FunctionExample("INTERVAL '1 month' * 2.5", "2 months 15 days"),
    ],
    overloads: [
      integers { (input) throws(ExecutionError) in try IntegerArithmetic.combine(input, .multiply)
      },
      decimals(DecimalArithmetic.productType) { (input) throws(ExecutionError) in
        try DecimalArithmetic.multiply(input)
      },
      doubles(.multiply),
    ] + TemporalOverloads.products
  )

  private static let divide = ScalarFunction(
    "/",
    aliases: ["decimal_division"],
    summary: "The quotient: a DOUBLE for integers, exact to six digits or more for decimals.",
    examples: [
      FunctionExample("7 / 2", "3.5"),
      FunctionExample("1.00 / 3", "0.333333"),
      FunctionExample("1 / 0", "NULL"),
      FunctionExample("INTERVAL '3 days' / 2", "1 day 12:00:00"),
    ],
    overloads: [
      ScalarOverload(
        [.integer, .integer],
        result: { _ in .double },
        kernel: { (input) throws(ExecutionError) in try DoubleArithmetic.divideIntegers(input) }
      ),
      .fixed([.hugeint, .hugeint], .double) { (input) throws(ExecutionError) in
        try input.tryMapPairs { (a: Int128, b: Int128) throws(ExecutionError) -> Double? in
          b == 0 ? nil : Double(a) / Double(b)
        }
      },
      decimals(DecimalArithmetic.quotientType) { (input) throws(ExecutionError) in
        try DecimalArithmetic.divide(input)
      },
      doubles(.divide),
    ] + TemporalOverloads.quotients
  )

  private static let integerDivide = ScalarFunction(
    "//",
    aliases: ["divide", "div"],
    summary: "The quotient without its fraction; NULL where the divisor is 0.",
    examples: [
      FunctionExample("7 // 2", "3"),
      FunctionExample("-7 // 2", "-3"),
      FunctionExample("7.5 // 2", "3"),
      FunctionExample("1 // 0", "NULL"),
    ],
    overloads: [
      integers { (input) throws(ExecutionError) in try IntegerArithmetic.divide(input) },
      decimals(DecimalArithmetic.wholeQuotientType) { (input) throws(ExecutionError) in
        try DecimalArithmetic.divideWhole(input)
      },
      .fixed([.double, .double], .double) { (input) throws(ExecutionError) in
        try input.tryMapPairs { (a: Double, b: Double) throws(ExecutionError) -> Double? in
          b == 0 ? nil : Maths.truncated(a / b)
        }
      },
    ]
  )

  private static let modulo = ScalarFunction(
    "%",
    aliases: ["mod"],
    summary: "The remainder, with the sign of the dividend; NULL where the divisor is 0.",
    examples: [
      FunctionExample("7 % 3", "1"),
      FunctionExample("-7 % 3", "-1"),
      FunctionExample("mod(5.5, 2)", "1.5"),
      FunctionExample("1 % 0", "NULL"),
    ],
    overloads: [
      integers { (input) throws(ExecutionError) in try IntegerArithmetic.remainder(input) },
      decimals(DecimalArithmetic.remainderType) { (input) throws(ExecutionError) in
        try DecimalArithmetic.remainder(input)
      },
      .fixed([.double, .double], .double) { (input) throws(ExecutionError) in
        try input.tryMapPairs { (a: Double, b: Double) throws(ExecutionError) -> Double? in
          b == 0 || !a.isFinite ? nil : Maths.remainder(a, b)
        }
      },
    ]
  )

  private static let power = ScalarFunction(
    "^",
    aliases: ["**", "pow", "power"],
    summary: "A number to the power of another.",
    examples: [
      FunctionExample("2 ^ 10", "1024.0"),
      FunctionExample("power(9, 0.5)", "3.0"),
    ],
    overloads: [doubles(.power)]
  )
}
