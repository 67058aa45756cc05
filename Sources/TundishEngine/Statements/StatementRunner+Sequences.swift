internal import TundishColumns
internal import TundishSyntax

// CREATE SEQUENCE.
extension StatementRunner {
  /// Begins a sequence.
  func run(_ create: CreateSequence) throws(StatementFailure) -> StatementResult {
    let name = create.name.last
    let key = foldedKey(name)
    if session.catalog.sequences[key] != nil, !create.orReplace {
      if create.ifNotExists { return done("sequence \(name) exists already") }
      throw StatementFailure([
        .nameTaken(
          "sequence",
          name,
          at: create.name.range,
          hint: "use CREATE OR REPLACE, or IF NOT EXISTS"
        )
      ])
    }
    let counter = SequenceCounter(name: name, rule: try rule(of: create))
    session.catalog.sequences[key] = counter
    return done("created sequence \(name)")
  }

  /// Ascending sequences count from 1 to the greatest BIGINT, descending ones from -1 to the least.
  private func rule(of create: CreateSequence) throws(StatementFailure) -> SequenceCounter.Rule {
    let increment = create.increment ?? 1
    let minimum = create.minimum ?? (increment > 0 ? 1 : Int64.min)
    let maximum = create.maximum ?? (increment > 0 ? Int64.max : -1)
    let start = create.start ?? (increment > 0 ? minimum : maximum)
    let problem: String? =
      increment == 0
      ? "INCREMENT cannot be 0"
      : minimum >= maximum
        ? "MINVALUE (\(minimum)) must be less than MAXVALUE (\(maximum))"
        : start < minimum
          ? "START (\(start)) is less than MINVALUE (\(minimum))"
          : start > maximum ? "START (\(start)) is greater than MAXVALUE (\(maximum))" : nil
    if let problem {
      throw StatementFailure([.wrongState(problem, at: create.name.range)])
    }
    return SequenceCounter.Rule(
      increment: increment,
      minimum: minimum,
      maximum: maximum,
      start: start,
      cycles: create.cycles ?? false
    )
  }
}
