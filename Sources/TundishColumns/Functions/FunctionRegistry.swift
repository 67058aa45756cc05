/// The functions that a session can call, found by name.
///
/// Function families are static lists in `Functions/Scalar`, `Functions/Aggregate` and
/// `Functions/Window`; this is the one place that joins them.
package struct FunctionRegistry: Sendable {
  private let scalars: [String: ScalarFunction]
  private let aggregates: [String: AggregateFunction]

  /// All shipped functions.
  package static let standard = FunctionRegistry(
    scalars: StandardFunctions.scalar,
    aggregates: StandardFunctions.aggregate
  )

  /// Creates a registry; a later entry replaces an earlier one of the same name.
  package init(scalars: [ScalarFunction], aggregates: [AggregateFunction]) {
    var scalarsByName: [String: ScalarFunction] = [:]
    for function in scalars {
      for name in [function.name] + function.aliases { scalarsByName[name] = function }
    }
    var aggregatesByName: [String: AggregateFunction] = [:]
    for function in aggregates {
      for name in [function.name] + function.aliases { aggregatesByName[name] = function }
    }
    self.scalars = scalarsByName
    self.aggregates = aggregatesByName
  }

  /// The scalar function of that name or alias, compared case-insensitively.
  package func scalar(named name: String) -> ScalarFunction? {
    scalars[foldedKey(name)]
  }

  /// The aggregate function of that name or alias, compared case-insensitively.
  package func aggregate(named name: String) -> AggregateFunction? {
    aggregates[foldedKey(name)]
  }

  /// The names and aliases of all functions, sorted; for suggestions and completion.
  package var names: [String] {
    (Array(scalars.keys) + Array(aggregates.keys)).sorted()
  }
}
