internal import TundishSyntax

/// Builds plain syntax trees; every node points at the text that it stands for.
struct SQLBuilder {
  /// The text to blame.
  let range: SourceRange

  /// Creates a builder for a piece of the user's text.
  init(_ range: SourceRange = SourceRange(0, 0)) {
    self.range = range
  }

  // MARK: Names and constants

  func identifier(_ text: String) -> Identifier {
    Identifier(text, range: range, isQuoted: !Self.isPlain(text))
  }

  func name(_ parts: String...) -> Expression {
    expression(.name(parts.map(identifier)))
  }

  func text(_ text: String) -> Expression { expression(.literal(.string(text))) }
  func integer(_ number: Int) -> Expression { expression(.literal(.integer(String(number)))) }
  func boolean(_ value: Bool) -> Expression { expression(.literal(.boolean(value))) }
  var null: Expression { expression(.literal(.null)) }
  var star: Expression { expression(.star(Star())) }

  /// `DATE '2026-01-31'`, or a timestamp where the instant is no midnight.
  func instant(_ instant: LocalInstant) -> Expression {
    let type = instant.isMidnight ? "DATE" : "TIMESTAMP"
    return expression(
      .typedLiteral(
        TypeName(.named(type, arguments: []), range: range),
        instant.description
      )
    )
  }

  // MARK: Operators

  func expression(_ kind: Expression.Kind) -> Expression { Expression(kind, range: range) }

  func binary(_ operation: BinaryOperator, _ left: Expression, _ right: Expression) -> Expression {
    expression(.binary(operation, grouped(left), grouped(right)))
  }

  func equal(_ left: Expression, _ right: Expression) -> Expression { binary(.equal, left, right) }
  func less(_ left: Expression, _ right: Expression) -> Expression { binary(.less, left, right) }
  func atLeast(_ left: Expression, _ right: Expression) -> Expression {
    binary(.greaterOrEqual, left, right)
  }
  func not(_ operand: Expression) -> Expression { expression(.unary(.not, grouped(operand))) }
  func isNull(_ operand: Expression, not isNegated: Bool = false) -> Expression {
    expression(.isNull(grouped(operand), isNegated: isNegated))
  }
  func same(_ left: Expression, _ right: Expression) -> Expression {
    expression(.isDistinctFrom(grouped(left), grouped(right), isNegated: true))
  }

  func any(of operand: Expression, _ texts: [String]) -> Expression {
    if texts.count == 1 { return equal(operand, text(texts[0])) }
    return expression(.inList(grouped(operand), texts.map(text), isNegated: false))
  }

  /// The conditions joined by AND; nil where there are none.
  func all(_ conditions: [Expression]) -> Expression? { joined(.and, conditions) }

  /// The conditions joined by OR; nil where there are none.
  func either(_ conditions: [Expression]) -> Expression? { joined(.or, conditions) }

  private func joined(_ operation: BinaryOperator, _ conditions: [Expression]) -> Expression? {
    guard var result = conditions.first else { return nil }
    if conditions.count > 1 { result = grouped(result, inside: operation) }
    for condition in conditions.dropFirst() {
      result = expression(.binary(operation, result, grouped(condition, inside: operation)))
    }
    return result
  }

  func cast(_ operand: Expression, _ type: String) -> Expression {
    expression(
      .cast(grouped(operand), TypeName(.named(type, arguments: []), range: range), isTry: false)
    )
  }

  func decimal(_ operand: Expression, precision: Int, scale: Int) -> Expression {
    expression(
      .cast(
        grouped(operand),
        TypeName(.named("DECIMAL", arguments: [precision, scale]), range: range),
        isTry: false
      )
    )
  }

  func call(
    _ function: String,
    _ arguments: [Expression],
    isDistinct: Bool = false,
    orderBy: [OrderItem] = [],
    filter: Expression? = nil,
    over: WindowSpecification? = nil
  ) -> Expression {
    expression(
      .call(
        FunctionCall(
          name: QualifiedName([Identifier(function, range: range)]),
          arguments: arguments.map { FunctionArgument(value: $0) },
          isDistinct: isDistinct,
          orderBy: orderBy,
          filter: filter,
          over: over.map { .specification($0) }
        )
      )
    )
  }

  func choose(_ branches: [(Expression, Expression)], otherwise: Expression? = nil) -> Expression {
    expression(
      .caseWhen(
        operand: nil,
        branches: branches.map { CaseBranch(condition: $0.0, result: $0.1) },
        otherwise: otherwise
      )
    )
  }

  func unit(_ operand: Expression, _ unit: String?) -> Expression {
    guard let unit else { return operand }
    return call("unit", [operand, text(unit)])
  }

  func interval(_ count: Int, _ unit: IntervalUnit) -> Expression {
    expression(.interval(integer(count), unit: unit))
  }

  // MARK: Queries

  func item(_ expression: Expression, as alias: String? = nil) -> SelectItem {
    if let alias, case .name(let parts) = expression.kind, let last = parts.last,
      parts.count == 1, last.text == alias
    {
      return SelectItem(expression: expression)
    }
    return SelectItem(expression: expression, alias: alias.map(identifier))
  }

  func query(
    _ select: Select,
    with items: [CommonTableExpression] = [],
    orderBy: [OrderItem] = [],
    limit: Int? = nil
  ) -> Query {
    query(.select(select), with: items, orderBy: orderBy, limit: limit)
  }

