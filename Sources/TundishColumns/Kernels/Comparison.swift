/// Compares two columns of one type row by row.
///
/// A NULL operand gives NULL except in the NULL-safe comparisons. NaN equals itself and is greater
/// than every number. Text compares by bytes, enumerations by the order of their labels, intervals
/// by length with months of 30 days; lists and structs element by element, where NULL equals NULL
/// and is greater than every value.
package enum Comparison {
  /// Returns whether the comparison holds, per row.
  package static func compare(
    _ kind: ComparisonKind,
    _ left: Column,
    _ right: Column
  ) -> Column {
    precondition(left.count == right.count, "the operands of a comparison have equally many rows")
    let count = left.count
    if count == 0 { return .booleans([]) }
    if left.isConstant, right.isConstant {
      let single = compareRows(kind, left.asSingleRow(), right.asSingleRow())
      return Column(
        type: .boolean,
        data: single.data,
        validity: single.validity,
        count: count,
        isConstant: true
      )
    }
    return compareRows(kind, left, right)
  }

  private static func compareRows(_ kind: ComparisonKind, _ left: Column, _ right: Column) -> Column
  {
    switch kind {
    case .notDistinct, .distinct: return nullSafe(kind, left, right)
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: break
    }
    if left.isConstantNull || right.isConstantNull {
      return .nulls(type: .boolean, count: left.count)
    }
    let validity = KernelFrame.mergedValidity(of: [left, right], rowCount: left.count)
    return .booleans(holding(kind, left, right), validity: validity)
  }

  private static func nullSafe(_ kind: ComparisonKind, _ left: Column, _ right: Column) -> Column {
    var holds = holding(kind.plain, left, right)
    guard left.validity != nil || right.validity != nil else { return .booleans(holds) }
    for row in holds.indices {
      let isLeftValid = left.isValid(at: row)
      let isRightValid = right.isValid(at: row)
      if !isLeftValid || !isRightValid {
        holds[row] = (isLeftValid == isRightValid) == (kind == .notDistinct)
      }
    }
    return .booleans(holds)
  }

  /// Whether the comparison holds, whatever NULLs there are.
  private static func holding(_ kind: ComparisonKind, _ left: Column, _ right: Column) -> [Bool] {
    switch (left.data, right.data) {
    case (.int64(let a), .int64(let b)):
      return ordered(kind, a, b, left.isConstant, right.isConstant)
    case (.int128(let a), .int128(let b)):
      return ordered(kind, a, b, left.isConstant, right.isConstant)
    case (.float64(let a), .float64(let b)):
      return doubles(kind, a, b, left.isConstant, right.isConstant)
    case (.boolean(let a), .boolean(let b)):
      return zipped(a, b, left.isConstant, right.isConstant) { a, b in
        kind.holds((a ? 1 : 0) - (b ? 1 : 0))
      }
    case (.interval(let a), .interval(let b)):
      return zipped(a, b, left.isConstant, right.isConstant) { a, b in
        kind.holds(threeWay(a.comparisonKey, b.comparisonKey))
      }
    case (.text, .text), (.text, .dictionary), (.dictionary, .text), (.dictionary, .dictionary):
      return TextComparison.holding(kind, left, right)
    default:
      // Lists and structs; the binder admits no other pair.
      return (0..<left.count).map { row in
        guard left.isValid(at: row), right.isValid(at: row) else { return false }
        return kind.holds(RowOrder.compare(left, row, right, row))
      }
    }
  }

  private static func ordered<T: Comparable>(
    _ kind: ComparisonKind,
    _ left: [T],
    _ right: [T],
    _ isLeftConstant: Bool,
    _ isRightConstant: Bool
  ) -> [Bool] {
    switch kind.plain {
    case .equal: return zipped(left, right, isLeftConstant, isRightConstant) { $0 == $1 }
    case .notEqual: return zipped(left, right, isLeftConstant, isRightConstant) { $0 != $1 }
    case .less: return zipped(left, right, isLeftConstant, isRightConstant) { $0 < $1 }
    case .lessOrEqual: return zipped(left, right, isLeftConstant, isRightConstant) { $0 <= $1 }
    case .greater: return zipped(left, right, isLeftConstant, isRightConstant) { $0 > $1 }
    case .greaterOrEqual, .notDistinct, .distinct:
      return zipped(left, right, isLeftConstant, isRightConstant) { $0 >= $1 }
    }
  }

  private static func doubles(
    _ kind: ComparisonKind,
    _ left: [Double],
    _ right: [Double],
    _ isLeftConstant: Bool,
    _ isRightConstant: Bool
  ) -> [Bool] {
    switch kind.plain {
    case .equal:
      return zipped(left, right, isLeftConstant, isRightConstant) {
        $0 == $1 || ($0 != $0 && $1 != $1)
      }
    case .notEqual:
      return zipped(left, right, isLeftConstant, isRightConstant) {
        $0 != $1 && ($0 == $0 || $1 == $1)
      }
    case .less:
      return zipped(left, right, isLeftConstant, isRightConstant) {
        $0 < $1 || ($0 == $0 && $1 != $1)
      }
    case .lessOrEqual:
      return zipped(left, right, isLeftConstant, isRightConstant) { $0 <= $1 || $1 != $1 }
    case .greater:
      return zipped(left, right, isLeftConstant, isRightConstant) {
        $0 > $1 || ($0 != $0 && $1 == $1)
      }
    case .greaterOrEqual, .notDistinct, .distinct:
      return zipped(left, right, isLeftConstant, isRightConstant) { $0 >= $1 || $0 != $0 }
    }
  }

  @inline(__always)
  private static func zipped<T>(
    _ left: [T],
    _ right: [T],
    _ isLeftConstant: Bool,
    _ isRightConstant: Bool,
    _ holds: (T, T) -> Bool
  ) -> [Bool] {
    if isRightConstant {
      let constant = right[0]
      let left = left.span
      return [Bool](capacity: left.count) { results in
        for row in left.indices { results.append(holds(left[row], constant)) }
      }
    }
    if isLeftConstant {
      let constant = left[0]
      let right = right.span
      return [Bool](capacity: right.count) { results in
        for row in right.indices { results.append(holds(constant, right[row])) }
      }
    }
    let left = left.span
    let right = right.span
    return [Bool](capacity: left.count) { results in
      for row in left.indices { results.append(holds(left[row], right[row])) }
    }
  }

  /// -1, 0 or 1 as the left value is less, equal or greater.
  @inline(__always)
  static func threeWay<T: Comparable>(_ left: T, _ right: T) -> Int {
    left < right ? -1 : (left == right ? 0 : 1)
  }
}

extension Column {
  /// A constant column as a column of one row.
  func asSingleRow() -> Column {
    Column(type: type, data: data, validity: validity, count: 1)
  }
}
