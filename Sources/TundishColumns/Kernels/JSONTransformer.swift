/// What `json_transform` makes of JSON: a type, where names of types without storage of their own
/// count.
package indirect enum JSONTarget: Sendable {
  /// JSON as it is.
  case json
  /// A value of a type that casts check, such as UINTEGER, and the type that stores it.
  case checked(String, storage: DataType)
  /// A value of a type.
  case value(DataType)
  /// The elements of an array.
  case list(JSONTarget)
  /// The members of an object as a map.
  case map(key: DataType, value: JSONTarget)
  /// Members of an object by name.
  case structure([(name: String, target: JSONTarget)])

  /// The type of the result.
  package var type: DataType {
    switch self {
    case .json: .varchar
    case .checked(_, let storage): storage
    case .value(let type): type
    case .list(let element): .list(element.type)
    case .map(let key, let value): .map(key, to: value.type)
    case .structure(let members):
      .structure(members.map { StructField(name: $0.name, type: $0.target.type) })
    }
  }
}

/// The JSON that describes what `json_transform` gives: `{"a": "INTEGER", "b": ["VARCHAR"]}`.
package indirect enum JSONStructure: Sendable {
  /// A type by its name.
  case type(String)
  /// An array of one structure.
  case list(JSONStructure)
  /// An object: members by name.
  case structure([(name: String, structure: JSONStructure)])

  /// Reads a description.
  package init(_ text: String) throws(ExecutionError) {
    let json = JSONText(bytes: Array(text.utf8))
    try self.init(json, json.checkedValue(in: 0..<json.bytes.count))
  }

  /// Nesting is bounded by `JSONText.depthLimit`.
  private init(_ json: JSONText, _ value: Range<Int>) throws(ExecutionError) {
    let members = json.isContainer(value) ? json.members(of: value) : []
    switch json.kind(of: value) {
    case .text:
      self = .type(String(decoding: json.text(value), as: UTF8.self))
    case .array:
      guard members.count == 1 else {
        throw ExecutionError(
          .invalidArgument,
          "an array in a JSON structure holds the one structure of its elements, found"
            + " \(members.count)"
        )
      }
      self = .list(try JSONStructure(json, members[0].value))
    case .object:
      var seen: Set<String> = []
      var found: [(name: String, structure: JSONStructure)] = []
      for (name, member) in members {
        let name = name.map { String(decoding: json.text($0), as: UTF8.self) } ?? ""
        guard seen.insert(foldedKey(name)).inserted else {
          throw ExecutionError(.invalidArgument, "the JSON structure names '\(name)' twice")
        }
        found.append((name, try JSONStructure(json, member)))
      }
      guard !found.isEmpty else {
        throw ExecutionError(.invalidArgument, "an object in a JSON structure needs members")
      }
      self = .structure(found)
    case .null, .boolean, .number:
      throw ExecutionError(
        .invalidArgument,
        "a JSON structure names types, such as \"INTEGER\", in arrays and objects; found "
          + json.compact(value)
      )
    }
  }
}

/// Turns JSON values into columns, all rows of one level at once.
///
/// Strict: what does not convert, and a member that is missing or stands twice, is a failure, not
/// NULL.
struct JSONTransformer {
  let json: JSONText
  let isStrict: Bool
  let context: FunctionContext

  /// Makes a column of values; nil is NULL.
  ///
  /// Nesting is bounded by that of the target.
  func column(
    _ values: [Range<Int>?],
    _ target: JSONTarget
  ) throws(ExecutionError) -> Column {
    try Cancellation.check()
    let values = values.map { value in
      value.flatMap { json.kind(of: $0) == .null ? nil : $0 }
    }
    switch target {
    case .json: return .strings(values.map { $0.map { json.compact($0) } })
    case .value(.null): return .nulls(type: .null, count: values.count).expanded()
    case .value(let type): return try scalars(values, type)
    case .checked(let name, let storage): return try checked(values, name, storage)
    case .list(let element): return try lists(values, element)
    case .map(let key, let value): return try maps(values, key, value)
    case .structure(let members): return try structures(values, members, target.type)
    }
  }

  // MARK: - Single values

  private func scalars(
    _ values: [Range<Int>?],
    _ type: DataType
  ) throws(ExecutionError) -> Column {
    var texts: [String?] = []
    texts.reserveCapacity(values.count)
    for value in values {
      if let value { texts.append(try text(value, for: type)) } else { texts.append(nil) }
    }
    return try Cast.convert(.strings(texts), to: type, isTry: !isStrict, context: context)
      .flattened()
  }

  /// The text that is cast: a truth beside numbers is 1 or 0, and a number is true where it is not 0.
  private func text(_ value: Range<Int>, for type: DataType) throws(ExecutionError) -> String? {
    let written = json.compact(value)
    switch json.kind(of: value) {
    case .text: return String(decoding: json.text(value), as: UTF8.self)
    case .boolean where type.isNumeric: return written == "true" ? "1" : "0"
    case .number where type == .boolean: return Double(written) == 0 ? "false" : "true"
    case .number where type.isInteger && written.utf8.contains { ".eE".utf8.contains($0) }:
      // As a DOUBLE is cast: half to even.
      let whole = Double(written)?.rounded(.toNearestOrEven)
      return whole.flatMap { Int128(exactly: $0) }.map { String($0) } ?? written
    case .array where type != .varchar, .object where type != .varchar:
      if !isStrict { return nil }
      throw ExecutionError(.invalidCast, "could not convert \(written.prefix(60)) to \(type)")
    case .null, .boolean, .number, .array, .object: return written
    }
  }

