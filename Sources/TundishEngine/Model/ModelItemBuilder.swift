internal import TundishColumns
internal import TundishSyntax

/// Writes a candidate as items of the model, and says on which evidence.
struct ModelItemBuilder {
  let recognizer: ModelRecognizer
  let candidate: RoleCandidate
  private var attributes: [ModelAttribute] = []
  private var told: [String] = []
  private var stages: ModelItem?

  private var sql: SQLBuilder { recognizer.sql }
  private var table: QualifiedName { QualifiedName([sql.identifier(candidate.table.name)]) }

  init(recognizer: ModelRecognizer, candidate: RoleCandidate) {
    self.recognizer = recognizer
    self.candidate = candidate
  }

  /// The items, the line that tells them, and what is asked of the user.
  func make() throws(StatementFailure) -> (items: [ModelItem], line: String, asked: [String]) {
    var builder = self
    try builder.fill()
    let role = candidate.role
    let item = ModelItem.role(
      role,
      table: table,
      attributes: builder.attributes,
      sql.range
    )
    let name = role.rawValue.lowercasedASCII
    let line = "\(name) = \(candidate.table.name) (\(builder.told.joined(separator: ", ")))"
    let asked = builder.asked(item) + builder.askedOfLosses + candidate.questions
    return ([item] + (builder.stages.map { [$0] } ?? []), line, asked)
  }

  /// An export with wins and nothing that is lost: some CRMs archive lost deals.
  private var askedOfLosses: [String] {
    guard candidate.role == .opportunities else { return [] }
    let conditions = attributes.map { Self.name(of: $0) }
    var kinds: Set<StageKind> = []
    if case .stages(let stages, _)? = stages { kinds = Set(stages.map(\.kind)) }
    let isWon = conditions.contains("WON") || kinds.contains(.won)
    let isLost = conditions.contains("LOST") || kinds.contains(.lost)
    if !isWon, !isLost, !kinds.isEmpty, candidate.has("CLOSED") {
      return [
        "no stage of \(candidate.table.name) is won or lost, so that every deal counts as open; "
          + "WON WHEN and LOST WHEN say which are not"
      ]
    }
    guard isWon, !isLost else { return [] }
    return [
      "\(candidate.table.name) has won deals and none that are lost, so that win_rate would be 100 %: "
        + "some CRMs archive lost deals; LOST WHEN says which are"
    ]
  }

  /// Where won and lost deals have no date, but a date is expected of all: some CRMs overwrite the
  /// expected date with the real one, others do not, and nothing in the data tells.
  private func asked(_ item: ModelItem) -> [String] {
    guard candidate.role == .opportunities,
      !attributes.contains(where: { Self.name(of: $0) == "CLOSED" }),
      let expected = candidate.attribute("EXPECTED"),
      case .role(let role, let table, let attributes, let range) = item
    else { return [] }
    let closed = ModelAttribute.value(
      name: Identifier("CLOSED", range: sql.range),
      expected.value,
      currency: nil,
      maps: [],
      sql.range
    )
    let place = attributes.firstIndex { Self.name(of: $0) == "EXPECTED" } ?? attributes.count
    let whole = attributes[..<place] + [closed] + attributes[place...]
    let statement = ModelRecognizer.statement(
      .set,
      .role(role, table: table, attributes: Array(whole), range)
    )
    return [
      "no column of \(candidate.table.name) says when deals were closed; if \(expected.column.name) "
        + "does that for deals that are won or lost, say it:",
      "  " + statement,
    ]
  }

  private mutating func fill() throws(StatementFailure) {
    if candidate.role == .history {
      attributes.append(.of(candidate.subject ?? .opportunities, sql.range))
    }
    let quiet: Set<String> = ["KEY", "ACCOUNT", "PRODUCT"]
    for attribute in candidate.attributes {
      let value = try refined(attribute)
      let currency = attribute.name == "AMOUNT" ? try currency(of: attribute.column) : nil
      let maps = attribute.name == "KIND" && candidate.role == .spend ? try kinds(attribute) : []
      add(attribute.name, value, currency: currency, maps: maps)
      guard !quiet.contains(attribute.name) else { continue }
      told.append("\(attribute.name.lowercasedASCII) \(Self.words(value, of: attribute))")
    }
    let left = try UncountedRows(recognizer: recognizer, candidate: candidate).conditions()
    if let counted = sql.all([candidate.counted].compactMap { $0 } + left.map(\.condition)) {
      condition("COUNTED", counted)
    }
    if let counted = candidate.counted { told.append("rows where \(Self.line(counted))") }
    told += left.map(\.told)
    switch candidate.role {
    case .opportunities: try addOutcome()
    case .leads: try addLeadExtras()
    case .history, .visits, .touches, .spend, .quotas, .activities, .customers, .subscriptions,
      .mqls, .sqls, .bookings:
      break
    }
  }

