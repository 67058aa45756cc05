/// MERGE.
extension Formatter {
  mutating func merge(_ merge: Merge) -> Layout {
    let alias = merge.alias.map { " AS " + label($0) } ?? ""
    var parts: [Layout] = merge.with.map { [self.with($0), .line] } ?? []
    parts += [
      .text("MERGE INTO \(name(merge.table))\(alias)"), .line,
      [keyword("USING"), " ", operand(merge.source)],
    ]
    switch merge.condition {
    case .on(let condition): parts += [" ", keyword("ON"), " ", expression(condition)]
    case .using(let columns): parts += [" ", keyword("USING"), " ", names(columns)]
    case .none, .natural: break
    }
    for clause in merge.clauses { parts += [.line, mergeClause(clause)] }
    parts.append(returning(merge.returning))
    return .group(.sequence(parts))
  }

  private mutating func mergeClause(_ clause: MergeClause) -> Layout {
    var parts: [Layout] = [keyword("WHEN \(clause.match.rawValue)")]
    if let filter = clause.filter { parts += [" ", keyword("AND"), " ", expression(filter)] }
    parts += [" ", keyword("THEN"), " ", mergeAction(clause.action)]
    return .sequence(parts)
  }

  private mutating func mergeAction(_ action: MergeClause.Action) -> Layout {
    switch action {
    case .update(let assignments): [keyword("UPDATE SET"), " ", self.assignments(assignments)]
    case .updateAll(let byName): keyword(byName ? "UPDATE BY NAME" : "UPDATE SET *")
    case .delete: keyword("DELETE")
    case .insert(let columns, let values):
      [
        keyword("INSERT"), " ", columns.isEmpty ? .empty : [names(columns), " "],
        keyword("VALUES"), " ", values.map { expression($0) }.inParentheses,
      ]
    case .insertAll(let byName): keyword(byName ? "INSERT BY NAME" : "INSERT *")
    case .insertDefaults: keyword("INSERT DEFAULT VALUES")
    case .nothing: keyword("DO NOTHING")
    case .error(let message):
      [keyword("ERROR"), message.map { [" ", expression($0)] } ?? .empty]
    }
  }
}
