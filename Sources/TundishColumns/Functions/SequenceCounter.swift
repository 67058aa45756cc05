import Synchronization

/// The numbers that a sequence gives, one after the other.
///
/// Shared by all copies of a catalog: as in PostgreSQL a number that was given stays given, also
/// where the statement that asked for it fails or is rolled back.
package final class SequenceCounter: Sendable {
  /// The rule by which numbers follow each other.
  package struct Rule: Sendable, Hashable {
    /// The distance of two numbers, not 0.
    package let increment: Int64
    /// The least number.
    package let minimum: Int64
    /// The greatest number.
    package let maximum: Int64
    /// The first number.
    package let start: Int64
    /// Whether the numbers begin again after the last one.
    package let cycles: Bool

    /// Creates a rule.
    package init(increment: Int64, minimum: Int64, maximum: Int64, start: Int64, cycles: Bool) {
      self.increment = increment
      self.minimum = minimum
      self.maximum = maximum
      self.start = start
      self.cycles = cycles
    }
  }

  private struct State {
    /// The number that comes next; nil after the last one.
    var next: Int64?
    var last: Int64?
  }

  /// The sequence's name.
  package let name: String
  /// Its rule.
  package let rule: Rule
  private let state: Mutex<State>

  /// Begins a sequence.
  package init(name: String, rule: Rule) {
    self.name = name
    self.rule = rule
    state = Mutex(State(next: rule.start))
  }

  /// The number that comes next; nil after the last one.
  package var upcoming: Int64? { state.withLock { $0.next } }

  /// Gives the next number.
  func next() throws(ExecutionError) -> Int64 {
    let (name, rule) = (name, rule)
    return try state.withLock { (state: inout State) throws(ExecutionError) -> Int64 in
      guard let number = state.next else {
        let end =
          rule.increment > 0 ? "greatest number, \(rule.maximum)" : "least number, \(rule.minimum)"
        throw ExecutionError(.limit, "sequence '\(name)' has given its \(end)")
      }
      let (following, isOverflow) = number.addingReportingOverflow(rule.increment)
      if !isOverflow, following >= rule.minimum, following <= rule.maximum {
        state.next = following
      } else {
        state.next = rule.cycles ? (rule.increment > 0 ? rule.minimum : rule.maximum) : nil
      }
      state.last = number
      return number
    }
  }

  /// The number that was given last.
  func last() throws(ExecutionError) -> Int64 {
    if let last = state.withLock({ $0.last }) { return last }
    throw ExecutionError(
      .invalidArgument,
      "sequence '\(name)' has given no number yet; nextval('\(name)') gives the first"
    )
  }
}

/// A sequence's name as `nextval` takes it: `seq`, `"my seq"`, `main.seq`.
package enum SequenceName {
  /// The last part, folded; nil where a quote does not end.
  package static func key(_ text: String) -> String? {
    var part: [UInt8] = []
    var isQuoted = false
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") {
        isQuoted.toggle()
      } else if byte == UInt8(ascii: "."), !isQuoted {
        part = []
      } else {
        part.append(byte)
      }
    }
    return isQuoted ? nil : foldedKey(String(decoding: part, as: UTF8.self))
  }
}
