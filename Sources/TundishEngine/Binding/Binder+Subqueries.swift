internal import TundishColumns
internal import TundishSyntax

extension Binder {
  /// Binds subqueries inside expressions.
  func bindSubqueryForm(
    _ expression: Expression,
    _ range: SourceRange,
    _ scope: Scope
  )
    -> BoundExpression?
  {
    switch expression.kind {
    case .scalarQuery(let query):
      return bindScalarQuery(query, range, scope)
    case .exists(let query):
      guard let bound = bind(query: query, parent: scope) else { return nil }
      return BoundExpression(
        .subquery(BoundSubquery(form: .exists, plan: bound.plan, output: nil)),
        type: .boolean,
        range: range
      )
    case .inQuery(let operand, let query, let isNegated):
      if case .row(let items) = operand.unwrapped.kind, items.count > 1 {
        return bindRowInQuery(items, query, range, scope).map { negated($0, isNegated) }
      }
      return bindQuantified(.equal, operand, .any, query, range, scope, place: "IN")
        .map { negated($0, isNegated) }
    case .quantified(let symbol, let operand, let quantifier, .query(let query)):
      guard let comparison = Self.comparison(symbol) else {
        report(
          .unsupported("\(symbol.rawValue) with \(quantifier.rawValue)", at: range)
        )
        return nil
      }
      if case .row(let items) = operand.unwrapped.kind, items.count > 1 {
        return bindRowQuantified(comparison, items, quantifier, query, range, scope)
      }
      return bindQuantified(
        comparison,
        operand,
        quantifier,
        query,
        range,
        scope,
        place: quantifier.rawValue
      )
    case .quantified(let symbol, let operand, let quantifier, .list(let list)):
      return bindQuantifiedList(symbol, operand, quantifier, list, range, scope)
    default:
      return nil  // bindKind sends subqueries only
    }
  }

  private func bindScalarQuery(
    _ query: Query,
    _ range: SourceRange,
    _ scope: Scope
  )
    -> BoundExpression?
  {
    var query = query
    if !environment.settings.hasStrictScalars, query.limit == nil {
      let builder = SQLBuilder(query.range)
      query.limit = builder.query(builder.select([], from: nil), limit: 1).limit
    }
    guard let bound = bind(query: query, parent: scope, isScalar: true) else { return nil }
    guard bound.columns.count == 1 else {
      report(
        .subqueryWidth(
          "a subquery used as a value",
          wanted: 1,
          found: bound.columns.count,
          at: range
        )
      )
      return nil
    }
    let output = bound.columns[0]
    return BoundExpression(
      .subquery(BoundSubquery(form: .scalar, plan: bound.plan, output: output)),
      type: output.type,
      unit: output.unit,
      range: range
    )
  }

  private func bindQuantified(
    _ comparison: ComparisonOperator,
    _ operand: Expression,
    _ quantifier: Quantifier,
    _ query: Query,
    _ range: SourceRange,
    _ scope: Scope,
    place: String
  ) -> BoundExpression? {
    let sides = (bind(operand, scope), bind(query: query, parent: scope))
    guard let left = sides.0, let right = sides.1 else { return nil }
    guard right.columns.count == 1 else {
      report(
        .subqueryWidth(
          "the subquery of \(place)",
          wanted: 1,
          found: right.columns.count,
          at: blame(query.range)
        )
      )
      return nil
    }
    let output = right.columns[0]
    let type = TypeCoercion.comparisonType(
      left.type,
      output.type,
      leftIsTextLiteral: left.isTextLiteral
    )
    guard let type else {
      report(
        .incomparableTypes(left.type.description, output.type.description, at: range)
      )
      return nil
    }
    let (plan, converted) = casting(right, to: type)
    let value = coerce(left, to: type)
    let form: BoundSubquery.Form =
      quantifier == .any ? .any(value, comparison) : .all(value, comparison)
    return BoundExpression(
      .subquery(BoundSubquery(form: form, plan: plan, output: converted)),
      type: .boolean,
      range: range
    )
  }

  /// Gives the only column of a query another type.
  private func casting(_ query: BoundQuery, to type: DataType) -> (Plan, PlanColumn) {
    let output = query.columns[0]
    guard output.type != type else { return (query.plan, output) }
    let converted = makeColumn(output.name, type, unit: output.unit)
    let cast = coerce(.column(output, range: SourceRange(0, 0)), to: type)
    return (
      .project([ProjectedColumn(column: converted, expression: cast)], query.plan), converted
    )
  }

