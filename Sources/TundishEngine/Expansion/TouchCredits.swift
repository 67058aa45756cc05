internal import TundishColumns
internal import TundishSyntax

/// Spreads the rows that a metric counts over the touches that led to them.
///
/// Credits of a row add up to exactly 1, in billionths; money is split in its minor unit; what
/// rounding leaves goes to the largest remainders. Touches after the row's date do not count,
/// touches of one instant share their slots, and a row without touches is `(direct)`.
struct TouchCredits {
  let statement: MetricExpander
  let attribution: Attribution
  let touches: RoleDefinition

  var sql: SQLBuilder { statement.sql }

  /// The name under which rows without touches, and touches without a channel, stand.
  static let direct = "(direct)"

  var model: String { foldedText(attribution.model.text) }

  /// Whether credit depends on all journeys, also on those that led to nothing.
  var isOfAllJourneys: Bool { CreditSlots.ofAllJourneys.contains(model) }

  /// Whether every touch gets full credit.
  var isParticipation: Bool { model == "participation" }

  /// Whether a dimension is an attribute or column of the touches.
  static func isTouch(
    _ dimension: NamedDimension,
    _ touches: RoleDefinition,
    _ lookup: SchemaLookup
  ) throws(StatementFailure) -> Bool {
    guard let path = dimension.path, path.count == 1, let name = path.first?.text else {
      return false
    }
    if touches.value(name) != nil { return true }
    return try lookup.column(name, of: touches.table) != nil
  }

  /// Adds the columns by which touches find a row: its number, its key and its date.
  func prepare(_ compiler: GroupCompiler) throws(StatementFailure) {
    if compiler.date == nil, !compiler.group.key.isSnapshot {
      // Which touches came before is not known without it.
      throw StatementFailure([
        .missingAttribute(
          (compiler.group.key.date?.simpleName?.text ?? "created").uppercasedASCII,
          of: compiler.scope.role,
          table: compiler.scope.definition.table.last,
          neededBy: statement.metricNames(of: compiler.group.key).first,
          range: statement.range
        )
      ])
    }
    // What is open is credited to the touches until as-of.
    let date =
      compiler.date ?? compiler.scope.asOf?.expression ?? sql.instant(statement.asOf.instant)
    compiler.addAxis(
      "row_id",
      sql.call("row_number", [], over: WindowSpecification(range: sql.range))
    )
    compiler.addAxis("touched_key", try key(compiler.scope))
    compiler.addAxis("credited_at", sql.cast(date, "TIMESTAMP"))
    if model == "w_shaped" {
      compiler.addAxis("key_at", sql.cast(try keyInstant(compiler.scope), "TIMESTAMP"))
    }
  }

  /// When the lead converted, else when the opportunity was created: the last touch until then is
  /// the key touch of a w-shaped credit.
  private func keyInstant(_ scope: RoleScope) throws(StatementFailure) -> Expression {
    var found: [Expression] = []
    let path = scope.role == .leads ? ["converted"] : ["lead", "converted"]
    let isDeclared = statement.model.role(.leads)?.value("converted") != nil
    if isDeclared, let converted = try scope.resolve(path.map { sql.identifier($0) })?.value {
      found.append(converted)
    }
    if scope.role == .opportunities, let created = try scope.attribute("created")?.value {
      found.append(created)
    }
    guard let first = found.first else {
      throw StatementFailure([
        .clauseNeeds(
          "'w_shaped' needs CONVERTED of LEADS or CREATED of OPPORTUNITIES for its key touch",
          range: attribution.model.range
        )
      ])
    }
    return found.count == 1
      ? first : sql.call("coalesce", found.map { sql.cast($0, "TIMESTAMP") })
  }

