import Testing

@testable import TundishColumns

/// Runs an aggregate over rows of values, in one state and in several that are merged.
struct AggregateRun {
  let name: String
  let types: [DataType]
  var constants: [Value?] = []

  func callAsFunction(
    _ rows: [[Value]],
    groups: [Int32]? = nil,
    groupCount: Int = 1,
    batchRowCount: Int = 2_048,
    workerCount: Int = 1
  ) throws -> [Value] {
    let resolved = try FunctionRegistry.standard.resolveAggregate(
      name: name,
      argumentTypes: types
    ).get()
    let input = AggregateInput(
      argumentTypes: resolved.argumentTypes,
      constants: types.indices.map { $0 < constants.count ? constants[$0] : nil },
      resultType: resolved.resultType
    )
    let share = (rows.count + workerCount - 1) / workerCount
    var total: (any AggregateState)?
    for worker in 0..<workerCount {
      let state = try resolved.overload.makeState(input)
      state.resize(groupCount: groupCount)
      var start = min(worker * share, rows.count)
      let end = min(start + share, rows.count)
      while start < end {
        let stop = min(start + batchRowCount, end)
        let columns = resolved.argumentTypes.enumerated().map { position, type in
          Column.values(rows[start..<stop].map { $0[position] }, type: type)
        }
        try state.update(
          arguments: columns,
          groups: groups.map { Array($0[start..<stop]) },
          rowCount: stop - start
        )
        start = stop
      }
      if let total {
        try total.merge(state, mapping: (0..<Int32(groupCount)).map { $0 })
      } else {
        total = state
      }
    }
    return try #require(total).finish(groupCount: groupCount).allValues()
  }
}

@Suite("Aggregates")
struct AggregateTests {
  private func single(
    _ name: String,
    _ type: DataType,
    _ values: [Value],
    constants: [Value] = []
  ) throws -> Value {
    let types =
      [type]
      + constants.map { constant -> DataType in
        switch constant {
        case .integer: .bigint
        case .text: .varchar
        case .list: .list(.double)
        default: .double
        }
      }
    let run = AggregateRun(name: name, types: types, constants: [nil] + constants.map { $0 })
    return try run(values.map { [$0] + constants })[0]
  }

  private func double(_ name: String, _ values: [Double]) throws -> Double? {
    let value = try single(name, .double, values.map { .double($0) })
    guard case .double(let result) = value else { return nil }
    return result
  }

