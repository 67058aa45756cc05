/// Quantiles and what is built on them.
enum QuantileAggregates {
  static let all: [AggregateFunction] = [
    continuous, discrete, median, deviation, approximate, sampled,
  ]

  private static let continuous = AggregateFunction(
    "quantile_cont",
    aliases: ["quantile"],
    summary: "Returns the value below which a fraction of the values lies, interpolated between"
      + " neighbours; a list of fractions gives a list, a negative fraction counts from the top.",
    examples: [
      FunctionExample("SELECT quantile_cont(x, 0.5) FROM (VALUES (1), (2)) t(x)", "1.5"),
      FunctionExample(
        "SELECT quantile_cont(x, [0.25, 0.75]) FROM (VALUES (1), (2), (3)) t(x)",
        "[1.5, 2.5]"
      ),
      FunctionExample(
        "SELECT quantile_cont(x, 0.5) FROM (VALUES (DATE '2020-01-01'), ('2020-01-02')) t(x)",
        "2020-01-01 12:00:00"
      ),
    ],
    overloads: [
      interpolated([.any, .exact(.double)], isList: false),
      interpolated([.any, .exact(.list(.double))], isList: true),
    ]
  )

  private static let discrete = AggregateFunction(
    "quantile_disc",
    summary: "Returns the least value at or below which a fraction of the values lies; a list of"
      + " fractions gives a list, a negative fraction counts from the top.",
    examples: [
      FunctionExample("SELECT quantile_disc(x, 0.5) FROM (VALUES (1), (2)) t(x)", "1"),
      FunctionExample("SELECT quantile_disc(x, 0.9) FROM (VALUES ('a'), ('b')) t(x)", "b"),
    ],
    overloads: [
      picked([.any, .exact(.double)], isList: false),
      picked([.any, .exact(.list(.double))], isList: true),
    ]
  )

  private static let median = AggregateFunction(
    "median",
    summary: "Returns the middle value, or the mean of the two middle ones; NULL where there are"
      + " none.",
    examples: [
      FunctionExample("SELECT median(x) FROM (VALUES (1), (2), (10)) t(x)", "2.0"),
      FunctionExample(
        "SELECT median(x) FROM (VALUES (1200.00), (2500.00), (8000.00)) t(x)",
        "2500.00"
      ),
    ],
    overloads: [interpolated([.any], isList: false)]
  )

  private static let deviation = AggregateFunction(
    "mad",
    summary: "Returns the median distance of the values from their median.",
    examples: [
      FunctionExample("SELECT mad(x) FROM (VALUES (1), (2), (5)) t(x)", "1.0"),
      FunctionExample("SELECT mad(x) FROM (VALUES (NULL::DOUBLE)) t(x)", "NULL"),
    ],
    overloads: [
      .collecting(
        [.exact(.double)],
        type: { _ in .double },
        compute: { (groups, groupCount, _) throws(ExecutionError) -> Column in
          let values = groups.columns[0].doubleValues()
          var builder = ColumnBuilder<Double>(capacity: groupCount)
          var meter = StepMeter()
          for group in 0..<groupCount {
            try meter.count(groups.rows(of: group).count)
            builder.append(medianDistance(values[groups.rows(of: group)]))
          }
          return builder.finish(type: .double)
        }
      ),
      .collecting(
        [.any],
        type: { types in
          [.date, .time, .timestamp, .timestampTZ].contains(types[0]) ? .interval : nil
        },
        compute: { (groups, groupCount, _) throws(ExecutionError) -> Column in
          TemporalQuantiles.deviations(of: groups.columns[0], groups, groupCount)
        }
      ),
    ]
  )

  // MARK: - Approximate by name

  private static let approximate = AggregateFunction(
    "approx_quantile",
    summary: "Returns the value below which a fraction of the values lies, as a value of their"
      + " type; exact here.",
    examples: [
      FunctionExample("SELECT approx_quantile(x, 0.5) FROM (VALUES (1), (2), (9)) t(x)", "2"),
      FunctionExample(
        "SELECT approx_quantile(x, [0.5, 1]) FROM (VALUES (1.0), (2.0)) t(x)",
        "[1.5, 2.0]"
      ),
    ],
    overloads: [
      interpolated([.any, .exact(.double)], isList: false, keepsType: true),
      interpolated([.any, .exact(.list(.double))], isList: true, keepsType: true),
    ]
  )

