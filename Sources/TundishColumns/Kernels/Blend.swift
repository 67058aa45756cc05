extension Column {
  /// Which rows of a `BOOLEAN` column are true: neither false nor NULL.
  package func truths() -> [Bool] {
    let values = booleanValues()
    guard let validity = validityPerRow() else { return values }
    precondition(validity.count == values.count, "a validity has one element per row")
    var truths = values
    for row in truths.indices { truths[row] = truths[row] && validity[row] }
    return truths
  }

  /// Returns this column's rows where a mask is true and those of another column elsewhere.
  ///
  /// Nil where the two hold their values in different ways, or in ways that are not copied value by
  /// value; then rows have to be gathered. Both have the type and as many rows as the mask.
  package func blended(with other: Column, where mask: [Bool]) -> Column? {
    precondition(
      count == mask.count && other.count == mask.count,
      "a mask has one element per row"
    )
    if mask.isEmpty { return nil }
    let validity = Blend.validity(self, other, mask)
    func made(_ data: ColumnData) -> Column {
      Column(type: type, data: data, validity: validity, count: count)
    }
    // What stands under a NULL is unspecified, so the values of the other side do for all rows.
    if other.isConstantNull, !isConstant { return made(data) }
    if isConstantNull, !other.isConstant { return made(other.data) }
    switch (data, other.data) {
    case (.boolean(let left), .boolean(let right)):
      return made(.boolean(Blend.values(left, right, mask)))
    case (.int64(let left), .int64(let right)):
      return made(.int64(Blend.values(left, right, mask)))
    case (.float64(let left), .float64(let right)):
      return made(.float64(Blend.values(left, right, mask)))
    case (.int128(let left), .int128(let right)):
      return made(.int128(Blend.values(left, right, mask)))
    case (.dictionary(let left, let dictionary), .dictionary(let right, let other)):
      guard dictionary === other else { return nil }
      return made(.dictionary(codes: Blend.values(left, right, mask), dictionary))
    case (.boolean, _), (.int64, _), (.float64, _), (.int128, _), (.dictionary, _), (.text, _),
      (.interval, _), (.list, _), (.structure, _):
      return nil
    }
  }
}

/// Chooses row by row between two columns.
private enum Blend {
  /// An array of one element is a constant; two constants may be of any number of rows.
  static func values<Element>(
    _ left: [Element],
    _ right: [Element],
    _ mask: [Bool]
  ) -> [Element] {
    let mask = mask.span
    let count = mask.count
    let (left, right) = (left.span, right.span)
    // Both values are read in every row, so that the choice is no branch.
    return [Element](capacity: count) { output in
      switch (left.count == count, right.count == count) {
      case (true, true):
        for row in mask.indices {
          let (one, other) = (left[row], right[row])
          output.append(mask[row] ? one : other)
        }
      case (true, false):
        let other = right[0]
        for row in mask.indices {
          let one = left[row]
          output.append(mask[row] ? one : other)
        }
      case (false, true):
        let one = left[0]
        for row in mask.indices {
          let other = right[row]
          output.append(mask[row] ? one : other)
        }
      case (false, false):
        let (one, other) = (left[0], right[0])
        for row in mask.indices { output.append(mask[row] ? one : other) }
      }
    }
  }

  static func validity(_ left: Column, _ right: Column, _ mask: [Bool]) -> [Bool]? {
    guard left.validity != nil || right.validity != nil else { return nil }
    let one = left.validityPerRow()
    let other = right.validityPerRow()
    var validity = mask
    for row in mask.indices {
      validity[row] = mask[row] ? one?[row] ?? true : other?[row] ?? true
    }
    return validity.contains(false) ? validity : nil
  }
}
