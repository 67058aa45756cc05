extension Column {
  /// Returns the rows of several columns of one type, one after the other.
  ///
  /// Text stays coded where all columns share a dictionary, or where merging their dictionaries
  /// costs less than the rows do. Fails where text exceeds 4 GiB or lists `Int32.max` elements.
  package static func concatenated(
    _ columns: [Column],
    type: DataType
  ) throws(ExecutionError) -> Column {
    let columns = columns.filter { $0.count > 0 }
    if columns.count == 1 { return columns[0].retyped(type) }
    let total = columns.reduce(0) { $0 + $1.count }
    guard let first = columns.first else {
      return AnyColumnBuilder(type: type).finish()
    }
    if total > 65_536 { try Cancellation.check() }
    if columns.allSatisfy({ $0.isConstant && $0.isAllNull }) {
      return .nulls(type: type, count: total)
    }
    let values: ColumnData =
      switch first.data {
      case .boolean: .boolean(joined(columns, total) { $0.booleanValues() })
      case .int64: .int64(joined(columns, total) { $0.int64Values() })
      case .int128: .int128(joined(columns, total) { $0.int128Values() })
      case .float64: .float64(joined(columns, total) { $0.doubleValues() })
      case .interval: .interval(joined(columns, total) { $0.intervalValues() })
      case .text, .dictionary: try joinedText(columns, total)
      case .list: .list(try joinedLists(columns, total, type: type))
      case .structure: try joinedStructures(columns, total, type: type)
      }
    return Column(type: type, data: values, validity: joinedValidity(columns, total), count: total)
  }

  private static func joined<Element>(
    _ columns: [Column],
    _ total: Int,
    _ values: (Column) -> [Element]
  ) -> [Element] {
    var all: [Element] = []
    all.reserveCapacity(total)
    for column in columns { all.append(contentsOf: values(column)) }
    return all
  }

  private static func joinedValidity(_ columns: [Column], _ total: Int) -> [Bool]? {
    guard columns.contains(where: { $0.validityPerRow() != nil }) else { return nil }
    return joined(columns, total) { column in
      column.validityPerRow() ?? [Bool](repeating: true, count: column.count)
    }
  }

  // MARK: - Text

  private static func joinedText(
    _ columns: [Column],
    _ total: Int
  ) throws(ExecutionError) -> ColumnData {
    var dictionaries: [TextDictionary] = []
    var isCoded = true
    for column in columns {
      switch column.data {
      case .dictionary(_, let dictionary):
        if !dictionaries.contains(where: { $0 === dictionary }) { dictionaries.append(dictionary) }
      case .text:
        // Single values and NULLs join any dictionary cheaply.
        if !column.isConstant { isCoded = false }
      case .boolean, .int64, .int128, .float64, .interval, .list, .structure: isCoded = false
      }
      // Many dictionaries are many small batches: merging them pairwise would not pay.
      if !isCoded || dictionaries.count > 64 { return .text(try joinedViews(columns, total)) }
    }
    let distinctCount = dictionaries.reduce(0) { $0 + $1.count }
    guard let first = dictionaries.first,
      dictionaries.count == 1 || distinctCount * 2 <= total
    else { return .text(try joinedViews(columns, total)) }
    return try joinedCodes(columns, total, first: first)
  }

  private static func joinedCodes(
    _ columns: [Column],
    _ total: Int,
    first: TextDictionary
  ) throws(ExecutionError) -> ColumnData {
    var codes: [Int32] = []
    codes.reserveCapacity(total)
    var interner: TextInterner?
    var mappings: [ObjectIdentifier: [Int32]] = [:]
    for column in columns {
      let isNullConstant = column.isConstant && column.isAllNull
      guard case .dictionary(let own, let dictionary) = column.data, !isNullConstant else {
        var code: Int32 = 0
        if !isNullConstant {
          let value = column.sliced(0..<1).textValues()
          if let known = interner == nil ? first.code(of: value.byteArray(at: 0)) : nil {
            code = known
          } else {
            var values = interner ?? TextInterner(first)
            code = try values.codes(of: value)[0]
            interner = values
          }
        }
        codes.append(contentsOf: repeatElement(code, count: column.count))
        continue
      }
      if dictionary === first {
        if column.isConstant {
          codes.append(contentsOf: repeatElement(own[0], count: column.count))
        } else {
          codes.append(contentsOf: own)
        }
        continue
      }
      var mapping = mappings[dictionary.id]
      if mapping == nil {
        var values = interner ?? TextInterner(first)
        mapping = try values.codes(of: dictionary.values)
        interner = values
        mappings[dictionary.id] = mapping
      }
      guard let mapping else { continue }
      if column.isConstant {
        codes.append(contentsOf: repeatElement(mapping[Int(own[0])], count: column.count))
      } else {
        codes.append(contentsOf: gatheredElements(mapping, at: own))
      }
    }
    return .dictionary(codes: codes, interner?.dictionary() ?? first)
  }

  private static func joinedViews(
    _ columns: [Column],
    _ total: Int
  ) throws(ExecutionError) -> TextVector {
    var views: [TextView] = []
    var bytes: [UInt8] = []
    views.reserveCapacity(total)
    // Batches of one table often share one buffer, which is then copied once, or not at all.
    var lastBuffer: [UInt8] = []
    var lastStart = 0
    for (position, column) in columns.enumerated() {
      let vector = column.textValues()
      if position > 0, vector.bytes.sharesBuffer(with: lastBuffer) {
        let start = UInt32(truncatingIfNeeded: lastStart)
        views.append(
          contentsOf: vector.views.lazy.map {
            TextView(start: $0.start &+ start, length: $0.length)
          }
        )
        continue
      }
      let used = vector.views.reduce(0) { $0 &+ Int($1.length) }
      let piece = used * 2 < vector.bytes.count && columns.count > 1 ? vector.compacted() : vector
      guard bytes.count + piece.bytes.count <= TextVector.maximumByteCount else {
        throw ExecutionError(.limit, "more than 4 GiB of text in one column")
      }
      let start = UInt32(bytes.count)
      lastStart = bytes.count
      lastBuffer = piece.bytes
      if bytes.isEmpty {
        bytes = piece.bytes
      } else {
        bytes.append(contentsOf: piece.bytes)
      }
      views.append(
        contentsOf: piece.views.lazy.map {
          TextView(start: $0.start &+ start, length: $0.length)
        }
      )
    }
    return TextVector(views: views, bytes: bytes)
  }

  // MARK: - Lists and structs

  private static func joinedLists(
    _ columns: [Column],
    _ total: Int,
    type: DataType
  ) throws(ExecutionError) -> ListVector {
    guard case .list(let elementType) = type else {
      preconditionFailure("a column of lists has a list type")
    }
    var ranges: [Range<Int32>] = []
    ranges.reserveCapacity(total)
    var children: [Column] = []
    var elementCount = 0
    for column in columns {
      guard case .list(let lists) = column.expanded().data else {
        preconditionFailure("columns to concatenate have one physical type")
      }
      guard elementCount + lists.child.count <= Int(Int32.max) else {
        throw ExecutionError(.limit, "more than \(Int32.max) list elements in one column")
      }
      let shift = Int32(elementCount)
      for range in lists.ranges {
        ranges.append(range.lowerBound + shift..<range.upperBound + shift)
      }
      children.append(lists.child)
      elementCount += lists.child.count
    }
    return ListVector(ranges: ranges, child: try concatenated(children, type: elementType))
  }

  private static func joinedStructures(
    _ columns: [Column],
    _ total: Int,
    type: DataType
  ) throws(ExecutionError) -> ColumnData {
    guard case .structure(let fields) = type else {
      preconditionFailure("a column of structs has a struct type")
    }
    var members: [[Column]] = Array(repeating: [], count: fields.count)
    for column in columns {
      guard case .structure(let own, _) = column.expanded().data else {
        preconditionFailure("columns to concatenate have one physical type")
      }
      for (position, member) in own.enumerated() { members[position].append(member) }
    }
    var joined: [Column] = []
    for (field, pieces) in zip(fields, members) {
      joined.append(try concatenated(pieces, type: field.type))
    }
    return .structure(joined, count: total)
  }
}
