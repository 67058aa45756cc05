import TundishSyntax

/// How often a subscription is paid, by the words for it, as months.
enum BillingInterval {
  /// A number of months as a fraction: a week is 12/52 of a month.
  struct Months: Hashable {
    var count: Int
    var parts = 1
  }

  /// The months of a word; nil where the word is none for an interval.
  static func months(of word: String) -> Months? {
    let label = ColumnHints.label(word)
    return groups.first { $0.words.contains(label) }?.months
  }

  /// The amount of one month: amounts of other intervals are divided by their months.
  ///
  /// INTERVAL is a word for all rows, or a column with a word in each. A word that is not known makes
  /// a sum of different things, so it is refused.
  static func monthly(
    _ amount: Expression,
    in scope: RoleScope
  ) throws(StatementFailure) -> Expression {
    guard let interval = scope.definition.value("interval") else { return amount }
    if let word = interval.simpleName?.text, let months = months(of: word) {
      return divided(amount, by: months, scope.sql)
    }
    let table = scope.definition.table
    let labels = try scope.lookup.texts(of: interval, in: table)
    if let unknown = labels.first(where: { months(of: $0) == nil }) {
      throw StatementFailure([
        .intervalUnknown(unknown, table: table.last, range: scope.sql.range)
      ])
    }
    let column = scope.sql.cast(scope.qualified(interval), "VARCHAR")
    let known = labels.compactMap { label in months(of: label).map { (label, $0) } }
    let branches = Set(known.map(\.1)).sorted { ($0.count, $0.parts) < ($1.count, $1.parts) }
      .filter { $0 != Months(count: 1) }
      .map { months in
        (
          scope.sql.any(of: column, known.filter { $0.1 == months }.map(\.0)),
          divided(amount, by: months, scope.sql)
        )
      }
    return branches.isEmpty ? amount : scope.sql.choose(branches, otherwise: amount)
  }

  private static func divided(
    _ amount: Expression,
    by months: Months,
    _ sql: SQLBuilder
  ) -> Expression {
    guard months != Months(count: 1) else { return amount }
    let product =
      months.parts == 1
      ? amount : sql.binary(.multiply, sql.grouped(amount), sql.integer(months.parts))
    return sql.binary(.divide, sql.grouped(product), sql.integer(months.count))
  }

  private static let groups: [(months: Months, words: Set<String>)] = [
    (
      Months(count: 1),
      [
        "month", "months", "monthly", "mo", "m", "maand", "maandelijks", "monat", "monatlich",
        "mois",
        "mensuel", "luna", "lunar", "mes", "mensual", "mensile", "1 month",
      ]
    ),
    (
      Months(count: 3),
      [
        "quarter", "quarterly", "q", "kwartaal", "quartal", "vierteljahrlich", "trimestre",
        "trimestriel", "trimestru", "trimestrial", "trimestral", "3 months",
      ]
    ),
    (Months(count: 6), ["half-year", "halfyear", "semiannual", "semi-annual", "6 months"]),
    (
      Months(count: 12),
      [
        "year", "years", "yearly", "annual", "annually", "y", "yr", "jaar", "jaarlijks", "jahr",
        "jahrlich", "an", "annuel", "anual", "annuale", "ano", "12 months", "1 year",
      ]
    ),
    (Months(count: 24), ["2 years", "biennial", "24 months"]),
    (Months(count: 12, parts: 52), ["week", "weekly", "weeks", "wk", "wekelijks", "woche"]),
  ]
}
