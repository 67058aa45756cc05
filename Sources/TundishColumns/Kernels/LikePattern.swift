/// A compiled `LIKE` pattern: `%` stands for any text, `_` for one character.
///
/// Matching is greedy from the left, which is enough because every piece between two `%` may take
/// its first place; worst case is the product of both lengths.
struct LikePattern: Sendable {
  /// A piece of one byte of literal text or one wildcard character.
  private enum Unit: Sendable, Hashable {
    case byte(UInt8)
    case anyCharacter
  }

  /// The texts between `%`, first and last bound to the ends of the text.
  private let segments: [[Unit]]
  /// The segments as bytes, where none holds `_`.
  private let literals: [[UInt8]]?
  private let ignoresCase: Bool

  /// Compiles a pattern; `escape` makes the character after it literal.
  init(_ pattern: String, escape: Unicode.Scalar?, ignoresCase: Bool) throws(ExecutionError) {
    var segments: [[Unit]] = [[]]
    var isEscaped = false
    for scalar in pattern.unicodeScalars {
      if !isEscaped, scalar == escape {
        isEscaped = true
        continue
      }
      if !isEscaped, scalar == "%" {
        segments.append([])
      } else if !isEscaped, scalar == "_" {
        segments[segments.count - 1].append(.anyCharacter)
      } else {
        let value = ignoresCase ? LetterCase.lower(scalar.value) : scalar.value
        let text = String(Unicode.Scalar(value) ?? scalar)
        segments[segments.count - 1].append(contentsOf: text.utf8.map { .byte($0) })
      }
      isEscaped = false
    }
    guard !isEscaped else {
      throw ExecutionError(
        .invalidPattern,
        "the pattern '\(pattern)' must not end in its escape character"
      )
    }
    self.segments = segments
    self.ignoresCase = ignoresCase
    var literals: [[UInt8]]? = []
    for segment in segments {
      var bytes: [UInt8] = []
      for unit in segment {
        guard case .byte(let byte) = unit else {
          literals = nil
          break
        }
        bytes.append(byte)
      }
      literals?.append(bytes)
    }
    self.literals = literals
  }

  /// The one text that is looked for, in lower case where case is ignored, and where; nil for
  /// patterns of several pieces.
  var single: (text: [UInt8], place: Place)? {
    guard let literals else { return nil }
    switch literals.count {
    case 1: return (literals[0], .whole)
    case 2 where literals[1].isEmpty: return (literals[0], .start)
    case 2 where literals[0].isEmpty: return (literals[1], .end)
    case 3 where literals[0].isEmpty && literals[2].isEmpty: return (literals[1], .anywhere)
    case _: return nil
    }
  }

  /// Where a single text must stand.
  enum Place: Sendable {
    case whole, start, end, anywhere

    /// Whether a needle stands there in a text.
    @inline(__always)
    func holds(_ needle: Span<UInt8>, _ text: Span<UInt8>) -> Bool {
      switch self {
      case .whole: bytesEqual(needle, text)
      case .start: ByteText.hasBytes(needle, in: text, at: 0)
      case .end: ByteText.hasBytes(needle, in: text, at: text.count - needle.count)
      case .anywhere: ByteText.firstIndex(of: needle, in: text) != nil
      }
    }
  }

  /// Whether a text matches as a whole.
  func matches(_ text: Span<UInt8>) -> Bool {
    guard ignoresCase else { return matchesAsWritten(text) }
    var output = TextOutput(rowCapacity: 0)
    LetterCase.append(text, as: .lower, to: &output)
    let folded = output.finish().bytes
    return matchesAsWritten(folded.span)
  }

  /// Whether a text, which is in lower case where case is ignored, matches as a whole.
  func matchesAsWritten(_ text: Span<UInt8>) -> Bool {
    if let literals { return matches(text, literals) }
    guard let first = end(of: segments[0], in: text, at: 0) else { return false }
    if segments.count == 1 { return first == text.count }
    var position = first
    for segment in segments.dropFirst().dropLast() {
      guard let next = firstEnd(of: segment, in: text, from: position) else { return false }
      position = next
    }
    return endsWith(segments[segments.count - 1], text, from: position)
  }

  private func matches(_ text: Span<UInt8>, _ literals: [[UInt8]]) -> Bool {
    let start = literals[0]
    let first = start.span
    if literals.count == 1 { return bytesEqual(first, text) }
    guard ByteText.hasBytes(first, in: text, at: 0) else { return false }
    var position = first.count
    for literal in literals.dropFirst().dropLast() {
      let bytes = literal.span
      guard let found = ByteText.firstIndex(of: bytes, in: text, from: position) else {
        return false
      }
      position = found + bytes.count
    }
    let end = literals[literals.count - 1]
    let last = end.span
    return text.count - last.count >= position
      && ByteText.hasBytes(last, in: text, at: text.count - last.count)
  }

  /// Returns where a segment ends that begins at an offset; nil if it does not match there.
  private func end(of segment: [Unit], in text: Span<UInt8>, at offset: Int) -> Int? {
    var position = offset
    for unit in segment {
      guard position < text.count else { return nil }
      switch unit {
      case .byte(let byte):
        guard text[position] == byte else { return nil }
        position += 1
      case .anyCharacter:
        position += ByteText.width(text[position])
      }
    }
    return position <= text.count ? position : nil
  }

  private func firstEnd(of segment: [Unit], in text: Span<UInt8>, from start: Int) -> Int? {
    var position = start
    while position <= text.count {
      if let end = end(of: segment, in: text, at: position) { return end }
      guard position < text.count else { return nil }
      position += ByteText.width(text[position])
    }
    return nil
  }

  private func endsWith(_ segment: [Unit], _ text: Span<UInt8>, from start: Int) -> Bool {
    // Few characters before the end can begin the last segment: as many bytes as it may take.
    var position = max(start, text.count - 4 * segment.count)
    while position < text.count, text[position] & 0xC0 == 0x80 { position += 1 }
    while position <= text.count {
      if end(of: segment, in: text, at: position) == text.count { return true }
      guard position < text.count else { return false }
      position += ByteText.width(text[position])
    }
    return false
  }
}
