internal import TundishSyntax

// The members of dimensions that links make known, whether or not rows name them.
extension RoleScope {
  /// The table that lists a dimension's members, the shown value and the key.
  func members(
    _ path: [Identifier]
  ) throws(StatementFailure) -> (table: QualifiedName, value: Expression, key: Expression)? {
    guard let last = path.last else { return nil }
    var column = last.text
    if path.count == 1, let name = definition.value(column)?.simpleName { column = name.text }
    if let link = links(from: definition.table).first(where: { foldedEqual($0.source.last, column) }
    ) {
      let table = QualifiedName(Array(link.target.parts.dropLast()))
      return (
        table, sql.name(link.show?.text ?? link.target.last), sql.name(link.target.last)
      )
    }
    for link in links(from: definition.table) {
      let table = QualifiedName(Array(link.target.parts.dropLast()))
      guard try lookup.column(last.text, of: table) != nil,
        try lookup.column(last.text, of: definition.table) == nil
      else { continue }
      return (table, sql.name(last.text), sql.name(last.text))
    }
    return nil
  }
}
