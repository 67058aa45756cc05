internal import TundishColumns
internal import TundishSyntax

/// A sheet with a row for each figure and a column for each month: `Leads`, `MQLs`, `Spend` down,
/// `Jan` to `Dec` across.
struct CountsByMonth {
  let entry: TableEntry
  private let label: Field
  /// What besides its figure a row is of, such as its channel.
  private let owner: Field?
  private let figures: [(label: String, name: String)]
  private let periods: [(column: Field, period: PeriodName)]
  private let year: Int?
  private let sql = SQLBuilder()

  /// Reads a table's columns and labels; nil where they are no figures of sales, or of no known year.
  init?(entry: TableEntry, lookup: SchemaLookup) throws(StatementFailure) {
    let fields = entry.table.schema.fields
    let texts = fields.prefix { $0.type.isText && PeriodName($0.name) == nil }
    guard !texts.isEmpty, texts.count <= 2, entry.table.rowCount <= 1_000 else { return nil }
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
    for label in texts {
      let labels = try lookup.texts(of: sql.name(label.name), in: place)
      let figures = ModelRecognizer.figures(labels)
      let owner = texts.first { $0.name != label.name }
      // Beside another column every label is a figure, or rows would be counted as what they are not.
      guard figures.count >= 2, owner == nil || figures.count == labels.count else { continue }
      if let owner {
        let texts = try lookup.texts(of: sql.name(owner.name), in: place)
        guard !texts.contains(where: ReportTotals.isTotal) else { continue }
      }
      self.entry = entry
      self.label = label
      self.owner = owner
      self.figures = figures
      return
    }
    return nil
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
      let own = owner.map { quoted($0.name) + ", " } ?? ""
      return "SELECT \(own)DATE '\(year)-\(month)-01' AS month, \(values.joined(separator: ", ")) "
        + "FROM \(quoted(entry.name))"
        + (owner == nil ? "" : " GROUP BY \(quoted(owner?.name ?? ""))")
    }
    return ReshapedTables.Shape(
      text: "CREATE VIEW \(quoted(view)) AS \(rows.joined(separator: " UNION ALL "))",
      told:
        "\(view), a view of \(entry.name), has a row per \(owner.map { $0.name + " and " } ?? "")month: "
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
