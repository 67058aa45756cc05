import Testing

@testable import TundishFormats

/// Doubles read digit by digit, against the standard library.
@Suite struct DoubleReadingTests {
  @Test("digits, points, signs and powers of ten")
  func texts() {
    let wholes = [
      "0", "7", "12345", "9007199254740993", "9999999999999999999", "18446744073709551616",
    ]
    let fractions = ["", ".", ".5", ".1234567890123", ".00000000000000000001"]
    let powers = ["", "e5", "E-3", "e+17", "e-300", "e400", "e", "e-", "e1234", "e5x"]
    for sign in ["", "-", "+"] {
      for whole in wholes {
        for fraction in fractions {
          for power in powers {
            let text = sign + whole + fraction + power
            let bytes = Array(text.utf8)
            let expected = Double(text).flatMap { $0.isFinite ? $0 : nil }
            #expect(DoubleReading.double(bytes.span, 0..<bytes.count) == expected, "\(text)")
          }
        }
      }
    }
    for text in ["", "-", ".", "1.2.3", "0x10", "nan", "1 ", "1_000"] {
      let bytes = Array(text.utf8)
      #expect(DoubleReading.double(bytes.span, 0..<bytes.count) == nil, "\(text)")
    }
  }
}
