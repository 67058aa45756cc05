import TundishColumns

// Conversions between types.
extension KernelBenchmarks {
  static let casts: [Benchmark] = [
    kernel("cast.text_to_bigint", bytes: 5, reading: integers) { rows in
      let texts = numbers(rows).map { String($0) }
      let column = Column.strings(texts)
      return (
        { try Cast.convert(column, to: .bigint, context: context) },
        { texts.map { Int64($0) ?? 0 } }
      )
    },
    kernel("cast.text_to_double", bytes: 8, reading: doubles) { rows in
      let texts = numbers(rows).map { "\($0).25" }
      let column = Column.strings(texts)
      return (
        { try Cast.convert(column, to: .double, context: context) },
        { texts.map { Double($0) ?? 0 } }
      )
    },
    kernel("cast.text_to_date", bytes: 10, reading: integers) { rows in
      let texts = rows.map { PlainDate(dayNumber: mixed($0, below: 10_007)).text }
      let column = Column.strings(texts)
      return (
        { try Cast.convert(column, to: .date, context: context) },
        { texts.map { Int64(PlainDate($0).dayNumber) } }
      )
    },
    kernel("cast.bigint_to_text", reading: texts) { rows in
      let values = numbers(rows)
      let column = Column.integers(values)
      return (
        { try Cast.convert(column, to: .varchar, context: context) },
        { values.map { Array(String($0).utf8) } }
      )
    },
    kernel("cast.date_to_text", reading: texts) { rows in
      let values = rows.map { Int64(mixed($0, below: 10_007)) }
      let column = Column.integers(values, type: .date)
      return (
        { try Cast.convert(column, to: .varchar, context: context) },
        { values.map { Array(PlainDate(dayNumber: Int($0)).text.utf8) } }
      )
    },
    kernel("cast.bigint_to_double", reading: doubles) { rows in
      let values = numbers(rows)
      let column = Column.integers(values)
      return (
        { try Cast.convert(column, to: .double, context: context) },
        { values.map { Double($0) } }
      )
    },
    kernel("cast.bigint_to_integer", reading: integers) { rows in
      // Checked: each value must fit.
      let values = numbers(rows)
      let column = Column.integers(values)
      return (
        { try Cast.convert(column, to: .integer, context: context) },
        { values.map { Int64(Int32($0)) } }
      )
    },
  ]
}
