/// Questions to JSON documents as a whole: what they hold, how they look, what they come to merged.
enum JSONDocumentFunctions {
  static let all: [ScalarFunction] = [exists, scalarValue, contains, pretty, mergePatch]

  private static let exists = ScalarFunction(
    "json_exists",
    summary: "Returns whether a path leads to a value, which may be null.",
    examples: [
      FunctionExample(#"json_exists('{"a": null}', '$.a')"#, "true"),
      FunctionExample(#"json_exists('{"a": 1}', '$.b')"#, "false"),
    ],
    overloads: [
      .exact([.varchar, .varchar], to: .boolean) { (input) throws(ExecutionError) -> Column in
        let texts = input.text(0)
        let json = JSONText(bytes: texts.bytes)
        var paths = JSONPathArgument(input, at: 1)
        return try input.build { (row) throws(ExecutionError) -> Bool? in
          let path = try paths.path(row)
          return json.value(in: texts.range(row)).map { json.find(path, in: $0) != nil }
        }
      },
      .exact([.varchar, .list(.varchar)], to: .list(.boolean)) {
        (input) throws(ExecutionError) -> Column in
        let found = try JSONPathFunctions.ofPaths { _, _ in "true" }.kernel(
          input.replacing(resultType: .list(.varchar))
        )
        guard case .list(let lists) = found.data else { return found }
        // A text for each path that leads somewhere, NULL for the others.
        let flags = (0..<lists.child.count).map { lists.child.isValid(at: $0) }
        let child = Column(type: .boolean, data: .boolean(flags), count: flags.count)
        return input.column(
          .list(ListVector(ranges: lists.ranges, child: child)),
          validity: found.validity,
          isConstant: found.isConstant
        )
      },
    ]
  )

  private static let scalarValue = ScalarFunction(
    "json_value",
    summary: "Returns the JSON that a path leads to; NULL where it is null, an array or an object.",
    examples: [
      FunctionExample(#"json_value('{"a": 1}', '$.a')"#, "1"),
      FunctionExample(#"json_value('{"a": [1]}', '$.a')"#, "NULL"),
    ],
    overloads: [DataType.varchar, .bigint].map { pathType in
      .exact([.varchar, pathType], to: .varchar) { (input) throws(ExecutionError) -> Column in
        let texts = input.text(0)
        let json = JSONText(bytes: texts.bytes)
        var paths = JSONPathArgument(input, at: 1)
        return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
          let path = try paths.path(row)
          guard let whole = json.value(in: texts.range(row)),
            let value = json.find(path, in: whole)
          else { return false }
          switch json.kind(of: value) {
          case .null, .array, .object: return false
          case .boolean, .number, .text:
            json.append(value, to: &output)
            return true
          }
        }
      }
    }
  )

  private static let contains = ScalarFunction(
    "json_contains",
    summary: "Returns whether a JSON document holds another one anywhere; an array holds one with"
      + " fewer elements, an object one with fewer members.",
    examples: [
      FunctionExample(#"json_contains('{"a": [1, 2, 3]}', '[1, 3]')"#, "true"),
      FunctionExample(#"json_contains('{"a": 1}', '"a"')"#, "false"),
    ],
    overloads: [
      .exact([.varchar, .varchar], to: .boolean) { (input) throws(ExecutionError) -> Column in
        let texts = input.text(0)
        let needles = input.text(1)
        let document = JSONText(bytes: texts.bytes)
        let searched = JSONText(bytes: needles.bytes)
        return try input.build { (row) throws(ExecutionError) -> Bool? in
          guard let whole = document.value(in: texts.range(row)),
            let needle = searched.value(in: needles.range(row))
          else { return nil }
          return holds(document, whole, searched, needle)
        }
      }
    ]
  )

  /// Whether a value, or one inside it, covers another one.
  ///
  /// Nesting is bounded by `depthLimit`.
  private static func holds(
    _ document: JSONText,
    _ value: Range<Int>,
    _ searched: JSONText,
    _ needle: Range<Int>
  ) -> Bool {
    if covers(document, value, searched, needle) { return true }
    switch document.kind(of: value) {
    case .array, .object:
      return document.contains(in: value) { _, member in
        holds(document, member, searched, needle)
      }
    case .null, .boolean, .number, .text: return false
    }
  }

  /// Whether two values are equal, but for what the first one holds beyond the second.
  private static func covers(
    _ document: JSONText,
    _ value: Range<Int>,
    _ searched: JSONText,
    _ needle: Range<Int>
  ) -> Bool {
    let kind = document.kind(of: value)
    guard kind == searched.kind(of: needle) else { return false }
    switch kind {
    case .null, .boolean, .number:
      return document.bytes[value] == searched.bytes[needle]
    case .text: return document.text(value) == searched.text(needle)
    case .array:
      return !searched.contains(in: needle) { _, wanted in
        !document.contains(in: value) { _, element in
          covers(document, element, searched, wanted)
        }
      }
    case .object:
      return !searched.contains(in: needle) { name, wanted in
        let key = name.map { searched.text($0) }
        return !document.contains(in: value) { candidate, member in
          candidate.map { document.text($0) } == key
            && covers(document, member, searched, wanted)
        }
      }
    }
  }

  private static let pretty = ScalarFunction(
    "json_pretty",
    summary: "Returns JSON with each element and member on a line of its own, indented by four.",
    examples: [
      FunctionExample("json_pretty('1')", "1"),
      FunctionExample("length(json_pretty('[1]'))", "9"),
    ],
    overloads: [
      .exact([.varchar], to: .varchar) { (input) throws(ExecutionError) -> Column in
        let texts = input.text(0)
        let json = JSONText(bytes: texts.bytes)
        return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
          let value = try json.checkedValue(in: texts.range(row))
          lay(json, value, indent: 0, to: &output)
          return true
        }
      }
    ]
  )

  private static func lay(
    _ json: JSONText,
    _ value: Range<Int>,
    indent: Int,
    to output: inout TextOutput
  ) {
    let kind = json.kind(of: value)
    guard kind == .array || kind == .object, json.count(of: value) > 0 else {
      return json.append(value, to: &output)
    }
    output.append(json.bytes[value.lowerBound])
    var isFirst = true
    json.forEach(in: value) { name, member in
      output.append(isFirst ? "\n" : ",\n")
      isFirst = false
      output.append(String(repeating: " ", count: 4 * (indent + 1)))
      if let name {
        output.append(contentsOf: json.bytes[name])
        output.append(": ")
      }
      lay(json, member, indent: indent + 1, to: &output)
      return true
    }
    output.append("\n")
    output.append(String(repeating: " ", count: 4 * indent))
    output.append(json.bytes[value.upperBound - 1])
  }

  // MARK: - Merging

  private static let mergePatch = ScalarFunction(
    "json_merge_patch",
    summary: "Returns a JSON document changed by others (RFC 7386): their members replace its"
      + " own, null removes one; a NULL leaves nothing, and the next begins anew.",
    examples: [
      FunctionExample(#"json_merge_patch('{"a": 1}', '{"b": 2}')"#, #"{"a":1,"b":2}"#),
      FunctionExample(#"json_merge_patch('{"a": 1, "b": 2}', '{"a": null}')"#, #"{"b":2}"#),
    ],
    overloads: [
      ScalarOverload(
        [.exact(.varchar), .exact(.varchar)],
        variadic: .exact(.varchar),
        propagatesNull: false,
        result: { _ in .varchar },
        kernel: { (input) throws(ExecutionError) -> Column in
          let texts = input.arguments.indices.map { input.text($0) }
          return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
            var merged: [UInt8]?
            for (position, text) in texts.enumerated() {
              guard input.arguments[position].isValid(at: row) else {
                merged = nil
                continue
              }
              let patch = Array(text.bytes[text.range(row)])
              merged = try merge(merged, patch)
            }
            guard let merged else { return false }
            output.append(contentsOf: merged)
            return true
          }
        }
      )
    ]
  )

  /// Changes a document; the first is taken as it is, with its nulls.
  private static func merge(
    _ target: [UInt8]?,
    _ patch: [UInt8]
  ) throws(ExecutionError) -> [UInt8] {
    let change = JSONText(bytes: patch)
    let wanted = try change.checkedValue(in: 0..<patch.count)
    var output = TextOutput(rowCapacity: 1)
    guard let target else {
      change.append(wanted, to: &output)
      return output.bytes
    }
    let document = JSONText(bytes: target)
    let whole = try document.checkedValue(in: 0..<target.count)
    write(document, whole, change, wanted, to: &output)
    return output.bytes
  }

  /// Appends a value changed by a patch; nil where there is no value to change.
  ///
  /// What is no object is changed as an object without members, so that nulls of the patch remove
  /// nothing and are not members of the result either.
  private static func write(
    _ document: JSONText,
    _ value: Range<Int>?,
    _ change: JSONText,
    _ patch: Range<Int>,
    to output: inout TextOutput
  ) {
    guard change.kind(of: patch) == .object else { return change.append(patch, to: &output) }
    let value = value.flatMap { document.kind(of: $0) == .object ? $0 : nil }
    let changes = change.membersByName(of: patch)
    let known = value.map { document.membersByName(of: $0) } ?? [:]
    output.append("{")
    var isFirst = true
    func begin(_ name: ArraySlice<UInt8>, _ output: inout TextOutput) {
      if !isFirst { output.append(",") }
      isFirst = false
      output.append(contentsOf: name)
      output.append(":")
    }
    func keep(_ name: Range<Int>?, _ member: Range<Int>) -> Bool {
      guard let name else { return true }
      let replacement = changes[document.text(name)]
      if let replacement, change.kind(of: replacement) == .null { return true }
      begin(document.bytes[name], &output)
      if let replacement {
        write(document, member, change, replacement, to: &output)
      } else {
        document.append(member, to: &output)
      }
      return true
    }
    if let value { document.forEach(in: value) { keep($0, $1) } }
    change.forEach(in: patch) { name, member in
      guard let name, known[change.text(name)] == nil,
        change.kind(of: member) != .null
      else { return true }
      begin(change.bytes[name], &output)
      write(document, nil, change, member, to: &output)
      return true
    }
    output.append("}")
  }
}

extension JSONText {
  /// The value that a text consists of; fails where the text is not JSON.
  func checkedValue(in range: Range<Int>) throws(ExecutionError) -> Range<Int> {
    if let value = value(in: range) { return value }
    let shown = String(decoding: bytes[range], as: UTF8.self).prefix(60)
    throw ExecutionError(.invalidArgument, "'\(shown)' is not JSON")
  }

  /// Whether a condition holds for an element of a checked array or member of a checked object.
  func contains(in value: Range<Int>, where holds: (Range<Int>?, Range<Int>) -> Bool) -> Bool {
    var isFound = false
    forEach(in: value) { name, member in
      isFound = holds(name, member)
      return !isFound
    }
    return isFound
  }

  /// The members of a checked object by their names; of several with one name the first.
  func membersByName(of value: Range<Int>) -> [[UInt8]: Range<Int>] {
    var members: [[UInt8]: Range<Int>] = [:]
    forEach(in: value) { name, member in
      guard let name else { return true }
      let text = text(name)
      if members[text] == nil { members[text] = member }
      return true
    }
    return members
  }
}
