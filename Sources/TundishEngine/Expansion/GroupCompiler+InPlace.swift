internal import TundishSyntax

extension GroupCompiler {
  /// A condition over the compiled columns as one over the rows that they are computed from.
  func inPlace(_ condition: Expression?) throws(StatementFailure) -> Expression? {
    guard let condition else { return nil }
    let columns = columns
    return try condition.rewritten {
      (part: Expression) throws(StatementFailure) -> Expression? in
      guard let name = part.simpleName,
        let column = columns.first(where: { foldedEqual($0.name, name.text) })
      else { return nil }
      return sql.grouped(column.value)
    }
  }
}
