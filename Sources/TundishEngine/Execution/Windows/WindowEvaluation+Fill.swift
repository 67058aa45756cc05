internal import TundishColumns
internal import TundishSyntax

/// `fill(y) OVER (ORDER BY x)`: a NULL becomes the point that its x has on the line through the values
/// before and after it. Beyond the first or last value the line through the nearest two goes on; where
/// there is but one value, it is that.
extension WindowEvaluation {
  /// A known value: where it stands, and both coordinates.
  private struct Point {
    let x: Double
    let y: Value
  }

  func fillResult(along key: Column) -> Column {
    let value = arguments[0]
    var values = (0..<partitions.count).map { value.value(at: $0) }
    var place = 0
    while place < partitions.count {
      let range = partitions.range(at: place)
      fill(&values, in: range, along: key)
      place = range.upperBound
    }
    return .values(values, type: value.type)
  }

  private func fill(_ values: inout [Value], in range: Range<Int>, along key: Column) {
    var points: [Point] = []
    /// How many points are before each place of the range.
    var before: [Int] = []
    for place in range {
      before.append(points.count)
      guard !values[place].isNull, filter?[place] ?? true, let x = key.value(at: place).position
      else { continue }
      points.append(Point(x: x, y: values[place]))
    }
    guard let only = points.first else { return }
    for place in range where values[place].isNull {
      guard let x = key.value(at: place).position else { continue }
      guard points.count > 1 else {
        values[place] = only.y
        continue
      }
      let second = min(max(before[place - range.lowerBound], 1), points.count - 1)
      values[place] = Self.value(at: x, between: points[second - 1], and: points[second])
    }
  }

  private static func value(at x: Double, between first: Point, and second: Point) -> Value {
    guard second.x != first.x else { return first.y }
    return first.y.moved(towards: second.y, by: (x - first.x) / (second.x - first.x))
  }
}

extension Value {
  /// Where a number or a point in time lies on its line; nil for NULL and all others.
  var position: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .hugeint(let number): Double(number)
    case .decimal(let unscaled, let scale):
      Double(unscaled) / (0..<scale).reduce(1) { p, _ in p * 10 }
    case .double(let number): number
    case .date(let day): Double(day)
    case .time(let instant), .timestamp(let instant), .timestampTZ(let instant): Double(instant)
    case .null, .boolean, .text, .blob, .interval, .list, .structure, .map: nil
    }
  }

  /// The value that lies by a part of the way, which may be outside of 0 to 1, from this to another;
  /// NULL where its type does not reach so far.
  func moved(towards other: Value, by part: Double) -> Value {
    switch (self, other) {
    case (.integer(let from), .integer(let to)):
      Self.whole(from, to, part).map { .integer($0) } ?? .null
    case (.hugeint(let from), .hugeint(let to)):
      Self.whole(from, to, part).map { .hugeint($0) } ?? .null
    case (.decimal(let from, let scale), .decimal(let to, _)):
      Self.whole(from, to, part).map { .decimal(unscaled: $0, scale: scale) } ?? .null
    case (.double(let from), .double(let to)):
      .double(from + (to - from) * part)
    case (.date(let from), .date(let to)):
      Self.whole(from, to, part).map { .date($0) } ?? .null
    case (.time(let from), .time(let to)):
      Self.whole(from, to, part).map { .time($0) } ?? .null
    case (.timestamp(let from), .timestamp(let to)):
      Self.whole(from, to, part).map { .timestamp($0) } ?? .null
    case (.timestampTZ(let from), .timestampTZ(let to)):
      Self.whole(from, to, part).map { .timestampTZ($0) } ?? .null
    case _: .null
    }
  }

  private static func whole<Number: FixedWidthInteger>(
    _ from: Number,
    _ to: Number,
    _ part: Double
  ) -> Number? {
    let (distance, overflow) = to.subtractingReportingOverflow(from)
    guard !overflow,
      let step = Number(exactly: (Double(distance) * part).rounded(.toNearestOrAwayFromZero))
    else { return nil }
    let (result, isBeyond) = from.addingReportingOverflow(step)
    return isBeyond ? nil : result
  }
}
