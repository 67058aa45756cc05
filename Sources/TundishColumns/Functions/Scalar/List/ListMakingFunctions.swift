/// Making lists, and taking them apart.
enum ListMakingFunctions {
  static let all: [ScalarFunction] = [
    listValue, extract, slice, append, prepend, concat, flatten,
    ListZipFunction.zip, toText,
  ]

  private static let listValue = ScalarFunction(
    "list_value",
    aliases: ["list_pack", "array_value"],
    summary: "Returns its arguments as a list; `[a, b]` is short for it.",
    examples: [
      FunctionExample("list_value(1, 2.5)", "[1.0, 2.5]"),
      FunctionExample("['a', NULL]", "[a, NULL]"),
    ],
    overloads: [
      ScalarOverload(
        [],
        propagatesNull: false,
        result: { _ in .list(.null) },
        kernel: { input in
          input.column(
            .list(
              ListVector(
                ranges: Array(repeating: 0..<0, count: input.rowCount),
                child: AnyColumnBuilder(type: .null).finish()
              )
            )
          )
        }
      ),
      ScalarOverload(
        [.common],
        variadic: .common,
        propagatesNull: false,
        result: { .list($0[0]) },
        kernel: { (input) throws(ExecutionError) -> Column in
          let width = Int32(input.arguments.count)
          let count = Int32(input.rowCount)
          let all = try Column.concatenated(
            input.arguments.map { $0.expanded() },
            type: input.arguments[0].type
          )
          var rows: [Int32] = []
          rows.reserveCapacity(Int(width * count))
          for row in 0..<count {
            for position in 0..<width { rows.append(position * count + row) }
          }
          let ranges = (0..<count).map { $0 * width..<($0 + 1) * width }
          return input.column(.list(ListVector(ranges: ranges, child: all.gathered(rows))))
        }
      ),
    ]
  )

