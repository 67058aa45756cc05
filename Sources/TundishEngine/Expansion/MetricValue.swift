internal import TundishSyntax

/// What the numbers of a metric count.
enum MetricUnit: Hashable {
  case count
  case money(String?)
  case days
  case rate
  case ratio
  case none

  /// What it is in an operation: a ratio is a plain number there.
  var asFactor: MetricUnit { self == .ratio ? .none : self }

  /// The argument of `unit(...)`; nil where a column carries none.
  var name: String? {
    switch self {
    case .count, .none: nil
    case .money(let currency): currency.map { "money(\($0))" } ?? "money"
    case .days: "days"
    case .rate: "rate"
    case .ratio: "ratio"
    }
  }
}

/// Which rows of a role a group of aggregates reads, and by which date.
struct GroupKey: Hashable {
  var role: ModelRole
  /// Whether the state at one instant counts, whatever the dates of the rows.
  var isSnapshot: Bool
  /// The date over names of the role; nil for snapshots.
  var date: Expression?
  /// The period that counts where the statement names none, such as `past 12 months`.
  var usualPeriod: String?

  /// Whether all rows before as-of count, whatever the period and the axis: what is learnt from the
  /// past for a forecast.
  var isWhole = false
  /// Whether only entities count whose window of `within` has passed.
  var isMature = false

  /// Whether the date is of a plan and may lie after as-of.
  var isPlanned: Bool { dateForm == "planned" }

  /// Whether customers are compared at both ends of the window.
  var isMovement: Bool { dateForm == "movement" }

  /// Whether rows are opportunities by the date of their creation: what became of them by then.
  var isCreation: Bool {
    role == .opportunities && !isSnapshot && foldedEqual(date?.simpleName?.text ?? "", "created")
  }

  /// The name of the form that the date is; nil where it is no call.
  var dateForm: String? {
    guard case .call(let call)? = date?.kind else { return nil }
    return foldedText(call.name.last)
  }
}

/// One aggregate that a scan computes.
struct MetricPart: Hashable {
  /// The column in which the scan gives it.
  var column: String
  /// The aggregate over names of the role.
  var aggregate: Expression
  /// Whether no rows mean 0 (counts and sums) or NULL.
  var isZeroWhenEmpty: Bool
  /// Whether rows that it counts make a row of the answer; numerators count some of the rows of
  /// their denominator.
  var definesRows: Bool
}

/// The parts that one scan computes.
struct MetricGroup {
  var key: GroupKey
  var parts: [MetricPart] = []
}

/// A count or component that stands beside a metric.
struct MetricCompanion {
  /// Its name in the prelude.
  var name: String
  /// Its value over part columns.
  var value: Expression
  var unit: MetricUnit
  /// Whether it adds up over groups of rows, as what is distinct does not.
  var isAdditive = true
}

/// A metric of a statement, bound to parts.
struct BoundMetric {
  /// The column's name.
  var name: String
  var definition: CreateMetric
  /// The value over part columns.
  var value: Expression
  var unit: MetricUnit
  var isZeroWhenEmpty: Bool
  var companions: [MetricCompanion]
  /// Numerator and denominator where the one is a subset of the other and both are counts.
  var proportion: (numerator: Expression, denominator: Expression)?
  /// Reasons for NULL and warnings, first match wins.
  var notes: [(condition: Expression, text: String)]
  /// What is said where no note applies.
  var standingNote: String?
  /// Whether parts add up over groups of rows, so that shares and running totals mean something.
  var isAdditive: Bool
  /// The groups whose rows it counts, as positions.
  var groups: Set<Int>
  /// The formula for the footer.
  var formula: String
  /// Whether it counts cohorts.
  var isCohort = false
  /// The metric with the lower and the upper end of the interval of a rate that it multiplies.
  var bounds: (low: Expression, high: Expression)?
  /// Whether it sets the window against the one before.
  var needsPrevious = false
  /// The part that counts entities whose window of `within` has not passed.
  var immature: String?
  /// Whether the metric is only computed for `having`, `order by` or `top`.
  var isHidden = false
}
