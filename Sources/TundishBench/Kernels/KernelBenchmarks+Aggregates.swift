import TundishColumns

// Aggregates over all rows, and by groups.
extension KernelBenchmarks {
  static let aggregates: [Benchmark] = [
    aggregate("sum", .bigint) { values, _ in Double(values.reduce(0, +)) },
    aggregate("min", .bigint) { values, _ in Double(values.min() ?? 0) },
    aggregate("max", .bigint) { values, _ in Double(values.max() ?? 0) },
    aggregate("avg", .bigint) { values, _ in Double(values.reduce(0, +)) / Double(values.count) },
    aggregate("count", .bigint) { values, _ in Double(values.count) },
    aggregate("sum", .double) { _, doubles in doubles.reduce(0, +) },
    aggregate("stddev_pop", .double) { _, doubles in
      // Whole numbers: their sum is exact, and so is that of squares below 2^53.
      let mean = doubles.reduce(0, +) / Double(doubles.count)
      return (doubles.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(doubles.count))
        .squareRoot()
    },
    aggregate("quantile_cont", .bigint, constant: 0.5) { values, _ in
      let sorted = values.sorted()
      let half = sorted.count / 2
      return sorted.count % 2 == 1
        ? Double(sorted[half]) : Double(sorted[half - 1] + sorted[half]) / 2
    },
    grouped("sum", .bigint) { values, groups in
      var sums = [Double](repeating: 0, count: 50)
      for row in values.indices { sums[Int(groups[row])] += Double(values[row]) }
      return sums
    },
    grouped("min", .bigint) { values, groups in
      var least = [Int64](repeating: .max, count: 50)
      for row in values.indices where values[row] < least[Int(groups[row])] {
        least[Int(groups[row])] = values[row]
      }
      return least.map { Double($0) }
    },
    grouped("avg", .double) { values, groups in
      var sums = [Double](repeating: 0, count: 50)
      var counts = [Double](repeating: 0, count: 50)
      for row in values.indices {
        sums[Int(groups[row])] += Double(values[row])
        counts[Int(groups[row])] += 1
      }
      return sums.indices.map { sums[$0] / counts[$0] }
    },
    distinct("codes") { rows, dictionary in
      .codes(rows.map { Int32(mixed($0) % 50) }, dictionary)
    },
    distinct("integers") { rows, _ in .integers(numbers(rows)) },
    distinct("wide_integers") { rows, _ in
      .integers(rows.map { Int64(mixed($0)) &* 92_233_720_368_547 })
    },
  ]

  /// An aggregate over all rows; the answer is compared to twelve digits, as a plain sum of doubles
  /// is only that exact.
  private static func aggregate(
    _ name: String,
    _ type: DataType,
    constant: Double? = nil,
    loop: @escaping @Sendable ([Int64], [Double]) -> Double
  ) -> Benchmark {
    Benchmark(name: "kernel.\(name).\(type)".lowercased()) { setting in
      let values = numbers(0..<setting.valueCount)
      let doubles = values.map { Double($0) }
      let call = try AggregateCall(name, type, constant: constant)
      let batches = rowRanges(setting.valueCount).map { call.arguments(values[$0]) }
      return try Work(
        byteCount: 8 * values.count,
        run: {
          let state = try call.makeState()
          state.resize(groupCount: 1)
          for batch in batches {
            try state.update(arguments: batch, groups: nil, rowCount: batch[0].count)
          }
          return try state.finish(groupCount: 1)
        },
        loop: { twelveDigits(loop(values, doubles)) },
        reading: { twelveDigits($0.value(at: 0).number) }
      )
    }
  }

