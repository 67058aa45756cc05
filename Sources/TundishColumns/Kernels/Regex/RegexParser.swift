/// Parses RE2's syntax: what can be matched in linear time, without backreferences or lookaround.
///
/// Recursion is bounded by `nestingLimit`, counted repetition by `repetitionLimit`.
struct RegexParser {
  static let nestingLimit = 200
  static let repetitionLimit = 1_000

  private let pattern: [Unicode.Scalar]
  private var position = 0
  private var flags: Flags
  private var depth = 0
  private(set) var groupNames: [String?] = []

  private struct Flags {
    var ignoresCase: Bool
    var isMultiline: Bool
    var dotMatchesNewline: Bool
    var isUngreedy = false
  }

  init(_ pattern: String, options: RegexOptions) {
    self.pattern = Array(pattern.unicodeScalars)
    flags = Flags(
      ignoresCase: options.ignoresCase,
      isMultiline: options.isMultiline,
      dotMatchesNewline: options.dotMatchesNewline
    )
  }

  /// Returns the tree of the whole pattern.
  mutating func parse() throws(ExecutionError) -> RegexSyntax {
    let tree = try parseAlternation()
    if position < pattern.count { throw failure("unexpected ')'") }
    return tree
  }

  /// Returns the tree of the whole pattern taken as plain text.
  mutating func parseLiteral() -> RegexSyntax {
    position = pattern.count
    return .sequence(pattern.map { literal($0) })
  }

  // MARK: - Structure

  /// Parses alternation → sequence { "|" sequence }.
  private mutating func parseAlternation() throws(ExecutionError) -> RegexSyntax {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.nestingLimit else { throw failure("groups nest too deeply") }
    let outer = flags
    defer { flags = outer }
    var branches = [try parseSequence()]
    while consume("|") { branches.append(try parseSequence()) }
    return branches.count == 1 ? branches[0] : .alternation(branches)
  }

  /// Parses sequence → { atom [ quantifier ] }.
  private mutating func parseSequence() throws(ExecutionError) -> RegexSyntax {
    var parts: [RegexSyntax] = []
    while let next = peek, next != "|", next != ")" {
      let atom = try parseAtom()
      parts.append(try parseQuantifiers(of: atom))
    }
    switch parts.count {
    case 0: return .empty
    case 1: return parts[0]
    default: return .sequence(parts)
    }
  }

  /// Parses quantifier → ( "*" | "+" | "?" | "{" counts "}" ) [ "?" ].
  private mutating func parseQuantifiers(of atom: RegexSyntax) throws(ExecutionError) -> RegexSyntax
  {
    guard let (minimum, maximum) = try parseCounts() else { return atom }
    let isLazy = consume("?")
    let whole = RegexSyntax.repetition(
      atom,
      minimum: minimum,
      maximum: maximum,
      isGreedy: isLazy == flags.isUngreedy
    )
    if let next = peek, "*+?".unicodeScalars.contains(next) {
      throw failure("a repetition is repeated again; put it in a group")
    }
    return whole
  }

  private mutating func parseCounts() throws(ExecutionError) -> (Int, Int?)? {
    guard let next = peek else { return nil }
    switch next {
    case "*":
      position += 1
      return (0, nil)
    case "+":
      position += 1
      return (1, nil)
    case "?":
      position += 1
      return (0, 1)
    case "{":
      return try parseBraces()
    default:
      return nil
    }
  }

  /// Parses counts → number [ "," [ number ] ]; braces that hold anything else are plain text.
  private mutating func parseBraces() throws(ExecutionError) -> (Int, Int?)? {
    let start = position
    position += 1
    guard let minimum = try parseNumber() else {
      position = start
      return nil
    }
    var maximum: Int? = minimum
    if consume(",") { maximum = try parseNumber() }
    guard consume("}") else {
      position = start
      return nil
    }
    if let maximum, maximum < minimum { throw failure("a repetition's bounds are out of order") }
    return (minimum, maximum)
  }

  private mutating func parseNumber() throws(ExecutionError) -> Int? {
    var number: Int?
    while let next = peek, next.value >= 0x30, next.value <= 0x39 {
      position += 1
      let value = (number ?? 0) * 10 + Int(next.value - 0x30)
      guard value <= Self.repetitionLimit else {
        throw failure("a repetition count exceeds \(Self.repetitionLimit)")
      }
      number = value
    }
    return number
  }

  // MARK: - Atoms

