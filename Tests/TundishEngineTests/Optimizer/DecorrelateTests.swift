import Testing
import TundishColumns
import TundishSyntax

@testable import TundishEngine

@Suite("Subqueries become joins")
struct DecorrelateTests {
  private var fixture = Fixture()
  private let deals: Plan
  private let notes: Plan

  /// deals(id, owner) and notes(deal, size): deal 1 has two notes, 2 one, 3 none, NULL one.
  init() throws {
    deals = try fixture.scan(
      [("id", .bigint), ("owner", .varchar)],
      [[1, "ann"], [2, "bob"], [3, "cy"], [nil, "dan"], [2, "eve"]]
    )
    notes = try fixture.scan(
      [("deal", .bigint), ("size", .bigint)],
      [[1, 10], [2, 5], [1, 30], [nil, 7]]
    )
  }

  private func rows(_ plan: Plan, _ output: [PlanColumn]) throws -> [[Value]] {
    var plain = Settings()
    plain.disabledOptimizers = ["all"]
    let slow = Optimizer.optimize(plan, output: output, settings: plain).plan
    let fast = Optimizer.optimize(plan, output: output, settings: Settings()).plan
    let rows = try Fixture.rows(slow, output)
    // Joins do not promise an order, and the optimizer may exchange their sides.
    func sorted(_ rows: [[Value]]) -> [String] { rows.map { "\($0)" }.sorted() }
    #expect(sorted(try Fixture.rows(fast, output)) == sorted(rows))
    return rows
  }

  private func subquery(
    _ form: BoundSubquery.Form,
    _ plan: Plan,
    _ output: PlanColumn?,
    _ type: DataType = .boolean
  ) -> BoundExpression {
    BoundExpression(
      .subquery(BoundSubquery(form: form, plan: plan, output: output)),
      type: type,
      range: Fixture.range
    )
  }

  private var own: BoundExpression {
    fixture.compare(fixture.column("deal"), .equal, fixture.column("id"))
  }

  @Test("EXISTS and NOT EXISTS")
  func exists() throws {
    let exists = subquery(.exists, .filter(own, notes), nil)
    let output = [fixture.plan("owner")]
    #expect(try rows(.filter(exists, deals), output) == [["ann"], ["bob"], ["eve"]])
    let not = BoundExpression.negation(exists)
    #expect(try rows(.filter(not, deals), output) == [["cy"], ["dan"]])
    let either = BoundExpression(
      .or([
        exists, fixture.compare(fixture.column("owner"), .equal, fixture.literal("dan", .varchar)),
      ]),
      type: .boolean,
      range: Fixture.range
    )
    #expect(try rows(.filter(either, deals), output) == [["ann"], ["bob"], ["dan"], ["eve"]])
  }

  @Test("NOT IN knows NULL")
  func notIn() throws {
    let size = fixture.plan("deal")
    let known = Plan.filter(
      fixture.compare(fixture.column("size"), .greater, fixture.literal(7, .bigint)),
      notes
    )
    func notIn(_ plan: Plan) -> BoundExpression {
      .negation(subquery(.any(fixture.column("id"), .equal), plan, size))
    }
    let output = [fixture.plan("owner")]
    #expect(try rows(.filter(notIn(known), deals), output) == [["bob"], ["cy"], ["eve"]])
    #expect(try rows(.filter(notIn(notes), deals), output) == [])
    let none = Plan.filter(.boolean(false, range: Fixture.range), notes)
    #expect(try rows(.filter(notIn(none), deals), output).count == 5)
    let correlated = Plan.filter(own, notes)
    #expect(try rows(.filter(notIn(correlated), deals), output) == [["cy"], ["dan"]])
  }

  @Test("a count over no rows is 0, a sum NULL")
  func aggregates() throws {
    var fixture = fixture
    let count = try fixture.aggregate("count", [], as: "n")
    let sum = try fixture.aggregate("sum", [fixture.column("size")], as: "s")
    let plan = Plan.aggregate(
      AggregatePlan(
        groups: [],
        groupingSets: [[]],
        aggregates: [count, sum],
        input: .filter(own, notes)
      )
    )
    let first = fixture.newColumn("notes", .bigint)
    let second = fixture.newColumn("total", sum.column.type)
    let project = Plan.project(
      [
        ProjectedColumn(passing: fixture.plan("owner")),
        ProjectedColumn(
          column: first,
          expression: subquery(.scalar, plan, count.column, .bigint)
        ),
        ProjectedColumn(
          column: second,
          expression: subquery(.scalar, plan, sum.column, sum.column.type)
        ),
      ],
      deals
    )
    let expected: [[Value]] = [
      ["ann", 2, .hugeint(40)], ["bob", 1, .hugeint(5)], ["cy", 0, nil], ["dan", 0, nil],
      ["eve", 1, .hugeint(5)],
    ]
    #expect(try rows(project, [fixture.plan("owner"), first, second]) == expected)
  }

