/// A deterministic automaton that is built while it runs, to say only whether a text matches.
///
/// A state is a set of program positions. Transitions are filled in when first taken; past
/// `stateLimit` states the cache starts over, and after `restartLimit` restarts the automaton gives
/// up (nil) so that memory stays bounded and the thread machine takes over.
struct RegexAutomaton: Sendable {
  static let stateLimit = 2_000
  static let restartLimit = 10

  /// The bytes of a long text after which a cancelled search ends.
  private static let bytesBetweenLooks = 1 << 24

  private let program: RegexProgram
  /// The bytes of each class, which lead everywhere to the same state.
  private let classBytes: [[UInt8]]
  /// The class of each byte.
  private let classes: [UInt8]
  /// The length of a state's row in `transitions`: a place per byte, and its verdict.
  ///
  /// A place per class would be smaller, but finding the class costs as much as the step itself.
  private static let stride = 257
  /// The members of each state.
  private var states: [[Int32]] = []
  private var numbers: [[Int32]: Int32] = [:]
  /// Per state, where each byte leads: the start of a state's row, `unknown`, or what the text
  /// comes to whatever follows; and last what it comes to if it ends here.
  private var transitions: [Int32] = []
  private var restartCount = 0
  private let restart: [Int32]
  private let initialMembers: [Int32]
  /// The state before the first byte.
  private var initial = Entry.unknown
  private let matchesEmptyText: Bool

  /// Entries of `transitions` that are no row.
  private enum Entry {
    static let unknown: Int32 = -1
    static let match: Int32 = -2
    /// No match can follow.
    static let dead: Int32 = -3
  }

  init(_ program: RegexProgram) {
    self.program = program
    classes = RegexAutomaton.byteClasses(of: program)
    var classBytes = [[UInt8]](repeating: [], count: Int(classes[255]) + 1)
    for byte in UInt8.min...UInt8.max { classBytes[Int(classes[Int(byte)])].append(byte) }
    self.classBytes = classBytes
    let start = [program.start]
    restart = RegexAutomaton.closure(of: start, program, atStart: false, atEnd: false)
    initialMembers = RegexAutomaton.closure(of: start, program, atStart: true, atEnd: false)
    // An empty text is at its start and at its end at once.
    matchesEmptyText = RegexAutomaton.closure(of: start, program, atStart: true, atEnd: true)
      .contains { program.instructions[Int($0)].operation == .match }
  }

  /// The number of states built so far.
  var stateCount: Int { states.count }

  /// Whether the program matches somewhere in a range; nil if the automaton gives up.
  mutating func isMatch(_ bytes: Span<UInt8>, in range: Range<Int>) -> Bool? {
    guard restartCount <= Self.restartLimit else { return nil }
    if range.isEmpty { return matchesEmptyText }
    if states.count > Self.stateLimit { reset() }
    if initial == Entry.unknown { initial = entry(of: initialMembers) }
    var state = initial
    var position = range.lowerBound
    while state >= 0 {
      let end = min(range.upperBound, position + Self.bytesBetweenLooks)
      (state, position) = Self.run(transitions.span, bytes, from: state, position..<end)
      guard position < range.upperBound, state >= 0 else { break }
      if position == end {
        if Cancellation.isRequested { return false }
        continue
      }
      guard let next = step(from: state, byte: bytes[position]) else { return nil }
      state = next
      position += 1
    }
    if state < 0 { return state == Entry.match }
    return transitions[Int(state) + 256] == Entry.match
  }

  /// Takes the transitions that are known; returns the last state, or verdict, and the position of
  /// the byte that was not taken.
  private static func run(
    _ transitions: Span<Int32>,
    _ bytes: Span<UInt8>,
    from start: Int32,
    _ range: Range<Int>
  ) -> (state: Int32, position: Int) {
    var state = start
    var position = range.lowerBound
    while position < range.upperBound {
      let next = transitions[Int(state) &+ Int(bytes[position])]
      if next < 0 {
        return (next == Entry.unknown ? state : next, position)
      }
      state = next
      position &+= 1
    }
    return (state, position)
  }

  private mutating func reset() {
    restartCount += 1
    initial = Entry.unknown
    states.removeAll()
    numbers.removeAll()
    transitions.removeAll()
  }

  /// Computes one transition; nil past the limits.
  private mutating func step(from state: Int32, byte: UInt8) -> Int32? {
    guard states.count <= 2 * Self.stateLimit else {
      reset()
      restartCount = Self.restartLimit + 1
      return nil
    }
    var targets: [Int32] = []
    for member in states[Int(state) / Self.stride] {
      let instruction = program.instructions[Int(member)]
      if instruction.operation == .bytes, byte >= instruction.low, byte <= instruction.high {
        targets.append(instruction.next)
      }
    }
    let reached = RegexAutomaton.closure(of: targets, program, atStart: false, atEnd: false)
    let members = restart.isEmpty ? reached : Array(Set(reached).union(restart)).sorted()
    let next = entry(of: members)
    for other in classBytes[Int(classes[Int(byte)])] {
      transitions[Int(state) + Int(other)] = next
    }
    return next
  }

  /// What a transition to a set of program positions holds.
  private mutating func entry(of members: [Int32]) -> Int32 {
    if hasMatch(members) { return Entry.match }
    if members.isEmpty { return Entry.dead }
    if let known = numbers[members] { return known }
    let ends = RegexAutomaton.closure(of: members, program, atStart: false, atEnd: true)
    let row = Int32(transitions.count)
    states.append(members)
    transitions.append(contentsOf: repeatElement(Entry.unknown, count: 256))
    transitions.append(hasMatch(ends) ? Entry.match : Entry.dead)
    numbers[members] = row
    return row
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

  /// The class of each byte; the last byte is in the last class.
  private static func byteClasses(of program: RegexProgram) -> [UInt8] {
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
    return classes
  }
}
