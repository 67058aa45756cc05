package import TundishColumns

/// The settings of a session; SET and RESET change them by name.
package struct Settings: Sendable, Hashable {
  /// `timezone`: the zone in which TIMESTAMPTZ values are shown and read.
  package var timeZone = "UTC"
  /// `week_start`: the first day of the week, 1 for Monday to 7 for Sunday.
  package var weekStart = 1
  /// `fiscal_year_start`: the first month of the fiscal year, 1 to 12.
  package var fiscalYearStart = 1
  /// `as_of`: the instant at which metrics look: `data`, `now`, or a date.
  package var asOf = "data"
  /// `locale`: how numbers and dates of files are read where the data do not decide.
  package var locale = ""
  /// `memory_limit` in bytes; nil for none.
  package var memoryLimit: Int?
  /// `temp_directory`: where rows beyond the memory limit go; empty for nowhere.
  package var temporaryDirectory = "/tmp"
  /// `threads`: how many may work.
  package var threads = 1
  /// `integer_division`: whether `/` on integers gives an integer.
  package var hasIntegerDivision = false
  /// `default_null_order`: where NULLs stand where nothing is written.
  package var nullOrder = NullOrder.last
  /// `default_order`: whether ORDER BY descends where nothing is written.
  package var isDescending = false
  /// `disabled_optimizers`: the rules that do not run; `all` stands for all optional ones.
  package var disabledOptimizers: Set<String> = []
  /// `plan_cache`: whether the plan of a query is kept for when the same query comes again.
  package var hasPlanCache = true
  /// What SET VARIABLE has set, by folded name; `getvariable('name')` reads it.
  package var variables: [String: SessionVariable] = [:]
  /// `scalar_subquery_error_on_multiple_rows`: whether a subquery that stands for one value may not
  /// give several rows; else its first one counts.
  package var hasStrictScalars = true
  /// `schema`: where bare names are looked up first, folded; USE changes it.
  package var schema = Catalog.mainSchema
  /// `batch_rows`: rows per batch, for tests.
  package var batchRowCount = 2_048

  /// The defaults.
  package init() {}
}

/// A value under a name, for the length of a session.
package struct SessionVariable: Sendable, Hashable {
  /// The value.
  package let value: Value
  /// Its type.
  package let type: DataType

  /// Creates a variable.
  package init(value: Value, type: DataType) {
    self.value = value
    self.type = type
  }
}

/// Where NULLs stand in ORDER BY.
package enum NullOrder: String, Sendable, Hashable {
  /// Before all values.
  case first = "nulls_first"
  /// After all values.
  case last = "nulls_last"
  /// As the smallest value, as SQLite and MySQL have it.
  case smallest = "nulls_first_on_asc_last_on_desc"
  /// As the largest value, as PostgreSQL has it.
  case largest = "nulls_last_on_asc_first_on_desc"

  /// Reads a name, or the name of an engine that orders so.
  init?(_ name: String) {
    switch name {
    case "first": self = .first
    case "last": self = .last
    case "sqlite", "mysql": self = .smallest
    case "postgres", "postgresql": self = .largest
    default: self.init(rawValue: name)
    }
  }

  /// Whether NULLs come before values in a direction.
  func comesFirst(isDescending: Bool) -> Bool {
    switch self {
    case .first: true
    case .last: false
    case .smallest: !isDescending
    case .largest: isDescending
    }
  }
}
