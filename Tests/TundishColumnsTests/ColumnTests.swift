import Testing

@testable import TundishColumns

@Suite("Columns")
struct ColumnTests {
  @Test("values come back from builders", arguments: sampleTypes)
  func roundTrip(type: DataType) throws {
    var generator = SeededGenerator(seed: 1)
    for count in [0, 1, 7, 100] {
      let values = randomValues(type, count: count, using: &generator)
      let column = try randomColumn(values, type: type, using: &generator)
      #expect(column.count == count)
      #expect(keys(column) == values.map { key($0) })
      #expect(keys(column.flattened()) == values.map { key($0) })
      #expect(column.nullCount == values.count { $0.isNull })
    }
  }

  @Test("constants expand to their value", arguments: sampleTypes)
  func constants(type: DataType) {
    var generator = SeededGenerator(seed: 2)
    let value = randomValue(type, using: &generator)
    for value in [value, .null] {
      let column = Column.constant(value, type: type, count: 3)
      #expect(column.isConstant)
      for form in [column, column.expanded(), column.flattened()] {
        #expect(keys(form) == Array(repeating: key(value), count: 3))
      }
      #expect(column.isAllNull == value.isNull)
      #expect(keys(column.sliced(1..<3)) == Array(repeating: key(value), count: 2))
      #expect(keys(column.gathered([0, -1])) == [key(value), key(.null)])
    }
  }

  @Test("gathering, slicing and filtering take the right rows", arguments: sampleTypes)
  func rows(type: DataType) throws {
    var generator = SeededGenerator(seed: 3)
    let values = randomValues(type, count: 50, using: &generator)
    let column = try randomColumn(values, type: type, using: &generator)
    let rows = (0..<80).map { _ in Int32.random(in: -1..<50, using: &generator) }
    let expected = rows.map { $0 < 0 ? Value.null : values[Int($0)] }
    #expect(keys(column.gathered(rows)) == expected.map { key($0) })
    #expect(keys(column.sliced(10..<20)) == values[10..<20].map { key($0) })
    let mask = (0..<50).map { $0 % 3 == 0 }
    #expect(
      keys(column.filtered(by: mask))
        == zip(values, mask).filter { $0.1 }.map { key($0.0) }
    )
  }

  @Test("gathering from no rows gives NULLs", arguments: sampleTypes)
  func gatherFromEmpty(type: DataType) {
    let empty = Column.values([], type: type)
    #expect(empty.gathered([]).count == 0)
    #expect(empty.gathered([-1, -1]).isAllNull)
  }

  @Test("concatenation joins every mix of representations", arguments: sampleTypes)
  func concatenation(type: DataType) throws {
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<20 {
      var expected: [String] = []
      var columns: [Column] = []
      for _ in 0..<Int.random(in: 0...4, using: &generator) {
        let count = Int.random(in: 0...30, using: &generator)
        let values = randomValues(type, count: count, using: &generator)
        if count > 0, Int.random(in: 0..<3, using: &generator) == 0 {
          columns.append(.constant(values[0], type: type, count: count))
          expected += Array(repeating: key(values[0]), count: count)
        } else {
          columns.append(try randomColumn(values, type: type, using: &generator))
          expected += values.map { key($0) }
        }
      }
      #expect(keys(try Column.concatenated(columns, type: type)) == expected)
    }
  }

  @Test("columns of one dictionary stay coded")
  func sharedDictionary() throws {
    var builder = TextColumnBuilder()
    for word in ["b", "a", "b", "c"] { try builder.append(word) }
    let column = builder.finish()
    let joined = try Column.concatenated(
      [column.sliced(0..<2), column.gathered([3])],
      type: .varchar
    )
    guard case .dictionary(let codes, let dictionary) = joined.data,
      case .dictionary(_, let original) = column.data
    else { throw ExecutionError(.invalidArgument, "not coded") }
    #expect(codes == [0, 1, 2])
    #expect(dictionary === original)
    #expect(dictionary.ranks == [1, 0, 2])
    #expect(dictionary.code(of: "c") == 2)
    #expect(dictionary.code(of: "d") == nil)
  }

  @Test("a text builder gives up codes where values do not repeat")
  func adaptiveText() throws {
    var builder = TextColumnBuilder()
    for row in 0..<3_000 { try builder.append("value \(row)") }
    builder.appendNull()
    let column = builder.finish()
    guard case .text = column.data else {
      throw ExecutionError(.invalidArgument, "still coded")
    }
    #expect(column.value(at: 2_999) == .text("value 2999"))
    #expect(column.value(at: 3_000) == .null)
  }

  @Test("selected rows are those that are true")
  func selection() {
    let column = Column.booleans([true, false, true, true], validity: [true, true, false, true])
    #expect(column.selectedRows() == [0, 3])
    #expect(Column.constant(.null, type: .boolean, count: 2).selectedRows() == [])
    #expect(Column.constant(.boolean(true), type: .boolean, count: 2).selectedRows() == [0, 1])
  }

  @Test("results per dictionary are kept")
  func derivedResults() throws {
    let dictionary = TextDictionary(distinct: TextVector(["a", "b"]))
    var calls = 0
    for _ in 0..<2 {
      let lengths = try dictionary.cached("length") { () throws(ExecutionError) -> [Int] in
        calls += 1
        return [1, 1]
      }
      #expect(lengths == [1, 1])
    }
    #expect(calls == 1)
  }
}