  private mutating func add(
    _ name: String,
    _ value: Expression,
    currency: Expression? = nil,
    maps: [ModelMapping] = []
  ) {
    attributes.append(
      .value(
        name: Identifier(name, range: sql.range),
        value,
        currency: currency,
        maps: maps,
        sql.range
      )
    )
  }

  /// A condition on one line, without the list of words that say yes.
  private static func line(_ condition: Expression) -> String {
    let text = Syntax.format(condition).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard
      let list = text.firstRange(of: " IN ( '1', 'true'")
        ?? text.firstRange(of: " IN ('1', 'true'"),
      let end = text[list.upperBound...].firstIndex(of: ")")
    else { return text }
    return text[..<list.lowerBound] + " says yes" + text[text.index(after: end)...]
  }

  private mutating func condition(_ name: String, _ condition: Expression) {
    attributes.append(.condition(name: Identifier(name, range: sql.range), condition, sql.range))
  }

  /// A column's name as the user knows it, or the expression.
  private static func words(
    _ value: Expression,
    of attribute: RoleCandidate.Attribute? = nil
  ) -> String {
    if let name = value.simpleName?.text { return name }
    if let attribute, RoleCandidate.dates.contains(attribute.name) {
      return "\(attribute.column.name), whose texts are dates"
    }
    return Syntax.format(value)
  }

  /// What was really won where the table has that apart from what was hoped for.
  private func refined(
    _ attribute: RoleCandidate.Attribute
  ) throws(StatementFailure) -> Expression {
    guard candidate.role == .opportunities, attribute.name == "AMOUNT",
      ColumnHints.plain(attribute.column.name) == "actualrevenue",
      let hoped = candidate.column(["estrevenue", "estimatedrevenue", "estimatedvalue"]),
      hoped.type.isNumeric
    else { return attribute.value }
    return sql.call("coalesce", [attribute.value, sql.name(hoped.name)])
  }

  /// The currency: the only one of a column of currencies, or the column, or what the amount's name
  /// says in brackets.
  private func currency(of amount: Field) throws(StatementFailure) -> Expression? {
    for field in ColumnHints.currencies(of: amount, in: candidate.fields) {
      let codes = try recognizer.lookup.texts(of: sql.name(field.name), in: table)
      let areCodes = codes.allSatisfy { code in
        code.utf8.count == 3 && code.allSatisfy { $0.isASCII && $0.isLetter }
      }
      if areCodes, let first = codes.first {
        return codes.count == 1 ? sql.text(first.uppercasedASCII) : sql.name(field.name)
      }
    }
    return ColumnHints.currency(inName: amount.name).map { sql.text($0) }
  }

  /// The kinds of spend that labels are known to be.
  private func kinds(
    _ attribute: RoleCandidate.Attribute
  ) throws(StatementFailure) -> [ModelMapping] {
    try recognizer.lookup.texts(of: attribute.value, in: table).compactMap { label in
      guard let kind = ColumnHints.spendKinds[ColumnHints.label(label)], kind != label else {
        return nil
      }
      return ModelMapping(text: label, meaning: Identifier(kind, range: sql.range))
    }
  }

  // MARK: Opportunities

  private mutating func addOutcome() throws(StatementFailure) {
    let outcome = try OutcomeEvidence(recognizer: recognizer, candidate: candidate)
    if let closed = outcome.closed ?? outcome.lastMove {
      let place = attributes.firstIndex { Self.name(of: $0) == "AMOUNT" } ?? attributes.count
      attributes.insert(
        .value(
          name: Identifier("CLOSED", range: sql.range),
          closed,
          currency: nil,
          maps: [],
          sql.range
        ),
        at: min(place, attributes.count)
      )
      told.append("closed \(Self.words(closed))")
    }
    for (name, condition) in outcome.conditions { self.condition(name, condition) }
    told += outcome.told
    guard outcome.conditions.isEmpty else { return }
    let text = Self.text(outcome.stages)
    if !text.isEmpty { told.append("stages: \(text)") }
    let known = outcome.stages.compactMap { label, kind -> StageDefinition? in
      guard let kind else { return nil }
      return StageDefinition(
        label: Identifier(label, range: sql.range, isQuoted: true),
        kind: kind,
        probability: outcome.probabilities[label]
      )
    }
    if !known.isEmpty { stages = .stages(known, sql.range) }
  }

