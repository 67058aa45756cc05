/// A query of the sales door.
package indirect enum SalesQuery: Sendable, Hashable {
  /// `[MEASURE] <metric>, ... <clause> ...`.
  case measure(MetricStatement)
  /// `FUNNEL ...`.
  case funnel(FunnelStatement)
  /// `FLOW <name> <clause> ...`.
  case flow(name: Identifier, SalesClauses, SourceRange)
  /// `SURVIVAL FROM <milestone> TO <milestone> <clause> ... [HORIZON <duration>]`.
  case survival(SurvivalStatement)
}

/// `[measure] <metric> { , <metric> } { <clause> }`.
package struct MetricStatement: Sendable, Hashable {
  /// The metrics; never empty.
  package var metrics: [MetricReference]
  /// The clauses.
  package var clauses: SalesClauses
  /// Where it stands.
  package var range: SourceRange

  /// Creates a statement.
  package init(metrics: [MetricReference], clauses: SalesClauses, range: SourceRange) {
    self.metrics = metrics
    self.clauses = clauses
    self.range = range
  }
}

/// `<name>[(<argument>, ...)] [of <name>[(<duration>)]] [[from <milestone>] to <milestone>]
/// [for won] [per <name>] [as <name>]`.
package struct MetricReference: Sendable, Hashable {
  /// The metric's name.
  package var name: Identifier
  /// The arguments in parentheses.
  package var arguments: [MetricArgument]
  /// `of visitors`, `of closed_or_stale(30 days)`.
  package var denominator: Identifier?
  /// The duration after the denominator's name.
  package var denominatorDuration: Duration?
  /// `from <milestone>`.
  package var from: Milestone?
  /// `to <milestone>`.
  package var to: Milestone?
  /// `for won`.
  package var outcome: MetricOutcome?
  /// `per lead`.
  package var per: Identifier?
  /// `as <name>`.
  package var alias: Identifier?
  /// Where it stands.
  package var range: SourceRange

  /// Creates a reference.
  package init(
    name: Identifier,
    arguments: [MetricArgument] = [],
    denominator: Identifier? = nil,
    denominatorDuration: Duration? = nil,
    from: Milestone? = nil,
    to: Milestone? = nil,
    outcome: MetricOutcome? = nil,
    per: Identifier? = nil,
    alias: Identifier? = nil,
    range: SourceRange
  ) {
    self.name = name
    self.arguments = arguments
    self.denominator = denominator
    self.denominatorDuration = denominatorDuration
    self.from = from
    self.to = to
    self.outcome = outcome
    self.per = per
    self.alias = alias
    self.range = range
  }
}

/// What `for` selects.
package enum MetricOutcome: String, Sendable, Hashable, CaseIterable {
  case won
  case lost
  case closed
}

/// One argument of a metric.
package enum MetricArgument: Sendable, Hashable {
  /// `mean`, `median`, `min`, `max`, `ratio`, `historical`, or a milestone's name.
  case name(Identifier)
  /// `p90`; the number of per cent.
  case percentile(Double, SourceRange)
  /// `share within 24 hours`.
  case shareWithin(Duration)
  /// A milestone in quotes.
  case text(String, SourceRange)
}

/// A milestone: a name, or a stage label in quotes.
package struct Milestone: Sendable, Hashable {
  /// The name or label.
  package let name: String
  /// Whether it was written as a string and so names a stage label.
  package let isLabel: Bool
  /// Where it stands.
  package let range: SourceRange

  /// Creates a milestone.
  package init(name: String, isLabel: Bool, range: SourceRange) {
    self.name = name
    self.isLabel = isLabel
    self.range = range
  }
}
