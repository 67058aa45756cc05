internal import TundishColumns
internal import TundishSyntax

/// Aggregates under conditions once per combination of what the conditions look at.
///
/// What: `count(*) FILTER (WHERE is_won), sum(CASE WHEN is_won THEN amount END)` and the like become
/// aggregates without conditions by one more key, `is_won`, and aggregates of those under the
/// conditions. A condition on the rows that looks at nothing else is asked of the groups, too.
///
/// Why: a rate, its parts and its money each cost a pass under a condition; one more key costs less
/// than two of them, and conditions are evaluated for some groups instead of all rows.
///
/// Why not everywhere: the sum of `DOUBLE` values depends on the order in which they are added, a key
/// of many values makes nearly as many groups as rows, and in
/// `sum(CASE WHEN n > 0 THEN total / n END)` the division must not see other rows.
struct GroupConditions: OptimizerRule {
  /// The fewest rows for which two steps pay.
  private static let minimumRowCount = 16_384.0
  /// The fewest rows for each group of the first step.
  private static let rowsPerGroup = 16.0
  /// The most combinations of what conditions look at.
  private static let maximumCombinationCount = 64.0

  func apply(_ plan: Plan, _ state: OptimizerState) -> Plan {
    let plan = plan.mapChildren { apply($0, state) }
    guard case .aggregate(let aggregate) = plan,
      let grouped = grouped(aggregate, state)
    else { return plan }
    state.hasChanged = true
    return grouped
  }

  private func grouped(_ aggregate: AggregatePlan, _ state: OptimizerState) -> Plan? {
    guard aggregate.groupingSets == [Array(aggregate.groups.indices)],
      aggregate.groupingColumns.isEmpty, aggregate.aggregates.count > 1
    else { return nil }
    let aggregate = aggregate.readingThroughProjection()
    let conditions = aggregate.aggregates.flatMap(\.conditionsOfRows)
    guard conditions.count > 1,
      conditions.allSatisfy({ $0.isDeterministic && !$0.canFail && !$0.hasSubquery }),
      aggregate.groups.allSatisfy(\.expression.isDeterministic)
    else { return nil }
    let looked = conditions.reduce(into: Set<ColumnID>()) { $0.formUnion($1.columnIDs) }
    let columns = aggregate.input.columns.filter { looked.contains($0.id) }
    guard columns.count == looked.count, pays(aggregate, columns) else { return nil }
    var splitter = ConditionSplitter(aggregate, by: columns, state)
    for call in aggregate.aggregates {
      guard splitter.add(call) else { return nil }
    }
    return splitter.plan
  }

  /// Whether the groups of the first step are few beside the rows.
  private func pays(_ aggregate: AggregatePlan, _ columns: [PlanColumn]) -> Bool {
    let estimator = CardinalityEstimator()
    let rowCount = estimator.rowCount(aggregate.input)
    guard rowCount >= Self.minimumRowCount else { return false }
    var combinationCount = 1.0
    for column in columns {
      let name = BoundExpression.column(column, range: .nowhere)
      let count =
        column.type == .boolean
        ? 2 : estimator.distinctCount(name, in: aggregate.input, rowCount: rowCount)
      guard let count else { return false }
      combinationCount *= count
    }
    guard combinationCount <= Self.maximumCombinationCount else { return false }
    var others = aggregate
    let looked = Set(columns.map(\.id))
    others.groups.removeAll { $0.expression.columnIDs.isSubset(of: looked) }
    let groupCount = estimator.rowCount(.aggregate(others))
    return groupCount * combinationCount * Self.rowsPerGroup <= rowCount
  }
}

/// Makes the two steps of an aggregation.
private struct ConditionSplitter {
  private let aggregate: AggregatePlan
  private let state: OptimizerState
  /// The keys of the first step: those of the aggregation that are not made of what conditions look
  /// at, then what they look at.
  private let keys: [ProjectedColumn]
  /// The keys of the second step.
  private let groups: [ProjectedColumn]
  /// What stands for a column of the input in the second step.
  private let names: [ColumnID: BoundExpression]
  private var parts: [AggregateCall] = []
  private var partByKey: [ExpressionKey: PlanColumn] = [:]
  private var totals: [AggregateCall] = []
  private var totalByKey: [ExpressionKey: PlanColumn] = [:]
  private var results: [ProjectedColumn] = []

  init(_ aggregate: AggregatePlan, by columns: [PlanColumn], _ state: OptimizerState) {
    self.aggregate = aggregate
    self.state = state
    var keys: [ProjectedColumn] = []
    var names: [ColumnID: BoundExpression] = [:]
    var passed: [ColumnID: PlanColumn] = [:]
    let looked = Set(columns.map(\.id))
    for group in aggregate.groups where !group.expression.columnIDs.isSubset(of: looked) {
      let key = ProjectedColumn(
        column: state.makeCopy(of: group.column),
        expression: group.expression
      )
      keys.append(key)
      passed[group.column.id] = key.column
      if let id = group.expression.columnID { names[id] = .column(key.column, range: .nowhere) }
    }
    for column in columns where names[column.id] == nil {
      let copy = state.makeCopy(of: column)
      keys.append(
        ProjectedColumn(column: copy, expression: .column(column, range: .nowhere))
      )
      names[column.id] = .column(copy, range: .nowhere)
    }
    groups = aggregate.groups.map { group in
      let key = passed[group.column.id].map { key in
        BoundExpression.column(key, range: group.expression.range)
      }
      return ProjectedColumn(
        column: group.column,
        expression: key ?? group.expression.substituting(names)
      )
    }
    self.keys = keys
    self.names = names
  }

