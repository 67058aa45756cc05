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
