/// Variances, standard deviations and other moments.
///
/// Sums of values and squares are kept in pairs of doubles, so that neither cancellation nor the
/// order of rows shows in the result.
enum MomentAggregates {
  static let all: [AggregateFunction] = [
    varianceOfSample, varianceOfPopulation, deviationOfSample, deviationOfPopulation, skewness,
    kurtosis, kurtosisOfPopulation, geometricMean, standardError,
  ]

  private static let varianceOfSample = AggregateFunction(
    "var_samp",
    aliases: ["variance"],
    summary: "Returns the sample variance; NULL for fewer than two values.",
    examples: [
      FunctionExample("SELECT var_samp(x) FROM (VALUES (1), (2), (3)) t(x)", "1.0"),
      FunctionExample("SELECT var_samp(x) FROM (VALUES (1)) t(x)", "NULL"),
    ],
    overloads: [
      moments { (sums) throws(ExecutionError) -> Double? in try sums.variance(isSample: true) }
    ]
  )

  private static let varianceOfPopulation = AggregateFunction(
    "var_pop",
    summary: "Returns the population variance; NULL where there are no values.",
    examples: [
      FunctionExample("SELECT var_pop(x) FROM (VALUES (1), (3)) t(x)", "1.0"),
      FunctionExample("SELECT var_pop(x) FROM (VALUES (1)) t(x)", "0.0"),
    ],
    overloads: [
      moments { (sums) throws(ExecutionError) -> Double? in try sums.variance(isSample: false) }
    ]
  )

  private static let deviationOfSample = AggregateFunction(
    "stddev_samp",
    aliases: ["stddev"],
    summary: "Returns the sample standard deviation; NULL for fewer than two values.",
    examples: [
      FunctionExample("SELECT stddev_samp(x) FROM (VALUES (1), (2), (3)) t(x)", "1.0"),
      FunctionExample("SELECT stddev_samp(x) FROM (VALUES (1)) t(x)", "NULL"),
    ],
    overloads: [
      moments { (sums) throws(ExecutionError) -> Double? in
        try sums.variance(isSample: true)?.squareRoot()
      }
    ]
  )

  private static let deviationOfPopulation = AggregateFunction(
    "stddev_pop",
    summary: "Returns the population standard deviation; NULL where there are no values.",
    examples: [
      FunctionExample("SELECT stddev_pop(x) FROM (VALUES (1), (3)) t(x)", "1.0"),
      FunctionExample("SELECT stddev_pop(x) FROM (VALUES (1)) t(x)", "0.0"),
    ],
    overloads: [
      moments { (sums) throws(ExecutionError) -> Double? in
        try sums.variance(isSample: false)?.squareRoot()
      }
    ]
  )

  private static let standardError = AggregateFunction(
    "sem",
    summary: "Returns the standard error of the mean: the population standard deviation over the"
      + " root of the number of values.",
    examples: [
      FunctionExample("SELECT sem(x) FROM (VALUES (1), (3), (1), (3)) t(x)", "0.5"),
      FunctionExample("SELECT sem(x) FROM (VALUES (1)) t(x)", "0.0"),
    ],
    overloads: [
      moments { (sums) throws(ExecutionError) -> Double? in
        try sums.variance(isSample: false).map { ($0 / sums.valueCount).squareRoot() }
      }
    ]
  )

  private static func moments(
    _ result: @escaping @Sendable (MomentSums) throws(ExecutionError) -> Double?
  ) -> AggregateOverload {
    .accumulating(
      [.exact(.double)],
      with: MomentSums.self,
      type: { _ in .double },
      result: { (cell, _) throws(ExecutionError) -> Double? in try result(cell) }
    )
  }

  private static let skewness = AggregateFunction(
    "skewness",
    summary: "Returns the sample skewness; NULL for fewer than three values or equal ones.",
    examples: [
      FunctionExample("SELECT skewness(x) FROM (VALUES (1), (2), (3)) t(x)", "0.0"),
      FunctionExample("SELECT skewness(x) FROM (VALUES (1), (2)) t(x)", "NULL"),
    ],
    overloads: [
      centralMoments { moments in
        guard moments.count > 2, moments.second > 0 else { return nil }
        let count = moments.count
        let ratio = moments.third / Maths.power(moments.second, 1.5)
        return ratio * (count * (count - 1)).squareRoot() / (count - 2)
      }
    ]
  )

  private static let kurtosis = AggregateFunction(
    "kurtosis",
    summary: "Returns the sample excess kurtosis; NULL for fewer than four values or equal ones.",
    examples: [
      FunctionExample(
        "SELECT round(kurtosis(x), 6) FROM (VALUES (1), (2), (5), (9)) t(x)",
        "-0.581894"
      ),
      FunctionExample("SELECT kurtosis(x) FROM (VALUES (1), (2), (3)) t(x)", "NULL"),
    ],
    overloads: [
      centralMoments { moments in
        guard moments.count > 3, moments.second > 0 else { return nil }
        let count = moments.count
        let ratio = moments.fourth / (moments.second * moments.second)
        return (count - 1) * ((count + 1) * ratio - 3 * (count - 1))
          / ((count - 2) * (count - 3))
      }
    ]
  )

