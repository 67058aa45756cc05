import Testing

@testable import TundishColumns

@Suite("Sorting")
struct SortingTests {
  /// Compares two values in the obvious way; NULL is handled outside, except inside of nests.
  private static func compare(_ lhs: Value, _ rhs: Value, _ type: DataType) -> Int {
    switch (lhs, rhs) {
    case (.null, .null): return 0
    case (.null, _): return 1
    case (_, .null): return -1
    case (.boolean(let a), .boolean(let b)): return (a ? 1 : 0) - (b ? 1 : 0)
    case (.integer(let a), .integer(let b)): return a < b ? -1 : a == b ? 0 : 1
    case (.hugeint(let a), .hugeint(let b)): return a < b ? -1 : a == b ? 0 : 1
    case (.decimal(let a, _), .decimal(let b, _)): return a < b ? -1 : a == b ? 0 : 1
    case (.date(let a), .date(let b)): return Int(a) - Int(b)
    case (.timestamp(let a), .timestamp(let b)): return a < b ? -1 : a == b ? 0 : 1
    case (.interval(let a), .interval(let b)): return Int(a.months) - Int(b.months)
    case (.double(let a), .double(let b)):
      if a.isNaN || b.isNaN { return (a.isNaN ? 1 : 0) - (b.isNaN ? 1 : 0) }
      return a < b ? -1 : a == b ? 0 : 1
    case (.text(let a), .text(let b)):
      if case .enumeration(let labels) = type {
        return (labels.firstIndex(of: a) ?? 0) - (labels.firstIndex(of: b) ?? 0)
      }
      let (one, two) = (Array(a.utf8), Array(b.utf8))
      return one == two ? 0 : one.lexicographicallyPrecedes(two) ? -1 : 1
    case (.list(let a), .list(let b)):
      guard case .list(let element) = type else { return 0 }
      for (one, two) in zip(a, b) {
        let order = compare(one, two, element)
        if order != 0 { return order }
      }
      return a.count - b.count
    case (.structure(let a), .structure(let b)):
      guard case .structure(let fields) = type else { return 0 }
      for i in fields.indices {
        let order = compare(a[i].value, b[i].value, fields[i].type)
        if order != 0 { return order }
      }
      return 0
    default: return 0
    }
  }

  private struct Key {
    let type: DataType
    let values: [Value]
    let direction: SortDirection

    /// Whether a row comes before another, after it, or neither.
    func compare(_ lhs: Int, _ rhs: Int) -> Int {
      switch (values[lhs].isNull, values[rhs].isNull) {
      case (true, true): return 0
      case (true, false): return direction.nullsFirst ? -1 : 1
      case (false, true): return direction.nullsFirst ? 1 : -1
      case (false, false):
        let order = SortingTests.compare(values[lhs], values[rhs], type)
        return direction.isDescending ? -order : order
      }
    }
  }

  private static func keys(
    _ types: [DataType],
    rowCount: Int,
    using generator: inout SeededGenerator
  ) -> [Key] {
    types.map { type in
      Key(
        type: type,
        values: randomValues(
          type,
          count: rowCount,
          hasNulls: Bool.random(using: &generator),
          using: &generator
        ),
        direction: SortDirection(
          isDescending: Bool.random(using: &generator),
          nullsFirst: Bool.random(using: &generator)
        )
      )
    }
  }

  private static func expected(_ keys: [Key], rowCount: Int) -> [Int32] {
    (0..<rowCount).sorted { lhs, rhs in
      for key in keys {
        let order = key.compare(lhs, rhs)
        if order != 0 { return order < 0 }
      }
      return lhs < rhs
    }.map { Int32($0) }
  }

  private static func columns(
    _ keys: [Key],
    using generator: inout SeededGenerator
  ) throws -> [SortKey] {
    var columns: [SortKey] = []
    for key in keys {
      let column = try randomColumn(key.values, type: key.type, using: &generator)
      columns.append(SortKey(column, key.direction))
    }
    return columns
  }

  @Test("one key", arguments: sampleTypes)
  func oneKey(type: DataType) throws {
    var generator = SeededGenerator(seed: 31)
    for rowCount in [0, 1, 2, 50, 300] {
      for _ in 0..<4 {
        let keys = Self.keys([type], rowCount: rowCount, using: &generator)
        let order = SortedOrder.rows(
          of: try Self.columns(keys, using: &generator),
          rowCount: rowCount
        )
        #expect(order == Self.expected(keys, rowCount: rowCount))
      }
    }
  }

  @Test("several keys are stable")
  func severalKeys() throws {
    var generator = SeededGenerator(seed: 32)
    for _ in 0..<40 {
      let count = Int.random(in: 2...4, using: &generator)
      let types = (0..<count).compactMap { _ in sampleTypes.randomElement(using: &generator) }
      let keys = Self.keys(types, rowCount: 270, using: &generator)
      let order = SortedOrder.rows(of: try Self.columns(keys, using: &generator), rowCount: 270)
      #expect(order == Self.expected(keys, rowCount: 270))
    }
  }

  @Test("text with long common prefixes and embedded zeros")
  func text() {
    var generator = SeededGenerator(seed: 33)
    let values = (0..<600).map { _ in
      let length = Int.random(in: 0...12, using: &generator)
      let tail = (0..<length).map { _ in
        String(UnicodeScalar(UInt8.random(in: 0...2, using: &generator)))
      }
      return "OPPORTUNITY-" + tail.joined()
    }
    let order = SortedOrder.rows(
      of: [SortKey(Column.strings(values))],
      rowCount: values.count
    )
    let expected = values.indices.sorted { lhs, rhs in
      let (one, two) = (Array(values[lhs].utf8), Array(values[rhs].utf8))
      return one == two ? lhs < rhs : one.lexicographicallyPrecedes(two)
    }
    #expect(order == expected.map { Int32($0) })
  }

