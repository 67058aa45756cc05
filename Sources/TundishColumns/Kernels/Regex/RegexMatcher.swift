/// Matches texts against one regular expression.
///
/// Whether a text matches is asked of a lazily built automaton; where a match lies and what its
/// groups hold, of a machine that tries alternatives one by one and nothing twice, and for long texts
/// of one that runs all of them in step (R. Pike's). All are linear in the text. Owned by one thread.
package final class RegexMatcher {
  private let expression: RegularExpression
  private let program: RegexProgram
  private var threads: RegexThreads
  private var backtracker: RegexBacktracker?
  private var test: RegexTest

  /// The number of capturing groups.
  package var groupCount: Int { program.groupCount }

  /// Creates a matcher.
  package init(_ expression: RegularExpression) {
    self.expression = expression
    program = expression.program
    threads = RegexThreads(program: expression.program)
    backtracker = expression.firstBytes.map { RegexBacktracker(expression.program, first: $0) }
    test = expression.takeTest()
  }

  deinit { expression.giveBack(test) }

  /// Whether the expression matches somewhere in the bytes of a range.
  package func isMatch(_ bytes: [UInt8], in range: Range<Int>) -> Bool {
    test.isMatch(bytes.span, in: range)
  }

  /// Returns the first match at or after `start` in the bytes of a range; nil if there is none.
  ///
  /// Element 0 is the whole match, element `i` group `i` (nil where it took no part). Assertions
  /// see the bytes of `range`, also those before `start`.
  package func firstMatch(
    _ bytes: [UInt8],
    in range: Range<Int>,
    from start: Int? = nil
  ) -> [Range<Int>?]? {
    let start = start ?? range.lowerBound
    if start == range.lowerBound, test.excludes(bytes.span, in: range) { return nil }
    if RegexBacktracker.takes(program, byteCount: range.upperBound - start),
      let isFound = backtracker?.run(program, bytes.span, in: range, from: start)
    {
      return isFound ? backtracker.map { groups($0.matched) } : nil
    }
    return steppedMatch(bytes, in: range, from: start)
  }

  /// The first match by the machine that runs all alternatives in step.
  func steppedMatch(_ bytes: [UInt8], in range: Range<Int>, from start: Int) -> [Range<Int>?]? {
    threads.run(program, bytes.span, in: range, from: start) ? groups(threads.matched) : nil
  }

  private func groups(_ slots: [Int]) -> [Range<Int>?] {
    (0...program.groupCount).map { group in
      let first = slots[2 * group]
      let last = slots[2 * group + 1]
      return first < 0 || last < first ? nil : first..<last
    }
  }
}

/// Asks many texts whether one regular expression matches, without what it costs to reach into a
/// matcher for each of them.
struct RegexTest: Sendable {
  private let program: RegexProgram
  private var threads: RegexThreads
  private var automaton: RegexAutomaton?

  init(_ expression: RegularExpression) {
    program = expression.program
    threads = RegexThreads(program: expression.program)
    automaton = expression.program.needsThreads ? nil : RegexAutomaton(expression.program)
  }

  /// The number of states that its automaton has built.
  var stateCount: Int { automaton?.stateCount ?? 0 }

  /// Whether the expression matches somewhere in a range.
  @inline(__always)
  mutating func isMatch(_ bytes: Span<UInt8>, in range: Range<Int>) -> Bool {
    if let matches = automaton?.isMatch(bytes, in: range) { return matches }
    return threads.run(program, bytes, in: range, from: range.lowerBound)
  }

  /// Whether it is quickly seen that the expression matches nowhere in a range.
  mutating func excludes(_ bytes: Span<UInt8>, in range: Range<Int>) -> Bool {
    automaton?.isMatch(bytes, in: range) == false
  }
}

/// The machine that runs all threads of a program in step, in order of preference.
struct RegexThreads: Sendable {
  /// The capture slots of the last match.
  private(set) var matched: [Int]

  private let slotCount: Int
  private var current: ThreadList
  private var following: ThreadList
  private var stack: [Pending] = []
  private var slots: [Int]

  /// Bytes that can begin a match; all of them where the empty text matches.
  private let canBegin: [Bool]

  /// The bits of a position that are zero where a cancelled search ends.
  private static var lookMask: Int { 0xFFFF }

  private struct Pending {
    var instruction: Int32
    /// The slot to restore, or -1.
    var slot: Int32 = -1
    var value = 0
  }

  /// A sparse set of instructions in order of insertion, with the captures of each.
  private struct ThreadList {
    var order: [Int32] = []
    var positions: [Int32]
    var captures: [Int]

    init(instructionCount: Int, slotCount: Int) {
      positions = Array(repeating: 0, count: instructionCount)
      captures = Array(repeating: -1, count: instructionCount * slotCount)
      order.reserveCapacity(instructionCount)
    }

    func contains(_ instruction: Int32) -> Bool {
      let position = Int(positions[Int(instruction)])
      return position < order.count && order[position] == instruction
    }

    mutating func insert(_ instruction: Int32) {
      positions[Int(instruction)] = Int32(order.count)
      order.append(instruction)
    }
  }

