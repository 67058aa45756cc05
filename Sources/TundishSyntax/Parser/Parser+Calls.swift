/// Calls, and the calls that SQL writes with words between the arguments.
extension Parser {
  /// call-arguments → "(" ( query | [ [ "DISTINCT" | "ALL" ] argument { "," argument } ]
  ///   [ "ORDER" "BY" order-items ] [ null-treatment ] ) ")" call-suffix.
  mutating func parseCall(_ name: QualifiedName) -> FunctionCall {
    advance()
    let saved = enterGroup()
    isArgument = true
    var call = FunctionCall(name: name, arguments: [])
    if at(.distinct) || at(.all), peek(1).symbol != .rightParenthesis {
      call.isDistinct = at(.distinct)
      advance()
      if at(.order, .by) || atNullTreatment() { fail("an argument") }
    }
    while !at(.rightParenthesis), !at(.order, .by), !atNullTreatment(), !isAtEnd, !at(.semicolon) {
      call.arguments.append(parseArgument())
      if eat(.comma) { continue }
      break
    }
    parseCallOrder(&call)
    call.nullTreatment = parseNullTreatment()
    close(
      .rightParenthesis,
      expected: call.arguments.isEmpty ? "an argument or ')'" : "',' or ')'"
    )
    leaveGroup(saved)
    parseCallSuffix(&call)
    return call
  }

  /// Reads the ORDER BY among a call's arguments.
  ///
  /// `f((query) ORDER BY a)` orders what the call takes; with ALL, or a LIMIT after it, the order is
  /// of a query that begins with a parenthesis.
  private mutating func parseCallOrder(_ call: inout FunctionCall) {
    guard at(.order, .by) else { return }
    let start = position
    let only = call.arguments.count == 1 && !call.isDistinct ? call.arguments[0] : nil
    let inner = only.flatMap { $0.name == nil ? query(of: $0.value) : nil }
    if let only, let inner, peek(2).keyword == .all {
      let whole = extend(inner, only.value, from: start)
      call.arguments = [.init(value: Expression(.scalarQuery(whole), range: only.value.range))]
      return
    }
    position += 2
    let items = parseOrderItems()
    guard let only, let inner, atLimit() else {
      call.orderBy = items
      return
    }
    var whole = Query(
      body: .parenthesized(inner),
      orderBy: .items(items),
      range: only.value.range
    )
    parseLimits(&whole)
    call.arguments = [.init(value: Expression(.scalarQuery(whole), range: only.value.range))]
  }

  /// argument → star | "*" columns-expression | lambda | identifier ( ":=" | "=>" ) expression
  ///   | expression.
  mutating func parseArgument() -> FunctionArgument {
    if isName(current), peek(1).symbol == .colonEqual || peek(1).symbol == .fatArrow {
      let name = makeName(advance())
      advance()
      return FunctionArgument(name: name, value: parseExpression())
    }
    if at(.lambda), isName(peek(1)) {
      return FunctionArgument(value: parseLambdaKeyword())
    }
    if let lambda = parseLambda() { return FunctionArgument(value: lambda) }
    if atQuery() {
      let start = position
      let query = parseQuery()
      return FunctionArgument(value: Expression(.scalarQuery(query), range: range(from: start)))
    }
    return FunctionArgument(value: parseMember())
  }

  /// lambda → identifier "->" expression | "(" identifier { "," identifier } ")" "->" expression |
  ///   "LAMBDA" identifier { "," identifier } ":" expression.
  ///
  /// An arrow before a text or number reads a member of JSON instead.
  private mutating func parseLambda() -> Expression? {
    let start = position
    if isName(current), peek(1).symbol == .arrow {
      guard peek(2).kind != .string, !peek(2).isInteger else { return nil }
      let parameter = makeName(advance())
      advance()
      let body = parseExpression()
      return Expression(.lambda([parameter], body), range: range(from: start))
    }
    guard at(.leftParenthesis), let length = lambdaParameterLength() else { return nil }
    var parameters: [Identifier] = []
    for offset in stride(from: 1, to: length, by: 2) { parameters.append(makeName(peek(offset))) }
    position += length + 2
    let body = parseExpression()
    return Expression(.lambda(parameters, body), range: range(from: start))
  }

  /// The offset of the `)` of `(x, y) ->`, or nil where the parenthesis opens something else.
  private func lambdaParameterLength() -> Int? {
    var offset = 1
    while isName(peek(offset)) {
      switch peek(offset + 1).symbol {
      case .comma: offset += 2
      case .rightParenthesis:
        return peek(offset + 2).symbol == .arrow ? offset + 1 : nil
      default: return nil
      }
    }
    return nil
  }

