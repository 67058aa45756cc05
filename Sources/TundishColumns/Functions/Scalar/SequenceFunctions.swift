/// The numbers of sequences.
enum SequenceFunctions {
  static let all: [ScalarFunction] = [
    ScalarFunction(
      "nextval",
      summary: "Returns the next number of a sequence, another one in each row.",
      examples: [
        FunctionExample("nextval(NULL)", "NULL"),
        FunctionExample("typeof(nextval(NULL))", "BIGINT"),
      ],
      overloads: [reading { (counter) throws(ExecutionError) in try counter.next() }]
    ),
    ScalarFunction(
      "currval",
      summary: "Returns the number that a sequence has given last.",
      examples: [
        FunctionExample("currval(NULL)", "NULL"),
        FunctionExample("typeof(currval(NULL))", "BIGINT"),
      ],
      overloads: [reading { (counter) throws(ExecutionError) in try counter.last() }]
    ),
  ]

  private static func reading(
    _ read: @escaping @Sendable (SequenceCounter) throws(ExecutionError) -> Int64
  ) -> ScalarOverload {
    .fixed([.varchar], .bigint, isDeterministic: false) { (input) throws(ExecutionError) in
      let names = input.text(0)
      return try input.build { (row) throws(ExecutionError) -> Int64? in
        try read(try counter(names.string(row), input.context))
      }
    }
  }

  private static func counter(
    _ name: String,
    _ context: FunctionContext
  ) throws(ExecutionError) -> SequenceCounter {
    guard let key = SequenceName.key(name) else {
      throw ExecutionError(.invalidArgument, "a quote in the name \(name) does not end")
    }
    if let counter = context.sequences[key] { return counter }
    throw ExecutionError(.invalidArgument, "no sequence named '\(name)'")
  }
}
