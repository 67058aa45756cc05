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
  private var best: [Int64] = []
  private var isSet: [Bool] = []
  private let wantsGreatest: Bool

  init(wantsGreatest: Bool) {
    self.wantsGreatest = wantsGreatest
  }

  mutating func resize(groupCount: Int) {
    guard groupCount > best.count else { return }
    let added = groupCount - best.count
    best.append(contentsOf: repeatElement(0, count: added))
    isSet.append(contentsOf: repeatElement(false, count: added))
  }

  mutating func improve(
    keys: Column,
    groups: [Int32]?,
    rowCount: Int
  ) throws(ExecutionError) -> [Int32] {
    let values = OrderKeys.make(keys)
    let validity = keys.validityPerRow()
    var winners: [Int: Int32] = [:]
    for row in 0..<rowCount where validity?[row] ?? true {
      let group = groups.map { Int($0[row]) } ?? 0
      let value = values[row]
      if isSet[group] {
        guard wantsGreatest ? value > best[group] : value < best[group] else { continue }
      }
      best[group] = value
      isSet[group] = true
      winners[group] = Int32(row)
    }
    return winners.values.sorted()
  }

  mutating func merge(_ other: any PickKeys, mapping: [Int32]) -> [Int32] {
    guard let other = other as? NarrowPickKeys else { mismatchedStates() }
    var improved: [Int32] = []
    for group in mapping.indices where group < other.best.count && other.isSet[group] {
      let target = Int(mapping[group])
      let value = other.best[group]
      if isSet[target] {
        guard wantsGreatest ? value > best[target] : value < best[target] else { continue }
      }
      best[target] = value
      isSet[target] = true
      improved.append(Int32(group))
    }
    return improved
  }
}

/// Keys of any type: compared by rank within a batch, then value by value between batches.
private struct RankedPickKeys: PickKeys {
  private var best: [Value] = []
  private let type: DataType
  private let wantsGreatest: Bool

  init(type: DataType, wantsGreatest: Bool) {
    self.type = type
    self.wantsGreatest = wantsGreatest
  }

  mutating func resize(groupCount: Int) {
    guard groupCount > best.count else { return }
    best.append(contentsOf: repeatElement(.null, count: groupCount - best.count))
  }

  mutating func improve(
    keys: Column,
    groups: [Int32]?,
    rowCount: Int
  ) throws(ExecutionError) -> [Int32] {
    var winners: [Int: Int32] = [:]
    if case .text(let vector) = keys.data, !keys.isConstant {
      winners = textWinners(vector, keys.validity, groups, rowCount)
    } else {
      winners = rankWinners(OrderKeys.make(keys), keys.validityPerRow(), groups, rowCount)
    }
    var improved: [Int32] = []
    for (group, row) in winners {
      let value = keys.value(at: Int(row))
      guard isBetter(value, than: best[group]) else { continue }
      best[group] = value
      improved.append(row)
    }
    return improved.sorted()
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

  private func rankWinners(
    _ ranks: [Int64],
    _ validity: [Bool]?,
    _ groups: [Int32]?,
    _ rowCount: Int
  ) -> [Int: Int32] {
    var winners: [Int: Int32] = [:]
    for row in 0..<rowCount where validity?[row] ?? true {
      let group = groups.map { Int($0[row]) } ?? 0
      if let winner = winners[group] {
        let sofar = ranks[Int(winner)]
        guard wantsGreatest ? ranks[row] > sofar : ranks[row] < sofar else { continue }
      }
      winners[group] = Int32(row)
    }
    return winners
  }

  private func textWinners(
    _ vector: TextVector,
    _ validity: [Bool]?,
    _ groups: [Int32]?,
    _ rowCount: Int
  ) -> [Int: Int32] {
    var winners: [Int: Int32] = [:]
    for row in 0..<rowCount where validity?[row] ?? true {
      let group = groups.map { Int($0[row]) } ?? 0
      if let winner = winners[group] {
        let order = vector.compare(at: row, with: vector, at: Int(winner))
        guard wantsGreatest ? order > 0 : order < 0 else { continue }
      }
      winners[group] = Int32(row)
    }
    return winners
  }
}
