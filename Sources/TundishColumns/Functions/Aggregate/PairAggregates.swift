/// Covariance, correlation and linear regression of pairs.
///
/// As in SQL, the dependent variable comes first: `regr_slope(y, x)`. Pairs where either is NULL do
/// not count.
enum PairAggregates {
  static let all: [AggregateFunction] = [
    covariancePopulation, covarianceSample, correlation, slope, intercept, determination, count,
    averageX, averageY, squaresX, squaresY, products, weightedMean,
  ]

  private static let covariancePopulation = AggregateFunction(
    "covar_pop",
    summary: "Returns the population covariance.",
    examples: [
      FunctionExample("SELECT covar_pop(y, x) FROM (VALUES (1, 1), (3, 3)) t(y, x)", "1.0"),
      FunctionExample("SELECT covar_pop(y, x) FROM (VALUES (1, NULL)) t(y, x)", "NULL"),
    ],
    overloads: [pairs { (sums) throws(ExecutionError) -> Double? in try sums.xy.map { $0 / $1 } }]
  )

  private static let covarianceSample = AggregateFunction(
    "covar_samp",
    summary: "Returns the sample covariance; NULL for fewer than two pairs.",
    examples: [
      FunctionExample(
        "SELECT covar_samp(y, x) FROM (VALUES (1, 2), (2, 4), (3, 7)) t(y, x)",
        "2.5"
      ),
      FunctionExample("SELECT covar_samp(y, x) FROM (VALUES (1, 2)) t(y, x)", "NULL"),
    ],
    overloads: [
      pairs { (sums) throws(ExecutionError) -> Double? in
        try sums.xy.flatMap { $1 < 2 ? nil : $0 / ($1 - 1) }
      }
    ]
  )

  private static let correlation = AggregateFunction(
    "corr",
    summary: "Returns the coefficient of correlation; NULL where either side is constant.",
    examples: [
      FunctionExample("SELECT corr(y, x) FROM (VALUES (1, 2), (2, 4), (3, 6)) t(y, x)", "1.0"),
      FunctionExample("SELECT corr(y, x) FROM (VALUES (1, 2), (1, 4)) t(y, x)", "NULL"),
    ],
    overloads: [pairs { (sums) throws(ExecutionError) -> Double? in try sums.correlation() }]
  )

  private static let slope = AggregateFunction(
    "regr_slope",
    summary: "Returns the slope of the least-squares line; NULL where x is constant.",
    examples: [
      FunctionExample("SELECT regr_slope(y, x) FROM (VALUES (2, 1), (4, 2)) t(y, x)", "2.0"),
      FunctionExample("SELECT regr_slope(y, x) FROM (VALUES (2, 1)) t(y, x)", "NULL"),
    ],
    overloads: [pairs { (sums) throws(ExecutionError) -> Double? in try sums.slope() }]
  )

  private static let intercept = AggregateFunction(
    "regr_intercept",
    summary: "Returns where the least-squares line meets x = 0; NULL where x is constant.",
    examples: [
      FunctionExample("SELECT regr_intercept(y, x) FROM (VALUES (3, 1), (5, 2)) t(y, x)", "1.0"),
      FunctionExample("SELECT regr_intercept(y, x) FROM (VALUES (3, 1)) t(y, x)", "NULL"),
    ],
    overloads: [
      pairs { (sums) throws(ExecutionError) -> Double? in
        guard let slope = try sums.slope(), let means = sums.means else { return nil }
        return means.y - slope * means.x
      }
    ]
  )

  private static let determination = AggregateFunction(
    "regr_r2",
    summary: "Returns the square of the correlation; 1 where y is constant, NULL where x is.",
    examples: [
      FunctionExample("SELECT regr_r2(y, x) FROM (VALUES (1, 2), (2, 4)) t(y, x)", "1.0"),
      FunctionExample("SELECT regr_r2(y, x) FROM (VALUES (1, 2), (2, 2)) t(y, x)", "NULL"),
    ],
    overloads: [
      pairs { (sums) throws(ExecutionError) -> Double? in
        guard let xx = try sums.xx?.sum, let yy = try sums.yy?.sum, xx > 0 else { return nil }
        guard yy > 0 else { return 1 }
        return try sums.correlation().map { $0 * $0 }
      }
    ]
  )

