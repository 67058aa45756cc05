internal import TundishColumns

/// `count(DISTINCT x)`, which needs no state beside what tells new values from known ones.
final class DistinctCountRunner: AggregateRunner {
  private var counter: DistinctCounter

  override var heldByteCount: Int { counter.heldByteCount }

  override init(_ call: AggregateCall) {
    counter = DistinctCounter(type: call.arguments[0].type)
    super.init(call)
  }

  override func update(
    _ input: AggregateRows,
    groups: [Int32]?,
    groupCount: Int
  ) throws(RuntimeFailure) {
    guard input.rowCount > 0 else { return }
    let groups = input.rows.map { rows in groups.map { gatheredGroups($0, rows) } } ?? groups
    try blaming(call.range) { () throws(ExecutionError) in
      try counter.add(
        input.arguments[0],
        groups: groups,
        rowCount: input.rowCount,
        groupCount: groupCount
      )
    }
  }

  override func absorb(
    _ other: AggregateRunner,
    mapping: [Int32],
    groupCount: Int
  ) throws(RuntimeFailure) {
    guard let other = other as? DistinctCountRunner else { return }
    try blaming(call.range) { () throws(ExecutionError) in
      try counter.merge(other.counter, mapping: mapping, groupCount: groupCount)
    }
  }

  override func finish(groupCount: Int) throws(RuntimeFailure) -> Column {
    .integers(counter.counts(groupCount: groupCount), type: call.function.resultType)
  }
}
