/// `CREATE [OR REPLACE] MODEL (<item>, ...)`.
package struct CreateModel: Sendable, Hashable {
  /// OR REPLACE.
  package var orReplace: Bool
  /// The items, in order.
  package var items: [ModelItem]

  /// Creates a statement.
  package init(orReplace: Bool, items: [ModelItem]) {
    self.orReplace = orReplace
    self.items = items
  }
}

/// ADD or SET of ALTER MODEL.
package enum ModelEdit: String, Sendable, Hashable {
  case add = "ADD"
  case set = "SET"
}

/// The roles that a table can have in the sales model.
package enum ModelRole: String, Sendable, Hashable, CaseIterable {
  case leads = "LEADS"
  case opportunities = "OPPORTUNITIES"
  case history = "HISTORY"
  case visits = "VISITS"
  case touches = "TOUCHES"
  case spend = "SPEND"
  case quotas = "QUOTAS"
  case activities = "ACTIVITIES"
  case customers = "CUSTOMERS"
  case subscriptions = "SUBSCRIPTIONS"
  /// A table that holds one stage only, without a key that ties it to leads.
  case mqls = "MQLS"
  case sqls = "SQLS"
  case bookings = "BOOKINGS"
}

/// One item of a model.
package indirect enum ModelItem: Sendable, Hashable {
  /// `<ROLE> <table> (<attribute>, ...)`.
  case role(ModelRole, table: QualifiedName, attributes: [ModelAttribute], SourceRange)
  /// `STAGES (<label> <KIND> [<probability>], ...)`.
  case stages([StageDefinition], SourceRange)
  /// `LINK <table.column> -> <table.column> [SHOW <column>], ...`.
  case links([LinkDefinition], SourceRange)
}

/// What ALTER MODEL DROP names.
package enum ModelItemReference: Sendable, Hashable {
  /// `DROP LEADS`, `DROP HISTORY OF LEADS`.
  case role(ModelRole, of: ModelRole?, SourceRange)
  /// `DROP STAGES`.
  case stages(SourceRange)
  /// `DROP LINK <table.column>`.
  case link(QualifiedName)
}

/// One attribute of a role.
package indirect enum ModelAttribute: Sendable, Hashable {
  /// `CREATED engage_date`, `SOURCE lower(utm_source)`, `AMOUNT close_value CURRENCY 'USD'`,
  /// `KIND kind MAPS ('ads' AS media)`, `INTERVAL month`.
  case value(
    name: Identifier,
    Expression,
    currency: Expression?,
    maps: [ModelMapping],
    SourceRange
  )
  /// `WON WHEN <condition>`, `LOST WHEN`, `DISQUALIFIED WHEN`.
  case condition(name: Identifier, Expression, SourceRange)
  /// `MILESTONE mql AT mql_at`.
  case milestone(name: Identifier, at: Expression, SourceRange)
  /// `OF OPPORTUNITIES`, in HISTORY.
  case of(ModelRole, SourceRange)
  /// `...`, first in ALTER MODEL SET: the attributes that the role has.
  case kept(SourceRange)
}

/// `'ads' AS media`.
package struct ModelMapping: Sendable, Hashable {
  /// The text in the data.
  package let text: String
  /// What it means.
  package let meaning: Identifier

  /// Creates a mapping.
  package init(text: String, meaning: Identifier) {
    self.text = text
    self.meaning = meaning
  }
}

/// What a stage means for the outcome of an opportunity.
package enum StageKind: String, Sendable, Hashable, CaseIterable {
  case open = "OPEN"
  case won = "WON"
  case lost = "LOST"
  case hold = "HOLD"
  case disqualified = "DISQUALIFIED"
}

/// `Prospecting OPEN 10%`.
package struct StageDefinition: Sendable, Hashable {
  /// The label; compared exactly where quoted, else case-insensitively if unique.
  package let label: Identifier
  /// What it means.
  package let kind: StageKind
  /// The probability of winning, as a number of per cent; nil where none is declared.
  package let probability: String?

  /// Creates a stage.
  package init(label: Identifier, kind: StageKind, probability: String?) {
    self.label = label
    self.kind = kind
    self.probability = probability
  }
}

/// `leads.owner_id -> users.id SHOW name`.
package struct LinkDefinition: Sendable, Hashable {
  /// The column on the many side.
  package let source: QualifiedName
  /// The key column on the one side.
  package let target: QualifiedName
  /// The column that is shown instead of the key.
  package let show: Identifier?

  /// Creates a link.
  package init(source: QualifiedName, target: QualifiedName, show: Identifier? = nil) {
    self.source = source
    self.target = target
    self.show = show
  }
}
