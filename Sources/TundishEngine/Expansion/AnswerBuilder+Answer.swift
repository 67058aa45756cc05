internal import TundishSyntax

// The columns, rows and order that are shown.
extension AnswerBuilder {
  /// A column of the answer.
  struct AnswerColumn {
    var name: String
    var value: Expression
    var unit: MetricUnit = .none
    var isHidden = false
  }

  func answer(
    from source: String,
    isScalar: Bool
  ) throws(StatementFailure) -> Query {
    var columns: [AnswerColumn] = []
    if let axis { columns.append(AnswerColumn(name: axis, value: sql.name(axis))) }
    columns += dimensions.map { AnswerColumn(name: $0.name, value: sql.name($0.name)) }
    if statement.hasSeveralWithins {
      columns.append(AnswerColumn(name: "within", value: sql.name("within"), unit: .days))
    }
    columns += metricColumns()
    if hasTotals {
      columns.append(
        AnswerColumn(
          name: "is_total",
          value: sql.binary(.greater, sql.name("level"), sql.integer(0))
        )
      )
    }
    if isScalar, let metric = statement.metrics.first {
      let value = sql.unit(metric.value, metric.unit.name)
      return sql.query(
        sql.select([sql.item(value, as: metric.name)], from: sql.table(source)),
        with: statement.commons
      )
    }
    let needsAnswer =
      clauses.having != nil || clauses.ranking != nil || clauses.withShare || clauses.withRunning
      || columns.contains(where: \.isHidden) || !clauses.orderBy.isEmpty
    guard needsAnswer else {
      let items = columns.map { sql.item(sql.unit($0.value, $0.unit.name), as: $0.name) }
      marks = markedDimensions.map { sql.item(sql.name($0.markName)) }
      return sql.query(
        sql.select(items, from: sql.table(source)),
        with: statement.commons,
        orderBy: order(columns),
        limit: clauses.limit
      )
    }
    return try wrapped(columns, from: source)
  }

  /// The answer as a named query, from which `having`, `top` and `order by` choose.
  func wrapped(
    _ columns: [AnswerColumn],
    from source: String
  ) throws(StatementFailure) -> Query {
    let answer = statement.commonName("answer")
    var items = columns.map { sql.item($0.value, as: $0.name) }
    if hasLevels { items.append(sql.item(sql.name("level"), as: "level")) }
    items += dimensions.flatMap { $0.columns.dropFirst() }.map { sql.item(sql.name($0), as: $0) }
    statement.addCommon(answer, sql.query(sql.select(items, from: sql.table(source))))
    var from = sql.table(answer)
    var conditions: [Expression] = []
    if let having = clauses.having {
      let condition = try self.condition(having, columns)
      conditions.append(
        hasTotals
          ? sql.expression(
            .binary(
              .or,
              sql.binary(.greater, sql.name("level"), sql.integer(0)),
              sql.grouped(condition)
            )
          )
          : condition
      )
    }
    if let ranking = clauses.ranking {
      let ranked = statement.commonName("ranked")
      let metric = rankingColumn(ranking)
      var keys = [
        OrderItem(
          expression: sql.name(metric),
          isDescending: !ranking.isBottom,
          nullsFirst: false
        )
      ]
      keys += dimensionColumns.map { sql.ascending(sql.name($0)) }
      let position = sql.call(
        "row_number",
        [],
        over: WindowSpecification(orderBy: keys, range: sql.range)
      )
      let level = hasRankRows ? rankLevel : 0
      statement.addCommon(
        ranked,
        sql.query(
          sql.select(
            dimensionColumns.map { sql.item(sql.name($0), as: $0) }
              + [sql.item(position, as: "position")],
            from: sql.table(answer),
            where: hasLevels ? sql.equal(sql.name("level"), sql.integer(level)) : nil
          )
        )
      )
      from = sql.join(
        from,
        .left,
        sql.table(ranked),
        on: sql.all(
          dimensionColumns.map { sql.same(sql.name(answer, $0), sql.name(ranked, $0)) }
        )
          ?? sql.boolean(true)
      )
      var isKept = sql.binary(
        .lessOrEqual,
        sql.name("position"),
        sql.integer(max(0, ranking.count))
      )
      if hasLevels {
        let own = sql.equal(sql.name(answer, "level"), sql.integer(0))
        isKept = sql.all([own, isKept]) ?? isKept
        if hasTotals {
          let totals = [axisTotalLevel, grandTotalLevel].filter { $0 > 0 }
          isKept =
            sql.either([
              isKept,
              sql.expression(
                .inList(sql.name(answer, "level"), totals.map { sql.integer($0) }, isNegated: false)
              ),
            ]) ?? isKept
        }
      }
      conditions.append(isKept)
    }
    let isQualified = clauses.ranking != nil
    func reference(_ name: String) -> Expression {
      isQualified ? sql.name(answer, name) : sql.name(name)
    }
    marks = markedDimensions.map { sql.item(reference($0.markName), as: $0.markName) }
    let visible = columns.filter { !$0.isHidden }
    let result = visible.map { sql.item(sql.unit(reference($0.name), $0.unit.name), as: $0.name) }
    var orderItems: [OrderItem] = []
    if clauses.orderBy.isEmpty {
      orderItems = order(columns, in: isQualified ? answer : nil)
    } else {
      if hasTotals { orderItems.append(sql.ascending(sql.name("is_total"))) }
      for item in clauses.orderBy {
        let isPosition: Bool
        if case .literal(.integer) = item.expression.kind {
          isPosition = true
        } else {
          isPosition = false
        }
        orderItems.append(
          OrderItem(
            expression: isPosition
              ? item.expression
              : try condition(item.expression, columns, answer: isQualified ? answer : nil),
            isDescending: item.isDescending,
            nullsFirst: item.nullsFirst
          )
        )
      }
    }
    return sql.query(
      sql.select(result, from: from, where: sql.all(conditions)),
      with: statement.commons,
      orderBy: orderItems,
      limit: clauses.limit
    )
  }

