/// A sum of doubles as an unevaluated pair of a double and its rounding error, about 106 bits.
///
/// Rounding happens once, when the sum is taken, so that neither the order of rows nor the way in
/// which workers share them shows in the result: two orders differ by some 2^-106 of the summed
/// magnitudes, which the final rounding hides but for the rarest ties. T. J. Dekker, *A
/// floating-point technique for extending the available precision*, 1971; D. E. Knuth's TwoSum.
struct DoubleSum: Sendable {
  private(set) var high = 0.0
  private(set) var low = 0.0

  /// The sum, rounded; infinite or NaN where a summand was or where the sum exceeds a double.
  var value: Double { high.isFinite ? high + low : high }

  /// Adds a value.
  @inline(__always)
  mutating func add(_ value: Double) {
    let sum = high + value
    let part = sum - high
    low += (high - (sum - part)) + (value - part)
    high = sum
  }

  /// Adds the exact product of two values.
  @inline(__always)
  mutating func add(_ lhs: Double, times rhs: Double) {
    let product = lhs * rhs
    add(product)
    // Exact, because the fused operation rounds once; zero where the product overflowed.
    let error = (-product).addingProduct(lhs, rhs)
    if product.isFinite { low += error }
  }

  /// Adds another sum.
  @inline(__always)
  mutating func add(_ other: DoubleSum) {
    add(other.high)
    low += other.low
  }

  /// Returns a sum whose high part carries all that it can.
  var normalized: DoubleSum {
    guard high.isFinite else { return self }
    var sum = DoubleSum()
    sum.high = high + low
    sum.low = (high - sum.high) + low
    return sum
  }

  /// Returns this minus the square of another sum over a count, with the precision of pairs.
  func minusProduct(_ lhs: DoubleSum, _ rhs: DoubleSum, over count: Double) -> Double {
    let left = lhs.normalized
    let right = rhs.normalized
    // q = left.high * right.high / count, with the remainder folded back in.
    let product = left.high * right.high
    let productError = (-product).addingProduct(left.high, right.high)
    let quotient = product / count
    let remainder = (-quotient).multipliedExactly(by: count, addedTo: product)
    var difference = self
    difference.add(-quotient)
    let cross = left.high * right.low + left.low * right.high
    difference.low -= (remainder + productError + cross) / count
    return difference.value
  }
}

extension Double {
  /// Returns `self * factor + addend`, rounded once.
  func multipliedExactly(by factor: Double, addedTo addend: Double) -> Double {
    addend.addingProduct(self, factor)
  }
}

/// The exact sum and the number of 64-bit integers.
///
/// The sum is kept in two halves: 24 bytes a group instead of 32, which is what many groups are
/// slow by.
struct IntegerSum: Accumulator {
  private var low: UInt64 = 0
  private var high: Int64 = 0
  private(set) var count: Int64 = 0

  init() {}

  /// Cannot overflow: fewer than 2^63 values of 64 bits.
  private(set) var total: Int128 {
    get { Int128(high) << 64 | Int128(low) }
    set {
      low = UInt64(truncatingIfNeeded: newValue)
      high = Int64(truncatingIfNeeded: newValue >> 64)
    }
  }

  @inline(__always)
  mutating func add(_ value: Int64) {
    let (sum, carries) = low.addingReportingOverflow(UInt64(bitPattern: value))
    low = sum
    high &+= (value &>> 63) &+ (carries ? 1 : 0)
    count &+= 1
  }

  // Adds halves of 32 bits apart, which vectorises; neither can overflow in 2^31 rows.
  mutating func add(all values: Span<Int64>) {
    precondition(values.count <= Int(Int32.max), "a batch has at most 2^31 rows")
    var low: Int64 = 0
    var high: Int64 = 0
    for row in values.indices {
      low &+= values[row] & 0xFFFF_FFFF
      high &+= values[row] >> 32
    }
    total &+= (Int128(high) << 32) &+ Int128(low)
    count &+= Int64(values.count)
  }

  mutating func add(_ value: Int64, times count: Int) {
    total &+= Int128(value) &* Int128(count)
    self.count &+= Int64(count)
  }

  mutating func merge(_ other: IntegerSum) {
    total &+= other.total
    count &+= other.count
  }
}

/// The exact sum and the number of 128-bit integers, with a flag for overflow.
struct WideSum: Accumulator {
  private(set) var total: Int128 = 0
  private(set) var count: Int64 = 0
  private(set) var hasOverflowed = false

  init() {}

  @inline(__always)
  mutating func add(_ value: Int128) {
    let (sum, overflow) = total.addingReportingOverflow(value)
    total = sum
    hasOverflowed = hasOverflowed || overflow
    count &+= 1
  }

  mutating func merge(_ other: WideSum) {
    let (sum, overflow) = total.addingReportingOverflow(other.total)
    total = sum
    hasOverflowed = hasOverflowed || overflow || other.hasOverflowed
    count &+= other.count
  }
}

/// The sum and the number of doubles.
struct FloatSum: Accumulator {
  private(set) var sum = DoubleSum()
  private(set) var count: Int64 = 0

  init() {}

  @inline(__always)
  mutating func add(_ value: Double) {
    sum.add(value)
    count &+= 1
  }

  // Four sums side by side hide the latency of the additions; they are joined in a fixed order.
  mutating func add(all values: Span<Double>) {
    var first = sum
    var second = DoubleSum()
    var third = DoubleSum()
    var fourth = DoubleSum()
    var row = 0
    while row &+ 4 <= values.count {
      first.add(values[row])
      second.add(values[row &+ 1])
      third.add(values[row &+ 2])
      fourth.add(values[row &+ 3])
      row &+= 4
    }
    while row < values.count {
      first.add(values[row])
      row &+= 1
    }
    first.add(second)
    first.add(third)
    first.add(fourth)
    sum = first
    count &+= Int64(values.count)
  }

  mutating func merge(_ other: FloatSum) {
    sum.add(other.sum)
    count &+= other.count
  }
}

/// Returns the quotient of two integers, rounded half to even.
func roundedQuotient(_ dividend: Int128, _ divisor: Int128) -> Int128 {
  let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
  let distance = remainder.magnitude
  let half = divisor.magnitude - distance
  guard distance > half || (distance == half && quotient & 1 != 0) else { return quotient }
  return (dividend < 0) == (divisor < 0) ? quotient + 1 : quotient - 1
}

/// Returns 10 to a power of at most 38.
func powerOfTen(_ exponent: Int) -> Int128 {
  var power: Int128 = 1
  for _ in 0..<min(max(exponent, 0), DataType.maximumDecimalPrecision) { power *= 10 }
  return power
}