  func query(_ select: Select, with clause: WithClause?) -> Query {
    Query(with: clause, body: .select(select), range: range)
  }

  func query(
    _ body: QueryBody,
    with items: [CommonTableExpression] = [],
    orderBy: [OrderItem] = [],
    limit: Int? = nil
  ) -> Query {
    Query(
      with: items.isEmpty ? nil : WithClause(isRecursive: false, items: items),
      body: body,
      orderBy: orderBy.isEmpty ? nil : .items(orderBy),
      limit: limit.map { LimitClause(count: integer($0)) },
      range: range
    )
  }

  func select(
    _ items: [SelectItem],
    from: TableReference?,
    where filter: Expression? = nil,
    groupBy: GroupBy? = nil,
    distinct: Bool = false
  ) -> Select {
    Select(
      distinct: distinct ? .all : nil,
      items: items,
      from: from.map { [$0] } ?? [],
      filter: filter,
      groupBy: groupBy,
      range: range
    )
  }

  func table(_ name: QualifiedName, as alias: String? = nil) -> TableReference {
    TableReference(
      .table(name),
      alias: alias.flatMap { foldedEqual($0, name.last) ? nil : identifier($0) },
      range: range
    )
  }

  func table(_ name: String, as alias: String? = nil) -> TableReference {
    table(QualifiedName([identifier(name)]), as: alias)
  }

  /// The table that the catalog keeps under a name, whatever schema is in use.
  func stored(_ name: String, as alias: String? = nil) -> TableReference {
    table(QualifiedName([identifier(Catalog.mainSchema), identifier(name)]), as: alias)
  }

  func join(
    _ left: TableReference,
    _ kind: JoinClause.Kind,
    _ right: TableReference,
    on condition: Expression?
  ) -> TableReference {
    TableReference(
      .join(
        JoinClause(
          left: left,
          right: right,
          kind: kind,
          condition: condition.map { .on($0) } ?? .none
        )
      ),
      range: range
    )
  }

  func common(_ name: String, _ query: Query) -> CommonTableExpression {
    CommonTableExpression(name: identifier(name), query: query, range: range)
  }

  func descending(_ expression: Expression) -> OrderItem {
    OrderItem(expression: expression, isDescending: true, nullsFirst: false)
  }

  func ascending(_ expression: Expression) -> OrderItem {
    OrderItem(expression: expression, isDescending: nil, nullsFirst: false)
  }

  // MARK: Parentheses

  /// The operand in parentheses, unless it binds tighter than every operator.
  func grouped(_ operand: Expression, inside operation: BinaryOperator? = nil) -> Expression {
    switch operand.kind {
    case .binary(let inner, _, _):
      if operation == .and, inner.isComparison { return operand }
      if let operation, inner == operation { return operand }
      return expression(.parenthesized(operand))
    case .isNull, .between, .inList, .isDistinctFrom, .isTruth, .like, .inQuery:
      return operation == nil ? expression(.parenthesized(operand)) : operand
    case .unary(.not, _):
      return operation == .and || operation == .or ? operand : expression(.parenthesized(operand))
    case .unary, .quantified, .lambda, .atTimeZone, .collate:
      return expression(.parenthesized(operand))
    case .literal, .typedLiteral, .interval, .duration, .percentage, .bareDate, .name, .star,
      .columns, .parameter, .exists, .scalarQuery, .caseWhen, .cast, .call, .extract, .list,
      .listComprehension, .structure, .row, .index, .slice, .member, .defaultValue,
      .parenthesized, .missing:
      return operand
    }
  }

  /// Whether a name needs no quotes.
  static func isPlain(_ text: String) -> Bool {
    guard let first = text.utf8.first, isLetter(first) else { return false }
    return text.utf8.allSatisfy { isLetter($0) || ($0 >= 0x30 && $0 <= 0x39) }
      && !reserved.contains(foldedText(text))
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (byte >= 0x61 && byte <= 0x7A) || (byte >= 0x41 && byte <= 0x5A) || byte == 0x5F
  }

  /// The words that the grammar reserves and that columns are sometimes called.
  private static let reserved: Set<String> = [
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "both", "case",
    "cast", "check", "collate", "column", "constraint", "create", "current_date", "current_role",
    "current_time", "current_timestamp", "current_user", "default", "deferrable", "desc",
    "distinct", "do", "else", "end", "except", "false", "fetch", "for", "foreign", "from", "grant",
    "group", "having", "in", "initially", "intersect", "into", "lateral", "leading", "limit",
    "localtime", "localtimestamp", "not", "null", "offset", "on", "only", "or", "order", "pivot",
    "placing", "primary", "qualify", "references", "returning", "select", "session_user", "some",
    "symmetric", "table", "then", "to", "trailing", "true", "union", "unique", "unpivot", "user",
    "using", "variadic", "when", "where", "window", "with", "authorization", "binary",
    "concurrently",
    "cross", "freeze", "full", "ilike", "inner", "is", "isnull", "join", "left", "like", "natural",
    "notnull", "outer", "overlaps", "right", "similar", "tablesample", "verbose", "anti", "semi",
    "asof", "positional",
  ]
}

/// Letters A to Z in lower case.
func foldedText(_ text: String) -> String {
  String(
    decoding: text.utf8.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 },
    as: UTF8.self
  )
}

/// Whether two names are one, A to Z in either case.
func foldedEqual(_ first: String, _ second: String) -> Bool {
  foldedText(first) == foldedText(second)
}
