/// Counts the distinct values of each group, NULL left out: `count(DISTINCT x)`.
///
/// Where values are codes of one dictionary or integers of a small range, one bit per group and
/// value says whether it was seen; otherwise a table holds the pairs of group and value.
package struct DistinctCounter: Sendable {
  private let type: DataType
  private var counts: [Int64] = []
  private var seen: Seen
  private var rowCount = 0

  private enum Seen: Sendable {
    case bits(DistinctBits)
    case pairs(DistinctSet)
  }

  /// The bits that are allowed however few rows there are: eight megabytes, since the first rows
  /// of a large table may hold a few of its greatest values.
  private static let leastBitLimit = 1 << 26
  /// The bits per row that are allowed beyond that: a pair in a table takes more.
  private static let bitsPerRow = 64

  /// Creates a counter of values of a type.
  package init(type: DataType) {
    self.type = type
    seen =
      switch type.physical {
      case .int64, .text: .bits(DistinctBits())
      case .boolean, .int128, .float64, .interval, .list, .structure:
        .pairs(DistinctSet(types: [type]))
      }
  }

  /// The bytes that tell new values from known ones, roughly.
  package var heldByteCount: Int {
    switch seen {
    case .bits(let bits): bits.byteCount
    case .pairs(let pairs): pairs.count * 80
    }
  }

  /// Whether values are told apart by bits; for tests.
  var usesBits: Bool { if case .bits = seen { true } else { false } }

  /// Adds rows; all belong to group 0 where `groups` is nil.
  package mutating func add(
    _ column: Column,
    groups: [Int32]?,
    rowCount: Int,
    groupCount: Int
  ) throws(ExecutionError) {
    grow(groupCount)
    if column.isConstant, column.isAllNull { return }
    self.rowCount += rowCount
    guard case .bits(var bits) = seen else { return try addPairs(column, groups, rowCount) }
    // Taken out so that the bits are changed in place.
    seen = .bits(DistinctBits())
    let column = column.expanded()
    if bits.makeRoom(for: column, groupCount: groupCount, limit: bitLimit) {
      bits.add(column, groups, counts: &counts)
      seen = .bits(bits)
    } else {
      seen = .pairs(try bits.pairs(type: type))
      try addPairs(column, groups, rowCount)
    }
  }

  /// Adds another counter, whose group `g` is this one's group `mapping[g]`.
  package mutating func merge(
    _ other: DistinctCounter,
    mapping: [Int32],
    groupCount: Int
  ) throws(ExecutionError) {
    grow(groupCount)
    rowCount += other.rowCount
    if case .bits(var bits) = seen, case .bits(let others) = other.seen {
      seen = .bits(DistinctBits())
      let isMerged = bits.merge(
        others,
        mapping,
        groupCount: groupCount,
        limit: bitLimit,
        counts: &counts
      )
      seen = .bits(bits)
      if isMerged { return }
    }
    var pairs = try pairs()
    let fresh = try pairs.merge(try other.pairs(), mapping: mapping)
    for group in fresh.groups { counts[Int(group)] &+= 1 }
    seen = .pairs(pairs)
  }

  /// The number of distinct values of groups `0 ..< groupCount`.
  package func counts(groupCount: Int) -> [Int64] {
    let known = Array(counts.prefix(groupCount))
    return known + [Int64](repeating: 0, count: groupCount - known.count)
  }

  private var bitLimit: Int { max(Self.leastBitLimit, Self.bitsPerRow * rowCount) }

  private mutating func grow(_ groupCount: Int) {
    guard groupCount > counts.count else { return }
    counts.append(contentsOf: repeatElement(0, count: groupCount - counts.count))
  }

  private func pairs() throws(ExecutionError) -> DistinctSet {
    switch seen {
    case .bits(let bits): try bits.pairs(type: type)
    case .pairs(let pairs): pairs
    }
  }

  private mutating func addPairs(
    _ column: Column,
    _ groups: [Int32]?,
    _ rowCount: Int
  ) throws(ExecutionError) {
    guard case .pairs(var pairs) = seen else { return }
    seen = .bits(DistinctBits())
    var (column, groups, rowCount) = (column, groups, rowCount)
    if let validity = column.validityPerRow() {
      let rows = positionsOfTrue(validity, validity: nil)
      column = column.gathered(rows)
      groups = groups.map { gatheredElements($0, at: rows) }
      rowCount = rows.count
    }
    if rowCount > 0 {
      for row in try pairs.newRows([column], groups: groups, rowCount: rowCount) {
        counts[Int(groups?[Int(row)] ?? 0)] &+= 1
      }
    }
    seen = .pairs(pairs)
  }
}
