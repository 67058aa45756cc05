import Testing

@testable import TundishColumns

/// The expectations are the results that ClickHouse publishes for its own functions.
@Suite("Event sequences")
struct SequenceMatchingTests {
  /// One event per character, at 1, 2, 3, ...; each condition is a set of characters.
  private func sequence(
    _ text: String,
    _ conditions: [String],
    at times: [Int64]? = nil
  ) -> EventSequence {
    EventSequence(
      text.enumerated().map { position, character in
        var mask: UInt64 = 0
        for (bit, members) in conditions.enumerated() where members.contains(character) {
          mask |= 1 << UInt64(bit)
        }
        return EventSequence.Event(at: times?[position] ?? Int64(position + 1), conditions: mask)
      }
    )
  }

  private func level(
    _ text: String,
    _ conditions: [String] = ["a", "b", "c"],
    window: Int64 = 86_400,
    at times: [Int64]? = nil,
    _ modes: WindowFunnelModes = []
  ) -> Int {
    sequence(text, conditions, at: times)
      .windowFunnelLevel(stepCount: conditions.count, window: window, modes: modes)
  }

  @Test(
    "window funnels of event rows by mode",
    arguments: [
      ("abc", 3, 3, 3), ("adbc", 3, 1, 1), ("aabbcc", 3, 3, 2), ("aaaabbcc", 3, 3, 2),
      ("aabbdcc", 3, 2, 2), ("ccbbaa", 1, 1, 1), ("acb", 2, 1, 1),
    ]
  )
  func modes(text: String, byDefault: Int, inOrder: Int, inOrderOnce: Int) {
    #expect(level(text) == byDefault)
    #expect(level(text, .strictOrder) == inOrder)
    #expect(level(text, [.strictOrder, .strictDeduplication]) == inOrderOnce)
  }

  private func level(_ text: String, _ modes: WindowFunnelModes) -> Int {
    level(text, ["a", "b", "c"], modes)
  }

  private func level(_ text: String, _ conditions: [String], _ modes: WindowFunnelModes) -> Int {
    level(text, conditions, window: 86_400, at: nil, modes)
  }

  @Test("the window is measured from the first step, inclusively")
  func windows() {
    #expect(level("01234567", ["3", "4", "5", "6", "7"], window: 2) == 3)
    #expect(level("01234567", ["3", "4", "5", "6", "7"], window: 4) == 5)
    #expect(level("12345678", ["1234567", "2345678", "123456", "45678"], window: 4) == 4)
  }

  @Test("the sweep over many entities agrees with one sequence at a time")
  func sweep() throws {
    var random = SeededGenerator(seed: 20_261_128)
    for _ in 0..<4_000 {
      let stepCount = Int.random(in: 1...5, using: &random)
      let count = Int.random(in: 0...12, using: &random)
      let times = (0..<count).map { _ in Int64.random(in: 0...9, using: &random) }.sorted()
      let masks = (0..<count).map { _ in
        UInt64.random(in: 0..<(1 << UInt64(stepCount)), using: &random)
      }
      let window = Int64.random(in: 0...9, using: &random)
      let modes: WindowFunnelModes = Bool.random(using: &random) ? .strictIncrease : []
      var sweep = try #require(
        WindowFunnelSweep(stepCount: stepCount, window: window, modes: modes)
      )
      let level = sweep.level(0..<count, times: times.span, masks: masks.span)
      let sequence = EventSequence(
        zip(times, masks).map { EventSequence.Event(at: $0, conditions: $1) }
      )
      let expected = sequence.windowFunnelLevel(
        stepCount: stepCount,
        window: window,
        modes: modes
      )
      #expect(level == expected, "times \(times), conditions \(masks), window \(window)")
    }
  }

  @Test("the sweep leaves events that are out of order to the general form")
  func unsortedSweep() throws {
    var sweep = try #require(WindowFunnelSweep(stepCount: 2, window: 9, modes: []))
    let times: [Int64] = [2, 1]
    let masks: [UInt64] = [2, 1]
    #expect(sweep.level(0..<2, times: times.span, masks: masks.span) == nil)
  }

  @Test("a repeated step ends the search with strict_deduplication")
  func deduplication() {
    #expect(level("0123455678", ["0", "1", "2", "3", "4", "5", "6"], .strictDeduplication) == 6)
    #expect(level("abcbd", ["a", "b", "c", "d"], .strictDeduplication) == 3)
  }

  @Test("events of one instant")
  func instants() {
    let times: [Int64] = [0, 1, 1, 1, 2]
    let steps = ["a", "b", "c", "d", "e"]
    #expect(level("abcde", steps, at: times) == 5)
    #expect(level("abcde", steps, at: times, .strictIncrease) == 2)
    #expect(level("abcde", ["e", "e", "e"], at: times) == 3)
    #expect(level("abcde", ["e", "e", "e"], at: times, .strictOnce) == 1)
    #expect(level("abcde", ["e", "e", "e"], at: times, .strictIncrease) == 1)
    // Same instant, arriving in the wrong order.
    #expect(level("ba", ["a", "b"], at: [1, 1]) == 2)
    #expect(level("ba", ["a", "b"], at: [1, 1], .strictOnce) == 2)
  }

  @Test(
    "one event serves one step with strict_once",
    arguments: [([180, 220, 250], "ffs", 3), ([100, 250], "ff", 2), ([200, 210, 230], "sfs", 1)]
  )
  func once(times: [Int64], text: String, expected: Int) {
    let steps = ["f", "f", "s"]
    #expect(level(text, steps, window: 200, at: times, .strictOnce) == expected)
    #expect(level(text, steps, window: 200, at: times, [.strictOnce, .strictIncrease]) == expected)
  }

  private func count(_ pattern: String, _ text: String, _ conditions: [String]) throws -> Int {
    sequence(text, conditions)
      .matchCount(
        of: try EventPattern(pattern, conditionCount: conditions.count, unitsPerSecond: 1)
      )
  }

  @Test("patterns")
  func patterns() throws {
    #expect(try count("(?1)(?2)", "132", ["1", "2"]) == 1)
    #expect(try count("(?1)(?2)", "132", ["1", "2", "3"]) == 0)
    #expect(try count("(?1)(?2)", "132", ["1", "2", "4"]) == 1)
    #expect(try count("(?1).*(?2)", "132132", ["1", "2", "3"]) == 2)
    #expect(try count("(?1).(?2)", "132", ["1", "2", "3"]) == 1)
    #expect(try count("(?1)(?t>1)(?2)", "132", ["1", "2", "3"]) == 1)
    #expect(try count("(?1)(?t>2)(?2)", "132", ["1", "2", "3"]) == 0)
    #expect(try count("(?1)(?t<=3)(?2)", "1xx1x2", ["1", "2"]) == 1)
    #expect(try count("(?1)(?t==5)(?2)", "1xx1x2", ["1", "2"]) == 1)
    #expect(try count("(?1)(?t!=2)(?2)", "1x2", ["1", "2"]) == 0)
    #expect(try count("(?1)(?1)", "1111", ["1"]) == 2)
  }

  @Test(
    "patterns that are wrong",
    arguments: ["", "(?3)", "(?1", "a", "(?t>)(?1)", "(?t~1)(?1)", ".*"]
  )
  func wrongPatterns(pattern: String) {
    #expect(throws: ExecutionError.self) {
      try EventPattern(pattern, conditionCount: 2, unitsPerSecond: 1)
    }
  }
}
