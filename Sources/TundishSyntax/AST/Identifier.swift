/// A name as written.
package struct Identifier: Sendable, Hashable {
  /// The name without quotes, with its spelling.
  package let text: String
  /// Where it stands.
  package let range: SourceRange
  /// Whether it was written in double quotes.
  package let isQuoted: Bool

  /// Creates a name.
  package init(_ text: String, range: SourceRange, isQuoted: Bool = false) {
    self.text = text
    self.range = range
    self.isQuoted = isQuoted
  }
}

/// A name with qualifiers: `deals`, `model.opportunities`.
package struct QualifiedName: Sendable, Hashable {
  /// The most parts that a name takes; points after them select fields.
  static let maximumPartCount = 8
  /// The parts, outermost first; never empty.
  package let parts: [Identifier]

  /// Creates a name.
  package init(_ parts: [Identifier]) {
    self.parts = parts
  }

  /// From the first part to the last.
  package var range: SourceRange {
    parts.dropFirst().reduce(parts.first?.range ?? SourceRange(0, 0)) { $0.union($1.range) }
  }

  /// The last part's text; empty only if there are no parts.
  package var last: String { parts.last?.text ?? "" }
}
