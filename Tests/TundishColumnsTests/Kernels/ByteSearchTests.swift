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

  @Test("a search through all texts finds what a search through each finds")
  func sweep() {
    var generator = SeededGenerator(seed: 12)
    for round in 0..<300 {
      let letters: [UInt8] = [0x61, 0x62, 0xC3]
      let bytes = (0..<400).map { _ in letters.randomElement(using: &generator) ?? 0 }
      let gap = round % 3 == 0 ? 0 : Int.random(in: 0...30, using: &generator)
      var views: [TextView] = []
      var place = Int.random(in: 0...5, using: &generator)
      while place < 360 {
        let length = Int.random(in: 0...12, using: &generator)
        // Empty texts may lie anywhere.
        let start = length == 0 ? 0 : place
        views.append(
          TextView(start: UInt32(start), length: UInt32(length))
        )
        place += length + Int.random(in: 0...gap, using: &generator)
      }
      if round % 7 == 6 { views.swapAt(0, views.count - 1) }
      let needle = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
        letters.randomElement(using: &generator) ?? 0
      }
      var results = [Bool](repeating: false, count: views.count)
      let isSwept = TextSweep.mark(
        holding: needle.span,
        views.span,
        bytes.span,
        into: &results
      )
      let expected = views.map {
        firstIndex(of: needle, in: Array(bytes[$0.range]), from: 0) != nil
      }
      if isSwept {
        #expect(results == expected)
      } else {
        #expect(!results.contains(true))
        #expect(gap > 0 || round % 7 == 6)
      }
    }
  }
}
