import Testing
import TundishColumns
import TundishSyntax

@testable import TundishEngine

/// Window results against frames that are written out row by row.
@Suite("Window functions")
struct WindowTests {
  private struct Row {
    let part: Int64
    let key: Int64?
    let value: Int64?
    let fraction: Double
    let number: Int
  }

  private static func rows(seed: UInt64, count: Int) -> [Row] {
    var state = seed
    func next(_ bound: UInt64) -> Int64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int64((state >> 33) % bound)
    }
    return (0..<count).map { number in
      Row(
        part: next(3),
        key: next(5) == 0 ? nil : next(6),
        value: next(4) == 0 ? nil : next(100) - 50,
        fraction: Double(next(1000)) / 8,
        number: number
      )
    }
  }

  private struct Case: Sendable, CustomStringConvertible {
    let mode: WindowFrame.Mode
    let start: Int?
    let end: Int?
    let exclusion: WindowFrame.Exclusion
    let isDescending: Bool

    var description: String { "\(mode) \(start ?? -99) \(end ?? 99) \(exclusion) \(isDescending)" }

    static let all: [Case] = {
      var cases: [Case] = []
      let bounds: [(Int?, Int?)] = [(nil, 0), (nil, nil), (-1, 1), (0, nil), (-2, -1), (1, 3)]
      for mode in [WindowFrame.Mode.rows, .range, .groups] {
        for (start, end) in bounds {
          for exclusion in [WindowFrame.Exclusion.noOthers, .currentRow, .group, .ties] {
            let isDescending = (start ?? 0) == -1 || exclusion == .group
            cases.append(
              Case(
                mode: mode,
                start: start,
                end: end,
                exclusion: exclusion,
                isDescending: isDescending
              )
            )
          }
        }
      }
      return cases
    }()
  }

  @Test("frames of every mode", arguments: Case.all)
  private func frames(testCase: Case) throws {
    let rows = Self.rows(seed: 7, count: 60)
    var fixture = Fixture()
    let input = try fixture.scan(
      [
        ("part", .bigint), ("key", .bigint), ("value", .bigint), ("fraction", .double),
        ("number", .bigint),
      ],
      rows.map {
        [
          .integer($0.part), $0.key.map { .integer($0) } ?? .null,
          $0.value.map { .integer($0) } ?? .null, .double($0.fraction),
          .integer(Int64($0.number)),
        ]
      }
    )
    func bound(_ offset: Int?, isStart: Bool) -> BoundFrame.Bound {
      guard let offset else { return isStart ? .unboundedPreceding : .unboundedFollowing }
      if offset == 0 { return .currentRow }
      let count = fixture.literal(.integer(Int64(abs(offset))), .bigint)
      return offset < 0 ? .preceding(count) : .following(count)
    }
    let frame = BoundFrame(
      mode: testCase.mode,
      start: bound(testCase.start, isStart: true),
      end: bound(testCase.end, isStart: false),
      exclusion: testCase.exclusion
    )
    var calls: [WindowCall] = []
    func add(
      _ name: String,
      _ function: WindowCall.Function,
      _ arguments: [BoundExpression],
      _ type: DataType,
      ignoresNulls: Bool = false,
      isDistinct: Bool = false
    ) {
      calls.append(
        WindowCall(
          column: fixture.newColumn(name, type),
          function: function,
          arguments: arguments,
          isDistinct: isDistinct,
          ignoresNulls: ignoresNulls,
          frame: frame,
          range: Fixture.range
        )
      )
    }
    let value = fixture.column("value")
    let fraction = fixture.column("fraction")
    func aggregate(_ name: String, _ types: [DataType]) throws -> ResolvedAggregate {
      try Fixture.resolve(name, types)
    }
    add("n", .aggregate(try aggregate("count", [.bigint])), [value], .bigint)
    add("s", .aggregate(try aggregate("sum", [.bigint])), [value], .hugeint)
    add("f", .aggregate(try aggregate("sum", [.double])), [fraction], .double)
    add("low", .aggregate(try aggregate("min", [.bigint])), [value], .bigint)
    add("high", .aggregate(try aggregate("max", [.bigint])), [value], .bigint)
    add("median", .aggregate(try aggregate("median", [.bigint])), [value], .double)
    add("d", .aggregate(try aggregate("count", [.bigint])), [value], .bigint, isDistinct: true)
    add("first", .firstValue, [value], .bigint)
    add("last", .lastValue, [value], .bigint, ignoresNulls: true)
    add(
      "second",
      .nthValue,
      [value, fixture.literal(2, .bigint)],
      .bigint,
      ignoresNulls: true
    )
    add("var", .aggregate(try aggregate("var_pop", [.double])), [fraction], .double)
    let plan = Plan.window(
      WindowPlan(
        partitionBy: [fixture.column("part")],
        orderBy: [fixture.key("key", descending: testCase.isDescending)],
        calls: calls,
        input: input
      )
    )
    let results = try Fixture.rows(plan, [fixture.plan("number")] + calls.map(\.column))
    for result in results {
      guard case .integer(let number) = result[0] else { continue }
      let members = Self.frame(of: rows[Int(number)], in: rows, testCase)
      let values = members.compactMap(\.value)
      let fractions = members.map(\.fraction)
      let distinct = Set(values).count
      #expect(result[1] == .integer(Int64(values.count)))
      #expect(result[2] == (values.isEmpty ? .null : .hugeint(Int128(values.reduce(0, +)))))
      #expect(result[3] == (fractions.isEmpty ? .null : .double(fractions.reduce(0, +))))
      #expect(result[4] == (values.min().map { .integer($0) } ?? .null))
      #expect(result[5] == (values.max().map { .integer($0) } ?? .null))
      let sorted = values.sorted()
      let middle =
        sorted.isEmpty ? nil : Double(sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
      #expect(result[6] == (middle.map { .double($0) } ?? .null))
      #expect(result[7] == .integer(Int64(distinct)))
      #expect(result[8] == (members.first?.value.map { .integer($0) } ?? .null))
      #expect(result[9] == (values.last.map { .integer($0) } ?? .null))
      #expect(result[10] == (values.count > 1 ? .integer(values[1]) : .null))
      if case .double(let variance) = result[11] {
        let mean = fractions.reduce(0, +) / Double(fractions.count)
        let expected =
          fractions.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(fractions.count)
        #expect(abs(variance - expected) < 1e-6)
      } else {
        #expect(fractions.isEmpty)
      }
    }
  }

  /// The rows of a frame, in order, found by looking at every row.
  private static func frame(of row: Row, in rows: [Row], _ testCase: Case) -> [Row] {
    func isBefore(_ a: Row, _ b: Row) -> Bool {
      if a.key != b.key {
        guard let first = a.key else { return false }
        guard let second = b.key else { return true }
        return testCase.isDescending ? first > second : first < second
      }
      return a.number < b.number
    }
    let ordered = rows.filter { $0.part == row.part }.sorted(by: isBefore)
    let keys = ordered.map(\.key)
    let place = ordered.firstIndex { $0.number == row.number } ?? 0
    var groups: [Int] = []
    for position in ordered.indices {
      let isNew = position > 0 && keys[position] != keys[position - 1]
      groups.append((groups.last ?? 0) + (isNew ? 1 : 0))
    }
    func isInside(_ position: Int) -> Bool {
      switch testCase.mode {
      case .rows:
        return position - place >= testCase.start ?? -1000
          && position - place <= testCase.end ?? 1000
      case .groups:
        let distance = groups[position] - groups[place]
        return distance >= testCase.start ?? -1000 && distance <= testCase.end ?? 1000
      case .range:
        let isPeer = groups[position] == groups[place]
        // An unbounded end reaches over NULLs; an offset from NULL stays among NULLs.
        let startIsInside: Bool
        let endIsInside: Bool
        if let own = row.key, let other = keys[position] {
          let distance = Int(testCase.isDescending ? own - other : other - own)
          startIsInside = distance >= testCase.start ?? -1000
          endIsInside = distance <= testCase.end ?? 1000
        } else {
          startIsInside =
            testCase.start == nil || (isPeer && (row.key == nil || testCase.start == 0))
            || (row.key != nil && position > place)
            || (row.key == nil && position > place)
          endIsInside =
            testCase.end == nil || (isPeer && (row.key == nil || testCase.end == 0))
            || (position < place && keys[position] != nil && row.key == nil)
        }
        return startIsInside && endIsInside
      }
    }
    return ordered.indices.filter { position in
      guard isInside(position) else { return false }
      switch testCase.exclusion {
      case .noOthers: return true
      case .currentRow: return position != place
      case .group: return groups[position] != groups[place]
      case .ties: return groups[position] != groups[place] || position == place
      }
    }.map { ordered[$0] }
  }

  @Test("ranking and shifting")
  func ranking() throws {
    var fixture = Fixture()
    let input = try fixture.scan(
      [("k", .bigint), ("v", .varchar)],
      [[1, "a"], [2, nil], [2, "c"], [3, "d"], [nil, "e"]]
    )
    let frame = BoundFrame(mode: .range, start: .unboundedPreceding, end: .currentRow)
    var calls: [WindowCall] = []
    func add(
      _ name: String,
      _ function: WindowCall.Function,
      _ arguments: [BoundExpression],
      _ type: DataType,
      ignoresNulls: Bool = false
    ) {
      calls.append(
        WindowCall(
          column: fixture.newColumn(name, type),
          function: function,
          arguments: arguments,
          ignoresNulls: ignoresNulls,
          frame: frame,
          range: Fixture.range
        )
      )
    }
    let text = fixture.column("v")
    let two = fixture.literal(2, .bigint)
    add("rn", .rowNumber, [], .bigint)
    add("rank", .rank, [], .bigint)
    add("dense", .denseRank, [], .bigint)
    add("percent", .percentRank, [], .double)
    add("cume", .cumeDist, [], .double)
    add("tile", .ntile, [two], .bigint)
    add("lag", .lag, [text], .varchar)
    add("lead", .lead, [text, two, fixture.literal("z", .varchar)], .varchar)
    add("lag2", .lag, [text], .varchar, ignoresNulls: true)
    let plan = Plan.window(
      WindowPlan(
        partitionBy: [],
        orderBy: [fixture.key("k", nullsFirst: true)],
        calls: calls,
        input: input
      )
    )
    let rows = try Fixture.rows(plan, calls.map(\.column))
    #expect(rows[0] == [2, 2, 2, .double(0.25), .double(0.4), 1, "e", "c", "e"])
    #expect(rows[1] == [3, 3, 3, .double(0.5), .double(0.8), 1, "a", "d", "a"])
    #expect(rows[2] == [4, 3, 3, .double(0.5), .double(0.8), 2, nil, "z", "a"])
    #expect(rows[3] == [5, 5, 4, .double(1), .double(1), 2, "c", "z", "c"])
    #expect(rows[4] == [1, 1, 1, .double(0), .double(0.2), 1, nil, nil, nil])
  }
}
