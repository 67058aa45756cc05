/// A query: what may stand in parentheses, in a CTE, after CREATE TABLE AS.
package struct Query: Sendable, Hashable {
  /// `WITH ...`.
  package var with: WithClause?
  /// The part before ORDER BY.
  package var body: QueryBody
  /// `ORDER BY ...`.
  package var orderBy: OrderBy?
  /// `LIMIT ... OFFSET ...`, `FETCH FIRST ...`.
  package var limit: LimitClause?
  /// Where it stands.
  package var range: SourceRange

  /// Creates a query.
  package init(
    with: WithClause? = nil,
    body: QueryBody,
    orderBy: OrderBy? = nil,
    limit: LimitClause? = nil,
    range: SourceRange
  ) {
    self.with = with
    self.body = body
    self.orderBy = orderBy
    self.limit = limit
    self.range = range
  }
}

/// The forms of a query before ORDER BY and LIMIT.
package indirect enum QueryBody: Sendable, Hashable {
  /// `SELECT ...`, `FROM t`, `FROM t SELECT a`.
  case select(Select)
  /// `VALUES (1, 'a'), (2, 'b')`.
  case values([[Expression]])
  /// `TABLE t`.
  case table(QualifiedName)
  /// `<left> UNION [ALL] [BY NAME] <right>`.
  case setOperation(SetOperator, isAll: Bool, byName: Bool, Query, Query)
  /// `(<query>)`.
  case parenthesized(Query)
  /// `MEASURE ...`, `FUNNEL ...`, `FLOW ...`, `SURVIVAL ...`.
  case sales(SalesQuery)
  /// `PIVOT t ON c USING sum(x) GROUP BY g`, as a statement.
  case pivot(PivotStatement)
  /// `UNPIVOT t ON a, b INTO NAME n VALUE v`, as a statement.
  case unpivot(UnpivotStatement)
  /// `DESCRIBE <query>`, `SUMMARIZE <query>`, `SHOW ...` in FROM.
  case describe(Statement)
}

/// Set operations.
package enum SetOperator: String, Sendable, Hashable {
  case union = "UNION"
  case intersect = "INTERSECT"
  case except = "EXCEPT"
}

/// `WITH [RECURSIVE] name (columns) AS [NOT] [MATERIALIZED] (query), ...`.
package struct WithClause: Sendable, Hashable {
  /// RECURSIVE was written.
  package var isRecursive: Bool
  /// The named queries, in order.
  package var items: [CommonTableExpression]

  /// Creates a clause.
  package init(isRecursive: Bool, items: [CommonTableExpression]) {
    self.isRecursive = isRecursive
    self.items = items
  }
}

extension Query {
  /// The query with named queries before it.
  package func adding(_ with: WithClause) -> Query {
    var query = self
    query.with = with
    return query
  }
}

/// One named query of a WITH clause.
package struct CommonTableExpression: Sendable, Hashable {
  /// Its name.
  package var name: Identifier
  /// The names of its columns, where given.
  package var columns: [Identifier]
  /// MATERIALIZED (true) or NOT MATERIALIZED (false), where written.
  package var isMaterialized: Bool?
  /// The query.
  package var query: Query
  /// The statement that changes rows and stands where the query would be.
  package var change: TableChange?
  /// The whole item.
  package var range: SourceRange

  /// Creates a named query.
  package init(
    name: Identifier,
    columns: [Identifier] = [],
    isMaterialized: Bool? = nil,
    query: Query,
    change: TableChange? = nil,
    range: SourceRange
  ) {
    self.name = name
    self.columns = columns
    self.isMaterialized = isMaterialized
    self.query = query
    self.change = change
    self.range = range
  }
}

/// `ORDER BY ALL` or `ORDER BY <item>, ...`.
package indirect enum OrderBy: Sendable, Hashable {
  /// `ORDER BY ALL [ASC | DESC] [NULLS FIRST | LAST]`.
  case all(isDescending: Bool?, nullsFirst: Bool?, SourceRange)
  /// `ORDER BY <item>, ...`.
  case items([OrderItem])
}

/// `LIMIT <expr> [PERCENT | %] OFFSET <expr>`.
package struct LimitClause: Sendable, Hashable {
  /// The number of rows, or the percentage; nil for `LIMIT ALL` and for OFFSET alone.
  package var count: Expression?
  /// Whether `count` is a percentage.
  package var isPercentage: Bool
  /// The number of rows to skip.
  package var offset: Expression?
  /// WITH TIES of FETCH FIRST.
  package var withTies: Bool

  /// Creates a clause.
  package init(
    count: Expression?,
    isPercentage: Bool = false,
    offset: Expression? = nil,
    withTies: Bool = false
  ) {
    self.count = count
    self.isPercentage = isPercentage
    self.offset = offset
    self.withTies = withTies
  }
}
