/// The rules by which a funnel reads the events of one entity.
struct FunnelRules: Sendable, Hashable {
  /// How steps follow each other.
  enum Order: String, Sendable {
    case ordered, any, strict
  }
  /// Which entry starts the path.
  enum Entry: String, Sendable {
    case first, last, every
  }
  /// What a skipped step means.
  ///
  /// Whatever it is, an event that meets a step does not pass over it.
  enum Skips: String, Sendable {
    case count, exclude, touch
  }
  /// What going back means.
  enum Regressions: String, Sendable {
    case ignore, reset, count
  }
  /// What equal instants mean.
  enum Ties: String, Sendable {
    case ordered, unordered, `break`
  }

  var order = Order.ordered
  var entry = Entry.first
  var skips = Skips.count
  var regressions = Regressions.ignore
  var ties = Ties.ordered
  /// The longest time from the first step; nil is unbounded.
  var window: Int64?
  /// The longest time from the previous step, by step (from 0).
  var stepWindows: [Int: Int64] = [:]
  /// The steps (from 0) that may be passed over.
  var optional: Set<Int> = []
  /// How many conditions after the steps forbid an event inside a path.
  var exclusionCount = 0

  /// The greatest number of steps: one bit of a word each.
  static let maximumStepCount = 64
  /// The greatest number of conditions that exclude.
  static let maximumExclusionCount = 32

  /// Reads rules such as `skips exclude; within 2592000000000; step 2 within 86400000000`.
  init(_ text: String) throws(ExecutionError) {
    for phrase in text.split(separator: ";") {
      let words = phrase.split(separator: " ").map(String.init)
      guard try read(words) else {
        throw ExecutionError(.invalidArgument, "a funnel has no rule '\(phrase)'")
      }
    }
  }

  /// Rules with their defaults.
  init() {}

  /// Refuses rules that no funnel of this many steps can follow.
  func check(stepCount: Int) throws(ExecutionError) {
    guard (1...Self.maximumStepCount).contains(stepCount) else {
      throw ExecutionError(
        .invalidArgument,
        "a funnel has between 1 and \(Self.maximumStepCount) steps, not \(stepCount)"
      )
    }
    guard optional.allSatisfy({ $0 < stepCount }), stepWindows.keys.allSatisfy({ $0 < stepCount })
    else {
      throw ExecutionError(.invalidArgument, "a rule names a step that the funnel does not have")
    }
    guard order == .any else { return }
    guard optional.isEmpty, stepWindows.isEmpty else {
      throw ExecutionError(
        .invalidArgument,
        "with 'steps any' no step has a WITHIN of its own and none is OPTIONAL"
      )
    }
    guard entry != .last else {
      throw ExecutionError(
        .invalidArgument,
        "with 'steps any' every step is an entry, and after the last one nothing comes; use"
          + " 'entry first' or 'entry every'"
      )
    }
  }

  private mutating func read(_ words: [String]) throws(ExecutionError) -> Bool {
    guard let first = words.first, let last = words.last else { return true }
    switch (first, words.count) {
    case ("steps", 2): return set(&order, Order(rawValue: last))
    case ("entry", 2): return set(&entry, Entry(rawValue: last))
    case ("skips", 2): return set(&skips, Skips(rawValue: last))
    case ("regressions", 2): return set(&regressions, Regressions(rawValue: last))
    case ("ties", 2): return set(&ties, Ties(rawValue: last))
    case ("within", 2):
      guard let length = Int64(last), length >= 0 else { return false }
      window = length
      return true
    case ("step", 4):
      guard let step = Int(words[1]), (2...Self.maximumStepCount).contains(step),
        let length = Int64(last), length >= 0
      else { return false }
      stepWindows[step - 1] = length
      return true
    case ("optional", 2):
      guard let step = Int(last), (2...Self.maximumStepCount).contains(step) else { return false }
      optional.insert(step - 1)
      return true
    case ("exclusions", 2):
      guard let count = Int(last), (0...Self.maximumExclusionCount).contains(count) else {
        return false
      }
      exclusionCount = count
      return true
    default: return false
    }
  }

  private func set<T>(_ place: inout T, _ value: T?) -> Bool {
    guard let value else { return false }
    place = value
    return true
  }
}
