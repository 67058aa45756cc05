/// Finding keys and values in maps.
enum MapSearchFunctions {
  static let all: [ScalarFunction] = [
    extract, extractValue, contains, containsValue, containsEntry,
  ]

  private static let extract = ScalarFunction(
    "map_extract",
    summary: "Returns the value of a key as a list, which is empty where the map has no such key.",
    examples: [
      FunctionExample("map_extract(MAP {'a': 1}, 'a')", "[1]"),
      FunctionExample("map_extract(MAP {'a': 1}, 'b')", "[]"),
    ],
    overloads: [
      ScalarOverload(
        [.map, .any],
        propagatesNull: false,
        result: { types in
          guard isKey(types), let value = types[0].mapTypes?.value else { return nil }
          return .list(value)
        },
        kernel: { (input) throws(ExecutionError) -> Column in
          let maps = MapArgument(input.arguments[0])
          let found = try positions(input, maps.keys, of: 1, in: maps)
          let lists = try input.lists(of: maps.values) { row in found[row].map { [$0] } ?? [] }
          let isValid = (0..<input.rowCount).map { input.arguments[0].isValid(at: $0) }
          return isValid.contains(false) ? lists.masked(by: isValid) : lists
        }
      )
    ]
  )

  private static let extractValue = ScalarFunction(
    "map_extract_value",
    summary: "Returns the value of a key, NULL where the map has no such key; `m[k]` is short for"
      + " it.",
    examples: [
      FunctionExample("map_extract_value(MAP {'a': 1}, 'a')", "1"),
      FunctionExample("(MAP {'a': 1})['b']", "NULL"),
    ],
    overloads: [
      ScalarOverload(
        [.map, .any],
        propagatesNull: false,
        result: { isKey($0) ? $0[0].mapTypes?.value : nil },
        kernel: { (input) throws(ExecutionError) -> Column in
          let maps = MapArgument(input.arguments[0])
          let found = try positions(input, maps.keys, of: 1, in: maps)
          let rows = found.map { Int32(clamping: $0 ?? -1) }
          return maps.values.count == 0
            ? .nulls(type: input.resultType, count: input.rowCount) : maps.values.gathered(rows)
        }
      )
    ]
  )

  private static let contains = ScalarFunction(
    "map_contains",
    summary: "Returns whether a map has a key.",
    examples: [
      FunctionExample("map_contains(MAP {'a': 1}, 'a')", "true"),
      FunctionExample("map_contains(MAP {'a': 1}, 'b')", "false"),
    ],
    overloads: [
      ScalarOverload(
        [.map, .any],
        result: { isKey($0) ? .boolean : nil },
        kernel: { (input) throws(ExecutionError) -> Column in
          let maps = MapArgument(input.arguments[0])
          let found = try positions(input, maps.keys, of: 1, in: maps)
          return try input.build { (row) throws(ExecutionError) -> Bool? in found[row] != nil }
        }
      )
    ]
  )

  private static let containsValue = ScalarFunction(
    "map_contains_value",
    summary: "Returns whether a value is one of a map's.",
    examples: [
      FunctionExample("map_contains_value(MAP {'a': 1}, 1)", "true"),
      FunctionExample("map_contains_value(MAP {'a': 1}, 2)", "false"),
    ],
    overloads: [
      ScalarOverload(
        [.map, .any],
        result: { isValue($0[1], of: $0[0]) ? .boolean : nil },
        kernel: { (input) throws(ExecutionError) -> Column in
          let maps = MapArgument(input.arguments[0])
          let found = try positions(input, maps.values, of: 1, in: maps)
          return try input.build { (row) throws(ExecutionError) -> Bool? in found[row] != nil }
        }
      )
    ]
  )

  private static let containsEntry = ScalarFunction(
    "map_contains_entry",
    summary: "Returns whether a map has a key with a value.",
    examples: [
      FunctionExample("map_contains_entry(MAP {'a': 1}, 'a', 1)", "true"),
      FunctionExample("map_contains_entry(MAP {'a': 1}, 'a', 2)", "false"),
    ],
    overloads: [
      ScalarOverload(
        [.map, .any, .any],
        result: { isKey($0) && isValue($0[2], of: $0[0]) ? .boolean : nil },
        kernel: { (input) throws(ExecutionError) -> Column in
          let maps = MapArgument(input.arguments[0])
          let found = try positions(input, maps.keys, of: 1, in: maps)
          guard
            let type = TypeCoercion.commonType(maps.values.type, input.arguments[2].type)
          else { return .nulls(type: .boolean, count: input.rowCount) }
          let values = try Cast.convert(maps.values, to: type, context: input.context).expanded()
          let wanted = try Cast.convert(input.arguments[2], to: type, context: input.context)
            .expanded()
          return try input.build { (row) throws(ExecutionError) -> Bool? in
            guard let place = found[row], values.isValid(at: place) else { return false }
            return RowOrder.compare(values, place, wanted, row) == 0
          }
        }
      )
    ]
  )

  private static func isKey(_ types: [DataType]) -> Bool {
    guard let key = types[0].mapTypes?.key else { return false }
    return TypeCoercion.commonType(key, types[1]) != nil
  }

  private static func isValue(_ type: DataType, of map: DataType) -> Bool {
    guard let value = map.mapTypes?.value else { return false }
    return TypeCoercion.commonType(value, type) != nil
  }

  /// Per row the first of a map's entries whose part is what an argument gives; nil where none is.
  ///
  /// Keys and what is looked for are numbered together. One map for all rows is a dictionary, and
  /// maps of their own are read once.
  private static func positions(
    _ input: KernelInput,
    _ parts: Column,
    of argument: Int,
    in maps: MapArgument
  ) throws(ExecutionError) -> [Int?] {
    let wanted = input.arguments[argument]
    var found = [Int?](repeating: nil, count: input.rowCount)
    guard parts.count > 0, input.rowCount > 0,
      let type = TypeCoercion.commonType(parts.type, wanted.type)
    else { return found }
    let known = try Cast.convert(parts, to: type, context: input.context).expanded()
    let asked = try Cast.convert(wanted, to: type, context: input.context).expanded()
    let all = try Column.concatenated([known, asked], type: type)
    let codes = try DistinctCodes(all).codes
    var places: [Int32: Int] = [:]
    if maps.isConstant {
      for place in maps.range(0) where all.isValid(at: place) && places[codes[place]] == nil {
        places[codes[place]] = place
      }
    }
    for row in 0..<input.rowCount where wanted.isValid(at: row) {
      let code = codes[known.count + row]
      found[row] =
        maps.isConstant
        ? places[code]
        : maps.range(row).first { all.isValid(at: $0) && codes[$0] == code }
    }
    return found
  }
}
