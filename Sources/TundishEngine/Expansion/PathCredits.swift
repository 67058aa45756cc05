internal import TundishColumns
package import TundishSyntax

extension Expander {
  /// Expands `path_credits('journeys', 'linear')`: the credit of each channel of a table whose rows
  /// are paths such as `mail > search > call`, with their conversions.
  package func expandPathCredits(
    of table: Identifier,
    model: Identifier
  ) throws(StatementFailure) -> Query {
    let lookup = SchemaLookup(catalog: catalog, runner: runner)
    let source = QualifiedName([table])
    guard let fields = try lookup.columns(of: source) else {
      throw StatementFailure([
        .modelTableUnknown(
          table.text,
          tables: catalog.tables.values.map(\.name),
          range: table.range
        )
      ])
    }
    guard CreditSlots.models.contains(foldedText(model.text)) else {
      throw StatementFailure([.unknownAttribution(model, known: CreditSlots.models)])
    }
    guard !CreditSlots.timed.contains(foldedText(model.text)) else {
      throw StatementFailure([
        .clauseNeeds(
          "'\(model.text)' needs the time of each touch, which paths do not tell; use TOUCHES of the model and 'attributed by'",
          range: model.range
        )
      ])
    }
    return try PathCredits(table: source, model: model, fields: fields, range: table.range).query()
  }
}

/// The credit of channels from a table of paths: one row for each path, with how often it converted,
/// what it brought, and how often it led to nothing.
struct PathCredits {
  let table: QualifiedName
  let model: Identifier
  let fields: [Field]
  let range: SourceRange

  private var sql: SQLBuilder { SQLBuilder(range) }

  /// The names that the columns go by, the first of which stands in messages.
  private static let names: [String: [String]] = [
    "path": ["path", "paths", "journey", "channel_path", "touchpoints"],
    "conversions": ["conversions", "total_conversions", "conversion", "converted"],
    "value": [
      "value", "conversion_value", "total_conversion_value", "total_conversions_value", "revenue",
      "amount",
    ],
    "others": [
      "non_conversions", "total_null", "null_conversions", "nulls", "others", "not_converted",
    ],
  ]

  private func column(_ meaning: String) -> Expression? {
    for name in Self.names[meaning] ?? [] {
      if let field = fields.first(where: { foldedEqual($0.name, name) }) {
        return sql.name(field.name)
      }
    }
    return nil
  }

  /// One row for each channel: `channel`, `credit` and, where the table has it, `value`.
  func query() throws(StatementFailure) -> Query {
    guard let path = column("path"), let conversions = column("conversions") else {
      throw StatementFailure([
        .clauseNeeds(
          "a table of paths has columns 'path' and 'conversions', also 'value' and 'non_conversions'; \(table.last) has \(fields.map(\.name).joined(separator: ", "))",
          range: range
        )
      ])
    }
    var digits: Int?
    if let value = column("value")?.simpleName?.text,
      let field = fields.first(where: { foldedEqual($0.name, value) })
    {
      if case .decimal(_, let scale) = field.type {
        digits = max(2, min(scale, 9))
      } else {
        digits = 2
      }
    }
    let isOfAll = CreditSlots.ofAllJourneys.contains(foldedText(model.text))
    var commons = [sql.common("paths", paths(path, conversions, isOfAll: isOfAll))]
    if isOfAll {
      commons.append(sql.common("weighted", sharedWeights()))
    } else {
      commons.append(sql.common("touched", touches()))
      let slots = CreditSlots(model: model, duration: nil, sql: sql)
      commons.append(
        sql.common("weighted", slots.weights(of: "touched", keeping: ["channel"]))
      )
    }
    let split = CreditSplit(weighted: "weighted", row: sql.name("paths", "row_id"), sql: sql)
    let isWhole = foldedEqual(model.text, "participation")
    var items = [
      sql.item(sql.name("weighted", "channel"), as: "channel"),
      sql.item(
        isWhole
          ? sql.name("paths", "conversions") : split.credit(of: sql.name("paths", "conversions")),
        as: "credit"
      ),
    ]
    if let digits {
      let value = sql.name("paths", "value")
      items.append(
        sql.item(isWhole ? value : split.money(value, digits: digits), as: "value")
      )
    }
    commons.append(
      sql.common(
        "credited",
        sql.query(
          sql.select(
            items,
            from: sql.join(
              sql.table("paths"),
              .inner,
              sql.table("weighted"),
              on: sql.equal(sql.name("paths", "row_id"), sql.name("weighted", "row_id"))
            )
          )
        )
      )
    )
    let sums = ["credit"] + (digits == nil ? [] : ["value"])
    return sql.query(
      sql.select(
        [sql.item(sql.name("channel"))]
          + sums.map { sql.item(sql.call("sum", [sql.name($0)]), as: $0) },
        from: sql.table("credited"),
        groupBy: .elements([.expressions([sql.name("channel")])])
      ),
      with: commons,
      orderBy: [sql.descending(sql.name("credit")), sql.ascending(sql.name("channel"))]
    )
  }