  private static let sampled = AggregateFunction(
    "reservoir_quantile",
    summary: "Returns the least value at or below which a fraction of the values lies, of all"
      + " values rather than of a sample.",
    examples: [
      FunctionExample("SELECT reservoir_quantile(x, 0.5) FROM (VALUES (1), (2), (9)) t(x)", "2"),
      FunctionExample(
        "SELECT reservoir_quantile(x, [0, 1], 100) FROM (VALUES (1), (2)) t(x)",
        "[1, 2]"
      ),
    ],
    overloads: [
      picked([.any, .exact(.double)], isList: false),
      picked([.any, .exact(.list(.double))], isList: true),
      picked([.any, .exact(.double), .exact(.bigint)], isList: false),
      picked([.any, .exact(.list(.double)), .exact(.bigint)], isList: true),
    ]
  )

  private static func medianDistance(_ values: ArraySlice<Double>) -> Double? {
    guard !values.isEmpty else { return nil }
    var keys = values.map { OrderKeys.orderedBits($0) }
    let middle = Quantile.neighbours(of: 0.5, in: &keys)
    let median = middle.interpolatedDouble
    var distances = values.map { OrderKeys.orderedBits(abs($0 - median)) }
    return Quantile.neighbours(of: 0.5, in: &distances).interpolatedDouble
  }

  // MARK: - Interpolated

  /// The type of an interpolated quantile: the mean of two values of the type.
  private static func interpolatedType(_ type: DataType) -> DataType? {
    switch type {
    case .tinyint, .smallint, .integer, .bigint, .hugeint, .double, .null: .double
    case .decimal: type
    case .date, .timestamp: .timestamp
    case .timestampTZ, .time, .interval: type
    case .boolean, .varchar, .blob, .enumeration, .list, .structure: nil
    }
  }

  private static func interpolated(
    _ parameters: [ParameterType],
    isList: Bool,
    keepsType: Bool = false
  ) -> AggregateOverload {
    .collecting(
      parameters,
      type: { types in
        guard var type = interpolatedType(types[0]) else { return nil }
        if keepsType { type = types[0] }
        return isList ? .list(type) : type
      },
      compute: { (groups, groupCount, input) throws(ExecutionError) -> Column in
        let fractions = parameters.count == 1 ? [0.5] : try fractions(input.constants[1])
        let elementType = interpolatedType(input.argumentTypes[0]) ?? .double
        let column = groups.columns[0].expanded()
        var results: Column
        if input.argumentTypes[0] == .null {
          results = .nulls(type: .double, count: groupCount * fractions.count)
        } else if elementType == .interval {
          results = TemporalQuantiles.intervals(of: column, fractions, groups, groupCount)
        } else if elementType == .double {
          results = try doubles(of: column, fractions, groups, groupCount)
        } else {
          results = try integers(of: column, fractions, groups, groupCount, type: elementType)
        }
        if keepsType {
          let context = FunctionContext(nowMicroseconds: 0)
          results = try Cast.convert(results, to: input.argumentTypes[0], context: context)
        }
        return isList
          ? lists(of: results, width: fractions.count, groups, groupCount) : results
      }
    )
  }

  /// One value per group and fraction, NULL for empty groups.
  private static func doubles(
    of column: Column,
    _ fractions: [Double],
    _ groups: CollectedGroups,
    _ groupCount: Int
  ) throws(ExecutionError) -> Column {
    var builder = ColumnBuilder<Double>(capacity: groupCount * fractions.count)
    var keys: [Int64] = []
    var meter = StepMeter()
    for group in 0..<groupCount {
      let rows = groups.rows(of: group)
      try meter.count(rows.count)
      switch column.data {
      case .float64(let values): keys = values[rows].map { OrderKeys.orderedBits($0) }
      case .int64(let values): keys = Array(values[rows])
      case .int128(let values):
        keys = values[rows].map { OrderKeys.orderedBits(Double($0)) }
      case .boolean, .text, .dictionary, .interval, .list, .structure: keys = []
      }
      let isInteger = column.type.physical == .int64
      for fraction in fractions {
        guard !keys.isEmpty else {
          builder.appendNull()
          continue
        }
        let neighbours = Quantile.neighbours(of: fraction, in: &keys)
        builder.append(
          isInteger ? neighbours.interpolatedInteger : neighbours.interpolatedDouble
        )
      }
    }
    return builder.finish(type: .double)
  }

