internal import TundishColumns

/// A call over the rows that an earlier call keeps: several quantiles of one argument, say, of which
/// each is another look at the same values.
final class SharingRunner: AggregateRunner {
  private let leader: StateRunner
  private let state: any AggregateState
  /// The arguments that are constants, in which the two calls may differ.
  private let constants: [Column?]

  init(
    _ call: AggregateCall,
    leader: StateRunner,
    state: any AggregateState,
    constants: [Column?]
  ) {
    self.leader = leader
    self.state = state
    self.constants = constants
    super.init(call)
  }

  override var takesRows: Bool { false }

  override func update(
    _ input: AggregateRows,
    groups: [Int32]?,
    groupCount: Int
  ) throws(RuntimeFailure) {}

  override func absorb(
    _ other: AggregateRunner,
    mapping: [Int32],
    groupCount: Int
  ) throws(RuntimeFailure) {}

  override func finish(groupCount: Int) throws(RuntimeFailure) -> Column {
    try blaming(call.range) { () throws(ExecutionError) in
      try state.finish(sharing: leader.state, constants: constants, groupCount: groupCount)
    }
  }
}

extension AggregateRunner {
  /// Returns the runners of the calls of one aggregation; calls that keep the same rows share them.
  static func make(
    _ calls: [AggregateCall],
    run: QueryRun
  ) throws(RuntimeFailure) -> [AggregateRunner] {
    var leaders: [ExpressionKey: StateRunner] = [:]
    var runners: [AggregateRunner] = []
    for call in calls {
      guard let key = keptRowsKey(of: call), let constants = try constants(of: call, run: run)
      else {
        runners.append(try make(call, run: run))
        continue
      }
      if let leader = leaders[key] {
        runners.append(
          SharingRunner(
            call,
            leader: leader,
            state: try makeState(call, run: run),
            constants: constants
          )
        )
      } else {
        let runner = try make(call, run: run)
        leaders[key] = runner as? StateRunner
        runners.append(runner)
      }
    }
    return runners
  }

  /// What must be equal for two calls to keep the same rows; nil for calls that keep none.
  private static func keptRowsKey(of call: AggregateCall) -> ExpressionKey? {
    guard call.function.overload.keepsRows, !call.isDistinct, call.orderBy.isEmpty else {
      return nil
    }
    var rows = call
    rows.arguments = call.arguments.map { argument in
      argument.isConstant
        ? BoundExpression(.literal(.null), type: argument.type, range: argument.range)
        : argument
    }
    return ExpressionKey(rows)
  }

  /// The arguments that are constants; nil where one is NULL, which rows are dropped by.
  private static func constants(
    of call: AggregateCall,
    run: QueryRun
  ) throws(RuntimeFailure) -> [Column?]? {
    var constants: [Column?] = []
    for argument in call.arguments {
      guard argument.isConstant else {
        constants.append(nil)
        continue
      }
      let value = try ExpressionEvaluator.constant(argument, context: run.context.functions)
      if value == .null { return nil }
      constants.append(.constant(value, type: argument.type, count: 1))
    }
    return constants
  }
}
