/// The choice of door, by the first word.
extension Parser {
  /// The words that begin a statement; any other word names a metric.
  static let statementWords: Set<Keyword> = [
    .select, .from, .with, .values, .table, .create, .drop, .alter, .insert, .update, .delete,
    .truncate, .load, .sniff, .copy, .export, .import, .set, .reset, .show, .describe, .summarize,
    .explain, .assert, .check, .dedupe, .prepare, .execute, .deallocate, .begin, .commit,
    .rollback, .pivot, .unpivot, .measure, .funnel, .flow, .survival, .why,
  ]

  func atStatementWord() -> Bool {
    current.keyword.map(Self.statementWords.contains) ?? false
  }

  /// statement → query | metric-statement | explain | set | reset | show | describe | summarize |
  ///   assert | check | dedupe | prepare | execute | deallocate | transaction | create | drop |
  ///   alter | [ with-clause ] ( insert | update | delete | merge ) | truncate | load | sniff | copy |
  ///   export | import | use | why.
  mutating func parseStatement() -> Statement {
    let start = position
    // Two levels: what prints a statement inside a statement needs more stack than an expression.
    guard enter(2) else { return Statement(.query(missingQuery()), range: range(from: start)) }
    defer { leave(2) }
    var keyword = current.keyword
    if let meant = mistypedStatement() {
      reportMistyped(meant)
      keyword = meant
    }
    let kind = parseStatementKind(keyword)
    return Statement(kind, range: range(from: start))
  }

  private mutating func parseStatementKind(_ keyword: Keyword?) -> Statement.Kind {
    switch keyword {
    case .explain: return parseExplain()
    case .create: return parseCreate()
    case .drop: return parseDrop()
    case .alter: return parseAlter()
    case .insert: return parseInsert()
    case .update: return parseUpdate()
    case .delete: return parseDelete()
    case .with: return parseWithStatement()
    case .truncate: return parseTruncate()
    case .load: return parseLoad()
    case .sniff: return parseSniff()
    case .copy: return parseCopy()
    case .export: return parseExport()
    case .import: return parseImport()
    case .set: return parseSet()
    case .reset: return parseReset()
    case .show: return parseShow()
    case .describe: return parseDescribe()
    case .summarize: return parseSummarize()
    case .assert: return parseAssert()
    case .check: return parseCheck()
    case .dedupe: return parseDedupe()
    case .prepare: return parsePrepare()
    case .execute: return parseExecute()
    case .deallocate: return parseDeallocate()
    case .begin, .commit, .rollback: return parseTransaction()
    case .start where peek(1).keyword == .transaction: return parseTransaction()
    case .why: return parseWhy()
    case .merge where atMerge: return parseMerge()
    case .replace where at(.replace, .into): return parseInsert()
    case .use where atUse: return parseUse()
    default: return parseQueryStatement(keyword)
    }
  }

  private mutating func parseQueryStatement(_ keyword: Keyword?) -> Statement.Kind {
    let isQuery = keyword.map(Self.statementWords.contains) ?? false
    if isQuery || at(.leftParenthesis) { return .query(parseQuery()) }
    guard isName(current) else {
      fail("a statement", notes: metricNote())
      skipToStatementEnd()
      errorPosition = position
      return .query(missingQuery())
    }
    if let advice = foreignStatement() {
      fail("a statement of Tundish", notes: [advice])
      skipToStatementEnd()
      errorPosition = position
      return .query(missingQuery())
    }
    let start = position
    let statement = parseMetricStatement()
    var query = Query(body: .sales(.measure(statement)), range: range(from: start))
    if atQueryTail() { query = parseQueryTail(query, from: start) }
    return .query(query)
  }

  /// WITH opens a query, or an INSERT, UPDATE or DELETE that reads the named queries.
  private mutating func parseWithStatement() -> Statement.Kind {
    let start = position
    let with = parseWith()
    switch current.keyword {
    case .insert, .replace:
      guard at(.insert) || at(.replace, .into), case .insert(var insert) = parseInsert()
      else { break }
      insert.query = insert.query.map { query in
        guard query.with != nil else { return query.adding(with) }
        return Query(body: .parenthesized(query), range: query.range).adding(with)
      }
      if insert.query == nil { insert.with = with }
      return .insert(insert)
    case .update:
      guard case .update(var update) = parseUpdate() else { break }
      update.with = with
      return .update(update)
    case .delete:
      guard case .delete(var delete) = parseDelete() else { break }
      delete.with = with
      return .delete(delete)
    case .merge where atMerge:
      guard case .merge(var merge) = parseMerge() else { break }
      merge.with = with
      return .merge(merge)
    default: break
    }
    return .query(parseQuery(after: with, from: start))
  }

  private func metricNote() -> [String] {
    guard current.kind == .word else { return [] }
    return ["a metric with this name is written \"\(text(of: current))\""]
  }

  /// What does the work of a statement that only other engines have; nil for a metric, after whose
  /// name no other word and no text may follow.
  private func foreignStatement() -> String? {
    guard current.kind == .word, let advice = Self.foreignStatements[text(of: current).lowercased()]
    else { return nil }
    let next = peek(1)
    if next.startsLine { return nil }
    switch next.kind {
    case .word: return next.keyword.map(canFollowMetric) ?? false ? nil : advice
    case .string, .quotedName: return advice
    default: return nil  // a metric with arguments, or alone
    }
  }

