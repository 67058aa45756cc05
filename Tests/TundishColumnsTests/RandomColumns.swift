@testable import TundishColumns

/// A small seeded generator: the same seed gives the same data on every machine.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// The types that random columns are made of.
let sampleTypes: [DataType] = [
  .boolean, .tinyint, .bigint, .hugeint, .decimal(precision: 9, scale: 2), .double, .varchar, .date,
  .timestamp, .interval, .enumeration(["new", "won", "lost"]), .list(.bigint),
  .structure([StructField(name: "a", type: .varchar), StructField(name: "b", type: .bigint)]),
]

/// Returns a random value of a type, of few distinct ones so that equal rows occur.
func randomValue(_ type: DataType, using generator: inout SeededGenerator) -> Value {
  let small = Int64.random(in: -4...4, using: &generator)
  switch type {
  case .null: return .null
  case .boolean: return .boolean(small > 0)
  case .tinyint, .smallint, .integer: return .integer(small)
  case .bigint: return .integer(small == 4 ? .max : small == -4 ? .min : small)
  case .hugeint: return .hugeint(Int128(small) << 70)
  case .decimal(_, let scale): return .decimal(unscaled: Int128(small), scale: scale)
  case .double:
    let special: [Double] = [0.0, -0.0, .nan, .infinity, -.infinity, 1.5, -1.5, 1e300, 0.1]
    return .double(special[Int(small + 4)])
  case .varchar:
    let words = ["", "a", "ab", "abc", "Anna", "Zoë", "a longer text than eight", "b", "é"]
    return .text(words[Int(small + 4)])
  case .blob: return .blob([UInt8(truncatingIfNeeded: small)])
  case .date: return .date(Int32(small))
  case .time: return .time(small + 10)
  case .timestamp: return .timestamp(small * 1_000_000)
  case .timestampTZ: return .timestampTZ(small * 1_000_000)
  case .interval: return .interval(Interval(months: Int32(small), days: 1, microseconds: 5))
  case .enumeration(let labels): return .text(labels[Int(small + 4) % labels.count])
  case .list(let element):
    return .list((0..<Int(small + 4) % 3).map { _ in randomValue(element, using: &generator) })
  case .structure(let fields):
    return .structure(
      fields.map { StructMember(name: $0.name, value: randomValue($0.type, using: &generator)) }
    )
  }
}

/// Returns random values of a type, about every fifth of them NULL where NULLs are wanted.
func randomValues(
  _ type: DataType,
  count: Int,
  hasNulls: Bool = true,
  using generator: inout SeededGenerator
) -> [Value] {
  (0..<count).map { _ in
    hasNulls && Int.random(in: 0..<5, using: &generator) == 0
      ? .null : randomValue(type, using: &generator)
  }
}

/// Returns the column of some values in a random representation: text coded or not.
func randomColumn(
  _ values: [Value],
  type: DataType,
  using generator: inout SeededGenerator
) throws -> Column {
  guard type == .varchar, Bool.random(using: &generator) else {
    return .values(values, type: type)
  }
  var builder = TextColumnBuilder(coding: .dictionary)
  for value in values {
    if case .text(let string) = value { try builder.append(string) } else { builder.appendNull() }
  }
  return builder.finish()
}

/// A value as text that tells apart what SQL tells apart: -0.0 is 0.0, NaN is NaN.
func key(_ value: Value) -> String {
  switch value {
  case .double(let number): number == 0 ? "0.0" : "\(number)"
  case .list(let elements): "[" + elements.map { key($0) }.joined(separator: ",") + "]"
  case .structure(let members): "{" + members.map { key($0.value) }.joined(separator: ",") + "}"
  default: "\(value)"
  }
}

/// The values of a column as keys.
func keys(_ column: Column) -> [String] {
  column.allValues().map { key($0) }
}
