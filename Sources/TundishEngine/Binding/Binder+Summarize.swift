internal import TundishColumns
internal import TundishSyntax

/// `SUMMARIZE <query>`, as a statement and in FROM.
extension Binder {
  /// The plain query that SUMMARIZE stands for: one aggregation gives a list with a struct per
  /// column, and each of them becomes a row.
  func summaryQuery(_ query: Query, _ range: SourceRange) -> Query? {
    guard let bound = bind(query: query) else { return nil }
    let builder = SQLBuilder(range)
    let names = bound.columns.indices.map { "c\($0 + 1)" }
    let rows = zip(names, bound.columns).map { name, column in
      summary(of: column, builder.name("summarized", name), builder)
    }
    let source = TableReference(
      .query(query, isLateral: false),
      alias: builder.identifier("summarized"),
      columnAliases: names.map(builder.identifier),
      range: range
    )
    let list = builder.expression(.list(rows.map { builder.expression(.structure($0)) }))
    let aggregated = builder.query(
      builder.select([builder.item(builder.call("unnest", [list]), as: "row_")], from: source)
    )
    let members = (rows.first ?? []).map { entry in
      builder.item(builder.name("row_", entry.name.text), as: entry.name.text)
    }
    let outer = TableReference(
      .query(aggregated, isLateral: false),
      alias: builder.identifier("summaries"),
      range: range
    )
    return builder.query(builder.select(members, from: outer))
  }

  private func summary(
    of column: PlanColumn,
    _ value: Expression,
    _ builder: SQLBuilder
  ) -> [StructEntry] {
    let type = column.type
    let isOrdered =
      type.isNumeric || type.isTemporal || type.isText || type == .boolean || type == .blob
    let nothing = builder.cast(builder.null, "VARCHAR")
    func text(_ name: String, _ arguments: [Expression], if isWanted: Bool) -> Expression {
      isWanted ? builder.cast(builder.call(name, arguments), "VARCHAR") : nothing
    }
    func quantile(_ fraction: String) -> Expression {
      text(
        type.isNumeric ? "quantile_cont" : "quantile_disc",
        [value, builder.expression(.literal(.decimal(fraction)))],
        if: type.isNumeric || type.isTemporal
      )
    }
    let count = builder.call("count", [builder.star])
    let missing = builder.binary(.subtract, count, builder.call("count", [value]))
    let hundred = builder.cast(builder.integer(100), "DOUBLE")
    let percentage = builder.binary(.divide, builder.binary(.multiply, missing, hundred), count)
    let parts = [
      ("column_name", builder.text(column.name)), ("column_type", builder.text(type.description)),
      ("min", text("min", [value], if: isOrdered)), ("max", text("max", [value], if: isOrdered)),
      ("approx_unique", builder.call("count", [value], isDistinct: true)),
      ("avg", text("avg", [value], if: type.isNumeric)),
      ("std", text("stddev", [value], if: type.isNumeric)),
      ("q25", quantile("0.25")), ("q50", quantile("0.5")), ("q75", quantile("0.75")),
      ("count", count), ("null_percentage", builder.decimal(percentage, precision: 9, scale: 2)),
    ]
    return parts.map { StructEntry(name: builder.identifier($0.0), value: $0.1) }
  }
}
