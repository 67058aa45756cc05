internal import TundishColumns
internal import TundishSyntax

/// A sheet with a row for each figure and a column for each month: `Leads`, `MQLs`, `Spend` down,
/// `Jan` to `Dec` across.
struct CountsByMonth {
  let entry: TableEntry
  private let label: Field
  private let figures: [(label: String, name: String)]
  private let periods: [(column: Field, period: PeriodName)]
  private let year: Int?
  private let sql = SQLBuilder()

  /// Reads a table's columns and labels; nil where they are no figures of sales, or of no known year.
  init?(entry: TableEntry, lookup: SchemaLookup) throws(StatementFailure) {
    let fields = entry.table.schema.fields
    guard let label = fields.first, label.type.isText, entry.table.rowCount <= 1_000 else {
      return nil
    }
    periods = fields.dropFirst().compactMap { field in
      guard field.type.isNumeric || field.type.isText, let period = PeriodName(field.name),
        period.grain == .month, !period.isFiscal
      else { return nil }
      return (field, period)
    }
    year = PeriodName.yearSaid(by: entry.name)?.year
    guard periods.count >= 2, year != nil || periods.allSatisfy({ $0.period.year != nil }) else {
      return nil
    }
    let place = QualifiedName([sql.identifier(entry.name)])
    let figures = ModelRecognizer.figures(try lookup.texts(of: sql.name(label.name), in: place))
    guard figures.count >= 2 else { return nil }
    self.entry = entry
    self.label = label
    self.figures = figures
  }

  /// A row per month, with a column for each figure.
  func shape() -> ReshapedTables.Shape {
    func quoted(_ name: String) -> String { Syntax.format(sql.name(name)) }
    let view = entry.name + "_by_month"
    let rows = periods.map { column, period in
      let year = period.year ?? year ?? 2000
      let month = period.month < 10 ? "0\(period.month)" : "\(period.month)"
      let values = figures.map { text, name in
        let value = number(column)
        let sum =
          "sum(\(value)) FILTER (WHERE \(quoted(label.name)) = \(Syntax.format(sql.text(text))))"
        return ModelRecognizer.isCount(name)
          ? "CAST(\(sum) AS BIGINT) AS \(quoted(name))" : "\(sum) AS \(quoted(name))"
      }
      return "SELECT DATE '\(year)-\(month)-01' AS month, \(values.joined(separator: ", ")) "
        + "FROM \(quoted(entry.name))"
    }
    return ReshapedTables.Shape(
      text: "CREATE VIEW \(quoted(view)) AS \(rows.joined(separator: " UNION ALL "))",
      told: "\(view), a view of \(entry.name), has a row per month: "
        + ModelRecognizer.enumeration(figures.map(\.label)),
      hides: true
    )
  }

  /// A value of a month; among shares and rates that make the column text, the number that it spells.
  private func number(_ column: Field) -> String {
    let name = Syntax.format(sql.name(column.name))
    guard column.type.isText else { return name }
    return "CASE WHEN regexp_matches(\(name), '^[^0-9A-Za-z%]*[0-9][0-9,]*([.][0-9]+)?$') THEN "
      + "TRY_CAST(regexp_replace(\(name), '[^0-9.]', '', 'g') AS DECIMAL(18,2)) END"
  }
}
