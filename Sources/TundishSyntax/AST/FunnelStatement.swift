/// `funnel <name> | <step> -> <step> ... [on <table> (<event roles>)] { <clause> }`.
package struct FunnelStatement: Sendable, Hashable {
  /// What is measured.
  package enum Subject: Sendable, Hashable {
    /// `funnel sales`.
    case named(Identifier)
    /// `funnel lead -> mql -> customer [on <table> (key ..., at ..., step ...)]`.
    case adHoc(steps: [Milestone], source: EventSource?)
  }

  /// What is measured.
  package var subject: Subject
  /// The clauses.
  package var clauses: SalesClauses
  /// The policies.
  package var policies: FunnelPolicies
  /// `amount per step`.
  package var amountPerStep: Bool
  /// Where it stands.
  package var range: SourceRange

  /// Creates a statement.
  package init(
    subject: Subject,
    clauses: SalesClauses,
    policies: FunnelPolicies,
    amountPerStep: Bool,
    range: SourceRange
  ) {
    self.subject = subject
    self.clauses = clauses
    self.policies = policies
    self.amountPerStep = amountPerStep
    self.range = range
  }
}

/// `on <table> (key user_id, at occurred_at, step event)`.
package struct EventSource: Sendable, Hashable {
  /// The table.
  package var table: QualifiedName
  /// The entity's key.
  package var key: Expression
  /// The instant.
  package var at: Expression
  /// The step's name; absent where steps have conditions.
  package var step: Expression?

  /// Creates a source.
  package init(table: QualifiedName, key: Expression, at: Expression, step: Expression?) {
    self.table = table
    self.key = key
    self.at = at
    self.step = step
  }
}

/// The rules of a funnel; nil is the default of the funnel or of the language.
package struct FunnelPolicies: Sendable, Hashable {
  /// How steps follow each other.
  package enum Steps: String, Sendable, Hashable, CaseIterable {
    case ordered, any, strict
  }
  /// Which entry starts the path.
  package enum Entry: String, Sendable, Hashable, CaseIterable {
    case first, last, every
  }
  /// What a skipped step means.
  package enum Skips: String, Sendable, Hashable, CaseIterable {
    case count, exclude, touch
  }
  /// What going back means.
  package enum Regressions: String, Sendable, Hashable, CaseIterable {
    case ignore, reset, count
  }
  /// What equal instants mean.
  package enum Ties: String, Sendable, Hashable, CaseIterable {
    case ordered, unordered, `break`
  }

  /// `steps ordered | any | strict`.
  package var steps: Steps?
  /// `entry first | last | every`.
  package var entry: Entry?
  /// `skips count | exclude | touch`.
  package var skips: Skips?
  /// `regressions ignore | reset | count`.
  package var regressions: Regressions?
  /// `ties ordered | unordered | break`.
  package var ties: Ties?

  /// Creates policies that are all unset.
  package init() {}
}

/// `survival from <milestone> to <milestone> { <clause> } [horizon <duration>]`.
package struct SurvivalStatement: Sendable, Hashable {
  /// Where the clock starts.
  package var from: Milestone
  /// The event.
  package var to: Milestone
  /// The clauses.
  package var clauses: SalesClauses
  /// How far to follow.
  package var horizon: Duration?
  /// Where it stands.
  package var range: SourceRange

  /// Creates a statement.
  package init(
    from: Milestone,
    to: Milestone,
    clauses: SalesClauses,
    horizon: Duration?,
    range: SourceRange
  ) {
    self.from = from
    self.to = to
    self.clauses = clauses
    self.horizon = horizon
    self.range = range
  }
}
