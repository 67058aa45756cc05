/// JSON documents taken apart, a row per value; `json_each` and `json_tree` in FROM unnest them.
enum JSONRowFunctions {
  static let all: [ScalarFunction] = [
    make(
      "json_each",
      isTree: false,
      summary:
        "Returns a row for each member of a JSON object, element of an array, or for a single"
        + " value: key, value, type, atom, id, parent, fullkey and path; in FROM they are columns.",
      examples: [
        FunctionExample(#"len(json_each('{"a": 1, "b": [2]}'))"#, "2"),
        FunctionExample("json_each('[7]')[1].fullkey", "$[0]"),
      ]
    ),
    make(
      "json_tree",
      isTree: true,
      summary: "Returns a row for each value of a JSON document at any depth, the document first;"
        + " in FROM its members are columns.",
      examples: [
        FunctionExample(#"len(json_tree('{"a": 1, "b": [2]}'))"#, "4"),
        FunctionExample("json_tree('[7]')[1].fullkey", "$"),
      ]
    ),
  ]

  private static func make(
    _ name: String,
    isTree: Bool,
    summary: String,
    examples: [FunctionExample]
  ) -> ScalarFunction {
    ScalarFunction(
      name,
      summary: summary,
      examples: examples,
      overloads: [[DataType.varchar], [.varchar, .varchar]].map { parameters in
        .fixed(parameters, .list(.structure(JSONRows.fields))) { (input) throws(ExecutionError) in
          let texts = input.text(0)
          var paths: JSONPathArgument? = parameters.count > 1 ? JSONPathArgument(input, at: 1) : nil
          var rows = JSONRows(json: JSONText(bytes: texts.bytes), isTree: isTree)
          var ranges: [Range<Int32>] = []
          for row in 0..<input.rowCount {
            let start = rows.count
            if input.validity?[row] ?? true {
              let whole = try rows.json.checkedValue(in: texts.range(row))
              let path = try paths?.path(row)
              if let value = path.map({ rows.json.find($0, in: whole) }) ?? whole {
                rows.add(value, of: whole, at: path.map { _ in writtenPath(input, row) } ?? "$")
              }
              if rows.count > JSONRows.limit { throw JSONRows.tooMany }
            }
            ranges.append(start..<rows.count)
          }
          return input.column(.list(ListVector(ranges: ranges, child: rows.finish())))
        }
      }
    )
  }

  /// The path as it is written.
  private static func writtenPath(_ input: KernelInput, _ row: Int) -> String {
    let path = input.text(1).string(row)
    return path.hasPrefix("$") ? path : "$"
  }
}

/// The rows that documents are taken apart into, column by column.
struct JSONRows {
  static let fields: [StructField] = [
    StructField(name: "key", type: .varchar), StructField(name: "value", type: .varchar),
    StructField(name: "type", type: .varchar), StructField(name: "atom", type: .varchar),
    StructField(name: "id", type: .bigint), StructField(name: "parent", type: .bigint),
    StructField(name: "fullkey", type: .varchar), StructField(name: "path", type: .varchar),
  ]
  /// How many rows a batch of documents may give.
  static let limit = 10_000_000
  static let tooMany = ExecutionError(.limit, "the documents have more than \(limit) values")

  let json: JSONText
  private let isTree: Bool
  private var keys: [String?] = []
  private var values: [String?] = []
  private var types: [String?] = []
  private var atoms: [String?] = []
  private var ids: [Int64] = []
  private var parents: [Int64] = []
  private var hasParent: [Bool] = []
  private var fullKeys: [String?] = []
  private var paths: [String?] = []
  /// The number of the next value in its document; names of members count too, as in DuckDB.
  private var next: Int64 = 0

  init(json: JSONText, isTree: Bool) {
    self.json = json
    self.isTree = isTree
  }

  var count: Int32 { Int32(clamping: ids.count) }

  /// Adds the rows of a value of a document.
  mutating func add(_ value: Range<Int>, of whole: Range<Int>, at path: String) {
    next = number(of: value, in: whole)
    let isContainer = json.isContainer(value)
    if isTree || !isContainer { append(value, key: nil, parent: nil, fullKey: path, path: path) }
    let number = next
    next += 1
    if isContainer { addMembers(of: value, parent: number, path: path) }
  }

  /// Nesting is bounded by `JSONText.depthLimit`.
  private mutating func addMembers(of value: Range<Int>, parent: Int64, path: String) {
    var position = 0
    for (name, member) in json.members(of: value) {
      let key = name.map { String(decoding: json.text($0), as: UTF8.self) }
      let fullKey = key.map { path + Self.step($0) } ?? "\(path)[\(position)]"
      if name != nil { next += 1 }
      append(
        member,
        key: key ?? String(position),
        parent: isTree ? parent : nil,
        fullKey: fullKey,
        path: path
      )
      let number = next
      next += 1
      if json.isContainer(member) {
        if isTree {
          addMembers(of: member, parent: number, path: fullKey)
        } else {
          next += size(of: member) - 1
        }
      }
      position += 1
    }
  }

  private mutating func append(
    _ value: Range<Int>,
    key: String?,
    parent: Int64?,
    fullKey: String,
    path: String
  ) {
    let text = json.compact(value)
    keys.append(key)
    values.append(text)
    types.append(JSONFunctions.name(of: value, in: json))
    let isAtom = !json.isContainer(value) && json.kind(of: value) != .null
    atoms.append(isAtom ? text : nil)
    ids.append(next)
    parents.append(parent ?? 0)
    hasParent.append(parent != nil)
    fullKeys.append(fullKey)
    paths.append(path)
  }

  /// How many numbers a value and what is inside it take.
  private func size(of value: Range<Int>) -> Int64 {
    guard json.isContainer(value) else { return 1 }
    return json.members(of: value).reduce(1) { $0 + ($1.name == nil ? 0 : 1) + size(of: $1.value) }
  }

  /// The number that a value has in its document.
  private func number(of value: Range<Int>, in whole: Range<Int>) -> Int64 {
    guard whole.lowerBound < value.lowerBound else { return 0 }
    var number: Int64 = 1
    for (name, member) in json.members(of: whole) {
      if name != nil { number += 1 }
      if member.contains(value.lowerBound) { return number + self.number(of: value, in: member) }
      number += size(of: member)
    }
    return number
  }

  /// `.name`, or `."odd name"`.
  private static func step(_ name: String) -> String {
    let isPlain =
      !name.isEmpty
      && name.utf8.allSatisfy { byte in
        byte == UInt8(ascii: "_") || byte >= 0x80 || (byte | 0x20) &- UInt8(ascii: "a") < 26
          || byte &- UInt8(ascii: "0") < 10
      }
    return isPlain ? ".\(name)" : ".\"\(name)\""
  }

  /// The rows as a column of structs.
  func finish() -> Column {
    let parent = Column.integers(parents, type: .bigint, validity: hasParent)
    let columns: [Column] = [
      .strings(keys), .strings(values), .strings(types), .strings(atoms),
      .integers(ids, type: .bigint), parent, .strings(fullKeys), .strings(paths),
    ]
    return Column(
      type: .structure(Self.fields),
      data: .structure(columns, count: ids.count),
      count: ids.count
    )
  }
}

extension JSONText {
  /// Whether a checked value is an array or object.
  func isContainer(_ value: Range<Int>) -> Bool {
    switch kind(of: value) {
    case .array, .object: true
    case .null, .boolean, .number, .text: false
    }
  }

  /// The elements of a checked array, or the members of a checked object.
  func members(of value: Range<Int>) -> [(name: Range<Int>?, value: Range<Int>)] {
    var members: [(name: Range<Int>?, value: Range<Int>)] = []
    forEach(in: value) { name, member in
      members.append((name, member))
      return true
    }
    return members
  }

  /// A checked value without spaces between its parts.
  func compact(_ value: Range<Int>) -> String {
    var output = TextOutput(rowCapacity: 1)
    append(value, to: &output)
    return String(decoding: output.bytes, as: UTF8.self)
  }
}
