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
  /// `USING KEY (...)`: unused names are an error of the binder.
  package var range: SourceRange

  /// Creates a named query.
  package init(
    name: Identifier,
    columns: [Identifier] = [],
    isMaterialized: Bool? = nil,
    query: Query,
    range: SourceRange
  ) {
    self.name = name
    self.columns = columns
    self.isMaterialized = isMaterialized
    self.query = query
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

/// `SELECT ... FROM ... WHERE ... GROUP BY ... HAVING ... WINDOW ... QUALIFY ...`.
package struct Select: Sendable, Hashable {
  /// `DISTINCT`, `DISTINCT ON (...)`.
  package var distinct: Distinct?
  /// The output columns; a bare FROM has one star.
  package var items: [SelectItem]
  /// The relations between commas.
  package var from: [TableReference]
  /// `WHERE`.
  package var filter: Expression?
  /// `GROUP BY`.
  package var groupBy: GroupBy?
  /// `HAVING`.
  package var having: Expression?
  /// `WINDOW w AS (...), ...`.
  package var windows: [NamedWindow]
  /// `QUALIFY`.
  package var qualify: Expression?
  /// `USING SAMPLE ...`.
  package var sample: Sample?
  /// Where it stands.
  package var range: SourceRange

  /// Creates a select.
  package init(
    distinct: Distinct? = nil,
    items: [SelectItem],
    from: [TableReference] = [],
    filter: Expression? = nil,
    groupBy: GroupBy? = nil,
    having: Expression? = nil,
    windows: [NamedWindow] = [],
    qualify: Expression? = nil,
    sample: Sample? = nil,
    range: SourceRange
  ) {
    self.distinct = distinct
    self.items = items
    self.from = from
    self.filter = filter
    self.groupBy = groupBy
    self.having = having
    self.windows = windows
    self.qualify = qualify
    self.sample = sample
    self.range = range
  }
}

/// `DISTINCT` or `DISTINCT ON (...)`.
package enum Distinct: Sendable, Hashable {
  /// `DISTINCT`.
  case all
  /// `DISTINCT ON (<expr>, ...)`.
  case on([Expression])
}

/// `<expr> [[AS] <alias>]`, `<alias>: <expr>`.
package struct SelectItem: Sendable, Hashable {
  /// The value, a star or COLUMNS.
  package var expression: Expression
  /// The output name, where given.
  package var alias: Identifier?

  /// Creates an item.
  package init(expression: Expression, alias: Identifier? = nil) {
    self.expression = expression
    self.alias = alias
  }
}

/// `<name> AS (<window>)`.
package struct NamedWindow: Sendable, Hashable {
  /// The window's name.
  package let name: Identifier
  /// The window.
  package let specification: WindowSpecification

  /// Creates a named window.
  package init(name: Identifier, specification: WindowSpecification) {
    self.name = name
    self.specification = specification
  }
}

/// `GROUP BY ALL` or `GROUP BY <element>, ...`.
package indirect enum GroupBy: Sendable, Hashable {
  /// `GROUP BY ALL`.
  case all(SourceRange)
  /// `GROUP BY <element>, ...`.
  case elements([GroupingElement])
}

/// An element of GROUP BY.
package indirect enum GroupingElement: Sendable, Hashable {
  /// `<expr>`, `(<expr>, ...)`, `()`.
  case expressions([Expression])
  /// `ROLLUP (...)`; each member is one or several expressions.
  case rollup([[Expression]])
  /// `CUBE (...)`.
  case cube([[Expression]])
  /// `GROUPING SETS (...)`.
  case groupingSets([GroupingElement])
}

/// `USING SAMPLE 10%`, `TABLESAMPLE reservoir(100 ROWS) REPEATABLE (42)`.
package struct Sample: Sendable, Hashable {
  /// Rows or per cent, digits.
  package let amount: String
  /// Whether `amount` is a percentage.
  package let isPercentage: Bool
  /// `bernoulli`, `system`, `reservoir`, where written.
  package let method: Identifier?
  /// REPEATABLE (seed).
  package let seed: Int?
  /// Where it stands.
  package let range: SourceRange

  /// Creates a sample.
  package init(
    amount: String,
    isPercentage: Bool,
    method: Identifier? = nil,
    seed: Int? = nil,
    range: SourceRange
  ) {
    self.amount = amount
    self.isPercentage = isPercentage
    self.method = method
    self.seed = seed
    self.range = range
  }
}

/// A relation in FROM.
package struct TableReference: Sendable, Hashable {
  /// What it is.
  package var kind: Kind
  /// `[AS] t`.
  package var alias: Identifier?
  /// `t(a, b)`.
  package var columnAliases: [Identifier]
  /// `TABLESAMPLE ...`.
  package var sample: Sample?
  /// Where it stands.
  package var range: SourceRange

  /// Creates a reference.
  package init(
    _ kind: Kind,
    alias: Identifier? = nil,
    columnAliases: [Identifier] = [],
    sample: Sample? = nil,
    range: SourceRange
  ) {
    self.kind = kind
    self.alias = alias
    self.columnAliases = columnAliases
    self.sample = sample
    self.range = range
  }

  /// The forms of relations.
  package indirect enum Kind: Sendable, Hashable {
    /// `deals`, `model.opportunities`, `_`.
    case table(QualifiedName)
    /// `'deals.csv'`.
    case file(String)
    /// `range(10)`, `read_csv('x.csv', delim = ';')`, `unnest(list)`.
    case function(FunctionCall, withOrdinality: Bool)
    /// `[LATERAL] (<query>)`.
    case query(Query, isLateral: Bool)
    /// `<left> JOIN <right> ON ...`.
    case join(JoinClause)
    /// `<relation> PIVOT (...)`.
    case pivot(TableReference, Pivot)
    /// `<relation> UNPIVOT (...)`.
    case unpivot(TableReference, Unpivot)
  }
}

/// `<left> [NATURAL] [ASOF] <kind> JOIN <right> [ON <condition> | USING (...)]`.
package struct JoinClause: Sendable, Hashable {
  /// Which rows survive.
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case inner = "INNER"
    case left = "LEFT"
    case right = "RIGHT"
    case full = "FULL"
    case cross = "CROSS"
    case semi = "SEMI"
    case anti = "ANTI"
    case positional = "POSITIONAL"
  }

  /// How rows are matched.
  package enum Condition: Sendable, Hashable {
    /// No condition was written.
    case none
    /// `ON <condition>`.
    case on(Expression)
    /// `USING (<name>, ...)`.
    case using([Identifier])
    /// `NATURAL`.
    case natural
  }

  /// The left relation.
  package var left: TableReference
  /// The right relation.
  package var right: TableReference
  /// Which rows survive.
  package var kind: Kind
  /// `ASOF`.
  package var isAsOf: Bool
  /// How rows are matched.
  package var condition: Condition

  /// Creates a join.
  package init(
    left: TableReference,
    right: TableReference,
    kind: Kind,
    isAsOf: Bool = false,
    condition: Condition
  ) {
    self.left = left
    self.right = right
    self.kind = kind
    self.isAsOf = isAsOf
    self.condition = condition
  }
}

