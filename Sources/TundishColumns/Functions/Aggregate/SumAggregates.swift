/// Sums, averages and products.
///
/// Sums of integers and decimals are exact. Sums of doubles are rounded once (`DoubleSum`).
enum SumAggregates {
  static let all: [AggregateFunction] = [sum, total, average, product]

  private static let sum = AggregateFunction(
    "sum",
    aliases: ["fsum", "kahan_sum", "sumkahan", "sum_no_overflow"],
    summary: "Returns the sum of the values; NULL where there are none.",
    examples: [
      FunctionExample("SELECT sum(x) FROM (VALUES (1), (2), (NULL)) t(x)", "3"),
      FunctionExample("SELECT sum(x) FROM (VALUES (0.1), (0.20)) t(x)", "0.30"),
      FunctionExample("SELECT sum(x) FROM (VALUES (0.1::DOUBLE), (0.2), (0.3)) t(x)", "0.6"),
    ],
    overloads: [
      sumOfIntegers, sumOfDecimals, sumOfHugeintegers, sumOfDoubles, sumOfBooleans, sumOfIntervals,
    ]
  )

  private static let total = AggregateFunction(
    "total",
    summary: "Returns the sum of the values as DOUBLE; 0 where there are none.",
    examples: [
      FunctionExample("SELECT total(x) FROM (VALUES (1), (2), (NULL)) t(x)", "3.0"),
      FunctionExample("SELECT total(x) FROM (VALUES (1), (2)) t(x) WHERE x > 5", "0.0"),
    ],
    overloads: [
      AggregateOverload.accumulating(
        [.exact(.double)],
        with: FloatSum.self,
        type: { _ in .double },
        result: { cell, _ in cell.count == 0 ? 0 : cell.sum.value }
      )
    ]
  )

  private static let sumOfIntegers = AggregateOverload.accumulating(
    [.integer],
    with: IntegerSum.self,
    type: { _ in .hugeint },
    result: { cell, _ in cell.count == 0 ? nil : cell.total }
  )

  private static let sumOfHugeintegers = AggregateOverload.accumulating(
    [.exact(.hugeint)],
    with: WideSum.self,
    type: { _ in .hugeint },
    result: { (cell, _) throws(ExecutionError) -> Int128? in
      if cell.hasOverflowed { throw overflow(.hugeint) }
      return cell.count == 0 ? nil : cell.total
    }
  )

  private static let sumOfDecimals = AggregateOverload(
    [.decimal],
    result: { types in
      guard case .decimal(_, let scale) = types[0] else { return nil }
      return .decimal(precision: DataType.maximumDecimalPrecision, scale: scale)
    },
    makeState: { (input: AggregateInput) throws(ExecutionError) -> any AggregateState in
      let type = input.resultType
      let limit = powerOfTen(DataType.maximumDecimalPrecision)
      if input.argumentTypes[0].physical == .int64 {
        return AccumulatorState<IntegerSum, Int128>(type: type) { cell in
          cell.count == 0 ? nil : cell.total
        }
      }
      return AccumulatorState<WideSum, Int128>(type: type) {
        (cell) throws(ExecutionError) -> Int128? in
        if cell.hasOverflowed || cell.total.magnitude >= limit.magnitude { throw overflow(type) }
        return cell.count == 0 ? nil : cell.total
      }
    }
  )

  private static let sumOfDoubles = AggregateOverload.accumulating(
    [.exact(.double)],
    with: FloatSum.self,
    type: { _ in .double },
    result: { cell, _ in cell.count == 0 ? nil : cell.sum.value }
  )

  private static let sumOfBooleans = AggregateOverload.accumulating(
    [.exact(.boolean)],
    with: TruthCount.self,
    type: { _ in .hugeint },
    result: { cell, _ in cell.count == 0 ? nil : Int128(cell.trueCount) }
  )

  private static let sumOfIntervals = AggregateOverload.accumulating(
    [.exact(.interval)],
    with: IntervalSum.self,
    type: { _ in .interval },
    result: { (cell, _) throws(ExecutionError) -> Interval? in try cell.total() }
  )

  private static let averageOfIntervals = AggregateOverload.accumulating(
    [.exact(.interval)],
    with: IntervalSum.self,
    type: { _ in .interval },
    result: { (cell, _) throws(ExecutionError) -> Interval? in try cell.mean() }
  )

  private static let average = AggregateFunction(
    "avg",
    aliases: ["mean", "favg"],
    summary: "Returns the mean of the values; NULL where there are none.",
    examples: [
      FunctionExample("SELECT avg(x) FROM (VALUES (1), (2), (NULL)) t(x)", "1.5"),
      FunctionExample("SELECT avg(x) FROM (VALUES (1.25), (1.00)) t(x)", "1.125000"),
    ],
    overloads: [
      averageOfIntegers, averageOfDecimals, averageOfHugeintegers, averageOfDoubles,
      averageOfTimes, averageOfIntervals,
    ]
  )

