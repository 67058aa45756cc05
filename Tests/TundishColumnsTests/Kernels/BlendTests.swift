import Testing

@testable import TundishColumns

/// Choosing between two columns row by row, against a loop over single values.
@Suite struct BlendTests {
  /// What a column of a type may be: flat, with NULLs, one value for all rows, one NULL for all.
  private func columns(
    _ type: DataType,
    count: Int,
    using generator: inout SeededGenerator
  ) -> [Column] {
    let flat = Column.values(
      (0..<count).map { _ in randomValue(type, using: &generator) },
      type: type
    )
    let holed = Column.values(
      (0..<count).map { $0 % 3 == 0 ? .null : randomValue(type, using: &generator) },
      type: type
    )
    let constant = Column.constant(randomValue(type, using: &generator), type: type, count: count)
    return [flat, holed, constant, .nulls(type: type, count: count)]
  }

  @Test("a blend has the values that its mask chooses", arguments: sampleTypes)
  func blend(type: DataType) {
    var generator = SeededGenerator(seed: 7)
    for count in [1, 2, 7, 100] {
      let mask = (0..<count).map { _ in Bool.random(using: &generator) }
      for one in columns(type, count: count, using: &generator) {
        for other in columns(type, count: count, using: &generator) {
          guard let blended = one.blended(with: other, where: mask) else { continue }
          for row in 0..<count {
            let wanted = (mask[row] ? one : other).value(at: row)
            let value = blended.value(at: row)
            #expect("\(value)" == "\(wanted)", "\(type), row \(row)")
          }
        }
      }
    }
  }

  @Test("columns of numbers blend whatever NULLs they have", arguments: [DataType.bigint, .double])
  func blendsNumbers(type: DataType) {
    var generator = SeededGenerator(seed: 8)
    for one in columns(type, count: 10, using: &generator) {
      for other in columns(type, count: 10, using: &generator) {
        #expect(one.blended(with: other, where: Array(repeating: true, count: 10)) != nil)
      }
    }
  }

  @Test("NULL is not true")
  func truths() {
    let column = Column.booleans([true, true, false, false], validity: [true, false, true, false])
    #expect(column.truths() == [true, false, false, false])
    #expect(Column.nulls(type: .boolean, count: 2).truths() == [false, false])
    #expect(
      Column.constant(.boolean(true), type: .boolean, count: 3).truths() == [true, true, true]
    )
  }
}
