/// Making maps, and taking them apart.
enum MapFunctions {
  static let all: [ScalarFunction] = [
    make, fromEntries, keys, values, entries, cardinality, concat,
  ]

  private static let make = ScalarFunction(
    "map",
    summary: "Returns a map of a list of keys and a list of values; `MAP {k: v}` is short for it.",
    examples: [
      FunctionExample("map(['a', 'b'], [1, 2])", "{a=1, b=2}"),
      FunctionExample("MAP {'a': 1}", "{a=1}"),
      FunctionExample("map()", "{}"),
    ],
    overloads: [
      ScalarOverload(
        [],
        result: { _ in .map(.null, to: .null) },
        kernel: { input in
          let none = AnyColumnBuilder(type: .null).finish()
          let ranges = Array(repeating: Int32(0)..<0, count: input.rowCount)
          return input.column(.list(ListVector(ranges: ranges, child: .entries(none, none))))
        }
      ),
      ScalarOverload(
        [.list, .list],
        result: { types in
          guard case .list(let key) = types[0], case .list(let value) = types[1] else { return nil }
          return .map(key, to: value)
        },
        kernel: { (input) throws(ExecutionError) -> Column in
          let keys = ListArgument(input.arguments[0])
          let values = ListArgument(input.arguments[1])
          var builder = MapBuilder(keys.child, values.child)
          for row in 0..<input.rowCount {
            guard input.validity?[row] ?? true else {
              builder.endRow()
              continue
            }
            guard keys.range(row).count == values.range(row).count else {
              throw ExecutionError(
                .invalidArgument,
                "a map needs as many keys as values; found \(keys.range(row).count) and"
                  + " \(values.range(row).count)"
              )
            }
            for (key, value) in zip(keys.range(row), values.range(row)) {
              builder.append(key: key, value: value)
            }
            builder.endRow()
          }
          return try builder.finish(input)
        }
      ),
    ]
  )

  private static let fromEntries = ScalarFunction(
    "map_from_entries",
    summary: "Returns a map of a list of structs of two members each, a key and its value.",
    examples: [
      FunctionExample("map_from_entries([{'k': 'a', 'v': 1}])", "{a=1}"),
      FunctionExample("map_from_entries([row(1, 'x'), row(2, 'y')])", "{1=x, 2=y}"),
    ],
    overloads: [
      ScalarOverload(
        [.list],
        result: { types in
          switch types[0] {
          case .list(.structure(let fields)) where fields.count == 2:
            .map(fields[0].type, to: fields[1].type)
          case .list(.null): .map(.null, to: .null)
          default: nil  // no list of pairs
          }
        },
        kernel: { (input) throws(ExecutionError) -> Column in
          let pairs = ListArgument(input.arguments[0])
          let none = AnyColumnBuilder(type: .null).finish()
          var builder = MapBuilder(none, none)
          // A list without a member type holds nothing, or NULLs.
          if case .structure(let members, _) = pairs.child.data, members.count == 2 {
            builder = MapBuilder(members[0].expanded(), members[1].expanded())
          }
          for row in 0..<input.rowCount {
            for pair in pairs.range(row) {
              guard pairs.child.isValid(at: pair) else {
                throw ExecutionError(.invalidArgument, "an entry of a map must not be NULL")
              }
              builder.append(key: pair, value: pair)
            }
            builder.endRow()
          }
          return try builder.finish(input)
        }
      )
    ]
  )

  private static let keys = part(
    "map_keys",
    "Returns the keys of a map as a list.",
    [("map_keys(MAP {'a': 1, 'b': 2})", "[a, b]"), ("map_keys(map())", "[]")],
    type: { $0.key },
    column: { $0.keys }
  )

  private static let values = part(
    "map_values",
    "Returns the values of a map as a list.",
    [("map_values(MAP {'a': 1, 'b': NULL})", "[1, NULL]"), ("map_values(map())", "[]")],
    type: { $0.value },
    column: { $0.values }
  )

  private static let entries = part(
    "map_entries",
    "Returns the entries of a map as a list of structs (key, value).",
    [
      ("map_entries(MAP {'a': 1})", "[{'key': a, 'value': 1}]"), ("map_entries(map())", "[]"),
    ],
    type: { types in
      .structure([
        StructField(name: "key", type: types.key), StructField(name: "value", type: types.value),
      ])
    },
    column: { maps in
      let entries = Column.entries(maps.keys, maps.values)
      return entries.retyped(DataType.list(entries.type).mapEntryType ?? entries.type)
    }
  )

