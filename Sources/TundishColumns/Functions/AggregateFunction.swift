/// An aggregate function: one value per group of rows.
///
/// DISTINCT, FILTER and ORDER BY are the aggregation operator's business: a state sees only the
/// rows that count, in the order that counts.
package struct AggregateFunction: Sendable {
  /// The canonical name, in lower case.
  package let name: String
  /// Other names.
  package let aliases: [String]
  /// One sentence that says what is returned.
  package let summary: String
  /// Examples as queries over `VALUES` that run as tests and are shown as help.
  package let examples: [FunctionExample]
  /// The argument types that are accepted.
  package let overloads: [AggregateOverload]

  /// Creates an entry.
  package init(
    _ name: String,
    aliases: [String] = [],
    summary: String,
    examples: [FunctionExample],
    overloads: [AggregateOverload]
  ) {
    self.name = name
    self.aliases = aliases
    self.summary = summary
    self.examples = examples
    self.overloads = overloads
  }
}

/// One way of calling an aggregate function.
package struct AggregateOverload: Sendable {
  /// The types of the parameters.
  package let parameters: [ParameterType]
  /// The type of any number of further arguments; nil where there are none.
  package let variadic: ParameterType?
  /// The result type, from the argument types after coercion; nil refuses them.
  package let result: @Sendable ([DataType]) -> DataType?
  /// Whether the result can depend on the order of rows (`first`, `list`, `string_agg`).
  package let isOrderSensitive: Bool
  /// Whether a duplicate row never changes the result (`min`, `max`, `bool_and`), so that DISTINCT
  /// may be dropped.
  package let ignoresDuplicates: Bool
  /// Whether the state remembers each row of a group until the end.
  package let keepsRows: Bool
  /// Makes the state of one run.
  package let makeState: @Sendable (AggregateInput) throws(ExecutionError) -> any AggregateState

  /// Creates an overload.
  package init(
    _ parameters: [ParameterType],
    variadic: ParameterType? = nil,
    isOrderSensitive: Bool = false,
    ignoresDuplicates: Bool = false,
    keepsRows: Bool = false,
    result: @escaping @Sendable ([DataType]) -> DataType?,
    makeState:
      @escaping @Sendable (AggregateInput) throws(ExecutionError) -> any AggregateState
  ) {
    self.parameters = parameters
    self.variadic = variadic
    self.isOrderSensitive = isOrderSensitive
    self.ignoresDuplicates = ignoresDuplicates
    self.keepsRows = keepsRows
    self.result = result
    self.makeState = makeState
  }
}

/// What an aggregate knows when its state is made.
package struct AggregateInput: Sendable {
  /// The argument types after coercion.
  package let argumentTypes: [DataType]
  /// The values of the arguments that are constant in the query (the 0.9 of `quantile_cont(x,
  /// 0.9)`), nil where an argument is not.
  package let constants: [Value?]
  /// The type that the result must have.
  package let resultType: DataType

  /// Creates an input.
  package init(argumentTypes: [DataType], constants: [Value?], resultType: DataType) {
    self.argumentTypes = argumentTypes
    self.constants = constants
    self.resultType = resultType
  }
}

/// The running values of one aggregate for all groups of one worker: structure of arrays, indexed
/// by group number.
///
/// A state is owned by one thread at a time. The order of calls is: `resize` before any row of a
/// new group arrives, `update` per batch, `merge` at the end, `finish` once.
package protocol AggregateState: AnyObject {
  /// Makes room for groups `0 ..< groupCount`; new groups start empty.
  func resize(groupCount: Int)
  /// Adds the rows of a batch; `groups[row]` is the group of the row. Rows that do not count have
  /// been removed before. Where `groups` is nil, every row belongs to group 0.
  func update(
    arguments: [Column],
    groups: [Int32]?,
    rowCount: Int
  ) throws(ExecutionError)
  /// Adds another worker's state: its group `g` is this state's group `mapping[g]`.
  /// `other` was made by the same overload; its rows come after this state's rows.
  func merge(_ other: any AggregateState, mapping: [Int32]) throws(ExecutionError)
  /// Returns the results of groups `0 ..< groupCount`.
  func finish(groupCount: Int) throws(ExecutionError) -> Column
  /// The number of rows that are kept until the end.
  var keptRowCount: Int { get }
  /// Returns the results over the rows that another state has kept, with some arguments replaced by
  /// constants; only where both overloads keep their rows.
  func finish(
    sharing other: any AggregateState,
    constants: [Column?],
    groupCount: Int
  ) throws(ExecutionError) -> Column
}

extension AggregateState {
  package var keptRowCount: Int { 0 }

  package func finish(
    sharing other: any AggregateState,
    constants: [Column?],
    groupCount: Int
  ) throws(ExecutionError) -> Column {
    mismatchedStates()
  }
}
