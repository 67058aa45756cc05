/// CREATE MODEL and ALTER MODEL.
extension Parser {
  /// create-model → "MODEL" "(" model-item { "," model-item } ")".
  mutating func parseCreateModel(orReplace: Bool) -> Statement.Kind {
    advance()
    expect(.leftParenthesis)
    var items: [ModelItem] = []
    _ = parseListBody(until: .rightParenthesis) { parser in
      if let item = parser.parseModelItem() { items.append(item) }
    }
    return .createModel(CreateModel(orReplace: orReplace, items: items))
  }

  /// alter-model → "MODEL" ( "ADD" model-item | "SET" ( model-item | role qualified-name "(" "..."
  ///   { "," model-attribute } ")" ) | "DROP" model-reference ).
  mutating func parseAlterModel() -> Statement.Kind {
    if eat(.drop) {
      return parseModelReference().map { .dropModelItem($0) } ?? .query(missingQuery())
    }
    let words: [Keyword: ModelEdit] = [.add: .add, .set: .set]
    guard let edit = parseChoice(words, "ADD, SET or DROP"),
      let item = parseModelItem(mayKeep: edit == .set)
    else {
      return .query(missingQuery())
    }
    return .alterModel(edit, item)
  }

  /// model-reference → role [ "OF" role ] | "STAGES" | "LINK" qualified-name.
  private mutating func parseModelReference() -> ModelItemReference? {
    let start = position
    if eat(.stages) { return .stages(range(from: start)) }
    if eat(.link) { return .link(parseQualifiedName("a column such as leads.owner_id")) }
    guard let role = parseRole() else { return nil }
    let of = eat(.of) ? parseRole() : nil
    return .role(role, of: of, range(from: start))
  }

  /// role → "LEADS" | "OPPORTUNITIES" | "HISTORY" | "VISITS" | "TOUCHES" | "SPEND" | "QUOTAS" |
  ///   "ACTIVITIES" | "CUSTOMERS" | "SUBSCRIPTIONS" | "MQLS" | "SQLS" | "BOOKINGS".
  mutating func parseRole() -> ModelRole? {
    if let role = role(current) {
      advance()
      return role
    }
    let roles = ModelRole.allCases.compactMap { Keyword(rawValue: $0.rawValue.lowercased()) }
    if let meant = mistyped(roles) {
      reportMistyped(meant)
      advance()
      return ModelRole(rawValue: meant.spelling)
    }
    fail("a role such as LEADS or OPPORTUNITIES")
    return nil
  }

  func role(_ token: Token) -> ModelRole? {
    token.keyword.flatMap { ModelRole(rawValue: $0.spelling) }
  }

  /// model-item → role qualified-name "(" model-attribute { "," model-attribute } ")" | "STAGES"
  ///   "(" stage { "," stage } ")" | "LINK" link { "," link }.
  private mutating func parseModelItem(mayKeep: Bool = false) -> ModelItem? {
    let start = position
    if eat(.stages) {
      expect(.leftParenthesis)
      var stages: [StageDefinition] = []
      _ = parseListBody(until: .rightParenthesis) { parser in
        if let stage = parser.parseStage() { stages.append(stage) }
      }
      return .stages(stages, range(from: start))
    }
    if eat(.link) {
      var links = [parseLink()]
      while at(.comma), atLink(offset: 1) {
        advance()
        links.append(parseLink())
      }
      return .links(links, range(from: start))
    }
    guard let role = parseRole() else { return nil }
    let table = parseQualifiedName("a table")
    expect(.leftParenthesis)
    let first = position
    let attributes = parseListBody(until: .rightParenthesis) { parser -> ModelAttribute in
      let start = parser.position
      if mayKeep, start == first, parser.eat(.ellipsis) {
        return .kept(parser.range(from: start))
      }
      return parser.parseModelAttribute()
    }
    return .role(role, table: table, attributes: attributes, range(from: start))
  }

  // MARK: - Attributes

  /// model-attribute → "OF" role | "MILESTONE" identifier "AT" expression | label "WHEN"
  ///   expression | label expression [ "CURRENCY" expression ] [ "MAPS" "(" mapping { "," mapping
  ///   } ")" ].
  private mutating func parseModelAttribute() -> ModelAttribute {
    let start = position
    if at(.of), role(peek(1)) != nil, let role = role(peek(1)) {
      position += 2
      return .of(role, range(from: start))
    }
    if at(.milestone), isName(peek(1)), peek(2).keyword == .at {
      advance()
      let name = makeName(advance())
      advance()
      return .milestone(name: name, at: parseExpression(), range(from: start))
    }
    let name = parseLabel("an attribute such as KEY or CREATED")
    if eat(.when) {
      return .condition(name: name, parseCondition(), range(from: start))
    }
    let value = parseExpression()
    let currency = eat(.currency) ? parseExpression() : nil
    var maps: [ModelMapping] = []
    if eat(.maps) {
      expect(.leftParenthesis)
      maps = parseListBody(until: .rightParenthesis) { $0.parseMapping() }
    }
    return .value(name: name, value, currency: currency, maps: maps, range(from: start))
  }

  /// mapping → string "AS" label.
  private mutating func parseMapping() -> ModelMapping {
    let text = parseString("a text of the data in quotes")?.text ?? ""
    expect(.as)
    return ModelMapping(
      text: text,
      meaning: parseLabel("media, sales, labour or materials")
    )
  }

  /// stage → ( identifier | string ) ( "OPEN" | "WON" | "LOST" | "HOLD" | "DISQUALIFIED" ) [
  ///   percentage ].
  private mutating func parseStage() -> StageDefinition? {
    let label: Identifier
    if current.kind == .string {
      let token = advance()
      label = Identifier(stringValue(token), range: token.range, isQuoted: true)
    } else {
      label = parseName("a stage's label")
    }
    let kinds: [Keyword: StageKind] = [
      .open: .open, .won: .won, .lost: .lost, .hold: .hold, .disqualified: .disqualified,
    ]
    guard let kind = parseChoice(kinds, "OPEN, WON, LOST, HOLD or DISQUALIFIED") else {
      return nil
    }
    let probability = current.isNumber ? parsePercentage() : nil
    return StageDefinition(label: label, kind: kind, probability: probability)
  }

  // MARK: - Links

  /// link → qualified-name "->" qualified-name [ "SHOW" identifier ].
  private mutating func parseLink() -> LinkDefinition {
    let source = parseQualifiedName("a column such as leads.owner_id")
    expect(.arrow)
    let target = parseQualifiedName("a key column such as users.id")
    let show = eat(.show) ? parseName("the column to show") : nil
    return LinkDefinition(source: source, target: target, show: show)
  }

  /// Whether a qualified name and an arrow stand here.
  private func atLink(offset: Int) -> Bool {
    var offset = offset
    guard isName(peek(offset)) else { return false }
    while peek(offset + 1).symbol == .dot { offset += 2 }
    return peek(offset + 1).symbol == .arrow
  }
}