  private static let averageOfIntegers = AggregateOverload.accumulating(
    [.integer],
    with: IntegerSum.self,
    type: { _ in .double },
    result: { cell, _ in cell.count == 0 ? nil : nearestDouble(cell.total) / Double(cell.count) }
  )

  private static let averageOfHugeintegers = AggregateOverload.accumulating(
    [.exact(.hugeint)],
    with: WideSum.self,
    type: { _ in .double },
    result: { (cell, _) throws(ExecutionError) -> Double? in
      if cell.hasOverflowed { throw overflow(.hugeint) }
      return cell.count == 0 ? nil : nearestDouble(cell.total) / Double(cell.count)
    }
  )

  /// `DECIMAL` of scale max(6, s), rounded half to even.
  private static let averageOfDecimals = AggregateOverload(
    [.decimal],
    result: { types in
      guard case .decimal(_, let scale) = types[0] else { return nil }
      return .decimal(precision: DataType.maximumDecimalPrecision, scale: max(6, scale))
    },
    makeState: { (input: AggregateInput) throws(ExecutionError) -> any AggregateState in
      let type = input.resultType
      guard case .decimal(_, let scale) = input.argumentTypes[0] else {
        throw ExecutionError(.invalidArgument, "avg of a DECIMAL was given another type")
      }
      let factor = powerOfTen(max(6, scale) - scale)
      if input.argumentTypes[0].physical == .int64 {
        return AccumulatorState<IntegerSum, Int128>(type: type) {
          (cell) throws(ExecutionError) -> Int128? in
          try mean(of: cell.total, count: cell.count, factor: factor, type: type)
        }
      }
      return AccumulatorState<WideSum, Int128>(type: type) {
        (cell) throws(ExecutionError) -> Int128? in
        if cell.hasOverflowed { throw overflow(type) }
        return try mean(of: cell.total, count: cell.count, factor: factor, type: type)
      }
    }
  )

  private static let averageOfDoubles = AggregateOverload.accumulating(
    [.exact(.double)],
    with: FloatSum.self,
    type: { _ in .double },
    result: { cell, _ in cell.count == 0 ? nil : cell.sum.value / Double(cell.count) }
  )

  /// The mean instant of dates and timestamps is a timestamp.
  private static let averageOfTimes = AggregateOverload(
    [.any],
    result: { types in
      switch types[0] {
      case .date, .timestamp: .timestamp
      case .timestampTZ: .timestampTZ
      case .time: .time
      case .null: .double
      case .boolean, .tinyint, .smallint, .integer, .bigint, .hugeint, .decimal, .double,
        .varchar, .blob, .interval, .enumeration, .list, .structure:
        nil
      }
    },
    makeState: { (input: AggregateInput) throws(ExecutionError) -> any AggregateState in
      if input.argumentTypes[0] == .null {
        return AccumulatorState<TruthCount, Double>(type: input.resultType) { _ in nil }
      }
      let factor: Int128 = input.argumentTypes[0] == .date ? 86_400_000_000 : 1
      return AccumulatorState<IntegerSum, Int64>(type: input.resultType) { cell in
        guard cell.count > 0 else { return nil }
        return Int64(
          truncatingIfNeeded: roundedQuotient(cell.total &* factor, Int128(cell.count))
        )
      }
    }
  )

  private static func mean(
    of total: Int128,
    count: Int64,
    factor: Int128,
    type: DataType
  ) throws(ExecutionError) -> Int128? {
    guard count > 0 else { return nil }
    let (scaled, isOverflow) = total.multipliedReportingOverflow(by: factor)
    if !isOverflow { return roundedQuotient(scaled, Int128(count)) }
    // Too long to scale first: the whole part and the rest apart.
    let (whole, rest) = total.quotientAndRemainder(dividingBy: Int128(count))
    let (scaledWhole, isTooLong) = whole.multipliedReportingOverflow(by: factor)
    if isTooLong { throw overflow(type) }
    return scaledWhole + roundedQuotient(rest &* factor, Int128(count))
  }

  private static func overflow(_ type: DataType) -> ExecutionError {
    ExecutionError(.overflow, "the sum does not fit \(type)")
  }

  private static let product = AggregateFunction(
    "product",
    summary: "Returns the product of the values as a DOUBLE; NULL where there are none.",
    examples: [
      FunctionExample("SELECT product(x) FROM (VALUES (2), (3), (NULL)) t(x)", "6.0"),
      FunctionExample("SELECT product(x) FROM (VALUES (1.5), (2)) t(x)", "3.0"),
    ],
    overloads: [
      .accumulating(
        [.exact(.double)],
        with: Product.self,
        type: { _ in .double },
        result: { cell, _ in cell.count == 0 ? nil : cell.value }
      )
    ]
  )

  private struct Product: Accumulator {
    var value = 1.0
    var count: Int64 = 0

    mutating func add(_ value: Double) {
      self.value *= value
      count &+= 1
    }

    mutating func merge(_ other: Product) {
      value *= other.value
      count &+= other.count
    }
  }
}
