/// The lists of shipped functions, family by family.
package enum StandardFunctions {
  /// All scalar functions and operators.
  package static let scalar: [ScalarFunction] = [
    ArithmeticFunctions.all,
    BitFunctions.all,
    RoundingFunctions.all,
    MathFunctions.all,
    IntegerFunctions.all,
    ChoiceFunctions.all,
    DatePartFunctions.all,
    DateSpanFunctions.all,
    DateMakingFunctions.all,
    DateTextFunctions.all,
  ].flatMap { $0 }
  /// All aggregate functions.
  package static let aggregate: [AggregateFunction] = [
    CountAggregates.all,
    SumAggregates.all,
    ExtremeAggregates.all,
    PickingAggregates.all,
    LogicAggregates.all,
    MomentAggregates.all,
    PairAggregates.all,
    QuantileAggregates.all,
    DistributionAggregates.all,
    ListAggregates.all,
    EventAggregates.all,
  ].flatMap { $0 }
}
