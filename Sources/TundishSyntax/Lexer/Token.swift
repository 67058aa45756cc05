/// A word, literal, symbol or comment of a text.
package struct Token: Sendable, Hashable {
  /// The kinds of tokens.
  package enum Kind: Sendable, Hashable {
    /// An unquoted word; `keyword` says whether the grammar knows it.
    case word
    /// `"name"`.
    case quotedName
    /// `'text'`, `E'text'`, `$$text$$`.
    case string
    /// `X'0aff'`.
    case blob
    /// `42`, `1_000`, `0xff`.
    case integer
    /// `1.50`.
    case decimal
    /// `1.5e3`.
    case double
    /// `$name`, `$1`.
    case parameter
    /// Punctuation or an operator.
    case symbol(Symbol)
    /// `-- text` or `/* text */`; only among the tokens for highlighting.
    case comment
    /// Bytes that begin no token; a diagnostic was reported.
    case unknown
    /// The end of the text.
    case end
  }

  /// What it is.
  package let kind: Kind
  /// Where it stands.
  package let range: SourceRange
  /// The keyword that an unquoted word spells.
  package let keyword: Keyword?
  /// Whether it is the first token of its line.
  package let startsLine: Bool
  /// Whether it touches the token before it.
  package let touchesPrevious: Bool

  /// The symbol, if it is one.
  package var symbol: Symbol? {
    if case .symbol(let symbol) = kind { symbol } else { nil }
  }

  /// Whether it is a number without exponent or point.
  var isInteger: Bool { kind == .integer }
  /// Whether it is a number.
  var isNumber: Bool { kind == .integer || kind == .decimal || kind == .double }
}
