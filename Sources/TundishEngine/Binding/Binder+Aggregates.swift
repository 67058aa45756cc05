internal import TundishColumns
internal import TundishSyntax

/// The parts of an aggregate call, bound.
struct BoundAggregateParts {
  let function: ResolvedAggregate
  let arguments: [BoundExpression]
  let orderBy: [SortKey]
  let filter: BoundExpression?
  let unit: Unit
}

extension Binder {
  /// Binds an aggregate: it is computed below the projection, and the expression names its column.
  func bindAggregate(
    _ call: FunctionCall,
    _ name: String,
    _ range: SourceRange,
    _ scope: Scope
  ) -> BoundExpression? {
    let owner = aggregateOwner(of: call, scope)
    guard owner.clause.allowsAggregates else {
      if owner.clause == .aggregateArgument {
        report(.nestedAggregate(name, at: range))
      } else {
        report(.misplacedAggregate(name, clause: owner.clause.rawValue, at: range))
      }
      return nil
    }
    guard let parts = bindAggregateParts(call, name, range, owner, clause: .aggregateArgument)
    else { return nil }
    let function = parts.function
    let column = makeColumn(name, function.resultType, unit: parts.unit)
    keepDeclaredType(of: parts.arguments.first, in: column, by: function.name)
    let bound = AggregateCall(
      column: column,
      function: function,
      arguments: parts.arguments,
      isDistinct: call.isDistinct && !function.overload.ignoresDuplicates,
      orderBy: function.overload.isOrderSensitive || !parts.orderBy.isEmpty ? parts.orderBy : [],
      filter: parts.filter,
      range: range
    )
    return .column(owner.column(of: bound), range: range)
  }

  /// Gives the column of an aggregate that picks one of its values their declared type.
  func keepDeclaredType(of value: BoundExpression?, in column: PlanColumn, by name: String) {
    guard Self.pickingAggregates.contains(name), let value, value.type == column.type else {
      return
    }
    declaredTypes[column.id] = checkedType(of: value)
  }

  /// The aggregates whose result is one of the values.
  private static let pickingAggregates: Set<String> = [
    "min", "max", "first", "last", "any_value", "mode", "arg_min", "arg_max",
  ]

  /// The level that computes an aggregate: an outer one if all its columns are of that level.
  private func aggregateOwner(of call: FunctionCall, _ scope: Scope) -> Scope {
    var names: [[Identifier]] = []
    for argument in call.arguments { argument.value.collectNames(&names) }
    if let filter = call.filter { filter.collectNames(&names) }
    return owner(of: names, scope)
  }

  private func owner(of names: [[Identifier]], _ scope: Scope) -> Scope {
    guard !names.isEmpty else { return scope }
    var owner = scope
    while !names.contains(where: { owner.hasName($0) }) {
      guard let parent = owner.parent,
        parent.clause.allowsAggregates || parent.clause == .aggregateArgument
          || parent.clause == .from
      else { return scope }
      owner = parent
    }
    return owner
  }

  /// Binds the arguments, order and filter of an aggregate.
  func bindAggregateParts(
    _ call: FunctionCall,
    _ name: String,
    _ range: SourceRange,
    _ scope: Scope,
    clause: Clause
  ) -> BoundAggregateParts? {
    scope.within(clause) {
      var values = call.arguments.map(\.value)
      if values.count == 1, values[0].isPlainStar { values = [] }
      if refuseConstantKeys(of: call) { return nil }
      let arguments = bind(all: values, scope)
      let filter = call.filter.map { bindCondition($0, scope, place: "FILTER") }
      let order = bindOrder(call.orderBy, scope)
      if let filter, filter == nil { return nil }
      guard var arguments, let order else { return nil }
      arguments = embeddingJSON(arguments, in: name)
      var keys = order
      if call.isWithinGroup {
        // quantile_cont(0.5) WITHIN GROUP (ORDER BY x) is quantile_cont(x, 0.5).
        arguments = order.map(\.expression) + arguments
        keys = []
      }
      return resolveAggregate(
        name,
        arguments,
        order: keys,
        isDescendingGroup: call.isWithinGroup && order.first?.isDescending == true,
        filter: filter ?? nil,
        range
      )
    }
  }

  /// The folded name of a call; with WITHIN GROUP, the standard's names mean ours.
  func aggregateName(_ call: FunctionCall) -> String {
    let name = foldedKey(call.name.last)
    guard call.isWithinGroup else { return name }
    switch name {
    case "percentile_cont": return "quantile_cont"
    case "percentile_disc": return "quantile_disc"
    default: return name  // mode, listagg and kin
    }
  }

