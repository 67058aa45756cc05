import Testing
import TundishColumns
import TundishSyntax

@testable import TundishEngine

@Suite("Operators over hand-built plans")
struct OperatorTests {
  /// deals(owner, amount): five owners in turn, one of them unknown.
  private func deals(_ fixture: inout Fixture, count: Int = 200) throws -> Plan {
    try fixture.scan(
      [("owner", .varchar), ("amount", .bigint)],
      (0..<count).map { row in
        let owners: [Value] = ["ann", "bob", nil, "cy", "dan"]
        return [owners[row % 5], row % 7 == 0 ? nil : .integer(Int64(row))]
      }
    )
  }

  @Test("a scan applies its predicate and skips row groups")
  func scan() throws {
    var fixture = Fixture()
    let plan = try fixture.scan(
      [("a", .bigint), ("b", .varchar)],
      (0..<300).map { [.integer(Int64($0)), .text("r\($0 % 3)")] }
    ) { fixture in
      fixture.compare(fixture.column("a"), .greaterOrEqual, fixture.literal(297, .bigint))
    }
    let rows = try Fixture.rows(plan, [fixture.plan("b"), fixture.plan("a")])
    #expect(rows == [["r0", 297], ["r1", 298], ["r2", 299]])
  }

  @Test("grouping keeps first-seen order and counts with filters")
  func aggregate() throws {
    var fixture = Fixture()
    let input = try deals(&fixture)
    let large = fixture.compare(fixture.column("amount"), .greater, fixture.literal(150, .bigint))
    let owner = fixture.plan("owner")
    let calls = [
      try fixture.aggregate("count", [], as: "n"),
      try fixture.aggregate("count", [], as: "large", filter: large),
      try fixture.aggregate("sum", [fixture.column("amount")], as: "total", filter: large),
    ]
    let plan = Plan.aggregate(
      AggregatePlan(
        groups: [ProjectedColumn(column: owner, expression: fixture.column("owner"))],
        groupingSets: [[0], []],
        aggregates: calls,
        input: input
      )
    )
    let rows = try Fixture.rows(plan, [owner] + calls.map(\.column))
    var expected: [[Value]] = []
    for name in [["ann"], ["bob"], [nil], ["cy"], ["dan"], nil] as [[Value]?] {
      let owners: [Value] = ["ann", "bob", nil, "cy", "dan"]
      let members = (0..<200).filter { name == nil || owners[$0 % 5] == name?[0] }
      let big = members.filter { $0 > 150 && $0 % 7 != 0 }
      expected.append(
        [
          name?[0] ?? nil, .integer(Int64(members.count)), .integer(Int64(big.count)),
          .hugeint(Int128(big.reduce(0, +))),
        ]
      )
    }
    #expect(rows == expected)
  }

  @Test("no rows and no GROUP BY give one row")
  func emptyAggregate() throws {
    var fixture = Fixture()
    let input = try fixture.scan([("a", .bigint)], [])
    let call = try fixture.aggregate("count", [], as: "n")
    let plan = Plan.aggregate(
      AggregatePlan(groups: [], groupingSets: [[]], aggregates: [call], input: input)
    )
    #expect(try Fixture.rows(plan, [call.column]) == [[0]])
  }

  @Test("sort, top n and limit agree")
  func order() throws {
    var fixture = Fixture()
    let input = try deals(&fixture)
    let keys = [
      fixture.key("owner", descending: true), fixture.key("amount", nullsFirst: true),
    ]
    let output = [fixture.plan("owner"), fixture.plan("amount")]
    let sorted = try Fixture.rows(.sort(keys, input), output)
    #expect(sorted.count == 200)
    #expect(sorted[0][0] == "dan" && sorted[199][0] == nil)
    let limit = LimitPlan(
      count: .rows(fixture.literal(7, .bigint)),
      offset: fixture.literal(4, .bigint),
      keys: keys,
      input: input
    )
    #expect(try Fixture.rows(.limit(limit), output) == Array(sorted[4..<11]))
    let plain = LimitPlan(
      count: .rows(fixture.literal(2, .bigint)),
      offset: fixture.literal(1, .bigint),
      input: input
    )
    #expect(try Fixture.rows(.limit(plain), output) == [["bob", 1], [nil, 2]])
  }

