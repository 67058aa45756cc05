internal import TundishColumns

/// A random part of the rows, in their order; a seed makes it repeatable.
///
/// Whether a row is taken depends on the seed and the row's number only, so the sample is the same
/// for every batch size.
final class SampleOperator: PhysicalOperator {
  private let plan: SamplePlan
  private let input: any PhysicalOperator

  init(_ plan: SamplePlan, input: any PhysicalOperator) {
    self.plan = plan
    self.input = input
  }

  var name: String { "sample" }
  var columns: [PlanColumn] { input.columns }
  var children: [any PhysicalOperator] { [input] }

  var details: String {
    switch plan.size {
    case .fraction(let share): "\(share * 100)%"
    case .rows(let count): "\(count) rows"
    case .share(let share): "\(share * 100)% in rows"
    }
  }

  func prepare(_ run: QueryRun) throws(RuntimeFailure) -> Pipeline {
    let seed = plan.seed ?? UInt64.random(in: .min ... .max)
    switch plan.size {
    case .fraction(let share):
      return try run.prepare(input).appending(
        ConsumerStage(isParallel: false) { next in
          var number: UInt64 = 0
          return MapConsumer(next: next) { batch throws(RuntimeFailure) in
            let start = number
            number += UInt64(batch.rowCount)
            let rows = rowNumbers(count: batch.rowCount) { row in
              Self.draw(seed, start + UInt64(row)) < share
            }
            return batch.gathered(rows)
          }
        }
      )
    case .rows, .share:
      let whole = try run.collectWhole(input)
      let wanted = wantedRows(of: whole.rowCount)
      // The rows with the smallest draws, in their order.
      let draws = try run.map(count: whole.rowCount) { Self.draw(seed, UInt64($0)) }
      let order = try EngineKernels.sortOrder(
        [(.doubles(draws), SortDirection())],
        rowCount: whole.rowCount,
        run: run
      )
      var isChosen = [Bool](repeating: false, count: whole.rowCount)
      for row in order.prefix(wanted) { isChosen[Int(row)] = true }
      let chosen = rowNumbers(count: whole.rowCount) { isChosen[$0] }
      return Pipeline(source: GatheringSource(whole, order: chosen, run: run))
    }
  }

  private func wantedRows(of count: Int) -> Int {
    switch plan.size {
    case .rows(let wanted): min(max(0, wanted), count)
    case .share(let share), .fraction(let share): Int((share * Double(count)).rounded())
    }
  }

  /// A number in 0 ..< 1 from a seed and a row number (the mixing step of splitmix64).
  private static func draw(_ seed: UInt64, _ number: UInt64) -> Double {
    var mixed = seed &+ (number &+ 1) &* 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    mixed ^= mixed >> 31
    return Double(mixed >> 11) / 9_007_199_254_740_992
  }
}