  /// One value per group and fraction for decimals and times, cut off at their scale.
  private static func integers(
    of column: Column,
    _ fractions: [Double],
    _ groups: CollectedGroups,
    _ groupCount: Int,
    type: DataType
  ) throws(ExecutionError) -> Column {
    let factor: Int128 = column.type == .date ? 86_400_000_000 : 1
    var wide = ColumnBuilder<Int128>(capacity: groupCount * fractions.count)
    var keys: [Int128] = []
    var meter = StepMeter()
    for group in 0..<groupCount {
      let rows = groups.rows(of: group)
      try meter.count(rows.count)
      switch column.data {
      case .int64(let values): keys = values[rows].map { Int128($0) }
      case .int128(let values): keys = Array(values[rows])
      case .boolean, .float64, .text, .dictionary, .interval, .list, .structure: keys = []
      }
      for fraction in fractions {
        guard !keys.isEmpty else {
          wide.appendNull()
          continue
        }
        let neighbours = Quantile.neighbours(of: fraction, in: &keys)
        wide.append(neighbours.interpolated(times: factor, isRounding: type.isTemporal))
      }
    }
    let results = wide.finish(type: .hugeint)
    guard type.physical == .int64, case .int128(let values) = results.data else {
      return results.retyped(type)
    }
    return .integers(
      values.map { Int64(truncatingIfNeeded: $0) },
      type: type,
      validity: results.validity
    )
  }

  // MARK: - Picked

  /// A row by its value; of equal ones the first, so that the choice does not depend on the search.
  private struct Ranked: Comparable {
    let key: Int64
    let row: Int32

    static func < (lhs: Ranked, rhs: Ranked) -> Bool {
      lhs.key == rhs.key ? lhs.row < rhs.row : lhs.key < rhs.key
    }
  }

  private static func picked(_ parameters: [ParameterType], isList: Bool) -> AggregateOverload {
    .collecting(
      parameters,
      type: { isList ? .list($0[0]) : $0[0] },
      compute: { (groups, groupCount, input) throws(ExecutionError) -> Column in
        let fractions = try fractions(input.constants[1])
        let column = groups.columns[0]
        let order = OrderKeys.make(column)
        var rows: [Int32] = []
        var meter = StepMeter()
        for group in 0..<groupCount {
          try meter.count(groups.rows(of: group).count)
          var ranked = groups.rows(of: group).map { Ranked(key: order[$0], row: Int32($0)) }
          for fraction in fractions {
            let position = Quantile.position(of: fraction, count: ranked.count)
            rows.append(ranked.isEmpty ? -1 : Quantile.select(position, in: &ranked).row)
          }
        }
        let results =
          column.count == 0
          ? Column.nulls(type: column.type, count: rows.count) : column.gathered(rows)
        return isList
          ? lists(of: results, width: fractions.count, groups, groupCount) : results
      }
    )
  }

  // MARK: - Shared

  private static func lists(
    of values: Column,
    width: Int,
    _ groups: CollectedGroups,
    _ groupCount: Int
  ) -> Column {
    let validity = (0..<groupCount).map { !groups.rows(of: $0).isEmpty }
    let ranges = (0..<groupCount).map { Int32($0 * width)..<Int32(($0 + 1) * width) }
    return Column(
      type: .list(values.type),
      data: .list(ListVector(ranges: ranges, child: values)),
      validity: validity.contains(false) ? validity : nil,
      count: groupCount
    )
  }

  private static func fractions(_ constant: Value?) throws(ExecutionError) -> [Double] {
    let values: [Value] =
      switch constant {
      case .list(let values)?: values
      case let value?: [value]
      case nil: []
      }
    var fractions: [Double] = []
    for value in values {
      guard let fraction = value.asDouble, fraction >= -1, fraction <= 1 else { break }
      fractions.append(fraction)
    }
    guard !values.isEmpty, fractions.count == values.count else {
      throw ExecutionError(
        .invalidArgument,
        "the fraction of a quantile must be a constant from -1 to 1"
      )
    }
    return fractions
  }
}

extension Value {
  /// The number as a double; nil where this is no number.
  var asDouble: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .hugeint(let value): Double(value)
    case .decimal(let unscaled, let scale): Double(unscaled) / Double(powerOfTen(scale))
    case .double(let value): value
    case .null, .boolean, .text, .blob, .date, .time, .timestamp, .timestampTZ, .interval, .list,
      .structure, .map:
      nil
    }
  }
}
