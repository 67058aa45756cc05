/// Names that tools ask a database for, and checks in passing.
///
/// There is one database with one schema and one user; they have the names that tools expect.
enum SessionFunctions {
  static let all: [ScalarFunction] = names + [schemas, assertion, typeName]

  private static let names: [ScalarFunction] = [
    name("current_database", ["current_catalog"], "Returns the name of the database.", "memory"),
    name("current_schema", [], "Returns the name of the schema.", "main"),
    name(
      "current_user",
      ["user", "session_user", "current_role"],
      "Returns the name of the user, of whom there is one.",
      "tundish"
    ),
  ]

  private static func name(
    _ name: String,
    _ aliases: [String],
    _ summary: String,
    _ value: String
  ) -> ScalarFunction {
    ScalarFunction(
      name,
      aliases: aliases,
      summary: summary,
      examples: [
        FunctionExample("\(name)()", value), FunctionExample("length(\(name)())", "\(value.count)"),
      ],
      overloads: [
        .fixed([], .varchar) { (input) in
          .constant(.text(value), type: .varchar, count: input.rowCount)
        }
      ]
    )
  }

  private static let schemas = ScalarFunction(
    "current_schemas",
    summary: "Returns the names of the schemas in which names are looked up.",
    examples: [
      FunctionExample("current_schemas(true)", "[main]"),
      FunctionExample("current_schemas(false)", "[main]"),
    ],
    overloads: [
      .fixed([.boolean], .list(.varchar)) { (input) in
        .constant(.list([.text("main")]), type: .list(.varchar), count: input.rowCount)
      }
    ]
  )

  private static let assertion = ScalarFunction(
    "assert_true",
    summary: "Stops the query, with a message if one is given, where a condition is not true;"
      + " else NULL.",
    examples: [
      FunctionExample("assert_true(1 < 2)", "NULL"),
      FunctionExample("assert_true(true, 'never')", "NULL"),
    ],
    overloads: [asserting([.boolean]), asserting([.boolean, .varchar])]
  )

  private static func asserting(_ parameters: [DataType]) -> ScalarOverload {
    .fixed(parameters, .varchar, propagatesNull: false, isDeterministic: false) {
      (input) throws(ExecutionError) in
      let holds = input.argument(0, of: Bool.self)
      for row in 0..<input.rowCount where !input.arguments[0].isValid(at: row) || !holds[row] {
        let hasMessage = parameters.count > 1 && input.arguments[1].isValid(at: row)
        throw ExecutionError(
          .invalidArgument,
          hasMessage ? input.text(1).string(row) : "the assertion does not hold"
        )
      }
      return .nulls(type: .varchar, count: input.rowCount)
    }
  }

  private static let typeName = ScalarFunction(
    "pg_typeof",
    summary: "Returns the name of the type of a value in lower case.",
    examples: [
      FunctionExample("pg_typeof(1)", "integer"), FunctionExample("pg_typeof('a')", "varchar"),
    ],
    overloads: [
      ScalarOverload([.any], propagatesNull: false, result: { _ in .varchar }) { (input) in
        .constant(
          .text(foldedKey(input.arguments[0].type.description)),
          type: .varchar,
          count: input.rowCount
        )
      }
    ]
  )
}