  /// The whole plan.
  var plan: Plan {
    var input = aggregate.input
    var conditionsOfGroups: [BoundExpression] = []
    if case .scan(var scan) = input, let predicate = scan.predicate {
      let known = Set(names.keys)
      let parts = predicate.conjuncts
      let moved = parts.filter { part in
        !part.columnIDs.isEmpty && part.columnIDs.isSubset(of: known) && part.isDeterministic
          && !part.canFail && !part.hasSubquery
      }
      // A condition that few rows satisfy is asked before.
      let estimator = CardinalityEstimator()
      var rest = scan
      rest.predicate = .conjunction(parts.filter { part in !moved.contains { $0.key == part.key } })
      if moved.allSatisfy({ $0.key != nil }),
        estimator.rowCount(.scan(rest)) <= 4 * estimator.rowCount(input)
      {
        scan = rest
        input = .scan(scan)
        conditionsOfGroups = moved.map { $0.substituting(names) }
      }
    }
    let first = Plan.aggregate(
      AggregatePlan(
        groups: keys,
        groupingSets: [Array(keys.indices)],
        aggregates: parts,
        input: input
      )
    )
    let second = Plan.aggregate(
      AggregatePlan(
        groups: groups,
        groupingSets: [Array(groups.indices)],
        aggregates: totals,
        input: first.filtered(by: conditionsOfGroups)
      )
    )
    return .project(aggregate.groups.map { ProjectedColumn(passing: $0.column) } + results, second)
  }

  /// Takes a call; false where it cannot be made in two steps.
  mutating func add(_ call: AggregateCall) -> Bool {
    guard !call.isDistinct, call.orderBy.isEmpty,
      call.arguments.allSatisfy({ $0.isDeterministic && !$0.hasSubquery && !$0.canFail })
    else { return false }
    let total: BoundExpression?
    switch (call.function.name, call.arguments.count) {
    case ("count", 0...1):
      total = part("count", call.arguments, call).flatMap { sum($0, call) }?
        .orZero(.bigint)
    case ("sum", 1): total = sum(of: call.arguments[0], call)
    case ("min", 1), ("max", 1):
      total = part(call.function.name, call.arguments, call)
        .flatMap { self.total(call.function.name, $0, call) }
    case ("avg", 1): total = share(of: call.arguments[0], call)
    case _: total = nil
    }
    guard let total else { return false }
    let expression =
      total.type == call.column.type
      ? total
      : BoundExpression(.cast(total, isTry: false), type: call.column.type, range: call.range)
    results.append(ProjectedColumn(column: call.column, expression: expression))
    return true
  }

  /// The sum of values, or of values under a condition and zero or nothing elsewhere.
  private mutating func sum(of value: BoundExpression, _ call: AggregateCall) -> BoundExpression? {
    guard value.type.physical == .int64, value.type != .boolean else { return nil }
    guard let choice = value.singleChoice else {
      return part("sum", [value], call).flatMap { sum($0, call) }
    }
    let elsewhere = choice.otherwise?.literal ?? .null
    guard elsewhere.isNull || elsewhere.asDouble == 0 else { return nil }
    let isOne = choice.result.literal.map { $0.asDouble == 1 } ?? false
    let part = isOne ? part("count", [], call) : part("sum", [choice.result], call)
    guard let part else { return nil }
    let number = BoundExpression.column(part, range: value.range)
    let zero = BoundExpression(.literal(.integer(0)), type: .bigint, range: value.range)
    return sum(
      number.when(choice.condition.substituting(names), otherwise: elsewhere.isNull ? nil : zero),
      call
    )
  }

  /// The mean of ones and zeros.
  private mutating func share(of value: BoundExpression, _ call: AggregateCall) -> BoundExpression?
  {
    guard let choice = value.singleChoice, let first = choice.result.literal?.asDouble,
      let second = choice.otherwise?.literal?.asDouble, Set([first, second]) == [0, 1],
      let part = part("count", [], call)
    else { return nil }
    let number = BoundExpression.column(part, range: value.range)
    var condition = choice.condition.substituting(names)
    if first == 0 {
      // The others are the ones, and where the condition is NULL.
      condition = .negation(.truth(condition, orNull: false))
    }
    let zero = BoundExpression(.literal(.integer(0)), type: .bigint, range: value.range)
    let types = [value.type.asDividend, call.column.type == .double ? .double : .bigint]
    guard let ones = sum(number.when(condition, otherwise: zero), call),
      let all = sum(part, call),
      let over = try? FunctionRegistry.standard.resolveScalar(name: "/", argumentTypes: types)
        .get(), over.resultType == call.column.type, over.argumentTypes.count == 2
    else { return nil }
    return BoundExpression(
      .call(
        over,
        [
          BoundExpression(
            .cast(ones, isTry: false),
            type: over.argumentTypes[0],
            range: call.range
          ),
          BoundExpression(.cast(all, isTry: false), type: over.argumentTypes[1], range: call.range),
        ]
      ),
      type: call.column.type,
      range: call.range
    )
  }

