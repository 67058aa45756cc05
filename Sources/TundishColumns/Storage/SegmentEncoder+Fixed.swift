extension SegmentEncoder {
  /// Encodes a column of any type but text, of which at least one row has a value.
  static func encodeFixed(_ column: Column) -> ColumnSegment {
    let nullCount = column.nullCount
    let validity = nullCount == 0 ? nil : column.validityPerRow()
    let values = column.withUsefulConstant(nullCount: nullCount)
    switch values.data {
    case .int64(let integers) where !values.isConstant:
      return integerSegment(integers.span, validity: validity, type: column.type)
    case .float64(let doubles) where !values.isConstant:
      return doubleSegment(column, doubles, validity: validity)
    case .boolean, .int64, .int128, .float64, .text, .dictionary, .interval, .list, .structure:
      var zone = ZoneMap(nullCount: nullCount)
      if values.isConstant { zone.describeConstant(values) }
      return ColumnSegment(
        data: values.isConstant ? .constant(values) : .plain(values),
        validity: nil,
        rowCount: column.count,
        zone: zone
      )
    }
  }

  /// Encodes integers as distances from the least, as narrow as they go.
  ///
  /// `validity` is empty where no row is NULL; at least one row has a value.
  static func integerSegment(
    _ values: Span<Int64>,
    validity: [Bool]?,
    type: DataType
  ) -> ColumnSegment {
    let bounds = integerBounds(values, validity: validity)
    var zone = ZoneMap(nullCount: bounds.nullCount)
    zone.integers = bounds.least...bounds.greatest
    zone.isSorted = bounds.isSorted
    zone.minimum = Column.integers([bounds.least], type: type).value(at: 0)
    zone.maximum = Column.integers([bounds.greatest], type: type).value(at: 0)
    let base = bounds.least
    let width = UInt64(bitPattern: bounds.greatest &- base)
    let data: SegmentData =
      if width == 0, validity == nil {
        .constant(
          Column(type: type, data: .int64([base]), count: values.count, isConstant: true)
        )
      } else if width <= UInt64(UInt8.max) {
        .integers8(base: base, narrowed(values, base: base, validity: validity))
      } else if width <= UInt64(UInt16.max) {
        .integers16(base: base, narrowed(values, base: base, validity: validity))
      } else if width <= UInt64(UInt32.max) {
        .integers32(base: base, narrowed(values, base: base, validity: validity))
      } else {
        .integers64(
          [Int64](capacity: values.count) { output in
            for row in values.indices { output.append(values[row]) }
          }
        )
      }
    return ColumnSegment(data: data, validity: validity, rowCount: values.count, zone: zone)
  }

  private static func doubleSegment(
    _ column: Column,
    _ values: [Double],
    validity: [Bool]?
  ) -> ColumnSegment {
    var zone = ZoneMap(nullCount: column.nullCount)
    var least = Double.infinity
    var greatest = -Double.infinity
    var last = -Double.infinity
    var hasNaN = false
    zone.isSorted = true
    for row in values.indices where validity?[row] != false {
      let value = values[row]
      hasNaN = hasNaN || value.isNaN
      zone.isSorted = zone.isSorted && value >= last
      last = value
      least = min(least, value)
      greatest = max(greatest, value)
    }
    if !hasNaN {
      zone.minimum = .double(least)
      zone.maximum = .double(greatest)
    }
    return ColumnSegment(data: .plain(column), validity: nil, rowCount: column.count, zone: zone)
  }
}

extension Column {
  /// Returns the column as a constant where that loses nothing, else with one value per row.
  func withUsefulConstant(nullCount: Int) -> Column {
    guard !isConstant, nullCount == 0 else { return self }
    let isUniform: Bool =
      switch data {
      case .boolean(let values): values.allSatisfy { $0 == values[0] }
      case .float64(let values):
        values.allSatisfy { $0.bitPattern == values[0].bitPattern }
      case .int128(let values): values.allSatisfy { $0 == values[0] }
      case .interval(let values): values.allSatisfy { $0 == values[0] }
      // Integers are found to be uniform by their bounds.
      case .int64, .text, .dictionary, .list, .structure: false
      }
    guard isUniform, count > 0 else { return self }
    let single = sliced(0..<1)
    return Column(type: type, data: single.data, count: count, isConstant: true)
  }
}

extension ZoneMap {
  /// Notes the one value that all rows have.
  mutating func describeConstant(_ column: Column) {
    guard column.count > 0, column.isValid(at: 0) else { return }
    switch column.data {
    case .list, .structure, .interval: return
    case .int64(let values): integers = values[0]...values[0]
    case .float64(let values) where values[0].isNaN: return
    case .boolean, .int128, .float64, .text, .dictionary: break
    }
    minimum = column.value(at: 0)
    maximum = minimum
    isSorted = true
  }
}

/// The bounds of the valid integers, of which there is at least one.
///
/// In one pass, as the values are more than the nearest caches hold, and without a branch, as neither
/// their order nor which of them are NULL can be foreseen.
private func integerBounds(
  _ values: Span<Int64>,
  validity: [Bool]?
) -> (least: Int64, greatest: Int64, isSorted: Bool, nullCount: Int) {
  guard let validity else {
    var bounds = IntegerBounds(first: values[0])
    for row in values.indices { bounds.add(values[row]) }
    return (bounds.least, bounds.greatest, bounds.isSorted, 0)
  }
  let isValid = validity.span
  precondition(isValid.count == values.count, "there is a validity for every row")
  var first = 0
  while first < values.count - 1, !isValid[first] { first += 1 }
  var bounds = IntegerBounds(first: values[first])
  var validCount = 0
  for row in values.indices {
    let mask: Int64 = isValid[row] ? -1 : 0
    validCount &-= Int(truncatingIfNeeded: mask)
    // In the place of NULL stands the value before it, which changes nothing.
    bounds.add(bounds.last ^ ((values[row] ^ bounds.last) & mask))
  }
  return (bounds.least, bounds.greatest, bounds.isSorted, values.count - validCount)
}

/// The least, the greatest and the order of some integers.
private struct IntegerBounds {
  private(set) var least: Int64
  private(set) var greatest: Int64
  private(set) var last: Int64
  /// Negative once an integer was less than the one before it.
  private var descent: Int64 = 0

  var isSorted: Bool { descent >= 0 }

  init(first: Int64) {
    least = first
    greatest = first
    last = first
  }

  @inline(__always)
  mutating func add(_ value: Int64) {
    least = min(least, value)
    greatest = max(greatest, value)
    // The sign of the difference, put right where the difference overflows. A comparison would be
    // compiled to a jump.
    let difference = value &- last
    descent |= difference ^ ((value ^ last) & (difference ^ value))
    last = value
  }
}

/// Returns the distances from a base; zero under NULL.
private func narrowed<Offset: FixedWidthInteger & UnsignedInteger>(
  _ values: Span<Int64>,
  base: Int64,
  validity: [Bool]?
) -> [Offset] {
  guard let validity else {
    return [Offset](capacity: values.count) { output in
      for row in values.indices { output.append(Offset(truncatingIfNeeded: values[row] &- base)) }
    }
  }
  let isValid = validity.span
  return [Offset](capacity: values.count) { output in
    for row in values.indices {
      output.append(isValid[row] ? Offset(truncatingIfNeeded: values[row] &- base) : 0)
    }
  }
}
