import Synchronization
import Testing
import TundishColumns

@testable import TundishEngine

/// The pool runs every piece once, whoever does it.
@Suite struct WorkerPoolTests {
  @Test("every piece runs exactly once, whether or not its thread wakes up in time")
  func onceEach() {
    for round in 0..<500 {
      let count = 1 + round % 7
      let runs = (0..<count).map { _ in Tally() }
      let failures = WorkerPool.run(count: count) { number in
        runs[number].count.add(1, ordering: .relaxed)
      }
      #expect(failures.count == count)
      #expect(runs.allSatisfy { $0.count.load(ordering: .relaxed) == 1 })
    }
  }

  @Test("a failure is reported under its number and the others finish")
  func failures() {
    for _ in 0..<100 {
      let finished = Tally()
      let failures = WorkerPool.run(count: 4) { number throws(RuntimeFailure) in
        if number == 2 { throw RuntimeFailure(ExecutionError(.limit, "enough"), at: .nowhere) }
        finished.count.add(1, ordering: .relaxed)
      }
      #expect(failures.map { $0 != nil } == [false, false, true, false])
      #expect(finished.count.load(ordering: .relaxed) == 3)
    }
  }

  @Test("pieces may ask for pieces themselves")
  func nested() {
    let total = Tally()
    _ = WorkerPool.run(count: 3) { _ in
      _ = WorkerPool.run(count: 3) { _ in total.count.add(1, ordering: .relaxed) }
    }
    #expect(total.count.load(ordering: .relaxed) == 9)
  }

  private final class Tally: Sendable {
    let count = Atomic<Int>(0)
  }
}
