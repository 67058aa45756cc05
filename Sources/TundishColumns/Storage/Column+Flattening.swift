extension Column {
  /// Returns the column with one stored value per row, and text as views.
  ///
  /// Cheap where the column is flat already. Text of a dictionary shares the dictionary's bytes.
  package func flattened() -> Column {
    switch data {
    case .dictionary:
      return .text(textValues(), type: type, validity: validityPerRow())
    case .boolean, .int64, .int128, .float64, .text, .interval, .list, .structure:
      return expanded()
    }
  }

  /// Returns the column with one stored value per row; text stays coded.
  package func expanded() -> Column {
    guard isConstant else { return self }
    let values: ColumnData =
      switch data {
      case .boolean: .boolean(booleanValues())
      case .int64: .int64(int64Values())
      case .int128: .int128(int128Values())
      case .float64: .float64(doubleValues())
      case .text: .text(textValues())
      case .dictionary(let codes, let dictionary):
        .dictionary(codes: [Int32](repeating: codes[0], count: count), dictionary)
      case .interval: .interval(intervalValues())
      case .list(let lists):
        .list(
          ListVector(
            ranges: [Range<Int32>](repeating: lists.ranges[0], count: count),
            child: lists.child
          )
        )
      case .structure(let columns, _):
        .structure(
          columns.map { column in
            Column(
              type: column.type,
              data: column.data,
              validity: column.validity,
              count: count,
              isConstant: true
            ).expanded()
          },
          count: count
        )
      }
    return Column(type: type, data: values, validity: validityPerRow(), count: count)
  }

  /// The validity with one element per row.
  package func validityPerRow() -> [Bool]? {
    guard let validity, isConstant else { return validity }
    return validity[0] ? nil : [Bool](repeating: false, count: count)
  }

  /// Whether every row is NULL.
  ///
  /// Linear where there are NULLs.
  package var isAllNull: Bool {
    guard let validity else { return false }
    return !validity.contains(true)
  }

  /// The number of NULLs.
  ///
  /// Linear where there are NULLs.
  package var nullCount: Int {
    guard let validity else { return 0 }
    if isConstant { return validity[0] ? 0 : count }
    var valid = 0
    for isValid in validity where isValid { valid &+= 1 }
    return count - valid
  }
}

// Typed readers: one element per row, free where the column is flat. The physical type must match.
extension Column {
  /// Whether each row of a `BOOLEAN` column is true: neither false nor NULL.
  func trueRows() -> [Bool] {
    let values = booleanValues()
    guard let validity = validityPerRow() else { return values }
    return zip(values, validity).map { $0 && $1 }
  }

  /// The values of a `BOOLEAN` column, one per row.
  package func booleanValues() -> [Bool] {
    guard case .boolean(let values) = data else { wrongPhysicalType() }
    return isConstant ? [Bool](repeating: values[0], count: count) : values
  }

  /// The values of a column of 64-bit integers, one per row.
  package func int64Values() -> [Int64] {
    guard case .int64(let values) = data else { wrongPhysicalType() }
    return isConstant ? [Int64](repeating: values[0], count: count) : values
  }

  /// The values of a column of 128-bit integers, one per row.
  package func int128Values() -> [Int128] {
    guard case .int128(let values) = data else { wrongPhysicalType() }
    return isConstant ? [Int128](repeating: values[0], count: count) : values
  }

  /// The values of a `DOUBLE` column, one per row.
  package func doubleValues() -> [Double] {
    guard case .float64(let values) = data else { wrongPhysicalType() }
    return isConstant ? [Double](repeating: values[0], count: count) : values
  }

  /// The values of an `INTERVAL` column, one per row.
  package func intervalValues() -> [Interval] {
    guard case .interval(let values) = data else { wrongPhysicalType() }
    return isConstant ? [Interval](repeating: values[0], count: count) : values
  }

  /// The values of a text column, one view per row; codes are looked up.
  package func textValues() -> TextVector {
    switch data {
    case .text(let values):
      guard isConstant else { return values }
      return TextVector(
        views: [TextView](repeating: values.views[0], count: count),
        bytes: values.bytes
      )
    case .dictionary(let codes, let dictionary):
      let values = dictionary.values
      guard !isConstant else {
        return TextVector(
          views: [TextView](repeating: values.views[Int(codes[0])], count: count),
          bytes: values.bytes
        )
      }
      return TextVector(views: gatheredElements(values.views, at: codes), bytes: values.bytes)
    case .boolean, .int64, .int128, .float64, .interval, .list, .structure:
      wrongPhysicalType()
    }
  }

  private func wrongPhysicalType() -> Never {
    preconditionFailure("a typed reader is called for the physical type of the column (\(type))")
  }
}
