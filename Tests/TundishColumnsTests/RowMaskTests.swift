import Testing

@testable import TundishColumns

/// The ways in which a mask tells its rows.
@Suite("Row masks")
struct RowMaskTests {
  @Test("rows are the same by words, bit by bit, and asked one by one", arguments: 1...8)
  func rows(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for count in [1, 7, 63, 64, 65, 640, 4_099] {
      // From hardly any row to nearly all, so that words are sparse, dense and full.
      for share in [0, 1, 8, 40, 90, 99, 100] {
        let truths = (0..<count).map { _ in Int.random(in: 0..<100, using: &random) < share }
        var mask = RowMask(allOf: count)
        mask.keep(truths, where: true)
        let expected = (0..<count).filter { truths[$0] }.map { Int32($0) }
        #expect(mask.rows == expected)
        #expect(mask.countedRows(mask.chosenCount) == expected)
      }
    }
  }
}
