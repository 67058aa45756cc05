internal import TundishColumns
internal import TundishSyntax

/// Finds the benchmark of a metric in the user's table: metric, denominator, industry, value,
/// source, year.
///
/// A benchmark of another denominator is refused: 2 % of visitors and 23 % of leads are both called
/// lead conversion. The newest year counts.
struct BenchmarkFinder {
  let statement: MetricExpander
  let industry: String?

  private static let tables = ["benchmarks", "benchmark"]

  private var range: SourceRange { statement.range }

  /// The benchmark's value and where it comes from.
  func value(
    for metric: BoundMetric
  ) throws(StatementFailure) -> (value: Expression, source: String)? {
    let rows = try rows()
    let names = ([metric.definition.name.text] + metric.definition.synonyms).map(foldedText)
    let own = rows.filter { names.contains(foldedText($0.metric)) }
    guard !own.isEmpty else { return nil }
    let kind = metric.companions.count == 2 ? foldedText(metric.companions[1].name) : ""
    let fitting = own.filter { row in
      guard let denominator = row.denominator, metric.unit == .rate else { return true }
      let word = foldedText(denominator)
      return word == kind || word + "s" == kind || word == "unique_" + kind
    }
    guard let best = fitting.max(by: { ($0.year ?? 0) < ($1.year ?? 0) }) else {
      throw StatementFailure([
        .noBenchmark(
          "the benchmark of '\(metric.definition.name.text)' is of \(own[0].denominator ?? ""), this metric is of \(kind)",
          help: [
            "the two do not compare; ask for: \(metric.definition.name.text) of \(own[0].denominator ?? "")"
          ],
          range: range
        )
      ])
    }
    if metric.unit == .rate, let number = Double(best.value), number > 1 {
      throw StatementFailure([
        .noBenchmark(
          "the benchmark of '\(metric.definition.name.text)' is \(best.value), but a rate is at most 1",
          help: ["write 23 % as 0.23 or as the text 23%"],
          range: range
        )
      ])
    }
    let source = [best.source, best.year.map(String.init)].compactMap { $0 }
      .joined(separator: ", ")
    return (
      statement.sql.cast(statement.sql.expression(.literal(.decimal(best.value))), "DOUBLE"),
      source
    )
  }

  private struct Row {
    var metric: String
    var denominator: String?
    var industry: String?
    var value: String
    var source: String?
    var year: Int?
  }

  private func rows() throws(StatementFailure) -> [Row] {
    let sql = statement.sql
    for name in Self.tables {
      let table = QualifiedName([Identifier(name, range: range)])
      guard let columns = try statement.lookup.columns(of: table) else { continue }
      func column(_ names: [String]) -> Expression {
        for name in names {
          if let found = columns.first(where: { foldedEqual($0.name, name) }) {
            return sql.cast(sql.name(found.name), "VARCHAR")
          }
        }
        return sql.cast(sql.null, "VARCHAR")
      }
      let query = sql.query(
        sql.select(
          [
            sql.item(column(["metric"]), as: "metric"),
            sql.item(column(["denominator", "denominator_kind", "kind"]), as: "denominator"),
            sql.item(column(["industry"]), as: "industry"),
            sql.item(column(["value"]), as: "value"),
            sql.item(column(["source"]), as: "source"), sql.item(column(["year"]), as: "year"),
          ],
          from: sql.table(table)
        )
      )
      return try chosen(try statement.lookup.rows(of: query).compactMap(Self.row))
    }
    throw StatementFailure([
      .noBenchmark(
        "'vs benchmark' needs a table of benchmarks",
        help: [
          "a table named benchmarks with the columns metric, denominator, industry, value, source, year"
        ],
        range: range
      )
    ])
  }

  private static func row(_ values: [Value]) -> Row? {
    let texts = values.map { value -> String? in
      if case .text(let text) = value { text } else { nil }
    }
    guard texts.count == 6, let metric = texts[0], let value = texts[3] else { return nil }
    let number = value.hasSuffix("%") ? SQLBuilder.hundredth(of: String(value.dropLast())) : value
    guard Double(number) != nil else { return nil }
    return Row(
      metric: metric,
      denominator: texts[1],
      industry: texts[2],
      value: number,
      source: texts[4],
      year: texts[5].flatMap { Int($0.prefix(4)) }
    )
  }

  /// The rows of the industry; without one the table must hold only one.
  private func chosen(_ rows: [Row]) throws(StatementFailure) -> [Row] {
    let known = Set(rows.compactMap(\.industry)).sorted()
    guard let industry else {
      guard known.count > 1 else { return rows }
      throw StatementFailure([
        .noBenchmark(
          "the benchmarks are of \(known.count) industries",
          help: ["name one: vs benchmark '\(known[0])'; known: \(known.joined(separator: ", "))"],
          range: range
        )
      ])
    }
    let own = rows.filter { $0.industry.map { foldedEqual($0, industry) } ?? false }
    guard own.isEmpty else { return own }
    throw StatementFailure([
      .noBenchmark(
        "no benchmarks of the industry '\(industry)'",
        help: ["known: \(known.joined(separator: ", "))"],
        range: range
      )
    ])
  }
}
