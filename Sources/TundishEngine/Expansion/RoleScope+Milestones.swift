internal import TundishColumns
internal import TundishSyntax

// The milestones that `from`, `to` and funnels name: declared ones first, then the built-in ones,
// then stage labels of a HISTORY.
extension RoleScope {
  /// When an entity of this role reached a milestone, and whether it did.
  struct MilestoneValue {
    /// The first time; NULL where it did not or the time is unknown.
    var at: Expression
    /// Whether it did, as of the statement's instant.
    var reached: Expression
    /// All times at which it did, where it may more than once.
    var times: Expression?
    /// What the model lacks to say when; nil where it says so.
    var untimed: Diagnostic?
  }

  /// The name of a milestone as written.
  struct MilestoneName: Hashable {
    var name: String
    var isLabel: Bool
  }

  /// Resolves a milestone; nil where there is none of that name.
  func milestone(_ milestone: MilestoneName) throws(StatementFailure) -> MilestoneValue? {
    let word = foldedText(milestone.name)
    if !milestone.isLabel {
      let declared = definition.milestones.first { foldedEqual($0.name.text, word) }
      if let declared, try type(ofAttribute: word) == .boolean {
        return flagged(qualified(declared.at), word)
      }
      if declared != nil, let at = try attribute(word)?.value {
        return reachedAt(at)
      }
      if let builtIn = try builtInMilestone(word) { return builtIn }
    }
    return try historyMilestone(milestone)
  }

  /// The names that may stand for a milestone here, the stages of the history last.
  func milestoneNames() throws(StatementFailure) -> [String] {
    var names = namesWithoutHistory()
    guard let history = model.role(.history, of: role), definition.value("key") != nil,
      let stage = history.value("stage")
    else { return names }
    for label in try lookup.texts(of: stage, in: history.table)
    where !names.contains(where: { foldedEqual($0, label) }) { names.append(label) }
    return names
  }

  private func namesWithoutHistory() -> [String] {
    let declared = definition.milestones.map(\.name.text)
    guard role == .leads else { return declared + ["opportunity", "customer"] }
    let isVisiting = model.role(.visits) != nil && definition.value("visitor") != nil
    let isConverting = definition.value("converted") != nil
    let deals = ["opportunity", "customer"].filter { name in
      hasLinkedOpportunities && !declared.contains { foldedEqual($0, name) }
    }
    return declared + (isVisiting ? ["visitor"] : []) + ["lead"]
      + (isConverting ? ["converted"] : []) + deals
  }

  private func builtInMilestone(_ word: String) throws(StatementFailure) -> MilestoneValue? {
    switch (role, word) {
    case (.leads, "lead"):
      guard let created = try attribute("created")?.value else {
        return MilestoneValue(
          at: sql.cast(sql.null, "TIMESTAMP"),
          reached: sql.boolean(true),
          untimed: missing("CREATED", of: definition)
        )
      }
      return MilestoneValue(at: created, reached: sql.boolean(true))
    case (.leads, "converted"):
      guard let converted = try attribute("converted")?.value else { return nil }
      if try type(ofAttribute: "converted") == .boolean { return flagged(converted, word) }
      return reachedAt(converted)
    case (.leads, "opportunity"), (.leads, "customer"):
      guard let joined = try joinOpportunities(), let deals = model.role(.opportunities) else {
        return nil
      }
      if word == "opportunity" {
        return MilestoneValue(
          at: sql.name(joined, "opportunity_at"),
          reached: sql.isNull(sql.name(joined, "key"), not: true),
          untimed: deals.value("created") == nil ? missing("CREATED", of: deals) : nil
        )
      }
      return MilestoneValue(
        at: sql.name(joined, "customer_at"),
        reached: sql.call("coalesce", [sql.name(joined, "is_won"), sql.boolean(false)]),
        untimed: deals.value("closed") == nil ? missing("CLOSED", of: deals) : nil
      )
    case (.leads, "visitor"):
      guard let visits = model.role(.visits), let visitor = definition.value("visitor") else {
        return nil
      }
      let scope = nested(visits)
      guard let key = try scope.attribute("visitor")?.value,
        let at = try scope.attribute("at")?.value
      else { return nil }
      let query = sql.query(
        sql.select(
          [sql.item(key, as: "key"), sql.item(sql.call("min", [at]), as: "visitor_at")],
          from: scope.from,
          where: sql.isNull(key, not: true),
          groupBy: .elements([.expressions([sql.integer(1)])])
        )
      )
      let alias = join(query, as: "first_visits", key: "key", on: qualified(visitor))
      return reachedAt(sql.name(alias, "visitor_at"))
    case (.opportunities, "opportunity"):
      guard let created = try attribute("created")?.value else {
        return MilestoneValue(
          at: sql.cast(sql.null, "TIMESTAMP"),
          reached: sql.boolean(true),
          untimed: missing("CREATED", of: definition)
        )
      }
      return MilestoneValue(at: created, reached: sql.boolean(true))
    case (.opportunities, "customer"), (.opportunities, "won"):
      let won = sql.equal(try outcome(), sql.text("won"))
      guard let closed = try attribute("closed")?.value else {
        return MilestoneValue(
          at: sql.cast(sql.null, "TIMESTAMP"),
          reached: won,
          untimed: missing("CLOSED", of: definition)
        )
      }
      return MilestoneValue(at: sql.choose([(won, closed)]), reached: won)
    default:
      return nil
    }
  }