  private static let count = AggregateFunction(
    "regr_count",
    summary: "Returns the number of pairs without NULL.",
    examples: [
      FunctionExample("SELECT regr_count(y, x) FROM (VALUES (1, 2), (2, NULL)) t(y, x)", "1"),
      FunctionExample("SELECT regr_count(y, x) FROM (VALUES (NULL, 2)) t(y, x)", "0"),
    ],
    overloads: [
      AggregateOverload(
        [.exact(.double), .exact(.double)],
        result: { _ in .bigint },
        makeState: { _ in PairState<Int64>(type: .bigint) { $0.count } }
      )
    ]
  )

  private static let averageX = AggregateFunction(
    "regr_avgx",
    summary: "Returns the mean of the second argument over pairs without NULL.",
    examples: [
      FunctionExample("SELECT regr_avgx(y, x) FROM (VALUES (1, 2), (2, 4)) t(y, x)", "3.0"),
      FunctionExample("SELECT regr_avgx(y, x) FROM (VALUES (NULL, 2)) t(y, x)", "NULL"),
    ],
    overloads: [pairs { (sums) in sums.means?.x }]
  )

  private static let averageY = AggregateFunction(
    "regr_avgy",
    summary: "Returns the mean of the first argument over pairs without NULL.",
    examples: [
      FunctionExample("SELECT regr_avgy(y, x) FROM (VALUES (1, 2), (2, 4)) t(y, x)", "1.5"),
      FunctionExample("SELECT regr_avgy(y, x) FROM (VALUES (1, NULL)) t(y, x)", "NULL"),
    ],
    overloads: [pairs { (sums) in sums.means?.y }]
  )

  private static let squaresX = AggregateFunction(
    "regr_sxx",
    summary: "Returns the sum of the squared distances of the second argument from its mean.",
    examples: [
      FunctionExample("SELECT regr_sxx(y, x) FROM (VALUES (1, 1), (2, 3)) t(y, x)", "2.0"),
      FunctionExample("SELECT regr_sxx(y, x) FROM (VALUES (1, NULL)) t(y, x)", "NULL"),
    ],
    overloads: [pairs { (sums) throws(ExecutionError) -> Double? in try sums.xx?.sum }]
  )

  private static let squaresY = AggregateFunction(
    "regr_syy",
    summary: "Returns the sum of the squared distances of the first argument from its mean.",
    examples: [
      FunctionExample("SELECT regr_syy(y, x) FROM (VALUES (1, 1), (3, 3)) t(y, x)", "2.0"),
      FunctionExample("SELECT regr_syy(y, x) FROM (VALUES (NULL, 1)) t(y, x)", "NULL"),
    ],
    overloads: [pairs { (sums) throws(ExecutionError) -> Double? in try sums.yy?.sum }]
  )

  private static let products = AggregateFunction(
    "regr_sxy",
    summary: "Returns the sum of the products of both arguments' distances from their means.",
    examples: [
      FunctionExample("SELECT regr_sxy(y, x) FROM (VALUES (1, 1), (3, 3)) t(y, x)", "2.0"),
      FunctionExample("SELECT regr_sxy(y, x) FROM (VALUES (NULL, 1)) t(y, x)", "NULL"),
    ],
    overloads: [pairs { (sums) throws(ExecutionError) -> Double? in try sums.xy?.sum }]
  )

  private static let weightedMean = AggregateFunction(
    "weighted_avg",
    aliases: ["wavg"],
    summary: "Returns the mean of the first argument weighted by the second; NULL where the weights"
      + " add up to 0.",
    examples: [
      FunctionExample("SELECT weighted_avg(x, w) FROM (VALUES (1, 3), (5, 1)) t(x, w)", "2.0"),
      FunctionExample("SELECT weighted_avg(x, w) FROM (VALUES (1, 2), (NULL, 9)) t(x, w)", "1.0"),
    ],
    overloads: [pairs { (sums) in sums.weightedMean }]
  )

  private static func pairs(
    _ result: @escaping @Sendable (PairSums) throws(ExecutionError) -> Double?
  ) -> AggregateOverload {
    AggregateOverload(
      [.exact(.double), .exact(.double)],
      result: { _ in .double },
      makeState: { _ in PairState<Double>(type: .double, result: result) }
    )
  }
}

/// The sums that regression needs, of the pairs of one group.
struct PairSums: Sendable {
  private(set) var count: Int64 = 0
  private var sumX = DoubleSum()
  private var sumY = DoubleSum()
  private var sumXX = DoubleSum()
  private var sumYY = DoubleSum()
  private var sumXY = DoubleSum()

