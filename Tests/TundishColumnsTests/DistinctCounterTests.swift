import Testing

@testable import TundishColumns

@Suite("Distinct counts")
struct DistinctCounterTests {
  private struct Rows {
    var groups: [Int32] = []
    var values: [Value] = []

    static func random(
      _ type: DataType,
      count: Int,
      using generator: inout SeededGenerator
    ) -> Rows {
      Rows(
        groups: (0..<count).map { _ in Int32.random(in: 0..<5, using: &generator) },
        values: (0..<count).map { _ in
          Bool.random(using: &generator) ? .null : randomValue(type, using: &generator)
        }
      )
    }

    func added(to counter: DistinctCounter, _ column: Column) throws -> DistinctCounter {
      var counter = counter
      try counter.add(column, groups: groups, rowCount: groups.count, groupCount: 5)
      return counter
    }
  }

  /// The obvious way: grouping by the pair of group and value.
  private static func expected(_ rows: [Rows], _ type: DataType) throws -> [Int64] {
    var counts = [Int64](repeating: 0, count: 5)
    var set = DistinctSet(types: [type])
    for part in rows {
      let valid = part.values.indices.filter { !part.values[$0].isNull }
      guard !valid.isEmpty else { continue }
      let groups = valid.map { part.groups[$0] }
      let column = Column.values(valid.map { part.values[$0] }, type: type)
      for row in try set.newRows([column], groups: groups, rowCount: groups.count) {
        counts[Int(groups[Int(row)])] += 1
      }
    }
    return counts
  }

  @Test("bits and tables count alike, in one piece and merged", arguments: sampleTypes)
  func random(type: DataType) throws {
    var generator = SeededGenerator(seed: 41)
    for _ in 0..<8 {
      let parts = (0..<4).map { _ in Rows.random(type, count: 60, using: &generator) }
      var counters = [DistinctCounter(type: type), DistinctCounter(type: type)]
      for (number, part) in parts.enumerated() {
        let column = try randomColumn(part.values, type: type, using: &generator)
        counters[number / 2] = try part.added(to: counters[number / 2], column)
      }
      var merged = counters[0]
      try merged.merge(counters[1], mapping: [0, 1, 2, 3, 4], groupCount: 5)
      #expect(merged.counts(groupCount: 5) == (try Self.expected(parts, type)))
    }
  }

  @Test("a range that grows both ways stays in bits; a huge one goes to a table")
  func growth() throws {
    var counter = DistinctCounter(type: .bigint)
    for value: Int64 in [1_000, 5, 90_000, -70_000, 5, 1_000] {
      try counter.add(
        .integers([value, value]),
        groups: [0, 1],
        rowCount: 2,
        groupCount: 2
      )
    }
    #expect(counter.usesBits)
    #expect(counter.counts(groupCount: 3) == [4, 4, 0])
    try counter.add(.integers([.max, .min]), groups: [0, 0], rowCount: 2, groupCount: 2)
    #expect(!counter.usesBits)
    try counter.add(.integers([5, 6]), groups: [1, 1], rowCount: 2, groupCount: 2)
    #expect(counter.counts(groupCount: 2) == [6, 5])
  }

  @Test("groups are renumbered when counters are merged")
  func mapping() throws {
    var one = DistinctCounter(type: .integer)
    var other = DistinctCounter(type: .integer)
    try one.add(.integers([1, 2, 3]), groups: [0, 0, 1], rowCount: 3, groupCount: 2)
    try other.add(.integers([3, 2, 700]), groups: [0, 1, 1], rowCount: 3, groupCount: 2)
    try one.merge(other, mapping: [1, 2], groupCount: 3)
    #expect(one.counts(groupCount: 3) == [2, 1, 2])
  }
}
