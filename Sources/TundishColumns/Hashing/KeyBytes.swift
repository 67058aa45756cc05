extension Column {
  /// Appends bytes that two rows have in common exactly if their values are equal as keys: NULL
  /// equals NULL, -0.0 equals 0.0, NaN equals NaN, 30 days equal a month.
  ///
  /// The slow path, for types that have no 64-bit form; nesting is bounded by the type's.
  func appendKeyBytes(ofRow row: Int, to bytes: inout [UInt8]) {
    guard isValid(at: row) else {
      bytes.append(0)
      return
    }
    bytes.append(1)
    let position = position(of: row)
    switch data {
    case .boolean(let values): bytes.append(values[position] ? 1 : 0)
    case .int64(let values): bytes.append(word: UInt64(bitPattern: values[position]))
    case .int128(let values): bytes.append(wide: values[position])
    case .float64(let values): bytes.append(word: canonicalBits(values[position]))
    case .text(let values): bytes.append(value: position, of: values)
    case .dictionary(let codes, let dictionary):
      bytes.append(value: Int(codes[position]), of: dictionary.values)
    case .interval(let values): bytes.append(wide: values[position].normalizedMicroseconds)
    case .list(let lists):
      let range = lists.ranges[position]
      bytes.append(word: UInt64(range.count))
      for element in range { lists.child.appendKeyBytes(ofRow: Int(element), to: &bytes) }
    case .structure(let columns, _):
      for column in columns { column.appendKeyBytes(ofRow: position, to: &bytes) }
    }
  }
}

extension [UInt8] {
  mutating func append(word: UInt64) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      append(UInt8(truncatingIfNeeded: word >> shift))
    }
  }

  mutating func append(wide: Int128) {
    append(word: UInt64(truncatingIfNeeded: wide))
    append(word: UInt64(truncatingIfNeeded: wide >> 64))
  }

  mutating func append(value position: Int, of values: TextVector) {
    let view = values.views[position]
    append(word: UInt64(view.length))
    append(contentsOf: values.bytes[view.range])
  }
}
