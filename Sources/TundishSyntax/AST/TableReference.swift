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
