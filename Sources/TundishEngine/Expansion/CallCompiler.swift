internal import TundishSyntax

/// Compiles the parts of a metric that is called in a SELECT to aggregates over the columns of a
/// relation of its FROM clause.
///
/// What a metric statement would join, such as the opportunities of a lead, is read by scalar
/// subqueries here, since the FROM clause is the user's.
struct CallCompiler {
  private let compiler: GroupCompiler
  private let relation: MetricScopeRelation
  private let role: RoleDefinition
  /// Whether rows may stand several times, so that entities are counted by their key.
  private let isJoined: Bool
  private let range: SourceRange

  private var scope: RoleScope { compiler.scope }

  /// Prepares to compile the parts of one group.
  init(
    expander: Expander,
    group: MetricGroup,
    role: RoleDefinition,
    relation: MetricScopeRelation,
    isJoined: Bool,
    range: SourceRange
  ) throws(StatementFailure) {
    self.relation = relation
    self.role = role
    self.isJoined = isJoined
    self.range = range
    let lookup = SchemaLookup(catalog: expander.catalog, runner: expander.runner)
    let scope = RoleScope(
      lookup: lookup,
      model: expander.catalog.model,
      definition: role,
      asOf: nil,
      range: range
    )
    scope.lookups = [:]
    let host = try MetricExpander(
      expander: expander,
      statement: MetricStatement(metrics: [], clauses: SalesClauses(), range: range),
      lookup: lookup,
      asOf: Self.needsPresent(group) ? nil : .never
    )
    scope.present = scope.sql.instant(host.asOf.instant)
    compiler = GroupCompiler(statement: host, group: group, scope: scope)
  }

  /// Whether a part asks for the state at as-of; all other parts cover the rows as they are.
  private static func needsPresent(_ group: MetricGroup) -> Bool {
    group.parts.contains { part in
      part.aggregate.contains {
        guard case .call(let call) = $0.kind else { return false }
        return ["overdue", "stalled", "active", "as_of"].contains(foldedText(call.name.last))
      }
    }
  }

  /// The aggregate of a part.
  func aggregate(_ part: MetricPart) throws(StatementFailure) -> Expression {
    try resolved(part.aggregate)
  }

  private func resolved(_ expression: Expression) throws(StatementFailure) -> Expression {
    try expression.rewritten(at: range) {
      (inner: Expression) throws(StatementFailure) -> Expression? in
      switch inner.kind {
      case .name(let parts):
        let name = parts.last?.text ?? ""
        guard let value = try scope.resolve(parts)?.value else {
          return scope.sql.name(relation.alias.text, name)
        }
        return try settled(value, name)
      case .percentage(let text):
        return scope.sql.fraction(ofPercent: text)
      case .call(let call):
        if let value = try compiler.special(call, inner) { return try settled(value, nil) }
        return try counted(call)
      default: return nil
      }
    }
  }

  /// `count(*)` of the entities of the role; nil for other calls.
  private func counted(_ call: FunctionCall) throws(StatementFailure) -> Expression? {
    guard foldedEqual(call.name.last, "count"), call.arguments.count == 1,
      case .star = call.arguments[0].value.kind
    else { return nil }
    var call = call
    call.filter = try call.filter.map {
      (filter: Expression) throws(StatementFailure) -> Expression in try resolved(filter)
    }
    var counted = scope.sql.star
    var needsKey = isJoined
    if let key = role.value("key"), !needsKey {
      needsKey = try !scope.lookup.isUnique(key, in: role.table)
    }
    if let key = role.value("key"), needsKey {
      counted = try settled(scope.qualified(key), "key")
      call.isDistinct = true
    }
    call.arguments = [FunctionArgument(value: counted)]
    return Expression(.call(call), range: range)
  }

  /// A value over the columns of the relation: of the role's view an attribute, else its columns.
  private func settled(
    _ value: Expression,
    _ attribute: String?
  ) throws(StatementFailure) -> Expression {
    let isView = relation.source.map { $0.parts.count == 2 } ?? false
    if isView, let attribute, relation.columns.contains(where: { foldedEqual($0, attribute) }) {
      return scope.sql.name(relation.alias.text, attribute)
    }
    return try scope.inlined(value) { column in
      // An attribute of the view hides a column of the same name.
      let hidden = column + "_1"
      let isHidden = isView && relation.columns.contains { foldedEqual($0, hidden) }
      return scope.sql.name(relation.alias.text, isHidden ? hidden : column)
    }
  }
}

extension AsOfInstant {
  /// For statements in which nothing depends on as-of.
  static let never = AsOfInstant(instant: LocalInstant(microseconds: 0), origin: .now)
}
