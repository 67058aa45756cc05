import Testing
import TundishColumns

@testable import TundishEngine

@Suite("Guessed numbers of rows")
struct CardinalityEstimatorTests {
  private var fixture = Fixture()
  private let numbers: Plan

  /// The numbers from 0 to 100, once each.
  init() throws {
    numbers = try fixture.scan(
      [("number", .bigint)],
      (0...100).map { [.integer(Int64($0))] }
    )
  }

  private func guess(_ conditions: [(ComparisonOperator, Int64, isMirrored: Bool)]) -> Double {
    let operands = conditions.map { comparison, value, isMirrored in
      let column = fixture.column("number")
      let literal = fixture.literal(.integer(value), .bigint)
      return isMirrored
        ? fixture.compare(literal, comparison, column)
        : fixture.compare(column, comparison, literal)
    }
    let all = BoundExpression(.and(operands), type: .boolean, range: Fixture.range)
    return CardinalityEstimator().rowCount(.filter(all, numbers))
  }

  @Test("two bounds of a column leave what lies between them")
  func bounds() {
    let between = guess([(.greaterOrEqual, 40, false), (.less, 60, false)])
    #expect(abs(between - 20.2) < 0.01)
    // The same with the constants in front, and with a further bound that says less.
    #expect(guess([(.lessOrEqual, 40, true), (.greater, 60, true)]) == between)
    let further = guess([(.greater, 10, false), (.greaterOrEqual, 40, false), (.less, 60, false)])
    #expect(further == between)
  }

  @Test("one bound leaves its side, bounds that exclude each other hardly anything")
  func others() {
    #expect(abs(guess([(.greater, 75, false), (.notEqual, 80, false)]) - 25) < 0.5)
    #expect(guess([(.greater, 60, false), (.less, 40, false)]) == 1)
  }
}
