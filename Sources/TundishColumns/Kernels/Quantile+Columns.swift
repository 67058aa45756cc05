/// Quantiles of values that have been found already.
extension Quantile {
  /// Returns the sorted position at or before a fraction of so many values, and how far from it to
  /// the next one the fraction lies.
  package static func place(of fraction: Double, count: Int) -> (position: Int, share: Double) {
    let last = Double(count - 1)
    let place = fraction < 0 ? last * (1 + fraction) : last * fraction
    let lower = min(count - 1, max(0, Int(place)))
    return (lower, lower + 1 < count ? place - Double(lower) : 0)
  }

  /// Returns the values between those of two columns, by the shares of their distances; nil for
  /// types that have none.
  package static func between(_ low: Column, _ high: Column, shares: [Double]) -> Column? {
    let low = low.expanded()
    let high = high.expanded()
    let isRounding = low.type.isTemporal
    switch (low.data, high.data) {
    case (.float64(let first), .float64(let second)):
      let values = shares.indices.map { row in
        first[row] == second[row] || shares[row] == 0
          ? first[row] : first[row] + (second[row] - first[row]) * shares[row]
      }
      return Column(
        type: low.type,
        data: .float64(values),
        validity: low.validity,
        count: low.count
      )
    case (.int64(let first), .int64(let second)):
      let values = shares.indices.map { row in
        let neighbours = Neighbours(low: first[row], high: second[row], share: shares[row])
        let value = neighbours.interpolated(times: 1, isRounding: isRounding)
        return Int64(truncatingIfNeeded: value)
      }
      return .integers(values, type: low.type, validity: low.validity)
    case (.int128(let first), .int128(let second)):
      let values = shares.indices.map { row in
        Neighbours(low: first[row], high: second[row], share: shares[row])
          .interpolated(times: 1, isRounding: isRounding)
      }
      return Column(
        type: low.type,
        data: .int128(values),
        validity: low.validity,
        count: low.count
      )
    default: return nil  // no values between
    }
  }
}
