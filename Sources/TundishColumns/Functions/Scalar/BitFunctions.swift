/// `&`, `|`, `~`, `<<`, `>>`, `xor` and `bit_count`.
enum BitFunctions {
  static let all: [ScalarFunction] = [and, or, exclusiveOr, not, shiftLeft, shiftRight, count]

  /// Integers only, at the width of the wider.
  private static let result: @Sendable ([DataType]) -> DataType? = { types in
    types[0].isInteger ? types[0] : nil
  }

  /// The overload for two integers, computed in 64 or 128 bits.
  private static func pairs(
    _ narrow: @escaping ScalarKernel,
    _ wide: @escaping ScalarKernel
  ) -> [ScalarOverload] {
    [
      ScalarOverload([.commonNumeric, .commonNumeric], result: result) {
        (input) throws(ExecutionError) -> Column in
        try input.resultType == .hugeint ? wide(input) : narrow(input)
      }
    ]
  }

  private static func bits(
    _ narrow: @escaping @Sendable (Int64, Int64) -> Int64,
    _ wide: @escaping @Sendable (Int128, Int128) -> Int128
  ) -> [ScalarOverload] {
    pairs({ $0.mapPairs(narrow) }, { $0.mapPairs(wide) })
  }

  private static let and = ScalarFunction(
    "&",
    summary: "The bits that both integers have.",
    examples: [FunctionExample("12 & 10", "8"), FunctionExample("-1 & 7", "7")],
    overloads: bits({ $0 & $1 }, { $0 & $1 })
  )

  private static let or = ScalarFunction(
    "|",
    summary: "The bits that either integer has.",
    examples: [FunctionExample("12 | 10", "14"), FunctionExample("1 | 6", "7")],
    overloads: bits({ $0 | $1 }, { $0 | $1 })
  )

  private static let exclusiveOr = ScalarFunction(
    "xor",
    summary: "The bits that just one of the integers has.",
    examples: [FunctionExample("xor(12, 10)", "6"), FunctionExample("xor(5, 5)", "0")],
    overloads: bits({ $0 ^ $1 }, { $0 ^ $1 })
  )

  private static let not = ScalarFunction(
    "~",
    summary: "The bits that the integer does not have.",
    examples: [FunctionExample("~5", "-6"), FunctionExample("~(-1)", "0")],
    overloads: [
      ScalarOverload([.integer], result: result) { (input) in
        input.map { (value: Int64) in ~value }
      },
      .fixed([.hugeint], .hugeint) { (input) in input.map { (value: Int128) in ~value } },
    ]
  )

  private static let shiftLeft = ScalarFunction(
    "<<",
    summary: "An integer times two to the power of another.",
    examples: [FunctionExample("1 << 4", "16"), FunctionExample("3 << 0", "3")],
    overloads: pairs(
      { (input) throws(ExecutionError) in try IntegerArithmetic.shiftLeft(input) },
      { (input) throws(ExecutionError) in
        try input.tryMapPairs {
          (value: Int128, count: Int128) throws(ExecutionError) -> Int128? in
          if value == 0 { return 0 }
          guard value > 0, count >= 0, count < 127, value <= Int128.max >> count else {
            throw ExecutionError(.overflow, "overflow in HUGEINT shift: \(value) << \(count)")
          }
          return value << count
        }
      }
    )
  )

  private static let shiftRight = ScalarFunction(
    ">>",
    summary: "An integer divided by two to the power of another, without fraction.",
    examples: [FunctionExample("16 >> 2", "4"), FunctionExample("-1 >> 1", "-1")],
    overloads: bits(
      { value, count in count < 0 ? 0 : value >> min(count, 63) },
      { value, count in count < 0 ? 0 : value >> min(count, 127) }
    )
  )

  private static let count = ScalarFunction(
    "bit_count",
    summary: "The number of bits set in an integer.",
    examples: [FunctionExample("bit_count(7)", "3"), FunctionExample("bit_count(0)", "0")],
    overloads: [
      ScalarOverload(
        [.integer],
        result: { _ in .tinyint },
        kernel: { (input) in
          let width: Int =
            switch input.arguments[0].type {
            case .tinyint: 8
            case .smallint: 16
            case .integer: 32
            default: 64  // BIGINT, the widest that `.integer` admits
            }
          let mask: UInt64 = width == 64 ? .max : (1 << UInt64(width)) - 1
          return input.map { (value: Int64) in
            Int64((UInt64(bitPattern: value) & mask).nonzeroBitCount)
          }
        }
      ),
      // After the narrower one, which must win where a BIGINT fits both.
      .fixed([.hugeint], .smallint) { (input) in
        input.map { (value: Int128) in Int64(value.nonzeroBitCount) }
      },
    ]
  )
}