  /// An aggregate by 50 groups.
  private static func grouped(
    _ name: String,
    _ type: DataType,
    loop: @escaping @Sendable ([Int64], [Int32]) -> [Double]
  ) -> Benchmark {
    Benchmark(name: "kernel.grouped.\(name).\(type)".lowercased()) { setting in
      let values = numbers(0..<setting.valueCount)
      let groups = values.indices.map { Int32(mixed($0, below: 10_007) % 50) }
      let call = try AggregateCall(name, type, constant: nil)
      let batches = rowRanges(setting.valueCount).map {
        (arguments: call.arguments(values[$0]), groups: Array(groups[$0]))
      }
      return try Work(
        byteCount: 12 * values.count,
        run: {
          let state = try call.makeState()
          state.resize(groupCount: 50)
          for batch in batches {
            try state.update(
              arguments: batch.arguments,
              groups: batch.groups,
              rowCount: batch.groups.count
            )
          }
          return try state.finish(groupCount: 50)
        },
        loop: { loop(values, groups).map(twelveDigits) },
        reading: { column in column.allValues().map { twelveDigits($0.number) } }
      )
    }
  }

  /// An exact count of distinct values.
  private static func distinct(
    _ name: String,
    column: @escaping @Sendable (Range<Int>, TextDictionary) -> Column
  ) -> Benchmark {
    Benchmark(name: "kernel.count_distinct." + name) { setting in
      let dictionary = TextDictionary(distinct: TextVector((0..<50).map { "word \($0)" }))
      let batches = rowRanges(setting.valueCount).map { column($0, dictionary) }
      let plain = batches.map { batch -> [Int64] in
        if case .dictionary(let codes, _) = batch.data { return codes.map { Int64($0) } }
        return batch.int64Values()
      }
      return try Work(
        byteCount: 8 * setting.valueCount,
        run: {
          var counter = DistinctCounter(type: batches[0].type)
          for batch in batches {
            try counter.add(batch, groups: nil, rowCount: batch.count, groupCount: 1)
          }
          return counter.counts(groupCount: 1)
        },
        loop: {
          var seen: Set<Int64> = []
          for batch in plain { seen.formUnion(batch) }
          return seen.count
        },
        reading: { counts in Int(counts[0]) }
      )
    }
  }

  private static func twelveDigits(_ number: Double) -> Double {
    guard number != 0 else { return 0 }
    var factor = 1.0
    while abs(number) * factor < 1e11 { factor *= 10 }
    while abs(number) * factor >= 1e12 { factor /= 10 }
    return (number * factor).rounded()
  }
}

/// An aggregate function with its overload chosen.
private struct AggregateCall {
  private let resolved: ResolvedAggregate
  private let type: DataType
  private let constant: Double?

  init(_ name: String, _ type: DataType, constant: Double?) throws {
    self.type = type
    self.constant = constant
    resolved = try FunctionRegistry.standard.resolveAggregate(
      name: name,
      argumentTypes: constant == nil ? [type] : [type, .double]
    ).get()
  }

  func makeState() throws -> any AggregateState {
    try resolved.overload.makeState(
      AggregateInput(
        argumentTypes: resolved.argumentTypes,
        constants: constant == nil ? [nil] : [nil, constant.map { .double($0) }],
        resultType: resolved.resultType
      )
    )
  }

  /// The arguments of a batch, of the types that the function takes.
  func arguments(_ values: ArraySlice<Int64>) -> [Column] {
    let column: Column =
      resolved.argumentTypes[0] == .double
      ? .doubles(values.map { Double($0) }) : .integers(Array(values))
    guard let constant else { return [column] }
    return [column, .constant(.double(constant), type: .double, count: values.count)]
  }
}

extension Value {
  /// The number that this is; NaN for all else.
  var number: Double {
    switch self {
    case .integer(let value): Double(value)
    case .hugeint(let value): Double(value)
    case .double(let value): value
    case .decimal(let unscaled, let scale):
      Double(unscaled) / (0..<scale).reduce(1.0) { power, _ in power * 10 }
    case .boolean(let value): value ? 1 : 0
    case .date(let value): Double(value)
    case .null, .text, .blob, .time, .timestamp, .timestampTZ, .interval, .list, .structure, .map:
      .nan
    }
  }
}