  private static let foreignStatements = [
    "attach": "LOAD and IMPORT DATABASE read files; a database is in memory",
    "call": "SELECT * FROM f() calls a table function",
    "comment": "a metric has a COMMENT; tables and columns have none",
    "detach": "a database is in memory, and there is one",
    "install": "everything is built in",
    "pragma": "SET changes a setting; SHOW SETTINGS lists them, DESCRIBE t the columns of a table",
  ]

  /// The statement word that the first word was meant to be: it is near to one, and what follows
  /// cannot follow a metric.
  private func mistypedStatement() -> Keyword? {
    guard let meant = mistyped(Self.statementWords) else { return nil }
    let next = peek(1)
    switch next.kind {
    case .end, .symbol(.comma), .symbol(.leftParenthesis), .symbol(.semicolon), .parameter:
      return nil
    case .integer:
      // A year is a period: `win_rate 2026`.
      return text(of: next).utf8.count == 4 ? nil : meant
    case .word:
      if next.keyword.map(canFollowMetric) ?? false { return nil }
      return next.startsLine ? nil : meant
    case .quotedName, .string, .blob, .decimal, .double, .symbol, .comment, .unknown:
      return meant
    }
  }

  private func canFollowMetric(_ keyword: Keyword) -> Bool {
    switch keyword {
    case .from: peek(2).kind == .string || isName(peek(2)) && peek(3).keyword == .to
    case .to, .for, .of, .per, .as: true
    default: salesClause(for: keyword) != nil || keyword == .date
    }
  }

  // MARK: - Explain

  /// explain → "EXPLAIN" [ "TOKENS" | "AST" | "SQL" | "PLAN" | "OPTIMIZED" | "PHYSICAL" |
  ///   "ANALYZE" ] statement.
  private mutating func parseExplain() -> Statement.Kind {
    advance()
    var option: ExplainOption?
    if current.kind == .word, let named = ExplainOption(rawValue: text(of: current).uppercased()),
      statementFollowsOption()
    {
      option = named
      advance()
    }
    return .explain(option, parseStatement())
  }

  /// An option word counts only if a statement follows it: `EXPLAIN plan by owner` explains the
  /// metric `plan`.
  private func statementFollowsOption() -> Bool {
    let next = peek(1)
    if let keyword = next.keyword, Self.statementWords.contains(keyword) { return true }
    if next.symbol == .leftParenthesis {
      return atQuery(offset: 2) || peek(2).symbol == .leftParenthesis
    }
    guard isName(next) else { return false }
    return next.keyword.map { !canFollowMetric($0) } ?? true
  }

  // MARK: - Settings and information

  /// set → "SET" label ( "=" | "TO" ) setting-value | "SET" "TIME" "ZONE" setting-value | "SET"
  ///   "VARIABLE" label ( "=" | "TO" ) expression.
  private mutating func parseSet() -> Statement.Kind {
    advance()
    if at(.session) || at(.global) || at(.local), isName(peek(1)) { advance() }
    if at(.variable), peek(1).symbol != .equal, peek(1).keyword != .to {
      advance()
      let name = parseLabel("a variable's name")
      if !eat(.equal), !eat(.to) { fail("'=' or TO") }
      return .setVariable(name: name, value: parseMember())
    }
    if at(.time, .zone) {
      let name = Identifier("timezone", range: current.range)
      position += 2
      return .set(name: name, value: parseSettingValue())
    }
    let name = parseLabel("the name of a setting")
    if !eat(.equal), !eat(.to) { fail("'=' or TO") }
    return .set(name: name, value: parseSettingValue())
  }

  /// setting-value → bare-date | expression.
  private mutating func parseSettingValue() -> Expression {
    if atBareDate() { return parseDate() }
    if current.kind == .word, let keyword = current.keyword, keyword.wordClass != .soft,
      ![.null, .true, .false, .default].contains(keyword),
      peek(1).kind == .end || peek(1).symbol == .semicolon
    {
      let token = advance()
      return Expression(.name([makeName(token)]), range: token.range)
    }
    return parseExpression()
  }

  /// Whether `USE s` stands here; any other `use` is a metric's name.
  private var atUse: Bool {
    let next = peek(1)
    guard isName(next), !next.startsLine else { return false }
    return next.keyword.map { !canFollowMetric($0) } ?? true
  }

  /// use → "USE" qualified-name.
  private mutating func parseUse() -> Statement.Kind {
    let token = advance()
    let schema = parseQualifiedName("a schema")
    let value = Expression(.name(schema.parts), range: schema.range)
    return .set(name: Identifier("schema", range: token.range), value: value)
  }

  /// reset → "RESET" [ "VARIABLE" ] label.
  private mutating func parseReset() -> Statement.Kind {
    advance()
    if at(.variable), peek(1).kind == .word || peek(1).kind == .quotedName {
      advance()
      return .resetVariable(name: parseLabel("a variable's name"))
    }
    return .reset(name: parseLabel("the name of a setting"))
  }