  init(program: RegexProgram) {
    slotCount = 2 * (program.groupCount + 1)
    let count = program.instructions.count
    matched = Array(repeating: -1, count: slotCount)
    slots = matched
    current = ThreadList(instructionCount: count, slotCount: slotCount)
    following = ThreadList(instructionCount: count, slotCount: slotCount)
    canBegin = RegexThreads.beginnings(of: program)
  }

  /// Finds the leftmost match, preferring as the pattern says; sets `matched`.
  mutating func run(
    _ program: RegexProgram,
    _ bytes: Span<UInt8>,
    in range: Range<Int>,
    from start: Int
  ) -> Bool {
    var isMatched = false
    current.order.removeAll(keepingCapacity: true)
    var position = start
    while true {
      if current.order.isEmpty {
        if isMatched { return true }
        while position < range.upperBound, !canBegin[Int(bytes[position])] { position += 1 }
        following.order.removeAll(keepingCapacity: true)
        begin(program, bytes, range, position)
        swap(&current, &following)
      }
      following.order.removeAll(keepingCapacity: true)
      let byte = position < range.upperBound ? bytes[position] : 0
      for index in current.order.indices {
        let number = current.order[index]
        let instruction = program.instructions[Int(number)]
        if instruction.operation == .match {
          let base = Int(number) * slotCount
          for slot in 0..<slotCount { matched[slot] = current.captures[base + slot] }
          isMatched = true
          break
        }
        guard instruction.operation == .bytes, position < range.upperBound,
          byte >= instruction.low, byte <= instruction.high
        else { continue }
        let base = Int(number) * slotCount
        for slot in 0..<slotCount { slots[slot] = current.captures[base + slot] }
        add(instruction.next, program, bytes, range, position + 1)
      }
      if position >= range.upperBound { return isMatched }
      if !isMatched, !following.order.isEmpty { begin(program, bytes, range, position + 1) }
      swap(&current, &following)
      position += 1
      if position & Self.lookMask == 0, Cancellation.isRequested { return false }
    }
  }

  /// Adds the thread that tries to match from a position, after all others.
  private mutating func begin(
    _ program: RegexProgram,
    _ bytes: Span<UInt8>,
    _ range: Range<Int>,
    _ position: Int
  ) {
    for slot in slots.indices { slots[slot] = -1 }
    add(program.start, program, bytes, range, position)
  }

  /// Adds a thread to `following`, and all that follows from it without consuming; `slots` are its captures.
  private mutating func add(
    _ start: Int32,
    _ program: RegexProgram,
    _ bytes: Span<UInt8>,
    _ range: Range<Int>,
    _ position: Int
  ) {
    stack.append(Pending(instruction: start))
    while let pending = stack.popLast() {
      if pending.slot >= 0 {
        slots[Int(pending.slot)] = pending.value
        continue
      }
      var number = pending.instruction
      walk: while !following.contains(number) {
        following.insert(number)
        let instruction = program.instructions[Int(number)]
        switch instruction.operation {
        case .split:
          stack.append(Pending(instruction: instruction.other))
          number = instruction.next
        case .save:
          let slot = Int(instruction.other)
          stack.append(Pending(instruction: -1, slot: instruction.other, value: slots[slot]))
          slots[slot] = position
          number = instruction.next
        case .assert:
          guard RegexThreads.holds(instruction.assertion, bytes, range, position) else {
            break walk
          }
          number = instruction.next
        case .bytes, .match:
          let base = Int(number) * slotCount
          for slot in 0..<slotCount { following.captures[base + slot] = slots[slot] }
          break walk
        }
      }
    }
  }

  static func holds(
    _ assertion: RegexAssertion,
    _ bytes: Span<UInt8>,
    _ range: Range<Int>,
    _ position: Int
  ) -> Bool {
    let before: UInt8? = position > range.lowerBound ? bytes[position - 1] : nil
    let after: UInt8? = position < range.upperBound ? bytes[position] : nil
    switch assertion {
    case .textStart: return before == nil
    case .textEnd: return after == nil
    case .lineStart: return before == nil || before == 0x0A
    case .lineEnd: return after == nil || after == 0x0A
    case .wordBoundary: return isWord(before) != isWord(after)
    case .notWordBoundary: return isWord(before) == isWord(after)
    }
  }

  private static func isWord(_ byte: UInt8?) -> Bool {
    guard let byte else { return false }
    return (byte >= 0x30 && byte <= 0x39) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
      || byte == 0x5F
  }

  /// Returns, per byte, whether a match can begin with it, assertions taken to hold.
  private static func beginnings(of program: RegexProgram) -> [Bool] {
    var canBegin = Array(repeating: false, count: 256)
    var seen = Array(repeating: false, count: program.instructions.count)
    var pending = [program.start]
    while let number = pending.popLast() {
      if seen[Int(number)] { continue }
      seen[Int(number)] = true
      let instruction = program.instructions[Int(number)]
      switch instruction.operation {
      case .match: return Array(repeating: true, count: 256)
      case .split: pending += [instruction.next, instruction.other]
      case .save, .assert: pending.append(instruction.next)
      case .bytes:
        guard instruction.low <= instruction.high else { continue }
        for byte in instruction.low...instruction.high { canBegin[Int(byte)] = true }
      }
    }
    return canBegin
  }
}
