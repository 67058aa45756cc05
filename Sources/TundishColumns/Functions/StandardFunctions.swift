/// The lists of shipped functions, family by family.
package enum StandardFunctions {
  /// All scalar functions and operators.
  package static let scalar = (calculations + texts + lists).flatMap { $0 }

  private static let calculations: [[ScalarFunction]] = [
    ArithmeticFunctions.all,
    BitFunctions.all,
    RoundingFunctions.all,
    MathFunctions.all,
    IntegerFunctions.all,
    ChoiceFunctions.all,
    DatePartFunctions.all,
    DateSpanFunctions.all,
    DateMakingFunctions.all,
    CurrentTimeFunctions.all,
    DateTextFunctions.all,
    StatisticsFunctions.all,
    MiscellaneousFunctions.all,
    NumberFunctions.all,
    DateExtraFunctions.all,
    IdentifierFunctions.all,
    CheckedTypeFunctions.all,
    SessionFunctions.all,
    EnumFunctions.all,
    StructFunctions.all,
    SequenceFunctions.all,
  ]

  private static let texts: [[ScalarFunction]] = [
    TextMeasureFunctions.all,
    TextCaseFunctions.all,
    TextSliceFunctions.all,
    TextSearchFunctions.all,
    TextJoinFunctions.all,
    TextPatternFunctions.all,
    TextRegexFunctions.all,
    TextSimilarityFunctions.all,
    TextCleaningFunctions.all,
    HashFunctions.all,
    FormatFunctions.all,
    JSONFunctions.all, JSONPathFunctions.all,
    JSONDocumentFunctions.all,
    JSONRowFunctions.all, JSONTransformFunctions.all, JSONChangeFunctions.all,
    EncodingFunctions.all,
    GraphemeFunctions.all,
    PathFunctions.all,
  ]

  private static let lists: [[ScalarFunction]] = [
    ListMakingFunctions.all,
    ListSearchFunctions.all,
    ListOrderFunctions.all,
    ListAggregateFunctions.all,
    ListSeriesFunctions.all,
    ListPickingFunctions.all,
    ListVectorFunctions.all,
    MapFunctions.all,
    MapSearchFunctions.all,
  ]

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
    NullPickingAggregates.all,
    BinAggregates.all,
    JSONAggregates.all,
    DistributionAggregates.all,
    ListAggregates.all,
    EventAggregates.all,
    FunnelPathFunctions.all, ChannelAggregates.all,
  ].flatMap { $0 }
}
