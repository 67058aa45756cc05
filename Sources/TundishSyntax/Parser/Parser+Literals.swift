/// Numbers, texts, intervals, parameters.
extension Parser {
  /// number → integer | decimal | double.
  ///
  /// In conditions of the sales door a number may carry `%` or a unit of time.
  mutating func parseNumber() -> Expression {
    let start = position
    let token = advance()
    let text = numberText(token)
    if allowsUnits {
      if atPercentSign() {
        advance()
        return Expression(.percentage(text), range: range(from: start))
      }
      if token.kind != .double, let unit = unit(current) {
        advance()
        let range = range(from: start)
        return Expression(
          .duration(Duration(amount: text, unit: unit, range: range)),
          range: range
        )
      }
    }
    let literal: Literal
    switch token.kind {
    case .decimal: literal = .decimal(text)
    case .double: literal = .double(text)
    case .integer, .word, .quotedName, .string, .blob, .parameter, .symbol, .comment, .unknown,
      .end:
      literal = .integer(text)
    }
    return Expression(.literal(literal), range: range(from: start))
  }

  /// Whether a `%` that touches the number before it is a percentage and not an operator: it is,
  /// unless an operand touches it too.
  func atPercentSign() -> Bool {
    guard at(.percent as Symbol), current.touchesPrevious else { return false }
    let next = peek(1)
    guard next.touchesPrevious else { return true }
    switch next.kind {
    case .word, .quotedName, .string, .blob, .integer, .decimal, .double, .parameter,
      .symbol(.leftParenthesis), .symbol(.minus), .symbol(.questionMark):
      return false
    case .symbol, .comment, .unknown, .end: return true
    }
  }

  mutating func parseText() -> Expression {
    let token = advance()
    if token.kind == .blob {
      let slice = bytes[token.range.lowerBound..<token.range.upperBound]
      return Expression(.literal(.blob(Literals.blob(slice))), range: token.range)
    }
    return Expression(.literal(.string(stringValue(token))), range: token.range)
  }

  mutating func parseParameter() -> Expression {
    let token = advance()
    if token.symbol == .questionMark {
      questionMarkCount += 1
      return Expression(.parameter(.positional(questionMarkCount)), range: token.range)
    }
    let name = String(text(of: token).dropFirst())
    if let number = Int(name) {
      questionMarkCount = max(questionMarkCount, number)
      return Expression(.parameter(.positional(number)), range: token.range)
    }
    return Expression(.parameter(.named(name)), range: token.range)
  }

  mutating func parseConstantWord() -> Expression {
    let token = advance()
    let kind: Expression.Kind
    switch token.keyword {
    case .true: kind = .literal(.boolean(true))
    case .false: kind = .literal(.boolean(false))
    case .default: kind = .defaultValue
    default: kind = .literal(.null)
    }
    return Expression(kind, range: token.range)
  }

  // MARK: - Typed literals

  /// typed-literal → type-word string.
  ///
  /// type-word → "DATE" | "TIME" | "TIMESTAMP".
  ///
  /// Only the types that people write this way, so that a forgotten comma is not taken for one.
  mutating func parseTypedLiteral() -> Expression? {
    let start = position
    if at(.timestamp) || at(.time), peek(1).keyword == .with || peek(1).keyword == .without,
      peek(2).keyword == .time, peek(3).keyword == .zone, peek(4).kind == .string
    {
      let type = parseType()
      let text = stringValue(advance())
      return Expression(.typedLiteral(type, text), range: range(from: start))
    }
    guard current.kind == .word, peek(1).kind == .string,
      Self.literalTypes.contains(text(of: current).lowercased())
    else { return nil }
    let name = advance()
    let type = TypeName(.named(text(of: name), arguments: []), range: name.range)
    let text = stringValue(advance())
    return Expression(.typedLiteral(type, text), range: range(from: start))
  }

  private static let literalTypes: Set<String> = [
    "date", "time", "timestamp", "timestamptz", "timetz", "datetime", "boolean", "bool",
    "tinyint", "smallint", "integer", "int", "bigint", "hugeint", "decimal", "numeric", "double",
    "float", "real", "varchar", "text", "blob", "json", "uuid",
  ]

  /// Whether INTERVAL before this token is the keyword and not a name.
  func isIntervalOperand(_ next: Token) -> Bool {
    switch next.kind {
    case .string, .integer, .decimal: return true
    case .symbol(.leftParenthesis): return isIntervalGroup()
    case .word, .quotedName, .blob, .double, .parameter, .symbol, .comment, .unknown, .end:
      let isParameter = next.kind == .parameter || next.symbol == .questionMark
      return isParameter && unit(peek(2)) != nil
    }
  }

  /// Whether the parenthesis after INTERVAL is followed by a unit.
  private func isIntervalGroup() -> Bool {
    var openCount = 0
    var offset = 1
    while peek(offset).kind != .end, peek(offset).symbol != .semicolon {
      switch peek(offset).symbol {
      case .leftParenthesis: openCount += 1
      case .rightParenthesis:
        openCount -= 1
        if openCount == 0 { return unit(peek(offset + 1)) != nil }
      default: break
      }
      offset += 1
    }
    return false
  }

  /// interval-literal → "INTERVAL" ( string [ unit ] | ( integer | decimal ) unit | "(" expression
  ///   ")" unit | parameter unit ).
  mutating func parseInterval() -> Expression {
    let start = position
    advance()
    let amount: Expression
    let isText = current.kind == .string
    if at(.leftParenthesis) {
      amount = parseGroup()
    } else if current.kind == .parameter || at(.questionMark) {
      amount = parseParameter()
    } else {
      let token = current
      let allowed = allowsUnits
      allowsUnits = false
      amount = token.kind == .string ? parseText() : parseNumber()
      allowsUnits = allowed
    }
    var unit = unit(current)
    if unit != nil {
      advance()
    } else if !isText {
      unit = parseUnit()
    }
    return Expression(.interval(amount, unit: unit), range: range(from: start))
  }
}
