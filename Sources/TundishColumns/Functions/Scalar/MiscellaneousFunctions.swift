/// Functions that belong nowhere else.
enum MiscellaneousFunctions {
  static let all: [ScalarFunction] = [error]

  private static let error = ScalarFunction(
    "error",
    summary: "Stops the query with a message, where it is reached; NULL does not stop it.",
    examples: [
      FunctionExample("CASE WHEN false THEN error('never') ELSE 'fine' END", "fine"),
      FunctionExample("error(NULL)", "NULL"),
    ],
    overloads: [
      .exact([.varchar], to: .varchar, isDeterministic: false) {
        (input) throws(ExecutionError) -> Column in
        let texts = input.text(0)
        return try input.buildText { (row, _) throws(ExecutionError) -> Bool in
          throw ExecutionError(.invalidArgument, texts.string(row))
        }
      }
    ]
  )
}