  mutating func parseLambdaKeyword() -> Expression {
    let start = position
    var offset = 1
    while isName(peek(offset)), peek(offset + 1).symbol == .comma { offset += 2 }
    guard isName(peek(offset)), peek(offset + 1).symbol == .colon else { return parseNameOrCall() }
    advance()
    var parameters = [parseName("a parameter")]
    while eat(.comma) { parameters.append(parseName("a parameter")) }
    expect(.colon)
    let body = parseExpression()
    return Expression(.lambda(parameters, body), range: range(from: start))
  }

  // MARK: - Aggregates and windows

  /// call-suffix → [ "WITHIN" "GROUP" "(" "ORDER" "BY" order-items ")" ] [ "FILTER" "(" [ "WHERE"
  ///   ] expression ")" ] [ null-treatment ] [ "OVER" window ].
  ///
  /// In `last_value(abs(x) IGNORE NULLS)` the words are the outer call's.
  private mutating func parseCallSuffix(_ call: inout FunctionCall) {
    if at(.within, .group), peek(2).symbol == .leftParenthesis {
      position += 3
      let saved = enterGroup()
      expect(.order)
      expect(.by)
      call.orderBy = parseOrderItems()
      call.isWithinGroup = true
      close(.rightParenthesis)
      leaveGroup(saved)
    }
    if at(.filter), peek(1).symbol == .leftParenthesis {
      position += 2
      let saved = enterGroup()
      _ = eat(.where)
      call.filter = parseCondition()
      close(.rightParenthesis)
      leaveGroup(saved)
    }
    let isOfOuterCall = isArgument && peek(2).symbol == .rightParenthesis
    if atNullTreatment(), !isOfOuterCall { call.nullTreatment = parseNullTreatment() }
    if at(.over), !isSalesExpression, peek(1).symbol == .leftParenthesis || isName(peek(1)) {
      advance()
      call.over = parseWindowReference()
    }
  }

  /// NULL in place of NULLS is a likely slip, and stands nowhere else after these words.
  private func atNullTreatment() -> Bool {
    (at(.ignore) || at(.respect)) && (peek(1).keyword == .nulls || peek(1).keyword == .null)
  }

  /// null-treatment → ( "IGNORE" | "RESPECT" ) "NULLS".
  private mutating func parseNullTreatment() -> NullTreatment? {
    guard atNullTreatment() else { return nil }
    let treatment: NullTreatment = at(.ignore) ? .ignore : .respect
    advance()
    if !eat(.nulls) {
      fail("NULLS")
      advance()
    }
    return treatment
  }

  /// window → identifier | "(" window-specification ")".
  private mutating func parseWindowReference() -> WindowReference {
    guard at(.leftParenthesis) else { return .name(parseName("a window's name")) }
    return .specification(parseWindowSpecification())
  }

  /// window-specification → [ identifier ] [ "PARTITION" "BY" expression { "," expression } ] [
  ///   "ORDER" "BY" order-items ] [ frame ].
  mutating func parseWindowSpecification() -> WindowSpecification {
    let start = position
    expect(.leftParenthesis)
    let saved = enterGroup()
    defer { leaveGroup(saved) }
    var window = WindowSpecification(range: range(from: start))
    if isName(current), !at(.partition, .by), !atFrame() { window.base = makeName(advance()) }
    if eat(.partition, .by) {
      repeat { window.partitionBy.append(parseExpression()) } while eat(.comma)
    }
    if eat(.order, .by) { window.orderBy = parseOrderItems() }
    if atFrame() { window.frame = parseFrame() }
    close(.rightParenthesis, expected: "PARTITION BY, ORDER BY, a frame or ')'")
    window.range = range(from: start)
    return window
  }

  private func atFrame() -> Bool {
    guard at(.rows) || at(.range) || at(.groups) else { return false }
    let next = peek(1)
    return next.symbol != .rightParenthesis && next.symbol != .comma
  }

  /// frame → ( "ROWS" | "RANGE" | "GROUPS" ) ( frame-bound | "BETWEEN" frame-bound "AND"
  ///   frame-bound ) [ "EXCLUDE" ( "NO" "OTHERS" | "CURRENT" "ROW" | "GROUP" | "TIES" ) ].
  private mutating func parseFrame() -> WindowFrame {
    let mode: WindowFrame.Mode = at(.rows) ? .rows : at(.range) ? .range : .groups
    advance()
    let start: WindowFrame.Bound
    var end = WindowFrame.Bound.currentRow
    if eat(.between) {
      start = parseFrameBound()
      expect(.and)
      end = parseFrameBound()
    } else {
      start = parseFrameBound()
    }
    return WindowFrame(mode: mode, start: start, end: end, exclusion: parseFrameExclusion())
  }

  /// frame-bound → "UNBOUNDED" ( "PRECEDING" | "FOLLOWING" ) | "CURRENT" "ROW" | value (
  ///   "PRECEDING" | "FOLLOWING" ).
  private mutating func parseFrameBound() -> WindowFrame.Bound {
    if eat(.unbounded, .preceding) { return .unboundedPreceding }
    if eat(.unbounded, .following) { return .unboundedFollowing }
    if eat(.current, .row) { return .currentRow }
    let offset = parseExpression(.membership)
    if eat(.following) { return .following(offset) }
    expect(.preceding)
    return .preceding(offset)
  }

