extension Column {
  /// The position in the buffers of a row's value.
  @inline(__always)
  package func position(of row: Int) -> Int {
    isConstant ? 0 : row
  }

  /// Whether a row has a value.
  @inline(__always)
  package func isValid(at row: Int) -> Bool {
    guard let validity else { return true }
    return validity[isConstant ? 0 : row]
  }

  /// Returns the value of a row; for the borders of the engine, not for loops over columns.
  package func value(at row: Int) -> Value {
    precondition(row >= 0 && row < count, "the row is one of the column's rows")
    guard isValid(at: row) else { return .null }
    let position = position(of: row)
    switch data {
    case .boolean(let values): return .boolean(values[position])
    case .int64(let values): return value(ofInteger: values[position])
    case .int128(let values):
      if case .decimal(_, let scale) = type {
        return .decimal(unscaled: values[position], scale: scale)
      }
      return .hugeint(values[position])
    case .float64(let values): return .double(values[position])
    case .text(let values): return value(ofText: values, at: position)
    case .dictionary(let codes, let dictionary):
      return value(ofText: dictionary.values, at: Int(codes[position]))
    case .interval(let values): return .interval(values[position])
    case .list(let lists):
      let range = lists.ranges[position]
      if type.isMap { return .map(range.map { lists.child.entry(at: Int($0)) }) }
      return .list(range.map { lists.child.value(at: Int($0)) })
    case .structure(let columns, _):
      guard case .structure(let fields) = type else { return .null }
      return .structure(
        zip(fields, columns).map {
          StructMember(name: $0.name, value: $1.value(at: position), isOfRow: $0.isMarked)
        }
      )
    }
  }

  /// The entry of a map, where the rows are entries.
  private func entry(at row: Int) -> MapEntry {
    guard case .structure(let members, _) = data, members.count == 2 else {
      return MapEntry(key: .null, value: .null)
    }
    let position = position(of: row)
    return MapEntry(key: members[0].value(at: position), value: members[1].value(at: position))
  }

  /// Returns all values; for small columns and tests.
  package func allValues() -> [Value] {
    (0..<count).map { value(at: $0) }
  }

  private func value(ofInteger integer: Int64) -> Value {
    switch type {
    case .date: .date(Int32(truncatingIfNeeded: integer))
    case .time: .time(integer)
    case .timestamp: .timestamp(integer)
    case .timestampTZ: .timestampTZ(integer)
    case .decimal(_, let scale): .decimal(unscaled: Int128(integer), scale: scale)
    case .null, .boolean, .tinyint, .smallint, .integer, .bigint, .hugeint, .double, .varchar,
      .blob, .interval, .enumeration, .list, .structure:
      .integer(integer)
    }
  }

  private func value(ofText values: TextVector, at position: Int) -> Value {
    type == .blob ? .blob(values.byteArray(at: position)) : .text(values.string(at: position))
  }
}
