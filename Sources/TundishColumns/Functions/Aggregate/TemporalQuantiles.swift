/// Quantiles of spans, and distances of instants from their median.
enum TemporalQuantiles {
  /// One interval per group and fraction, NULL for empty groups.
  ///
  /// Intervals are ordered as they compare, with months of 30 days; what lies between two of them
  /// is the lesser one and a part of the distance in microseconds.
  static func intervals(
    of column: Column,
    _ fractions: [Double],
    _ groups: CollectedGroups,
    _ groupCount: Int
  ) -> Column {
    let values = column.intervalValues()
    var builder = ColumnBuilder<Interval>(capacity: groupCount * fractions.count)
    for group in 0..<groupCount {
      let sorted = values[groups.rows(of: group)].sortedUnlessCancelled {
        $0.approximateMicroseconds < $1.approximateMicroseconds
      }
      for fraction in fractions {
        builder.append(interpolated(sorted, at: fraction))
      }
    }
    return builder.finish(type: .interval)
  }

  private static func interpolated(_ sorted: [Interval], at fraction: Double) -> Interval? {
    guard !sorted.isEmpty else { return nil }
    let last = Double(sorted.count - 1)
    let place = fraction < 0 ? last * (1 + fraction) : last * fraction
    let lower = min(sorted.count - 1, max(0, Int(place)))
    var value = sorted[lower]
    guard place > Double(lower), lower + 1 < sorted.count else { return value }
    let distance = sorted[lower + 1].approximateMicroseconds - value.approximateMicroseconds
    let part = Int64(clamping: Int128(Double(distance) * (place - Double(lower))))
    value.microseconds = Int64(clamping: Int128(value.microseconds) + Int128(part))
    return value
  }

  /// The median distance of dates, times or timestamps from their median, one per group.
  static func deviations(
    of column: Column,
    _ groups: CollectedGroups,
    _ groupCount: Int
  ) -> Column {
    let day: Int128 = 86_400_000_000
    let factor: Int128 = column.type == .date ? day : 1
    let values = column.int64Values()
    var builder = ColumnBuilder<Interval>(capacity: groupCount)
    for group in 0..<groupCount {
      var keys = values[groups.rows(of: group)].map { Int128($0) * factor }
      guard !keys.isEmpty else {
        builder.appendNull()
        continue
      }
      let median = Quantile.neighbours(of: 0.5, in: &keys)
        .interpolated(times: 1, isRounding: false)
      var distances = keys.map { $0 > median ? $0 - median : median - $0 }
      let distance = Quantile.neighbours(of: 0.5, in: &distances)
        .interpolated(times: 1, isRounding: false)
      builder.append(
        Interval(days: Int32(clamping: distance / day), microseconds: Int64(distance % day))
      )
    }
    return builder.finish(type: .interval)
  }
}