  private func checked(
    _ values: [Range<Int>?],
    _ name: String,
    _ storage: DataType
  ) throws(ExecutionError) -> Column {
    let wide = storage.isInteger ? DataType.hugeint : storage
    let call = FunctionRegistry.standard.resolveScalar(
      name: isStrict ? "checked" : "try_checked",
      argumentTypes: [wide, .varchar]
    )
    guard case .success(let function) = call else {
      throw ExecutionError(.invalidArgument, "'\(name)' is no type that casts check")
    }
    let names = Column.constant(.text(name), type: .varchar, count: values.count)
    let input = KernelInput(
      arguments: [try scalars(values, wide), names],
      rowCount: values.count,
      resultType: function.resultType,
      context: context
    )
    let result = try function.overload.kernel(input)
    return try Cast.convert(result, to: storage, context: context).expanded()
  }

  // MARK: - Arrays and objects

  /// Which values are of a kind; fails for others where strict.
  private func areOf(
    _ kind: JSONText.Kind,
    _ values: [Range<Int>?],
    _ name: String
  ) throws(ExecutionError) -> [Bool] {
    var flags: [Bool] = []
    for value in values {
      let isFitting = value.map { json.kind(of: $0) == kind } ?? false
      if isStrict, let value, !isFitting {
        throw ExecutionError(
          .invalidCast,
          "expected \(name) of JSON, found \(json.compact(value).prefix(60))"
        )
      }
      flags.append(isFitting)
    }
    return flags
  }

  private func lists(
    _ values: [Range<Int>?],
    _ element: JSONTarget
  ) throws(ExecutionError) -> Column {
    let validity = try areOf(.array, values, "an array")
    var elements: [Range<Int>?] = []
    var ranges: [Range<Int32>] = []
    for (row, value) in values.enumerated() {
      let start = Int32(clamping: elements.count)
      if validity[row], let value { elements += json.members(of: value).map(\.value) }
      ranges.append(start..<Int32(clamping: elements.count))
    }
    let child = try column(elements, element)
    return Column(
      type: .list(element.type),
      data: .list(ListVector(ranges: ranges, child: child.flattened())),
      validity: validity,
      count: values.count
    )
  }

  private func maps(
    _ values: [Range<Int>?],
    _ key: DataType,
    _ target: JSONTarget
  ) throws(ExecutionError) -> Column {
    var validity = try areOf(.object, values, "an object")
    var keys: [String?] = []
    var members: [Range<Int>?] = []
    var ranges: [Range<Int32>] = []
    for (row, value) in values.enumerated() {
      let start = Int32(clamping: keys.count)
      if validity[row], let value {
        var seen: Set<String> = []
        for (name, member) in json.members(of: value) {
          let name = name.map { String(decoding: json.text($0), as: UTF8.self) } ?? ""
          // Of several members of one name the first counts, as for structs.
          guard seen.insert(name).inserted else { continue }
          keys.append(name)
          members.append(member)
        }
      }
      ranges.append(start..<Int32(clamping: keys.count))
    }
    let names = try Cast.convert(.strings(keys), to: key, isTry: !isStrict, context: context)
      .flattened().expanded()
    var check = try MapKeyCheck(names)
    for (row, range) in ranges.enumerated() {
      guard let fault = check.fault(in: range) else { continue }
      if isStrict { throw ExecutionError(.invalidArgument, fault) }
      validity[row] = false
    }
    let entries = Column.entries(names, try column(members, target).flattened().expanded())
    return Column(
      type: .list(entries.type),
      data: .list(ListVector(ranges: ranges, child: entries)),
      validity: validity,
      count: values.count
    )
  }

  /// Structs; what is neither null nor an object has none of the members, as in DuckDB.
  private func structures(
    _ values: [Range<Int>?],
    _ members: [(name: String, target: JSONTarget)],
    _ type: DataType
  ) throws(ExecutionError) -> Column {
    let areObjects = try areOf(.object, values, "an object")
    var found = [[Range<Int>?]](
      repeating: [Range<Int>?](repeating: nil, count: values.count),
      count: members.count
    )
    let names = members.map { Array($0.name.utf8) }
    for (row, value) in values.enumerated() {
      guard areObjects[row], let value else { continue }
      let known = json.membersByName(of: value)
      if isStrict { try check(value, names, known) }
      for (position, name) in names.enumerated() { found[position][row] = known[name] }
    }
    var columns: [Column] = []
    for (member, values) in zip(members, found) {
      columns.append(try column(values, member.target).flattened().expanded())
    }
    return Column(
      type: type,
      data: .structure(columns, count: values.count),
      validity: values.map { $0 != nil },
      count: values.count
    )
  }

  private func check(
    _ value: Range<Int>,
    _ names: [[UInt8]],
    _ known: [[UInt8]: Range<Int>]
  ) throws(ExecutionError) {
    let shown = json.compact(value).prefix(60)
    if json.count(of: value) > known.count {
      throw ExecutionError(.invalidArgument, "the object \(shown) has a member twice")
    }
    for name in names where known[name] == nil {
      let name = String(decoding: name, as: UTF8.self)
      throw ExecutionError(.invalidArgument, "the object \(shown) has no member '\(name)'")
    }
  }
}
