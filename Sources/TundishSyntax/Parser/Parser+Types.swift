/// Types as written.
extension Parser {
  /// type → type-base { "[" [ integer ] "]" | "ARRAY" }.
  mutating func parseType() -> TypeName {
    guard enter() else { return missingType() }
    defer { leave() }
    let start = position
    var type = parseTypeBase()
    var chainLength = 0
    while true {
      if at(.leftBracket), peek(1).symbol == .rightBracket {
        position += 2
      } else if at(.leftBracket), peek(1).isInteger, peek(2).symbol == .rightBracket {
        position += 3
      } else if !eat(.array) {
        break
      }
      chainLength += 1
      guard chainLength <= Self.suffixLimit else {
        giveUp(.chainTooLong(of: "list types", limit: Self.suffixLimit, at: current.range))
        break
      }
      type = TypeName(.list(type), range: range(from: start))
    }
    return type
  }

  private func missingType() -> TypeName {
    let offset = current.range.lowerBound
    return TypeName(.named("", arguments: []), range: SourceRange(offset, offset))
  }

  /// type-base → ( "STRUCT" | "ROW" ) "(" struct-member { "," struct-member } ")"
  ///   | "MAP" "(" type "," type ")" | "ENUM" "(" string { "," string } ")" | identifier [ type-arguments ]
  ///   | "DOUBLE" "PRECISION" | "CHARACTER" "VARYING" [ type-arguments ]
  ///   | ( "TIME" | "TIMESTAMP" ) [ type-arguments ] [ ( "WITH" | "WITHOUT" ) "TIME" "ZONE" ].
  ///
  /// type-arguments → "(" integer { "," integer } ")".
  private mutating func parseTypeBase() -> TypeName {
    let start = position
    if at(.struct) || at(.row), peek(1).symbol == .leftParenthesis {
      position += 2
      let members = parseListBody(until: .rightParenthesis) { $0.parseStructMember() }
      return TypeName(.structure(members), range: range(from: start))
    }
    if at(.map), peek(1).symbol == .leftParenthesis {
      position += 2
      let key = parseType()
      expect(.comma)
      let value = parseType()
      close(.rightParenthesis)
      return TypeName(.map(key: key, value: value), range: range(from: start))
    }
    if at(.enum), peek(1).symbol == .leftParenthesis {
      position += 2
      let labels = parseListBody(until: .rightParenthesis) { parser in
        parser.parseString("a label in quotes")?.text ?? ""
      }
      return TypeName(.enumeration(labels), range: range(from: start))
    }
    guard current.kind == .word || current.kind == .quotedName,
      current.keyword?.wordClass != .reserved
    else {
      fail("a type such as INTEGER")
      return missingType()
    }
    var words = [makeName(advance()).text]
    if at(.dot), peek(2).symbol != .leftParenthesis {
      advance()
      words = [words[0] + "." + parseLabel("a type's name").text]
    }
    parseTypeWords(&words)
    if at(.leftParenthesis), words[0].lowercased() == "tuple" {
      // No keyword: nothing else begins with it.
      advance()
      let types = parseListBody(until: .rightParenthesis) { $0.parseType() }
      return TypeName(.row(types), range: range(from: start))
    }
    var arguments: [Int] = []
    if at(.leftParenthesis), peek(1).isInteger {
      advance()
      arguments = parseListBody(until: .rightParenthesis) { $0.parseCount("a number") }
    }
    parseZone(&words)
    let name = words.joined(separator: " ")
    return TypeName(.named(name, arguments: arguments), range: range(from: start))
  }

  /// `DOUBLE PRECISION`, `CHARACTER VARYING`, `INTEGER UNSIGNED`.
  private mutating func parseTypeWords(_ words: inout [String]) {
    switch words[0].lowercased() {
    case "double":
      if at(.precision) { words.append(text(of: advance())) }
    case "character", "char":
      if at(.varying) { words.append(text(of: advance())) }
    default:
      // No keyword: nothing else begins with it.
      if current.kind == .word, text(of: current).lowercased() == "unsigned",
        let unsigned = Self.unsignedTypes[words[0].lowercased()]
      {
        advance()
        words = [unsigned]
      }
    }
  }

  /// What MySQL and DataFusion write as `INT UNSIGNED`.
  private static let unsignedTypes = [
    "tinyint": "UTINYINT", "smallint": "USMALLINT", "int": "UINTEGER", "integer": "UINTEGER",
    "bigint": "UBIGINT", "hugeint": "UHUGEINT",
  ]

  /// `WITH TIME ZONE`, `WITHOUT TIME ZONE` after TIME and TIMESTAMP.
  private mutating func parseZone(_ words: inout [String]) {
    guard ["time", "timestamp"].contains(words[0].lowercased()), at(.with) || at(.without),
      peek(1).keyword == .time, peek(2).keyword == .zone
    else { return }
    for _ in 0..<3 { words.append(text(of: advance())) }
  }

  /// struct-member → label type.
  private mutating func parseStructMember() -> StructMemberType {
    StructMemberType(name: parseLabel("a member's name"), type: parseType())
  }
}
