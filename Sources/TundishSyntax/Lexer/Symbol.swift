/// Punctuation and operators; the raw value is the spelling.
package enum Symbol: String, Sendable, Hashable, CaseIterable {
  case leftParenthesis = "("
  case rightParenthesis = ")"
  case leftBracket = "["
  case rightBracket = "]"
  case leftBrace = "{"
  case rightBrace = "}"
  case comma = ","
  case semicolon = ";"
  case dot = "."
  case dotDot = ".."
  case ellipsis = "..."
  case colon = ":"
  case doubleColon = "::"
  case colonEqual = ":="
  case fatArrow = "=>"
  case arrow = "->"
  case longArrow = "->>"
  case plus = "+"
  case minus = "-"
  case star = "*"
  case doubleStar = "**"
  case slash = "/"
  case doubleSlash = "//"
  case percent = "%"
  case caret = "^"
  case startsWith = "^@"
  case equal = "="
  case doubleEqual = "=="
  case notEqual = "!="
  case lessGreater = "<>"
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case concatenate = "||"
  case bitwiseOr = "|"
  case bitwiseAnd = "&"
  case overlaps = "&&"
  case shiftLeft = "<<"
  case shiftRight = ">>"
  case contains = "@>"
  case containedBy = "<@"
  case tilde = "~"
  case tildeStar = "~*"
  case notTilde = "!~"
  case notTildeStar = "!~*"
  case doubleTilde = "~~"
  case doubleTildeStar = "~~*"
  case notDoubleTilde = "!~~"
  case notDoubleTildeStar = "!~~*"
  case tripleTilde = "~~~"
  case questionMark = "?"

  /// Returns the longest symbol that a text begins with.
  static func longest(in bytes: ArraySlice<UInt8>) -> Symbol? {
    guard let first = bytes.first, let candidates = byFirstByte[first] else { return nil }
    return candidates.first { bytes.starts(with: $0.rawValue.utf8) }
  }

  /// Symbols by their first byte, longest first.
  private static let byFirstByte: [UInt8: [Symbol]] = {
    let sorted = allCases.sorted { $0.rawValue.utf8.count > $1.rawValue.utf8.count }
    return Dictionary(grouping: sorted) { $0.rawValue.utf8.first ?? 0 }
  }()
}
