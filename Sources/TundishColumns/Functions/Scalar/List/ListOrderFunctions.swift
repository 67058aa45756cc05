/// Sorting lists, and leaving out what repeats.
enum ListOrderFunctions {
  static let all: [ScalarFunction] = [sort, reverseSort, grade, reverse, distinct, uniqueCount]

  private static let sort = ScalarFunction(
    "list_sort",
    aliases: ["array_sort"],
    summary: "Returns the list sorted, NULLs last; 'desc' and 'nulls first' change the order.",
    examples: [
      FunctionExample("list_sort([3, NULL, 1])", "[1, 3, NULL]"),
      FunctionExample("list_sort([3, NULL, 1], 'desc')", "[3, 1, NULL]"),
      FunctionExample("list_sort([3, NULL, 1], 'asc', 'nulls first')", "[NULL, 1, 3]"),
    ],
    overloads: [
      sorting([.list], isReversed: false),
      sorting([.list, .exact(.varchar)], isReversed: false),
      sorting([.list, .exact(.varchar), .exact(.varchar)], isReversed: false),
    ]
  )

  private static let reverseSort = ScalarFunction(
    "list_reverse_sort",
    aliases: ["array_reverse_sort"],
    summary: "Returns the list sorted from the greatest to the least, NULLs last.",
    examples: [
      FunctionExample("list_reverse_sort([1, NULL, 3])", "[3, 1, NULL]"),
      FunctionExample("list_reverse_sort(['a', 'b'])", "[b, a]"),
    ],
    overloads: [
      sorting([.list], isReversed: true),
      sorting([.list, .exact(.varchar)], isReversed: true),
    ]
  )

  private static let grade = ScalarFunction(
    "list_grade_up",
    aliases: ["array_grade_up", "grade_up"],
    summary: "Returns the positions of the elements in the order in which list_sort puts them.",
    examples: [
      FunctionExample("list_grade_up([30, 10, NULL, 20])", "[2, 4, 1, 3]"),
      FunctionExample("list_grade_up(['a', 'b'], 'desc')", "[2, 1]"),
    ],
    overloads: [
      sorting([.list], isReversed: false, givesPositions: true),
      sorting([.list, .exact(.varchar)], isReversed: false, givesPositions: true),
      sorting(
        [.list, .exact(.varchar), .exact(.varchar)],
        isReversed: false,
        givesPositions: true
      ),
    ]
  )

  private static func sorting(
    _ parameters: [ParameterType],
    isReversed: Bool,
    givesPositions: Bool = false
  ) -> ScalarOverload {
    ScalarOverload(
      parameters,
      result: { givesPositions ? .list(.bigint) : $0[0] },
      kernel: { (input) throws(ExecutionError) -> Column in
        let lists = ListArgument(input.arguments[0])
        let keys = OrderKeys.make(lists.child)
        var words: [TextArgument?] = input.arguments.indices.dropFirst().map { input.text($0) }
        // list_reverse_sort takes the place of NULL alone.
        if isReversed { words.insert(nil, at: 0) }
        var isDescending = Array(repeating: isReversed, count: input.rowCount)
        var putsNullsFirst = Array(repeating: false, count: input.rowCount)
        for row in 0..<input.rowCount where input.validity?[row] ?? true {
          if let first = words.first, let order = first {
            isDescending[row] = try choice(
              foldedKey(order.string(row)),
              "desc",
              "asc",
              "the order of list_sort"
            )
          }
          if words.count > 1, let place = words[1] {
            putsNullsFirst[row] = try choice(
              foldedKey(place.string(row)),
              "nulls first",
              "nulls last",
              "the place of NULL in list_sort"
            )
          }
        }
        let order = { (row: Int) -> [Int] in
          let range = lists.range(row)
          let hasNulls = lists.child.validity != nil
          let nulls = hasNulls ? range.filter { !lists.child.isValid(at: $0) } : []
          let known = hasNulls ? range.filter { lists.child.isValid(at: $0) } : Array(range)
          let values = known.sortedUnlessCancelled { lhs, rhs in
            keys[lhs] == keys[rhs]
              ? lhs < rhs : (keys[lhs] < keys[rhs]) != isDescending[row]
          }
          return putsNullsFirst[row] ? nulls + values : values + nulls
        }
        guard givesPositions else { return try input.lists(of: lists.child, order) }
        // The number of each element in its list, from 1, in place of the element.
        var numbers = [Int64](repeating: 0, count: lists.child.count)
        for row in 0..<input.rowCount {
          for (number, element) in lists.range(row).enumerated() {
            numbers[element] = Int64(number + 1)
          }
        }
        return try input.lists(of: .integers(numbers), order)
      }
    )
  }

  private static func choice(
    _ word: String,
    _ yes: String,
    _ no: String,
    _ what: String
  ) throws(ExecutionError) -> Bool {
    guard word == yes || word == no else {
      throw ExecutionError(.invalidArgument, "\(what) is '\(no)' or '\(yes)', not '\(word)'")
    }
    return word == yes
  }

  private static let reverse = ScalarFunction(
    "list_reverse",
    aliases: ["array_reverse"],
    summary: "Returns the elements in reverse order.",
    examples: [
      FunctionExample("list_reverse([1, 2, NULL])", "[NULL, 2, 1]"),
      FunctionExample("list_reverse(['a'])", "[a]"),
    ],
    overloads: [
      ScalarOverload(
        [.list],
        result: { $0[0] },
        kernel: { (input) throws(ExecutionError) -> Column in
          let lists = ListArgument(input.arguments[0])
          return try input.lists(of: lists.child) { lists.range($0).reversed() }
        }
      )
    ]
  )

  private static let distinct = ScalarFunction(
    "list_distinct",
    aliases: ["array_distinct"],
    summary: "Returns the distinct values of a list in the order of their first occurrence, without"
      + " NULL.",
    examples: [
      FunctionExample("list_distinct([2, 1, NULL, 2])", "[2, 1]"),
      FunctionExample("list_distinct(['a', 'a'])", "[a]"),
    ],
    overloads: [
      ScalarOverload(
        [.list],
        result: { $0[0] },
        kernel: { (input) throws(ExecutionError) -> Column in
          let lists = ListArgument(input.arguments[0])
          let codes = try DistinctCodes(lists.child).codes
          return try input.lists(of: lists.child) { row in
            var seen: Set<Int32> = []
            return lists.range(row).filter {
              lists.child.isValid(at: $0) && seen.insert(codes[$0]).inserted
            }
          }
        }
      )
    ]
  )

  private static let uniqueCount = ScalarFunction(
    "list_unique",
    aliases: ["array_unique"],
    summary: "Returns the number of distinct values of a list, without NULL.",
    examples: [
      FunctionExample("list_unique([1, 1, NULL, 2])", "2"),
      FunctionExample("list_unique(['a'])", "1"),
    ],
    overloads: [
      ScalarOverload(
        [.list],
        result: { _ in .bigint },
        kernel: { (input) throws(ExecutionError) -> Column in
          let lists = ListArgument(input.arguments[0])
          let codes = try DistinctCodes(lists.child).codes
          return try input.build { (row) throws(ExecutionError) -> Int64? in
            Int64(
              Set(lists.range(row).filter { lists.child.isValid(at: $0) }.map { codes[$0] }).count
            )
          }
        }
      )
    ]
  )
}
