/// SELECT and its clauses.
extension Parser {
  /// The clauses of SELECT in their order; each may stand once.
  static let selectClauses: [Keyword] = [
    .from, .where, .group, .having, .window, .qualify, .using,
  ]

  /// select → "SELECT" [ distinct ] select-item { "," select-item } [ from-clause ] [ where-clause
  ///   ] [ group-clause ] [ having-clause ] [ window-clause ] [ qualify-clause ] [ sample-clause ]
  ///   | from-clause [ "SELECT" [ distinct ] select-item { "," select-item } ] [ where-clause ] [
  ///   group-clause ] [ having-clause ] [ window-clause ] [ qualify-clause ] [ sample-clause ].
  mutating func parseSelect(mistypedAs meant: Keyword? = nil) -> Select {
    let start = position
    var select = Select(items: [], range: range(from: start))
    var hasItems = false
    if (meant ?? current.keyword) == .select {
      advance()
      parseSelection(&select)
      hasItems = true
    }
    var last: Keyword?
    var isMeant = meant == .from
    while let clause = isMeant ? .from : atSelectClause(afterFrom: !hasItems) {
      if current.keyword == nil, !isMeant { reportMistyped(clause) }
      isMeant = false
      if clause == .select {
        advance()
        parseSelection(&select)
        hasItems = true
        continue
      }
      checkOrder(of: clause, after: &last)
      parseSelectClause(clause, &select)
    }
    if !hasItems {
      let star = Expression(.star(Star()), range: tokens[start].range)
      select.items = [SelectItem(expression: star)]
    }
    select.range = range(from: start)
    return select
  }

  private func atSelectClause(afterFrom: Bool) -> Keyword? {
    if let keyword = current.keyword {
      if keyword == .select { return afterFrom ? .select : nil }
      guard Self.selectClauses.contains(keyword) else { return nil }
      return keyword == .using && peek(1).keyword != .sample ? nil : keyword
    }
    return mistypedClause([.from, .where, .group, .having, .qualify])
  }

  private mutating func checkOrder(of clause: Keyword, after last: inout Keyword?) {
    let rank = Self.selectClauses.firstIndex(of: clause) ?? 0
    if let earlier = last, let earlierRank = Self.selectClauses.firstIndex(of: earlier) {
      if rank == earlierRank {
        report(.clauseTwice(clause.spelling, at: current.range))
      } else if rank < earlierRank {
        report(.clauseOutOfOrder(clause, after: earlier, at: current.range))
        return
      }
    }
    last = clause
  }

  /// distinct → "DISTINCT" [ "ON" "(" expression { "," expression } ")" ] | "ALL".
  private mutating func parseSelection(_ select: inout Select) {
    if eat(.distinct) {
      select.distinct = .all
      if at(.on), peek(1).symbol == .leftParenthesis {
        advance()
        advance()
        select.distinct = .on(parseListBody(until: .rightParenthesis) { $0.parseExpression() })
      }
    } else {
      _ = eat(.all)
    }
    select.items = parseSelectItems()
  }

  mutating func parseSelectItems() -> [SelectItem] {
    var items: [SelectItem] = []
    repeat {
      if !items.isEmpty, atListEnd() { break }
      let start = position
      items.append(parseSelectItem())
      if !at(.comma), !atItemEnd() {
        fail(position == start ? "an expression" : "',' or a clause")
        skip { token in
          token.symbol == .comma || token.keyword.map(Self.clauseKeywords.contains) ?? false
        }
      }
    } while eat(.comma)
    return items
  }

  /// Whether the item before can end here; a slip in the next clause's word is its business.
  private func atItemEnd() -> Bool {
    if atListEnd() || errorPosition == position || current.startsLine { return true }
    if mistypedClause([.from, .where, .group, .having, .order, .limit, .qualify]) != nil {
      return true
    }
    switch current.kind {
    case .word: return current.keyword.map { $0.wordClass != .soft } ?? false
    case .symbol, .end, .unknown, .comment: return true
    case .quotedName, .string, .blob, .integer, .decimal, .double, .parameter: return false
    }
  }

  /// select-item → star | identifier ":" expression | expression [ alias ].
  mutating func parseSelectItem() -> SelectItem {
    if isName(current), peek(1).symbol == .colon {
      let alias = makeName(advance())
      advance()
      return SelectItem(expression: parseExpression(), alias: alias)
    }
    let expression = parseExpression()
    return SelectItem(expression: expression, alias: parseAlias())
  }

  /// alias → "AS" label | identifier.
  mutating func parseAlias() -> Identifier? {
    if eat(.as) {
      if current.kind == .string {
        let token = advance()
        return Identifier(stringValue(token), range: token.range, isQuoted: true)
      }
      return parseLabel("a name after AS")
    }
    guard isName(current), errorPosition != position else { return nil }
    let clauses: [Keyword] = [
      .from, .where, .group, .having, .order, .limit, .qualify, .union, .window,
    ]
    if mistypedClause(clauses) != nil { return nil }
    if current.startsLine { lineStartingAlias = position }
    return makeName(advance())
  }

