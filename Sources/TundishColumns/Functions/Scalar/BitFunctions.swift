/// `&`, `|`, `~`, `<<`, `>>`, `xor` and `bit_count`.
enum BitFunctions {
  static let all: [ScalarFunction] = [and, or, exclusiveOr, not, shiftLeft, shiftRight, count]

  /// Integers of at most 64 bits only.
  private static let result: @Sendable ([DataType]) -> DataType? = { types in
    types[0].int64Range == nil ? nil : types[0]
  }

  private static func pairs(_ kernel: @escaping ScalarKernel) -> [ScalarOverload] {
    [ScalarOverload([.commonNumeric, .commonNumeric], result: result, kernel: kernel)]
  }

  private static let and = ScalarFunction(
    "&",
    summary: "The bits that both integers have.",
    examples: [FunctionExample("12 & 10", "8"), FunctionExample("-1 & 7", "7")],
    overloads: pairs { (input) in input.mapPairs { (a: Int64, b: Int64) in a & b } }
  )

  private static let or = ScalarFunction(
    "|",
    summary: "The bits that either integer has.",
    examples: [FunctionExample("12 | 10", "14"), FunctionExample("1 | 6", "7")],
    overloads: pairs { (input) in input.mapPairs { (a: Int64, b: Int64) in a | b } }
  )

  private static let exclusiveOr = ScalarFunction(
    "xor",
    summary: "The bits that just one of the integers has.",
    examples: [FunctionExample("xor(12, 10)", "6"), FunctionExample("xor(5, 5)", "0")],
    overloads: pairs { (input) in input.mapPairs { (a: Int64, b: Int64) in a ^ b } }
  )

  private static let not = ScalarFunction(
    "~",
    summary: "The bits that the integer does not have.",
    examples: [FunctionExample("~5", "-6"), FunctionExample("~(-1)", "0")],
    overloads: [
      ScalarOverload([.integer], result: result) { (input) in
        input.map { (value: Int64) in ~value }
      }
    ]
  )

  private static let shiftLeft = ScalarFunction(
    "<<",
    summary: "An integer times two to the power of another.",
    examples: [FunctionExample("1 << 4", "16"), FunctionExample("3 << 0", "3")],
    overloads: pairs { (input) throws(ExecutionError) in try IntegerArithmetic.shiftLeft(input) }
  )

  private static let shiftRight = ScalarFunction(
    ">>",
    summary: "An integer divided by two to the power of another, without fraction.",
    examples: [FunctionExample("16 >> 2", "4"), FunctionExample("-1 >> 1", "-1")],
    overloads: pairs { (input) in
      input.mapPairs { (value: Int64, count: Int64) in
        count < 0 ? 0 : value >> min(count, 63)
      }
    }
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
      )
    ]
  )
}