  /// The column of a role's rows that the touches name.
  private func key(_ scope: RoleScope) throws(StatementFailure) -> Expression {
    switch scope.role {
    case .leads:
      if touches.value("lead") != nil, let key = scope.definition.value("key") {
        return scope.qualified(key)
      }
    case .opportunities:
      if touches.value("lead") == nil, touches.value("opportunity") != nil,
        let key = scope.definition.value("key")
      {
        return scope.qualified(key)
      }
      if let lead = scope.definition.value("lead") { return scope.qualified(lead) }
      let path = ["lead", "key"].map { sql.identifier($0) }
      if let found = try scope.resolve(path) { return found.value }
    case .history, .visits, .touches, .spend, .quotas, .activities, .customers, .subscriptions,
      .mqls, .sqls, .bookings:
      break
    }
    throw StatementFailure([
      .clauseNeeds(
        "'attributed by' needs LEAD of OPPORTUNITIES, by which touches find the deals they led to",
        range: statement.range
      )
    ])
  }

  /// Adds the credited rows; returns their name.
  func credit(
    _ rows: String,
    columns: [String],
    dimensions: [NamedDimension],
    spread: CreditedColumns,
    counted: Expression?
  ) throws(StatementFailure) -> String {
    let rows = numberedOnce(rows, columns, spread)
    let touched = statement.commonName("touched")
    statement.addCommon(touched, try touchedRows(rows, dimensions))
    let weighted = statement.commonName("weighted")
    statement.addCommon(
      weighted,
      isOfAllJourneys
        ? try sharedWeights(touched, rows, dimensions, counted)
        : CreditSlots(model: attribution.model, duration: attribution.duration, sql: sql)
          .weights(of: touched, keeping: ["at"] + dimensions.map(\.name))
    )
    let credited = statement.commonName("credited")
    var items = (columns + spread.firsts.map(\.name)).filter { !spread.money.contains($0) }
      .map { sql.item(sql.name(rows, $0), as: $0) }
    items += dimensions.map { dimension in
      sql.item(
        sql.call("coalesce", [sql.name(weighted, dimension.name), sql.text(Self.direct)]),
        as: dimension.name
      )
    }
    let split = CreditSplit(weighted: weighted, row: sql.name(rows, "row_id"), sql: sql)
    items.append(
      sql.item(isParticipation ? sql.integer(1) : split.credit(of: nil), as: "credit")
    )
    items += spread.money.map { name in
      let amount = sql.name(rows, name)
      return sql.item(
        isParticipation ? amount : split.money(amount, digits: spread.minorDigits),
        as: name
      )
    }
    let from = sql.join(
      sql.table(rows),
      .left,
      sql.table(weighted),
      on: sql.equal(sql.name(rows, "row_id"), sql.name(weighted, "row_id"))
    )
    statement.addCommon(credited, sql.query(sql.select(items, from: from)))
    return credited
  }

  /// Marks the first row of each distinct value that is counted once; returns the rows' name.
  private func numberedOnce(
    _ rows: String,
    _ columns: [String],
    _ spread: CreditedColumns
  ) -> String {
    guard !spread.firsts.isEmpty else { return rows }
    let order = ["credited_at", "row_id"].map { sql.ascending(sql.name($0)) }
    let items = spread.firsts.map { first in
      // Rows that do not count are a partition of their own, whose first row does not count either.
      let number = sql.call(
        "row_number",
        [],
        over: WindowSpecification(
          partitionBy: [sql.name(first.column)] + [first.filter].compactMap { $0 },
          orderBy: order,
          range: sql.range
        )
      )
      return sql.item(sql.equal(number, sql.integer(1)), as: first.name)
    }
    let name = statement.commonName("numbered_rows")
    statement.addCommon(
      name,
      sql.query(sql.select([sql.item(sql.star)] + items, from: sql.table(rows)))
    )
    return name
  }
}

/// The columns of a metric's rows that are spread with the credit.
struct CreditedColumns {
  /// Amounts, which are split so that the parts add up.
  var money: [String] = []
  /// Values that count once, at their first counted row, which the column `name` marks.
  var firsts: [(name: String, column: String, filter: Expression?)] = []
  /// The digits of the minor unit of the amounts.
  var minorDigits = 2
}
