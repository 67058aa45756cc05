/// Compares text columns; codes stand in for bytes where they can.
enum TextComparison {
  static func holding(_ kind: ComparisonKind, _ left: Column, _ right: Column) -> [Bool] {
    if case .enumeration(let labels) = left.type { return enumerations(kind, left, right, labels) }
    if right.isConstant, case .dictionary(let codes, let dictionary) = left.data {
      return withConstant(kind, codes, dictionary, right, validity: left.validity)
    }
    if left.isConstant, case .dictionary(let codes, let dictionary) = right.data {
      return withConstant(kind.flipped, codes, dictionary, left, validity: right.validity)
    }
    if case .dictionary(let leftCodes, let dictionary) = left.data,
      case .dictionary(let rightCodes, let other) = right.data, dictionary === other
    {
      switch kind {
      case .equal: return zip(leftCodes, rightCodes).map { $0 == $1 }
      case .notEqual: return zip(leftCodes, rightCodes).map { $0 != $1 }
      case .less, .lessOrEqual, .greater, .greaterOrEqual, .notDistinct, .distinct:
        let ranks = dictionary.ranks
        return zip(leftCodes, rightCodes).map { a, b in
          kind.holds(Comparison.threeWay(ranks[Int(a)], ranks[Int(b)]))
        }
      }
    }
    return byBytes(kind, left, right)
  }

  private static func withConstant(
    _ kind: ComparisonKind,
    _ codes: [Int32],
    _ dictionary: TextDictionary,
    _ constant: Column,
    validity: [Bool]?
  ) -> [Bool] {
    let values = constant.asSingleRow().textValues()
    let bytes = values.byteArray(at: 0)
    switch kind {
    case .equal:
      guard let code = dictionary.code(of: bytes) else {
        return [Bool](repeating: false, count: codes.count)
      }
      return codes.map { $0 == code }
    case .notEqual:
      guard let code = dictionary.code(of: bytes) else {
        return [Bool](repeating: true, count: codes.count)
      }
      return codes.map { $0 != code }
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .notDistinct, .distinct:
      let distinct = dictionary.values
      guard dictionary.count <= 16 * codes.count else {
        return codes.map { kind.holds(distinct.compare(at: Int($0), with: values, at: 0)) }
      }
      let key = "compare \(kind) \(values.string(at: 0))"
      let compute = { () throws(ExecutionError) -> [Bool] in
        (0..<dictionary.count).map { kind.holds(distinct.compare(at: $0, with: values, at: 0)) }
      }
      let holds = (try? dictionary.cached(key, compute)) ?? []
      return codes.map { holds[Int($0)] }
    }
  }

  private static func byBytes(_ kind: ComparisonKind, _ left: Column, _ right: Column) -> [Bool] {
    let leftText = TextArgument(left)
    let rightText = TextArgument(right)
    let leftBytes = leftText.bytes.span
    let rightBytes = rightText.bytes.span
    let isEquality = kind == .equal || kind == .notEqual
    var results: [Bool] = []
    results.reserveCapacity(left.count)
    for row in 0..<left.count {
      guard left.isValid(at: row), right.isValid(at: row) else {
        results.append(false)
        continue
      }
      let a = leftBytes.extracting(leftText.range(row))
      let b = rightBytes.extracting(rightText.range(row))
      if isEquality {
        results.append((a.count == b.count && bytesEqual(a, b)) == (kind == .equal))
      } else {
        results.append(kind.holds(bytesCompare(a, b)))
      }
    }
    return results
  }

  private static func enumerations(
    _ kind: ComparisonKind,
    _ left: Column,
    _ right: Column,
    _ labels: [String]
  ) -> [Bool] {
    let leftOrdinals = ordinals(left, labels)
    let rightOrdinals = ordinals(right, labels)
    return (0..<left.count).map { row in
      kind.holds(
        Comparison.threeWay(
          leftOrdinals[left.isConstant ? 0 : row],
          rightOrdinals[right.isConstant ? 0 : row]
        )
      )
    }
  }

  /// The positions of the labels of stored values; an enumeration's codes are just that.
  static func ordinals(_ column: Column, _ labels: [String]) -> [Int32] {
    switch column.data {
    case .dictionary(let codes, let dictionary) where dictionary.count == labels.count:
      return codes
    case .text, .dictionary, .boolean, .int64, .int128, .float64, .interval, .list, .structure:
      let positions = Dictionary(
        labels.enumerated().map { ($1, Int32($0)) },
        uniquingKeysWith: { first, _ in first }
      )
      let text = TextArgument(column)
      return (0..<column.data.count).map { slot in
        guard column.validity?[slot] ?? true else { return 0 }
        return positions[text.string(slot)] ?? 0
      }
    }
  }
}
