/// Intervals and tests for rates of counts: `k` of `n`.
///
/// All give NULL where `n` is not positive or `k` is no part of it.
enum StatisticsFunctions {
  static let all: [ScalarFunction] = [
    wilsonLow, wilsonHigh, newcombeLow, newcombeHigh, proportionZ, proportionP,
  ]

  private static let wilsonLow = ScalarFunction(
    "wilson_low",
    summary: "Returns the lower bound of the rate k of n by Wilson's interval; 95 % unless a"
      + " confidence is given.",
    examples: [
      FunctionExample("round(wilson_low(20, 100), 4)", "0.1334"),
      FunctionExample("wilson_low(0, 5)", "0.0"),
    ],
    overloads: wilson { $0.low }
  )

  private static let wilsonHigh = ScalarFunction(
    "wilson_high",
    summary: "Returns the upper bound of the rate k of n by Wilson's interval; 95 % unless a"
      + " confidence is given.",
    examples: [
      FunctionExample("round(wilson_high(20, 100), 4)", "0.2888"),
      FunctionExample("wilson_high(1, 0)", "NULL"),
    ],
    overloads: wilson { $0.high }
  )

  private static func wilson(
    _ bound: @escaping @Sendable ((low: Double, high: Double)) -> Double
  ) -> [ScalarOverload] {
    [2, 3].map { count in
      .exact(Array(repeating: .double, count: count), to: .double) {
        (input) throws(ExecutionError) -> Column in
        let successes = input.argument(0, of: Double.self)
        let trials = input.argument(1, of: Double.self)
        var levels: Argument<Double>?
        if count > 2 { levels = input.argument(2) }
        return try input.build { (row) throws(ExecutionError) -> Double? in
          let z = try z(levels?[row])
          guard let rate = Statistics.Proportion(successes[row], of: trials[row]) else {
            return nil
          }
          return bound(Statistics.wilson(rate, z: z))
        }
      }
    }
  }

  private static func z(_ confidence: Double?) throws(ExecutionError) -> Double {
    guard let confidence else { return Statistics.z(confidence: 0.95) }
    guard confidence > 0, confidence < 1 else {
      throw ExecutionError(
        .invalidArgument,
        "a confidence lies between 0 and 1, such as 0.95, not at \(confidence)"
      )
    }
    return Statistics.z(confidence: confidence)
  }

  private static let newcombeLow = ScalarFunction(
    "newcombe_low",
    summary: "Returns the lower bound of the difference of two rates by Newcombe's interval; 95 %"
      + " unless a confidence is given.",
    examples: [
      FunctionExample("round(newcombe_low(35, 150, 20, 100), 3)", "-0.074"),
      FunctionExample("newcombe_low(1, 2, 1, 0)", "NULL"),
    ],
    overloads: newcombe { $0.low }
  )

  private static let newcombeHigh = ScalarFunction(
    "newcombe_high",
    summary: "Returns the upper bound of the difference of two rates by Newcombe's interval; 95 %"
      + " unless a confidence is given.",
    examples: [
      FunctionExample("round(newcombe_high(35, 150, 20, 100), 3)", "0.133"),
      FunctionExample("newcombe_high(3, 2, 1, 2)", "NULL"),
    ],
    overloads: newcombe { $0.high }
  )

  private static func newcombe(
    _ bound: @escaping @Sendable ((low: Double, high: Double)) -> Double
  ) -> [ScalarOverload] {
    [4, 5].map { count in
      twoRates(parameterCount: count) { first, second, z in
        bound(Statistics.newcombe(first, second, z: z))
      }
    }
  }

  private static let proportionZ = ScalarFunction(
    "two_proportion_z",
    summary:
      "Returns the z of the difference of two rates, pooled; NULL where all or none succeed.",
    examples: [
      FunctionExample("round(two_proportion_z(12, 20, 8, 20), 2)", "1.26"),
      FunctionExample("two_proportion_z(0, 5, 0, 5)", "NULL"),
    ],
    overloads: [
      twoRates(parameterCount: 4) { first, second, _ in Statistics.pooledZ(first, second) }
    ]
  )

  private static let proportionP = ScalarFunction(
    "two_proportion_p",
    summary: "Returns the two-sided p-value of the difference of two rates by the pooled z test.",
    examples: [
      FunctionExample("round(two_proportion_p(12, 20, 8, 20), 2)", "0.21"),
      FunctionExample("round(two_proportion_p(9, 10, 2, 10), 4)", "0.0017"),
    ],
    overloads: [
      twoRates(parameterCount: 4) { first, second, _ in
        Statistics.pooledZ(first, second).map { Statistics.twoSidedProbability(z: $0) }
      }
    ]
  )

  private static func twoRates(
    parameterCount: Int,
    _ body:
      @escaping @Sendable (Statistics.Proportion, Statistics.Proportion, Double) -> Double?
  ) -> ScalarOverload {
    .exact(Array(repeating: .double, count: parameterCount), to: .double) {
      (input) throws(ExecutionError) -> Column in
      let numbers = input.arguments.indices.map { input.argument($0, of: Double.self) }
      return try input.build { (row) throws(ExecutionError) -> Double? in
        let z = try z(parameterCount > 4 ? numbers[4][row] : nil)
        guard let first = Statistics.Proportion(numbers[0][row], of: numbers[1][row]),
          let second = Statistics.Proportion(numbers[2][row], of: numbers[3][row])
        else { return nil }
        return body(first, second, z)
      }
    }
  }
}
