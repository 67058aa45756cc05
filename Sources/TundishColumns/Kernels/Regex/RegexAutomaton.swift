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
  private var states: [State] = []
  private var numbers: [[Int32]: Int32] = [:]
  /// `state * classCount + class`; -1 where not yet known.
  private var transitions: [Int32] = []
  private var restartCount = 0
  private let restart: [Int32]

  private struct State {
    let members: [Int32]
    let isMatch: Bool
    /// Whether a match ends here if the text does.
    let isMatchAtEnd: Bool
  }

  init(_ program: RegexProgram) {
    self.program = program
    (classes, classCount) = RegexAutomaton.byteClasses(of: program)
    restart = RegexAutomaton.closure(of: [program.start], program, atStart: false, atEnd: false)
  }

  /// Whether the program matches somewhere in a range; nil if the automaton gives up.
  mutating func isMatch(_ bytes: Span<UInt8>, in range: Range<Int>) -> Bool? {
    guard restartCount <= Self.restartLimit else { return nil }
    if states.count > Self.stateLimit { reset() }
    let initial = RegexAutomaton.closure(
      of: [program.start],
      program,
      atStart: true,
      atEnd: false
    )
    var state = number(of: initial)
    for position in range {
      if states[Int(state)].isMatch { return true }
      let slot = Int(state) * classCount + Int(classes[Int(bytes[position])])
      var next = transitions[slot]
      if next < 0 {
        guard let computed = step(from: state, byte: bytes[position], slot: slot) else {
          return nil
        }
        next = computed
      }
      state = next
      if states[Int(state)].members.isEmpty { return false }
    }
    let last = states[Int(state)]
    if last.isMatch { return true }
    // An empty text is at its start and at its end at once.
    if range.isEmpty {
      return RegexAutomaton.closure(of: [program.start], program, atStart: true, atEnd: true)
        .contains { program.instructions[Int($0)].operation == .match }
    }
    return last.isMatchAtEnd
  }

  private mutating func reset() {
    restartCount += 1
    states.removeAll()
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
    for member in states[Int(state)].members {
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
    let isMatch = members.contains { program.instructions[Int($0)].operation == .match }
    let atEnd = RegexAutomaton.closure(of: members, program, atStart: false, atEnd: true)
    states.append(
      State(
        members: members,
        isMatch: isMatch,
        isMatchAtEnd: atEnd.contains { program.instructions[Int($0)].operation == .match }
      )
    )
    transitions.append(contentsOf: repeatElement(-1, count: classCount))
    let number = Int32(states.count - 1)
    numbers[members] = number
    return number
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
