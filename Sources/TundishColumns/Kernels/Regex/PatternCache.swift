internal import Synchronization

/// Compiled regular expressions, shared by all batches and threads.
///
/// A query compiles its pattern once, not once per batch. Bounded; emptied when full.
enum PatternCache {
  private struct Key: Hashable {
    let pattern: String
    let options: RegexOptions
    let isFullMatch: Bool
  }

  private static let capacity = 64
  private static let compiled = Mutex<[Key: RegularExpression]>([:])

  /// Returns the compiled pattern.
  static func expression(
    _ pattern: String,
    options: RegexOptions,
    isFullMatch: Bool = false
  ) throws(ExecutionError) -> RegularExpression {
    let key = Key(pattern: pattern, options: options, isFullMatch: isFullMatch)
    if let known = compiled.withLock({ $0[key] }) { return known }
    let expression = try RegularExpression(pattern, options: options, isFullMatch: isFullMatch)
    compiled.withLock { compiled in
      if compiled.count >= capacity { compiled = [:] }
      compiled[key] = expression
    }
    return expression
  }
}

/// The matchers of one batch's patterns; a constant pattern makes one.
struct PatternArgument {
  private let patterns: TextArgument
  /// Whether all rows have the same pattern and options.
  let isConstant: Bool
  private let optionTexts: TextArgument?
  private let isFullMatch: Bool
  private var current: (pattern: String, options: String, matcher: RegexMatcher)?

  init(_ input: KernelInput, pattern: Int, options: Int? = nil, isFullMatch: Bool = false) {
    patterns = input.text(pattern)
    isConstant =
      input.arguments[pattern].isConstant && options.map { input.arguments[$0].isConstant } ?? true
    optionTexts = options.map { input.text($0) }
    self.isFullMatch = isFullMatch
  }

  /// Returns the matcher for a row's pattern and options, neither of which is NULL.
  mutating func matcher(_ row: Int) throws(ExecutionError) -> RegexMatcher {
    if isConstant, let current { return current.matcher }
    let pattern = patterns.string(row)
    let options = optionTexts?.string(row) ?? ""
    if let current, current.pattern == pattern, current.options == options {
      return current.matcher
    }
    let matcher = RegexMatcher(try expression(pattern, options))
    current = (pattern, options, matcher)
    return matcher
  }

  /// Returns the expression of a row's pattern and options, neither of which is NULL.
  func expression(_ row: Int) throws(ExecutionError) -> RegularExpression {
    try expression(patterns.string(row), optionTexts?.string(row) ?? "")
  }

  private func expression(
    _ pattern: String,
    _ options: String
  ) throws(ExecutionError) -> RegularExpression {
    try PatternCache.expression(
      pattern,
      options: try RegexOptions(letters: options),
      isFullMatch: isFullMatch
    )
  }
}

extension RegexOptions {
  /// Reads option letters: `i` and `c` for case, `l` plain text, `m` line by line, `s` also across
  /// lines; `g` is left to the caller.
  init(letters: String) throws(ExecutionError) {
    self.init()
    for letter in letters.unicodeScalars {
      switch letter {
      case "c": ignoresCase = false
      case "i": ignoresCase = true
      case "l": isLiteral = true
      case "m", "n", "p": isMultiline = true
      case "s": dotMatchesNewline = true
      case "g", " ": break
      default:
        throw ExecutionError(
          .invalidArgument,
          "unknown regular expression option '\(letter)'; there are c i l m s g"
        )
      }
    }
  }
}

extension RegexMatcher {
  /// Returns all matches that follow each other; an empty one right after another does not count.
  func allMatches(
    _ bytes: [UInt8],
    in range: Range<Int>
  ) throws(ExecutionError) -> [[Range<Int>?]] {
    var matches: [[Range<Int>?]] = []
    try eachMatch(bytes, in: range, afterMatches: true) { matches.append($0) }
    return matches
  }

  /// Calls `body` with each match in turn, as `allMatches` gives them: for texts whose matches would
  /// take more memory than they do.
  func eachMatch(
    _ bytes: [UInt8],
    in range: Range<Int>,
    afterMatches: Bool = false,
    _ body: ([Range<Int>?]) throws(ExecutionError) -> Void
  ) throws(ExecutionError) {
    var position = range.lowerBound
    var lastEnd = -1
    var meter = StepMeter()
    while position <= range.upperBound,
      let match = firstMatch(bytes, in: range, from: position), let whole = match[0]
    {
      try meter.count(64 + whole.upperBound - position)
      if !whole.isEmpty {
        try body(match)
        position = whole.upperBound
        lastEnd = position
        continue
      }
      if afterMatches || whole.lowerBound != lastEnd { try body(match) }
      guard whole.lowerBound < range.upperBound else { break }
      position = whole.lowerBound + ByteText.width(bytes[whole.lowerBound])
    }
    try meter.count(range.upperBound - range.lowerBound)
  }
}
