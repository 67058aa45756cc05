/// Picking elements of lists by flags and positions, and making lists longer or shorter.
enum ListPickingFunctions {
  static let all: [ScalarFunction] = [byFlags, byPositions, resize, popBack, popFront, pushFront]

  // MARK: - Picking

  private static let byFlags = ScalarFunction(
    "list_where",
    aliases: ["array_where"],
    summary: "Returns the elements of a list at whose positions another list is true.",
    examples: [
      FunctionExample("list_where([10, 20, 30], [true, false, true])", "[10, 30]"),
      FunctionExample("list_where([10], [true, true])", "[10, NULL]"),
    ],
    overloads: [
      ScalarOverload(
        [.list, .exact(.list(.boolean))],
        result: { $0[0] },
        kernel: { (input) throws(ExecutionError) -> Column in
          let lists = ListArgument(input.arguments[0])
          let flags = ListArgument(input.arguments[1])
          let isTrue = input.argument(flags.child, of: Bool.self)
          return try input.listsWithGaps(of: lists.child) { (row) throws(ExecutionError) in
            let range = lists.range(row)
            let chosen = flags.range(row)
            try requireValues(flags.child, chosen, "list_where")
            return chosen.indices.filter { isTrue[$0] }.map { flag in
              let position = flag - chosen.lowerBound
              return position < range.count ? range.lowerBound + position : nil
            }
          }
        }
      )
    ]
  )

  private static let byPositions = ScalarFunction(
    "list_select",
    aliases: ["array_select"],
    summary: "Returns the elements of a list at the positions that another list gives, counted"
      + " from 1; NULL where there is no such position.",
    examples: [
      FunctionExample("list_select([10, 20, 30], [3, 1, 1])", "[30, 10, 10]"),
      FunctionExample("list_select(['a'], [2])", "[NULL]"),
    ],
    overloads: [
      ScalarOverload(
        [.list, .exact(.list(.bigint))],
        result: { $0[0] },
        kernel: { (input) throws(ExecutionError) -> Column in
          let lists = ListArgument(input.arguments[0])
          let positions = ListArgument(input.arguments[1])
          let numbers = input.argument(positions.child, of: Int64.self)
          return try input.listsWithGaps(of: lists.child) { (row) throws(ExecutionError) in
            let range = lists.range(row)
            let chosen = positions.range(row)
            try requireValues(positions.child, chosen, "list_select")
            return chosen.map { index in
              guard numbers[index] >= 1, numbers[index] <= Int64(range.count) else { return nil }
              return range.lowerBound + Int(numbers[index]) - 1
            }
          }
        }
      )
    ]
  )

  private static func requireValues(
    _ child: Column,
    _ rows: Range<Int>,
    _ name: String
  ) throws(ExecutionError) {
    guard rows.allSatisfy({ child.isValid(at: $0) }) else {
      throw ExecutionError(.invalidArgument, "the second list of \(name) must not hold NULL")
    }
  }

  // MARK: - Length

  private static let resize = ScalarFunction(
    "list_resize",
    aliases: ["array_resize"],
    summary: "Returns the first elements of a list, or the list filled up with NULL or a value, so"
      + " that it has a number of elements.",
    examples: [
      FunctionExample("list_resize([1, 2, 3], 2)", "[1, 2]"),
      FunctionExample("list_resize([1], 3, 0)", "[1, 0, 0]"),
    ],
    overloads: [resizing([.list, .exact(.bigint)]), resizing([.list, .exact(.bigint), .any])]
  )

