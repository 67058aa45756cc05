/// A parsed regular expression.
indirect enum RegexSyntax: Sendable, Hashable {
  /// The empty pattern
  case empty
  /// One scalar of a class
  case character(CharacterClass)
  /// `ab`
  case sequence([RegexSyntax])
  /// `a|b`, the first that leads to a match is preferred
  case alternation([RegexSyntax])
  /// `a{minimum,maximum}`; nil is unbounded
  case repetition(RegexSyntax, minimum: Int, maximum: Int?, isGreedy: Bool)
  /// `(a)`, numbered from 1 by opening parenthesis
  case group(RegexSyntax, index: Int)
  /// `^`, `\b` and their kin
  case assertion(RegexAssertion)

  /// Whether it may match without consuming; the parser bounds the depth of the recursion.
  var isNullable: Bool {
    switch self {
    case .empty, .assertion: true
    case .character: false
    case .sequence(let parts): parts.allSatisfy(\.isNullable)
    case .alternation(let branches): branches.contains(where: \.isNullable)
    case .repetition(let body, let minimum, _, _): minimum == 0 || body.isNullable
    case .group(let body, _): body.isNullable
    }
  }
}

/// A condition on a position that consumes nothing.
enum RegexAssertion: UInt8, Sendable, Hashable {
  /// `\A`, `^` without the flag `m`
  case textStart
  /// `\z`, `$` without the flag `m`
  case textEnd
  /// `^` with the flag `m`
  case lineStart
  /// `$` with the flag `m`
  case lineEnd
  /// `\b`
  case wordBoundary
  /// `\B`
  case notWordBoundary
}

/// The flags that a pattern starts with; `(?ims)` changes them inside.
package struct RegexOptions: Sendable, Hashable {
  /// `i`: letters match both cases.
  package var ignoresCase = false
  /// `m`: `^` and `$` also match at line breaks.
  package var isMultiline = false
  /// `s`: `.` also matches a line break.
  package var dotMatchesNewline = false
  /// `l`: the pattern is plain text.
  package var isLiteral = false

  /// Creates the default flags.
  package init() {}
}