  /// Axis ascending; the first metric descending, NULLS LAST; dimensions ascending; totals last.
  func order(_ columns: [AnswerColumn], in answer: String? = nil) -> [OrderItem] {
    guard !dimensions.isEmpty || axis != nil || statement.hasSeveralWithins else { return [] }
    var items: [OrderItem] = []
    if hasTotals { items.append(sql.ascending(sql.name("is_total"))) }
    if let axis { items.append(sql.ascending(sql.name(axis))) }
    if !dimensions.isEmpty, let first = statement.metrics.first(where: { !$0.isHidden }),
      !MetricBinder.isByAge(first.definition)
    {
      // Ages have an order of their own.
      items.append(sql.descending(sql.name(first.name)))
    }
    items += dimensions.map { sql.ascending(sql.name($0.name)) }
    items += markedDimensions.map(\.markName).map { mark in
      sql.ascending(answer.map { sql.name($0, mark) } ?? sql.name(mark))
    }
    return items + (statement.hasSeveralWithins ? [sql.ascending(sql.name("within"))] : [])
  }

  func rankingColumn(_ ranking: Ranking) -> String {
    guard let metric = ranking.metric else {
      return statement.metrics.first { !$0.isHidden }?.name ?? ""
    }
    let canonical = MetricBinder.definition(metric.text, in: statement.expander.catalog)?.name.text
    return statement.metrics.first {
      foldedEqual($0.name, metric.text) || foldedEqual($0.name, canonical ?? "")
    }?.name ?? metric.text
  }

  /// `having` and `order by`: names are columns of the answer.
  func condition(
    _ expression: Expression,
    _ columns: [AnswerColumn],
    answer: String? = nil
  ) throws(StatementFailure) -> Expression {
    try checkRates(expression, columns)
    return try expression.rewritten {
      (part: Expression) throws(StatementFailure) -> Expression? in
      switch part.kind {
      case .percentage(let text): return sql.fraction(ofPercent: text)
      case .bareDate: return sql.instant(LocalInstant(try statement.frame.day(part)))
      case .name(let parts):
        guard parts.count == 1 else { return nil }
        let canonical =
          MetricBinder.definition(parts[0].text, in: statement.expander.catalog)?.name.text ?? ""
        guard
          let column = columns.first(where: { foldedEqual($0.name, parts[0].text) })
            ?? columns.first(where: { foldedEqual($0.name, canonical) })
        else { return nil }
        return answer.map { sql.name($0, column.name) } ?? sql.name(column.name)
      default: return nil
      }
    }
  }

  /// A rate compared with a number above 1 was meant as a percentage.
  func checkRates(
    _ expression: Expression,
    _ columns: [AnswerColumn]
  ) throws(StatementFailure) {
    var diagnostics: [Diagnostic] = []
    _ = expression.contains { part in
      guard case .binary(let operation, let left, let right) = part.kind, operation.isComparison
      else { return false }
      for (side, other) in [(left, right), (right, left)] {
        guard let name = side.simpleName,
          let column = columns.first(where: { foldedEqual($0.name, name.text) }),
          column.unit == .rate
        else { continue }
        let text: String
        switch other.unparenthesized.kind {
        case .literal(.integer(let digits)): text = digits
        case .literal(.decimal(let digits)): text = digits
        default: continue
        }
        if let number = Double(text), number > 1 {
          diagnostics.append(.rateAboveOne(name.text, text, range: other.range))
        }
      }
      return false
    }
    if !diagnostics.isEmpty { throw StatementFailure(diagnostics) }
  }
}
