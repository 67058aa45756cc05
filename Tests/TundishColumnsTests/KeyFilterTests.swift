import Testing

@testable import TundishColumns

@Suite("Key filters")
struct KeyFilterTests {
  /// The rows whose value is among the keys, in the obvious way.
  private static func expected(_ keys: [Int64?], _ values: [Int64?]) -> [Int32] {
    let known = Set(keys.compactMap { $0 })
    return values.indices.filter { values[$0].map(known.contains) ?? false }.map { Int32($0) }
  }

  private static func column(_ values: [Int64?]) -> Column {
    .values(values.map { $0.map { .integer($0) } ?? .null }, type: .bigint)
  }

  @Test("small ranges are exact", arguments: [Int64(0), -5_000, .max - 90, .min])
  func exact(base: Int64) throws {
    var generator = SeededGenerator(seed: 51)
    for _ in 0..<20 {
      func random(_ count: Int) -> [Int64?] {
        (0..<count).map { _ in
          let offset = Int64.random(in: 0..<90, using: &generator)
          return offset % 7 == 0 ? nil : base + offset
        }
      }
      let keys = random(12)
      let values = random(200) + [.max, .min, 0]
      let filter = try #require(KeyFilter(Self.column(keys)))
      let all = filter.narrowed(nil, of: Self.column(values))
      #expect(all == Self.expected(keys, values))
      let some = (0..<Int32(values.count)).filter { $0 % 3 == 0 }
      #expect(
        filter.narrowed(some, of: Self.column(values))
          == Self.expected(keys, values).filter { $0 % 3 == 0 }
      )
    }
  }

  @Test("wide ranges lose no match and keep few others")
  func wide() throws {
    var generator = SeededGenerator(seed: 52)
    let keys = (0..<1_000).map { _ in Int64.random(in: .min ... .max, using: &generator) }
    let others = (0..<1_000).map { _ in Int64.random(in: .min ... .max, using: &generator) }
    let filter = try #require(KeyFilter(.integers(keys)))
    #expect(filter.narrowed(nil, of: .integers(keys)) == nil)
    let passed = try #require(filter.narrowed(nil, of: .integers(others)))
    #expect(passed.count < 100)
  }

  @Test("codes of one dictionary are exact, other texts pass")
  func codes() throws {
    let dictionary = TextDictionary(distinct: TextVector(["a", "b", "c"]))
    let filter = try #require(KeyFilter(.codes([0, 2, 2], dictionary)))
    #expect(filter.narrowed(nil, of: .codes([0, 1, 2, 1], dictionary)) == [0, 2])
    #expect(filter.narrowed([1, 2], of: .strings(["a", "b", "x"])) == [1, 2])
  }

  @Test("without keys nothing passes")
  func empty() throws {
    let filter = try #require(KeyFilter(.integers([])))
    #expect(filter.narrowed(nil, of: .integers([1, 2])) == [])
  }
}
