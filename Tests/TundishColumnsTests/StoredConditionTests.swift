import Testing

@testable import TundishColumns

/// Conditions that segments decide, against the same question put to every decoded value.
@Suite("Stored conditions")
struct StoredConditionTests {
  private static let rowCounts = [1, 63, 64, 65, 128, 700]

  private static func check(
    _ table: StoredTable,
    _ condition: StoredCondition,
    _ comment: String,
    where holds: (Value) -> Bool
  ) {
    for group in 0..<table.rowGroupCount {
      let count = table.rowCount(ofRowGroup: group)
      let column = table.column(rowGroup: group, column: 0, rows: 0..<count)
      var mask = RowMask(allOf: count)
      table.narrow(&mask, rowGroup: group, column: 0, by: condition)
      let expected = (0..<Int32(count)).filter { holds(column.value(at: Int($0))) }
      #expect(mask.rows == expected, "\(comment)")
      #expect(mask.chosenCount == expected.count, "\(comment)")
      // What is read at places is what is read in a range.
      let gathered = table.column(rowGroup: group, column: 0, rows: expected)
      #expect(
        gathered.allValues() == expected.map { column.value(at: Int($0)) },
        "\(comment)"
      )
    }
  }

  private static func table(_ type: DataType, _ values: [Value]) throws -> StoredTable {
    try StoredTable(
      schema: Schema([Field(name: "c", type: type)]),
      batches: [Batch(columns: [.values(values, type: type)], rowCount: values.count)],
      rowGroupRowCount: 512
    )
  }

  @Test("integers of every width", arguments: [1, 200, 60_000, 4_000_000_000, Int64.max / 2])
  func integers(width: Int64) throws {
    var generator = SeededGenerator(seed: UInt64(width))
    for count in Self.rowCounts {
      for hasNulls in [false, true] {
        let base = Int64.random(in: -width...width, using: &generator)
        let values: [Value] = (0..<count).map { _ in
          hasNulls && Int.random(in: 0..<4, using: &generator) == 0
            ? .null : .integer(base &+ Int64.random(in: 0...width, using: &generator))
        }
        let table = try Self.table(.bigint, values)
        let keys = Column.values(values.filter { _ in generator.next() % 3 == 0 }, type: .bigint)
        let filter = try #require(KeyFilter(keys))
        #expect(table.holdsKeys(of: filter, column: 0))
        Self.check(table, .keys(filter), "keys, \(count) rows") { value in
          guard case .integer(let number) = value else { return false }
          return filter.narrowed(nil, of: .integers([number])) == nil
        }
        func bound() -> Int64 {
          base &+ Int64.random(in: -(width / 4)...(width + width / 4), using: &generator)
        }
        for _ in 0..<6 {
          let (one, other, third) = (bound(), bound(), bound())
          let range = min(one, other)...max(one, other)
          for ranges in [[range], [.min...one], [one ... .max], [range, third...third], []] {
            for isInside in [true, false] {
              Self.check(
                table,
                .integers(ranges, isInside: isInside),
                "\(ranges) inside: \(isInside), \(count) rows"
              ) { value in
                guard case .integer(let number) = value else { return false }
                return ranges.contains { $0.contains(number) } == isInside
              }
            }
          }
        }
      }
    }
  }

  @Test("codes of every width", arguments: [1, 3, 300, 700])
  func codes(distinctCount: Int) throws {
    var generator = SeededGenerator(seed: UInt64(distinctCount))
    for count in Self.rowCounts {
      for hasNulls in [false, true] {
        let values: [Value] = (0..<count).map { _ in
          hasNulls && Int.random(in: 0..<4, using: &generator) == 0
            ? .null : .text("v\(Int.random(in: 0..<distinctCount, using: &generator))")
        }
        let table = try Self.table(.varchar, values)
        guard let dictionary = table.dictionary(ofColumn: 0) else { continue }
        let some = Column.values(values.filter { _ in generator.next() % 3 == 0 }, type: .varchar)
        let texts = Set(some.allValues())
        let codes = Column.codes(
          some.allValues().filter { !$0.isNull }.map { value in
            guard case .text(let text) = value, let code = dictionary.code(of: Array(text.utf8))
            else { return 0 }
            return code
          },
          dictionary
        )
        let filter = try #require(KeyFilter(codes))
        #expect(table.holdsKeys(of: filter, column: 0))
        Self.check(table, .keys(filter), "keys") { !$0.isNull && texts.contains($0) }
        for shape in 0..<4 {
          let middle = Int.random(in: 0..<dictionary.count, using: &generator)
          let truths = (0..<dictionary.count).map { code in
            switch shape {
            case 0: code == middle
            case 1: code >= middle
            case 2: Bool.random(using: &generator)
            case _: false
            }
          }
          for null in [true, false] {
            let chosen = Set(truths.indices.filter { truths[$0] }.map { dictionary.text(of: $0) })
            Self.check(table, .codes(CodeTruths(truths, null: null)), "shape \(shape)") { value in
              guard case .text(let text) = value else { return null }
              return chosen.contains(text)
            }
          }
        }
      }
    }
  }

  @Test func truthsAndNulls() throws {
    var generator = SeededGenerator(seed: 7)
    for count in Self.rowCounts {
      for kind in 0..<4 {
        let values: [Value] = (0..<count).map { _ in
          switch kind {
          case 0: .boolean(Bool.random(using: &generator))
          case 1:
            Int.random(in: 0..<3, using: &generator) == 0
              ? .null : .boolean(Bool.random(using: &generator))
          case 2: .boolean(true)
          case _: .null
          }
        }
        let table = try Self.table(.boolean, values)
        for truth in [true, false] {
          Self.check(table, .boolean(truth), "\(kind)") { $0 == .boolean(truth) }
          Self.check(table, .isNull(truth), "\(kind)") { $0.isNull == truth }
        }
      }
    }
  }
}

extension TextDictionary {
  fileprivate func text(of code: Int) -> String {
    String(decoding: values.byteArray(at: code), as: UTF8.self)
  }
}
