/// The labels of ENUM types and their order.
enum EnumFunctions {
  static let all: [ScalarFunction] = [range, first, last, code, boundary]

  private static let range = ScalarFunction(
    "enum_range",
    summary: "Returns all labels of the type of a value, which may be NULL, in order.",
    examples: [
      FunctionExample("enum_range(NULL::ENUM('low', 'high'))", "[low, high]"),
      FunctionExample("enum_range('high'::ENUM('low', 'high'))", "[low, high]"),
    ],
    overloads: [
      ofType(.list(.varchar)) { labels, count in
        lists(of: labels, Array(repeating: 0..<Int32(labels.count), count: count))
      }
    ]
  )

  private static let first = ScalarFunction(
    "enum_first",
    summary: "Returns the first label of the type of a value, which may be NULL.",
    examples: [
      FunctionExample("enum_first(NULL::ENUM('low', 'high'))", "low"),
      FunctionExample("enum_first('b'::ENUM('a', 'b'))", "a"),
    ],
    overloads: [ofType(.varchar) { constant($0.first, $1) }]
  )

  private static let last = ScalarFunction(
    "enum_last",
    summary: "Returns the last label of the type of a value, which may be NULL.",
    examples: [
      FunctionExample("enum_last(NULL::ENUM('low', 'high'))", "high"),
      FunctionExample("enum_last('a'::ENUM('a', 'b'))", "b"),
    ],
    overloads: [ofType(.varchar) { constant($0.last, $1) }]
  )

  private static let code = ScalarFunction(
    "enum_code",
    summary: "Returns the position of a label in its type, counted from 0.",
    examples: [
      FunctionExample("enum_code('high'::ENUM('low', 'high'))", "1"),
      FunctionExample("enum_code(NULL::ENUM('low', 'high'))", "NULL"),
    ],
    overloads: [
      ScalarOverload(
        [.any],
        result: { labels(of: $0[0]) == nil ? nil : .integer },
        kernel: { (input) throws(ExecutionError) -> Column in
          let codes = EnumArgument(input, 0)
          return try input.build { (row) throws(ExecutionError) -> Int64? in
            codes.code(row).map { Int64($0) }
          }
        }
      )
    ]
  )

  private static let boundary = ScalarFunction(
    "enum_range_boundary",
    summary: "Returns the labels from one value to another, both included; NULL is an open end.",
    examples: [
      FunctionExample(
        "enum_range_boundary('b'::ENUM('a', 'b', 'c'), NULL)",
        "[b, c]"
      ),
      FunctionExample(
        "enum_range_boundary('a'::ENUM('a', 'b', 'c'), 'b'::ENUM('a', 'b', 'c'))",
        "[a, b]"
      ),
    ],
    overloads: [
      ScalarOverload(
        [.any, .any],
        propagatesNull: false,
        result: { types in
          let known = types.filter { $0 != .null }
          guard let type = known.first, labels(of: type) != nil,
            known.allSatisfy({ $0 == type })
          else { return nil }
          return .list(.varchar)
        },
        kernel: { (input) in
          let ends = [EnumArgument(input, 0), EnumArgument(input, 1)]
          let names = input.arguments.compactMap { labels(of: $0.type) }.first ?? []
          let ranges = (0..<input.rowCount).map { row -> Range<Int32> in
            let start = ends[0].code(row) ?? 0
            let end = ends[1].code(row).map { $0 + 1 } ?? Int32(names.count)
            return start..<max(start, end)
          }
          return lists(of: names, ranges)
        }
      )
    ]
  )

  // MARK: - Shared

  private static func labels(of type: DataType) -> [String]? {
    if case .enumeration(let labels) = type { labels } else { nil }
  }

  /// An overload that asks the argument's type only.
  private static func ofType(
    _ result: DataType,
    _ body: @escaping @Sendable ([String], Int) -> Column
  ) -> ScalarOverload {
    ScalarOverload(
      [.any],
      propagatesNull: false,
      result: { labels(of: $0[0]) == nil ? nil : result },
      kernel: { input in body(labels(of: input.arguments[0].type) ?? [], input.rowCount) }
    )
  }

  private static func constant(_ label: String?, _ count: Int) -> Column {
    .constant(label.map { .text($0) } ?? .null, type: .varchar, count: count)
  }

  private static func lists(of labels: [String], _ ranges: [Range<Int32>]) -> Column {
    Column(
      type: .list(.varchar),
      data: .list(ListVector(ranges: ranges, child: .strings(labels))),
      count: ranges.count
    )
  }
}

/// An argument of an ENUM type, or a bare NULL, read as codes.
private struct EnumArgument {
  private let column: Column
  private let codes: [Int32]

  init(_ input: KernelInput, _ position: Int) {
    column = input.arguments[position]
    if case .dictionary(let codes, _) = column.data { self.codes = codes } else { codes = [] }
  }

  /// The code of a row; nil where it is NULL.
  func code(_ row: Int) -> Int32? {
    column.isValid(at: row) && !codes.isEmpty ? codes[column.position(of: row)] : nil
  }
}
