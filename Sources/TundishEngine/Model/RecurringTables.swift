internal import TundishColumns
internal import TundishSyntax

/// A log of changes of what customers pay a month: `customer_id, change_date, old_mrr, new_mrr`.
///
/// What a customer pays from one change to the next is a subscription.
struct RecurringChanges {
  private let entry: TableEntry
  private let customer: Field
  private let at: Field
  private let amount: Field

  /// Reads a table's columns; nil where they are no such log.
  init?(entry: TableEntry) {
    let names = ["newmrr", "mrrafter", "aftermrr", "mrrnew", "tomrr", "newmonthlyamount"]
    let customers = ColumnHints.subscriptions.first { $0.attribute == "CUSTOMER" }?.names ?? []
    let moments = ColumnHints.history.first { $0.attribute == "AT" }?.names ?? []
    let dates = entry.table.schema.fields.filter(RoleCandidate.isDate)
    guard let amount = RoleCandidate.column(names, of: entry), amount.type.isNumeric,
      let customer = RoleCandidate.column(customers, of: entry),
      let at = RoleCandidate.column(moments, of: entry)
        ?? (dates.count == 1 ? dates.first : nil), RoleCandidate.isDate(at)
    else { return nil }
    self.entry = entry
    (self.customer, self.at, self.amount) = (customer, at, amount)
  }

  /// A row for each time in which a customer paid the same.
  func shape() -> ReshapedTables.Shape {
    func quoted(_ name: String) -> String { Syntax.format(SQLBuilder().name(name)) }
    let view = entry.name + "_subscriptions"
    let (c, t, m) = (quoted(customer.name), quoted(at.name), quoted(amount.name))
    return ReshapedTables.Shape(
      text:
        "CREATE VIEW \(quoted(view)) AS SELECT * FROM (SELECT \(c) AS customer_id, \(t) AS started, "
        + "lead(\(t)) OVER (PARTITION BY \(c) ORDER BY \(t)) AS ended, \(m) AS mrr "
        + "FROM \(quoted(entry.name))) s WHERE mrr > 0",
      told:
        "\(view), a view of \(entry.name), has a row from each change of \(amount.name) to the next",
      hides: true
    )
  }
}

/// A sheet of recurring revenue with a row for each customer and a column for each month.
struct RecurringSheet {
  private let entry: TableEntry
  private let customer: Field
  private let periods: [(column: Field, period: PeriodName)]

  /// Reads a table's name and columns; nil where they are no such sheet, or of no known years.
  init?(entry: TableEntry) {
    let words = ColumnHints.folded(entry.name).split { !$0.isLetter }.map(String.init)
    let fields = entry.table.schema.fields
    guard words.contains(where: { ["mrr", "recurring", "subscriptions"].contains($0) }),
      let customer = fields.first, customer.type.isText
    else { return nil }
    periods = fields.dropFirst().compactMap { field in
      guard field.type.isNumeric, let period = PeriodName(field.name), period.grain == .month,
        period.year != nil, !period.isFiscal
      else { return nil }
      return (field, period)
    }
    // Figures down, such as new and churned MRR, are no customers.
    let names = ["customer", "account", "company", "client", "klant", "kunde", "name"]
    guard periods.count >= 2,
      names.contains(where: { ColumnHints.plain(customer.name).hasPrefix($0) })
    else { return nil }
    self.entry = entry
    self.customer = customer
  }

  /// A row for each month in which a customer paid.
  func shape() -> ReshapedTables.Shape {
    func quoted(_ name: String) -> String { Syntax.format(SQLBuilder().name(name)) }
    func day(_ period: PeriodName, after months: Int = 0) -> String {
      let number = period.month - 1 + months
      let (year, month) = ((period.year ?? 2000) + number / 12, number % 12 + 1)
      return "DATE '\(year)-\(month < 10 ? "0" : "")\(month)-01'"
    }
    let view = entry.name + "_subscriptions"
    let last = periods.map { ($0.period.year ?? 0) * 12 + $0.period.month }.max()
    let c = quoted(customer.name)
    let rows = periods.map { column, period in
      // What is paid in the last month goes on.
      let isLast = (period.year ?? 0) * 12 + period.month == last
      let end = isLast ? "CAST(NULL AS DATE)" : day(period, after: 1)
      return "SELECT \(c) AS customer, \(day(period)) AS started, \(end) AS ended, "
        + "\(quoted(column.name)) AS mrr FROM \(quoted(entry.name)) "
        + "WHERE \(quoted(column.name)) > 0 AND lower(trim(\(c))) NOT IN ('total', 'totals', 'totaal', "
        + "'sum', 'summe', 'gesamt')"
    }
    return ReshapedTables.Shape(
      text: "CREATE VIEW \(quoted(view)) AS \(rows.joined(separator: " UNION ALL "))",
      told: "\(view), a view of \(entry.name), has a row for each month in which a customer paid",
      hides: true
    )
  }
}