  private static func name(of attribute: ModelAttribute) -> String {
    switch attribute {
    case .value(let name, _, _, _, _), .condition(let name, _, _): name.text
    case .milestone(let name, _, _): name.text
    case .of, .kept: ""
    }
  }

  /// What is said of the stages, such as `Won won, Engaging and Prospecting open`.
  private static func text(_ known: [(label: String, kind: StageKind?)]) -> String {
    var parts: [String] = []
    for kind in [StageKind.won, .lost, .open, .hold, .disqualified] {
      let labels = known.filter { $0.kind == kind }.map(\.label)
      guard !labels.isEmpty else { continue }
      parts.append("\(ModelRecognizer.enumeration(labels)) \(kind.rawValue.lowercasedASCII)")
    }
    let unknown = known.filter { $0.kind == nil }.map(\.label)
    if !unknown.isEmpty {
      let items = unknown.map { "'\($0)' OPEN" }.joined(separator: ", ")
      parts.append(
        "\(ModelRecognizer.enumeration(unknown)) unknown: say it with ALTER MODEL ADD STAGES (\(items))"
      )
    }
    return parts.joined(separator: ", ")
  }

  // MARK: Leads

  /// DISQUALIFIED WHEN and the milestone columns of leads.
  private mutating func addLeadExtras() throws(StatementFailure) {
    if let status = candidate.column(["status", "leadstatus"]), status.type.isText {
      let labels = try recognizer.lookup.texts(of: sql.name(status.name), in: table)
      let bad = labels.filter { ColumnHints.disqualifiedLabels.contains(ColumnHints.label($0)) }
      if !bad.isEmpty {
        condition("DISQUALIFIED", sql.any(of: sql.name(status.name), bad))
        told.append("disqualified when \(status.name) is \(bad.joined(separator: " or "))")
      }
    }
    let used = Set(candidate.attributes.filter { $0.name != "CONVERTED" }.map(\.column.name))
    var named: Set<String> = []
    for field in candidate.fields where !used.contains(field.name) && RoleCandidate.isDate(field) {
      guard let milestone = ColumnHints.milestone(field.name), named.insert(milestone).inserted
      else { continue }
      attributes.append(
        .milestone(name: sql.identifier(milestone), at: sql.name(field.name), sql.range)
      )
      told.append("milestone \(milestone) at \(field.name)")
    }
    addOwnMilestones(except: Set(candidate.attributes.map(\.column.name)), &named)
    // `from applied to hired` begins where leads do, by the name that their own date has.
    if let created = candidate.attribute("CREATED"),
      let name = ColumnHints.beginning(created.column.name), named.insert(name).inserted
    {
      attributes.append(.milestone(name: sql.identifier(name), at: created.value, sql.range))
    }
    try addFlagMilestones(except: used, &named)
    let name = ColumnHints.plainTable(candidate.table.name)
    if name.contains("marketingqualified"), !named.contains("mql"),
      let created = candidate.attribute("CREATED")
    {
      attributes.append(.milestone(name: sql.identifier("mql"), at: created.value, sql.range))
      told.append("all of them mql")
    }
  }

  /// Milestones that only this firm knows, by the names of their columns: `Application Date`, `Demo op`.
  private mutating func addOwnMilestones(except used: Set<String>, _ named: inout Set<String>) {
    for field in candidate.fields where !used.contains(field.name) && RoleCandidate.isDate(field) {
      guard ColumnHints.milestone(field.name) == nil,
        let milestone = ColumnHints.ownMilestone(field.name), named.insert(milestone).inserted
      else { continue }
      attributes.append(
        .milestone(name: sql.identifier(milestone), at: sql.name(field.name), sql.range)
      )
      told.append("milestone \(milestone) at \(field.name)")
    }
  }

  /// Milestones that a column of yes and no tells, without a date: `MQL?`.
  private mutating func addFlagMilestones(
    except used: Set<String>,
    _ named: inout Set<String>
  ) throws(StatementFailure) {
    for field in candidate.fields where !used.contains(field.name) {
      guard let milestone = ColumnHints.milestone(field.name.replacing("?", with: "")),
        ["mql", "sal", "sql", "demo", "meeting", "trial"].contains(milestone),
        !named.contains(milestone),
        let isSet = try recognizer.isSet(field, in: candidate.table)
      else { continue }
      named.insert(milestone)
      attributes.append(.milestone(name: sql.identifier(milestone), at: isSet, sql.range))
      told.append("milestone \(milestone) when \(field.name) says so, without a date")
    }
  }
}