  private mutating func parseFrameExclusion() -> WindowFrame.Exclusion {
    guard eat(.exclude) else { return .noOthers }
    if eat(.no, .others) { return .noOthers }
    if eat(.current, .row) { return .currentRow }
    if eat(.group) { return .group }
    if eat(.ties) { return .ties }
    fail("NO OTHERS, CURRENT ROW, GROUP or TIES")
    return .noOthers
  }

  // MARK: - Calls with words

  private func call(_ name: String, _ arguments: [Expression], from start: Int) -> Expression {
    let identifier = Identifier(name, range: tokens[start].range)
    return Expression(
      .call(
        FunctionCall(
          name: QualifiedName([identifier]),
          arguments: arguments.map { .init(value: $0) }
        )
      ),
      range: range(from: start)
    )
  }

  /// Reads the plain call that a special form turned out to be, with its first argument read.
  private mutating func finishCall(
    _ name: String,
    _ first: Expression,
    from start: Int
  ) -> Expression {
    var arguments = [first]
    while eat(.comma) { arguments.append(parseExpression()) }
    close(.rightParenthesis, expected: "',' or ')'")
    return call(name, arguments, from: start)
  }

  /// extract-call → "EXTRACT" "(" ( label | string ) "FROM" expression ")".
  mutating func parseExtract() -> Expression {
    let start = position
    advance()
    advance()
    let saved = enterGroup()
    defer { leaveGroup(saved) }
    let field: Identifier
    if current.kind == .string {
      let token = advance()
      field = Identifier(stringValue(token), range: token.range)
    } else {
      field = parseLabel("a field such as YEAR")
    }
    expect(.from)
    let value = parseExpression()
    close(.rightParenthesis)
    return Expression(.extract(field: field, value), range: range(from: start))
  }

  /// trim-call → "TRIM" "(" [ "BOTH" | "LEADING" | "TRAILING" ] [ expression ] "FROM" expression
  ///   ")".
  ///
  /// Stands for `trim`, `ltrim` or `rtrim` of the text and the characters.
  mutating func parseTrim() -> Expression {
    let start = position
    advance()
    advance()
    let saved = enterGroup()
    defer { leaveGroup(saved) }
    var name = "trim"
    var hasSide = true
    if eat(.leading) {
      name = "ltrim"
    } else if eat(.trailing) {
      name = "rtrim"
    } else if !eat(.both) {
      hasSide = false
    }
    if eat(.from) { return finishCall(name, parseExpression(), from: start) }
    let first = parseExpression()
    guard eat(.from) else {
      if hasSide { return finishCall(name, first, from: start) }
      return finishCall(name, first, from: start)
    }
    let text = parseExpression()
    close(.rightParenthesis)
    return call(name, [text, first], from: start)
  }

  /// substring-call → "SUBSTRING" "(" expression "FROM" expression [ "FOR" expression ] ")".
  mutating func parseSubstring() -> Expression {
    let start = position
    advance()
    advance()
    let saved = enterGroup()
    defer { leaveGroup(saved) }
    let text = parseExpression()
    guard at(.from) || at(.for) else { return finishCall("substring", text, from: start) }
    var first = Expression(.literal(.integer("1")), range: current.range)
    if eat(.from) { first = parseExpression() }
    var arguments = [text, first]
    if eat(.for) { arguments.append(parseExpression()) }
    close(.rightParenthesis)
    return call("substring", arguments, from: start)
  }

  /// position-call → "POSITION" "(" value "IN" expression ")".
  ///
  /// Stands for `strpos(text, part)`.
  mutating func parsePosition() -> Expression {
    let start = position
    advance()
    advance()
    let saved = enterGroup()
    defer { leaveGroup(saved) }
    let part = parseExpression(.other)
    guard eat(.in) else { return finishCall("position", part, from: start) }
    let text = parseExpression()
    close(.rightParenthesis)
    return call("strpos", [text, part], from: start)
  }

  /// overlay-call → "OVERLAY" "(" expression "PLACING" expression "FROM" expression [ "FOR"
  ///   expression ] ")".
  mutating func parseOverlay() -> Expression {
    let start = position
    advance()
    advance()
    let saved = enterGroup()
    defer { leaveGroup(saved) }
    let text = parseExpression()
    guard eat(.placing) else { return finishCall("overlay", text, from: start) }
    var arguments = [text, parseExpression()]
    expect(.from)
    arguments.append(parseExpression())
    if eat(.for) { arguments.append(parseExpression()) }
    close(.rightParenthesis)
    return call("overlay", arguments, from: start)
  }
}
