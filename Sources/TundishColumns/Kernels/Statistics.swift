/// Intervals and tests for proportions.
///
/// E. B. Wilson, *Probable inference, the law of succession, and statistical inference*, 1927;
/// R. G. Newcombe, *Interval estimation for the difference between independent proportions*, 1998,
/// method 10.
enum Statistics {
  /// A number of successes among a number of trials.
  struct Proportion {
    let successes: Double
    let trials: Double

    /// Creates a proportion; nil where there are no trials, or successes are not a part of them.
    init?(_ successes: Double, of trials: Double) {
      guard trials > 0, trials.isFinite, successes >= 0, successes <= trials else { return nil }
      self.successes = successes
      self.trials = trials
    }

    var rate: Double { successes / trials }
  }

  /// Returns the bounds of Wilson's score interval.
  static func wilson(_ proportion: Proportion, z: Double) -> (low: Double, high: Double) {
    let rate = proportion.rate
    let trials = proportion.trials
    let square = z * z
    let scale = 1 + square / trials
    let center = (rate + square / (2 * trials)) / scale
    let spread = (rate * (1 - rate) / trials + square / (4 * trials * trials)).squareRoot()
    let distance = z * spread / scale
    return (
      proportion.successes == 0 ? 0 : max(0, center - distance),
      proportion.successes == trials ? 1 : min(1, center + distance)
    )
  }

  /// Returns the bounds of Newcombe's interval for the difference of two rates.
  static func newcombe(
    _ first: Proportion,
    _ second: Proportion,
    z: Double
  ) -> (low: Double, high: Double) {
    let (low1, high1) = wilson(first, z: z)
    let (low2, high2) = wilson(second, z: z)
    let difference = first.rate - second.rate
    let below = hypotenuse(first.rate - low1, high2 - second.rate)
    let above = hypotenuse(high1 - first.rate, second.rate - low2)
    return (difference - below, difference + above)
  }

  /// Returns the pooled z of the difference of two rates; nil where all or none succeed.
  static func pooledZ(_ first: Proportion, _ second: Proportion) -> Double? {
    let pooled = (first.successes + second.successes) / (first.trials + second.trials)
    let variance = pooled * (1 - pooled) * (1 / first.trials + 1 / second.trials)
    guard variance > 0 else { return nil }
    return (first.rate - second.rate) / variance.squareRoot()
  }

  /// Returns the two-sided probability of a z at least so far from 0.
  static func twoSidedProbability(z: Double) -> Double {
    Maths.complementaryError(z.magnitude / 2.0.squareRoot())
  }

  /// Returns the z that leaves out a share of (1 - confidence) on both sides together.
  ///
  /// Newton's method on the error function, from P. J. Acklam's rational first guess for the tail.
  static func z(confidence: Double) -> Double {
    if confidence == 0.95 { return 1.959963984540054 }
    let tail = (1 - confidence) / 2
    var z = (-2 * Maths.naturalLogarithm(tail)).squareRoot()
    z -= (2.30753 + 0.27061 * z) / (1 + z * (0.99229 + 0.04481 * z))
    for _ in 0..<50 {
      let excess = Maths.complementaryError(z / 2.0.squareRoot()) / 2 - tail
      let density = Maths.exponential(-z * z / 2) / (2 * Double.pi).squareRoot()
      guard density > 0 else { break }
      let step = excess / density
      z += step
      if step.magnitude < 1e-15 { break }
    }
    return max(0, z)
  }

  private static func hypotenuse(_ first: Double, _ second: Double) -> Double {
    (first * first + second * second).squareRoot()
  }
}
