/// `CREATE [OR REPLACE] METRIC <name> [(<parameter>, ...)] AS <body> [ON <role>] { <option> }`.
package struct CreateMetric: Sendable, Hashable {
  /// OR REPLACE.
  package var orReplace: Bool
  /// The metric's name.
  package var name: Identifier
  /// Its parameters.
  package var parameters: [MacroParameter]
  /// What it computes.
  package var body: MetricBody
  /// `ON <role>`.
  package var role: ModelRole?
  /// The options, in order.
  package var options: [MetricOption]
  /// Where it stands.
  package var range: SourceRange

  /// Creates a statement.
  package init(
    orReplace: Bool,
    name: Identifier,
    parameters: [MacroParameter],
    body: MetricBody,
    role: ModelRole?,
    options: [MetricOption],
    range: SourceRange
  ) {
    self.orReplace = orReplace
    self.name = name
    self.parameters = parameters
    self.body = body
    self.role = role
    self.options = options
    self.range = range
  }
}

/// What a metric computes.
package indirect enum MetricBody: Sendable, Hashable {
  /// `RATE(<numerator> AS <name>, <denominator> AS <name>)`.
  case rate(numerator: Expression, Identifier, denominator: Expression, Identifier)
  /// `COUNT(<aggregate>)`.
  case count(Expression)
  /// `MONEY(<aggregate>)`.
  case money(Expression)
  /// `DAYS(<aggregate>)`.
  case days(Expression)
  /// `VALUE(<aggregate>)`.
  case value(Expression)
  /// An expression over metrics.
  case derived(Expression)
}

/// One option of CREATE METRIC.
package indirect enum MetricOption: Sendable, Hashable {
  /// `COHORT BY <expr>`.
  case cohort(Expression)
  /// `PERIOD BY <expr>`.
  case period(Expression)
  /// `SNAPSHOT`.
  case snapshot
  /// `WHERE <expr>`.
  case filter(Expression)
  /// `OF <name> AS <body> [ON <role>]`: another denominator.
  case of(Identifier, MetricBody, ModelRole?)
  /// `TO <name> AS <body>`: another end.
  case to(Identifier, MetricBody)
  /// `NULL WHEN <expr> THEN '<reason>'`.
  case nullWhen(Expression, reason: String)
  /// `REQUIRES <role> ['<message>']`.
  case requires(ModelRole, message: String?)
  /// `SYNONYMS ('<name>', ...)`.
  case synonyms([String])
  /// `BETTER HIGHER | LOWER`.
  case better(isHigher: Bool)
  /// `COMMENT '<text>'`.
  case comment(String)
}

/// `CREATE FUNNEL <name> ON <source> (<step>, ...) [WITHIN <duration>] { <policy> }`.
package struct CreateFunnel: Sendable, Hashable {
  /// What the steps are read from.
  package enum Source: Sendable, Hashable {
    /// `ON LEADS`, `ON OPPORTUNITIES`.
    case role(ModelRole, of: ModelRole?)
    /// `ON <table>` with KEY and AT in the list.
    case table(QualifiedName)
  }

  /// OR REPLACE.
  package var orReplace: Bool
  /// The funnel's name.
  package var name: Identifier
  /// What the steps are read from.
  package var source: Source
  /// `KEY <expr>`.
  package var key: Expression?
  /// `AT <expr>`.
  package var at: Expression?
  /// The steps, in order.
  package var steps: [FunnelStep]
  /// `EXCLUDING <expr>`, several.
  package var excluding: [Expression]
  /// `HOLDING <column>, ...`.
  package var holding: [Expression]
  /// `WITHIN <duration>` of the whole path.
  package var within: Duration?
  /// The policies.
  package var policies: FunnelPolicies
  /// Where it stands.
  package var range: SourceRange

  /// Creates a statement.
  package init(
    orReplace: Bool,
    name: Identifier,
    source: Source,
    key: Expression?,
    at: Expression?,
    steps: [FunnelStep],
    excluding: [Expression],
    holding: [Expression],
    within: Duration?,
    policies: FunnelPolicies,
    range: SourceRange
  ) {
    self.orReplace = orReplace
    self.name = name
    self.source = source
    self.key = key
    self.at = at
    self.steps = steps
    self.excluding = excluding
    self.holding = holding
    self.within = within
    self.policies = policies
    self.range = range
  }
}

/// `STEP <name> [OPTIONAL] [WHEN <condition>] [WITHIN <duration>]`.
package struct FunnelStep: Sendable, Hashable {
  /// The step's name or stage label.
  package let name: Milestone
  /// OPTIONAL.
  package let isOptional: Bool
  /// `WHEN <condition>`.
  package let condition: Expression?
  /// `WITHIN <duration>` of the previous step.
  package let within: Duration?

  /// Creates a step.
  package init(name: Milestone, isOptional: Bool, condition: Expression?, within: Duration?) {
    self.name = name
    self.isOptional = isOptional
    self.condition = condition
    self.within = within
  }
}

/// `CREATE TARGET <metric> = <value> [PER <grain>] [FOR <condition>] [DURING <period>]`.
package struct CreateTarget: Sendable, Hashable {
  /// OR REPLACE.
  package var orReplace: Bool
  /// The metric.
  package var metric: Identifier
  /// The value.
  package var value: Expression
  /// `PER <grain>`.
  package var grain: Grain?
  /// `FOR <condition>`.
  package var filter: Expression?
  /// `DURING <period>`.
  package var period: Period?

  /// Creates a statement.
  package init(
    orReplace: Bool,
    metric: Identifier,
    value: Expression,
    grain: Grain?,
    filter: Expression?,
    period: Period?
  ) {
    self.orReplace = orReplace
    self.metric = metric
    self.value = value
    self.grain = grain
    self.filter = filter
    self.period = period
  }
}

/// `CREATE SCORE <name> ON <role> AS (<expr> * <weight>, ...) [QUALIFIED WHEN <comparison>]`.
package struct CreateScore: Sendable, Hashable {
  /// OR REPLACE.
  package var orReplace: Bool
  /// The score's name.
  package var name: Identifier
  /// The role that is scored.
  package var role: ModelRole
  /// The addends.
  package var rules: [Expression]
  /// `HALF_LIFE <duration>` of decay.
  package var halfLife: Duration?
  /// `QUALIFIED WHEN >= 3`.
  package var qualifiedOperator: BinaryOperator?
  /// The threshold.
  package var qualifiedThreshold: Expression?

  /// Creates a statement.
  package init(
    orReplace: Bool,
    name: Identifier,
    role: ModelRole,
    rules: [Expression],
    halfLife: Duration? = nil,
    qualifiedOperator: BinaryOperator?,
    qualifiedThreshold: Expression?
  ) {
    self.orReplace = orReplace
    self.name = name
    self.role = role
    self.rules = rules
    self.halfLife = halfLife
    self.qualifiedOperator = qualifiedOperator
    self.qualifiedThreshold = qualifiedThreshold
  }
}
