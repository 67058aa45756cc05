/// Finding values in lists.
enum ListSearchFunctions {
  static let all: [ScalarFunction] = [
    contains, position, hasAny, hasAll, containedBy, intersect,
  ]

  private static let contains = ScalarFunction(
    "list_contains",
    aliases: ["list_has", "array_contains", "array_has"],
    summary: "Returns whether a list holds a value; NULL where either is, but false for an empty"
      + " list.",
    examples: [
      FunctionExample("list_contains([1, 2], 2)", "true"),
      FunctionExample("list_contains(['a'], 'b')", "false"),
      FunctionExample("list_contains([]::INTEGER[], NULL)", "false"),
    ],
    overloads: [containing]
  )

  /// The overload of `contains` and `list_contains`.
  static let containing = ScalarOverload(
    [.list, .any],
    propagatesNull: false,
    result: { elementsCompare($0) ? .boolean : nil },
    kernel: { (input) throws(ExecutionError) -> Column in
      let lists = ListArgument(input.arguments[0])
      let search = try ListSearch(input)
      return try input.build { (row) throws(ExecutionError) -> Bool? in
        guard input.arguments[0].isValid(at: row) else { return nil }
        if lists.range(row).isEmpty { return false }
        return input.arguments[1].isValid(at: row) ? search.position(in: row) != nil : nil
      }
    }
  )

  private static let position = ScalarFunction(
    "list_position",
    aliases: ["list_indexof", "array_position", "array_indexof"],
    summary: "Returns where a list first holds a value, or NULL, counted from 1; NULL where it does"
      + " not.",
    examples: [
      FunctionExample("list_position([5, 7], 7)", "2"),
      FunctionExample("list_position([5, 7], 9)", "NULL"),
    ],
    overloads: [
      ScalarOverload(
        [.list, .any],
        propagatesNull: false,
        result: { elementsCompare($0) ? .integer : nil },
        kernel: { (input) throws(ExecutionError) -> Column in
          let search = try ListSearch(input)
          return try input.build { (row) throws(ExecutionError) -> Int64? in
            let position =
              input.arguments[1].isValid(at: row)
              ? search.position(in: row) : search.positionOfNull(in: row)
            return position.map { Int64($0 + 1) }
          }
        }
      )
    ]
  )

  private static func elementsCompare(_ types: [DataType]) -> Bool {
    guard case .list(let element) = types[0] else { return false }
    return TypeCoercion.commonType(of: [element, types[1]]) != nil
  }

  // MARK: - Lists against lists

  private static let hasAny = ScalarFunction(
    "list_has_any",
    aliases: ["array_has_any", "&&"],
    summary: "Returns whether two lists have a value in common.",
    examples: [
      FunctionExample("list_has_any([1, 2], [2, 3])", "true"),
      FunctionExample("list_has_any([1], [3])", "false"),
    ],
    overloads: [
      comparing(to: .boolean) { (input, codes, left, right) throws(ExecutionError) -> Column in
        try input.build { (row) throws(ExecutionError) -> Bool? in
          let members = Set(right[row].map { codes[$0] })
          return left[row].contains { members.contains(codes[$0]) }
        }
      }
    ]
  )

  private static let hasAll = ScalarFunction(
    "list_has_all",
    aliases: ["array_has_all", "@>"],
    summary: "Returns whether the first list holds every value of the second.",
    examples: [
      FunctionExample("list_has_all([1, 2], [2])", "true"),
      FunctionExample("list_has_all([1], [1, 3])", "false"),
    ],
    overloads: [
      comparing(to: .boolean) { (input, codes, left, right) throws(ExecutionError) -> Column in
        try input.build { (row) throws(ExecutionError) -> Bool? in
          let members = Set(left[row].map { codes[$0] })
          return right[row].allSatisfy { members.contains(codes[$0]) }
        }
      }
    ]
  )

  private static let containedBy = ScalarFunction(
    "<@",
    summary: "Returns whether the second list holds every value of the first.",
    examples: [
      FunctionExample("[2] <@ [1, 2]", "true"), FunctionExample("[3] <@ [1, 2]", "false"),
    ],
    overloads: [
      comparing(to: .boolean) { (input, codes, left, right) throws(ExecutionError) -> Column in
        try input.build { (row) throws(ExecutionError) -> Bool? in
          let members = Set(right[row].map { codes[$0] })
          return left[row].allSatisfy { members.contains(codes[$0]) }
        }
      }
    ]
  )

