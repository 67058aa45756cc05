internal import TundishColumns
internal import TundishSyntax

/// The table of exchange rates and the currency that a statement asks for.
///
/// An amount is multiplied by the newest rate that is not later than the amount's own event; a
/// rate may be listed either way round.
struct CurrencyConversion {
  let target: String
  let table: QualifiedName
  let from: String
  let to: String
  let at: String
  let rate: String

  private static let tables = ["rates", "exchange_rates", "currency_rates", "fx_rates", "fx"]
  private static let columns: [(attribute: String, names: [String])] = [
    ("from", ["from_currency", "from", "source_currency", "source", "currency", "base"]),
    ("to", ["to_currency", "to", "target_currency", "target", "quote"]),
    ("at", ["at", "date", "day", "rate_date", "valid_from", "month"]),
    ("rate", ["rate", "exchange_rate", "value"]),
  ]

  /// Finds the table; an error that says what it must hold where there is none.
  init(
    target: Identifier,
    lookup: SchemaLookup
  ) throws(StatementFailure) {
    self.target = target.text.uppercasedASCII
    for name in Self.tables {
      let table = QualifiedName([Identifier(name, range: target.range)])
      guard let columns = try lookup.columns(of: table) else { continue }
      var found: [String: String] = [:]
      for (attribute, names) in Self.columns {
        found[attribute] =
          names.lazy.compactMap { name in
            columns.first { foldedEqual($0.name, name) }?.name
          }.first
      }
      guard let from = found["from"], let to = found["to"], let at = found["at"],
        let rate = found["rate"]
      else { continue }
      self.table = table
      self.from = from
      self.to = to
      self.at = at
      self.rate = rate
      return
    }
    throw StatementFailure([
      .noRate(
        "converting to \(self.target) needs a table of rates",
        help: [
          "a table named rates with the columns from_currency, to_currency, date and rate, one row per day that a rate changes"
        ],
        range: target.range
      )
    ])
  }

  /// The rates to the target, listed either way round: columns `currency`, `at`, `rate`.
  func rates(_ sql: SQLBuilder) -> Query {
    func part(_ source: String, _ goal: String, _ value: Expression) -> Query {
      sql.query(
        sql.select(
          [
            sql.item(sql.name(source), as: "currency"), sql.item(sql.name(at), as: "at"),
            sql.item(value, as: "rate"),
          ],
          from: sql.table(table),
          where: sql.equal(sql.name(goal), sql.text(target))
        )
      )
    }
    let inverse = sql.binary(.divide, sql.integer(1), sql.name(rate))
    return sql.query(
      .setOperation(
        .union,
        isAll: true,
        byName: false,
        part(from, to, sql.name(rate)),
        part(to, from, inverse)
      )
    )
  }
}

// Amounts in the currency that the statement asks for.
extension RoleScope {
  /// The amount converted at the rate of its event; itself where nothing is to be converted.
  func converted(_ amount: Expression) throws(StatementFailure) -> Expression {
    guard let conversion, let date = try conversionDate() else { return amount }
    let target = sql.text(conversion.target)
    guard let declared = definition.currency(of: "amount") else {
      throw StatementFailure([
        .noRate(
          "the model does not say in which currency the amounts of \(definition.table.last) are",
          help: ["say it: AMOUNT <column> CURRENCY 'EUR', or CURRENCY <column>"],
          range: sql.range
        )
      ])
    }
    if case .literal(.string(let code)) = declared.kind, foldedEqual(code, conversion.target) {
      return amount
    }
    let currency = qualified(declared)
    let alias = joinRates(conversion, currency: currency, date: date)
    let rate = sql.name(alias, "rate")
    rateChecks.append(
      RateCheck(
        isMissing: sql.all([
          sql.isNull(amount, not: true), sql.isNull(rate),
          sql.expression(.isDistinctFrom(currency, target, isNegated: false)),
        ]) ?? sql.boolean(false),
        currency: currency,
        date: date
      )
    )
    return sql.choose(
      [(sql.equal(currency, target), amount)],
      otherwise: sql.decimal(sql.binary(.multiply, amount, rate), precision: 38, scale: 2)
    )
  }

  /// When the amount's event was: the date that the metric counts by; in a subquery the close date.
  private func conversionDate() throws(StatementFailure) -> Expression? {
    if let eventDate { return eventDate }
    guard isNested else { return nil }
    for name in ["closed", "created", "at"] {
      if let value = try attribute(name)?.value { return value }
    }
    return nil
  }