  @Test("the first rows of batches are those of the whole")
  func topN() throws {
    var generator = SeededGenerator(seed: 34)
    for round in 0..<24 {
      let types = (0..<2).compactMap { _ in sampleTypes.randomElement(using: &generator) }
      let rowCount = round % 3 == 0 ? 9_000 : 500
      let keys = Self.keys(types, rowCount: rowCount, using: &generator)
      let columns = try Self.columns(keys, using: &generator)
      let order = SortedOrder.rows(of: columns, rowCount: rowCount)
      let limit = Int.random(in: 0...20, using: &generator)
      var selector = TopNSelector(
        types: [.bigint],
        keyTypes: types,
        directions: keys.map(\.direction),
        limit: limit
      )
      let numbers = Column.integers((0..<Int64(rowCount)).map { $0 })
      var start = 0
      while start < rowCount {
        let end = min(rowCount, start + Int.random(in: 1...700, using: &generator))
        try selector.consume(
          Batch(columns: [numbers.sliced(start..<end)], rowCount: end - start),
          keys: columns.map { $0.column.sliced(start..<end) }
        )
        start = end
      }
      #expect(
        try selector.finish().columns[0].int64Values() == order.prefix(limit).map { Int64($0) }
      )
    }
  }

  @Test("rows are found in order where no row of a run comes before the one above it")
  func isSorted() throws {
    var generator = SeededGenerator(seed: 37)
    var found = [true: 0, false: 0]
    for round in 0..<400 {
      let count = Int.random(in: 1...2, using: &generator)
      let types = (0..<count).compactMap { _ in sampleTypes.randomElement(using: &generator) }
      let rowCount = [1, 2, 5, 40][round % 4]
      let keys = Self.keys(
        round % 8 == 0 ? [.bigint] : types,
        rowCount: rowCount,
        using: &generator
      )
      let starts = Set(
        (0..<rowCount / 2).map { _ in Int.random(in: 0..<rowCount, using: &generator) }
      )
      .union([0, rowCount]).sorted()
      let expected = (1..<max(1, rowCount)).allSatisfy { row in
        starts.contains(row) || (keys.map { $0.compare(row - 1, row) }.first { $0 != 0 } ?? 0) <= 0
      }
      let columns = try Self.columns(keys, using: &generator)
      #expect(SortedOrder.isSorted(columns, within: starts.map { Int32($0) }) == expected)
      let order = SortedOrder.rows(of: columns, rowCount: rowCount)
      let ordered = columns.map { SortKey($0.column.gathered(order), $0.direction) }
      #expect(SortedOrder.isSorted(ordered, within: [0, Int32(rowCount)]))
      found[expected, default: 0] += 1
    }
    #expect((found[true] ?? 0) > 50 && (found[false] ?? 0) > 50)
  }

  @Test("single rows of two columns compare as sorting orders them", arguments: sampleTypes)
  func rowsOfTwoColumns(type: DataType) throws {
    var generator = SeededGenerator(seed: 38)
    for _ in 0..<6 {
      let key = Self.keys([type], rowCount: 60, using: &generator)[0]
      let left = try randomColumn(key.values, type: type, using: &generator)
      let right = try randomColumn(key.values, type: type, using: &generator)
      for i in 0..<60 {
        let j = Int.random(in: 0..<60, using: &generator)
        #expect(
          key.direction.order(of: left, i, with: right, j).signum() == key.compare(i, j).signum()
        )
      }
    }
  }

  @Test("runs of equal rows")
  func runs() throws {
    let column = Column.strings(["b", "a", nil, "a", nil])
    let order = SortedOrder.rows(of: [SortKey(column)], rowCount: 5)
    #expect(order == [1, 3, 0, 2, 4])
    #expect(SortedOrder.runStarts(of: [column], in: order) == [true, false, true, true, false])
  }

  @Test("runs of equal rows are those of a group table", arguments: sampleTypes)
  func runsOfTypes(type: DataType) throws {
    var generator = SeededGenerator(seed: 35)
    for _ in 0..<4 {
      let keys = Self.keys([type, .bigint], rowCount: 300, using: &generator)
      let columns = try Self.columns(keys, using: &generator)
      let order = SortedOrder.rows(of: columns, rowCount: 300)
      var table = GroupTable(keyTypes: [type, .bigint])
      let groups = try table.groupIDs(
        for: columns.map { $0.column.gathered(order) },
        rowCount: 300
      )
      let expected = groups.indices.map { $0 == 0 || groups[$0] != groups[$0 - 1] }
      #expect(SortedOrder.runStarts(of: columns.map(\.column), in: order) == expected)
    }
  }

  @Test("many rows are sorted in pieces as in one", arguments: [1, 40, 1_000_000])
  func pieces(range: Int64) throws {
    var generator = SeededGenerator(seed: 36)
    let rowCount = SortPieces.leastRowCount + 5_000
    let first = (0..<rowCount).map { _ in Int64.random(in: 0..<range, using: &generator) }
    let second = (0..<rowCount).map { _ in Double.random(in: -1...1, using: &generator) }
    let keys = [
      SortKey(.integers(first), SortDirection(isDescending: true)), SortKey(.doubles(second)),
    ]
    let expected = (0..<rowCount).sorted { lhs, rhs in
      first[lhs] == first[rhs] ? second[lhs] < second[rhs] : first[lhs] > first[rhs]
    }
    #expect(SortedOrder.rows(of: keys, rowCount: rowCount) == expected.map { Int32($0) })
  }
}