  private static let kurtosisOfPopulation = AggregateFunction(
    "kurtosis_pop",
    summary: "Returns the population excess kurtosis; NULL where all values are equal.",
    examples: [
      FunctionExample("SELECT kurtosis_pop(x) FROM (VALUES (1), (2)) t(x)", "-2.0"),
      FunctionExample("SELECT kurtosis_pop(x) FROM (VALUES (1)) t(x)", "NULL"),
    ],
    overloads: [
      centralMoments { moments in
        guard moments.count > 1, moments.second > 0 else { return nil }
        return moments.fourth / (moments.second * moments.second) - 3
      }
    ]
  )

  private static let geometricMean = AggregateFunction(
    "geometric_mean",
    aliases: ["geomean"],
    summary: "Returns the geometric mean of values that are not negative; NULL where there are"
      + " none.",
    examples: [
      FunctionExample("SELECT round(geometric_mean(x), 6) FROM (VALUES (2), (8)) t(x)", "4.0"),
      FunctionExample("SELECT geometric_mean(x) FROM (VALUES (0), (8)) t(x)", "0.0"),
    ],
    overloads: [
      .accumulating(
        [.exact(.double)],
        with: LogarithmSum.self,
        type: { _ in .double },
        result: { (cell, _) throws(ExecutionError) -> Double? in
          if cell.hasNegative {
            throw ExecutionError(
              .invalidArgument,
              "geometric_mean is defined for values that are not negative"
            )
          }
          guard cell.logarithms.count > 0 else { return cell.hasZero ? 0 : nil }
          return cell.hasZero
            ? 0 : Maths.exponential(cell.logarithms.sum.value / Double(cell.logarithms.count))
        }
      )
    ]
  )

  private struct LogarithmSum: Accumulator {
    var logarithms = FloatSum()
    var hasZero = false
    var hasNegative = false

    mutating func add(_ value: Double) {
      if value > 0 { logarithms.add(Maths.naturalLogarithm(value)) }
      if value == 0 { hasZero = true }
      if value < 0 { hasNegative = true }
    }

    mutating func merge(_ other: LogarithmSum) {
      logarithms.merge(other.logarithms)
      hasZero = hasZero || other.hasZero
      hasNegative = hasNegative || other.hasNegative
    }
  }

  /// The mean powers of the distances from the mean.
  private struct CentralMoments {
    let count: Double
    let second: Double
    let third: Double
    let fourth: Double

    init(_ values: ArraySlice<Double>) {
      count = Double(values.count)
      var total = DoubleSum()
      for value in values { total.add(value) }
      let mean = total.value / count
      var second = DoubleSum()
      var third = DoubleSum()
      var fourth = DoubleSum()
      for value in values {
        let distance = value - mean
        let square = distance * distance
        second.add(square)
        third.add(square * distance)
        fourth.add(square * square)
      }
      self.second = second.value / count
      self.third = third.value / count
      self.fourth = fourth.value / count
    }
  }

  private static func centralMoments(
    _ result: @escaping @Sendable (CentralMoments) -> Double?
  ) -> AggregateOverload {
    .collecting(
      [.exact(.double)],
      type: { _ in .double },
      compute: { (groups, groupCount, _) throws(ExecutionError) -> Column in
        let values = groups.columns[0].doubleValues()
        var builder = ColumnBuilder<Double>(capacity: groupCount)
        for group in 0..<groupCount {
          let rows = groups.rows(of: group)
          builder.append(rows.isEmpty ? nil : result(CentralMoments(values[rows])))
        }
        return builder.finish(type: .double)
      }
    )
  }
}

/// The number of values, their sum and the sum of their squares.
struct MomentSums: Accumulator {
  private var count: Int64 = 0
  private var sum = DoubleSum()
  private var squares = DoubleSum()

  init() {}

  @inline(__always)
  mutating func add(_ value: Double) {
    count &+= 1
    sum.add(value)
    squares.add(value, times: value)
  }

  mutating func merge(_ other: MomentSums) {
    count &+= other.count
    sum.add(other.sum)
    squares.add(other.squares)
  }

  /// The number of values.
  var valueCount: Double { Double(count) }

  /// The variance; nil where there are too few values.
  func variance(isSample: Bool) throws(ExecutionError) -> Double? {
    guard count >= (isSample ? 2 : 1) else { return nil }
    let distances = try centeredSum(squares, sum, sum, count: count)
    return max(0, distances) / Double(isSample ? count - 1 : count)
  }
}

/// Returns the sum of the products of two values' distances from their means.
///
/// Distances below the precision of the sums are zero.
func centeredSum(
  _ products: DoubleSum,
  _ left: DoubleSum,
  _ right: DoubleSum,
  count: Int64
) throws(ExecutionError) -> Double {
  let centered = products.minusProduct(left, right, over: Double(count))
  guard centered.isFinite else {
    throw ExecutionError(.overflow, "the variance of the values does not fit DOUBLE")
  }
  return abs(centered) < abs(products.value) * 0x1p-98 ? 0 : centered
}
