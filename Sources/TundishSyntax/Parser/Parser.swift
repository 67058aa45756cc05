/// Turns tokens into statements by recursive descent, with precedence climbing for expressions.
///
/// It never fails. A function that does not find what it needs reports that once, at the smallest
/// token, and returns the best node it has; further reports at the same token are dropped, so one
/// mistake gives one diagnostic. Recovery skips to the next clause keyword, closing parenthesis or
/// `;`, so independent mistakes are all reported. Each parse function begins with its production
/// of `grammar/tundish.ebnf`.
struct Parser {
  /// How deeply expressions, queries and types may nest, in levels.
  ///
  /// A level of an expression counts as one, of a query as several. `StackGuard` stops earlier where
  /// stack is short, so that the deepest statement fits on the stack of a secondary thread.
  static let nestingLimit = 150
  /// How many operators one left-deep chain may have.
  static let chainLimit = 250
  /// How many casts, subscripts or tests may follow one another.
  static let suffixLimit = 50
  /// How many pivots one relation may have.
  static let pivotLimit = 10
  /// Chains of associative operators longer than this become balanced trees.
  static let leftDeepLimit = 32

  let bytes: [UInt8]
  let tokens: [Token]
  var position = 0
  var diagnostics: [Diagnostic]
  /// The token at which an error was last reported; errors there are not reported again.
  var errorPosition = -1
  var depth = 0
  /// Outside parentheses in a clause of the sales door, where OVER is a clause.
  var isSalesExpression = false
  /// In an argument of a call outside further parentheses, where a final `IGNORE NULLS` belongs to
  /// that call and not to one that the argument ends in.
  var isArgument = false
  /// In LIMIT outside parentheses, where a final `%` is no operator.
  var endsAtPercent = false
  /// In conditions of the sales door, where `50%` and `90 days` are values.
  var allowsUnits = false
  /// The highest number of a parameter of the statement so far; `?` has the next one.
  var questionMarkCount = 0
  /// The first token of the statement that is being read.
  var statementStart = 0
  /// The last bare alias that began a line: perhaps a statement whose `;` was forgotten.
  var lineStartingAlias = -1
  private let stack = StackGuard()

  init(bytes: [UInt8], lexed: Lexer.Output) {
    self.bytes = bytes
    tokens = lexed.tokens
    diagnostics = lexed.diagnostics
  }

  // MARK: - Looking

  var current: Token { tokens[position] }

  var isAtEnd: Bool { current.kind == .end }

  /// The token some places ahead; the end token after the last.
  func peek(_ offset: Int) -> Token {
    tokens[min(max(position + offset, 0), tokens.count - 1)]
  }

  func at(_ keyword: Keyword) -> Bool { current.keyword == keyword }

  func at(_ symbol: Symbol) -> Bool { current.kind == .symbol(symbol) }

  /// Whether the next tokens are these keywords.
  func at(_ first: Keyword, _ second: Keyword, _ third: Keyword? = nil) -> Bool {
    guard current.keyword == first, peek(1).keyword == second else { return false }
    return third.map { peek(2).keyword == $0 } ?? true
  }

  func at(anyOf keywords: Set<Keyword>) -> Bool {
    current.keyword.map(keywords.contains) ?? false
  }

  /// Whether a token can be a name of a column or table: a quoted name, or a word that is not
  /// reserved.
  func isName(_ token: Token) -> Bool {
    switch token.kind {
    case .quotedName: true
    case .word: token.keyword.map { $0.wordClass == .soft } ?? true
    case .string, .blob, .integer, .decimal, .double, .parameter, .symbol, .comment, .unknown,
      .end:
      false
    }
  }

  func text(of token: Token) -> String {
    text(of: token.range)
  }

  func text(of range: SourceRange) -> String {
    String(decoding: bytes[range.lowerBound..<range.upperBound], as: UTF8.self)
  }

  // MARK: - Moving

  @discardableResult
  mutating func advance() -> Token {
    let token = current
    if position < tokens.count - 1 { position += 1 }
    return token
  }

  mutating func eat(_ keyword: Keyword) -> Bool {
    guard at(keyword) else { return false }
    advance()
    return true
  }

  mutating func eat(_ first: Keyword, _ second: Keyword, _ third: Keyword? = nil) -> Bool {
    guard at(first, second, third) else { return false }
    position += third == nil ? 2 : 3
    return true
  }

  mutating func eat(_ symbol: Symbol) -> Bool {
    guard at(symbol) else { return false }
    advance()
    return true
  }

  /// Takes a keyword, or a word that was meant to be it, or reports what stands there instead.
  @discardableResult
  mutating func expect(_ keyword: Keyword, notes: [String] = []) -> Bool {
    if eat(keyword) { return true }
    if let meant = mistyped([keyword]) {
      reportMistyped(meant)
      advance()
      return true
    }
    fail(keyword.spelling, notes: notes)
    return false
  }

  @discardableResult
  mutating func expect(_ symbol: Symbol) -> Bool {
    if eat(symbol) { return true }
    fail("'\(symbol.rawValue)'")
    return false
  }

  /// From the first byte of a token to the last byte that was read.
  func range(from start: Int) -> SourceRange {
    guard position > start else {
      return SourceRange(tokens[start].range.lowerBound, tokens[start].range.lowerBound)
    }
    return SourceRange(tokens[start].range.lowerBound, tokens[position - 1].range.upperBound)
  }

  // MARK: - Nesting

  /// Goes down some levels; at the limit reports that and gives the statement up.
  mutating func enter(_ levels: Int = 1) -> Bool {
    guard depth + levels <= Self.nestingLimit, !stack.isExhausted else {
      giveUp(.nestedTooDeeply(at: tokens[statementStart].range))
      return false
    }
    depth += levels
    return true
  }

  mutating func leave(_ levels: Int = 1) {
    depth -= levels
  }
}
