internal import TundishSyntax

extension Expression {
  /// The expression with a relation's name before every bare name that is one of its columns; for
  /// DO UPDATE, where a bare name means the row that is there already.
  func qualified(by relation: String, columns: [String]) -> Expression {
    let keys = Set(columns.map(foldedText))
    let rewritten = try? rewritten { (part: Expression) throws(StatementFailure) in
      guard case .name(let parts) = part.kind, parts.count == 1,
        keys.contains(foldedText(parts[0].text))
      else { return nil }
      return Expression(
        .name([Identifier(relation, range: part.range, isQuoted: true)] + parts),
        range: part.range
      )
    }
    return rewritten ?? self
  }
}

extension Expression {
  /// The expression with a column's bare or qualified name replaced, for RENAME COLUMN.
  func renaming(_ column: Identifier, to newName: Identifier) -> Expression {
    let key = foldedText(column.text)
    let rewritten = try? rewritten { (part: Expression) throws(StatementFailure) in
      guard case .name(let parts) = part.kind, let last = parts.last, foldedText(last.text) == key
      else { return nil }
      return Expression(.name(parts.dropLast() + [newName]), range: part.range)
    }
    return rewritten ?? self
  }
}