  private static func resizing(_ parameters: [ParameterType]) -> ScalarOverload {
    ScalarOverload(
      parameters,
      propagatesNull: false,
      result: { $0[0] },
      kernel: { (input) throws(ExecutionError) -> Column in
        guard case .list(let element) = input.resultType, element != .null else {
          return .nulls(type: input.resultType, count: input.rowCount)
        }
        let lists = ListArgument(input.arguments[0])
        let sizes = input.argument(1, of: Int64.self)
        let filler =
          input.arguments.count > 2
          ? input.arguments[2] : .nulls(type: element, count: input.rowCount)
        let fillers = try Cast.convert(filler, to: element, context: input.context).expanded()
        let child = try Column.concatenated([lists.child, fillers], type: element)
        let shift = lists.child.count
        var total = 0
        let resized = try input.listsWithGaps(of: child) { (row) throws(ExecutionError) in
          guard input.arguments[0].isValid(at: row), input.arguments[1].isValid(at: row) else {
            return []
          }
          let size = sizes[row]
          total += Int(clamping: max(0, size))
          guard size >= 0, total <= ListSeriesFunctions.maximumCount else {
            throw ExecutionError(
              size < 0 ? .invalidArgument : .limit,
              "list_resize takes 0 to \(ListSeriesFunctions.maximumCount) elements, not \(size)"
            )
          }
          let kept = lists.range(row).prefix(Int(size))
          return Array(kept) + Array(repeating: shift + row, count: Int(size) - kept.count)
        }
        return resized.withValidity(input.arguments[0].validityPerRow())
      }
    )
  }

  private static let popBack = ScalarFunction(
    "array_pop_back",
    aliases: ["list_pop_back"],
    summary: "Returns the list without its last element.",
    examples: [
      FunctionExample("array_pop_back([1, 2, 3])", "[1, 2]"),
      FunctionExample("array_pop_back(NULL::INTEGER[])", "NULL"),
    ],
    overloads: [picking { $0.dropLast() }]
  )

  private static let popFront = ScalarFunction(
    "array_pop_front",
    aliases: ["list_pop_front"],
    summary: "Returns the list without its first element.",
    examples: [
      FunctionExample("array_pop_front([1, 2, 3])", "[2, 3]"),
      FunctionExample("array_pop_front(['a'])", "[]"),
    ],
    overloads: [picking { $0.dropFirst() }]
  )

  private static func picking(
    _ body: @escaping @Sendable (Range<Int>) -> Range<Int>
  ) -> ScalarOverload {
    ScalarOverload(
      [.list],
      result: { $0[0] },
      kernel: { (input) throws(ExecutionError) -> Column in
        let lists = ListArgument(input.arguments[0])
        return try input.lists(of: lists.child) { Array(body(lists.range($0))) }
      }
    )
  }

  private static let pushFront = ScalarFunction(
    "array_push_front",
    aliases: ["list_push_front"],
    summary: "Returns the list with a value added at its start.",
    examples: [
      FunctionExample("array_push_front([1, 2], 0)", "[0, 1, 2]"),
      FunctionExample("array_push_front(['a'], NULL)", "[NULL, a]"),
    ],
    overloads: [ListMakingFunctions.adding(listAt: 0, atEnd: false)]
  )
}

extension KernelInput {
  /// Reads the elements of lists, which are flat.
  func argument<Element: KernelValue>(_ child: Column, of type: Element.Type) -> [Element] {
    child.count == 0 ? [] : Element.values(of: child.expanded().data)
  }

  /// Makes lists by picking rows of a child column, nil for NULL, for each row where no argument
  /// is NULL.
  func listsWithGaps(
    of child: Column,
    _ rows: (Int) throws(ExecutionError) -> [Int?]
  ) throws(ExecutionError) -> Column {
    var picked: [Int32] = []
    var ranges: [Range<Int32>] = []
    for row in 0..<rowCount {
      let start = Int32(picked.count)
      if validity?[row] ?? true {
        picked.append(contentsOf: try rows(row).map { $0.map { Int32($0) } ?? -1 })
      }
      guard picked.count <= Int(Int32.max) else {
        throw ExecutionError(.limit, "more than \(Int32.max) list elements in one batch")
      }
      ranges.append(start..<Int32(picked.count))
    }
    let elements =
      child.count == 0
      ? Column.nulls(type: child.type, count: picked.count).expanded() : child.gathered(picked)
    return column(.list(ListVector(ranges: ranges, child: elements)))
  }
}