  @Test("joins of every kind")
  func joins() throws {
    var fixture = Fixture()
    let left = try fixture.scan(
      [("k", .bigint), ("a", .varchar)],
      [[1, "x"], [2, "y"], [nil, "z"], [2, "w"], [4, "v"]]
    )
    let right = try fixture.scan(
      [("j", .bigint), ("b", .varchar)],
      [[2, "p"], [2, "q"], [nil, "r"], [1, "s"], [9, "t"]]
    )
    let keys = [JoinKey(left: fixture.column("k"), right: fixture.column("j"))]
    let both = [fixture.plan("a"), fixture.plan("b")]
    func rows(_ kind: JoinPlan.Kind, _ output: [PlanColumn]) throws -> [[Value]] {
      try Fixture.rows(.join(JoinPlan(kind: kind, left: left, right: right, keys: keys)), output)
    }
    let inner: [[Value]] = [["x", "s"], ["y", "p"], ["y", "q"], ["w", "p"], ["w", "q"]]
    #expect(try rows(.inner, both) == inner)
    let leftRows: [[Value]] = [
      ["x", "s"], ["y", "p"], ["y", "q"], ["z", nil], ["w", "p"], ["w", "q"], ["v", nil],
    ]
    #expect(try rows(.left, both) == leftRows)
    #expect(try rows(.right, both) == inner + [[nil, "r"], [nil, "t"]])
    #expect(try rows(.full, both) == leftRows + [[nil, "r"], [nil, "t"]])
    #expect(try rows(.semi, [fixture.plan("a")]) == [["x"], ["y"], ["w"]])
    #expect(try rows(.anti, [fixture.plan("a")]) == [["z"], ["v"]])
    let mark = fixture.newColumn("m", .boolean)
    let marks = try Fixture.rows(
      .join(
        JoinPlan(kind: .mark, left: left, right: right, keys: keys, markColumn: mark)
      ),
      [fixture.plan("a"), mark]
    )
    #expect(marks == [["x", true], ["y", true], ["z", nil], ["w", true], ["v", nil]])
    let cross = try Fixture.rows(.join(JoinPlan(kind: .inner, left: left, right: right)), both)
    #expect(cross.count == 25)
    let greater = JoinPlan(
      kind: .left,
      left: left,
      right: right,
      condition: fixture.compare(fixture.column("k"), .greater, fixture.column("j"))
    )
    #expect(
      try Fixture.rows(.join(greater), both)
        == [
          ["x", nil], ["y", "s"], ["z", nil], ["w", "s"], ["v", "s"], ["v", "p"], ["v", "q"],
        ]
    )
    #expect(throws: RuntimeFailure.self) { try rows(.single, both) }
  }

  @Test("set operations")
  func setOperations() throws {
    var fixture = Fixture()
    let left = try fixture.scan([("a", .bigint)], [[1], [2], [2], [nil], [3], [2]])
    let right = try fixture.scan([("b", .bigint)], [[2], [2], [nil], [4]])
    let output = [fixture.newColumn("c", .bigint)]
    func rows(_ operation: SetOperator, _ isAll: Bool) throws -> [Value] {
      try Fixture.rows(
        .setOperation(
          SetOperationPlan(
            operation: operation,
            isAll: isAll,
            left: left,
            right: right,
            columns: output
          )
        ),
        output
      ).map { $0[0] }
    }
    #expect(try rows(.union, true) == [1, 2, 2, nil, 3, 2, 2, 2, nil, 4])
    #expect(try rows(.union, false) == [1, 2, nil, 3, 4])
    #expect(try rows(.intersect, false) == [2, nil])
    #expect(try rows(.intersect, true) == [2, 2, nil])
    #expect(try rows(.except, false) == [1, 3])
    #expect(try rows(.except, true) == [1, 3, 2])
  }

  @Test("cancellation stops a run")
  func cancellation() throws {
    var fixture = Fixture()
    let plan = try deals(&fixture)
    let flag = CancellationFlag()
    flag.cancel()
    let failure = #expect(throws: RuntimeFailure.self) {
      try QueryExecutor.run(
        plan: plan,
        output: [],
        context: ExecutionContext(
          functions: FunctionContext(nowMicroseconds: 0),
          cancellation: flag
        )
      )
    }
    #expect(failure?.error.kind == .cancelled)
  }

  @Test("a profile counts rows per operator")
  func profile() throws {
    var fixture = Fixture()
    let scan = try deals(&fixture)
    let filter = fixture.compare(fixture.column("owner"), .equal, fixture.literal("ann", .varchar))
    let output = try QueryExecutor.run(
      plan: .filter(filter, scan),
      output: [fixture.plan("owner")],
      context: ExecutionContext(
        functions: FunctionContext(nowMicroseconds: 0),
        isProfiled: true
      )
    )
    #expect(output.profile.map(\.rowCount) == [40, 200])
    #expect(output.profile.map(\.name) == ["filter", "scan"])
    #expect(QueryExecutor.describe(plan: .filter(filter, scan))[0].contains("owner = 'ann'"))
  }
}