  /// The rows of the table; for models of all journeys one row with the sums, and all paths in it.
  private func paths(_ path: Expression, _ conversions: Expression, isOfAll: Bool) -> Query {
    let steps = sql.call("string_split", [sql.cast(path, "VARCHAR"), sql.text(">")])
    let others = column("others") ?? sql.integer(0)
    guard isOfAll else {
      var items = [
        sql.item(
          sql.call("row_number", [], over: WindowSpecification(range: range)),
          as: "row_id"
        ), sql.item(steps, as: "steps"), sql.item(conversions, as: "conversions"),
      ]
      if let value = column("value") { items.append(sql.item(value, as: "value")) }
      return sql.query(
        sql.select(
          items,
          from: sql.table(table),
          where: sql.isNull(path, not: true)
        )
      )
    }
    let shares = sql.call(
      foldedText(model.text),
      [
        sql.cast(path, "VARCHAR"), sql.cast(conversions, "DOUBLE"), sql.cast(others, "DOUBLE"),
      ]
    )
    var items = [
      sql.item(sql.integer(1), as: "row_id"), sql.item(shares, as: "shares"),
      sql.item(sql.call("sum", [conversions]), as: "conversions"),
    ]
    if let value = column("value") {
      items.append(sql.item(sql.call("sum", [value]), as: "value"))
    }
    return sql.query(sql.select(items, from: sql.table(table)))
  }

  /// Every touch of every path, with its place.
  private func touches() -> Query {
    let channel = sql.call("trim", [sql.call("unnest", [sql.name("steps")])])
    let count = sql.call("len", [sql.name("steps")])
    let places = sql.call(
      "range",
      [sql.integer(1), sql.binary(.add, count, sql.integer(1))]
    )
    let listed = sql.query(
      sql.select(
        [
          sql.item(sql.name("row_id")), sql.item(channel, as: "channel"),
          sql.item(sql.call("unnest", [places]), as: "place"), sql.item(count, as: "touches"),
        ],
        from: sql.table("paths")
      )
    )
    var order = [sql.ascending(sql.name("place"))]
    if foldedEqual(model.text, "last_non_direct") {
      let isDirect = sql.any(
        of: sql.name("channel"),
        [TouchCredits.direct, "direct", "Direct"]
      )
      order.insert(sql.descending(isDirect), at: 0)
    }
    return sql.query(
      sql.select(
        ["row_id", "channel", "touches"].map { sql.item(sql.name($0), as: $0) } + [
          sql.item(
            sql.call(
              "row_number",
              [],
              over: WindowSpecification(
                partitionBy: [sql.name("row_id")],
                orderBy: order,
                range: range
              )
            ),
            as: "position"
          )
        ],
        from: TableReference(
          .query(listed, isLateral: false),
          alias: sql.identifier("listed"),
          range: range
        )
      )
    )
  }

  /// The channels of all journeys with their shares, in billiardths.
  private func sharedWeights() -> Query {
    let shares = sql.query(
      sql.select(
        [sql.item(sql.call("unnest", [sql.name("shares")]), as: "share")],
        from: sql.table("paths")
      )
    )
    func member(_ name: String) -> Expression {
      sql.expression(.index(sql.name("share"), sql.text(name)))
    }
    let part = sql.cast(
      sql.call(
        "round",
        [
          sql.binary(
            .multiply,
            member("share"),
            sql.expression(.literal(.integer("1000000000000000")))
          )
        ]
      ),
      "HUGEINT"
    )
    return sql.query(
      sql.select(
        [
          sql.item(sql.integer(1), as: "row_id"), sql.item(member("channel"), as: "channel"),
          sql.item(
            sql.call(
              "row_number",
              [],
              over: WindowSpecification(orderBy: [sql.ascending(member("channel"))], range: range)
            ),
            as: "position"
          ), sql.item(part, as: "part"),
          sql.item(sql.call("sum", [part], over: WindowSpecification(range: range)), as: "whole"),
        ],
        from: TableReference(
          .query(shares, isLateral: false),
          alias: sql.identifier("listed"),
          range: range
        )
      )
    )
  }
}
