import Testing

@testable import TundishColumns

/// Looking for bytes in bytes, against the plain loop.
@Suite struct ByteSearchTests {
  private func firstIndex(of needle: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    guard start <= bytes.count else { return nil }
    for place in start...bytes.count where place + needle.count <= bytes.count {
      if Array(bytes[place..<place + needle.count]) == needle { return place }
    }
    return nil
  }

  @Test("the first place is found, whatever the lengths")
  func places() {
    var generator = SeededGenerator(seed: 11)
    for length in 0...40 {
      for needleLength in 0...10 {
        for _ in 0..<8 {
          // Few letters, so that needles begin and end often; and bytes around the sign bit.
          let letters: [UInt8] = [0x00, 0x61, 0x80, 0xFF]
          let bytes = (0..<length).map { _ in letters.randomElement(using: &generator) ?? 0 }
          let needle = (0..<needleLength).map { _ in letters.randomElement(using: &generator) ?? 0 }
          let start = Int.random(in: 0...length, using: &generator)
          #expect(
            bytesFirstIndex(of: needle.span, in: bytes.span, from: start)
              == firstIndex(of: needle, in: bytes, from: start)
          )
        }
      }
    }
  }
}
