import Foundation
import Testing

@testable import TundishColumns

/// The funnel operator against the reference evaluator.
///
/// `Tests/Goldens/funnels/LOG.md` records the longer runs, of which this is a slice:
/// `TUNDISH_FUNNEL_CASES=200000 TUNDISH_FUNNEL_SEED=7 swift test --filter Funnels`.
@Suite("Funnels against the reference evaluator")
struct FunnelMatchingTests {
  /// A random funnel over few events, so that ties, gaps and repetitions are frequent.
  struct Case {
    var rules = FunnelRules()
    var stepCount: Int
    var events: [FunnelEvent] = []

    init(_ random: inout SeededGenerator) {
      stepCount = Int.random(in: 1...4, using: &random)
      let orders: [FunnelRules.Order] = [.ordered, .ordered, .any, .strict]
      rules.order = orders.randomElement(using: &random) ?? .ordered
      let entries: [FunnelRules.Entry] = [.first, .last, .every]
      rules.entry = entries.randomElement(using: &random) ?? .first
      if rules.order == .any, rules.entry == .last { rules.entry = .first }
      let skips: [FunnelRules.Skips] = [.count, .exclude, .touch]
      rules.skips = skips.randomElement(using: &random) ?? .count
      let ties: [FunnelRules.Ties] = [.ordered, .unordered, .break]
      rules.ties = ties.randomElement(using: &random) ?? .ordered
      let regressions: [FunnelRules.Regressions] = [.ignore, .reset, .count]
      rules.regressions = regressions.randomElement(using: &random) ?? .ignore
      if Bool.random(using: &random) { rules.window = Int64.random(in: 0...8, using: &random) }
      if rules.order != .any {
        for step in 1..<max(1, stepCount) {
          if Int.random(in: 0..<3, using: &random) == 0 {
            rules.stepWindows[step] = Int64.random(in: 0...4, using: &random)
          }
          if Int.random(in: 0..<5, using: &random) == 0 { rules.optional.insert(step) }
        }
      }
      let isSingle = Bool.random(using: &random)
      let span = Int64.random(in: 2...12, using: &random)
      for _ in 0..<Int.random(in: 0...7, using: &random) {
        var steps: UInt64 = 1 << UInt64.random(in: 0..<UInt64(stepCount), using: &random)
        if !isSingle { steps |= UInt64.random(in: 0..<(1 << UInt64(stepCount)), using: &random) }
        if Int.random(in: 0..<6, using: &random) == 0 { steps = 0 }
        var event = FunnelEvent(at: Int64.random(in: 0...span, using: &random), steps: steps)
        if Int.random(in: 0..<10, using: &random) == 0 { event.isExcluded = true }
        events.append(event)
      }
    }
  }

  @Test("paths agree under random rules")
  func agrees() throws {
    let environment = ProcessInfo.processInfo.environment
    let count = environment["TUNDISH_FUNNEL_CASES"].flatMap { Int($0) } ?? 3_000
    let seed = environment["TUNDISH_FUNNEL_SEED"].flatMap { UInt64($0) } ?? 1
    var random = SeededGenerator(seed: seed)
    var failures = 0
    for _ in 0..<count {
      let sample = Case(&random)
      let matcher = try FunnelMatcher(rules: sample.rules, stepCount: sample.stepCount)
      let paths = matcher.paths(sample.events)
      let found = paths.map { $0.times(sample.rules) }
      let expected = FunnelReference(
        rules: sample.rules,
        stepCount: sample.stepCount,
        events: sample.events
      ).paths()
      if found != expected {
        failures += 1
        guard failures < 5 else { break }
        Issue.record("\(sample.rules)\n\(sample.events)\nfound \(found)\nexpected \(expected)")
      }
      try holdsLaws(paths, sample)
    }
  }

  /// 0 <= duration <= window, and no step is reached without those before it.
  private func holdsLaws(_ paths: [FunnelPath], _ sample: Case) throws {
    for path in paths {
      let first = try #require(path.steps.first)
      for (one, next) in zip(path.steps, path.steps.dropFirst()) {
        #expect(one.step < next.step && one.at <= next.at)
        if let window = sample.rules.stepWindows[next.step] { #expect(next.at - one.at <= window) }
      }
      if let window = sample.rules.window {
        #expect(path.steps.allSatisfy { $0.at - first.at <= window })
      }
      let times = path.times(sample.rules)
      #expect(times.count == path.furthest + 1)
      if sample.rules.skips == .count {
        for (step, time) in times.enumerated() where time == nil {
          #expect(sample.rules.optional.contains(step))
        }
      }
    }
    if sample.rules.entry != .every { #expect(paths.count <= 1) }
  }
}
