/// Structs: what their members are, and where a value is among them.
///
/// The binder computes the types of all but the last two, because they depend on members' names;
/// their entries here are documentation and signatures.
enum StructFunctions {
  static let all: [ScalarFunction] = [
    bound(
      "struct_extract",
      "Returns a member of a struct by its name, or by its number from 1; `s.a` is short for it.",
      [("struct_extract({'a': 1}, 'a')", "1"), ("struct_extract(row('x', 'y'), 2)", "y")],
      [.structure, .exact(.varchar)]
    ),
    bound(
      "struct_extract_at",
      "Returns a member of a struct by its number from 1.",
      [
        ("struct_extract_at({'a': 1, 'b': 2}, 2)", "2"),
        ("struct_extract_at(row('x'), 1)", "x"),
      ],
      [.structure, .exact(.bigint)]
    ),
    bound(
      "struct_insert",
      "Returns the struct with further members.",
      [
        ("struct_insert({'a': 1}, b := 2)", "{'a': 1, 'b': 2}"),
        ("struct_insert({'a': 1}, b := 2, c := 'x')", "{'a': 1, 'b': 2, 'c': x}"),
      ],
      [.structure, .any],
      variadic: .any
    ),
    bound(
      "struct_update",
      "Returns the struct with members replaced, or added where there is none of that name.",
      [
        ("struct_update({'a': 1, 'b': 2}, a := 'x')", "{'a': x, 'b': 2}"),
        ("struct_update({'a': 1}, b := 2)", "{'a': 1, 'b': 2}"),
      ],
      [.structure, .any],
      variadic: .any
    ),
    bound(
      "struct_concat",
      "Returns the members of all structs as one struct.",
      [
        ("struct_concat({'a': 1}, {'b': 2})", "{'a': 1, 'b': 2}"),
        ("struct_concat({'a': 1}, {'b': 2}, {'c': 3})", "{'a': 1, 'b': 2, 'c': 3}"),
      ],
      [.structure],
      variadic: .structure
    ),
    bound(
      "struct_keys",
      "Returns the names of the members of a struct.",
      [
        ("struct_keys({'a': 1, 'b': 2})", "[a, b]"),
        ("struct_keys(NULL::STRUCT(a INTEGER))", "NULL"),
      ],
      [.structure]
    ),
    bound(
      "struct_values",
      "Returns the members of a struct as a row without names.",
      [
        ("struct_values({'a': 1, 'b': 2}) = row(1, 2)", "true"),
        ("struct_values(NULL::STRUCT(a INTEGER))", "NULL"),
      ],
      [.structure]
    ),
    contains, position,
  ]

  private static func bound(
    _ name: String,
    _ summary: String,
    _ examples: [(String, String)],
    _ parameters: [ParameterType],
    variadic: ParameterType? = nil
  ) -> ScalarFunction {
    ScalarFunction(
      name,
      summary: summary,
      examples: examples.map { FunctionExample($0.0, $0.1) },
      overloads: [
        ScalarOverload(parameters, variadic: variadic, result: { _ in nil }) {
          (_) throws(ExecutionError) -> Column in
          throw ExecutionError(.invalidArgument, "\(name) is resolved by names")
        }
      ]
    )
  }

  // MARK: - Searching

  private static let contains = ScalarFunction(
    "struct_contains",
    aliases: ["struct_has"],
    summary: "Returns whether a value is a member of a struct.",
    examples: [
      FunctionExample("struct_contains(row(1, 2), 2)", "true"),
      FunctionExample("struct_contains(row(1, 2), 3)", "false"),
    ],
    overloads: [
      ScalarOverload(
        [.structure, .any],
        result: { comparable($0) ? .boolean : nil },
        kernel: { (input) throws(ExecutionError) -> Column in
          let positions = try positions(input)
          return try input.build { (row) throws(ExecutionError) -> Bool? in positions[row] > 0 }
        }
      )
    ]
  )

  private static let position = ScalarFunction(
    "struct_position",
    aliases: ["struct_indexof"],
    summary: "Returns the number of the first member that is a value, also NULL; NULL where none"
      + " is.",
    examples: [
      FunctionExample("struct_position(row(1, 2), 2)", "2"),
      FunctionExample("struct_position(row(1, NULL), NULL)", "2"),
    ],
    overloads: [
      ScalarOverload(
        [.structure, .any],
        propagatesNull: false,
        result: { comparable($0) ? .integer : nil },
        kernel: { (input) throws(ExecutionError) -> Column in
          let positions = try positions(input)
          return try input.build { (row) throws(ExecutionError) -> Int64? in
            input.arguments[0].isValid(at: row) && positions[row] > 0 ? positions[row] : nil
          }
        }
      )
    ]
  )

  private static func comparable(_ types: [DataType]) -> Bool {
    guard case .structure(let fields) = types[0] else { return false }
    return fields.contains { TypeCoercion.commonType(of: [$0.type, types[1]]) != nil }
  }

  /// Per row the number of the first member that is the value; 0 where none is.
  private static func positions(_ input: KernelInput) throws(ExecutionError) -> [Int64] {
    var found = [Int64](repeating: 0, count: input.rowCount)
    guard case .structure(let members, _) = input.arguments[0].expanded().data else { return found }
    let value = input.arguments[1]
    for (number, member) in members.enumerated() {
      guard let type = TypeCoercion.commonType(of: [member.type, value.type]) else { continue }
      let left = try Cast.convert(member.expanded(), to: type, context: input.context)
      let right = try Cast.convert(value, to: type, context: input.context).expanded()
      let isSame = Comparison.compare(.notDistinct, left, right)
      for row in 0..<input.rowCount where found[row] == 0 && isSame.booleanValue(at: row) {
        found[row] = Int64(number + 1)
      }
    }
    return found
  }
}