  private func resolveAggregate(
    _ name: String,
    _ given: [BoundExpression],
    order: [SortKey],
    isDescendingGroup: Bool,
    filter: BoundExpression?,
    _ range: SourceRange
  ) -> BoundAggregateParts? {
    var given = given
    var name = name
    if name == "median", given.count == 1, !given[0].type.isInterpolated {
      // Of values between which there are no others, the lower of the two in the middle.
      name = "quantile_disc"
      given.append(BoundExpression(.literal(.double(0.5)), type: .double, range: range))
    }
    if isDescendingGroup, given.count == 2 {
      guard let share = given[1].constantValue.flatMap(Self.shareFromTop) else {
        report(
          .unsupported(
            "a descending order for a share that is not a single number",
            at: given[1].range
          )
        )
        return nil
      }
      given[1] = given[1].with(.literal(share))
    }
    let resolution = environment.functions.resolveAggregate(
      name: name,
      argumentTypes: given.map(\.type),
      isTextLiteral: given.map(\.isTextLiteral)
    )
    switch resolution {
    case .success(let function):
      let converted = zip(given, function.argumentTypes).map { coerce($0, to: $1) }
      return BoundAggregateParts(
        function: function,
        arguments: converted,
        orderBy: order,
        filter: filter,
        unit: unit(ofAggregate: function.name, given, range)
      )
    case .failure(let failure):
      reportFailure(failure, name, given, isOperator: false, range)
      return nil
    }
  }

  /// The share counted from the other end: a negative one, and 1 for 0, which has no negative.
  private static func shareFromTop(_ share: Value) -> Value? {
    switch share {
    case .integer(0): return .integer(1)
    case .integer(1): return .integer(0)
    case .integer: return share
    case .decimal(let unscaled, let scale):
      guard let whole = powerOfTen(scale) else { return nil }
      return .decimal(unscaled: unscaled == 0 ? whole : -unscaled, scale: scale)
    case .double(let number): return .double(number == 0 ? 1 : -number)
    case .null, .boolean, .hugeint, .text, .blob, .date, .time, .timestamp, .timestampTZ, .interval,
      .list, .structure, .map:
      return nil
    }
  }

  static func powerOfTen(_ exponent: Int) -> Int128? {
    guard (0...38).contains(exponent) else { return nil }
    return (0..<exponent).reduce(Int128(1)) { power, _ in power * 10 }
  }

  /// `GROUPING(a, b)`: a bit per argument, set where the row sums over it; `GROUPING()` is about all
  /// GROUP BY expressions.
  func bindGrouping(
    _ values: [Expression],
    _ range: SourceRange,
    _ scope: Scope
  )
    -> BoundExpression?
  {
    var names: [[Identifier]] = []
    for value in values { value.collectNames(&names) }
    let scope = owner(of: names, scope)
    guard scope.clause.allowsAggregates else {
      report(.misplacedAggregate("grouping", clause: scope.clause.rawValue, at: range))
      return nil
    }
    let bound = scope.within(.groupBy) { bind(all: values, scope) }
    guard let bound else { return nil }
    let column = makeColumn("grouping", .bigint)
    scope.groupingCalls.append((column: column, arguments: bound, range: range))
    return .column(column, range: range)
  }

  /// Binds the keys of an ORDER BY inside a call or window.
  func bindOrder(_ items: [OrderItem], _ scope: Scope) -> [SortKey]? {
    let keys = items.map { item in
      bind(item.expression, scope).map { sortKey($0, item) }
    }
    let found = keys.compactMap { $0 }
    return found.count == keys.count ? found : nil
  }

  /// The sort key of an item, with the session's defaults filled in.
  func sortKey(_ bound: BoundExpression, _ item: OrderItem) -> SortKey {
    let settings = environment.settings
    let isDescending = item.isDescending ?? settings.isDescending
    return SortKey(
      expression: bound,
      isDescending: isDescending,
      nullsFirst: item.nullsFirst ?? settings.nullOrder.comesFirst(isDescending: isDescending)
    )
  }
}

extension Scope {
  /// Whether a name means something at this level.
  func hasName(_ parts: [Identifier]) -> Bool {
    let key = foldedKey(parts[0].text)
    if lambdaParameters.contains(where: { $0.contains { $0.key == key } }) { return true }
    if parts.count > 1, tables.contains(where: { $0.key == key }) { return true }
    return !visibleColumns(key).isEmpty || (aliases[key] != nil && parts.count == 1)
  }
}

extension Expression {
  /// The names that are used, those in subqueries left out.
  func collectNames(_ names: inout [[Identifier]]) {
    if case .name(let parts) = kind, !parts.isEmpty { names.append(parts) }
    for child in directChildren { child.collectNames(&names) }
  }
}

extension DataType {
  /// Whether there are values between two of this type's, so that a mean of two makes sense.
  var isInterpolated: Bool {
    isNumeric || isTemporal || self == .interval || self == .null
  }
}