  private static let intersect = ScalarFunction(
    "list_intersect",
    aliases: ["array_intersect"],
    summary: "Returns the distinct values that two lists have in common, in the first one's order.",
    examples: [
      FunctionExample("list_intersect([1, 2, 2], [2, 3])", "[2]"),
      FunctionExample("list_intersect(['a'], ['b'])", "[]"),
    ],
    overloads: [
      ScalarOverload(
        [.common, .common],
        propagatesNull: false,
        result: { if case .list = $0[0] { $0[0] } else { nil } },
        kernel: { (input) throws(ExecutionError) -> Column in
          let pair = try ListPair(input)
          return try input.lists(of: pair.child) { row in
            let members = Set(pair.right[row].map { pair.codes[$0] })
            var seen: Set<Int32> = []
            return pair.left[row].filter {
              members.contains(pair.codes[$0]) && seen.insert(pair.codes[$0]).inserted
            }
          }.withValidity(input.arguments[0].validityPerRow())
        }
      )
    ]
  )

  private static func comparing(
    to type: DataType,
    _ body:
      @escaping @Sendable (KernelInput, [Int32], [[Int]], [[Int]]) throws(ExecutionError) -> Column
  ) -> ScalarOverload {
    ScalarOverload(
      [.common, .common],
      result: { if case .list = $0[0] { type } else { nil } },
      kernel: { (input) throws(ExecutionError) -> Column in
        let pair = try ListPair(input)
        return try body(input, pair.codes, pair.left, pair.right)
      }
    )
  }
}

/// Two list arguments of one type, with codes that are equal for equal values.
private struct ListPair {
  let child: Column
  let codes: [Int32]
  /// The rows of `child` that are the values of each row's first list, without NULLs.
  let left: [[Int]]
  /// The same of the second list.
  let right: [[Int]]

  init(_ input: KernelInput) throws(ExecutionError) {
    let first = ListArgument(input.arguments[0])
    let second = ListArgument(input.arguments[1])
    let child = try Column.concatenated([first.child, second.child], type: first.child.type)
    let shift = first.child.count
    self.child = child
    codes = try DistinctCodes(child).codes
    left = (0..<input.rowCount).map { row in
      first.range(row).filter { child.isValid(at: $0) }
    }
    right = (0..<input.rowCount).map { row in
      second.range(row).map { $0 + shift }.filter { child.isValid(at: $0) }
    }
  }
}

/// A list argument, read by row whether it is constant or not.
struct ListArgument {
  /// The elements of all lists, flat.
  let child: Column
  private let ranges: [Range<Int32>]
  private let column: Column

  init(_ column: Column) {
    self.column = column
    if case .list(let lists) = column.data {
      child = lists.child.expanded()
      ranges = lists.ranges
    } else {
      // The type of a bare NULL.
      child = .nulls(type: .null, count: 0).expanded()
      ranges = []
    }
  }

  /// The rows of `child` that are a row's elements; none where the list is NULL.
  func range(_ row: Int) -> Range<Int> {
    guard !ranges.isEmpty, column.isValid(at: row) else { return 0..<0 }
    let range = ranges[column.position(of: row)]
    return Int(range.lowerBound)..<Int(range.upperBound)
  }
}

/// A search for one value per row in that row's list.
private struct ListSearch {
  private let list: ListArgument
  private let values: Column

  init(_ input: KernelInput) throws(ExecutionError) {
    guard case .list(let element) = input.arguments[0].type,
      let type = TypeCoercion.commonType(of: [element, input.arguments[1].type])
    else {
      throw ExecutionError(.invalidArgument, "a list is searched for a value of its elements' type")
    }
    let column = try Cast.convert(
      input.arguments[0],
      to: .list(type),
      context: input.context
    )
    list = ListArgument(column)
    values = try Cast.convert(input.arguments[1], to: type, context: input.context)
  }

  /// Returns the position of the first NULL in the row's list, from zero.
  func positionOfNull(in row: Int) -> Int? {
    let range = list.range(row)
    return range.first { !list.child.isValid(at: $0) }.map { $0 - range.lowerBound }
  }

  /// Returns the position of the row's value in its list, from zero.
  func position(in row: Int) -> Int? {
    let range = list.range(row)
    for element in range where list.child.isValid(at: element) {
      if RowOrder.compare(list.child, element, values, row) == 0 {
        return element - range.lowerBound
      }
    }
    return nil
  }
}

extension KernelInput {
  /// Makes lists by picking rows of a child column for each row where no argument is NULL.
  func lists(
    of child: Column,
    _ rows: (Int) throws(ExecutionError) -> [Int]
  ) throws(ExecutionError) -> Column {
    var picked: [Int32] = []
    var ranges: [Range<Int32>] = []
    ranges.reserveCapacity(rowCount)
    var meter = StepMeter()
    for row in 0..<rowCount {
      let start = Int32(picked.count)
      if validity?[row] ?? true {
        for element in try rows(row) { picked.append(Int32(element)) }
        try meter.count(picked.count - Int(start) + 16)
      }
      ranges.append(start..<Int32(picked.count))
    }
    return column(.list(ListVector(ranges: ranges, child: child.gathered(picked))))
  }
}
