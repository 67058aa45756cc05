/// A regular expression as instructions over bytes.
///
/// Classes are compiled to alternatives of UTF-8 byte ranges, so that matchers never decode text.
struct RegexProgram: Sendable {
  /// One step of the machine.
  struct Instruction: Sendable, Hashable {
    enum Operation: UInt8, Sendable, Hashable {
      /// Consumes a byte of `low...high`, goes to `next`.
      case bytes
      /// Goes to `next`, or else to `other`.
      case split
      /// Stores the position in capture slot `other`, goes to `next`.
      case save
      /// Goes to `next` if `assertion` holds.
      case assert
      /// A match ends here.
      case match
    }

    var operation: Operation
    var low: UInt8 = 0
    var high: UInt8 = 0
    var assertion: RegexAssertion = .textStart
    var next: Int32 = -1
    var other: Int32 = -1
  }

  /// The greatest number of instructions of a program.
  static let instructionLimit = 20_000

  /// The instructions; execution begins at `start`.
  let instructions: [Instruction]
  /// The first instruction.
  let start: Int32
  /// The number of capturing groups.
  let groupCount: Int
  /// Whether `\b` or line assertions occur, which only the thread machine handles.
  let needsThreads: Bool

  /// Compiles a tree.
  init(_ tree: RegexSyntax, groupCount: Int) throws(ExecutionError) {
    var builder = RegexProgramBuilder()
    let match = try builder.append(Instruction(operation: .match))
    let end = try builder.append(Instruction(operation: .save, next: match, other: 1))
    let body = try builder.compile(tree, next: end)
    start = try builder.append(Instruction(operation: .save, next: body, other: 0))
    instructions = builder.instructions
    self.groupCount = groupCount
    needsThreads = builder.instructions.contains {
      $0.operation == .assert && $0.assertion != .textStart && $0.assertion != .textEnd
    }
  }
}

/// Builds a program from the back: each piece is compiled knowing where it continues.
private struct RegexProgramBuilder {
  typealias Instruction = RegexProgram.Instruction

  var instructions: [Instruction] = []

  mutating func append(_ instruction: Instruction) throws(ExecutionError) -> Int32 {
    guard instructions.count < RegexProgram.instructionLimit else {
      throw ExecutionError(
        .invalidPattern,
        "the pattern is too large: it needs more than \(RegexProgram.instructionLimit) steps"
      )
    }
    instructions.append(instruction)
    return Int32(instructions.count - 1)
  }

  /// Returns the entry of code that matches `tree` and goes on at `next`.
  ///
  /// The parser bounds the depth of the recursion.
  mutating func compile(_ tree: RegexSyntax, next: Int32) throws(ExecutionError) -> Int32 {
    switch tree {
    case .empty:
      return next
    case .character(let members):
      return try compile(members, next: next)
    case .sequence(let parts):
      var next = next
      for part in parts.reversed() { next = try compile(part, next: next) }
      return next
    case .alternation(let branches):
      var entries: [Int32] = []
      for branch in branches { entries.append(try compile(branch, next: next)) }
      return try choose(entries)
    case .group(let body, let index):
      let close = try append(
        Instruction(operation: .save, next: next, other: Int32(2 * index + 1))
      )
      let inner = try compile(body, next: close)
      return try append(Instruction(operation: .save, next: inner, other: Int32(2 * index)))
    case .assertion(let assertion):
      return try append(Instruction(operation: .assert, assertion: assertion, next: next))
    case .repetition(let body, let minimum, let maximum, let isGreedy):
      return try compile(
        body,
        minimum: minimum,
        maximum: maximum,
        isGreedy: isGreedy,
        next: next
      )
    }
  }

  private mutating func compile(
    _ body: RegexSyntax,
    minimum: Int,
    maximum: Int?,
    isGreedy: Bool,
    next: Int32
  ) throws(ExecutionError) -> Int32 {
    var entry = next
    if let maximum {
      // Nested: a{0,2} is (a(a)?)?.
      for _ in 0..<(maximum - minimum) {
        let inner = try compile(body, next: entry)
        entry = try split(inner, or: next, isGreedy: isGreedy)
      }
    } else {
      let loop = try append(Instruction(operation: .split))
      let inner = try compile(body, next: loop)
      instructions[Int(loop)].next = isGreedy ? inner : next
      instructions[Int(loop)].other = isGreedy ? next : inner
      // One round at least goes through the body that is repeated. A body that matches nothing as
      // well is (a+)?, not a*: after an empty round the loop must be left before another is tried,
      // or `(|a)*` would go on to the choice that its pattern likes less, where RE2 stops.
      switch minimum {
      case 0 where body.isNullable: entry = try split(inner, or: next, isGreedy: isGreedy)
      case 0: entry = loop
      default: entry = inner
      }
    }
    let rounds = maximum == nil ? max(0, minimum - 1) : minimum
    for _ in 0..<rounds { entry = try compile(body, next: entry) }
    return entry
  }

