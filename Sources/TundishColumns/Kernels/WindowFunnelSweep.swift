/// Counts the steps of `window_funnel` over the events of many entities without making a sequence
/// of each: the mode-free meaning and `strict_increase`, for events that come in order of time.
///
/// `EventSequence.windowFunnelLevel` is the general form; a test holds the two together.
struct WindowFunnelSweep {
  private let window: Int64
  private let isStrictlyIncreasing: Bool
  /// Per step, when the latest chain that reached it began, and when it reached the step.
  private var began: [Int64]
  private var reached: [Int64]

  /// Nil where the modes need the general form.
  init?(stepCount: Int, window: Int64, modes: WindowFunnelModes) {
    guard modes.isSubset(of: .strictIncrease), stepCount <= EventSequence.maximumConditionCount
    else { return nil }
    self.window = window
    isStrictlyIncreasing = modes.contains(.strictIncrease)
    began = [Int64](repeating: 0, count: stepCount)
    reached = began
  }

  /// Returns the level of the events of some rows; nil where they do not come in order of time.
  ///
  /// One pass; no allocation.
  mutating func level(_ rows: Range<Int>, times: Span<Int64>, masks: Span<UInt64>) -> Int? {
    Self.level(
      rows,
      times,
      masks,
      &began,
      &reached,
      window: window,
      isStrictlyIncreasing: isStrictlyIncreasing
    )
  }

  private static func level(
    _ rows: Range<Int>,
    _ times: Span<Int64>,
    _ masks: Span<UInt64>,
    _ began: inout [Int64],
    _ reached: inout [Int64],
    window: Int64,
    isStrictlyIncreasing: Bool
  ) -> Int? {
    let stepCount = began.count
    var began = began.mutableSpan
    var reached = reached.mutableSpan
    /// Bit `i` is set where a chain has reached step `i`.
    var open: UInt64 = 0
    var level = 0
    var start = rows.lowerBound
    while start < rows.upperBound {
      let at = times[start]
      var end = start + 1
      while end < rows.upperBound, times[end] == at { end += 1 }
      if end < rows.upperBound, times[end] < at { return nil }
      // At one instant earlier steps come first, so an event may serve equal consecutive steps.
      var steps: UInt64 = 0
      for row in start..<end { steps |= masks[row] }
      start = end
      while steps != 0 {
        let step = steps.trailingZeroBitCount
        steps &= steps &- 1
        if step == 0 {
          began[0] = at
          reached[0] = at
          open |= 1
          level = max(level, 1)
          continue
        }
        guard open &>> UInt64(step &- 1) & 1 != 0 else { continue }
        let (last, isUnbounded) = began[step &- 1].addingReportingOverflow(window)
        guard isUnbounded || at <= last else { continue }
        if isStrictlyIncreasing, reached[step &- 1] >= at { continue }
        began[step] = began[step &- 1]
        reached[step] = at
        open |= 1 &<< UInt64(step)
        level = max(level, step + 1)
      }
      if level == stepCount { return level }
    }
    return level
  }
}