  /// Binds the values of a row and the query that it is compared with, which has as many columns.
  private func bindRowSides(
    _ items: [Expression],
    _ query: Query,
    _ scope: Scope,
    place: String
  ) -> (values: [BoundExpression], rows: BoundQuery)? {
    let sides = (bind(all: items, scope), bind(query: query, parent: scope))
    guard let values = sides.0, let right = sides.1 else { return nil }
    guard right.columns.count == values.count else {
      report(
        .subqueryWidth(
          "the subquery of \(place)",
          wanted: values.count,
          found: right.columns.count,
          at: blame(query.range)
        )
      )
      return nil
    }
    return (values, right)
  }

  /// `(a, b) < ANY (SELECT x, y ...)`: rows are ordered member by member; equality is that of IN.
  private func bindRowQuantified(
    _ comparison: ComparisonOperator,
    _ items: [Expression],
    _ quantifier: Quantifier,
    _ query: Query,
    _ range: SourceRange,
    _ scope: Scope
  ) -> BoundExpression? {
    if comparison == .equal, quantifier == .any {
      return bindRowInQuery(items, query, range, scope, place: quantifier.rawValue)
    }
    if comparison == .notEqual, quantifier == .all {
      return bindRowInQuery(items, query, range, scope, place: quantifier.rawValue)
        .map { negated($0) }
    }
    guard let (values, rows) = bindRowSides(items, query, scope, place: quantifier.rawValue),
      let holds = rowComparison(comparison, values, rows.columns, range)
    else { return nil }
    // ALL fails where some row does not hold.
    let decisive = quantifier == .any ? holds : negated(holds)
    let unknown = BoundExpression(.isNull(decisive), type: .boolean, range: range)
    let found = BoundExpression(
      .caseWhen(
        [
          BoundCaseBranch(
            condition: exists(rows, [decisive], range, isFirst: true),
            result: .boolean(true, range: range)
          ),
          BoundCaseBranch(
            condition: exists(rows, [unknown], range),
            result: .null(.boolean, range: range)
          ),
        ],
        otherwise: .boolean(false, range: range)
      ),
      type: .boolean,
      range: range
    )
    return quantifier == .any ? found : negated(found)
  }

  private func rowComparison(
    _ comparison: ComparisonOperator,
    _ values: [BoundExpression],
    _ columns: [PlanColumn],
    _ range: SourceRange
  ) -> BoundExpression? {
    let others = columns.map { BoundExpression.column($0, range: range) }
    if comparison == .equal || comparison == .notEqual {
      let parts = zip(values, others).map { compare(.equal, $0, $1, range: range) }
      let found = parts.compactMap { $0 }
      guard found.count == parts.count else { return nil }
      return negated(.conjunction(found, range: range), comparison == .notEqual)
    }
    return compare(comparison, makeRow(values, range), makeRow(others, range), range: range)
  }

  /// `(a, b) IN (SELECT x, y ...)`: whether a row with both values exists.
  private func bindRowInQuery(
    _ items: [Expression],
    _ query: Query,
    _ range: SourceRange,
    _ scope: Scope,
    place: String = "IN"
  ) -> BoundExpression? {
    guard let (values, right) = bindRowSides(items, query, scope, place: place) else { return nil }
    var equalities: [BoundExpression] = []
    for (value, column) in zip(values, right.columns) {
      let other = BoundExpression.column(column, range: range)
      guard let condition = compare(.equal, value, other, range: range) else { return nil }
      equalities.append(condition)
    }
    return membership(equalities, values, right, range)
  }