  /// show → "SHOW" ( [ "ALL" ] "TABLES" | "SETTINGS" | "MODEL" | "METRICS" | "FUNNELS" | "TARGETS"
  ///   | "SCORES" | "VIEWS" | "MACROS" | "FUNCTIONS" | label ).
  private mutating func parseShow() -> Statement.Kind {
    advance()
    if eat(.all) {
      expect(.tables)
      return .show(.tables)
    }
    let targets: [Keyword: ShowTarget] = [
      .tables: .tables, .settings: .settings, .model: .model, .metrics: .metrics,
      .funnels: .funnels, .targets: .targets, .scores: .scores, .views: .views, .macros: .macros,
      .functions: .functions,
    ]
    if let target = current.keyword.flatMap({ targets[$0] }) {
      advance()
      return .show(target)
    }
    return .show(.setting(parseLabel("TABLES, SETTINGS, MODEL, METRICS or a setting")))
  }

  /// describe → "DESCRIBE" ( ( "METRIC" | "FUNNEL" | "FUNCTION" ) identifier | relation ).
  private mutating func parseDescribe() -> Statement.Kind {
    advance()
    if at(.metric) || at(.funnel) || at(.function), isName(peek(1)),
      peek(2).kind == .end || peek(2).symbol == .semicolon || peek(2).symbol == .rightParenthesis
    {
      let keyword = advance().keyword
      let name = makeName(advance())
      switch keyword {
      case .funnel: return .describe(.funnel(name))
      case .function: return .describe(.function(name))
      default: return .describe(.metric(name))
      }
    }
    return .describe(.query(parseRelationOrQuery()))
  }

  /// summarize → "SUMMARIZE" relation.
  private mutating func parseSummarize() -> Statement.Kind {
    advance()
    return .summarize(parseRelationOrQuery())
  }

  /// relation → query | qualified-name | string.
  private mutating func parseRelationOrQuery() -> Query {
    let start = position
    if atQuery() || at(.leftParenthesis) || atStatementWord() && !isName(peek(0)) {
      return parseQuery()
    }
    if current.kind == .string {
      let reference = parseTablePrimary()
      let star = Expression(.star(Star()), range: reference.range)
      let select = Select(
        items: [SelectItem(expression: star)],
        from: [reference],
        range: reference.range
      )
      return Query(body: .select(select), range: reference.range)
    }
    let name = parseQualifiedName("a table or a query")
    return Query(body: .table(name), range: range(from: start))
  }

  // MARK: - Checks

  /// assert → "ASSERT" expression [ "ELSE" string ].
  private mutating func parseAssert() -> Statement.Kind {
    advance()
    let condition = parseCondition()
    let message = eat(.else) ? parseString("a message in quotes")?.text : nil
    return .assert(condition, message: message)
  }

  /// check → "CHECK" [ qualified-name ].
  private mutating func parseCheck() -> Statement.Kind {
    advance()
    return .check(isName(current) ? parseQualifiedName("a table") : nil)
  }

  /// dedupe → "DEDUPE" qualified-name "ON" expression { "," expression } [ "ORDER" "BY"
  ///   order-items ].
  private mutating func parseDedupe() -> Statement.Kind {
    advance()
    let table = parseQualifiedName("a table")
    expect(.on)
    let keys = parseExpressions()
    let orderBy = eat(.order, .by) ? parseOrderItems() : []
    return .dedupe(table: table, keys: keys, orderBy: orderBy)
  }

  // MARK: - Prepared statements and transactions

  /// prepare → "PREPARE" identifier "AS" statement.
  private mutating func parsePrepare() -> Statement.Kind {
    advance()
    let name = parseName("a name for the statement")
    expect(.as)
    return .prepare(name: name, parseStatement())
  }

  /// execute → "EXECUTE" identifier [ "(" argument { "," argument } ")" ].
  private mutating func parseExecute() -> Statement.Kind {
    advance()
    let name = parseName("the name of a prepared statement")
    guard eat(.leftParenthesis) else { return .execute(name: name, []) }
    let arguments = parseListBody(until: .rightParenthesis) { $0.parseArgument() }
    return .execute(name: name, arguments)
  }

  /// deallocate → "DEALLOCATE" [ "PREPARE" ] ( identifier | "ALL" ).
  private mutating func parseDeallocate() -> Statement.Kind {
    advance()
    if at(.prepare), isName(peek(1)) || peek(1).keyword == .all { advance() }
    if eat(.all) { return .deallocate(nil) }
    return .deallocate(parseName("the name of a prepared statement"))
  }

  /// transaction → ( "BEGIN" | "COMMIT" | "ROLLBACK" ) [ "TRANSACTION" | "WORK" ].
  ///
  /// `START TRANSACTION` is BEGIN too, and written so.
  private mutating func parseTransaction() -> Statement.Kind {
    let keyword = advance().keyword
    if !eat(.transaction) { _ = eat(.work) }
    switch keyword {
    case .commit: return .commit
    case .rollback: return .rollback
    default: return .begin
    }
  }
}
