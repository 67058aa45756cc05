/// Prints syntax trees for EXPLAIN AST: a node per line, indented, without ranges and without what
/// is absent.
struct TreePrinter {
  /// Deeper nodes print as `...`; the parser's nesting limit keeps trees far from it.
  static let maximumDepth = 2000

  private var output = ""
  private let stack = StackGuard()

  static func print(_ value: Any) -> String {
    var printer = TreePrinter()
    printer.node(value, label: nil, depth: 0)
    return printer.output
  }

  private mutating func node(_ value: Any, label: String?, depth: Int) {
    if value is SourceRange { return }
    let prefix = String(repeating: "  ", count: depth) + (label.map { "\($0): " } ?? "")
    guard depth < Self.maximumDepth, !stack.isExhausted else {
      output += prefix + "...\n"
      return
    }
    if let leaf = leaf(value) {
      if !leaf.isEmpty { output += prefix + leaf + "\n" }
      return
    }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional:
      if let child = mirror.children.first { node(child.value, label: label, depth: depth) }
    case .collection:
      collection(mirror, label: label, depth: depth)
    case .enum:
      enumeration(value, mirror, prefix: prefix, depth: depth)
    case .tuple:
      for child in mirror.children { node(child.value, label: plain(child.label), depth: depth) }
    default:
      structure(value, mirror, label: label, depth: depth)
    }
  }

  /// The text of a value that prints on its line; empty for what says nothing.
  private func leaf(_ value: Any) -> String? {
    switch value {
    case let identifier as Identifier:
      return identifier.isQuoted ? "\"\(identifier.text)\"" : identifier.text
    case let name as QualifiedName:
      return name.parts.map { $0.isQuoted ? "\"\($0.text)\"" : $0.text }.joined(separator: ".")
    case let duration as Duration: return "\(duration.amount) \(duration.unit.rawValue)"
    case let flag as Bool: return flag ? "true" : ""
    case let text as String: return "'\(text)'"
    case let number as Int: return "\(number)"
    case let number as Double: return "\(number)"
    case let byte as UInt8: return "\(byte)"
    case let path as [Identifier] where !path.isEmpty:
      return path.map { $0.isQuoted ? "\"\($0.text)\"" : $0.text }.joined(separator: ".")
    default: return nil
    }
  }

  private mutating func collection(_ mirror: Mirror, label: String?, depth: Int) {
    if mirror.children.isEmpty { return }
    var depth = depth
    if let label {
      output += String(repeating: "  ", count: depth) + label + "\n"
      depth += 1
    }
    for child in mirror.children { node(child.value, label: nil, depth: depth) }
  }

  private mutating func enumeration(_ value: Any, _ mirror: Mirror, prefix: String, depth: Int) {
    guard let child = mirror.children.first else {
      output += prefix + "\(value)\n"
      return
    }
    output += prefix + (child.label ?? "") + "\n"
    node(child.value, label: nil, depth: depth + 1)
  }

  private mutating func structure(_ value: Any, _ mirror: Mirror, label: String?, depth: Int) {
    // A node that is a kind and a range prints as its kind.
    let fields = mirror.children.filter { !($0.value is SourceRange) && $0.label != "ranges" }
    if fields.count == 1, fields.first?.label == "kind", let kind = fields.first?.value {
      node(kind, label: label, depth: depth)
      return
    }
    let prefix = String(repeating: "  ", count: depth) + (label.map { "\($0): " } ?? "")
    let typeName = "\(type(of: value))"
    output += prefix + typeName + "\n"
    for field in fields { node(field.value, label: field.label, depth: depth + 1) }
  }

  /// Tuple labels such as `.0` say nothing.
  private func plain(_ label: String?) -> String? {
    label.flatMap { $0.hasPrefix(".") ? nil : $0 }
  }
}

extension Syntax {
  /// Prints a statement's tree, for EXPLAIN AST and for tests: no ranges, nothing that is absent.
  package static func dumpTree(_ statement: Statement) -> String {
    TreePrinter.print(statement)
  }

  /// Prints the tokens of a text, one per line: range, kind, text, keyword class.
  package static func dumpTokens(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var output = ""
    for token in tokens(of: text) where token.kind != .end {
      let range = "\(token.range.lowerBound)..\(token.range.upperBound)"
      let spelled = String(
        decoding: bytes[token.range.lowerBound..<token.range.upperBound],
        as: UTF8.self
      )
      let padding = String(repeating: " ", count: max(1, 12 - range.count))
      output += "\(range)\(padding)\(describe(token)) \(spelled)\n"
    }
    return output
  }

  private static func describe(_ token: Token) -> String {
    if let keyword = token.keyword { return "keyword(\(keyword.wordClass.rawValue))" }
    if token.symbol != nil { return "symbol" }
    return "\(token.kind)"
  }

  /// The tokens of a text with its comments, in order, for highlighting and completion.
  package static func tokens(of text: String) -> [Token] {
    let lexed = Lexer.lex(Array(text.utf8))
    return (lexed.tokens + lexed.comments).sorted {
      ($0.range.lowerBound, $0.kind == .end ? 1 : 0) < (
        $1.range.lowerBound, $1.kind == .end ? 1 : 0
      )
    }
  }
}
