import Testing

@testable import TundishColumns

/// Kernels that go another way where rows are many, and end early where the query is cancelled.
@Suite("Many rows")
struct ManyRowsTests {
  /// Runs pieces one after the other, from the last to the first: their order must not matter.
  private struct BackwardRunner: PieceRunner {
    func results<Result>(count: Int, of piece: (Int) -> Result) -> [Result] {
      (0..<count).reversed().map { piece($0) }.reversed()
    }
  }

  @Test(
    "groups of many rows made at once are those made one after the other",
    arguments: [1, 3, 40]
  )
  func builtGroups(repeats: Int) throws {
    var generator = SeededGenerator(seed: 7)
    let count = WordGroupMap.leastBuiltCount + 1_000
    let distinct = (0..<count / repeats).map { _ in Int64.random(in: 0..<1 << 40, using: &generator)
    }
    let values = (0..<count).map { row -> Int64 in
      row < distinct.count ? distinct[row] : distinct.randomElement(using: &generator) ?? 0
    }
    let column = Column.integers(values, type: .bigint)
    var atOnce = GroupTable(keyTypes: [.bigint])
    var inTurn = GroupTable(keyTypes: [.bigint])
    let built = try atOnce.insert([column], rowCount: count, by: BackwardRunner())
    let inserted = try inTurn.insert([column], rowCount: count)
    #expect(built.groups == inserted.groups)
    #expect(built.newRows == inserted.newRows)
    // Both find the same, and take further rows alike.
    let others = (0..<5_000).map { row -> Int64 in
      row % 2 == 0 ? values[row] : Int64.random(in: 0..<1 << 40, using: &generator)
    }
    let probe = Column.integers(others, type: .bigint)
    var (first, second) = (GroupTable.LookupCache(), GroupTable.LookupCache())
    #expect(
      atOnce.lookup([probe], rowCount: others.count, cache: &first)
        == inTurn.lookup([probe], rowCount: others.count, cache: &second)
    )
    #expect(
      try atOnce.groupIDs(for: [probe], rowCount: others.count)
        == inTurn.groupIDs(for: [probe], rowCount: others.count)
    )
    #expect(try atOnce.keyColumns()[0].int64Values() == inTurn.keyColumns()[0].int64Values())
  }

  @Test("texts that begin alike, with zero bytes and ends inside of what is compared at once")
  func textRanks() {
    var generator = SeededGenerator(seed: 11)
    let parts = [
      "", "a", "ab", "\0", "\0\0", "common beginning ", "common beginning that goes on ",
    ]
    let texts = (0..<4_000).map { _ in
      (0..<Int.random(in: 0..<6, using: &generator)).map { _ in
        parts.randomElement(using: &generator) ?? ""
      }.joined()
    }
    let rows = TextRanks.sortedRows(of: TextVector(texts), validity: nil)
    let expected = texts.indices.sorted { lhs, rhs in
      let (one, two) = (Array(texts[lhs].utf8), Array(texts[rhs].utf8))
      return one == two ? lhs < rhs : one.lexicographicallyPrecedes(two)
    }
    #expect(rows.map { Int($0) } == expected)
  }

  @Test("sorting by a comparison is stable across portions")
  func sortedPortions() {
    var generator = SeededGenerator(seed: 3)
    let values = (0..<100_000).map { _ in Int.random(in: 0..<500, using: &generator) }
    let rows = values.indices.sortedUnlessCancelled { values[$0] < values[$1] }
    #expect(rows == values.indices.sorted { (values[$0], $0) < (values[$1], $1) })
  }

  @Test("the place of a value is found in input made against the choice of pivots")
  func adverseSelection() {
    // The middle of three is next to the end in every round: D. Musser, 1997.
    let count = 20_000
    var values = [Int](repeating: 0, count: count)
    for i in 0..<count / 2 {
      values[i] = i % 2 == 0 ? i + 1 : count / 2 + i
      values[count / 2 + i] = 2 * (i + 1)
    }
    let sorted = values.sorted()
    for position in [0, 77, count / 2, count - 1] {
      var searched = values
      #expect(Quantile.select(position, in: &searched) == sorted[position])
    }
  }

  @Test("work on a thread heeds the flag that was handed to it")
  func cancellation() throws {
    let flag = CancellationFlag()
    #expect(!Cancellation.isRequested)
    try Cancellation.heeding(flag) { () throws(ExecutionError) in
      try Cancellation.check()
      flag.cancel()
      #expect(Cancellation.isRequested)
      let values = (0..<50_000).map { ($0 * 7919) % 50_000 }
      // All elements are there, in no order that counts.
      #expect(Set(values.sortedUnlessCancelled(by: <)).count == values.count)
      var meter = StepMeter()
      #expect(throws: ExecutionError.cancelled) { try meter.count(1_000_000) }
      let column = Column.integers(values.map { Int64($0) << 30 }, type: .bigint)
      var table = GroupTable(keyTypes: [.bigint])
      _ = try table.groupIDs(for: [column], rowCount: values.count)
    }
    #expect(!Cancellation.isRequested)
  }
}