  @Test(
    "aggregates agree with a scalar reference, however rows are split",
    arguments: [1, 3, 700],
    [1, 2, 5]
  )
  func agreesWithReference(batchRowCount: Int, workerCount: Int) throws {
    var generator = SeededGenerator(seed: UInt64(batchRowCount * 10 + workerCount))
    let groupCount = 5
    let count = 700
    let groups = (0..<count).map { _ in Int32.random(in: 0..<4, using: &generator) }
    let integers = (0..<count).map { _ -> Value in
      Int.random(in: 0..<5, using: &generator) == 0
        ? .null : .integer(Int64.random(in: -50...50, using: &generator))
    }
    let words = ["ann", "bob", "cy", "Zoë", ""]
    let texts = (0..<count).map { _ -> Value in
      Int.random(in: 0..<5, using: &generator) == 0
        ? .null : .text(words[Int.random(in: 0..<5, using: &generator)])
    }
    func results(_ name: String, _ types: [DataType], _ rows: [[Value]]) throws -> [Value] {
      try AggregateRun(name: name, types: types)(
        rows,
        groups: groups,
        groupCount: groupCount,
        batchRowCount: batchRowCount,
        workerCount: workerCount
      )
    }
    func members(_ values: [Value], _ group: Int) -> [Value] {
      values.indices.filter { groups[$0] == Int32(group) && !values[$0].isNull }
        .map { values[$0] }
    }
    func numbers(_ group: Int) -> [Int64] {
      members(integers, group).compactMap {
        if case .integer(let value) = $0 { value } else { nil }
      }
    }
    let rows = integers.map { [$0] }
    let textRows = texts.map { [$0] }
    let sums = try results("sum", [.bigint], rows)
    let counts = try results("count", [.bigint], rows)
    let averages = try results("avg", [.bigint], rows)
    let least = try results("min", [.bigint], rows)
    let medians = try results("median", [.bigint], rows)
    let greatestTexts = try results("max", [.varchar], textRows)
    let firstTexts = try results("any_value", [.varchar], textRows)
    let lists = try results("list", [.varchar], textRows)
    let modes = try results("mode", [.varchar], textRows)
    let picked = try results(
      "arg_max",
      [.varchar, .bigint],
      zip(texts, integers).map { [$0, $1] }
    )
    let variances = try results(
      "var_pop",
      [.double],
      integers.map { value in
        if case .integer(let number) = value { [.double(Double(number))] } else { [.null] }
      }
    )
    for group in 0..<groupCount {
      let values = numbers(group)
      let total = values.reduce(0, +)
      #expect(counts[group] == .integer(Int64(values.count)))
      #expect(sums[group] == (values.isEmpty ? .null : .hugeint(Int128(total))))
      #expect(least[group] == values.min().map { .integer($0) } ?? .null)
      #expect(
        averages[group] == (values.isEmpty ? .null : .double(Double(total) / Double(values.count)))
      )
      let sorted = values.sorted()
      if sorted.isEmpty {
        #expect(medians[group] == .null)
        #expect(lists[group] == .null)
        continue
      }
      let middle = Double(sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
      #expect(medians[group] == .double(middle))
      let mean = Double(total) / Double(values.count)
      let squares = values.map { (Double($0) - mean) * (Double($0) - mean) }.reduce(0, +)
      if case .double(let variance) = variances[group] {
        #expect(abs(variance - squares / Double(values.count)) < 1e-9)
      }
      let strings = members(texts, group)
      #expect(greatestTexts[group] == strings.max { $0.order($1) < 0 })
      #expect(firstTexts[group] == strings[0])
      #expect(lists[group] == .list(texts.indices.filter { groups[$0] == group }.map { texts[$0] }))
      var occurrences: [Value: Int] = [:]
      for string in strings { occurrences[string, default: 0] += 1 }
      let most = occurrences.values.max() ?? 0
      #expect(modes[group] == strings.first { occurrences[$0] == most })
      let candidates = texts.indices.filter {
        groups[$0] == group && !texts[$0].isNull && !integers[$0].isNull
      }
      let best = candidates.map { integers[$0] }.max { $0.order($1) < 0 }
      #expect(picked[group] == texts[candidates.first { integers[$0] == best } ?? 0])
    }
  }

  @Test("sums of doubles do not depend on the order of rows")
  func sumsExactly() throws {
    #expect(try double("sum", [0.1, 0.2, 0.3]) == 0.6)
    #expect(try double("sum", [1e16, 1, -1e16]) == 1)
    #expect(try double("sum", [1e308, 1e308]) == .infinity)
    var generator = SeededGenerator(seed: 3)
    let values = (0..<500).map { _ in
      Double.random(in: -1...1, using: &generator) * (Bool.random(using: &generator) ? 1e12 : 1e-6)
    }
    let sum = try double("sum", values)
    for _ in 0..<5 { #expect(try double("sum", values.shuffled(using: &generator)) == sum) }
  }

  @Test("variance survives large means")
  func variance() throws {
    #expect(try double("var_samp", [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]) == 30)
    #expect(try double("stddev_pop", [0.1, 0.1, 0.1]) == 0)
    #expect(try double("var_samp", [1]) == nil)
    #expect(throws: ExecutionError.self) { try double("var_samp", [1e200, 1e300]) }
  }

  @Test("decimal sums and averages are exact, half to even")
  func decimals() throws {
    let type = DataType.decimal(precision: 5, scale: 2)
    let values: [Value] = [.decimal(unscaled: 125, scale: 2), .decimal(unscaled: 100, scale: 2)]
    #expect(try single("sum", type, values) == .decimal(unscaled: 225, scale: 2))
    #expect(try single("avg", type, values) == .decimal(unscaled: 1_125_000, scale: 6))
    #expect(try single("median", type, values) == .decimal(unscaled: 112, scale: 2))
    let wide = DataType.decimal(precision: 38, scale: 0)
    let limit = Value.decimal(unscaled: powerOfTen(38) - 1, scale: 0)
    #expect(throws: ExecutionError.self) { try single("sum", wide, [limit, limit]) }
    #expect(
      try single("sum", .bigint, [.integer(.max), .integer(.max)])
        == .hugeint(2 * Int128(Int64.max))
    )
  }

