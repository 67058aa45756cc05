import Testing
import TundishTestSupport

@testable import TundishFormats

@Suite("Row scanner")
struct RowScannerTests {
  /// The rows that a scanner finds, and its problems.
  private func scan(
    _ text: [UInt8],
    columnCount: Int,
    isSlow: Bool,
    rowLimit: Int,
    dialect: CSVDialect
  ) -> (rows: [[String]], problems: [RowProblem]) {
    let span = text.span
    var scanner = RowScanner(dialect: dialect, columnCount: columnCount, position: 0)
    scanner.isSlow = isSlow
    let fields = FieldReader(dialect: dialect, nullTexts: [])
    var slice = RowSlice(columnCount: columnCount)
    var rows: [[String]] = []
    while scanner.scan(span, rowLimit: rowLimit, into: &slice) {
      for row in 0..<slice.rowCount {
        rows.append(
          (0..<columnCount).map { fields.string(span, slice.range(row: row, column: $0)) }
        )
      }
    }
    return (rows, scanner.problems)
  }

  @Test("blocks and bytes agree on random text", arguments: 0..<200)
  func agreement(seed: Int) {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    // From orderly to wild, so that both ways are taken.
    let wildness = next(3)
    let columnCount = 1 + next(4)
    var text: [UInt8] = []
    for _ in 0..<(1 + next(60)) {
      for column in 0..<columnCount {
        if column > 0 { text.append(UInt8(ascii: ",")) }
        let isQuoted = next(3) == 0
        if isQuoted { text.append(UInt8(ascii: "\"")) }
        for _ in 0..<next(12) {
          let byte = next(20)
          if byte == 0, isQuoted {
            text += Array("\"\"".utf8)
          } else if byte == 1, isQuoted {
            text.append(next(2) == 0 ? 0x0A : UInt8(ascii: ","))
          } else if byte == 2, wildness == 2 {
            text.append([UInt8(ascii: "\""), 0x0A, 0x0D, UInt8(ascii: ",")][next(4)])
          } else {
            text.append(UInt8(ascii: "a") + UInt8(byte))
          }
        }
        if isQuoted { text.append(UInt8(ascii: "\"")) }
      }
      text += wildness == 1 && next(2) == 0 ? [0x0D, 0x0A] : [0x0A]
    }
    if next(2) == 0 { text.removeLast() }
    for ending in [CSVDialect.LineEnding.lineFeed, .mixed, .carriageReturn] {
      let dialect = CSVDialect(lineEnding: ending)
      let slow = scan(
        text,
        columnCount: columnCount,
        isSlow: true,
        rowLimit: 1_000,
        dialect: dialect
      )
      for rowLimit in [1, 3, 1_000] {
        let fast = scan(
          text,
          columnCount: columnCount,
          isSlow: false,
          rowLimit: rowLimit,
          dialect: dialect
        )
        #expect(fast.rows == slow.rows)
        #expect(fast.problems == slow.problems)
      }
    }
  }

  @Test("prefix parity against counting")
  func prefixParity() {
    var state: UInt64 = 88_172_645_463_325_252
    for _ in 0..<100 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      var expected: UInt64 = 0
      var parity: UInt64 = 0
      for bit in 0..<64 {
        parity ^= state >> UInt64(bit) & 1
        expected |= parity << UInt64(bit)
      }
      #expect(BlockMasks.prefixParity(state) == expected)
    }
  }
}
