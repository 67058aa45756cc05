import Testing

@testable import TundishColumns

@Suite("Stored tables")
struct StoredTableTests {
  private static let schema = Schema(
    sampleTypes.enumerated().map { Field(name: "c\($0.offset)", type: $0.element) }
  )

  /// A table and its rows, made batch by batch.
  private struct Sample {
    var table: StoredTable
    var rows: [[String]]

    init(rowCount: Int, groupSize: Int, seed: UInt64) throws {
      var generator = SeededGenerator(seed: seed)
      var builder = StoredTableBuilder(
        schema: StoredTableTests.schema,
        rowGroupRowCount: groupSize
      )
      rows = []
      var left = rowCount
      while left > 0 {
        let count = min(left, Int.random(in: 1...40, using: &generator))
        left -= count
        let batch = try Self.batch(rowCount: count, using: &generator)
        rows += StoredTableTests.rows([batch])
        try builder.append(batch)
      }
      table = try builder.finish()
    }

    static func batch(rowCount: Int, using generator: inout SeededGenerator) throws -> Batch {
      var columns: [Column] = []
      for type in sampleTypes {
        let values = randomValues(
          type,
          count: rowCount,
          hasNulls: Bool.random(using: &generator),
          using: &generator
        )
        columns.append(try randomColumn(values, type: type, using: &generator))
      }
      return Batch(columns: columns, rowCount: rowCount)
    }
  }

  private static func rows(_ batches: [Batch]) -> [[String]] {
    batches.flatMap { batch in
      (0..<batch.rowCount).map { row in batch.row(at: row).map { key($0) } }
    }
  }

  @Test("rows come back in order", arguments: [0, 1, 15, 16, 17, 100])
  func roundTrip(rowCount: Int) throws {
    for seed in 1...3 as ClosedRange<UInt64> {
      let sample = try Sample(rowCount: rowCount, groupSize: 16, seed: seed)
      #expect(sample.table.rowCount == rowCount)
      #expect(sample.table.rowGroupCount == (rowCount + 15) / 16)
      #expect(Self.rows(sample.table.batches(ofRowCount: 5)) == sample.rows)
    }
  }

  @Test("integers of every width come back")
  func widths() throws {
    let schema = Schema([Field(name: "n", type: .bigint)])
    for exponent in 0..<63 {
      let values: [Int64] = [0, 1, 1 << exponent, -(1 << exponent), 7]
      for validity in [nil, [true, false, true, true, true]] {
        let column = Column.integers(values, validity: validity)
        let table = try StoredTable(
          schema: schema,
          batches: [Batch(columns: [column], rowCount: 5)]
        )
        #expect(table.batches()[0].columns[0].allValues() == column.allValues())
        let zone = table.zone(rowGroup: 0, column: 0)
        #expect(zone.minimum == .integer(-(1 << exponent)))
        #expect(zone.maximum == .integer(max(7, 1 << exponent)))
      }
    }
    let extremes = Column.integers([.min, .max, 0])
    let table = try StoredTable(
      schema: schema,
      batches: [Batch(columns: [extremes], rowCount: 3)]
    )
    #expect(table.batches()[0].columns[0].allValues() == extremes.allValues())
  }

  @Test("statistics hold for the data")
  func statistics() throws {
    let schema = Schema([
      Field(name: "day", type: .date), Field(name: "owner", type: .varchar),
      Field(name: "share", type: .double),
    ])
    var builder = StoredTableBuilder(schema: schema, rowGroupRowCount: 10)
    for day in 0..<25 as Range<Int32> {
      try builder.append(
        Batch(
          columns: [
            .constant(.date(day), type: .date, count: 1),
            .strings([day % 2 == 0 ? "Anna" : nil]),
            .doubles([Double(day) / 4]),
          ],
          rowCount: 1
        )
      )
    }
    let table = try builder.finish()
    let day = table.statistics(ofColumn: 0)
    #expect(day.minimum == .date(0) && day.maximum == .date(24))
    #expect(day.isSorted && day.nullCount == 0 && day.distinctCount == 25)
    #expect(table.statistics(ofColumn: 1).nullCount == 12)
    #expect(table.statistics(ofColumn: 1).distinctCount == 1)
    #expect(table.statistics(ofColumn: 2).maximum == .double(6))
    #expect(table.zone(rowGroup: 2, column: 0).integers == 20...24)
    #expect(table.memoryBytes > 0)
  }