  // MARK: - Clauses

  /// where-clause → "WHERE" expression.
  private mutating func parseSelectClause(_ clause: Keyword, _ select: inout Select) {
    advance()
    switch clause {
    case .from: select.from += parseFrom()
    case .where: select.filter = parseCondition()
    case .group: select.groupBy = parseGroupBy()
    case .having: select.having = parseHaving()
    case .window: select.windows += parseWindows()
    case .qualify: select.qualify = parseQualify()
    default:
      advance()
      select.sample = parseSample()
    }
  }

  /// having-clause → "HAVING" expression.
  private mutating func parseHaving() -> Expression { parseCondition() }

  /// qualify-clause → "QUALIFY" expression.
  private mutating func parseQualify() -> Expression { parseCondition() }

  /// window-clause → "WINDOW" identifier "AS" "(" window-specification ")" { "," identifier "AS"
  ///   "(" window-specification ")" }.
  private mutating func parseWindows() -> [NamedWindow] {
    var windows: [NamedWindow] = []
    repeat {
      if !windows.isEmpty, atListEnd() { break }
      let name = parseName("a window's name")
      expect(.as)
      windows.append(NamedWindow(name: name, specification: parseWindowSpecification()))
    } while eat(.comma)
    return windows
  }

  /// group-clause → "GROUP" "BY" ( "ALL" | grouping-element { "," grouping-element } ).
  private mutating func parseGroupBy() -> GroupBy {
    expect(.by)
    if at(.all) { return .all(advance().range) }
    var elements: [GroupingElement] = []
    repeat {
      if !elements.isEmpty, atListEnd() { break }
      elements.append(parseGroupingElement())
    } while eat(.comma)
    return .elements(elements)
  }

  /// grouping-element → expression | "(" [ expression { "," expression } ] ")" | ( "ROLLUP" |
  ///   "CUBE" ) "(" grouping-member { "," grouping-member } ")" | "GROUPING" "SETS" "("
  ///   grouping-element { "," grouping-element } ")".
  private mutating func parseGroupingElement() -> GroupingElement {
    guard enter() else { return .expressions([]) }
    defer { leave() }
    if at(.rollup) || at(.cube), peek(1).symbol == .leftParenthesis {
      let isRollup = at(.rollup)
      advance()
      advance()
      let members = parseListBody(until: .rightParenthesis) { $0.parseGroupingMember() }
      return isRollup ? .rollup(members) : .cube(members)
    }
    if at(.grouping, .sets) {
      advance()
      advance()
      expect(.leftParenthesis)
      return .groupingSets(parseListBody(until: .rightParenthesis) { $0.parseGroupingElement() })
    }
    return .expressions(parseGroupingMember())
  }

  /// grouping-member → expression | "(" [ expression { "," expression } ] ")".
  private mutating func parseGroupingMember() -> [Expression] {
    let value = parseExpression()
    if case .row(let members) = value.kind, tokenText(at: value.range) == "(" { return members }
    return [value]
  }

  private func tokenText(at range: SourceRange) -> Character? {
    range.lowerBound < bytes.count ? Character(Unicode.Scalar(bytes[range.lowerBound])) : nil
  }

  // MARK: - Samples

  /// sample-clause → "USING" "SAMPLE" sample.
  ///
  /// sample → sample-amount [ "(" identifier [ "," integer ] ")" ]
  ///   | identifier "(" sample-amount ")" [ "REPEATABLE" "(" integer ")" ].
  mutating func parseSample() -> Sample {
    let start = position
    var method: Identifier?
    var seed: Int?
    if isName(current), peek(1).symbol == .leftParenthesis { method = makeName(advance()) }
    let isGrouped = eat(.leftParenthesis)
    let countsRows = method.map { $0.text.lowercased() == "reservoir" } ?? true
    let (amount, isPercentage) = parseSampleAmount(countsRows: countsRows)
    if isGrouped { close(.rightParenthesis) }
    if method == nil, at(.leftParenthesis) {
      advance()
      method = parseName("bernoulli, system or reservoir")
      if eat(.comma) { seed = parseCount("a seed") }
      close(.rightParenthesis)
    }
    if eat(.repeatable) {
      expect(.leftParenthesis)
      seed = parseCount("a seed")
      close(.rightParenthesis)
    }
    return Sample(
      amount: amount,
      isPercentage: isPercentage,
      method: method,
      seed: seed,
      range: range(from: start)
    )
  }

  /// sample-amount → number [ "%" | "PERCENT" | "ROWS" ].
  ///
  /// A bare number counts per cent for `bernoulli` and `system`, rows otherwise; as in DuckDB.
  private mutating func parseSampleAmount(
    countsRows: Bool
  ) -> (amount: String, isPercentage: Bool) {
    guard current.isNumber else {
      fail("a number of rows or a percentage")
      return ("0", false)
    }
    let amount = numberText(advance())
    if eat(.percent as Symbol) || eat(.percent as Keyword) { return (amount, true) }
    if eat(.rows) { return (amount, false) }
    return (amount, !countsRows)
  }
}
