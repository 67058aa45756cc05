package import TundishColumns
package import TundishSyntax

/// Runs plain queries for what the meaning of a statement depends on: the newest day in the data,
/// the members of a dimension, whether a key is unique.
///
/// The queries contain no sales statements. Parameters of the user's statement are known to it.
package protocol QueryRunner {
  /// Runs a query and returns all its rows.
  func rows(
    of query: Query
  ) throws(StatementFailure) -> (schema: Schema, rows: [[Value]])
}

/// What the session contributes to the meaning of a sales statement.
package struct SalesSettings: Sendable {
  /// The session's time zone, such as `UTC`.
  package var timezone: String
  /// The day on which weeks start: 1 is Monday, 7 is Sunday.
  package var weekStart: Int
  /// The month in which fiscal years start: 1 is January.
  package var fiscalYearStart: Int
  /// The setting `as_of`: `data`, `now`, or a date such as `2026-01-31`.
  package var asOf: String
  /// The present instant as the session's clock shows it, in microseconds since
  /// 1970-01-01 00:00:00 of that clock.
  package var localNow: Int64 { localClock() }
  private let localClock: @Sendable () -> Int64

  /// Creates settings.
  package init(
    timezone: String = "UTC",
    weekStart: Int = 1,
    fiscalYearStart: Int = 1,
    asOf: String = "data",
    localNow: @autoclosure @escaping @Sendable () -> Int64
  ) {
    self.timezone = timezone
    self.weekStart = weekStart
    self.fiscalYearStart = fiscalYearStart
    self.asOf = asOf
    localClock = localNow
  }
}

/// The columns of an answer that a chart draws, by name.
package struct DrawnColumns: Sendable, Hashable {
  /// The columns that name a mark, the axis first.
  package let labels: [String]
  /// The column with the numbers.
  package let value: String
  /// The columns that stand beside it where one row is all: metrics of which each is a mark.
  package var others: [String] = []
}

/// Plain SQL that a sales query stands for, and what is said about its answer.
package struct Expansion: Sendable {
  /// The plain query.
  package var query: Query
  /// The lines under the box.
  package var footer: [FooterItem]
  /// How `as bar` and its kin want the answer drawn.
  package var chart: ChartForm?
  /// Warnings.
  package var diagnostics: [Diagnostic]
  /// The query with a column more for each of `marks`, which tells whether a NULL of that dimension
  /// is a value without a match rather than none; nil where no dimension has such values.
  package var marked: Query?
  /// The number of columns in front of the first metric, which charts label by; nil where the first
  /// column with numbers is what a chart draws.
  package var labelCount: Int?
  /// What a chart draws of an answer whose first column with numbers is no measure.
  package var drawn: DrawnColumns?
  /// How soon columns give way in a narrow box, by their names; those not named are parts.
  package var ranks: [String: ColumnRank] = [:]
  /// The dimensions that the further columns are of.
  package var marks: [String] = []

  /// Creates an expansion.
  package init(
    query: Query,
    footer: [FooterItem] = [],
    chart: ChartForm? = nil,
    diagnostics: [Diagnostic] = []
  ) {
    self.query = query
    self.footer = footer
    self.chart = chart
    self.diagnostics = diagnostics
  }
}

/// A line under the box; some depend on the data and are computed only where they are shown.
package enum FooterItem: Sendable {
  /// A line that is known.
  case text(String)
  /// Lines made from the rows of a query.
  case computed(Query, @Sendable ([[Value]]) -> [String])
}

/// A relation in the FROM clause of the SELECT in which a metric is called as an aggregate.
package struct MetricScopeRelation: Sendable {
  /// The name by which columns of the relation are qualified.
  package var alias: Identifier
  /// The table or role view that it reads, such as `sales_pipeline` or `model.opportunities`; nil
  /// for subqueries and other relations.
  package var source: QualifiedName?
  /// The names of its columns.
  package var columns: [String]

  /// Creates a relation.
  package init(alias: Identifier, source: QualifiedName?, columns: [String]) {
    self.alias = alias
    self.source = source
    self.columns = columns
  }
}

/// What a definition or inspection of the sales door gives.
package enum SalesOutcome: Sendable {
  /// The catalog was changed; what to say.
  case done(messages: [String])
  /// Rows to show: run this plain query.
  case query(Query, footer: [FooterItem])
}
