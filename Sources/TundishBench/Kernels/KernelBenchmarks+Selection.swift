import TundishColumns

// Taking rows and choosing between columns.
extension KernelBenchmarks {
  static let selection: [Benchmark] = [
    kernel("blend", bytes: 9, reading: integers) { rows in
      let mask = rows.map { mixed($0) % 10 < 3 }
      let values = numbers(rows)
      let column = Column.integers(values)
      let other = Column.constant(.integer(-1), type: .bigint, count: rows.count)
      return (
        { column.blended(with: other, where: mask) ?? other },
        { values.indices.map { mask[$0] ? values[$0] : -1 } }
      )
    },
    kernel("filter", bytes: 9, reading: integers) { rows in
      let mask = rows.map { mixed($0) % 10 < 3 }
      let values = numbers(rows)
      let column = Column.integers(values)
      return (
        { column.filtered(by: mask) },
        { values.indices.filter { mask[$0] }.map { values[$0] } }
      )
    },
    kernel("gather", bytes: 12, reading: integers) { rows in
      let chosen = rows.map { Int32(mixed($0) % rows.count) }
      let values = numbers(rows)
      let column = Column.integers(values)
      return (
        { column.gathered(chosen) },
        { chosen.map { values[Int($0)] } }
      )
    },
    kernel("gather.texts", bytes: 12, reading: texts) { rows in
      let chosen = rows.map { Int32(mixed($0) % rows.count) }
      let values = rows.map { "customer \(mixed($0))" }
      let column = Column.strings(values)
      return (
        { column.gathered(chosen) },
        { chosen.map { Array(values[Int($0)].utf8) } }
      )
    },
  ]
}
