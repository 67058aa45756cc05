internal import TundishColumns
internal import TundishSyntax

/// A table with a row for each figure of a month: `month, channel, metric, value`, where the metric is
/// `leads`, `mqls` or `spend`.
struct FigureRows {
  let entry: TableEntry
  private let label: Field
  private let value: Field
  private let figures: [(label: String, name: String)]
  private let sql = SQLBuilder()

  private static let labelNames = [
    "metric", "metricname", "kpi", "kpiname", "measure", "measurename", "figure", "indicator",
    "indicateur", "indicador", "indicatore", "kennzahl", "kengetal", "metriek", "wskaznik",
    "metrik", "indicatorul",
  ]

  /// Reads a table's columns and labels; nil where they are no figures of sales.
  init?(entry: TableEntry, lookup: SchemaLookup) throws(StatementFailure) {
    let numbers = entry.table.schema.fields.filter(\.type.isNumeric)
    guard let label = RoleCandidate.column(Self.labelNames, of: entry), label.type.isText,
      SchemaLookup.mayHaveFewTexts(label.name, in: entry.table),
      let value = RoleCandidate.column(
        ["value", "amount", "wert", "waarde", "valeur", "valor", "valore", "valoare", "number"],
        of: entry
      ) ?? (numbers.count == 1 ? numbers.first : nil), value.type.isNumeric
    else { return nil }
    let place = QualifiedName([sql.identifier(entry.name)])
    let figures = ModelRecognizer.figures(try lookup.texts(of: sql.name(label.name), in: place))
    guard figures.count >= 2 else { return nil }
    self.entry = entry
    self.label = label
    self.value = value
    self.figures = figures
  }

  /// A row for each value of the other columns, with a column for each figure.
  func shape() -> ReshapedTables.Shape {
    func quoted(_ name: String) -> String { Syntax.format(sql.name(name)) }
    let view = entry.name + "_by_figure"
    let others = entry.table.schema.fields
      .filter { ![label.name, value.name].contains($0.name) }.map { quoted($0.name) }
    let columns = figures.map { text, name in
      let sum =
        "sum(\(quoted(value.name))) FILTER (WHERE \(quoted(label.name)) = "
        + "\(Syntax.format(sql.text(text))))"
      return ModelRecognizer.isCount(name)
        ? "CAST(\(sum) AS BIGINT) AS \(quoted(name))" : "\(sum) AS \(quoted(name))"
    }
    return ReshapedTables.Shape(
      text: "CREATE VIEW \(quoted(view)) AS SELECT \((others + columns).joined(separator: ", ")) "
        + "FROM \(quoted(entry.name)) GROUP BY ALL",
      told: "\(view), a view of \(entry.name), has a column for each figure: "
        + ModelRecognizer.enumeration(figures.map(\.label)),
      hides: true
    )
  }
}
