/// Finds quantiles of unsorted integers.
package enum Quantile {
  /// The two sorted neighbours of a fraction's position, and how far between them it lies.
  struct Neighbours<Element: FixedWidthInteger> {
    let low: Element
    let high: Element
    let share: Double
  }

  /// Returns the neighbours of a fraction, which counts from the top where it is negative.
  ///
  /// Partly sorts the values, which must not be empty; linear on average.
  static func neighbours<Element: FixedWidthInteger>(
    of fraction: Double,
    in values: inout [Element]
  ) -> Neighbours<Element> {
    let last = Double(values.count - 1)
    let place = fraction < 0 ? last * (1 + fraction) : last * fraction
    let lower = min(values.count - 1, max(0, Int(place)))
    let share = place - Double(lower)
    if values.count > 1 << 20, Cancellation.isRequested {
      return Neighbours(low: values[lower], high: values[lower], share: 0)
    }
    if let (low, high) = counted(lower, in: values) {
      return share > 0
        ? Neighbours(low: low, high: high, share: share)
        : Neighbours(low: low, high: low, share: 0)
    }
    let low = select(lower, in: &values)
    guard share > 0, lower + 1 < values.count else {
      return Neighbours(low: low, high: low, share: 0)
    }
    // What lies right of the selected position is not less: its least is the next value.
    var high = values[lower + 1]
    for value in values[(lower + 1)...] { high = min(high, value) }
    return Neighbours(low: low, high: high, share: share)
  }

  /// Returns the values that sorting would put at a position and at the next one, by counting how
  /// often each value occurs; nil where the values are too few for their range.
  private static func counted<Element: FixedWidthInteger>(
    _ position: Int,
    in values: [Element]
  ) -> (low: Element, high: Element)? {
    guard values.count >= 64, let first = values.first else { return nil }
    var (least, greatest) = (first, first)
    for value in values {
      least = min(least, value)
      greatest = max(greatest, value)
    }
    let (range, overflow) = greatest.subtractingReportingOverflow(least)
    guard !overflow, let span = Int(exactly: range),
      span < min(65_536, 4 * values.count)
    else { return nil }
    var counts = [Int](repeating: 0, count: span + 1)
    for value in values { counts[Int(value &- least)] &+= 1 }
    var before = 0
    var low: Element?
    for offset in counts.indices where counts[offset] > 0 {
      let value = least &+ Element(offset)
      before += counts[offset]
      if let low { return (low, value) }
      guard before > position else { continue }
      if before > position + 1 { return (value, value) }
      low = value
    }
    // The position is the last one.
    return low.map { ($0, $0) }
  }

  /// Returns the sorted position of the value that is picked for a fraction.
  package static func position(of fraction: Double, count: Int) -> Int {
    guard count > 0 else { return 0 }
    if fraction < 0 { return count - 1 - position(of: -fraction, count: count) }
    let place = fraction * Double(count)
    // 0.07 times 100 is a little more than 7.
    let nearest = place.rounded()
    let exact = abs(place - nearest) < 1e-9 ? nearest : place.rounded(.up)
    return min(count - 1, max(0, Int(exact) - 1))
  }

  /// Returns the value that sorting would put at a position, with no greater ones left of it and no
  /// lesser ones right of it.
  static func select<Element: Comparable>(_ position: Int, in values: inout [Element]) -> Element {
    var values = values.mutableSpan
    var low = 0
    var high = values.count - 1
    var swapCount = 0
    var roundCount = 0
    while low < high {
      let (one, other, third) = candidates(low, high, round: roundCount)
      let pivot = median(values[one], values[other], values[third])
      roundCount += 1
      var left = low
      var right = high
      while left <= right {
        while values[left] < pivot { left += 1 }
        while pivot < values[right] { right -= 1 }
        if left <= right {
          values.swapAt(left, right)
          left += 1
          right -= 1
          swapCount &+= 1
          // Whoever asked is told that the query was cancelled; no value would be right.
          if swapCount & 0xF_FFFF == 0, Cancellation.isRequested { return values[position] }
        }
      }
      if position <= right {
        high = right
      } else if position >= left {
        low = left
      } else {
        break
      }
    }
    return values[position]
  }

  /// The positions of three values, the middle one of which parts the others.
  ///
  /// The ends and the middle keep sorted input fast. Input that is made to have one of them next to
  /// the end round after round would make the search quadratic: after rounds that are enough for any
  /// other input, positions are drawn that no input can foresee and every run draws alike.
  private static func candidates(_ low: Int, _ high: Int, round: Int) -> (Int, Int, Int) {
    guard round >= 64 else { return (low, low + (high - low) / 2, high) }
    let count = UInt64(high - low + 1)
    func drawn(_ salt: UInt64) -> Int {
      let bits = (UInt64(round) &+ salt) &* 0x9E37_79B9_7F4A_7C15
      return low + Int((bits ^ bits >> 29) % count)
    }
    return (drawn(0), drawn(1 << 32), drawn(1 << 48))
  }

  private static func median<Element: Comparable>(
    _ first: Element,
    _ second: Element,
    _ third: Element
  ) -> Element {
    max(min(first, second), min(max(first, second), third))
  }
}

extension Quantile.Neighbours {
  /// The value between the neighbours, times a factor; what does not fit its scale is cut off, or
  /// rounded.
  func interpolated(times factor: Int128, isRounding: Bool) -> Int128 {
    let low = Int128(low) * factor
    let distance = Int128(high) * factor - low
    if share == 0.5 { return (low * 2 + distance) / 2 }
    let part = Double(distance) * share
    if isRounding { return low + Int128(part.rounded()) }
    let whole = part.rounded(.down)
    let value = low + Int128(whole)
    return value < 0 && part != whole ? value + 1 : value
  }

  /// The value between the neighbours as a double.
  var interpolatedInteger: Double {
    Double(low) + (Double(high) - Double(low)) * share
  }
}

extension Quantile.Neighbours<Int64> {
  /// The double between the neighbours, which are ordered bits.
  var interpolatedDouble: Double {
    let low = OrderKeys.double(ofOrderedBits: low)
    guard share > 0 else { return low }
    let high = OrderKeys.double(ofOrderedBits: high)
    return low == high ? low : low + (high - low) * share
  }
}
