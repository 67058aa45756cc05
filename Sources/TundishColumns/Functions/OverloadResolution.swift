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

/// Why a call fits no overload.
package enum ResolutionFailure: Error, Sendable, Hashable {
  /// There is no function of that name.
  case unknownFunction
  /// No overload takes that many arguments.
  case wrongArgumentCount(signatures: [String])
  /// No overload takes those types; `position` is the first argument that none accepts, where one
  /// alone is to blame.
  case wrongArgumentTypes(position: Int?, signatures: [String])
}

extension FunctionRegistry {
  /// Chooses the overload of a scalar function that needs the least conversion.
  ///
  /// `isTextLiteral` says which arguments are string literals, which take the type that is wanted;
  /// `constants` are the values of the arguments that are constant in the query, if known.
  package func resolveScalar(
    name: String,
    argumentTypes: [DataType],
    isTextLiteral: [Bool] = [],
    constants: [Value?] = []
  ) -> Result<ResolvedScalar, ResolutionFailure> {
    guard let function = scalar(named: name) else { return .failure(.unknownFunction) }
    let candidates = function.overloads.map { ($0.parameters, $0.variadic, $0.result) }
    let chosen = OverloadChooser(argumentTypes: argumentTypes, isTextLiteral: isTextLiteral)
      .choose(among: candidates, functionName: function.name)
    return chosen.map { choice in
      let overload = function.overloads[choice.index]
      return ResolvedScalar(
        name: function.name,
        overload: overload,
        argumentTypes: choice.argumentTypes,
        resultType: overload.resultOfConstants?(choice.argumentTypes, constants)
          ?? choice.resultType
      )
    }
  }

  /// Chooses the overload of an aggregate function that needs the least conversion.
  package func resolveAggregate(
    name: String,
    argumentTypes: [DataType],
    isTextLiteral: [Bool] = []
  ) -> Result<ResolvedAggregate, ResolutionFailure> {
    guard let function = aggregate(named: name) else { return .failure(.unknownFunction) }
    let candidates = function.overloads.map { ($0.parameters, $0.variadic, $0.result) }
    let chosen = OverloadChooser(argumentTypes: argumentTypes, isTextLiteral: isTextLiteral)
      .choose(among: candidates, functionName: function.name)
    return chosen.map { choice in
      ResolvedAggregate(
        name: function.name,
        overload: function.overloads[choice.index],
        argumentTypes: choice.argumentTypes,
        resultType: choice.resultType
      )
    }
  }
}