  @Test("codes are in the order of first rows, whatever dictionaries batches bring")
  func codeOrder() throws {
    let schema = Schema([Field(name: "owner", type: .varchar)])
    var first = TextColumnBuilder(coding: .dictionary)
    for name in ["unused", "b", "a"] { try first.append(name) }
    var second = TextColumnBuilder(coding: .dictionary)
    for name in ["c", "a", "d"] { try second.append(name) }
    let table = try StoredTable(
      schema: schema,
      batches: [
        Batch(columns: [first.finish().sliced(1..<3)], rowCount: 2),
        Batch(columns: [second.finish()], rowCount: 3),
        Batch(columns: [.strings(["e", "b"])], rowCount: 2),
      ],
      rowGroupRowCount: 3
    )
    let dictionary = try #require(table.dictionary(ofColumn: 0))
    #expect(
      (0..<dictionary.count).map { dictionary.values.string(at: $0) } == ["b", "a", "c", "d", "e"]
    )
    #expect(
      Self.rows(table.batches()) == ["b", "a", "c", "a", "d", "e", "b"].map { [key(.text($0))] }
    )
  }

  @Test("text that does not repeat becomes plain, also in earlier row groups")
  func plainText() throws {
    let schema = Schema([Field(name: "id", type: .varchar)])
    var builder = StoredTableBuilder(schema: schema, rowGroupRowCount: 1_000)
    var expected: [[String]] = []
    for block in 0..<5 {
      let values = (0..<700).map { "id \(block) \($0)" as String? }
      expected += values.map { [key(.text($0 ?? ""))] }
      try builder.append(Batch(columns: [.strings(values)], rowCount: 700))
    }
    let table = try builder.finish()
    #expect(table.dictionary(ofColumn: 0) == nil)
    #expect(Self.rows(table.batches()) == expected)
    let longer = try table.appending([Batch(columns: [.strings(["x", nil])], rowCount: 2)])
    #expect(Self.rows(longer.batches()) == expected + [[key(.text("x"))], [key(.null)]])
    #expect(Self.rows(table.batches()).count == 3_500)
  }

  @Test("appending keeps the old table and shares its dictionary")
  func appending() throws {
    var generator = SeededGenerator(seed: 9)
    let sample = try Sample(rowCount: 50, groupSize: 16, seed: 5)
    let batch = try Sample.batch(rowCount: 20, using: &generator)
    let longer = try sample.table.appending([batch])
    #expect(Self.rows(longer.batches()) == sample.rows + Self.rows([batch]))
    #expect(Self.rows(sample.table.batches()) == sample.rows)
    #expect(longer.rowGroupCount == 5)
    let same = try longer.appending([longer.batches()[0]])
    #expect(same.dictionary(ofColumn: 6) === longer.dictionary(ofColumn: 6))
  }

  @Test("deleting and replacing rows")
  func changing() throws {
    var generator = SeededGenerator(seed: 10)
    let sample = try Sample(rowCount: 60, groupSize: 16, seed: 6)
    let mask = (0..<60).map { ($0 >= 16 && $0 < 32) || $0 % 7 == 0 }
    let fewer = try sample.table.deleting(mask)
    #expect(Self.rows(fewer.batches()) == zip(sample.rows, mask).filter { !$0.1 }.map(\.0))
    #expect(try fewer.deleting(Array(repeating: true, count: fewer.rowCount)).rowCount == 0)

    let changed = [3, 15, 16, 40, 59]
    let values = try Sample.batch(rowCount: changed.count, using: &generator)
    let columns = [6, 1, 10]
    let table = try sample.table.replacing(
      rows: changed,
      columns: columns,
      with: values.projected(columns)
    )
    var expected = sample.rows
    for (position, row) in changed.enumerated() {
      for column in columns {
        expected[row][column] = key(values.columns[column].value(at: position))
      }
    }
    #expect(Self.rows(table.batches()) == expected)
  }

  @Test("adding, dropping, renaming and replacing columns")
  func columns() throws {
    let sample = try Sample(rowCount: 40, groupSize: 16, seed: 7)
    let added = try sample.table.setting(
      Field(name: "label", type: .varchar),
      to: .constant(.text("x"), type: .varchar, count: 40)
    )
    #expect(Self.rows(added.batches()) == sample.rows.map { $0 + [key(.text("x"))] })
    let replaced = try added.setting(
      Field(name: "c0", type: .bigint),
      to: .integers((0..<40).map { $0 }),
      at: 0
    )
    #expect(replaced.batches()[0].columns[0].value(at: 9) == .integer(9))
    let dropped = replaced.dropping(column: 1)
    #expect(dropped.schema.fields.map(\.name).prefix(2) == ["c0", "c2"])
    let renamed = dropped.redeclaring(column: 0, as: Field(name: "n", type: .bigint))
    #expect(renamed.schema.fields[0].name == "n")
    #expect(renamed.rowCount == 40)
  }
}
