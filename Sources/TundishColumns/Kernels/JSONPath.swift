/// A way into a JSON value: `$.deals[0].amount`, `/deals/0/amount`, or one member's name.
///
/// With wildcards - `$[*].amount`, `$.*`, `$..amount` - it leads to several values.
package struct JSONPath {
  enum Step: Sendable, Hashable {
    case member([UInt8])
    /// Counted from 0, or from the end where negative.
    case element(Int)
    /// `.*`
    case everyMember
    /// `[*]`
    case everyElement
    /// `*` after `..`
    case everyChild
    /// `..`: the value and all arrays and objects inside
    case descendants
  }

  let steps: [Step]

  /// Whether it may lead to several values.
  package var hasWildcard: Bool {
    steps.contains { step in
      switch step {
      case .member, .element: false
      case .everyMember, .everyElement, .everyChild, .descendants: true
      }
    }
  }

  /// A path to one element.
  init(element: Int) {
    steps = [.element(element)]
  }

  init(_ step: Step) {
    steps = [step]
  }

  /// Parses a path.
  package init(_ text: String) throws(ExecutionError) {
    let bytes = Array(text.utf8)
    if bytes.isEmpty {
      steps = []
    } else if bytes.first == UInt8(ascii: "/") {
      steps = JSONPath.pointer(bytes)
    } else if bytes.first == UInt8(ascii: "$") {
      var parser = JSONPathParser(bytes: bytes, text: text)
      steps = try parser.parse()
    } else {
      steps = [.member(bytes)]
    }
  }

  private static func pointer(_ bytes: [UInt8]) -> [Step] {
    bytes.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      .map { part in
        let name = String(decoding: part, as: UTF8.self)
        if let index = Int(name), index >= 0 { return .element(index) }
        var unescaped: [UInt8] = []
        var position = part.startIndex
        while position < part.endIndex {
          let isEscape = part[position] == UInt8(ascii: "~") && position + 1 < part.endIndex
          if isEscape, part[position + 1] == 0x30 || part[position + 1] == 0x31 {
            unescaped.append(part[position + 1] == 0x30 ? UInt8(ascii: "~") : UInt8(ascii: "/"))
            position += 2
          } else {
            unescaped.append(part[position])
            position += 1
          }
        }
        return .member(unescaped)
      }
  }
}

/// Reads a path that begins with `$`.
private struct JSONPathParser {
  let bytes: [UInt8]
  let text: String
  var position = 1
  var steps: [JSONPath.Step] = []

  mutating func parse() throws(ExecutionError) -> [JSONPath.Step] {
    while position < bytes.count {
      guard steps.count < JSONText.depthLimit else { throw failure("it is too long") }
      switch bytes[position] {
      case UInt8(ascii: "."):
        position += 1
        try member()
      case UInt8(ascii: "["): steps.append(try subscripted())
      default: throw failure("'.' or '[' must follow '$'")
      }
    }
    return steps
  }

  private func failure(_ reason: String) -> ExecutionError {
    ExecutionError(.invalidArgument, "the JSON path '\(text)' is wrong, because \(reason)")
  }

  private func at(_ character: UInt8) -> Bool {
    position < bytes.count && bytes[position] == character
  }

  /// What follows a `.`.
  private mutating func member() throws(ExecutionError) {
    if at(UInt8(ascii: ".")) {
      position += 1
      steps.append(.descendants)
      if at(UInt8(ascii: "[")) { return steps.append(try subscripted()) }
      if at(UInt8(ascii: "*")) {
        position += 1
        return steps.append(.everyChild)
      }
    } else if at(UInt8(ascii: "*")) {
      position += 1
      if at(UInt8(ascii: "*")) {
        position += 1
        steps.append(.descendants)
        return steps.append(.everyChild)
      }
      return steps.append(.everyMember)
    }
    if at(UInt8(ascii: "\"")) { return steps.append(.member(try quotedName())) }
    let end =
      bytes[position...].firstIndex { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "[") }
      ?? bytes.count
    guard end > position else { throw failure("a member's name is missing") }
    steps.append(.member(Array(bytes[position..<end])))
    position = end
  }

  /// `"..."`, where a backslash makes a quote or backslash itself.
  private mutating func quotedName() throws(ExecutionError) -> [UInt8] {
    position += 1
    var name: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\"") { return name }
      if byte == UInt8(ascii: "\\"), at(UInt8(ascii: "\"")) || at(UInt8(ascii: "\\")) {
        name.append(bytes[position])
        position += 1
      } else {
        name.append(byte)
      }
    }
    throw failure("a quote is never closed")
  }

  /// `[2]`, `[-1]`, `[#-1]`, which counts from the end as well, or `[*]`.
  private mutating func subscripted() throws(ExecutionError) -> JSONPath.Step {
    guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "]")) else {
      throw failure("a '[' is never closed")
    }
    var inside = String(decoding: bytes[(position + 1)..<end], as: UTF8.self)
    position = end + 1
    if inside == "*" { return .everyElement }
    // The element after the last: there is none.
    if inside == "#" { return .element(.max) }
    if inside.hasPrefix("#-") { inside.removeFirst() }
    guard let index = Int(inside), !inside.hasPrefix("+") else {
      throw failure("'[' must hold a position or '*'")
    }
    return .element(index)
  }
}
