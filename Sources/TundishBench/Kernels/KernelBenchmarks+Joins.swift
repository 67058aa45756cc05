import TundishColumns

// The table of a join's one side, and its other side.
extension KernelBenchmarks {
  static let joins: [Benchmark] = [
    Benchmark(name: "kernel.join.build") { setting in
      let keys = (0..<setting.valueCount).map { Int64(mixed($0)) * 1_000_003 }
      let column = Column.integers(keys)
      let probe = [Column.integers([0, 1_000_003 * 5, 7])]
      return try Work(
        byteCount: 8 * keys.count,
        run: { try joinTable(column) },
        loop: {
          var rows: [Int64: [Int32]] = [:]
          for row in keys.indices { rows[keys[row], default: []].append(Int32(row)) }
          return [0, 1_000_003 * 5, 7].flatMap { rows[$0] ?? [] }
        },
        reading: { table in
          var side = JoinProbe(table)
          side.begin(probe, rowCount: 3)
          var rows: [Int32] = []
          while let next = side.next(limit: 2_048) { rows += next.buildRows }
          return rows
        }
      )
    },
    probe("word", factor: 1_000_003),
    probe("dense", factor: 1),
  ]

  private static func joinTable(_ keys: Column) throws -> JoinTable {
    try JoinTable(keys: [keys], keyTypes: [.bigint], isNullSafe: [false], rowCount: keys.count)
  }

  /// Rows that look up one of 50,000 keys; about half of them find it.
  private static func probe(_ name: String, factor: Int64) -> Benchmark {
    Benchmark(name: "kernel.join.probe." + name) { setting in
      let buildKeys = (0..<50_000).map { Int64($0) * factor }
      let table = try joinTable(.integers(buildKeys))
      let keys = rowRanges(setting.valueCount).map { rows in
        numbers(rows).map { $0 * factor }
      }
      let batches = keys.map { Column.integers($0) }
      var rowOfKey: [Int64: Int32] = [:]
      for row in buildKeys.indices { rowOfKey[buildKeys[row]] = Int32(row) }
      let lookup = rowOfKey
      return try Work(
        byteCount: 8 * setting.valueCount,
        run: {
          var side = JoinProbe(table)
          return batches.map { batch in
            side.begin([batch], rowCount: batch.count)
            var rows: [Int32] = []
            while let next = side.next(limit: 2_048) { rows += next.buildRows }
            return rows
          }
        },
        loop: { keys.map { batch in batch.compactMap { lookup[$0] } } },
        reading: { $0 }
      )
    }
  }
}