  private mutating func split(
    _ body: Int32,
    or next: Int32,
    isGreedy: Bool
  ) throws(ExecutionError) -> Int32 {
    try append(
      Instruction(
        operation: .split,
        next: isGreedy ? body : next,
        other: isGreedy ? next : body
      )
    )
  }

  /// Returns the entry of code that tries entries in order.
  private mutating func choose(_ entries: [Int32]) throws(ExecutionError) -> Int32 {
    guard var entry = entries.last else { return try never() }
    for preferred in entries.dropLast().reversed() {
      entry = try append(Instruction(operation: .split, next: preferred, other: entry))
    }
    return entry
  }

  /// Returns the entry of code that nothing matches: an empty range of bytes.
  private mutating func never() throws(ExecutionError) -> Int32 {
    try append(Instruction(operation: .bytes, low: 1, high: 0, next: 0))
  }

  private mutating func compile(
    _ members: CharacterClass,
    next: Int32
  ) throws(ExecutionError) -> Int32 {
    var entries: [Int32] = []
    for range in members.ranges {
      for sequence in UTF8Ranges.sequences(of: range) {
        var entry = next
        for bytes in sequence.reversed() {
          entry = try append(
            Instruction(
              operation: .bytes,
              low: bytes.lowerBound,
              high: bytes.upperBound,
              next: entry
            )
          )
        }
        entries.append(entry)
      }
    }
    return try choose(entries)
  }
}

/// Splits ranges of scalars into sequences of byte ranges.
enum UTF8Ranges {
  /// Returns the byte sequences that encode the scalars of a range; surrogates are left out.
  static func sequences(of range: ClosedRange<UInt32>) -> [[ClosedRange<UInt8>]] {
    var pending = [range]
    var sequences: [[ClosedRange<UInt8>]] = []
    while let range = pending.popLast() {
      if let (low, high) = split(range) {
        if let high { pending.append(high) }
        if let low { pending.append(low) }
        continue
      }
      let first = encoded(range.lowerBound)
      let last = encoded(range.upperBound)
      sequences.append(zip(first, last).map { $0...$1 })
    }
    return sequences
  }

  /// Returns two smaller ranges where one byte sequence cannot say the range, else nil.
  private static func split(
    _ range: ClosedRange<UInt32>
  ) -> (low: ClosedRange<UInt32>?, high: ClosedRange<UInt32>?)? {
    let (low, high) = (range.lowerBound, range.upperBound)
    if low <= 0xDFFF, high >= 0xD800 {
      return (low < 0xD800 ? low...0xD7FF : nil, high > 0xDFFF ? 0xE000...high : nil)
    }
    for limit: UInt32 in [0x7F, 0x7FF, 0xFFFF] where low <= limit && high > limit {
      return (low...limit, (limit + 1)...high)
    }
    guard low > 0x7F else { return nil }
    for shift: UInt32 in [6, 12, 18] {
      let mask: UInt32 = (1 << shift) - 1
      guard low & ~mask != high & ~mask else { continue }
      if low & mask != 0 { return (low...(low | mask), ((low | mask) + 1)...high) }
      if high & mask != mask { return (low...((high & ~mask) - 1), (high & ~mask)...high) }
    }
    return nil
  }

  private static func encoded(_ value: UInt32) -> [UInt8] {
    switch value {
    case 0...0x7F: [UInt8(value)]
    case 0x80...0x7FF: [UInt8(0xC0 | value >> 6), UInt8(0x80 | value & 0x3F)]
    case 0x800...0xFFFF:
      [UInt8(0xE0 | value >> 12), UInt8(0x80 | value >> 6 & 0x3F), UInt8(0x80 | value & 0x3F)]
    default:
      [
        UInt8(0xF0 | value >> 18), UInt8(0x80 | value >> 12 & 0x3F),
        UInt8(0x80 | value >> 6 & 0x3F), UInt8(0x80 | value & 0x3F),
      ]
    }
  }
}