  @Test("a limit holds per outer row, an inequality too")
  func general() throws {
    var fixture = fixture
    let smaller = fixture.compare(fixture.column("deal"), .lessOrEqual, fixture.column("id"))
    let limit = Plan.limit(
      LimitPlan(
        count: .rows(fixture.literal(1, .bigint)),
        offset: nil,
        input: .sort(
          [fixture.key("size", descending: true)],
          .filter(smaller, notes)
        )
      )
    )
    let most = fixture.newColumn("most", .bigint)
    let project = Plan.project(
      [
        ProjectedColumn(passing: fixture.plan("owner")),
        ProjectedColumn(
          column: most,
          expression: subquery(.scalar, limit, fixture.plan("size"), .bigint)
        ),
      ],
      deals
    )
    let expected: [[Value]] = [
      ["ann", 30], ["bob", 30], ["cy", 30], ["dan", nil], ["eve", 30],
    ]
    #expect(try rows(project, [fixture.plan("owner"), most]) == expected)

    let count = try fixture.aggregate("count", [], as: "n")
    let counted = Plan.aggregate(
      AggregatePlan(
        groups: [],
        groupingSets: [[]],
        aggregates: [count],
        input: .filter(smaller, notes)
      )
    )
    let lateral = Plan.join(JoinPlan(kind: .inner, left: deals, right: counted))
    let counts: [[Value]] = [["ann", 2], ["bob", 3], ["cy", 3], ["dan", 0], ["eve", 3]]
    #expect(try rows(lateral, [fixture.plan("owner"), count.column]) == counts)
  }

  @Test("correlation reaches over two levels")
  func nested() throws {
    var fixture = fixture
    let third = try fixture.scan(
      [("d", .bigint), ("s", .bigint)],
      [[1, 30], [2, 4], [3, 1]]
    )
    // EXISTS (notes WHERE deal = id AND EXISTS (third WHERE s = size AND d = id))
    let inner = subquery(
      .exists,
      .filter(
        .conjunction(
          [
            fixture.compare(fixture.column("s"), .equal, fixture.column("size")),
            fixture.compare(fixture.column("d"), .equal, fixture.column("id")),
          ],
          range: Fixture.range
        ),
        third
      ),
      nil
    )
    let exists = subquery(
      .exists,
      .filter(.conjunction([own, inner], range: Fixture.range), notes),
      nil
    )
    #expect(try rows(.filter(exists, deals), [fixture.plan("owner")]) == [["ann"]])

    // count(*) of notes whose deal has fewer of third's rows than ..., through unions
    let left = Plan.filter(own, notes)
    let right = Plan.filter(
      fixture.compare(fixture.column("d"), .equal, fixture.column("id")),
      third
    )
    let x = fixture.newColumn("x", .bigint)
    let y = fixture.newColumn("y", .bigint)
    let union = Plan.setOperation(
      SetOperationPlan(operation: .union, isAll: true, left: left, right: right, columns: [x, y])
    )
    let sum = try fixture.aggregate("sum", [fixture.column("y")], as: "sum")
    let total = Plan.aggregate(
      AggregatePlan(groups: [], groupingSets: [[]], aggregates: [sum], input: union)
    )
    let out = fixture.newColumn("out", sum.column.type)
    let project = Plan.project(
      [
        ProjectedColumn(passing: fixture.plan("owner")),
        ProjectedColumn(
          column: out,
          expression: subquery(.scalar, total, sum.column, sum.column.type)
        ),
      ],
      deals
    )
    let expected: [[Value]] = [
      ["ann", .hugeint(70)], ["bob", .hugeint(9)], ["cy", .hugeint(1)], ["dan", nil],
      ["eve", .hugeint(9)],
    ]
    #expect(try rows(project, [fixture.plan("owner"), out]) == expected)
  }
}
