extension Syntax {
  /// The parameters of a statement that stands in a text, each once: `$name`, `$1`, and `?`, which
  /// has the number after the highest before it.
  ///
  /// They are read off the tokens, since a parameter may stand anywhere in the tree.
  package static func parameters(in statement: Statement, of text: String) -> Set<Parameter> {
    let bytes = Array(text.utf8)
    guard statement.range.upperBound <= bytes.count else { return [] }
    let part = Array(bytes[statement.range.lowerBound..<statement.range.upperBound])
    var found: Set<Parameter> = []
    var questionMarks = 0
    for token in Lexer.lex(part).tokens {
      if token.symbol == .questionMark {
        questionMarks += 1
        found.insert(.positional(questionMarks))
      } else if token.kind == .parameter {
        let name = String(
          decoding: part[token.range.lowerBound..<token.range.upperBound].dropFirst(),
          as: UTF8.self
        )
        if let number = Int(name) {
          questionMarks = max(questionMarks, number)
          found.insert(.positional(number))
        } else {
          found.insert(.named(name))
        }
      }
    }
    return found
  }
}
