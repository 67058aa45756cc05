/// Writes random sentences of the grammar.
struct SentenceGenerator {
  /// Where a production's alternatives are each used at most once in a repetition.
  private static let once: Set<String> = [
    "clause", "policy", "metric-part", "list-clause", "funnel-list", "sequence-option",
  ]
  /// Deeper in the tree only the shortest alternatives are taken.
  private static let maximumDepth = 28

  private let rules: [String: Grammar.Rule]
  private var random: SeededGenerator
  private var minimumDepths: [String: Int] = [:]

  init(rules: [String: Grammar.Rule], seed: UInt64) {
    self.rules = rules
    random = SeededGenerator(seed: seed)
    findMinimumDepths()
  }

  mutating func sentence(of name: String) -> String {
    var tokens: [String] = []
    write(.reference(name), depth: 0, &tokens)
    return tokens.joined(separator: " ")
  }

  // MARK: - Writing

  private mutating func write(_ rule: Grammar.Rule, depth: Int, _ tokens: inout [String]) {
    switch rule {
    case .terminal(let text): tokens.append(text)
    case .reference(let name): reference(name, depth: depth, &tokens)
    case .sequence(let parts):
      for part in parts { write(part, depth: depth, &tokens) }
    case .choice(let alternatives):
      write(pick(alternatives, depth: depth), depth: depth, &tokens)
    case .optional(let inner):
      if isTaken(inner, depth: depth), !isExcluded(inner, after: tokens) {
        write(inner, depth: depth, &tokens)
      }
    case .repetition(let inner):
      repetition(inner, depth: depth, &tokens)
    }
  }

  private mutating func isTaken(_ rule: Grammar.Rule, depth: Int) -> Bool {
    guard depth + cost(rule) < Self.maximumDepth else { return false }
    return Int.random(in: 0..<(3 + depth / 4), using: &random) == 0
  }

  /// IF NOT EXISTS does not stand after OR REPLACE.
  private func isExcluded(_ rule: Grammar.Rule, after tokens: [String]) -> Bool {
    guard case .sequence(let parts) = rule, case .terminal("IF")? = parts.first,
      case .terminal("NOT")? = parts.dropFirst().first,
      let create = tokens.lastIndex(of: "CREATE")
    else { return false }
    return tokens[create...].dropFirst().first == "OR"
  }

  private mutating func repetition(_ inner: Grammar.Rule, depth: Int, _ tokens: inout [String]) {
    let alternatives = distinctAlternatives(inner)
    if alternatives.isEmpty {
      var count = 0
      while count < 3, isTaken(inner, depth: depth) {
        write(inner, depth: depth, &tokens)
        count += 1
      }
      return
    }
    for alternative in alternatives.shuffled(using: &random).prefix(4)
    where isTaken(alternative, depth: depth) {
      write(alternative, depth: depth, &tokens)
    }
  }

  /// The alternatives of clauses, which may each stand once.
  private func distinctAlternatives(_ rule: Grammar.Rule) -> [Grammar.Rule] {
    switch rule {
    case .reference(let name) where Self.once.contains(name):
      guard let body = rules[name] else { return [] }
      if case .choice(let alternatives) = body { return alternatives }
      return [body]
    case .choice(let parts):
      let expanded = parts.map { distinctAlternatives($0) }
      if expanded.allSatisfy(\.isEmpty) { return [] }
      return zip(parts, expanded).flatMap { $1.isEmpty ? [$0] : $1 }
    default: return []
    }
  }

  private mutating func pick(_ alternatives: [Grammar.Rule], depth: Int) -> Grammar.Rule {
    let allowed = alternatives.filter { rule in
      // Words that begin no text of their own: VALUES in FROM takes following rows, an arrow makes
      // a lambda of its left side.
      if case .reference("values") = rule { return false }
      if case .terminal("->") = rule { return false }
      return depth + cost(rule) < Self.maximumDepth
    }
    if let rule = allowed.randomElement(using: &random) { return rule }
    return alternatives.min { cost($0) < cost($1) } ?? .terminal("")
  }

  private mutating func reference(_ name: String, depth: Int, _ tokens: inout [String]) {
    if name == "sales-expression" {
      salesExpression(depth: depth, &tokens)
    } else if let body = rules[name] {
      write(body, depth: depth + 1, &tokens)
    } else {
      tokens.append(Self.lexical[name]?.randomElement(using: &random) ?? "?\(name)?")
    }
  }

  /// In parentheses anything goes; outside of them OVER would be a clause.
  private mutating func salesExpression(depth: Int, _ tokens: inout [String]) {
    if depth < 12, Bool.random(using: &random) {
      tokens.append("(")
      write(.reference("expression"), depth: depth + 1, &tokens)
      tokens.append(")")
    } else {
      tokens.append(
        ["a", "lead.owner", "amount > 5", "x = 'y' and b", "f(x)"].randomElement(using: &random)
          ?? "a"
      )
    }
  }

  /// Examples of the tokens of `lexical.ebnf`.
  static let lexical: [String: [String]] = [
    "identifier": ["a", "b1", "owner", "\"select\"", "\"a b\"", "déjà"],
    "label": ["a", "order", "\"x\"", "select", "b"],
    "string": ["'x'", "'it''s'", "E'\\n'", "$$d$$"],
    "blob": ["X'0aff'"],
    "integer": ["0", "1", "1_000", "0xff", "12"],
    "positive-integer": ["1", "12", "0x0f"],
    "decimal": ["1.50", ".5"],
    "double": ["1.5e3", "1e-5"],
    "parameter": ["$p", "$1", "?"],
    "bare-date": ["2026-01-31"],
    "year": ["2026"],
    "year-quarter": ["2026-Q1"],
    "year-month": ["2026-03"],
    "year-week": ["2026-W07"],
    "fiscal-year": ["FY2026"],
    "fiscal-quarter": ["FY2026-Q4"],
    "percentile": ["p90", "p99.9"],
  ]

  // MARK: - Shortest sentences

  private mutating func findMinimumDepths() {
    var isChanged = true
    while isChanged {
      isChanged = false
      for (name, rule) in rules {
        let depth = cost(rule) + 1
        if depth < minimumDepths[name] ?? Int.max / 4 {
          minimumDepths[name] = depth
          isChanged = true
        }
      }
    }
  }

  /// How many levels the shortest sentence of a rule needs.
  private func cost(_ rule: Grammar.Rule) -> Int {
    switch rule {
    case .terminal: 0
    case .reference(let name): rules[name] == nil ? 0 : minimumDepths[name] ?? Int.max / 8
    case .sequence(let parts): parts.map { cost($0) }.max() ?? 0
    case .choice(let alternatives): alternatives.map { cost($0) }.min() ?? 0
    case .optional, .repetition: 0
    }
  }
}
