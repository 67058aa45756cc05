/// A scalar call whose overload is chosen and whose argument types are fixed.
package struct ResolvedScalar: Sendable {
  /// The function's canonical name.
  package let name: String
  /// The chosen overload.
  package let overload: ScalarOverload
  /// The type that each argument must be cast to before the kernel sees it.
  package let argumentTypes: [DataType]
  /// The type of the result.
  package let resultType: DataType

  /// Creates a resolution.
  package init(
    name: String,
    overload: ScalarOverload,
    argumentTypes: [DataType],
    resultType: DataType
  ) {
    self.name = name
    self.overload = overload
    self.argumentTypes = argumentTypes
    self.resultType = resultType
  }
}

/// An aggregate call whose overload is chosen and whose argument types are fixed.
package struct ResolvedAggregate: Sendable {
  /// The function's canonical name.
  package let name: String
  /// The chosen overload.
  package let overload: AggregateOverload
  /// The type that each argument must be cast to.
  package let argumentTypes: [DataType]
  /// The type of the result.
  package let resultType: DataType

  /// Creates a resolution.
  package init(
    name: String,
    overload: AggregateOverload,
    argumentTypes: [DataType],
    resultType: DataType
  ) {
    self.name = name
    self.overload = overload
    self.argumentTypes = argumentTypes
    self.resultType = resultType
  }
}
