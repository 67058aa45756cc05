internal import TundishSyntax

/// What a scope would join, for rows to which nothing can be joined.
struct Lookup {
  /// The relation under its alias; it has at most one row for each row of the scope.
  var relation: TableReference
  var condition: Expression
  /// The column whose greatest value chooses among several rows; nil where there is at most one.
  var newestBy: Expression?
}

extension RoleScope {
  /// Joins a relation with at most one row for each of the scope's.
  func add(
    _ relation: TableReference,
    as alias: String,
    _ kind: JoinClause.Kind,
    on condition: Expression
  ) {
    if lookups != nil {
      lookups?[alias] = Lookup(relation: relation, condition: condition)
    } else {
      from = sql.join(from, kind, relation, on: condition)
    }
  }

  /// A value with the columns of what would be joined read by subqueries, and the scope's own
  /// columns as `own` gives them; `inner` is the lookup whose condition it is.
  func inlined(
    _ value: Expression,
    inside inner: String? = nil,
    own: (String) -> Expression
  ) throws(StatementFailure) -> Expression {
    try value.rewritten { (part: Expression) throws(StatementFailure) -> Expression? in
      guard case .name(let parts) = part.kind, parts.count == 2, let column = parts.last?.text
      else { return nil }
      let source = parts[0].text
      if source != inner, let lookup = lookups?[source] {
        let select = sql.select(
          [sql.item(part)],
          from: lookup.relation,
          where: try inlined(lookup.condition, inside: source, own: own)
        )
        guard let newest = lookup.newestBy else {
          return sql.expression(.scalarQuery(sql.query(select)))
        }
        return sql.expression(
          .scalarQuery(sql.query(select, orderBy: [sql.descending(newest)], limit: 1))
        )
      }
      return foldedEqual(source, alias) ? own(column) : nil
    }
  }
}
