/// JSON documents with a value set, added, replaced or removed.
enum JSONChangeFunctions {
  static let all: [ScalarFunction] = [
    setting(
      "json_set",
      "Returns the JSON with the value at a path replaced, or added where there is none.",
      [
        (#"json_set('{"a": 1}', '$.b', '2')"#, #"{"a":1,"b":2}"#),
        (#"json_set('{"a": [1, 2]}', '$.a[1]', '"x"')"#, #"{"a":[1,"x"]}"#),
      ],
      replaces: true,
      adds: true
    ),
    setting(
      "json_insert",
      "Returns the JSON with a value added at a path where there is none.",
      [
        (#"json_insert('{"a": 1}', '$.b', '2')"#, #"{"a":1,"b":2}"#),
        (#"json_insert('{"a": 1}', '$.a', '2')"#, #"{"a":1}"#),
      ],
      replaces: false,
      adds: true
    ),
    setting(
      "json_replace",
      "Returns the JSON with the value at a path replaced where there is one.",
      [
        (#"json_replace('{"a": 1}', '$.a', '2')"#, #"{"a":2}"#),
        (#"json_replace('{"a": 1}', '$.b', '2')"#, #"{"a":1}"#),
      ],
      replaces: true,
      adds: false
    ),
    remove, stripNulls, normalize,
  ]

  private static func setting(
    _ name: String,
    _ summary: String,
    _ examples: [(String, String)],
    replaces: Bool,
    adds: Bool
  ) -> ScalarFunction {
    ScalarFunction(
      name,
      summary: summary,
      examples: examples.map { FunctionExample($0.0, $0.1) },
      overloads: [
        .exact([.varchar, .varchar, .varchar], to: .varchar) {
          (input) throws(ExecutionError) -> Column in
          let texts = input.text(0)
          let json = JSONText(bytes: texts.bytes)
          var paths = JSONPathArgument(input, at: 1)
          let values = input.text(2)
          let given = JSONText(bytes: values.bytes)
          return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
            let path = try paths.path(row)
            let whole = try json.checkedValue(in: texts.range(row))
            let value = try given.checkedValue(in: values.range(row))
            let text = Array(given.compact(value).utf8)
            let change = JSONChange(json: json, value: text, replaces: replaces, adds: adds)
            change.write(whole, path.steps[...], to: &output)
            return true
          }
        }
      ]
    )
  }

  private static let remove = ScalarFunction(
    "json_remove",
    summary: "Returns the JSON without the value at a path.",
    examples: [
      FunctionExample(#"json_remove('{"a": 1, "b": 2}', '$.a')"#, #"{"b":2}"#),
      FunctionExample("json_remove('[1, 2, 3]', '$[1]')", "[1,3]"),
    ],
    overloads: [
      .exact([.varchar, .varchar], to: .varchar) { (input) throws(ExecutionError) -> Column in
        let texts = input.text(0)
        let json = JSONText(bytes: texts.bytes)
        var paths = JSONPathArgument(input, at: 1)
        return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
          let path = try paths.path(row)
          let whole = try json.checkedValue(in: texts.range(row))
          guard !path.steps.isEmpty else { return false }
          let change = JSONChange(json: json, value: nil, replaces: true, adds: false)
          change.write(whole, path.steps[...], to: &output)
          return true
        }
      }
    ]
  )

  private static let stripNulls = rewriting(
    "json_strip_nulls",
    "Returns the JSON without the members of objects that are null.",
    [
      (#"json_strip_nulls('{"a": null, "b": 1}')"#, #"{"b":1}"#),
      (#"json_strip_nulls('[null, {"a": null}]')"#, "[null,{}]"),
    ],
    areSorted: false,
    keepsNulls: false
  )

  private static let normalize = rewriting(
    "json_normalize",
    "Returns the JSON with the members of objects in the order of their names.",
    [
      (#"json_normalize('{"b": 1, "a": 2}')"#, #"{"a":2,"b":1}"#),
      (#"json_normalize('[{"d": 1, "c": 2}]')"#, #"[{"c":2,"d":1}]"#),
    ],
    areSorted: true,
    keepsNulls: true
  )

  private static func rewriting(
    _ name: String,
    _ summary: String,
    _ examples: [(String, String)],
    areSorted: Bool,
    keepsNulls: Bool
  ) -> ScalarFunction {
    ScalarFunction(
      name,
      summary: summary,
      examples: examples.map { FunctionExample($0.0, $0.1) },
      overloads: [
        .exact([.varchar], to: .varchar) { (input) throws(ExecutionError) -> Column in
          let texts = input.text(0)
          let json = JSONText(bytes: texts.bytes)
          return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
            let value = try json.checkedValue(in: texts.range(row))
            rewrite(json, value, areSorted: areSorted, keepsNulls: keepsNulls, to: &output)
            return true
          }
        }
      ]
    )
  }

  /// Nesting is bounded by `JSONText.depthLimit`.
  private static func rewrite(
    _ json: JSONText,
    _ value: Range<Int>,
    areSorted: Bool,
    keepsNulls: Bool,
    to output: inout TextOutput
  ) {
    guard json.isContainer(value) else { return json.append(value, to: &output) }
    var members = json.members(of: value)
    if json.kind(of: value) == .object {
      if !keepsNulls { members.removeAll { json.kind(of: $0.value) == .null } }
      if areSorted {
        let named = members.map { (name: $0.name.map { json.text($0) } ?? [], member: $0) }
        members = named.sorted { $0.name.lexicographicallyPrecedes($1.name) }.map(\.member)
      }
    }
    json.writeMembers(of: value, members.count, to: &output) { position, output in
      if let name = members[position].name {
        output.append(contentsOf: json.bytes[name])
        output.append(":")
      }
      rewrite(
        json,
        members[position].value,
        areSorted: areSorted,
        keepsNulls: keepsNulls,
        to: &output
      )
    }
  }
}

/// One change of a document at a path.
private struct JSONChange {
  let json: JSONText
  /// The new value; nil removes the old one.
  let value: [UInt8]?
  /// Whether a value that is there is replaced.
  let replaces: Bool
  /// Whether a value is added where there is none.
  let adds: Bool

  /// Writes a value changed at the end of some steps, each of which goes one level deeper.
  func write(_ old: Range<Int>, _ steps: ArraySlice<JSONPath.Step>, to output: inout TextOutput) {
    guard let step = steps.first else {
      if replaces, let value {
        output.append(contentsOf: value)
      } else {
        json.append(old, to: &output)
      }
      return
    }
    guard json.isContainer(old) else { return json.append(old, to: &output) }
    var members = json.members(of: old)
    let position = json.position(of: step, in: old)
    let isLast = steps.count == 1
    if let position, isLast, value == nil { members.remove(at: position) }
    var added: [UInt8]?
    if position == nil, adds, let value { added = json.added(value, at: steps, in: old) }
    let count = members.count + (added == nil ? 0 : 1)
    json.writeMembers(of: old, count, to: &output) { index, output in
      guard index < members.count else {
        if case .member(let name) = step {
          JSONText.append(quoting: name, to: &output.bytes)
          output.append(":")
        }
        output.append(contentsOf: added ?? [])
        return
      }
      if let name = members[index].name {
        output.append(contentsOf: json.bytes[name])
        output.append(":")
      }
      if index == position, value != nil || !isLast {
        write(members[index].value, steps.dropFirst(), to: &output)
      } else {
        json.append(members[index].value, to: &output)
      }
    }
  }
}

extension JSONText {
  /// Where a step leads among the members of a container; nil where there is nothing.
  func position(of step: JSONPath.Step, in value: Range<Int>) -> Int? {
    let members = members(of: value)
    switch (step, kind(of: value)) {
    case (.member(let name), .object):
      return members.firstIndex { $0.name.map { text($0) } == name }
    case (.element(let index), .array):
      let position = index < 0 ? members.count + max(index, -members.count - 1) : index
      return members.indices.contains(position) ? position : nil
    default: return nil  // a name in an array, an index in an object
    }
  }

  /// What a container gets at a step that leads nowhere, with the containers of further steps around
  /// it; nil where it gets nothing: a name in an array, or an element behind the next.
  func added(
    _ value: [UInt8],
    at steps: ArraySlice<JSONPath.Step>,
    in container: Range<Int>
  ) -> [UInt8]? {
    switch (steps.first, kind(of: container)) {
    case (.member, .object): break
    case (.element(let index), .array):
      guard index == count(of: container) else { return nil }
    default: return nil  // kinds that do not go together
    }
    var built = value
    for step in steps.dropFirst().reversed() {
      switch step {
      case .member(let name):
        var object = Array("{".utf8)
        Self.append(quoting: name, to: &object)
        built = object + Array(":".utf8) + built + Array("}".utf8)
      case .element(0): built = Array("[".utf8) + built + Array("]".utf8)
      case .element, .everyMember, .everyElement, .everyChild, .descendants: return nil
      }
    }
    return built
  }

  /// Writes the brackets of a container and the commas between its members.
  func writeMembers(
    of value: Range<Int>,
    _ count: Int,
    to output: inout TextOutput,
    _ write: (Int, inout TextOutput) -> Void
  ) {
    output.append(bytes[value.lowerBound])
    for index in 0..<count {
      if index > 0 { output.append(",") }
      write(index, &output)
    }
    output.append(bytes[value.upperBound - 1])
  }
}
