/// Finds, per group, the row with the best key seen so far.
///
/// Ties go to the earlier row. NULL keys are never best; NaN is the greatest double.
protocol PickKeys {
  /// Makes room for groups `0 ..< groupCount`.
  mutating func resize(groupCount: Int)
  /// Notes the keys of a batch and returns the rows that are now their group's best, one per group.
  mutating func improve(
    keys: Column,
    groups: [Int32]?,
    rowCount: Int
  ) throws(ExecutionError) -> [Int32]
  /// Notes another worker's best key per group and returns its groups whose key is now the best.
  mutating func merge(_ other: any PickKeys, mapping: [Int32]) -> [Int32]
}

/// Returns the keys for a type and a direction.
func makePickKeys(for type: DataType, wantsGreatest: Bool) -> any PickKeys {
  switch type.physical {
  case .boolean, .int64, .float64: NarrowPickKeys(wantsGreatest: wantsGreatest)
  case .text:
    if case .enumeration = type {
      NarrowPickKeys(wantsGreatest: wantsGreatest)
    } else {
      RankedPickKeys(type: type, wantsGreatest: wantsGreatest)
    }
  case .int128, .interval, .list, .structure:
    RankedPickKeys(type: type, wantsGreatest: wantsGreatest)
  }
}

/// Keys that are 64-bit integers with the values' order.
private struct NarrowPickKeys: PickKeys {
  /// Per group the best key, so turned that the greatest is best; `Int64.min` where there is none.
  private var best: [Int64] = []
  /// The groups whose best key is `Int64.min` itself, which hardly ever occurs.
  private var groupsOfLeast: Set<Int> = []
  private var winners = BatchWinners()
  /// Turns a key where the least is best.
  private let turn: Int64

  init(wantsGreatest: Bool) {
    turn = wantsGreatest ? 0 : -1
  }

  mutating func resize(groupCount: Int) {
    winners.resize(groupCount: groupCount)
    guard groupCount > best.count else { return }
    best.append(contentsOf: repeatElement(.min, count: groupCount - best.count))
  }

  mutating func improve(
    keys: Column,
    groups: [Int32]?,
    rowCount: Int
  ) throws(ExecutionError) -> [Int32] {
    let values = OrderKeys.make(keys)
    if let groups, keys.validity == nil {
      // Taken out so that it is changed in place.
      var known = groupsOfLeast
      groupsOfLeast = []
      winners.offer(values.span, groups.span, turn: turn, best: &best) { group in
        known.insert(group).inserted
      }
      groupsOfLeast = known
    } else {
      let validity = keys.validityPerRow()
      for row in 0..<rowCount where validity?[row] ?? true {
        let group = groups.map { Int($0[row]) } ?? 0
        if improve(group, with: values[row] ^ turn) {
          winners.set(Int32(truncatingIfNeeded: row), of: group)
        }
      }
    }
    return winners.take()
  }

  /// Notes a turned key; returns whether it is now its group's best.
  private mutating func improve(_ group: Int, with key: Int64) -> Bool {
    guard key > best[group] else {
      return key == .min && best[group] == .min && groupsOfLeast.insert(group).inserted
    }
    best[group] = key
    return true
  }

  mutating func merge(_ other: any PickKeys, mapping: [Int32]) -> [Int32] {
    guard let other = other as? NarrowPickKeys else { mismatchedStates() }
    var improved: [Int32] = []
    for group in mapping.indices where group < other.best.count {
      let key = other.best[group]
      if key == .min && !other.groupsOfLeast.contains(group) { continue }
      if improve(Int(mapping[group]), with: key) {
        improved.append(Int32(truncatingIfNeeded: group))
      }
    }
    return improved
  }
}

/// Keys of any type: compared by rank within a batch, then value by value between batches.
private struct RankedPickKeys: PickKeys {
  private var best: [Value] = []
  private var winners = BatchWinners()
  private let type: DataType
  private let wantsGreatest: Bool

  init(type: DataType, wantsGreatest: Bool) {
    self.type = type
    self.wantsGreatest = wantsGreatest
  }

  mutating func resize(groupCount: Int) {
    winners.resize(groupCount: groupCount)
    guard groupCount > best.count else { return }
    best.append(contentsOf: repeatElement(.null, count: groupCount - best.count))
  }

  mutating func improve(
    keys: Column,
    groups: [Int32]?,
    rowCount: Int
  ) throws(ExecutionError) -> [Int32] {
    let validity = keys.validityPerRow()
    if case .text(let vector) = keys.data, !keys.isConstant {
      collectWinners(validity, groups, rowCount) { row, winner in
        vector.compare(at: row, with: vector, at: winner)
      }
    } else {
      let ranks = OrderKeys.make(keys)
      collectWinners(validity, groups, rowCount) { row, winner in
        ranks[row] < ranks[winner] ? -1 : ranks[row] > ranks[winner] ? 1 : 0
      }
    }
    return winners.take().filter { row in
      let group = groups.map { Int($0[Int(row)]) } ?? 0
      let value = keys.value(at: Int(row))
      guard isBetter(value, than: best[group]) else { return false }
      best[group] = value
      return true
    }
  }

  mutating func merge(_ other: any PickKeys, mapping: [Int32]) -> [Int32] {
    guard let other = other as? RankedPickKeys else { mismatchedStates() }
    var improved: [Int32] = []
    for group in mapping.indices where group < other.best.count && !other.best[group].isNull {
      let target = Int(mapping[group])
      guard isBetter(other.best[group], than: best[target]) else { continue }
      best[target] = other.best[group]
      improved.append(Int32(group))
    }
    return improved
  }

  private func isBetter(_ value: Value, than other: Value) -> Bool {
    if other.isNull { return true }
    let order = value.order(other)
    return wantsGreatest ? order > 0 : order < 0
  }

  private mutating func collectWinners(
    _ validity: [Bool]?,
    _ groups: [Int32]?,
    _ rowCount: Int,
    order: (_ row: Int, _ winner: Int) -> Int
  ) {
    for row in 0..<rowCount where validity?[row] ?? true {
      let group = groups.map { Int($0[row]) } ?? 0
      if let winner = winners[group] {
        let order = order(row, Int(winner))
        guard wantsGreatest ? order > 0 : order < 0 else { continue }
      }
      winners.set(Int32(truncatingIfNeeded: row), of: group)
    }
  }
}
