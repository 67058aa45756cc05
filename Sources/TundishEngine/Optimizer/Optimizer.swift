package import TundishColumns

/// Rewrites plans so that they give the same rows sooner.
///
/// A visible list of passes, each a file in `Rules`, run in order once. The first one removes
/// subqueries and always runs, since nothing below this stage knows them; every other one can be
/// switched off by name, and results must not change when it is. Passes keep the order of rows,
/// except that the rows of inner joins may come in another order.
package enum Optimizer {
  /// The passes in the order in which they run.
  static let rules: [any OptimizerRule] = [
    Decorrelate(),
    InlineMaterialized(),
    FoldConstants(),
    UnwrapComparisons(),
    SimplifyPredicates(),
    FactorDisjunctions(),
    SimplifyOuterJoins(),
    PushFilters(),
    ImplyConditions(),
    PushFilters(),
    SimplifyPredicates(),
    PushFilterIntoScan(),
    OrderJoins(),
    MergeAggregates(),
    RemoveRedundant(),
    PushLimits(),
    TopN(),
    LimitWindows(),
    MergeProjections(),
    GroupConditions(),
    PruneColumns(),
  ]

  /// The names of the passes, for `disabled_optimizers` and completion.
  package static var ruleNames: [String] { Set(rules.map(\.name)).sorted() }

  /// Returns a plan that gives the same rows for `output`, and the names of the rules that changed
  /// something.
  ///
  /// `functions` is what functions may know of the session; without it, nothing is computed ahead
  /// that might depend on it.
  package static func optimize(
    _ plan: Plan,
    output: [PlanColumn],
    settings: Settings,
    functions: FunctionContext? = nil
  ) -> (plan: Plan, rules: [String]) {
    let state = OptimizerState(plan: plan, output: output, functions: functions)
    var plan = plan
    var fired: [String] = []
    for rule in rules where rule.isMandatory || !settings.disables(rule.name) {
      state.hasChanged = false
      let rewritten = rule.apply(plan, state)
      if state.hasChanged {
        plan = rewritten
        if !fired.contains(rule.name) { fired.append(rule.name) }
      }
      #if DEBUG
      PlanVerifier.verify(plan, output: output, after: rule.name)
      #endif
    }
    return (plan, fired)
  }
}

extension Settings {
  func disables(_ rule: @autoclosure () -> String) -> Bool {
    // Names of types are slow to make, and mostly nothing is disabled.
    guard !disabledOptimizers.isEmpty else { return false }
    let rule = rule()
    return disabledOptimizers.contains { name in
      foldedKey(name) == "all" || foldedKey(name) == foldedKey(rule)
    }
  }
}

/// One pass over a plan.
///
/// The documentation of a rule says what it rewrites, why that is faster, and when it must not,
/// with a query that would come out wrong.
protocol OptimizerRule: Sendable {
  /// The name in EXPLAIN, in goldens and in `disabled_optimizers`.
  var name: String { get }
  /// Whether the rule runs even if all are disabled.
  var isMandatory: Bool { get }
  /// Returns the rewritten plan, and notes in `state` that it changed something.
  func apply(_ plan: Plan, _ state: OptimizerState) -> Plan
}

extension OptimizerRule {
  var name: String { "\(Self.self)" }
  var isMandatory: Bool { false }
}

/// What the passes over one plan share: new ids, and whether the running pass changed something.
final class OptimizerState {
  /// The columns that are asked for.
  let output: [PlanColumn]
  /// What functions may know; nil where nothing may be computed ahead that depends on it.
  let functions: FunctionContext?
  /// Whether the running pass changed something.
  var hasChanged = false
  private var columnCount: Int
  private var materializationCount: Int

  init(plan: Plan, output: [PlanColumn], functions: FunctionContext?) {
    self.output = output
    self.functions = functions
    let greatest = plan.greatestIDs()
    columnCount = greatest.column
    materializationCount = greatest.materialization
  }

  /// Makes a column.
  func makeColumn(_ name: String, _ type: DataType, unit: Unit = .none) -> PlanColumn {
    columnCount += 1
    return PlanColumn(id: ColumnID(columnCount), name: name, type: type, unit: unit)
  }

  /// Makes a column like another one.
  func makeCopy(of column: PlanColumn) -> PlanColumn {
    makeColumn(column.name, column.type, unit: column.unit)
  }

  /// Names a query that is computed once.
  func makeMaterialization() -> MaterializationID {
    materializationCount += 1
    return MaterializationID(materializationCount)
  }
}

extension Plan {
  /// The greatest ids that occur anywhere in the plan, subqueries included.
  func greatestIDs() -> (column: Int, materialization: Int) {
    var column = 0
    var materialization = 0
    func visit(_ expression: BoundExpression) {
      switch expression.kind {
      case .column(let id):
        column = max(column, id.rawValue)
      case .lambda(let parameters, _):
        for parameter in parameters { column = max(column, parameter.id.rawValue) }
      case .subquery(let subquery):
        visit(subquery.plan)
        for operand in subquery.operands { visit(operand) }
      case .literal, .call, .comparison, .and, .or, .not, .isNull, .cast, .caseWhen, .coalesce,
        .inValues:
        break
      }
      for operand in expression.operands { visit(operand) }
    }
    func visit(_ plan: Plan) {
      for made in plan.madeColumns { column = max(column, made.id.rawValue) }
      switch plan {
      case .materialize(let materialize):
        materialization = max(materialization, materialize.id.rawValue)
      case .recursive(let recursive):
        materialization = max(materialization, recursive.id.rawValue)
      case .reference(let reference):
        materialization = max(materialization, reference.id.rawValue)
      case .scan, .values, .tableFunction, .filter, .project, .join, .aggregate, .window, .sort,
        .limit, .distinct, .distinctOn, .setOperation, .unnest, .sample:
        break
      }
      for expression in plan.expressions { visit(expression) }
      for child in plan.children { visit(child) }
    }
    visit(self)
    return (column, materialization)
  }
}