  private mutating func parseAtom() throws(ExecutionError) -> RegexSyntax {
    let next = pattern[position]
    switch next {
    case "(":
      position += 1
      return try parseGroup()
    case "[":
      position += 1
      return .character(try parseClass())
    case ".":
      position += 1
      return .character(flags.dotMatchesNewline ? .all : .notNewline)
    case "^":
      position += 1
      return .assertion(flags.isMultiline ? .lineStart : .textStart)
    case "$":
      position += 1
      return .assertion(flags.isMultiline ? .lineEnd : .textEnd)
    case "\\":
      position += 1
      return try parseEscape()
    case "*", "+", "?":
      throw failure("nothing to repeat before '\(next)'")
    case "{":
      if try parseBraces() != nil { throw failure("nothing to repeat before '{'") }
      position += 1
      return literal(next)
    default:
      position += 1
      return literal(next)
    }
  }

  private func literal(_ scalar: Unicode.Scalar) -> RegexSyntax {
    let single = CharacterClass([scalar.value...scalar.value])
    return .character(flags.ignoresCase ? single.caseFolded() : single)
  }

  /// Parses group → "(" [ "?:" | "?P<name>" | "?<name>" | "?flags" [ ":" ] ] alternation ")".
  private mutating func parseGroup() throws(ExecutionError) -> RegexSyntax {
    var name: String?
    if consume("?") {
      if consume(":") {
        return try closeGroup(parseAlternation())
      }
      let hadP = consume("P")
      if consume("<") {
        if let next = peek, next == "=" || next == "!" {
          throw failure("lookbehind is not supported, because it has no linear-time matcher")
        }
        name = try parseGroupName()
      } else if hadP || peek == "=" || peek == "!" {
        throw failure("lookahead and '(?P=' are not supported, as they have no linear-time matcher")
      } else {
        return try parseFlagGroup()
      }
    }
    groupNames.append(name)
    let index = groupNames.count
    guard index <= 200 else { throw failure("a pattern has at most 200 groups") }
    let body = try closeGroup(parseAlternation())
    return .group(body, index: index)
  }

  private mutating func closeGroup(_ body: RegexSyntax) throws(ExecutionError) -> RegexSyntax {
    guard consume(")") else { throw failure("a '(' is never closed") }
    return body
  }

  private mutating func parseGroupName() throws(ExecutionError) -> String {
    var name = String.UnicodeScalarView()
    while let next = peek, next != ">" {
      name.append(next)
      position += 1
    }
    guard consume(">"), !name.isEmpty else { throw failure("a group name is not closed by '>'") }
    return String(name)
  }

  /// `(?i-s)` changes the flags of the rest of the enclosing group, `(?i:...)` of its own.
  private mutating func parseFlagGroup() throws(ExecutionError) -> RegexSyntax {
    var changed = flags
    var isOn = true
    while let next = peek {
      position += 1
      switch next {
      case "i": changed.ignoresCase = isOn
      case "m": changed.isMultiline = isOn
      case "s": changed.dotMatchesNewline = isOn
      case "U": changed.isUngreedy = isOn
      case "-": isOn = false
      case ")":
        flags = changed
        return .empty
      case ":":
        let outer = flags
        flags = changed
        defer { flags = outer }
        return try closeGroup(parseAlternation())
      default:
        throw failure("unknown group flag '\(next)'")
      }
    }
    throw failure("a '(' is never closed")
  }

  // MARK: - Escapes and classes

  private mutating func parseEscape() throws(ExecutionError) -> RegexSyntax {
    guard let next = peek else { throw failure("the pattern ends in a backslash") }
    switch next {
    case "A": return .assertion(advance(.textStart))
    case "z": return .assertion(advance(.textEnd))
    case "b": return .assertion(advance(.wordBoundary))
    case "B": return .assertion(advance(.notWordBoundary))
    case "Q":
      position += 1
      return parseQuoted()
    default: break
    }
    if let members = try parseClassEscape() { return .character(members) }
    return literal(try parseCharacterEscape())
  }

  private mutating func advance(_ assertion: RegexAssertion) -> RegexAssertion {
    position += 1
    return assertion
  }

  /// Parses `\Q...\E`, text without escapes.
  private mutating func parseQuoted() -> RegexSyntax {
    var parts: [RegexSyntax] = []
    while position < pattern.count {
      if pattern[position] == "\\", position + 1 < pattern.count, pattern[position + 1] == "E" {
        position += 2
        break
      }
      parts.append(literal(pattern[position]))
      position += 1
    }
    return .sequence(parts)
  }

  /// Parses `\d \w \s`, their inverses, and `\pL`, `\p{Lu}`; nil for any other escape.
  private mutating func parseClassEscape() throws(ExecutionError) -> CharacterClass? {
    guard let next = peek else { return nil }
    let members: CharacterClass
    switch next {
    case "d": members = .digits
    case "D": members = CharacterClass.digits.inverted
    case "w": members = .word
    case "W": members = CharacterClass.word.inverted
    case "s": members = .space
    case "S": members = CharacterClass.space.inverted
    case "p", "P":
      position += 1
      return try parseCategory(isInverted: next == "P")
    default: return nil
    }
    position += 1
    return members
  }