  private static let extract = ScalarFunction(
    "list_extract",
    aliases: ["list_element", "array_extract", "element_at"],
    summary: "Returns the element at a position, counted from 1, or from the end where negative;"
      + " NULL where there is none. Also the character of a text.",
    examples: [
      FunctionExample("list_extract([5, 7], 2)", "7"),
      FunctionExample("([5, 7])[-1]", "7"),
      FunctionExample("list_extract('abc', 2)", "b"),
    ],
    overloads: [
      ScalarOverload(
        [.list, .exact(.bigint)],
        result: { if case .list(let element) = $0[0] { element } else { nil } },
        kernel: { input in
          let lists = ListArgument(input.arguments[0])
          let positions = input.argument(1, of: Int64.self)
          let rows = (0..<input.rowCount).map { row -> Int32 in
            let range = lists.range(row)
            let position = Int(clamping: positions[row])
            let index = position < 0 ? range.count + max(position, -range.count - 1) : position - 1
            guard input.validity?[row] ?? true, index >= 0, index < range.count else { return -1 }
            return Int32(range.lowerBound + index)
          }
          return lists.child.count == 0
            ? .nulls(type: input.resultType, count: input.rowCount) : lists.child.gathered(rows)
        }
      ),
      .exact([.varchar, .bigint], to: .varchar) { (input) throws(ExecutionError) -> Column in
        let texts = input.text(0)
        let positions = input.argument(1, of: Int64.self)
        return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
          let text = texts.bytes.span.extracting(texts.range(row))
          let position = Int(clamping: positions[row])
          let bounds = TextSliceFunctions.bounds(
            start: position,
            length: 1,
            count: ByteText.scalarCount(text)
          )
          let first = ByteText.offset(ofScalar: bounds.lowerBound, in: text)
          output.append(
            text.extracting(first..<ByteText.offset(ofScalar: bounds.upperBound, in: text))
          )
          return true
        }
      },
    ]
  )

  private static let slice = ScalarFunction(
    "list_slice",
    aliases: ["array_slice"],
    summary: "Returns the elements, or characters, from one position to another, both included;"
      + " negative ones count from the end.",
    examples: [
      FunctionExample("list_slice([1, 2, 3, 4], 2, 3)", "[2, 3]"),
      FunctionExample("list_slice([1, 2, 3, 4, 5], 1, 5, 2)", "[1, 3, 5]"),
      FunctionExample("list_slice('abcdef', 2, 3)", "bc"),
    ],
    overloads: [
      slicing([.list, .exact(.bigint), .exact(.bigint)]),
      slicing([.list, .exact(.bigint), .exact(.bigint), .exact(.bigint)]),
      .exact([.varchar, .bigint, .bigint], to: .varchar) {
        (input) throws(ExecutionError) -> Column in
        let texts = input.text(0)
        return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
          let text = texts.bytes.span.extracting(texts.range(row))
          let count = ByteText.scalarCount(text)
          let (first, last) = bounds(input, row, count: count)
          let start = min(max(first, 1), count + 1) - 1
          let end = max(start, min(last, count))
          let offset = ByteText.offset(ofScalar: start, in: text)
          output.append(text.extracting(offset..<ByteText.offset(ofScalar: end, in: text)))
          return true
        }
      },
    ]
  )

  private static func slicing(_ parameters: [ParameterType]) -> ScalarOverload {
    ScalarOverload(
      parameters,
      result: { $0[0] },
      kernel: { (input) throws(ExecutionError) -> Column in
        let lists = ListArgument(input.arguments[0])
        var steps: Argument<Int64>?
        if input.arguments.count > 3 { steps = input.argument(3) }
        return try input.lists(of: lists.child) { (row) throws(ExecutionError) -> [Int] in
          let range = lists.range(row)
          let step = steps.map { Int(clamping: $0[row]) } ?? 1
          guard step != 0, step != Int.min else {
            throw ExecutionError(.invalidArgument, "the step of a slice must not be 0")
          }
          let (first, last) = bounds(input, row, count: range.count)
          let positions =
            step > 0
            ? stride(from: max(first, 1), through: min(last, range.count), by: step)
            : stride(from: min(first, range.count), through: max(last, 1), by: step)
          return positions.map { range.lowerBound + $0 - 1 }
        }
      }
    )
  }

  /// The first and the last position of a slice, from one, which may lie outside of the list.
  private static func bounds(
    _ input: KernelInput,
    _ row: Int,
    count: Int
  ) -> (first: Int, last: Int) {
    func position(_ argument: Int) -> Int {
      let limit: Int64 = 1 << 40
      let written = input.argument(argument, of: Int64.self)[row]
      let position = Int(min(max(written, -limit), limit))
      return position < 0 ? count + position + 1 : position
    }
    return (position(1), position(2))
  }

  // MARK: - Joining

  private static let append = ScalarFunction(
    "list_append",
    aliases: ["array_append", "array_push_back"],
    summary: "Returns the list with a value added at its end.",
    examples: [
      FunctionExample("list_append([1], 2)", "[1, 2]"),
      FunctionExample("list_append([1], NULL)", "[1, NULL]"),
    ],
    overloads: [adding(listAt: 0, atEnd: true)]
  )

  private static let prepend = ScalarFunction(
    "list_prepend",
    aliases: ["array_prepend"],
    summary: "Returns the list with a value added at its start.",
    examples: [
      FunctionExample("list_prepend(0, [1])", "[0, 1]"),
      FunctionExample("list_prepend(NULL, [1])", "[NULL, 1]"),
    ],
    overloads: [adding(listAt: 1, atEnd: false)]
  )

  /// An overload of a list and a value that is added at one end.
  static func adding(listAt position: Int, atEnd: Bool) -> ScalarOverload {
    ScalarOverload(
      position == 0 ? [.list, .any] : [.any, .list],
      propagatesNull: false,
      result: { types in
        guard case .list(let element) = types[position] else { return nil }
        return TypeCoercion.commonType(of: [element, types[1 - position]]).map { .list($0) }
      },
      kernel: { (input) throws(ExecutionError) -> Column in
        guard case .list(let element) = input.resultType else {
          return .nulls(type: input.resultType, count: input.rowCount)
        }
        let lists = ListArgument(
          try Cast.convert(
            input.arguments[position],
            to: input.resultType,
            context: input.context
          )
        )
        let values = try Cast.convert(
          input.arguments[1 - position],
          to: element,
          context: input.context
        ).expanded()
        let child = try Column.concatenated([lists.child, values], type: element)
        let shift = lists.child.count
        return try input.lists(of: child) { row in
          atEnd
            ? Array(lists.range(row)) + [shift + row] : [shift + row] + Array(lists.range(row))
        }
      }
    )
  }

  private static let concat = ScalarFunction(
    "list_concat",
    aliases: ["list_cat", "array_concat", "array_cat"],
    summary: "Returns the elements of all lists as one list; a NULL list counts as empty.",
    examples: [
      FunctionExample("list_concat([1], [2, 3])", "[1, 2, 3]"),
      FunctionExample("list_concat([1], NULL)", "[1]"),
    ],
    overloads: [
      ScalarOverload(
        [.common],
        variadic: .common,
        propagatesNull: false,
        result: { types in
          types[0].listElement != nil || types[0] == .null ? types[0] : nil
        },
        kernel: TextJoinFunctions.joinLists
      )
    ]
  )

  private static let flatten = ScalarFunction(
    "flatten",
    summary: "Returns the elements of a list's lists as one list.",
    examples: [
      FunctionExample("flatten([[1], [2, 3]])", "[1, 2, 3]"),
      FunctionExample("flatten([[1], NULL])", "[1]"),
    ],
    overloads: [
      ScalarOverload(
        [.list],
        result: { types in
          guard let inner = types[0].listElement?.listElement else { return nil }
          return .list(inner)
        },
        kernel: { (input) throws(ExecutionError) -> Column in
          let outer = ListArgument(input.arguments[0])
          let inner = ListArgument(outer.child)
          return try input.lists(of: inner.child) { row in
            outer.range(row).flatMap { Array(inner.range($0)) }
          }
        }
      )
    ]
  )

  private static let toText = ScalarFunction(
    "array_to_string",
    aliases: ["list_to_string", "array_join"],
    summary: "Returns the elements as text with a separator between them, leaving out NULLs; NULL"
      + " where all are NULL.",
    examples: [
      FunctionExample("array_to_string([1, 2, NULL], ', ')", "1, 2"),
      FunctionExample("array_to_string([NULL], ', ')", "NULL"),
      FunctionExample("array_to_string(['a', 'b'], '')", "ab"),
    ],
    overloads: [
      ScalarOverload(
        [.list, .exact(.varchar)],
        result: { _ in .varchar },
        kernel: { (input) throws(ExecutionError) -> Column in
          let lists = ListArgument(input.arguments[0])
          let separators = input.text(1)
          let printed = PrintedArgument(lists.child, input.context)
          return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
            var isFirst = true
            // Where there is nothing to join but NULLs there is no text either.
            let elements = lists.range(row)
            guard elements.isEmpty || elements.contains(where: { printed.isValid($0) }) else {
              return false
            }
            var meter = StepMeter()
            for element in elements where printed.isValid(element) {
              try meter.count(1)
              if !isFirst {
                output.append(separators.bytes.span.extracting(separators.range(row)))
              }
              printed.append(element, to: &output)
              isFirst = false
            }
            return !isFirst || lists.range(row).isEmpty
          }
        }
      )
    ]
  )
}
