import TundishColumns

// Comparisons and what follows them: logic, and conditions on columns as they are stored.
extension KernelBenchmarks {
  static let comparison: [Benchmark] = [
    kernel("compare.constant", reading: booleans) { rows in
      let values = numbers(rows)
      let column = Column.integers(values)
      let bound = Column.constant(.integer(50_000), type: .bigint, count: rows.count)
      return (
        { Comparison.compare(.less, column, bound) },
        { values.map { $0 < 50_000 } }
      )
    },
    kernel("compare.columns", bytes: 16, reading: booleans) { rows in
      let (left, right) = (numbers(rows), numbers(rows, below: 70_001))
      let columns = (Column.integers(left), Column.integers(right))
      return (
        { Comparison.compare(.less, columns.0, columns.1) },
        { left.indices.map { left[$0] < right[$0] } }
      )
    },
    kernel("compare.doubles", reading: booleans) { rows in
      let values = numbers(rows).map { Double($0) / 4 }
      let column = Column.doubles(values)
      let bound = Column.constant(.double(12_500.25), type: .double, count: rows.count)
      return (
        { Comparison.compare(.greaterOrEqual, column, bound) },
        { values.map { $0 >= 12_500.25 } }
      )
    },
    kernel("compare.texts", bytes: nil, reading: booleans) { rows in
      let values = rows.map { Array("customer \(mixed($0) % 50)".utf8) }
      let column = Column.text(TextVector(values.map { String(decoding: $0, as: UTF8.self) }))
      let wanted = Array("customer 17".utf8)
      let other = Column.constant(.text("customer 17"), type: .varchar, count: rows.count)
      return (
        { Comparison.compare(.equal, column, other) },
        { values.map { $0 == wanted } }
      )
    },
    kernel("and", bytes: 2, reading: booleans) { rows in
      let (left, right) = (rows.map { mixed($0) % 3 == 0 }, rows.map { mixed($0) % 2 == 0 })
      let columns = (Column.booleans(left), Column.booleans(right))
      return (
        { Logic.and(columns.0, columns.1) },
        { left.indices.map { left[$0] && right[$0] } }
      )
    },
    narrow("integers", column: 0, by: .integers([100...20_000], isInside: true)) { values in
      values.count { 100...20_000 ~= $0 }
    },
    narrow("integers.two_ranges", column: 0, by: .integers([0...9, 500...999], isInside: false)) {
      values in
      values.count { !(0...9 ~= $0) && !(500...999 ~= $0) }
    },
    narrow(
      "codes",
      column: 1,
      by: .codes(CodeTruths((0..<50).map { $0 % 7 == 3 }, null: false))
    ) { values in
      values.count { $0 % 7 == 3 }
    },
    narrow("boolean", column: 2, by: .boolean(true)) { values in values.count { $0 == 1 } },
  ]

  /// A condition decided on a stored column: a number below 100,003, one of 50 words, or a truth.
  ///
  /// The loop beside it counts over 64-bit integers: the number, the word's number, 0 or 1.
  private static func narrow(
    _ name: String,
    column: Int,
    by condition: StoredCondition,
    loop: @escaping @Sendable ([Int64]) -> Int
  ) -> Benchmark {
    Benchmark(name: "kernel.narrow." + name) { setting in
      let table = try storedTable(setting.valueCount)
      let values = (0..<setting.valueCount).map { row -> Int64 in
        switch column {
        case 0: Int64(mixed(row))
        case 1: Int64(row % 50)
        default: mixed(row) % 3 == 0 ? 1 : 0
        }
      }
      return try Work(
        byteCount: nil,
        run: {
          (0..<table.rowGroupCount).map { group in
            var mask = RowMask(allOf: table.rowCount(ofRowGroup: group))
            table.narrow(&mask, rowGroup: group, column: column, by: condition)
            return mask
          }
        },
        loop: { loop(values) },
        reading: { (masks: [RowMask]) -> Int in masks.reduce(0) { $0 + $1.chosenCount } }
      )
    }
  }

  /// A table of a number, a word and a truth.
  static func storedTable(_ count: Int) throws -> StoredTable {
    let schema = Schema([
      Field(name: "number", type: .bigint), Field(name: "word", type: .varchar),
      Field(name: "truth", type: .boolean),
    ])
    let dictionary = TextDictionary(distinct: TextVector((0..<50).map { "word \($0)" }))
    var builder = StoredTableBuilder(schema: schema)
    for rows in rowRanges(count) {
      let columns: [Column] = [
        .integers(numbers(rows)), .codes(rows.map { Int32($0 % 50) }, dictionary),
        .booleans(rows.map { mixed($0) % 3 == 0 }),
      ]
      try builder.append(Batch(columns: columns, rowCount: rows.count))
    }
    return try builder.finish()
  }
}
