extension CastKernel {
  /// Converts maps, structs and texts to maps.
  func toMap(_ types: (key: DataType, value: DataType)) throws(ExecutionError) -> Column {
    switch source {
    case .varchar: return try mapsFromText(types)
    case .structure(let fields): return try mapsFromStructure(fields, types)
    case .list where source.isMap: return try mapsFromMaps(types)
    default: throw unsupported  // the binder asks whether there is a conversion
    }
  }

  private func mapsFromMaps(
    _ types: (key: DataType, value: DataType)
  ) throws(ExecutionError) -> Column {
    let given = MapArgument(column)
    // Entries that no row refers to must not fail.
    var rows: [Int32] = []
    var ranges: [Range<Int32>] = []
    for row in 0..<input.rowCount {
      let start = Int32(clamping: rows.count)
      for entry in given.range(row) { rows.append(Int32(entry)) }
      ranges.append(start..<Int32(clamping: rows.count))
    }
    return try maps(given.keys.gathered(rows), given.values.gathered(rows), ranges, types)
  }

  /// The names of the members become keys.
  private func mapsFromStructure(
    _ fields: [StructField],
    _ types: (key: DataType, value: DataType)
  ) throws(ExecutionError) -> Column {
    let structure = column.expanded()
    guard case .structure(let members, _) = structure.data else { throw unsupported }
    let count = Int32(fields.count)
    var values: [Column] = []
    for member in members {
      let masked = structure.validity.map { member.expanded().masked(by: $0) } ?? member.expanded()
      values.append(
        try Cast.convert(masked, to: types.value, isTry: isTry, context: input.context).expanded()
      )
    }
    let all = try Column.concatenated(values, type: types.value)
    var rows: [Int32] = []
    for row in 0..<Int32(clamping: input.rowCount) {
      for member in 0..<count { rows.append(member * Int32(clamping: input.rowCount) + row) }
    }
    let names = (0..<input.rowCount).flatMap { _ in fields.map { Optional($0.name) } }
    let ranges = (0..<Int32(clamping: input.rowCount)).map { $0 * count..<($0 + 1) * count }
    return try maps(.strings(names), all.gathered(rows), ranges, types)
  }

  private func mapsFromText(
    _ types: (key: DataType, value: DataType)
  ) throws(ExecutionError) -> Column {
    let texts = input.text(0)
    var keys: [String?] = []
    var values: [String?] = []
    var ranges: [Range<Int32>] = []
    var validity: [Bool]?
    for row in 0..<input.rowCount {
      let start = Int32(clamping: keys.count)
      if input.validity?[row] ?? true {
        if let entries = NestedText.entries(texts.bytes.span.extracting(texts.range(row))) {
          keys.append(contentsOf: entries.map(\.key))
          values.append(contentsOf: entries.map(\.value))
        } else {
          if !isTry { throw failure(row) }
          if validity == nil { validity = [Bool](repeating: true, count: input.rowCount) }
          validity?[row] = false
        }
      }
      ranges.append(start..<Int32(clamping: keys.count))
    }
    return try maps(.strings(keys), .strings(values), ranges, types, validity: validity)
  }

  /// Converts keys and values, and makes maps of them.
  private func maps(
    _ keys: Column,
    _ values: Column,
    _ ranges: [Range<Int32>],
    _ types: (key: DataType, value: DataType),
    validity: [Bool]? = nil
  ) throws(ExecutionError) -> Column {
    let context = input.context
    let keys = try Cast.convert(keys, to: types.key, isTry: isTry, context: context).flattened()
    let values =
      try Cast.convert(values, to: types.value, isTry: isTry, context: context).flattened()
    var validity = validity
    var check = try MapKeyCheck(keys.expanded())
    for (row, range) in ranges.enumerated() {
      guard let fault = check.fault(in: range) else { continue }
      if !isTry { throw ExecutionError(.invalidArgument, fault) }
      if validity == nil { validity = [Bool](repeating: true, count: input.rowCount) }
      validity?[row] = false
    }
    let entries = Column.entries(keys.expanded(), values.expanded())
    return input.column(.list(ListVector(ranges: ranges, child: entries)), validity: validity)
  }
}

/// Whether keys can be those of one map: unique, and none NULL.
struct MapKeyCheck {
  private let keys: Column
  private let codes: [Int32]
  /// The map in which each distinct key was last seen, by number.
  private var lastSeen: [Int]
  private var count = 0

  init(_ keys: Column) throws(ExecutionError) {
    self.keys = keys
    codes = keys.count == 0 ? [] : try DistinctCodes(keys).codes
    lastSeen = [Int](repeating: 0, count: Int((codes.max() ?? -1) + 1))
  }

  /// What is wrong with the keys at some rows as those of one map; nil where nothing is.
  mutating func fault(in rows: Range<Int32>) -> String? {
    count += 1
    for row in rows {
      guard keys.isValid(at: Int(row)) else { return "the keys of a map must not be NULL" }
      let code = Int(codes[Int(row)])
      if lastSeen[code] == count {
        return "the keys of a map must be unique; there are several "
          + ValueText.text(of: keys.value(at: Int(row)))
      }
      lastSeen[code] = count
    }
    return nil
  }
}

/// A map argument, read by row whether it is constant or not.
struct MapArgument {
  /// The keys of all maps, flat.
  let keys: Column
  /// The values of all maps, flat.
  let values: Column
  /// Whether one map stands for every row.
  let isConstant: Bool
  private let lists: ListArgument

  init(_ column: Column) {
    lists = ListArgument(column)
    isConstant = column.isConstant
    if case .structure(let members, _) = lists.child.data, members.count == 2 {
      keys = members[0].expanded()
      values = members[1].expanded()
    } else {
      // The type of a bare NULL.
      keys = .nulls(type: .null, count: 0).expanded()
      values = keys
    }
  }

  /// The rows of `keys` and `values` that are a row's entries; none where the map is NULL.
  func range(_ row: Int) -> Range<Int> { lists.range(row) }
}

extension Column {
  /// The entries of maps, from their keys and values.
  static func entries(_ keys: Column, _ values: Column) -> Column {
    Column(
      type: .structure([
        StructField(name: "key", type: keys.type, isMarked: true),
        StructField(name: "value", type: values.type, isMarked: true),
      ]),
      data: .structure([keys, values], count: keys.count),
      count: keys.count
    )
  }
}
