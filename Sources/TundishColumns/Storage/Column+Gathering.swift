extension Column {
  /// Returns the rows at some positions, in that order; a negative position gives NULL.
  ///
  /// Text, lists and dictionaries share their bytes, elements and values with this column.
  package func gathered(_ rows: [Int32]) -> Column {
    var sign: Int32 = 0
    for row in rows { sign |= row }
    return sign < 0 ? gatheredWithNulls(rows) : gatheredPresent(rows)
  }

  /// Returns some consecutive rows.
  package func sliced(_ range: Range<Int>) -> Column {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count,
      "a slice is within the column's rows"
    )
    if range.count == count { return self }
    if isConstant {
      return Column(
        type: type,
        data: data,
        validity: validity,
        count: range.count,
        isConstant: true
      )
    }
    let values: ColumnData =
      switch data {
      case .boolean(let values): .boolean(Array(values[range]))
      case .int64(let values): .int64(Array(values[range]))
      case .int128(let values): .int128(Array(values[range]))
      case .float64(let values): .float64(Array(values[range]))
      case .text(let values):
        .text(TextVector(views: Array(values.views[range]), bytes: values.bytes))
      case .dictionary(let codes, let dictionary):
        .dictionary(codes: Array(codes[range]), dictionary)
      case .interval(let values): .interval(Array(values[range]))
      case .list(let lists):
        .list(ListVector(ranges: Array(lists.ranges[range]), child: lists.child))
      case .structure(let columns, _):
        .structure(columns.map { $0.sliced(range) }, count: range.count)
      }
    return Column(
      type: type,
      data: values,
      validity: validity.map { Array($0[range]) },
      count: range.count
    )
  }

  /// Returns the rows where a mask, which has one element per row, is true.
  package func filtered(by mask: [Bool]) -> Column {
    precondition(mask.count == count, "a mask has one element per row")
    return gathered(positionsOfTrue(mask, validity: nil))
  }

  /// The rows of a `BOOLEAN` column that are true: neither false nor NULL.
  package func selectedRows() -> [Int32] {
    switch data {
    case .boolean(let values):
      if isConstant {
        guard values[0] && validity?[0] != false else { return [] }
        return (0..<Int32(count)).map { $0 }
      }
      return positionsOfTrue(values, validity: validity)
    case .int64, .int128, .float64, .text, .dictionary, .interval, .list, .structure:
      preconditionFailure("rows are selected by a BOOLEAN column, not by \(type)")
    }
  }

  /// Gathers rows that all exist.
  private func gatheredPresent(_ rows: [Int32]) -> Column {
    if isConstant {
      return Column(
        type: type,
        data: data,
        validity: validity,
        count: rows.count,
        isConstant: true
      )
    }
    let values: ColumnData =
      switch data {
      case .boolean(let values): .boolean(gatheredElements(values, at: rows))
      case .int64(let values): .int64(gatheredElements(values, at: rows))
      case .int128(let values): .int128(gatheredElements(values, at: rows))
      case .float64(let values): .float64(gatheredElements(values, at: rows))
      case .text(let values):
        .text(TextVector(views: gatheredElements(values.views, at: rows), bytes: values.bytes))
      case .dictionary(let codes, let dictionary):
        .dictionary(codes: gatheredElements(codes, at: rows), dictionary)
      case .interval(let values): .interval(gatheredElements(values, at: rows))
      case .list(let lists):
        .list(ListVector(ranges: gatheredElements(lists.ranges, at: rows), child: lists.child))
      case .structure(let columns, _):
        .structure(columns.map { $0.gathered(rows) }, count: rows.count)
      }
    return Column(
      type: type,
      data: values,
      validity: validity.map { gatheredElements($0, at: rows) },
      count: rows.count
    )
  }

  /// Gathers rows of which some are to be NULL: those take row 0's value, and no validity.
  private func gatheredWithNulls(_ rows: [Int32]) -> Column {
    guard count > 0, !isAllNull else { return .nulls(type: type, count: rows.count) }
    let present = [Int32](capacity: rows.count) { present in
      for row in rows { present.append(max(row, 0)) }
    }
    let taken = gatheredPresent(present).expanded()
    let isTaken = taken.validity ?? []
    let validity = [Bool](capacity: rows.count) { validity in
      if isTaken.isEmpty {
        for row in rows { validity.append(row >= 0) }
      } else {
        for place in rows.indices { validity.append(rows[place] >= 0 && isTaken[place]) }
      }
    }
    return Column(type: type, data: taken.data, validity: validity, count: rows.count)
  }
}

/// Returns the elements at some positions, which must exist.
@inline(__always)
func gatheredElements<Element>(_ elements: [Element], at rows: [Int32]) -> [Element] {
  let elements = elements.span
  let rows = rows.span
  return [Element](capacity: rows.count) { output in
    for i in rows.indices { output.append(elements[Int(rows[i])]) }
  }
}

/// Returns the positions at which a mask is true and a validity, if any, is too.
func positionsOfTrue(_ mask: [Bool], validity: [Bool]?) -> [Int32] {
  var positions = [Int32](repeating: 0, count: mask.count)
  var found = 0
  if let validity {
    precondition(validity.count == mask.count, "a validity has one element per row")
    for row in mask.indices {
      positions[found] = Int32(truncatingIfNeeded: row)
      if mask[row] && validity[row] { found &+= 1 }
    }
  } else {
    for row in mask.indices {
      positions[found] = Int32(truncatingIfNeeded: row)
      if mask[row] { found &+= 1 }
    }
  }
  positions.removeLast(positions.count - found)
  return positions
}
