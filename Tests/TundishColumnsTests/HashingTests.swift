import Testing

@testable import TundishColumns

@Suite("Hashing")
struct HashingTests {
  /// Groups rows by their keys as text, in the obvious way.
  private struct Reference {
    var ids: [String: Int32] = [:]
    var rows: [[Value]] = []

    mutating func group(_ row: [Value]) -> Int32 {
      let text = row.map { key($0) }.joined(separator: "|")
      if let id = ids[text] { return id }
      let id = Int32(ids.count)
      ids[text] = id
      rows.append(row)
      return id
    }

    func find(_ row: [Value]) -> Int32 {
      ids[row.map { key($0) }.joined(separator: "|")] ?? -1
    }
  }

  private static func check(
    _ types: [DataType],
    batchCount: Int = 6,
    rowCount: Int = 60,
    seed: UInt64,
    value: (DataType, inout SeededGenerator) -> Value = { randomValue($0, using: &$1) }
  ) throws {
    var generator = SeededGenerator(seed: seed)
    var table = GroupTable(keyTypes: types)
    var reference = Reference()
    func batch(_ generator: inout SeededGenerator) throws -> (columns: [Column], rows: [[Value]]) {
      var values = types.map { type in
        (0..<rowCount).map { _ in
          Int.random(in: 0..<6, using: &generator) == 0 ? Value.null : value(type, &generator)
        }
      }
      var columns: [Column] = []
      for (key, type) in types.enumerated() {
        if Int.random(in: 0..<5, using: &generator) == 0 {
          values[key] = Array(repeating: values[key][0], count: rowCount)
          columns.append(.constant(values[key][0], type: type, count: rowCount))
        } else {
          columns.append(try randomColumn(values[key], type: type, using: &generator))
        }
      }
      return (columns, (0..<rowCount).map { row in values.map { $0[row] } })
    }
    for _ in 0..<batchCount {
      let (columns, rows) = try batch(&generator)
      let ids = try table.groupIDs(for: columns, rowCount: rowCount)
      #expect(ids == rows.map { reference.group($0) }, "\(types) seed \(seed)")
      #expect(table.groupCount == reference.ids.count)
    }
    let columns = try table.keyColumns()
    for (key, column) in columns.enumerated() {
      #expect(keys(column) == reference.rows.map { TundishColumnsTests.key($0[key]) })
    }
    var cache = GroupTable.LookupCache()
    for _ in 0..<3 {
      let (columns, rows) = try batch(&generator)
      #expect(
        table.lookup(columns, rowCount: rowCount, cache: &cache) == rows.map { reference.find($0) }
      )
    }
    var other = GroupTable(keyTypes: types)
    let (more, rows) = try batch(&generator)
    let ids = try other.groupIDs(for: more, rowCount: rowCount)
    let mapping = try table.merge(other)
    #expect(ids.map { mapping[Int($0)] } == rows.map { reference.group($0) })
    // The cache is not fooled by what was missing before.
    #expect(
      table.lookup(more, rowCount: rowCount, cache: &cache) == rows.map { reference.find($0) }
    )
  }

  @Test("groups of one key are numbered in the order of first rows", arguments: sampleTypes)
  func singleKey(type: DataType) throws {
    for seed in 1...4 as ClosedRange<UInt64> { try Self.check([type], seed: seed) }
  }

  @Test("groups of several keys are numbered in the order of first rows")
  func severalKeys() throws {
    var generator = SeededGenerator(seed: 77)
    for seed in 1...40 as ClosedRange<UInt64> {
      let count = Int.random(in: 2...5, using: &generator)
      let types = (0..<count).compactMap { _ in sampleTypes.randomElement(using: &generator) }
      try Self.check(types, seed: seed)
    }
  }

  @Test("domains that grow keep the numbers of groups", arguments: [1, 2, 3, 4])
  func growth(keyCount: Int) throws {
    for seed in 1...5 as ClosedRange<UInt64> {
      var spread = 4
      try Self.check(
        Array(repeating: .bigint, count: keyCount),
        batchCount: 30,
        rowCount: 80,
        seed: seed
      ) { _, generator in
        spread += 1
        let bound = Int64(1) << Int64(min(62, spread / 40))
        return .integer(Int64.random(in: -bound...bound, using: &generator))
      }
    }
  }

  @Test("many groups", arguments: [[DataType.bigint], [.bigint, .bigint], [.varchar]])
  func manyGroups(types: [DataType]) throws {
    try Self.check(types, batchCount: 4, rowCount: 5_000, seed: 3) { type, generator in
      let number = Int64.random(in: 0..<1_000_000, using: &generator) * 7_919
      return type == .varchar ? .text("id \(number)") : .integer(number)
    }
  }

  @Test(
    "groups of rows that come entity by entity are numbered in the order of first rows",
    arguments: [DataType.bigint, .varchar, .date],
    [3, 40, 400]
  )
  func adjacentRows(type: DataType, spread: Int) throws {
    for seed in 1...4 as ClosedRange<UInt64> {
      var generator = SeededGenerator(seed: seed)
      var table = GroupTable(keyTypes: [.bigint, type], adjacentKey: 1)
      // Far apart, months take a word for themselves.
      let distance: Int64 = seed % 2 == 0 ? 1 : 1 << 54
      var reference = Reference()
      var rows: [[Value]] = []
      for entity in 0..<60 {
        let name: Value =
          switch (entity, type) {
          case (7, _): .null
          case (_, .varchar): .text("entity \(entity)")
          case (_, _): .integer(Int64(entity * 7 % 60))
          }
        for _ in 0..<Int.random(in: 1...120, using: &generator) {
          let month = Int64.random(in: 0..<Int64(spread), using: &generator)
          rows.append([month == 2 ? .null : .integer(month * distance), name])
        }
      }
      for start in stride(from: 0, to: rows.count, by: 250) {
        let part = Array(rows[start..<min(start + 250, rows.count)])
        let columns = try [DataType.bigint, type].enumerated().map { key, type in
          try randomColumn(part.map { $0[key] }, type: type, using: &generator)
        }
        let ids = try table.groupIDs(for: columns, rowCount: part.count)
        #expect(ids == part.map { reference.group($0) }, "\(type) seed \(seed)")
      }
      var cache = GroupTable.LookupCache()
      let columns = try [DataType.bigint, type].enumerated().map { key, type in
        try randomColumn(rows.map { $0[key] }, type: type, using: &generator)
      }
      #expect(
        table.lookup(columns, rowCount: rows.count, cache: &cache)
          == rows.map { reference.find($0) }
      )
    }
  }

  @Test("without keys there is one group")
  func noKeys() throws {
    var table = GroupTable(keyTypes: [])
    #expect(try table.groupIDs(for: [], rowCount: 3) == [0, 0, 0])
    #expect(table.groupCount == 1)
    #expect(try table.keyColumns().isEmpty)
  }

  @Test("hashes of equal rows are equal", arguments: sampleTypes)
  func rowHashes(type: DataType) throws {
    var generator = SeededGenerator(seed: 8)
    let values = randomValues(type, count: 100, using: &generator)
    let one = try randomColumn(values, type: type, using: &generator).rowHashes()
    let other = Column.values(values, type: type).flattened().rowHashes()
    #expect(one == other)
    for row in values.indices {
      for second in values.indices where key(values[row]) == key(values[second]) {
        #expect(one[row] == one[second])
      }
    }
  }

  @Test("a join gives the pairs that nested loops give")
  func join() throws {
    var generator = SeededGenerator(seed: 21)
    for _ in 0..<60 {
      let count = Int.random(in: 1...3, using: &generator)
      let types = (0..<count).compactMap { _ in sampleTypes.randomElement(using: &generator) }
      let isNullSafe = types.map { _ in Bool.random(using: &generator) }
      let buildCount = Int.random(in: 0...30, using: &generator)
      let build = types.map { randomValues($0, count: buildCount, using: &generator) }
      let probe = types.map { randomValues($0, count: 40, using: &generator) }
      var buildColumns: [Column] = []
      var probeColumns: [Column] = []
      for (key, type) in types.enumerated() {
        buildColumns.append(try randomColumn(build[key], type: type, using: &generator))
        probeColumns.append(try randomColumn(probe[key], type: type, using: &generator))
      }
      let table = try JoinTable(
        keys: buildColumns,
        keyTypes: types,
        isNullSafe: isNullSafe,
        rowCount: buildCount
      )
      var expected: [[Int32]] = []
      var outer: [[Int32]] = []
      for row in 0..<40 {
        var found = false
        for other in 0..<buildCount {
          let isMatch = types.indices.allSatisfy { k in
            let (lhs, rhs) = (probe[k][row], build[k][other])
            if lhs.isNull || rhs.isNull { return isNullSafe[k] && lhs.isNull && rhs.isNull }
            return key(lhs) == key(rhs)
          }
          guard isMatch else { continue }
          found = true
          expected.append([Int32(row), Int32(other)])
          outer.append([Int32(row), Int32(other)])
        }
        if !found { outer.append([Int32(row), -1]) }
      }
      let limit = Int.random(in: 1...9, using: &generator)
      var inner = JoinProbe(table)
      for _ in 0..<2 {
        inner.begin(probeColumns, rowCount: 40)
        #expect(Self.pairs(&inner, limit: limit, keepsUnmatched: false) == expected)
      }
      #expect(
        inner.hasMatch()
          == (0..<40).map { row in expected.contains { $0[0] == Int32(row) } }
      )
      var left = JoinProbe(table)
      left.begin(probeColumns, rowCount: 40)
      #expect(Self.pairs(&left, limit: limit, keepsUnmatched: true) == outer)
      var matches = JoinMatches(rowCount: buildCount)
      matches.mark(outer.map { $0[1] })
      #expect(
        matches.unmatchedRows()
          == (0..<Int32(buildCount)).filter { row in !expected.contains { $0[1] == row } }
      )
    }
  }

  private static func pairs(
    _ probe: inout JoinProbe,
    limit: Int,
    keepsUnmatched: Bool
  ) -> [[Int32]] {
    var pairs: [[Int32]] = []
    while let next = probe.next(limit: limit, keepsUnmatched: keepsUnmatched) {
      #expect(next.probeRows.count <= limit)
      pairs += zip(next.probeRows, next.buildRows).map { [$0, $1] }
    }
    return pairs
  }

  @Test("a distinct set passes the first row of each value of a group")
  func distinct() throws {
    var set = DistinctSet(types: [.varchar])
    let values = Column.strings(["a", "b", "a", nil, "a", nil])
    #expect(try set.newRows([values], groups: [0, 0, 1, 0, 0, 0], rowCount: 6) == [0, 1, 2, 3])
    #expect(try set.newRows([values], groups: nil, rowCount: 6) == [])
  }
}