  private func joinRates(
    _ conversion: CurrencyConversion,
    currency: Expression,
    date: Expression
  ) -> String {
    joinNearest(
      conversion.rates(sql),
      as: "rates_to_\(foldedText(conversion.target))",
      keys: [(currency, "currency")],
      bound: date,
      isExclusive: false,
      at: "at"
    )
  }
}

/// The rows whose amount has no rate.
struct RateCheck {
  var isMissing: Expression
  var currency: Expression
  var date: Expression
}

extension MetricExpander {
  /// The currency in which the money of a role is counted.
  ///
  /// Nil where it is unknown or rows are grouped by it; an error where several would be added.
  func currency(of role: ModelRole) throws(StatementFailure) -> String? {
    guard let definition = model.role(role) else { return nil }
    if let wanted = clauses.currency { return wanted.text.uppercasedASCII }
    guard let currency = definition.currency(of: "amount") else { return nil }
    if case .literal(.string(let code)) = currency.kind { return code }
    let key = GroupKey(role: role, isSnapshot: true, date: nil)
    let scope = try scope(of: key)
    let compiler = GroupCompiler(statement: self, group: MetricGroup(key: key), scope: scope)
    if let filter = clauses.filter { try compiler.addFilter(filter) }
    if let amount = definition.value("amount") {
      compiler.addCondition(sql.isNull(scope.qualified(amount), not: true))
    }
    let code = sql.call(
      "coalesce",
      [sql.cast(scope.qualified(currency), "VARCHAR"), sql.text("(none)")]
    )
    let query = sql.query(
      sql.select(
        [sql.item(code, as: "currency")],
        from: scope.from,
        where: compiler.filter,
        distinct: true
      ),
      orderBy: [OrderItem(expression: sql.integer(1))]
    )
    let codes = try lookup.rows(of: query).compactMap { row -> String? in
      if case .text(let text)? = row.first { text } else { nil }
    }
    if codes.count <= 1 { return codes.first == "(none)" ? nil : codes.first }
    let names = ["currency"] + (currency.simpleName.map { [foldedText($0.text)] } ?? [])
    if dimensions.contains(where: { names.contains(foldedText($0.path?.last?.text ?? $0.name)) }) {
      return nil
    }
    throw StatementFailure([
      .mixedCurrencies(codes, in: definition.table.last, range: range)
    ])
  }

  /// Refuses amounts that no rate converts.
  ///
  /// Only rows that some aggregate counts need one: an open deal has no date of closing.
  func checkRates(
    _ compiler: GroupCompiler,
    _ aggregates: [(part: MetricPart, value: Expression)]
  ) throws(StatementFailure) {
    let counted = try compiler.inPlace(compiler.existence(aggregates)).map { sql.grouped($0) }
    let filter = sql.all([compiler.filter, counted].compactMap { $0 })
    for check in compiler.scope.rateChecks {
      try self.check(check, in: compiler.scope, where: filter)
    }
    for (scope, condition) in compiler.scope.nestedRateChecks {
      for check in scope.rateChecks { try self.check(check, in: scope, where: condition) }
    }
  }

  private func check(
    _ check: RateCheck,
    in scope: RoleScope,
    where filter: Expression?
  ) throws(StatementFailure) {
    let query = sql.query(
      sql.select(
        [
          sql.item(sql.call("count", [sql.star]), as: "n"),
          sql.item(sql.call("min", [sql.cast(check.currency, "VARCHAR")]), as: "currency"),
          sql.item(sql.cast(sql.call("min", [check.date]), "VARCHAR"), as: "first"),
        ],
        from: scope.from,
        where: sql.all([filter, check.isMissing].compactMap { $0 })
      )
    )
    guard let row = try lookup.rows(of: query).first, row.count == 3,
      case .integer(let count) = row[0], count > 0
    else { return }
    var code = "no currency"
    if case .text(let text) = row[1] { code = text }
    var first = "an unknown date"
    if case .text(let text) = row[2] { first = text }
    let table = scope.definition.table.last
    let amounts =
      count == 1
      ? "1 amount of \(table) has" : "\(groupedDigits(Int(count))) amounts of \(table) have"
    throw StatementFailure([
      .noRate(
        "\(amounts) no rate to \(clauses.currency?.text.uppercasedASCII ?? ""), such as of \(code) on \(first)",
        help: [],
        range: clauses.currency?.range ?? range
      )
    ])
  }
}
