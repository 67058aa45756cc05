internal import TundishColumns

extension Plan {
  /// The expressions of this operator; those of its inputs are not among them.
  package var expressions: [BoundExpression] {
    var found: [BoundExpression] = []
    _ = mapExpressions { expression in
      found.append(expression)
      return expression
    }
    return found
  }

  /// Returns the operator with each of its own expressions replaced.
  package func mapExpressions(_ transform: (BoundExpression) -> BoundExpression) -> Plan {
    switch self {
    case .tableFunction, .distinct, .setOperation, .materialize, .reference, .recursive, .sample:
      return self
    case .scan(var scan):
      scan.predicate = scan.predicate.map(transform)
      return .scan(scan)
    case .values(let columns, let rows):
      return .values(columns: columns, rows: rows.map { $0.map(transform) })
    case .filter(let predicate, let input):
      return .filter(transform(predicate), input)
    case .project(let columns, let input):
      return .project(columns.map { $0.mapped(transform) }, input)
    case .join(let join):
      return .join(join.mapExpressions(transform))
    case .aggregate(var aggregate):
      aggregate.groups = aggregate.groups.map { $0.mapped(transform) }
      aggregate.aggregates = aggregate.aggregates.map { $0.mapped(transform) }
      return .aggregate(aggregate)
    case .window(var window):
      window.partitionBy = window.partitionBy.map(transform)
      window.orderBy = window.orderBy.map { $0.mapped(transform) }
      window.calls = window.calls.map { $0.mapped(transform) }
      return .window(window)
    case .sort(let keys, let input):
      return .sort(keys.map { $0.mapped(transform) }, input)
    case .limit(let limit):
      return .limit(limit.mapExpressions(transform))
    case .distinctOn(let keys, let input):
      return .distinctOn(keys.map(transform), input)
    case .unnest(var unnest):
      unnest.lists = unnest.lists.map { $0.mapped(transform) }
      return .unnest(unnest)
    }
  }

  /// Returns the operator with each of its inputs replaced.
  package func mapChildren(_ transform: (Plan) -> Plan) -> Plan {
    switch self {
    case .scan, .values, .tableFunction, .reference:
      return self
    case .filter(let predicate, let input):
      return .filter(predicate, transform(input))
    case .project(let columns, let input):
      return .project(columns, transform(input))
    case .join(var join):
      join.left = transform(join.left)
      join.right = transform(join.right)
      return .join(join)
    case .aggregate(var aggregate):
      aggregate.input = transform(aggregate.input)
      return .aggregate(aggregate)
    case .window(var window):
      window.input = transform(window.input)
      return .window(window)
    case .sort(let keys, let input):
      return .sort(keys, transform(input))
    case .limit(var limit):
      limit.input = transform(limit.input)
      return .limit(limit)
    case .distinct(let input):
      return .distinct(transform(input))
    case .distinctOn(let keys, let input):
      return .distinctOn(keys, transform(input))
    case .setOperation(var operation):
      operation.left = transform(operation.left)
      operation.right = transform(operation.right)
      return .setOperation(operation)
    case .unnest(var unnest):
      unnest.input = transform(unnest.input)
      return .unnest(unnest)
    case .materialize(var materialize):
      materialize.definition = transform(materialize.definition)
      materialize.body = transform(materialize.body)
      return .materialize(materialize)
    case .recursive(var recursive):
      recursive.anchor = transform(recursive.anchor)
      recursive.step = transform(recursive.step)
      return .recursive(recursive)
    case .sample(var sample):
      sample.input = transform(sample.input)
      return .sample(sample)
    }
  }

  /// Returns the plan with every expression of every operator replaced.
  package func mapAllExpressions(_ transform: (BoundExpression) -> BoundExpression) -> Plan {
    mapExpressions(transform).mapChildren { $0.mapAllExpressions(transform) }
  }
}

extension ProjectedColumn {
  func mapped(_ transform: (BoundExpression) -> BoundExpression) -> ProjectedColumn {
    ProjectedColumn(column: column, expression: transform(expression))
  }
}

extension SortKey {
  func mapped(_ transform: (BoundExpression) -> BoundExpression) -> SortKey {
    var key = self
    key.expression = transform(expression)
    return key
  }
}

extension AggregateCall {
  func mapped(_ transform: (BoundExpression) -> BoundExpression) -> AggregateCall {
    var call = self
    call.arguments = arguments.map(transform)
    call.orderBy = orderBy.map { $0.mapped(transform) }
    call.filter = filter.map(transform)
    return call
  }
}

extension WindowCall {
  func mapped(_ transform: (BoundExpression) -> BoundExpression) -> WindowCall {
    var call = self
    call.arguments = arguments.map(transform)
    call.argumentOrder = argumentOrder.map { $0.mapped(transform) }
    call.filter = filter.map(transform)
    call.frame.start = frame.start.mapped(transform)
    call.frame.end = frame.end.mapped(transform)
    return call
  }
}

extension BoundFrame.Bound {
  func mapped(_ transform: (BoundExpression) -> BoundExpression) -> BoundFrame.Bound {
    switch self {
    case .unboundedPreceding, .currentRow, .unboundedFollowing: self
    case .preceding(let offset): .preceding(transform(offset))
    case .following(let offset): .following(transform(offset))
    }
  }
}

extension JoinPlan {
  func mapExpressions(_ transform: (BoundExpression) -> BoundExpression) -> JoinPlan {
    var join = self
    join.keys = keys.map { key in
      JoinKey(
        left: transform(key.left),
        right: transform(key.right),
        isNullSafe: key.isNullSafe
      )
    }
    join.condition = condition.map(transform)
    join.asOf = asOf.map { key in
      AsOfKey(
        left: transform(key.left),
        comparison: key.comparison,
        right: transform(key.right)
      )
    }
    return join
  }
}

extension LimitPlan {
  func mapExpressions(_ transform: (BoundExpression) -> BoundExpression) -> LimitPlan {
    var limit = self
    switch count {
    case .all: break
    case .rows(let rows): limit.count = .rows(transform(rows))
    case .percentage(let share): limit.count = .percentage(transform(share))
    }
    limit.offset = offset.map(transform)
    limit.keys = keys.map { $0.mapped(transform) }
    return limit
  }
}

extension Plan {
  /// Whether `nextval` or `currval` is called somewhere.
  var readsSequences: Bool {
    expressions.contains { $0.readsSequences } || children.contains { $0.readsSequences }
  }
}

extension BoundExpression {
  var readsSequences: Bool {
    if case .call(let function, _) = kind, ["nextval", "currval"].contains(function.name) {
      return true
    }
    return operands.contains { $0.readsSequences }
  }
}