  @inline(__always)
  mutating func add(y: Double, x: Double) {
    count &+= 1
    sumX.add(x)
    sumY.add(y)
    sumXX.add(x, times: x)
    sumYY.add(y, times: y)
    sumXY.add(x, times: y)
  }

  mutating func merge(_ other: PairSums) {
    count &+= other.count
    sumX.add(other.sumX)
    sumY.add(other.sumY)
    sumXX.add(other.sumXX)
    sumYY.add(other.sumYY)
    sumXY.add(other.sumXY)
  }

  /// The means; nil where there are no pairs.
  var means: (x: Double, y: Double)? {
    count == 0 ? nil : (sumX.value / Double(count), sumY.value / Double(count))
  }

  /// The mean of y with x as weights; nil where these add up to 0.
  var weightedMean: Double? {
    sumX.value == 0 ? nil : sumXY.value / sumX.value
  }

  /// The sum of squared distances of x from its mean, and the number of pairs.
  var xx: (sum: Double, count: Double)? {
    get throws(ExecutionError) { try centered(sumXX, sumX, sumX) }
  }

  /// The sum of squared distances of y from its mean, and the number of pairs.
  var yy: (sum: Double, count: Double)? {
    get throws(ExecutionError) { try centered(sumYY, sumY, sumY) }
  }

  /// The sum of products of distances from the means, and the number of pairs.
  var xy: (sum: Double, count: Double)? {
    get throws(ExecutionError) { try centered(sumXY, sumX, sumY) }
  }

  /// The coefficient of correlation; nil where either side is constant.
  func correlation() throws(ExecutionError) -> Double? {
    guard let xx = try xx?.sum, let yy = try yy?.sum, let xy = try xy?.sum, xx > 0, yy > 0 else {
      return nil
    }
    let product = xx * yy
    let scale =
      product.isFinite && product.isNormal
      ? product.squareRoot() : xx.squareRoot() * yy.squareRoot()
    return min(1, max(-1, xy / scale))
  }

  /// The slope of the least-squares line; nil where x is constant.
  func slope() throws(ExecutionError) -> Double? {
    guard let xx = try xx?.sum, let xy = try xy?.sum, xx > 0 else { return nil }
    return xy / xx
  }

  private func centered(
    _ products: DoubleSum,
    _ left: DoubleSum,
    _ right: DoubleSum
  ) throws(ExecutionError) -> (sum: Double, count: Double)? {
    guard count > 0 else { return nil }
    return (try centeredSum(products, left, right, count: count), Double(count))
  }
}

/// The state of the aggregates of two doubles.
final class PairState<Output: AggregateElement>: AggregateState {
  private var cells: [PairSums] = []
  private let type: DataType
  private let result: @Sendable (PairSums) throws(ExecutionError) -> Output?

  init(type: DataType, result: @escaping @Sendable (PairSums) throws(ExecutionError) -> Output?) {
    self.type = type
    self.result = result
  }

  func resize(groupCount: Int) {
    guard groupCount > cells.count else { return }
    cells.append(contentsOf: repeatElement(PairSums(), count: groupCount - cells.count))
  }

  func update(
    arguments: [Column],
    groups: [Int32]?,
    rowCount: Int
  ) throws(ExecutionError) {
    guard rowCount > 0 else { return }
    if groups == nil { resize(groupCount: 1) }
    let validity = KernelFrame.mergedValidity(of: arguments, rowCount: rowCount)
    let first = arguments[0].doubleValues()
    let second = arguments[1].doubleValues()
    Self.accumulate(into: &cells, groups, first.span, second.span, validity)
  }

  func merge(_ other: any AggregateState, mapping: [Int32]) throws(ExecutionError) {
    guard let other = other as? PairState else { mismatchedStates() }
    for (group, target) in mapping.enumerated() where group < other.cells.count {
      cells[Int(target)].merge(other.cells[group])
    }
  }

  func finish(groupCount: Int) throws(ExecutionError) -> Column {
    resize(groupCount: groupCount)
    var builder = ColumnBuilder<Output>(capacity: groupCount)
    for group in 0..<groupCount { builder.append(try result(cells[group])) }
    return builder.finish(type: type)
  }

  private static func accumulate(
    into cells: inout [PairSums],
    _ groups: [Int32]?,
    _ first: Span<Double>,
    _ second: Span<Double>,
    _ validity: [Bool]?
  ) {
    var cells = cells.mutableSpan
    for row in first.indices where validity?[row] ?? true {
      cells[groups.map { Int($0[row]) } ?? 0].add(y: first[row], x: second[row])
    }
  }
}
