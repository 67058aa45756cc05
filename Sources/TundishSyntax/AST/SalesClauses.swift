/// The clauses of a sales statement; each occurs at most once, in any order.
package struct SalesClauses: Sendable, Hashable {
  /// `by <dimension>, ...`.
  package var dimensions: [Dimension] = []
  /// `over <grain>`.
  package var over: Grain?
  /// Where the `over` clause stands.
  package var overRange: SourceRange?
  /// A period.
  package var period: Period?
  /// `closing <period>`.
  package var closing: Period?
  /// `where <condition>`.
  package var filter: Expression?
  /// `having <condition>`.
  package var having: Expression?
  /// `cohort | period | snapshot`.
  package var basis: MetricBasis?
  /// `as of ...`.
  package var asOf: AsOf?
  /// `within <duration>, ...`.
  package var within: [Duration] = []
  /// `excluding disqualified`.
  package var excludesDisqualified = false
  /// `calendar days`.
  package var usesCalendarDays = false
  /// `currency <name>`.
  package var currency: Identifier?
  /// `compare ...`.
  package var compare: Comparison?
  /// `vs target`, `vs benchmark ['industry']`.
  package var versus: Versus?
  /// `attributed by <model> [(<duration>)] [lookback <duration>]`.
  package var attribution: Attribution?
  /// `with totals`.
  package var withTotals = false
  /// `with share`.
  package var withShare = false
  /// `with empty`.
  package var withEmpty = false
  /// `with running`.
  package var withRunning = false
  /// `with ci 90%`; the number of per cent.
  package var confidence: String?
  /// `top <n> [by <metric>]`.
  package var ranking: Ranking?
  /// `order by ...`.
  package var orderBy: [OrderItem] = []
  /// `limit <n>`.
  package var limit: Int?
  /// `list won`.
  package var list: MetricList?
  /// `as bar`.
  package var chart: ChartForm?
  /// Where each clause stands, in order of writing; for diagnostics and the formatter.
  package var ranges: [SourceRange] = []

  /// Creates clauses that are all absent.
  package init() {}
}

/// `( <column> | <expr> as <name> ) [at entry | close | now | step]`.
package struct Dimension: Sendable, Hashable {
  /// When the dimension's value is read.
  package enum Moment: String, Sendable, Hashable, CaseIterable {
    case entry
    case close
    case now
    case step
  }

  /// The column or expression.
  package var expression: Expression
  /// The name of an expression.
  package var alias: Identifier?
  /// When its value is read.
  package var moment: Moment?
  /// Where it stands.
  package var range: SourceRange

  /// Creates a dimension.
  package init(
    expression: Expression,
    alias: Identifier? = nil,
    moment: Moment? = nil,
    range: SourceRange
  ) {
    self.expression = expression
    self.alias = alias
    self.moment = moment
    self.range = range
  }
}

/// The grains of time axes and periods.
package enum Grain: String, Sendable, Hashable, CaseIterable {
  case day
  case week
  case month
  case quarter
  case year
  case fiscalQuarter = "fiscal_quarter"
  case fiscalYear = "fiscal_year"
}

/// A stretch of time, anchored at as-of where it is relative.
package struct Period: Sendable, Hashable {
  /// The forms of periods.
  package indirect enum Kind: Sendable, Hashable {
    /// `this <grain>`.
    case this(Grain)
    /// `last <grain>`.
    case last(Grain)
    /// `next <grain>`.
    case next(Grain)
    /// `last <n> <grains>`: whole buckets.
    case lastCount(Int, Grain)
    /// `past <n> <grains>`: rolling to as-of.
    case pastCount(Int, Grain)
    /// `since <date>`.
    case since(Expression)
    /// `<date> .. <date>`, both days included.
    case between(Expression, Expression)
    case today
    case yesterday
    case monthToDate
    case quarterToDate
    case yearToDate
    /// `2026`.
    case year(Int)
    /// `2026-Q1`.
    case quarter(year: Int, quarter: Int)
    /// `2026-03`.
    case month(year: Int, month: Int)
    /// `2026-W07`.
    case week(year: Int, week: Int)
    /// `FY2026`.
    case fiscalYear(Int)
    /// `FY2026-Q1`.
    case fiscalQuarter(year: Int, quarter: Int)
  }

  /// The form.
  package let kind: Kind
  /// Where it stands.
  package let range: SourceRange

  /// Creates a period.
  package init(_ kind: Kind, range: SourceRange) {
    self.kind = kind
    self.range = range
  }
}

/// Which rows a metric counts in a period.
package enum MetricBasis: String, Sendable, Hashable, CaseIterable {
  case cohort
  case period
  case snapshot
}

/// `as of <date> | TIMESTAMP '<text>' | now | data`.
package indirect enum AsOf: Sendable, Hashable {
  /// `as of 2026-01-31`, `DATE '...'`, a parameter: the end of that day.
  case date(Expression)
  /// `as of TIMESTAMP '...'`.
  case timestamp(Expression)
  /// `as of now`.
  case now
  /// `as of data`.
  case data
}

/// What `compare` sets the current window against.
package indirect enum Comparison: Sendable, Hashable {
  /// `compare previous [<grain>]`.
  case previous(Grain?, SourceRange)
  /// `compare same <grain> last <grain>`.
  case sameLast(Grain, Grain, SourceRange)
  /// `compare <period>`.
  case period(Period)
}

/// What `vs` sets a metric against.
package enum Versus: Sendable, Hashable {
  /// `vs target`.
  case target
  /// `vs benchmark ['<industry>']`.
  case benchmark(String?)
}

/// `attributed by <model> [(<duration>)] [lookback <duration>]`.
package struct Attribution: Sendable, Hashable {
  /// The model's name.
  package let model: Identifier
  /// The model's duration, such as a half-life.
  package let duration: Duration?
  /// How far back touches count.
  package let lookback: Duration?

  /// Creates an attribution.
  package init(model: Identifier, duration: Duration?, lookback: Duration?) {
    self.model = model
    self.duration = duration
    self.lookback = lookback
  }
}

/// `top | bottom <n> [by <metric>]`.
package struct Ranking: Sendable, Hashable {
  /// bottom.
  package let isBottom: Bool
  /// How many combinations are kept.
  package let count: Int
  /// The metric that ranks; nil is the first.
  package let metric: Identifier?

  /// Creates a ranking.
  package init(isBottom: Bool, count: Int, metric: Identifier?) {
    self.isBottom = isBottom
    self.count = count
    self.metric = metric
  }
}

/// The rows behind a count.
package enum MetricList: Sendable, Hashable {
  case won
  case lost
  case open
  case counted
  case leftOut
  /// `list dropped | converted | open at <step>`, in funnels.
  case atStep(StepOutcome, Milestone)
}

/// What became of an entity at a funnel's step.
package enum StepOutcome: String, Sendable, Hashable, CaseIterable {
  case dropped
  case converted
  case open
}

/// `as table | bar | line | funnel | grid | histogram`.
package enum ChartForm: String, Sendable, Hashable, CaseIterable {
  case table
  case bar
  case line
  case funnel
  case grid
  case histogram
}
