/// Aggregates over the elements of one list: `list_sum(x)` is `sum` of the list's elements.
enum ListAggregateFunctions {
  static let all: [ScalarFunction] =
    [
      any,
      make("sum", "the sum", FunctionExample("list_sum([1, 2])", "3")),
      make("avg", "the mean", FunctionExample("list_avg([1, 2])", "1.5"), others: ["mean"]),
      make("min", "the least", FunctionExample("list_min([2, 1])", "1")),
      make("max", "the greatest", FunctionExample("list_max([2, 1])", "2")),
      make("count", "the number", FunctionExample("list_count([1, NULL])", "1")),
      make("median", "the median", FunctionExample("list_median([1, 2, 4])", "2.0")),
      make("mode", "the most frequent", FunctionExample("list_mode([1, 1, 2])", "1")),
      make("product", "the product", FunctionExample("list_product([2, 3])", "6.0")),
      make("any_value", "the first", FunctionExample("list_any_value([NULL, 1])", "1")),
      make("first", "the first", FunctionExample("list_first([1, 2])", "1")),
      make("last", "the last", FunctionExample("list_last([1, 2])", "2")),
      make(
        "stddev_samp",
        "the standard deviation",
        FunctionExample("list_stddev_samp([1])", "NULL")
      ),
      make("var_samp", "the variance", FunctionExample("list_var_samp([1, 2, 3])", "1.0")),
      make("string_agg", "the texts", FunctionExample("list_string_agg(['a', 'b'])", "a,b")),
      make(
        "bool_and",
        "whether all hold",
        FunctionExample("list_bool_and([true, false])", "false"),
        element: .boolean
      ),
      make(
        "bool_or",
        "whether any holds",
        FunctionExample("list_bool_or([true, false])", "true"),
        element: .boolean
      ),
      make("entropy", "the entropy", FunctionExample("list_entropy([1, 1])", "0.0")),
    ] + further

  private static let further: [ScalarFunction] = [
    make(
      "approx_count_distinct",
      "about the number of distinct values",
      FunctionExample("list_approx_count_distinct([1, 1, 2])", "2")
    ),
    make("bit_and", "the common bits", FunctionExample("list_bit_and([7, 5])", "5")),
    make("bit_or", "the bits", FunctionExample("list_bit_or([1, 4])", "5")),
    make(
      "bit_xor",
      "the bits held an odd number of times",
      FunctionExample("list_bit_xor([7, 5])", "2")
    ),
    make(
      "histogram",
      "the counts",
      FunctionExample("list_histogram([1, 1, 2])", "{1=2, 2=1}")
    ),
    make("skewness", "the skewness", FunctionExample("list_skewness([1, 2, 3])", "0.0")),
    make("kurtosis", "the kurtosis", FunctionExample("list_kurtosis([1, 2, 3])", "NULL")),
    make(
      "kurtosis_pop",
      "the kurtosis of a population",
      FunctionExample("list_kurtosis_pop([1, 2])", "-2.0")
    ),
    make(
      "mad",
      "the median distance from the median",
      FunctionExample("list_mad([1, 2, 9])", "1.0")
    ),
    make("sem", "the standard error", FunctionExample("list_sem([1, 1])", "0.0")),
    make(
      "stddev_pop",
      "the standard deviation of a population",
      FunctionExample("list_stddev_pop([1, 3])", "1.0")
    ),
    make(
      "var_pop",
      "the variance of a population",
      FunctionExample("list_var_pop([1, 3])", "1.0")
    ),
  ]

  private static let any = ScalarFunction(
    "list_aggregate",
    aliases: ["list_aggr", "array_aggregate", "array_aggr", "aggregate"],
    summary: "Returns what the aggregate of a name, which must be constant, gives for the elements"
      + " of a list.",
    examples: [
      FunctionExample("list_aggregate([1, 2], 'max')", "2"),
      FunctionExample("list_aggregate(['a', 'b'], 'string_agg', '-')", "a-b"),
    ],
    overloads: [
      ScalarOverload(
        [.list, .exact(.varchar)],
        variadic: .any,
        result: { $0[0] },
        resultOfConstants: { types, constants in
          guard case .list(let element) = types[0], constants.count > 1,
            case .text(let name)? = constants[1]
          else { return nil }
          return resolve(name, [element] + types.dropFirst(2))?.resultType
        },
        kernel: { (input) throws(ExecutionError) -> Column in
          let name = input.arguments[1]
          guard name.isConstant, input.rowCount > 0, case .text(let text) = name.value(at: 0) else {
            throw ExecutionError(
              .invalidArgument,
              "the name of an aggregate in list_aggregate must be a constant"
            )
          }
          return try aggregated(text, input, furtherArguments: Array(input.arguments.dropFirst(2)))
        }
      )
    ]
  )

  private static func make(
    _ name: String,
    _ what: String,
    _ example: FunctionExample,
    others: [String] = [],
    element: DataType = .integer
  ) -> ScalarFunction {
    ScalarFunction(
      "list_\(name)",
      aliases: ["array_\(name)"] + others.map { "list_\($0)" },
      summary: "Returns \(what) of the elements of a list, as the aggregate \(name) does.",
      examples: [example, FunctionExample("list_\(name)(NULL::\(element)[])", "NULL")],
      overloads: [
        ScalarOverload(
          [.list],
          result: { types in
            guard case .list(let element) = types[0] else { return nil }
            return resolve(name, [element])?.resultType
          },
          kernel: { (input) throws(ExecutionError) -> Column in
            try aggregated(name, input)
          }
        )
      ]
    )
  }

  private static func resolve(_ name: String, _ types: [DataType]) -> ResolvedAggregate? {
    let found = FunctionRegistry.standard.resolveAggregate(name: name, argumentTypes: types)
    guard case .success(let resolved) = found else { return nil }
    return resolved
  }

  private static func aggregated(
    _ name: String,
    _ input: KernelInput,
    furtherArguments: [Column] = []
  ) throws(ExecutionError) -> Column {
    let lists = ListArgument(input.arguments[0])
    guard let resolved = resolve(name, [lists.child.type] + furtherArguments.map(\.type)),
      resolved.resultType == input.resultType
    else {
      throw ExecutionError(
        .invalidArgument,
        "no aggregate '\(name)' applies to the list's elements"
      )
    }
    let state = try resolved.overload.makeState(
      AggregateInput(
        argumentTypes: resolved.argumentTypes,
        constants: [nil] + furtherArguments.map { $0.isConstant ? $0.value(at: 0) : nil },
        resultType: resolved.resultType
      )
    )
    var elements: [Int32] = []
    var groups: [Int32] = []
    for row in 0..<input.rowCount {
      for element in lists.range(row) {
        elements.append(Int32(element))
        groups.append(Int32(row))
      }
    }
    state.resize(groupCount: input.rowCount)
    var arguments = [lists.child.gathered(elements)]
    arguments += furtherArguments.map { $0.gathered(groups) }
    for position in arguments.indices {
      arguments[position] = try Cast.convert(
        arguments[position],
        to: resolved.argumentTypes[position],
        context: input.context
      )
    }
    try state.update(arguments: arguments, groups: groups, rowCount: elements.count)
    return try state.finish(groupCount: input.rowCount)
  }
}
