import TundishColumns

// Hashes and the tables of groups, by strategy.
extension KernelBenchmarks {
  static let hashing: [Benchmark] = [
    hashes("bigint") { .integers(numbers($0)) },
    hashes("text") { rows in .strings(rows.map { "customer \(mixed($0))" }) },
    groups("dense", "dense array") { rows in [.integers(rows.map { Int64(mixed($0) % 50) })] },
    groups("codes", "dense array") { rows in
      [.codes(rows.map { Int32(mixed($0) % 50) }, sharedWords)]
    },
    groups("word", "hash of one word") { rows in
      [.integers(rows.map { Int64(mixed($0)) * 1_000_003 })]
    },
    groups("pair", "hash of two words") { rows in
      [
        .integers(rows.map { Int64(mixed($0)) * 90_000_000_000_000 }),
        .integers(rows.map { Int64(mixed($0) % 7) * 1_000_000_000_000_000_007 }),
      ]
    },
    groups("text", nil) { rows in [.strings(rows.map { "customer \(mixed($0))" })] },
    groups("adjacent", "groups last made", adjacentKey: 0) { rows in
      [.integers(rows.map { Int64($0 / 8) * 1_000_003 })]
    },
  ]

  /// Hashes of single values; right where there are as many of them as values.
  private static func hashes(
    _ name: String,
    column: @escaping @Sendable (Range<Int>) -> Column
  ) -> Benchmark {
    Benchmark(name: "kernel.hash." + name) { setting in
      let batches = rowRanges(setting.valueCount).map(column)
      let values = batches.map { $0.allValues() }
      let distinctCount = Set(values.joined()).count
      let integers = batches.map { $0.type == .bigint ? $0.int64Values() : [] }
      let strings = values.map { batch in
        batch.compactMap { value in if case .text(let text) = value { text } else { nil } }
      }
      return Work(
        byteCount: nil,
        run: { batches.map { $0.rowHashes() } },
        loop: {
          // Swift's own hashes.
          zip(integers, strings).map { integers, strings in
            integers.map { UInt64(bitPattern: Int64($0.hashValue)) }
              + strings.map { UInt64(bitPattern: Int64($0.hashValue)) }
          }
        },
        isRight: { hashes in Set(hashes.joined()).count == distinctCount }
      )
    }
  }

  /// Group numbers of rows, made batch by batch, beside a dictionary.
  private static func groups(
    _ name: String,
    _ strategy: String?,
    adjacentKey: Int? = nil,
    keys: @escaping @Sendable (Range<Int>) -> [Column]
  ) -> Benchmark {
    Benchmark(name: "kernel.group." + name) { setting in
      let batches = rowRanges(setting.valueCount).map(keys)
      let plain = batches.map(plainKeys)
      let types = batches[0].map(\.type)
      return try Work(
        byteCount: nil,
        run: { () -> NumberedRows in
          var table = GroupTable(keyTypes: types, adjacentKey: adjacentKey)
          let groups = try batches.map { try table.groupIDs(for: $0, rowCount: $0[0].count) }
          return NumberedRows(groups: groups, strategyName: table.strategyName)
        },
        loop: { () -> [[Int32]] in
          var numbers: [PlainKey: Int32] = [:]
          return plain.map { batch in
            batch.map { key in
              if let number = numbers[key] { return number }
              let number = Int32(numbers.count)
              numbers[key] = number
              return number
            }
          }
        },
        reading: { numbered -> [[Int32]] in
          guard let strategy else { return numbered.groups }
          return numbered.strategyName.contains(strategy) ? numbered.groups : []
        }
      )
    }
  }

  /// The groups of rows, and how they were found.
  private struct NumberedRows {
    let groups: [[Int32]]
    let strategyName: String
  }

  /// What a loop has as the key of a dictionary.
  private enum PlainKey: Hashable {
    case number(Int64)
    case pair(Int64, Int64)
    case text(String)
  }

  private static func plainKeys(_ columns: [Column]) -> [PlainKey] {
    switch columns[0].data {
    case .int64(let first):
      guard columns.count > 1 else { return first.map { .number($0) } }
      let second = columns[1].int64Values()
      return first.indices.map { .pair(first[$0], second[$0]) }
    case .dictionary(let codes, _): return codes.map { .number(Int64($0)) }
    case .text(let values): return (0..<values.count).map { .text(values.string(at: $0)) }
    case .boolean, .int128, .float64, .interval, .list, .structure: return []
    }
  }
}
