/// A deterministic automaton that is built while it runs, to say only whether a text matches.
///
/// A state is a set of program positions. Transitions are filled in when first taken; past
/// `stateLimit` states the cache starts over, and after `restartLimit` restarts the automaton gives
/// up (nil) so that memory stays bounded and the thread machine takes over.
struct RegexAutomaton {
  static let stateLimit = 2_000
  static let restartLimit = 10

  private let program: RegexProgram
  /// The class of each byte: bytes of one class lead everywhere to the same state.
  private let classes: [UInt8]
  private let classCount: Int
  /// The members of each state.
  private var states: [[Int32]] = []
  /// What it means to be in each state, as bits of `Verdict`.
  private var verdicts: [UInt8] = []
  private var numbers: [[Int32]: Int32] = [:]
  /// `state * classCount + class`; -1 where not yet known.
  private var transitions: [Int32] = []
  private var restartCount = 0
  private let restart: [Int32]
  private let initialMembers: [Int32]
  /// The state before the first byte; -1 where it has no number yet.
  private var initial: Int32 = -1
  private let matchesEmptyText: Bool

  private enum Verdict {
    static let isMatch: UInt8 = 1
    /// Whether no match can follow.
    static let isDead: UInt8 = 2
    /// Whether a match ends here if the text does.
    static let isMatchAtEnd: UInt8 = 4
    static let isSettled = isMatch | isDead
  }

  init(_ program: RegexProgram) {
    self.program = program
    (classes, classCount) = RegexAutomaton.byteClasses(of: program)
    let start = [program.start]
    restart = RegexAutomaton.closure(of: start, program, atStart: false, atEnd: false)
    initialMembers = RegexAutomaton.closure(of: start, program, atStart: true, atEnd: false)
    // An empty text is at its start and at its end at once.
    matchesEmptyText = RegexAutomaton.closure(of: start, program, atStart: true, atEnd: true)
      .contains { program.instructions[Int($0)].operation == .match }
  }

  /// Whether the program matches somewhere in a range; nil if the automaton gives up.
  mutating func isMatch(_ bytes: Span<UInt8>, in range: Range<Int>) -> Bool? {
    guard restartCount <= Self.restartLimit else { return nil }
    if range.isEmpty { return matchesEmptyText }
    if states.count > Self.stateLimit { reset() }
    if initial < 0 { initial = number(of: initialMembers) }
    var state = initial
    var position = range.lowerBound
    while true {
      (state, position) = Self.run(
        transitions.span,
        verdicts.span,
        classes.span,
        classCount,
        bytes,
        from: state,
        position..<range.upperBound
      )
      let verdict = verdicts[Int(state)]
      if verdict & Verdict.isMatch != 0 { return true }
      if verdict & Verdict.isDead != 0 { return false }
      if position == range.upperBound { return verdict & Verdict.isMatchAtEnd != 0 }
      let slot = Int(state) * classCount + Int(classes[Int(bytes[position])])
      guard step(from: state, byte: bytes[position], slot: slot) != nil else { return nil }
    }
  }

  /// Takes the transitions that are known; returns the state and position where they end.
  private static func run(
    _ transitions: Span<Int32>,
    _ verdicts: Span<UInt8>,
    _ classes: Span<UInt8>,
    _ classCount: Int,
    _ bytes: Span<UInt8>,
    from start: Int32,
    _ range: Range<Int>
  ) -> (state: Int32, position: Int) {
    var state = start
    var position = range.lowerBound
    while position < range.upperBound, verdicts[Int(state)] & Verdict.isSettled == 0 {
      let next = transitions[Int(state) &* classCount &+ Int(classes[Int(bytes[position])])]
      if next < 0 { break }
      state = next
      position &+= 1
    }
    return (state, position)
  }

  private mutating func reset() {
    restartCount += 1
    initial = -1
    states.removeAll()
    verdicts.removeAll()
    numbers.removeAll()
    transitions.removeAll()
  }

  /// Computes one transition; nil past the limits.
  private mutating func step(from state: Int32, byte: UInt8, slot: Int) -> Int32? {
    guard states.count <= 2 * Self.stateLimit else {
      reset()
      restartCount = Self.restartLimit + 1
      return nil
    }
    var targets: [Int32] = []
    for member in states[Int(state)] {
      let instruction = program.instructions[Int(member)]
      if instruction.operation == .bytes, byte >= instruction.low, byte <= instruction.high {
        targets.append(instruction.next)
      }
    }
    let reached = RegexAutomaton.closure(of: targets, program, atStart: false, atEnd: false)
    let members = restart.isEmpty ? reached : Array(Set(reached).union(restart)).sorted()
    let next = number(of: members)
    transitions[slot] = next
    return next
  }

  private mutating func number(of members: [Int32]) -> Int32 {
    if let known = numbers[members] { return known }
    let ends = RegexAutomaton.closure(of: members, program, atStart: false, atEnd: true)
    var verdict: UInt8 = members.isEmpty ? Verdict.isDead : 0
    if hasMatch(members) { verdict |= Verdict.isMatch }
    if hasMatch(ends) { verdict |= Verdict.isMatchAtEnd }
    states.append(members)
    verdicts.append(verdict)
    transitions.append(contentsOf: repeatElement(-1, count: classCount))
    let number = Int32(states.count - 1)
    numbers[members] = number
    return number
  }

  private func hasMatch(_ members: [Int32]) -> Bool {
    members.contains { program.instructions[Int($0)].operation == .match }
  }

  /// Returns what can be reached without consuming, sorted: byte steps, matches, and assertions of
  /// the text's end that are still to be decided.
  private static func closure(
    of starts: [Int32],
    _ program: RegexProgram,
    atStart: Bool,
    atEnd: Bool
  ) -> [Int32] {
    var members: [Int32] = []
    var seen: Set<Int32> = []
    var pending = starts
    while let number = pending.popLast() {
      guard seen.insert(number).inserted else { continue }
      let instruction = program.instructions[Int(number)]
      switch instruction.operation {
      case .bytes, .match: members.append(number)
      case .split: pending += [instruction.other, instruction.next]
      case .save: pending.append(instruction.next)
      case .assert:
        if instruction.assertion == .textStart {
          if atStart { pending.append(instruction.next) }
        } else if atEnd {
          pending.append(instruction.next)
        } else {
          members.append(number)
        }
      }
    }
    return members.sorted()
  }

  private static func byteClasses(of program: RegexProgram) -> ([UInt8], Int) {
    var isBoundary = Array(repeating: false, count: 257)
    for instruction in program.instructions
    where instruction.operation == .bytes && instruction.low <= instruction.high {
      isBoundary[Int(instruction.low)] = true
      isBoundary[Int(instruction.high) + 1] = true
    }
    var classes = Array(repeating: UInt8(0), count: 256)
    var current = 0
    for byte in 1..<256 {
      if isBoundary[byte] { current += 1 }
      classes[byte] = UInt8(current)
    }
    return (classes, current + 1)
  }
}
