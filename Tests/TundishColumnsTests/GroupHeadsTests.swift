import Testing

@testable import TundishColumns

@Suite("Heads of groups")
struct GroupHeadsTests {
  @Test("against sorting each group", arguments: 0..<60)
  func againstSorting(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let groupCount = Int.random(in: 1...12, using: &random)
    let rowCount = Int.random(in: 300..<600, using: &random)
    let greatest: Int64 = seed % 3 == 0 ? 5 : 1_000
    var groups: [Int32] = []
    var values: [Int64] = []
    var validity: [Bool] = []
    for _ in 0..<rowCount {
      groups.append(Int32.random(in: 0..<Int32(groupCount), using: &random))
      values.append(Int64.random(in: -3...greatest, using: &random))
      validity.append(Int.random(in: 0..<6, using: &random) != 0)
    }
    let direction = SortDirection(isDescending: seed % 2 == 0, nullsFirst: seed % 5 < 2)
    let count = Int.random(in: 1...5, using: &random)
    let column =
      seed % 4 == 1
      ? Column(type: .double, data: .float64(values.map(Double.init)), count: rowCount)
      : Column(type: .bigint, data: .int64(values), validity: validity, count: rowCount)
    let rows = try #require(
      GroupHeads.rows(
        order: (column, direction),
        groups: groups,
        groupCount: groupCount,
        count: count
      )
    )
    for row in 0..<rowCount {
      let before = (0..<rowCount).filter {
        groups[$0] == groups[row] && direction.order(of: column, $0, with: column, row) < 0
      }
      #expect(rows.contains(Int32(row)) == (before.count < count), "row \(row)")
    }
  }
}