/// `PIVOT (<aggregate>, ... FOR <column> IN (<value>, ...) ... GROUP BY ...)`.
package struct Pivot: Sendable, Hashable {
  /// The aggregates, each with its alias.
  package var aggregates: [SelectItem]
  /// The columns whose values become columns.
  package var columns: [PivotColumn]
  /// `GROUP BY <name>, ...`.
  package var groupBy: [Expression]

  /// Creates a pivot.
  package init(aggregates: [SelectItem], columns: [PivotColumn], groupBy: [Expression] = []) {
    self.aggregates = aggregates
    self.columns = columns
    self.groupBy = groupBy
  }
}

/// `<expr> [IN (<value> [AS <alias>], ...)]`.
package struct PivotColumn: Sendable, Hashable {
  /// The column or expression.
  package var expression: Expression
  /// The values; nil means all that occur.
  package var values: [SelectItem]?

  /// Creates a column.
  package init(expression: Expression, values: [SelectItem]? = nil) {
    self.expression = expression
    self.values = values
  }
}

/// `UNPIVOT [INCLUDE NULLS] (<value> FOR <name> IN (<column>, ...))`.
package struct Unpivot: Sendable, Hashable {
  /// INCLUDE NULLS.
  package var includesNulls: Bool
  /// The columns that take the values.
  package var valueColumns: [Identifier]
  /// The column that takes the names.
  package var nameColumn: Identifier
  /// The columns to turn: each item is one column, a row of columns, a star or COLUMNS.
  package var columns: [SelectItem]

  /// Creates an unpivot.
  package init(
    includesNulls: Bool = false,
    valueColumns: [Identifier],
    nameColumn: Identifier,
    columns: [SelectItem]
  ) {
    self.includesNulls = includesNulls
    self.valueColumns = valueColumns
    self.nameColumn = nameColumn
    self.columns = columns
  }
}

/// `PIVOT <relation> [ON <column>, ...] [USING <aggregate>, ...] [GROUP BY <column>, ...]`.
package struct PivotStatement: Sendable, Hashable {
  /// The relation.
  package var source: TableReference
  /// The pivot; its aggregates default to `count(*)`.
  package var pivot: Pivot

  /// Creates a statement.
  package init(source: TableReference, pivot: Pivot) {
    self.source = source
    self.pivot = pivot
  }
}

/// `UNPIVOT <relation> ON <column>, ... [INTO NAME <name> VALUE <name>, ...]`.
package struct UnpivotStatement: Sendable, Hashable {
  /// The relation.
  package var source: TableReference
  /// The unpivot; names default to `name` and `value`.
  package var unpivot: Unpivot

  /// Creates a statement.
  package init(source: TableReference, unpivot: Unpivot) {
    self.source = source
    self.unpivot = unpivot
  }
}