  @Test("quantiles")
  func quantiles() throws {
    let values: [Value] = [4, 1, 3, 2].map { .integer($0) }
    #expect(
      try single("quantile_cont", .bigint, values, constants: [.double(0.25)]) == .double(1.75)
    )
    #expect(
      try single("quantile_disc", .bigint, values, constants: [.double(0.25)]) == .integer(1)
    )
    #expect(
      try single("quantile_disc", .bigint, values, constants: [.double(-0.25)]) == .integer(4)
    )
    #expect(
      try single(
        "quantile_cont",
        .bigint,
        values,
        constants: [.list([.double(0), .double(1)])]
      )
        == .list([.double(1), .double(4)])
    )
    #expect(
      try single("median", .date, [.date(0), .date(1)]) == .timestamp(43_200_000_000)
    )
    #expect(throws: ExecutionError.self) {
      try single("quantile_cont", .bigint, values, constants: [.double(1.5)])
    }
    #expect(Quantile.position(of: 0.07, count: 100) == 6)
  }

  @Test("least and greatest doubles: NaN is the greatest")
  func extremes() throws {
    #expect(try double("max", [1, .nan, 2])?.isNaN == true)
    #expect(try double("min", [.nan, 2, 1]) == 1)
    #expect(try double("min", [.nan])?.isNaN == true)
    #expect(
      try single("max", .bigint, [1, 5, 2].map { .integer($0) }, constants: [.integer(2)])
        == .list([.integer(5), .integer(2)])
    )
  }

  @Test("pairs")
  func pairs() throws {
    let rows: [[Value]] = [[1, 2], [2, 4], [3, 7]].map { $0.map { .double($0) } }
    func run(_ name: String) throws -> Value {
      try AggregateRun(name: name, types: [.double, .double])(rows)[0]
    }
    #expect(try run("covar_samp") == .double(2.5))
    #expect(try run("regr_count") == .integer(3))
    #expect(try run("regr_avgx") == .double(13.0 / 3))
    guard case .double(let correlation) = try run("corr") else { throw ExecutionError(.limit, "") }
    #expect(abs(correlation - 0.9933992677987828) < 1e-15)
  }

  @Test("distinct counts: exact while few, then near")
  func distinctCounts() throws {
    for count in [0, 1, 1_000, 20_000] {
      let values = (0..<count).map { Value.integer(Int64($0) * 7) }
      guard case .integer(let estimate) = try single("approx_count_distinct", .bigint, values)
      else { throw ExecutionError(.limit, "") }
      let error = abs(Double(estimate) - Double(count)) / Double(max(count, 1))
      #expect(count <= 1_000 ? error == 0 : error < 0.06)
    }
  }

  @Test("texts, histograms and shares")
  func others() throws {
    let texts: [Value] = [.text("b"), .null, .text("a"), .text("b")]
    #expect(try single("string_agg", .varchar, texts) == .text("b,a,b"))
    #expect(try single("string_agg", .varchar, texts, constants: [.text("")]) == .text("bab"))
    #expect(try single("string_agg", .varchar, []) == .null)
    #expect(
      try single("top_k", .varchar, texts, constants: [.integer(1)]) == .list([.text("b")])
    )
    #expect(try single("share", .boolean, [.boolean(true), .null]) == .double(1))
    #expect(try single("share", .boolean, [.null]) == .null)
    let histogram = try single("histogram", .varchar, texts)
    #expect(
      histogram
        == .map([
          MapEntry(key: .text("a"), value: .integer(1)),
          MapEntry(key: .text("b"), value: .integer(2)),
        ])
    )
    #expect(
      try double("skewness", [1, 2, 5, 9]).map { abs($0 - 0.8885835615533544) < 1e-12 } == true
    )
    #expect(
      try double("kurtosis", [1, 2, 5, 9]).map { abs($0 + 0.5818938605619169) < 1e-12 } == true
    )
  }
}