  /// A column of the first step: an aggregate of a combination's rows.
  private mutating func part(
    _ name: String,
    _ arguments: [BoundExpression],
    _ call: AggregateCall
  ) -> PlanColumn? {
    guard let function = resolved(name, arguments) else { return nil }
    var part = call
    part.filter = nil
    part.function = function
    part.arguments = arguments
    part.column = state.makeColumn(name, function.resultType)
    if let key = part.key {
      if let known = partByKey[key] { return known }
      partByKey[key] = part.column
    }
    parts.append(part)
    return part.column
  }

  private mutating func sum(_ part: PlanColumn, _ call: AggregateCall) -> BoundExpression? {
    total("sum", part, call)
  }

  private mutating func sum(_ value: BoundExpression, _ call: AggregateCall) -> BoundExpression? {
    total("sum", value, call)
  }

  private mutating func total(
    _ name: String,
    _ part: PlanColumn,
    _ call: AggregateCall
  ) -> BoundExpression? {
    total(name, .column(part, range: call.range), call)
  }

  /// A column of the second step: an aggregate of combinations under the call's condition.
  private mutating func total(
    _ name: String,
    _ value: BoundExpression,
    _ call: AggregateCall
  ) -> BoundExpression? {
    guard let function = resolved(name, [value]) else { return nil }
    var total = call
    total.function = function
    total.arguments = [value]
    total.filter = call.filter?.substituting(names)
    total.column = state.makeColumn(name, function.resultType)
    if let key = total.key {
      if let known = totalByKey[key] { return .column(known, range: call.range) }
      totalByKey[key] = total.column
    }
    totals.append(total)
    return .column(total.column, range: call.range)
  }

  /// The function for arguments that it takes as they are.
  private func resolved(_ name: String, _ arguments: [BoundExpression]) -> ResolvedAggregate? {
    let types = arguments.map(\.type)
    let function = try? FunctionRegistry.standard
      .resolveAggregate(name: name, argumentTypes: types).get()
    return function?.argumentTypes == types ? function : nil
  }
}

extension AggregatePlan {
  /// The aggregation with the expressions of a projection below put into its own.
  func readingThroughProjection() -> AggregatePlan {
    guard case .project(let columns, let input) = input,
      columns.allSatisfy({ $0.expression.isDeterministic && !$0.expression.canFail })
    else { return self }
    let made = Dictionary(columns.map { ($0.column.id, $0.expression) }) { first, _ in first }
    var read = self
    read.input = input
    read.groups = groups.map { group in
      ProjectedColumn(column: group.column, expression: group.expression.substituting(made))
    }
    read.aggregates = aggregates.map { call in
      var call = call
      call.arguments = call.arguments.map { $0.substituting(made) }
      call.filter = call.filter?.substituting(made)
      return call
    }
    return read
  }
}

extension AggregateCall {
  /// The conditions under which rows count.
  var conditionsOfRows: [BoundExpression] {
    let choices = arguments.compactMap(\.singleChoice?.condition)
    return choices + (filter.map { [$0] } ?? [])
  }
}

extension BoundExpression {
  /// The parts of `CASE WHEN condition THEN result ELSE otherwise END`.
  var singleChoice:
    (condition: BoundExpression, result: BoundExpression, otherwise: BoundExpression?)?
  {
    guard case .caseWhen(let branches, let otherwise) = kind, branches.count == 1 else {
      return nil
    }
    return (branches[0].condition, branches[0].result, otherwise)
  }

  /// The value where a condition holds.
  func when(
    _ condition: BoundExpression,
    otherwise: BoundExpression?
  ) -> BoundExpression {
    let zero = otherwise.map { value in
      value.type == type
        ? value : BoundExpression(.cast(value, isTry: false), type: type, range: range)
    }
    let branch = BoundCaseBranch(condition: condition, result: self)
    return BoundExpression(.caseWhen([branch], otherwise: zero), type: type, range: range)
  }

  /// The number as another type, zero for NULL.
  func orZero(_ type: DataType) -> BoundExpression {
    let number = BoundExpression(.cast(self, isTry: false), type: type, range: range)
    let zero = BoundExpression(.literal(.integer(0)), type: type, range: range)
    return BoundExpression(.coalesce([number, zero]), type: type, range: range)
  }
}

extension DataType {
  /// The type in which a number of ones is divided for the mean of values of this type.
  var asDividend: DataType {
    if case .decimal(_, let scale) = self {
      return .decimal(precision: DataType.maximumDecimalPrecision, scale: scale)
    }
    return .double
  }
}