  /// A function that gives a list of something of each entry.
  private static func part(
    _ name: String,
    _ summary: String,
    _ examples: [(String, String)],
    type: @escaping @Sendable ((key: DataType, value: DataType)) -> DataType,
    column: @escaping @Sendable (MapArgument) -> Column
  ) -> ScalarFunction {
    ScalarFunction(
      name,
      summary: summary,
      examples: examples.map { FunctionExample($0.0, $0.1) },
      overloads: [
        ScalarOverload(
          [.map],
          result: { $0[0].mapTypes.map { .list(type($0)) } },
          kernel: { (input) throws(ExecutionError) -> Column in
            let maps = MapArgument(input.arguments[0])
            return try input.lists(of: column(maps)) { Array(maps.range($0)) }
          }
        )
      ]
    )
  }

  private static let cardinality = ScalarFunction(
    "cardinality",
    summary: "Returns the number of entries of a map, or of elements of a list.",
    examples: [
      FunctionExample("cardinality(MAP {'a': 1, 'b': 2})", "2"),
      FunctionExample("cardinality([1, 2, 3])", "3"),
    ],
    overloads: [counting(.map), counting(.list)]
  )

  private static func counting(_ parameter: ParameterType) -> ScalarOverload {
    ScalarOverload(
      [parameter],
      result: { _ in .bigint },
      kernel: { (input) throws(ExecutionError) -> Column in
        let lists = ListArgument(input.arguments[0])
        return try input.build { (row) throws(ExecutionError) -> Int64? in
          Int64(lists.range(row).count)
        }
      }
    )
  }

  private static let concat = ScalarFunction(
    "map_concat",
    summary: "Returns the entries of all maps as one map; of equal keys the last one's value"
      + " counts, and a NULL map as empty.",
    examples: [
      FunctionExample("map_concat(MAP {'a': 1, 'b': 2}, MAP {'b': 3})", "{a=1, b=3}"),
      FunctionExample("map_concat(MAP {'a': 1}, NULL)", "{a=1}"),
    ],
    overloads: [
      ScalarOverload(
        [.common],
        variadic: .common,
        propagatesNull: false,
        result: { $0[0].isMap || $0[0] == .null ? $0[0] : nil },
        kernel: { (input) throws(ExecutionError) -> Column in
          let maps = input.arguments.map { MapArgument($0) }
          guard let types = input.resultType.mapTypes else {
            return .nulls(type: input.resultType, count: input.rowCount)
          }
          let keys = try Column.concatenated(maps.map(\.keys), type: types.key)
          let values = try Column.concatenated(maps.map(\.values), type: types.value)
          let codes = keys.count == 0 ? [] : try DistinctCodes(keys).codes
          var builder = MapBuilder(keys, values)
          var validity = [Bool](repeating: true, count: input.rowCount)
          for row in 0..<input.rowCount {
            validity[row] = input.arguments.contains { $0.isValid(at: row) }
            var places: [Int32: Int] = [:]
            var entries: [(key: Int, value: Int)] = []
            var shift = 0
            for map in maps {
              for entry in map.range(row) {
                let own = entry + shift
                if let place = places[codes[own]] {
                  entries[place].value = own
                } else {
                  places[codes[own]] = entries.count
                  entries.append((own, own))
                }
              }
              shift += map.keys.count
            }
            for entry in entries { builder.append(key: entry.key, value: entry.value) }
            builder.endRow()
          }
          return try builder.finish(input, validity: validity)
        }
      )
    ]
  )
}

/// Collects the entries of one map per row out of columns of keys and values.
private struct MapBuilder {
  private let keys: Column
  private let values: Column
  private var keyRows: [Int32] = []
  private var valueRows: [Int32] = []
  private var ranges: [Range<Int32>] = []

  init(_ keys: Column, _ values: Column) {
    self.keys = keys
    self.values = values
  }

  mutating func append(key: Int, value: Int) {
    keyRows.append(Int32(clamping: key))
    valueRows.append(Int32(clamping: value))
  }

  mutating func endRow() {
    let start = ranges.last?.upperBound ?? 0
    ranges.append(start..<Int32(clamping: keyRows.count))
  }

  /// The maps, whose keys must be unique and not NULL.
  func finish(_ input: KernelInput, validity: [Bool]? = nil) throws(ExecutionError) -> Column {
    let keys = keys.gathered(keyRows)
    var check = try MapKeyCheck(keys)
    for range in ranges {
      try Cancellation.check()
      if let fault = check.fault(in: range) { throw ExecutionError(.invalidArgument, fault) }
    }
    let entries = Column.entries(keys, values.gathered(valueRows))
    return input.column(.list(ListVector(ranges: ranges, child: entries)), validity: validity)
  }
}
