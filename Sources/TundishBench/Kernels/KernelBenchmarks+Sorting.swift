import TundishColumns

// Orders of rows.
extension KernelBenchmarks {
  static let sorting: [Benchmark] = [
    Benchmark(name: "kernel.sort.bigint") { setting in
      let values = numbers(0..<setting.valueCount)
      let column = Column.integers(values)
      return try Work(
        byteCount: 8 * values.count,
        run: { SortedOrder.rows(of: [SortKey(column)], rowCount: column.count) },
        loop: { order(values.count) { (values[$0], $0) < (values[$1], $1) } },
        reading: { $0 }
      )
    },
    Benchmark(name: "kernel.sort.two_keys") { setting in
      let first = (0..<setting.valueCount).map { Int64(mixed($0) % 50) }
      let second = numbers(0..<setting.valueCount, below: 70_001)
      let keys = [
        SortKey(.integers(first), SortDirection(isDescending: true)), SortKey(.integers(second)),
      ]
      return try Work(
        byteCount: 16 * first.count,
        run: { SortedOrder.rows(of: keys, rowCount: first.count) },
        loop: {
          order(first.count) { one, other in
            first[one] != first[other]
              ? first[one] > first[other] : (second[one], one) < (second[other], other)
          }
        },
        reading: { $0 }
      )
    },
    Benchmark(name: "kernel.sort.doubles") { setting in
      let values = numbers(0..<setting.valueCount).map { Double($0) / 8 - 4_000 }
      let column = Column.doubles(values)
      return try Work(
        byteCount: 8 * values.count,
        run: { SortedOrder.rows(of: [SortKey(column)], rowCount: column.count) },
        loop: { order(values.count) { (values[$0], $0) < (values[$1], $1) } },
        reading: { $0 }
      )
    },
    Benchmark(name: "kernel.sort.texts", valueCount: 300_000) { setting in
      let values = (0..<setting.valueCount).map { "customer \(mixed($0))" }
      let column = Column.strings(values)
      return try Work(
        byteCount: nil,
        run: { SortedOrder.rows(of: [SortKey(column)], rowCount: column.count) },
        loop: { order(values.count) { (values[$0], $0) < (values[$1], $1) } },
        reading: { $0 }
      )
    },
    Benchmark(name: "kernel.top") { setting in
      let values = numbers(0..<setting.valueCount)
      let batches = rowRanges(setting.valueCount).map { rows in
        Batch(columns: [.integers(Array(values[rows]))], rowCount: rows.count)
      }
      return try Work(
        byteCount: 8 * values.count,
        run: {
          var top = TopNSelector(
            types: [.bigint],
            keyTypes: [.bigint],
            directions: [SortDirection(isDescending: true)],
            limit: 20
          )
          for batch in batches { try top.consume(batch, keys: batch.columns) }
          return try top.finish()
        },
        loop: {
          // The twenty so far, in order; most values are no greater than the last of them.
          var top: [Int64] = []
          for value in values where top.count < 20 || value > top[19] {
            top.insert(value, at: top.firstIndex { $0 < value } ?? top.count)
            if top.count > 20 { top.removeLast() }
          }
          return top
        },
        reading: { $0.columns[0].int64Values() }
      )
    },
  ]

  private static func order(_ count: Int, by precedes: (Int32, Int32) -> Bool) -> [Int32] {
    (0..<Int32(count)).sorted(by: precedes)
  }
}

extension Array {
  subscript(row: Int32) -> Element { self[Int(row)] }
}
