/// JSON as values of a type that is described by JSON, and the description of what JSON holds.
package enum JSONTransformFunctions {
  static let all: [ScalarFunction] = [
    described(
      "json_transform",
      alias: "from_json",
      "Returns JSON as a value of a type that a constant JSON structure describes; what does not"
        + " convert is NULL.",
      [
        (
          #"json_transform('{"a": 1, "b": ["x"]}', '{"a": "INTEGER", "b": ["VARCHAR"]}')"#,
          "{'a': 1, 'b': [x]}"
        ),
        (#"from_json('[1, "y"]', '["BIGINT"]')"#, "[1, NULL]"),
      ]
    ),
    described(
      "json_transform_strict",
      alias: "from_json_strict",
      "Returns JSON as a value of a type that a constant JSON structure describes; what does not"
        + " convert is an error.",
      [
        (#"json_transform_strict('{"a": 1}', '{"a": "INTEGER"}')"#, "{'a': 1}"),
        (#"from_json_strict('["2026-01-31"]', '["DATE"]')"#, "[2026-01-31]"),
      ]
    ),
    structure,
  ]

  private static func described(
    _ name: String,
    alias: String,
    _ summary: String,
    _ examples: [(String, String)]
  ) -> ScalarFunction {
    ScalarFunction(
      name,
      aliases: [alias],
      summary: summary,
      examples: examples.map { FunctionExample($0.0, $0.1) },
      overloads: [
        ScalarOverload(
          [.exact(.varchar), .exact(.varchar)],
          result: { _ in nil },
          kernel: { (_) throws(ExecutionError) -> Column in
            throw ExecutionError(.invalidArgument, "\(name) is resolved by its structure")
          }
        )
      ]
    )
  }

  /// The function that turns JSON into a target.
  ///
  /// - Parameters:
  ///   - name: The function's name.
  ///   - target: What the structure describes.
  ///   - structure: The structure as it was written, which tells calls apart.
  ///   - isStrict: Whether what does not convert is a failure.
  /// - Returns: The function of one text.
  package static func transforming(
    _ name: String,
    to target: JSONTarget,
    structure: String,
    isStrict: Bool
  ) -> ResolvedScalar {
    let type = target.type
    let kernel: ScalarKernel = { (input) throws(ExecutionError) -> Column in
      let texts = input.text(0)
      let transformer = JSONTransformer(
        json: JSONText(bytes: texts.bytes),
        isStrict: isStrict,
        context: input.context
      )
      var values = [Range<Int>?](repeating: nil, count: input.rowCount)
      for row in 0..<input.rowCount where input.validity?[row] ?? true {
        values[row] = try transformer.json.checkedValue(in: texts.range(row))
      }
      return try transformer.column(values, target)
    }
    let overload = ScalarOverload([.exact(.varchar)], result: { _ in type }, kernel: kernel)
    return ResolvedScalar(
      name: "\(name)(\(structure))",
      overload: overload,
      argumentTypes: [.varchar],
      resultType: type
    )
  }

  private static let structure = ScalarFunction(
    "json_structure",
    summary: "Returns the types of what a JSON document holds, as json_transform takes them.",
    examples: [
      FunctionExample(
        #"json_structure('{"a": 1, "b": ["x", null]}')"#,
        #"{"a":"UBIGINT","b":["VARCHAR"]}"#
      ),
      FunctionExample("json_structure('[1, 1.5]')", #"["DOUBLE"]"#),
    ],
    overloads: [
      .exact([.varchar], to: .varchar) { (input) throws(ExecutionError) -> Column in
        let texts = input.text(0)
        let json = JSONText(bytes: texts.bytes)
        return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
          let value = try json.checkedValue(in: texts.range(row))
          JSONContent(json, value).append(to: &output.bytes)
          return true
        }
      }
    ]
  )
}

/// The types of what JSON holds.
private indirect enum JSONContent: Equatable {
  case null
  case scalar(String)
  case list(JSONContent)
  case object([JSONContentMember])

  /// Nesting is bounded by `JSONText.depthLimit`.
  init(_ json: JSONText, _ value: Range<Int>) {
    switch json.kind(of: value) {
    case .null: self = .null
    case .boolean: self = .scalar("BOOLEAN")
    case .text: self = .scalar("VARCHAR")
    case .number: self = .scalar(JSONFunctions.name(of: value, in: json))
    case .array:
      var element = JSONContent.null
      for (_, member) in json.members(of: value) {
        element = element.joined(JSONContent(json, member))
      }
      self = .list(element)
    case .object:
      var members: [JSONContentMember] = []
      var seen: Set<[UInt8]> = []
      for (name, member) in json.members(of: value) {
        let name = name.map { json.text($0) } ?? []
        guard seen.insert(name).inserted else { continue }
        members.append(JSONContentMember(name: name, content: JSONContent(json, member)))
      }
      self = members.isEmpty ? .scalar("JSON") : .object(members)
    }
  }

  /// What holds both; JSON where nothing else does.
  func joined(_ other: JSONContent) -> JSONContent {
    if self == other { return self }
    switch (self, other) {
    case (.null, let known), (let known, .null): return known
    case (.list(let left), .list(let right)): return .list(left.joined(right))
    case (.object(let left), .object(let right)):
      var members = left
      var positions: [[UInt8]: Int] = [:]
      for (position, member) in left.enumerated() { positions[member.name] = position }
      for member in right {
        if let position = positions[member.name] {
          members[position].content = members[position].content.joined(member.content)
        } else {
          members.append(member)
        }
      }
      return .object(members)
    case (.scalar(let left), .scalar(let right)):
      let numbers = ["UBIGINT", "BIGINT", "HUGEINT", "DOUBLE"]
      guard numbers.contains(left), numbers.contains(right) else { return .scalar("JSON") }
      return .scalar(left == "DOUBLE" || right == "DOUBLE" ? "DOUBLE" : "HUGEINT")
    default: return .scalar("JSON")  // values of different kinds
    }
  }

  func append(to bytes: inout [UInt8]) {
    switch self {
    case .null: bytes.append(contentsOf: "\"NULL\"".utf8)
    case .scalar(let name): JSONText.append(quoting: name.utf8, to: &bytes)
    case .list(let element):
      bytes.append(UInt8(ascii: "["))
      element.append(to: &bytes)
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for (position, member) in members.enumerated() {
        if position > 0 { bytes.append(UInt8(ascii: ",")) }
        JSONText.append(quoting: member.name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        member.content.append(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }
}

private struct JSONContentMember: Equatable {
  let name: [UInt8]
  var content: JSONContent
}
