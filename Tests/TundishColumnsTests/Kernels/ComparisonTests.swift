import Testing

@testable import TundishColumns

@Suite("Comparison and logic")
struct ComparisonTests {
  /// What a comparison of two values means, written in the obvious way.
  private func reference<T>(
    _ kind: ComparisonKind,
    _ left: T?,
    _ right: T?,
    _ order: (T, T) -> Int
  ) -> Value {
    guard let left, let right else {
      let bothNull = left == nil && right == nil
      switch kind {
      case .notDistinct: return .boolean(bothNull)
      case .distinct: return .boolean(!bothNull)
      default: return .null
      }
    }
    return .boolean(kind.holds(order(left, right)))
  }

  private func forms(_ column: Column) -> [Column] {
    guard column.count > 0 else { return [column] }
    return [column, Column.constant(column.value(at: 0), type: column.type, count: column.count)]
  }

  private func check<T>(
    _ left: Column,
    _ right: Column,
    _ read: (Value) -> T?,
    _ order: (T, T) -> Int
  ) {
    for kind in ComparisonKind.allCases {
      for a in forms(left) {
        for b in forms(right) {
          let result = Comparison.compare(kind, a, b)
          #expect(result.count == a.count)
          let expected = (0..<a.count).map { row in
            reference(kind, read(a.value(at: row)), read(b.value(at: row)), order)
          }
          #expect(result.allValues() == expected, "\(kind)")
        }
      }
    }
  }

  @Test("integers", arguments: [0, 1, 2_047, 2_048, 2_049])
  func integers(count: Int) {
    var random = SystemSeed(state: UInt64(count) + 1)
    let left = (0..<count).map { _ in Int64(random.next(5)) }
    let right = (0..<count).map { _ in Int64(random.next(5)) }
    let validity = (0..<count).map { _ in random.next(4) > 0 }
    check(
      .integers(left, validity: validity),
      .integers(right),
      { if case .integer(let value) = $0 { value } else { nil } },
      { $0 < $1 ? -1 : ($0 == $1 ? 0 : 1) }
    )
  }

  @Test("doubles with NaN and negative zero")
  func doubles() {
    let values: [Double] = [0, -0.0, 1, -1, .nan, .infinity, -.infinity]
    let left = values.flatMap { value in values.map { _ in value } }
    let right = values.flatMap { _ in values }
    check(
      .doubles(left),
      .doubles(right),
      { if case .double(let value) = $0 { value } else { nil } },
      { a, b in
        if a.isNaN || b.isNaN { return (a.isNaN ? 1 : 0) - (b.isNaN ? 1 : 0) }
        return a < b ? -1 : (a == b ? 0 : 1)
      }
    )
  }

  @Test("text, plain and coded")
  func text() {
    let words: [String?] = ["b", "a", nil, "", "ab", "b", "ä", nil]
    let others: [String?] = ["a", "a", "x", "", "abc", nil, "b", nil]
    let read = { (value: Value) -> String? in
      if case .text(let text) = value { text } else { nil }
    }
    let order = { (a: String, b: String) -> Int in
      Array(a.utf8) == Array(b.utf8) ? 0 : (a.utf8.lexicographicallyPrecedes(b.utf8) ? -1 : 1)
    }
    let coded = { (column: Column) -> Column in (try? column.dictionaryCoded()) ?? column }
    check(.strings(words), .strings(others), read, order)
    check(coded(.strings(words)), .strings(others), read, order)
    check(coded(.strings(words)), coded(.strings(others)), read, order)
    check(.strings(words), coded(.strings(others)), read, order)
    let shared = coded(.strings(words))
    check(shared, shared.gathered([3, 2, 1, 0, 7, 6, 5, 4]), read, order)
  }

  @Test("nested values and intervals")
  func nested() {
    let lists = { (values: [Value]) in Column.values([.list(values)], type: .list(.integer)) }
    let holds = { (kind: ComparisonKind, a: Column, b: Column) -> Value in
      Comparison.compare(kind, a, b).value(at: 0)
    }
    #expect(
      holds(.less, lists([.integer(1)]), lists([.integer(1), .integer(2)])) == .boolean(true)
    )
    #expect(
      holds(.less, lists([.integer(1), .null]), lists([.integer(1), .integer(2)]))
        == .boolean(false)
    )
    #expect(holds(.equal, lists([.null]), lists([.null])) == .boolean(true))
    let month = Column.values([.interval(Interval(months: 1))], type: .interval)
    let days = Column.values([.interval(Interval(days: 30))], type: .interval)
    #expect(holds(.equal, month, days) == .boolean(true))
    let type = DataType.enumeration(["low", "high"])
    let low = Column.values([.text("low")], type: type)
    let high = Column.constant(.text("high"), type: type, count: 1)
    #expect(holds(.less, low, high) == .boolean(true))
  }

  @Test("three-valued logic")
  func logic() {
    let values: [Value] = [.boolean(true), .boolean(false), .null]
    for a in values {
      for b in values {
        let left = Column.values([a], type: .boolean)
        let right = Column.constant(b, type: .boolean, count: 1)
        let and: Value =
          a == .boolean(false) || b == .boolean(false)
          ? .boolean(false) : (a.isNull || b.isNull ? .null : .boolean(true))
        let or: Value =
          a == .boolean(true) || b == .boolean(true)
          ? .boolean(true) : (a.isNull || b.isNull ? .null : .boolean(false))
        #expect(Logic.and(left, right).value(at: 0) == and)
        #expect(Logic.or(left, right).value(at: 0) == or)
        #expect(Logic.isNull(left).value(at: 0) == .boolean(a.isNull))
      }
    }
  }

  @Test("pieces are put together by row")
  func merge() throws {
    var merge = CaseMerge(type: .varchar, rowCount: 4)
    merge.set([2, 0], to: .strings(["c", "a"]))
    merge.set([3], to: .constant(.null, type: .varchar, count: 1))
    #expect(try merge.finish().allValues() == [.text("a"), .null, .text("c"), .null])
  }
}

/// A small seeded generator.
struct SystemSeed {
  var state: UInt64

  /// A number below a bound.
  mutating func next(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }
}