  /// Whether some row is equal in every column; NULL if none is, but a NULL may stand for one.
  ///
  /// The rows with a NULL are asked for apart, so that the common case stays a join on equality.
  private func membership(
    _ equalities: [BoundExpression],
    _ values: [BoundExpression],
    _ rows: BoundQuery,
    _ range: SourceRange
  ) -> BoundExpression {
    func hasNull(_ operands: [BoundExpression]) -> BoundExpression {
      let checks = operands.map { BoundExpression(.isNull($0), type: .boolean, range: range) }
      return BoundExpression(.or(checks), type: .boolean, range: range)
    }
    let possible = equalities.map { equality in
      BoundExpression(
        .coalesce([equality, .boolean(true, range: range)]),
        type: .boolean,
        range: range
      )
    }
    let columns = rows.columns.map { BoundExpression.column($0, range: range) }
    let unknown = BoundExpression(
      .or([
        exists(rows, [hasNull(columns)] + possible, range),
        exists(rows, [hasNull(values)] + possible, range),
      ]),
      type: .boolean,
      range: range
    )
    return BoundExpression(
      .caseWhen(
        [
          BoundCaseBranch(
            condition: exists(rows, equalities, range, isFirst: true),
            result: .boolean(true, range: range)
          ),
          BoundCaseBranch(condition: unknown, result: .null(.boolean, range: range)),
        ],
        otherwise: .boolean(false, range: range)
      ),
      type: .boolean,
      range: range
    )
  }

  /// Whether some row fulfils all conditions; uses of the rows after the first take a copy.
  private func exists(
    _ rows: BoundQuery,
    _ conditions: [BoundExpression],
    _ range: SourceRange,
    isFirst: Bool = false
  ) -> BoundExpression {
    var plan = Plan.filter(.conjunction(conditions, range: range), rows.plan)
    if !isFirst {
      var copier = PlanCopier(makeColumn: { self.makeCopy(of: $0) }, makeID: makeMaterialization)
      plan = copier.copy(plan)
    }
    return BoundExpression(
      .subquery(BoundSubquery(form: .exists, plan: plan, output: nil)),
      type: .boolean,
      range: range
    )
  }

  /// `x = ANY (list)`: over the rows that the list makes.
  private func bindQuantifiedList(
    _ symbol: BinaryOperator,
    _ operand: Expression,
    _ quantifier: Quantifier,
    _ list: Expression,
    _ range: SourceRange,
    _ scope: Scope
  ) -> BoundExpression? {
    if case .list(let items) = list.unwrapped.kind, symbol == .equal, quantifier == .any {
      return bindInList(operand, items, isNegated: false, range, scope)
    }
    if let found = type(of: list, scope), !found.isListLike {
      report(
        .wrongType(
          quantifier == .any ? "ANY" : "ALL",
          needs: "a list or a subquery",
          found: found.description,
          at: blame(list.range)
        )
      )
      return nil
    }
    if symbol == .equal, quantifier == .any {
      return bind(listMembership(operand, list, range), scope)
    }
    if symbol == .notEqual, quantifier == .all {
      return bind(SQLBuilder(range).not(listMembership(operand, list, range)), scope)
    }
    let unnest = FunctionCall(
      name: QualifiedName([Identifier("unnest", range: list.range)]),
      arguments: [FunctionArgument(value: list)]
    )
    let item = SelectItem(expression: Expression(.call(unnest), range: list.range))
    let query = Query(
      body: .select(Select(items: [item], range: list.range)),
      range: list.range
    )
    let rewritten = Expression(
      .quantified(symbol, operand, quantifier, .query(query)),
      range: range
    )
    return bindSubqueryForm(rewritten, range, scope)
  }

  /// `x = ANY (list)` without a subquery; NULL where only a NULL could have been equal.
  ///
  /// A NULL list has no elements, as under the other comparisons.
  private func listMembership(
    _ operand: Expression,
    _ list: Expression,
    _ range: SourceRange
  ) -> Expression {
    let builder = SQLBuilder(range)
    let length = builder.call("len", [list])
    let present = builder.call("list_aggregate", [list, builder.text("count")])
    let unknown = builder.either([builder.isNull(operand), builder.less(present, length)])
    let elements = builder.call("coalesce", [length, builder.integer(0)])
    return builder.choose(
      [
        (builder.equal(elements, builder.integer(0)), builder.boolean(false)),
        (builder.call("list_contains", [list, operand]), builder.boolean(true)),
        (unknown ?? builder.boolean(false), builder.null),
      ],
      otherwise: builder.boolean(false)
    )
  }
}

extension DataType {
  /// Whether values are lists, or may be once they are known.
  var isListLike: Bool {
    switch self {
    case .list, .null: true
    case _: false
    }
  }
}
