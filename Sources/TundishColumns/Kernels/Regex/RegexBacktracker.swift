/// Which instructions can lead on, by the next byte or at the end of the text.
///
/// An alternative whose first byte is another one is never tried: for a class of scalars, which is
/// a chain of alternatives, one remains.
struct RegexFirstBytes: Sendable {
  /// Programs of more instructions have no such table.
  static let instructionLimit = 1_000
  /// The places per instruction: one per byte, and one for the end.
  private static let stride = 257

  private let canLead: [Bool]

  /// Nil where the program is too large for a table.
  init?(_ program: RegexProgram) {
    let instructions = program.instructions
    guard instructions.count <= Self.instructionLimit else { return nil }
    var canLead = [Bool](repeating: false, count: instructions.count * Self.stride)
    for number in instructions.indices { Self.fill(&canLead, number, instructions) }
    self.canLead = canLead
  }

  /// Notes what can follow an instruction; assertions are taken to hold.
  ///
  /// Programs are built from the back, so that nearly all that an instruction goes on to has its row.
  private static func fill(
    _ canLead: inout [Bool],
    _ number: Int,
    _ instructions: [RegexProgram.Instruction]
  ) {
    let row = number * stride
    var seen: Set<Int> = []
    var pending = [number]
    while let next = pending.popLast() {
      if next < number {
        for place in 0..<stride where canLead[next * stride + place] { canLead[row + place] = true }
        continue
      }
      guard seen.insert(next).inserted else { continue }
      let instruction = instructions[next]
      switch instruction.operation {
      case .split: pending += [Int(instruction.next), Int(instruction.other)]
      case .save, .assert: pending.append(Int(instruction.next))
      case .match: for place in 0..<stride { canLead[row + place] = true }
      case .bytes:
        guard instruction.low <= instruction.high else { continue }
        for byte in instruction.low...instruction.high { canLead[row + Int(byte)] = true }
      }
    }
  }

  /// The place of a byte, or of the end, in the row of an instruction.
  @inline(__always)
  func leads(_ number: Int32, at place: Int) -> Bool {
    canLead[Int(number) &* Self.stride &+ place]
  }
}

/// Finds matches in short texts by trying alternatives one after the other.
///
/// An instruction is tried at most once at a position: what failed there fails again, however it was
/// come to, so that the time is linear in instructions times bytes, as it is in RE2's machine of this
/// kind (R. Cox, "Regular Expression Matching in the Wild"). It finds the matches that `RegexThreads`
/// finds, many times as fast, where its table of what was tried is small.
struct RegexBacktracker: Sendable {
  /// The bits of the table: 32 kB.
  private static let visitLimit = 1 << 18

  /// The capture slots of the last match.
  private(set) var matched: [Int]

  private let first: RegexFirstBytes
  private var slots: [Int]
  private var visited: [UInt64] = []
  private var stack: [Pending] = []

  /// An alternative to try, or a slot to restore.
  private struct Pending {
    var instruction: Int32
    /// The slot, or -1.
    var slot: Int32 = -1
    /// The position, or the slot's value.
    var value: Int
  }

  init(_ program: RegexProgram, first: RegexFirstBytes) {
    self.first = first
    matched = Array(repeating: -1, count: 2 * (program.groupCount + 1))
    slots = matched
  }

  /// Whether a text is short enough.
  static func takes(_ program: RegexProgram, byteCount: Int) -> Bool {
    byteCount < visitLimit && program.instructions.count * (byteCount + 1) <= visitLimit
  }

  /// Finds the leftmost match, preferring as the pattern says; sets `matched`.
  mutating func run(
    _ program: RegexProgram,
    _ bytes: Span<UInt8>,
    in range: Range<Int>,
    from start: Int
  ) -> Bool {
    let width = range.upperBound - start + 1
    let wordCount = (program.instructions.count * width + 63) / 64
    visited.removeAll(keepingCapacity: true)
    visited.append(contentsOf: repeatElement(0, count: wordCount))
    for position in start...range.upperBound {
      let place = position < range.upperBound ? Int(bytes[position]) : 256
      guard first.leads(program.start, at: place) else { continue }
      for slot in slots.indices { slots[slot] = -1 }
      stack.removeAll(keepingCapacity: true)
      stack.append(Pending(instruction: program.start, value: position))
      if search(program.instructions.span, bytes, range, start, width) { return true }
    }
    return false
  }

  /// Tries what is on the stack until something matches.
  private mutating func search(
    _ instructions: Span<RegexProgram.Instruction>,
    _ bytes: Span<UInt8>,
    _ range: Range<Int>,
    _ start: Int,
    _ width: Int
  ) -> Bool {
    while let pending = stack.popLast() {
      if pending.slot >= 0 {
        slots[Int(pending.slot)] = pending.value
        continue
      }
      var number = pending.instruction
      var position = pending.value
      walk: while true {
        let bit = Int(number) &* width &+ (position &- start)
        let mask: UInt64 = 1 << UInt64(truncatingIfNeeded: bit & 63)
        if visited[bit >> 6] & mask != 0 { break walk }
        visited[bit >> 6] |= mask
        let instruction = instructions[Int(number)]
        switch instruction.operation {
        case .bytes:
          guard position < range.upperBound else { break walk }
          let byte = bytes[position]
          guard byte >= instruction.low, byte <= instruction.high else { break walk }
          position &+= 1
          number = instruction.next
        case .split:
          let place = position < range.upperBound ? Int(bytes[position]) : 256
          let hasOther = first.leads(instruction.other, at: place)
          if first.leads(instruction.next, at: place) {
            if hasOther { stack.append(Pending(instruction: instruction.other, value: position)) }
            number = instruction.next
          } else if hasOther {
            number = instruction.other
          } else {
            break walk
          }
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
        case .match:
          for slot in slots.indices { matched[slot] = slots[slot] }
          return true
        }
      }
    }
    return false
  }
}
