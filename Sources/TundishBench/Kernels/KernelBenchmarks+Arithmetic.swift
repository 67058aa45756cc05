import TundishColumns

// Arithmetic; all but that of doubles is checked for overflow.
extension KernelBenchmarks {
  static let arithmetic: [Benchmark] = [
    integerKernel("add", "+") { left, right in
      left.indices.map { left[$0] + right[$0] }
    },
    integerKernel("multiply", "*") { left, right in
      left.indices.map { left[$0] * right[$0] }
    },
    integerKernel("remainder", "%") { left, right in
      left.indices.map { left[$0] % right[$0] }
    },
    doubleKernel("add", "+") { left, right in
      left.indices.map { left[$0] + right[$0] }
    },
    doubleKernel("divide", "/") { left, right in
      left.indices.map { left[$0] / right[$0] }
    },
    kernel("decimal.add", bytes: 16, reading: integers) { rows in
      // 12.2 and 12.2 give 13.2.
      let (left, right) = operands(rows)
      let type = DataType.decimal(precision: 12, scale: 2)
      let call = try FunctionCall("+", [type, type])
      let columns = [Column.integers(left, type: type), Column.integers(right, type: type)]
      return (
        { try call(columns, rows.count) },
        { left.indices.map { left[$0] + right[$0] } }
      )
    },
    kernel("decimal.multiply", bytes: 16, reading: integers) { rows in
      // 9.2 and 9.2 give 18.4.
      let (left, right) = operands(rows)
      let type = DataType.decimal(precision: 9, scale: 2)
      let call = try FunctionCall("*", [type, type])
      let columns = [Column.integers(left, type: type), Column.integers(right, type: type)]
      return (
        { try call(columns, rows.count) },
        { left.indices.map { left[$0] * right[$0] } }
      )
    },
    kernel("decimal.multiply.wide", bytes: 16, reading: wideIntegers) { rows in
      // 15.2 and 15.2 give 30.4, which takes 128 bits.
      let (left, right) = operands(rows)
      let type = DataType.decimal(precision: 15, scale: 2)
      let call = try FunctionCall("*", [type, type])
      let columns = [Column.integers(left, type: type), Column.integers(right, type: type)]
      return (
        { try call(columns, rows.count) },
        { left.indices.map { Int128(left[$0]) * Int128(right[$0]) } }
      )
    },
    kernel("round", reading: integers) { rows in
      // To whole numbers, halves away from zero.
      let values = numbers(rows)
      let type = DataType.decimal(precision: 12, scale: 2)
      let call = try FunctionCall("round", [type])
      let column = Column.integers(values, type: type)
      return (
        { try call([column], rows.count) },
        { values.map { ($0 + 50) / 100 } }
      )
    },
  ]

  private static func operands(_ rows: Range<Int>) -> (left: [Int64], right: [Int64]) {
    (numbers(rows), numbers(rows, below: 70_001).map { $0 + 1 })
  }

  private static func integerKernel(
    _ name: String,
    _ function: String,
    loop: @escaping @Sendable ([Int64], [Int64]) -> [Int64]
  ) -> Benchmark {
    kernel("bigint." + name, bytes: 16, reading: integers) { rows in
      let (left, right) = operands(rows)
      let call = try FunctionCall(function, [.bigint, .bigint])
      let columns = [Column.integers(left), Column.integers(right)]
      return (
        { try call(columns, rows.count) },
        { loop(left, right) }
      )
    }
  }

  private static func doubleKernel(
    _ name: String,
    _ function: String,
    loop: @escaping @Sendable ([Double], [Double]) -> [Double]
  ) -> Benchmark {
    kernel("double." + name, bytes: 16, reading: doubles) { rows in
      let integers = operands(rows)
      let (left, right) = (integers.left.map { Double($0) }, integers.right.map { Double($0) })
      let call = try FunctionCall(function, [.double, .double])
      let columns = [Column.doubles(left), Column.doubles(right)]
      return (
        { try call(columns, rows.count) },
        { loop(left, right) }
      )
    }
  }
}
