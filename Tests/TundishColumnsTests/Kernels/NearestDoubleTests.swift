import Testing

@testable import TundishColumns

/// Doubles nearest to decimal and wide numbers, against the standard library's slower ways.
@Suite struct NearestDoubleTests {
  @Test("whole numbers of 128 bits")
  func wideIntegers() {
    var generator = SeededGenerator(seed: 21)
    for bits in 1...126 {
      for _ in 0..<40 {
        let value = Int128.random(in: 0..<(1 << Int128(bits)), using: &generator)
        // Halfway between two doubles, and beside it.
        let even = ((value >> 60) << 60) | (1 << 59)
        for number in [value, even, even + 1, even - 1, -value, -even] {
          #expect(nearestDouble(number) == Double(number), "\(number)")
        }
      }
    }
    #expect(nearestDouble(.min) == Double(Int128.min))
    #expect(nearestDouble(.max) == Double(Int128.max))
  }

  @Test("digits with a power of ten")
  func decimals() {
    var generator = SeededGenerator(seed: 22)
    for exponent in -19...19 {
      for _ in 0..<150 {
        let bits = UInt64.random(in: 1...63, using: &generator)
        let mantissa = UInt64.random(in: 0...(1 << bits), using: &generator)
        let numbers: [UInt64] = [mantissa, .max - mantissa, 1 << bits, (1 << bits) + 1]
        for number in numbers {
          #expect(
            DoubleText.nearest(number, tenTo: exponent) == Double("\(number)e\(exponent)"),
            "\(number)e\(exponent)"
          )
        }
      }
    }
    #expect(DoubleText.nearest(1, tenTo: 20) == nil)
    #expect(DoubleText.nearest(1, tenTo: -20) == nil)
  }

  @Test("the shortest texts of doubles read back")
  func shortest() {
    var generator = SeededGenerator(seed: 23)
    for _ in 0..<3_000 {
      let value = Double.random(in: -1e6...1e6, using: &generator)
      #expect(DoubleText.parse(Array(value.description.utf8).span) == value, "\(value)")
    }
  }
}
