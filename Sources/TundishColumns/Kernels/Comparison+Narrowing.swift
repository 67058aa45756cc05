/// Conditions that say which rows go on, without a truth per row in between.
extension Comparison {
  /// Returns those of some rows (nil for all) for which the comparison of a column of integers with
  /// a constant is true; nil where the operands are something else.
  package static func narrowed(
    _ rows: [Int32]?,
    _ kind: ComparisonKind,
    _ left: Column,
    _ right: Column
  ) -> [Int32]? {
    guard !left.isConstant, right.isConstant, right.isValid(at: 0),
      case .int64(let values) = left.data, case .int64(let constants) = right.data
    else { return nil }
    let constant = constants[0]
    switch kind {
    case .equal: return kept(rows, values, left.validity, constant...constant, isInside: true)
    case .notEqual: return kept(rows, values, left.validity, constant...constant, isInside: false)
    case .less: return kept(rows, values, left.validity, constant ... .max, isInside: false)
    case .greaterOrEqual:
      return kept(rows, values, left.validity, constant ... .max, isInside: true)
    case .lessOrEqual: return kept(rows, values, left.validity, .min...constant, isInside: true)
    case .greater: return kept(rows, values, left.validity, .min...constant, isInside: false)
    case .notDistinct, .distinct: return nil
    }
  }

  /// Returns the rows whose value is not NULL and lies inside of a range, or outside of it.
  private static func kept(
    _ rows: [Int32]?,
    _ values: [Int64],
    _ validity: [Bool]?,
    _ range: ClosedRange<Int64>,
    isInside: Bool
  ) -> [Int32] {
    let base = range.lowerBound
    // A value below the base wraps around to a large distance: one comparison for both ends.
    let width = UInt64(bitPattern: range.upperBound &- base)
    let count = rows?.count ?? values.count
    var output = [Int32](repeating: 0, count: count)
    let found =
      if let rows {
        keep(&output, values.span, validity, base, width, isInside, rows.span)
      } else {
        keep(&output, values.span, validity, base, width, isInside)
      }
    output.removeLast(count - found)
    return output
  }

  // Every row is written and the place moves on where it counts: no branch to mispredict.

  private static func keep(
    _ output: inout [Int32],
    _ values: Span<Int64>,
    _ validity: [Bool]?,
    _ base: Int64,
    _ width: UInt64,
    _ isInside: Bool
  ) -> Int {
    var output = output.mutableSpan
    var found = 0
    if let validity {
      let validity = validity.span
      for row in values.indices {
        output[found] = Int32(truncatingIfNeeded: row)
        let holds = (UInt64(bitPattern: values[row] &- base) <= width) == isInside
        found &+= (holds ? 1 : 0) & (validity[row] ? 1 : 0)
      }
    } else {
      for row in values.indices {
        output[found] = Int32(truncatingIfNeeded: row)
        found &+= (UInt64(bitPattern: values[row] &- base) <= width) == isInside ? 1 : 0
      }
    }
    return found
  }

  private static func keep(
    _ output: inout [Int32],
    _ values: Span<Int64>,
    _ validity: [Bool]?,
    _ base: Int64,
    _ width: UInt64,
    _ isInside: Bool,
    _ rows: Span<Int32>
  ) -> Int {
    var output = output.mutableSpan
    var found = 0
    for position in rows.indices {
      let row = Int(rows[position])
      output[found] = rows[position]
      let holds = (UInt64(bitPattern: values[row] &- base) <= width) == isInside
      found &+= (holds ? 1 : 0) & (validity?[row] != false ? 1 : 0)
    }
    return found
  }
}