  /// A milestone of which only yes or no is known.
  private func flagged(_ isReached: Expression, _ name: String) -> MilestoneValue {
    MilestoneValue(
      at: sql.cast(sql.null, "TIMESTAMP"),
      reached: sql.call("coalesce", [isReached, sql.boolean(false)]),
      untimed: .attributeIsNoDate(
        name,
        of: role,
        table: definition.table.last,
        type: "BOOLEAN",
        range: sql.range
      )
    )
  }

  func reachedAt(_ at: Expression) -> MilestoneValue {
    let reached =
      asOf.map { sql.less(at, $0.expression) } ?? sql.isNull(at, not: true)
    return MilestoneValue(at: at, reached: sql.call("coalesce", [reached, sql.boolean(false)]))
  }

  /// Whether leads and opportunities are linked.
  var hasLinkedOpportunities: Bool {
    guard role == .leads, let opportunities = model.role(.opportunities) else { return false }
    // Nothing numbers the rows that a SELECT brings.
    if isLinkedByRow { return lookups == nil }
    return (opportunities.value("lead") != nil && definition.value("key") != nil)
      || (definition.value("opportunity") != nil && opportunities.value("key") != nil)
  }

  private func missing(_ attribute: String, of role: RoleDefinition) -> Diagnostic {
    .missingAttribute(
      attribute,
      of: role.role,
      table: role.table.last,
      neededBy: nil,
      range: sql.range
    )
  }

  /// What became of each lead's opportunities, with what they brought; an error that names what the
  /// model lacks, since no link and no amount are not the same as nothing sold.
  func neededOpportunities(for metric: String) throws(StatementFailure) -> String {
    guard let opportunities = model.role(.opportunities) else {
      throw StatementFailure([
        .missingRole(
          .opportunities,
          metric: metric,
          message: nil,
          catalog: lookup.catalog,
          range: sql.range
        )
      ])
    }
    var lack: (attribute: String, role: RoleDefinition)?
    if opportunities.value("amount") == nil {
      lack = ("AMOUNT", opportunities)
    } else if isLinkedByRow {
      if !hasLinkedOpportunities { lack = ("KEY", definition) }
    } else if opportunities.value("lead") != nil {
      if definition.value("key") == nil { lack = ("KEY", definition) }
    } else if definition.value("opportunity") != nil {
      if opportunities.value("key") == nil { lack = ("KEY", opportunities) }
    } else {
      lack = ("LEAD", opportunities)
    }
    if lack == nil, let joined = try joinOpportunities() { return joined }
    let (attribute, role) = lack ?? ("LEAD", opportunities)
    throw StatementFailure([
      .missingAttribute(
        attribute,
        of: role.role,
        table: role.table.last,
        neededBy: metric,
        range: sql.range
      )
    ])
  }