  private mutating func parseCategory(isInverted: Bool) throws(ExecutionError) -> CharacterClass {
    var name = String.UnicodeScalarView()
    var isInverted = isInverted
    if consume("{") {
      if consume("^") { isInverted.toggle() }
      while let next = peek, next != "}" {
        name.append(next)
        position += 1
      }
      guard consume("}") else { throw failure("a '\\p{' is never closed") }
    } else if let next = peek {
      name.append(next)
      position += 1
    }
    guard let members = CharacterClass.category(String(name)) else {
      throw failure("no Unicode category named '\(String(name))'")
    }
    return isInverted ? members.inverted : members
  }

  private mutating func parseCharacterEscape() throws(ExecutionError) -> Unicode.Scalar {
    guard let next = peek else { throw failure("the pattern ends in a backslash") }
    position += 1
    switch next {
    case "n": return "\n"
    case "t": return "\t"
    case "r": return "\r"
    case "f": return "\u{0C}"
    case "v": return "\u{0B}"
    case "a": return "\u{07}"
    case "x": return try parseHexadecimal()
    case "0": return "\0"
    default:
      let isWord = CharacterClass.word.ranges.contains { $0.contains(next.value) }
      guard !isWord else { throw failure("unknown escape '\\\(next)'") }
      return next
    }
  }

  private mutating func parseHexadecimal() throws(ExecutionError) -> Unicode.Scalar {
    var digits = ""
    if consume("{") {
      while let next = peek, next != "}", digits.unicodeScalars.count < 8 {
        digits.unicodeScalars.append(next)
        position += 1
      }
      guard consume("}") else { throw failure("a '\\x{' is never closed") }
    } else {
      for _ in 0..<2 {
        guard let next = peek else { break }
        digits.unicodeScalars.append(next)
        position += 1
      }
    }
    guard let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value) else {
      throw failure("'\\x' needs two hexadecimal digits, or '{...}'")
    }
    return scalar
  }

  /// Parses class → "[" [ "^" ] { scalar [ "-" scalar ] | escape | "[:" name ":]" } "]".
  private mutating func parseClass() throws(ExecutionError) -> CharacterClass {
    let isInverted = consume("^")
    var members = CharacterClass()
    var isFirst = true
    while true {
      guard let next = peek else { throw failure("a '[' is never closed") }
      if next == "]", !isFirst {
        position += 1
        break
      }
      isFirst = false
      if next == "[", position + 1 < pattern.count, pattern[position + 1] == ":" {
        members = members.union(try parsePosix())
        continue
      }
      if next == "\\" {
        position += 1
        if let escaped = try parseClassEscape() {
          members = members.union(escaped)
          continue
        }
        members = members.union(try parseRange(from: parseCharacterEscape()))
        continue
      }
      position += 1
      members = members.union(try parseRange(from: next))
    }
    if flags.ignoresCase { members = members.caseFolded() }
    return isInverted ? members.inverted : members
  }

  private mutating func parseRange(
    from first: Unicode.Scalar
  ) throws(ExecutionError) -> CharacterClass {
    guard peek == "-", position + 1 < pattern.count, pattern[position + 1] != "]" else {
      return CharacterClass([first.value...first.value])
    }
    position += 1
    var last = pattern[position]
    position += 1
    if last == "\\" { last = try parseCharacterEscape() }
    guard first.value <= last.value else { throw failure("a range of a class is out of order") }
    return CharacterClass([first.value...last.value])
  }

  private mutating func parsePosix() throws(ExecutionError) -> CharacterClass {
    position += 2
    let isInverted = consume("^")
    var name = String.UnicodeScalarView()
    while let next = peek, next != ":", next != "]" {
      name.append(next)
      position += 1
    }
    guard consume(":"), consume("]"), let members = CharacterClass.posix(String(name)) else {
      throw failure("no character class named '[:\(String(name)):]'")
    }
    return isInverted ? members.inverted : members
  }

  // MARK: - Text

  private var peek: Unicode.Scalar? { position < pattern.count ? pattern[position] : nil }

  private mutating func consume(_ scalar: Unicode.Scalar) -> Bool {
    guard peek == scalar else { return false }
    position += 1
    return true
  }

  private func failure(_ reason: String) -> ExecutionError {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: pattern.prefix(60))
    return ExecutionError(
      .invalidPattern,
      "the pattern '\(String(text))' does not compile, because \(reason)"
    )
  }
}
