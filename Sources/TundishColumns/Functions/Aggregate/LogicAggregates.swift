/// Conjunction, disjunction and bitwise combinations.
enum LogicAggregates {
  static let all: [AggregateFunction] = [boolAnd, boolOr, bitAnd, bitOr, bitXor]

  private static let boolAnd = AggregateFunction(
    "bool_and",
    aliases: ["every"],
    summary: "Returns whether all values are true; NULL where there are none.",
    examples: [
      FunctionExample("SELECT bool_and(x) FROM (VALUES (true), (false)) t(x)", "false"),
      FunctionExample("SELECT bool_and(x) FROM (VALUES (true), (NULL)) t(x)", "true"),
    ],
    overloads: [
      .accumulating(
        [.exact(.boolean)],
        with: TruthCount.self,
        ignoresDuplicates: true,
        type: { _ in .boolean },
        result: { cell, _ in cell.count == 0 ? nil : cell.trueCount == cell.count }
      )
    ]
  )

  private static let boolOr = AggregateFunction(
    "bool_or",
    summary: "Returns whether any value is true; NULL where there are none.",
    examples: [
      FunctionExample("SELECT bool_or(x) FROM (VALUES (true), (false)) t(x)", "true"),
      FunctionExample("SELECT bool_or(x) FROM (VALUES (NULL::BOOLEAN)) t(x)", "NULL"),
    ],
    overloads: [
      .accumulating(
        [.exact(.boolean)],
        with: TruthCount.self,
        ignoresDuplicates: true,
        type: { _ in .boolean },
        result: { cell, _ in cell.count == 0 ? nil : cell.trueCount > 0 }
      )
    ]
  )

  private static let bitAnd = AggregateFunction(
    "bit_and",
    summary: "Returns the bits that are set in all values; NULL where there are none.",
    examples: [
      FunctionExample("SELECT bit_and(x) FROM (VALUES (6), (3)) t(x)", "2"),
      FunctionExample("SELECT bit_and(x) FROM (VALUES (1), (2)) t(x)", "0"),
    ],
    overloads: [
      bits(BitwiseAnd<Int64>.self) { $0.isEmpty ? nil : $0.bits },
      wideBits(BitwiseAnd<Int128>.self) { $0.isEmpty ? nil : $0.bits },
    ]
  )

  private static let bitOr = AggregateFunction(
    "bit_or",
    summary: "Returns the bits that are set in any value; NULL where there are none.",
    examples: [
      FunctionExample("SELECT bit_or(x) FROM (VALUES (6), (3)) t(x)", "7"),
      FunctionExample("SELECT bit_or(x) FROM (VALUES (1), (2)) t(x)", "3"),
    ],
    overloads: [
      bits(BitwiseOr<Int64>.self) { $0.isEmpty ? nil : $0.bits },
      wideBits(BitwiseOr<Int128>.self) { $0.isEmpty ? nil : $0.bits },
    ]
  )

  private static let bitXor = AggregateFunction(
    "bit_xor",
    summary: "Returns the bits that are set in an odd number of values; NULL where there are none.",
    examples: [
      FunctionExample("SELECT bit_xor(x) FROM (VALUES (6), (3)) t(x)", "5"),
      FunctionExample("SELECT bit_xor(x) FROM (VALUES (1), (1)) t(x)", "0"),
    ],
    overloads: [
      bits(BitwiseXor<Int64>.self) { $0.isEmpty ? nil : $0.bits },
      wideBits(BitwiseXor<Int128>.self) { $0.isEmpty ? nil : $0.bits },
    ]
  )

  private static func bits<Cell: Accumulator>(
    _ cell: Cell.Type,
    _ result: @escaping @Sendable (Cell) -> Int64?
  ) -> AggregateOverload {
    .accumulating([.integer], with: cell, type: { $0[0] }, result: { cell, _ in result(cell) })
  }

  private static func wideBits<Cell: Accumulator>(
    _ cell: Cell.Type,
    _ result: @escaping @Sendable (Cell) -> Int128?
  ) -> AggregateOverload {
    .accumulating(
      [.exact(.hugeint)],
      with: cell,
      type: { _ in .hugeint },
      result: { cell, _ in result(cell) }
    )
  }

  private struct BitwiseAnd<Word: FixedWidthInteger & AggregateElement>: Accumulator {
    var bits: Word = ~0
    var isEmpty = true

    mutating func add(_ value: Word) {
      bits &= value
      isEmpty = false
    }

    mutating func merge(_ other: BitwiseAnd) {
      bits &= other.bits
      isEmpty = isEmpty && other.isEmpty
    }
  }

  private struct BitwiseOr<Word: FixedWidthInteger & AggregateElement>: Accumulator {
    var bits: Word = 0
    var isEmpty = true

    mutating func add(_ value: Word) {
      bits |= value
      isEmpty = false
    }

    mutating func merge(_ other: BitwiseOr) {
      bits |= other.bits
      isEmpty = isEmpty && other.isEmpty
    }
  }

  private struct BitwiseXor<Word: FixedWidthInteger & AggregateElement>: Accumulator {
    var bits: Word = 0
    var isEmpty = true

    mutating func add(_ value: Word) {
      bits ^= value
      isEmpty = false
    }

    mutating func merge(_ other: BitwiseXor) {
      bits ^= other.bits
      isEmpty = isEmpty && other.isEmpty
    }
  }
}