  /// Joins what became of each lead's opportunities: one row per lead.
  ///
  /// The columns: `opportunity_at`, `customer_at`, `is_won`, `won_amount`.
  func joinOpportunities() throws(StatementFailure) -> String? {
    guard hasLinkedOpportunities, let opportunities = model.role(.opportunities) else { return nil }
    let scope = nested(opportunities)
    let key: Expression
    let own: Expression
    if isLinkedByRow {
      key = scope.qualified(Self.rowNumber)
      own = qualified(Self.rowNumber)
    } else if let lead = opportunities.value("lead"), let leadKey = definition.value("key") {
      key = scope.qualified(lead)
      own = qualified(leadKey)
    } else if let opportunity = definition.value("opportunity"),
      let opportunityKey = opportunities.value("key")
    {
      key = scope.qualified(opportunityKey)
      own = qualified(opportunity)
    } else {
      return nil
    }
    let none = sql.cast(sql.null, "TIMESTAMP")
    let created = try scope.attribute("created")?.value
    let closed = try scope.attribute("closed")?.value
    let amount = try scope.attribute("amount")?.value
    let won = sql.equal(try scope.outcome(), sql.text("won"))
    if !scope.rateChecks.isEmpty { nestedRateChecks.append((scope, won)) }
    var conditions = [sql.isNull(key, not: true)]
    if let asOf, let created {
      conditions.append(
        sql.grouped(
          sql.expression(
            .binary(.or, sql.isNull(created), sql.less(created, asOf.expression))
          )
        )
      )
    }
    let query = sql.query(
      sql.select(
        [
          sql.item(key, as: "key"),
          sql.item(created.map { sql.call("min", [$0]) } ?? none, as: "opportunity_at"),
          sql.item(closed.map { sql.call("min", [$0], filter: won) } ?? none, as: "customer_at"),
          sql.item(sql.call("bool_or", [won]), as: "is_won"),
          sql.item(
            amount.map { sql.call("sum", [$0], filter: won) } ?? sql.cast(sql.null, "DOUBLE"),
            as: "won_amount"
          ),
        ],
        from: scope.from,
        where: sql.all(conditions),
        groupBy: .elements([.expressions([sql.integer(1)])])
      )
    )
    return join(query, as: "lead_opportunities", key: "key", on: own)
  }

  /// Who buys: the account, else the lead, else the opportunity itself.
  func customerKey() throws(StatementFailure) -> Expression {
    for name in ["account", "lead", "key"] {
      if let value = definition.value(name) { return qualified(value) }
    }
    throw StatementFailure([
      .missingAttribute(
        "ACCOUNT",
        of: role,
        table: definition.table.last,
        neededBy: nil,
        range: sql.range
      )
    ])
  }

  /// Whether no opportunity of the same customer was won on an earlier date.
  func isFirstWin() throws(StatementFailure) -> Expression {
    let scope = nested(definition)
    let customer = try scope.customerKey()
    guard let closed = try scope.attribute("closed")?.value,
      let own = try attribute("closed")?.value
    else {
      throw StatementFailure([
        .missingAttribute(
          "CLOSED",
          of: role,
          table: definition.table.last,
          neededBy: nil,
          range: sql.range
        )
      ])
    }
    let query = sql.query(
      sql.select(
        [sql.item(customer, as: "key"), sql.item(sql.call("min", [closed]), as: "first_closed")],
        from: scope.from,
        where: sql.all([
          sql.equal(try scope.outcome(), sql.text("won")), sql.isNull(customer, not: true),
        ]),
        groupBy: .elements([.expressions([sql.integer(1)])])
      )
    )
    let alias = join(query, as: "first_wins", key: "key", on: try customerKey())
    return sql.equal(own, sql.name(alias, "first_closed"))
  }

  private func historyMilestone(
    _ milestone: MilestoneName
  ) throws(StatementFailure) -> MilestoneValue? {
    guard let history = model.role(.history, of: role), let own = definition.value("key") else {
      return nil
    }
    let scope = nested(history)
    // The key itself, not the name that a LINK shows in its place.
    guard let key = history.value("key").map({ scope.qualified($0) }),
      let stage = history.value("stage"), let at = try scope.attribute("at")?.value
    else { return nil }
    let labels = try lookup.texts(of: stage, in: history.table)
    let matching = labels.filter {
      milestone.isLabel ? $0 == milestone.name : foldedEqual($0, milestone.name)
    }
    guard !matching.isEmpty else { return nil }
    let query = sql.query(
      sql.select(
        [
          sql.item(key, as: "key"), sql.item(sql.call("min", [at]), as: "reached_at"),
          sql.item(sql.call("list", [at]), as: "reached_times"),
        ],
        from: scope.from,
        where: sql.any(of: scope.qualified(stage), matching),
        groupBy: .elements([.expressions([sql.integer(1)])])
      )
    )
    let alias = join(
      query,
      as: "reached_\(Self.plain(milestone.name))",
      key: "key",
      on: qualified(own)
    )
    var value = reachedAt(sql.name(alias, "reached_at"))
    value.times = sql.name(alias, "reached_times")
    return value
  }

  /// A name made of the letters and digits of a label.
  static func plain(_ label: String) -> String {
    String(
      decoding: foldedText(label).utf8.map {
        ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) ? $0 : 0x5F
      },
      as: UTF8.self
    )
  }
}

extension RoleScope {
  /// The digits after the point of the amounts of deals: at least those of a cent.
  func minorDigits() throws(StatementFailure) -> Int {
    let deals = role == .leads ? model.role(.opportunities).map { nested($0) } : self
    guard case .decimal(_, let scale)? = try deals?.type(ofAttribute: "amount") else { return 2 }
    return max(2, min(scale, 9))
  }
}
