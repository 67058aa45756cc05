/// Three-valued logic over BOOLEAN columns.
package enum Logic {
  /// Returns `left AND right`: false where either is false, else NULL where either is NULL.
  package static func and(_ left: Column, _ right: Column) -> Column {
    combined(left, right, decisive: false)
  }

  /// Returns `left OR right`: true where either is true, else NULL where either is NULL.
  package static func or(_ left: Column, _ right: Column) -> Column {
    combined(left, right, decisive: true)
  }

  /// Returns `NOT operand`.
  package static func not(_ operand: Column) -> Column {
    Column(
      type: .boolean,
      data: .boolean(Bool.values(of: operand.data).map { !$0 }),
      validity: operand.validity,
      count: operand.count,
      isConstant: operand.isConstant
    )
  }

  /// Returns whether each row is NULL; never NULL itself.
  package static func isNull(_ operand: Column) -> Column {
    guard let validity = operand.validity, operand.count > 0 else {
      return .constant(.boolean(false), type: .boolean, count: operand.count)
    }
    return Column(
      type: .boolean,
      data: .boolean(validity.map { !$0 }),
      count: operand.count,
      isConstant: operand.isConstant
    )
  }

  /// Returns whether each row has a value; never NULL itself.
  package static func isNotNull(_ operand: Column) -> Column {
    not(isNull(operand))
  }

  private static func combined(_ left: Column, _ right: Column, decisive: Bool) -> Column {
    precondition(left.count == right.count, "the operands of AND and OR have equally many rows")
    if left.isConstant, right.isConstant, left.count > 0 {
      let single = combinedRows(left.asSingleRow(), right.asSingleRow(), decisive)
      return Column(
        type: .boolean,
        data: single.data,
        validity: single.validity,
        count: left.count,
        isConstant: true
      )
    }
    return combinedRows(left, right, decisive)
  }

  private static func combinedRows(_ left: Column, _ right: Column, _ decisive: Bool) -> Column {
    let a = left.count == 0 ? [] : left.booleanValues()
    let b = right.count == 0 ? [] : right.booleanValues()
    let leftValidity = left.validityPerRow()
    let rightValidity = right.validityPerRow()
    if leftValidity == nil, rightValidity == nil {
      var values: [Bool] = []
      values.reserveCapacity(a.count)
      if decisive {
        for row in a.indices { values.append(a[row] || b[row]) }
      } else {
        for row in a.indices { values.append(a[row] && b[row]) }
      }
      return .booleans(values)
    }
    var values = [Bool](repeating: !decisive, count: a.count)
    var validity = [Bool](repeating: true, count: a.count)
    for row in a.indices {
      let isLeftValid = leftValidity?[row] ?? true
      let isRightValid = rightValidity?[row] ?? true
      if (isLeftValid && a[row] == decisive) || (isRightValid && b[row] == decisive) {
        values[row] = decisive
      } else if !isLeftValid || !isRightValid {
        validity[row] = false
      }
    }
    return .booleans(values, validity: validity)
  }
}
