/// Estimates the number of distinct hashes: exact while there are few, then a HyperLogLog sketch.
///
/// P. Flajolet et al., *HyperLogLog: the analysis of a near-optimal cardinality estimation
/// algorithm*, 2007; 4,096 registers, standard error 1.04 / 64 = 1.6 %.
struct DistinctSketch: Sendable {
  static let exactLimit = 1_024
  private static let registerBits = 12

  private var hashes: Set<UInt64> = []
  /// Empty while the count is exact.
  private var registers: [UInt8] = []

  /// Adds the hash of a value.
  mutating func add(_ hash: UInt64) {
    guard registers.isEmpty else { return note(hash) }
    hashes.insert(hash)
    if hashes.count > Self.exactLimit { giveUpHashes() }
  }

  /// Adds what another sketch has seen.
  mutating func merge(_ other: DistinctSketch) {
    if other.registers.isEmpty {
      for hash in other.hashes { add(hash) }
      return
    }
    if registers.isEmpty { giveUpHashes() }
    for register in registers.indices {
      registers[register] = max(registers[register], other.registers[register])
    }
  }

  /// The number of distinct hashes, exact or estimated.
  var estimate: Int64 {
    guard !registers.isEmpty else { return Int64(hashes.count) }
    let count = Double(registers.count)
    var inverse = 0.0
    var emptyCount = 0
    for register in registers {
      inverse += 1 / Double(UInt64(1) << UInt64(register))
      if register == 0 { emptyCount += 1 }
    }
    let raw = 0.7213 / (1 + 1.079 / count) * count * count / inverse
    if raw <= 2.5 * count, emptyCount > 0 {
      return Int64(
        Maths.roundedHalfEven(count * Maths.naturalLogarithm(count / Double(emptyCount)))
      )
    }
    return Int64(raw.rounded())
  }

  private mutating func giveUpHashes() {
    registers = Array(repeating: 0, count: 1 << Self.registerBits)
    for hash in hashes { note(hash) }
    hashes = []
  }

  /// Notes a hash, mixed once more: the hashes of hash tables are fast, not uniform enough here.
  private mutating func note(_ hash: UInt64) {
    var hash = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
    hash = (hash ^ (hash >> 27)) &* 0x94D0_49BB_1331_11EB
    hash ^= hash >> 31
    let register = Int(hash >> UInt64(64 - Self.registerBits))
    let rest = hash << UInt64(Self.registerBits) | (1 << UInt64(Self.registerBits - 1))
    let rank = UInt8(rest.leadingZeroBitCount + 1)
    if rank > registers[register] { registers[register] = rank }
  }
}

/// The state of `approx_count_distinct`.
final class DistinctSketchState: AggregateState {
  private var sketches: [DistinctSketch] = []

  func resize(groupCount: Int) {
    guard groupCount > sketches.count else { return }
    sketches.append(
      contentsOf: repeatElement(DistinctSketch(), count: groupCount - sketches.count)
    )
  }

  func update(
    arguments: [Column],
    groups: [Int32]?,
    rowCount: Int
  ) throws(ExecutionError) {
    if groups == nil { resize(groupCount: 1) }
    let column = arguments[0]
    let hashes = column.rowHashes()
    for row in 0..<rowCount where column.isValid(at: row) {
      sketches[groups.map { Int($0[row]) } ?? 0].add(hashes[row])
    }
  }

  func merge(_ other: any AggregateState, mapping: [Int32]) throws(ExecutionError) {
    guard let other = other as? DistinctSketchState else { mismatchedStates() }
    for (group, target) in mapping.enumerated() where group < other.sketches.count {
      sketches[Int(target)].merge(other.sketches[group])
    }
  }

  func finish(groupCount: Int) throws(ExecutionError) -> Column {
    resize(groupCount: groupCount)
    return .integers(sketches.prefix(groupCount).map(\.estimate))
  }
}
