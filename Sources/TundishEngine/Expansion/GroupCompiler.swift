internal import TundishColumns
internal import TundishSyntax

/// Compiles one group of parts to the rows that it reads and the scan that aggregates them.
///
/// The rows are a named query whose columns are the dimensions, the axis and the attributes that
/// the aggregates use; names of the model do not occur outside it.
final class GroupCompiler {
  let statement: MetricExpander
  let scope: RoleScope
  let group: MetricGroup
  let sql: SQLBuilder
  /// The columns of the rows, in order.
  private(set) var columns: [(name: String, value: Expression)] = []
  private(set) var date: Expression?
  private var conditions: [Expression] = []

  init(
    statement: MetricExpander,
    group: MetricGroup,
    scope: RoleScope
  ) {
    self.statement = statement
    self.group = group
    self.scope = scope
    sql = SQLBuilder(statement.range)
  }

  /// The columns that a link was followed for, for the footer.
  private(set) var followedLinks: [(source: Expression, target: Expression, table: String)] = []

  // MARK: Rows

  /// Adds the dimensions: one column each, and a hidden one where names are shown for keys.
  func addDimensions(_ dimensions: [NamedDimension]) throws(StatementFailure) {
    for dimension in dimensions {
      var key: Expression?
      let value: Expression
      if let name = dimension.path {
        guard let resolution = try scope.resolve(name) else {
          throw StatementFailure([
            .unresolvedDimension(
              name.map(\.text).joined(separator: "."),
              metrics: statement.metricNames(of: group.key),
              scope: scope.definition,
              model: scope.model,
              candidates: try statement.dimensionNames(of: scope),
              range: dimension.range
            )
          ])
        }
        value = resolution.value
        key = resolution.key
        if let link = resolution.link { followedLinks.append(link) }
      } else {
        value = try compile(dimension.expression, isUserText: true)
      }
      columns.append((dimension.name, value))
      if dimension.isKeyed { columns.append((dimension.keyName, key ?? value)) }
    }
  }

  /// Adds the conditions of the user's `where`.
  func addFilter(_ filter: Expression) throws(StatementFailure) {
    conditions.append(try compile(filter, isUserText: true))
  }

  func addCondition(_ condition: Expression) {
    conditions.append(condition)
  }

  /// Makes the group's date known.
  func resolveDate() throws(StatementFailure) {
    guard let body = group.key.date else { return }
    date = try compile(body, isUserText: false)
  }

  func addAxis(_ name: String, _ value: Expression) {
    columns.append((name, value))
  }

  var filter: Expression? { sql.all(conditions) }

  /// The rows as a query.
  func rows() -> Query {
    var items = columns.map { sql.item($0.value, as: $0.name) }
    if items.isEmpty { items = [sql.item(sql.integer(1), as: "row")] }
    return sql.query(sql.select(items, from: scope.from, where: filter))
  }

  /// Gives a value of the rows a column and returns a reference to it.
  func project(_ value: Expression, as name: String) -> Expression {
    if let known = columns.first(where: { $0.value == value }) { return sql.name(known.name) }
    var unique = name
    var number = 2
    while columns.contains(where: { foldedEqual($0.name, unique) }) {
      unique = "\(name)_\(number)"
      number += 1
    }
    columns.append((unique, value))
    return sql.name(unique)
  }

  // MARK: Expressions

  /// Compiles an expression over names of the role to one over the columns of its tables.
  func compile(
    _ expression: Expression,
    isUserText: Bool
  ) throws(StatementFailure) -> Expression {
    try expression.rewritten(at: isUserText ? nil : sql.range) {
      (part: Expression) throws(StatementFailure) -> Expression? in
      switch part.kind {
      case .name(let parts): return try resolve(parts, isUserText: isUserText)
      case .percentage(let text): return sql.fraction(ofPercent: text)
      case .bareDate: return sql.instant(LocalInstant(try statement.frame.day(part)))
      case .call(let call): return try special(call, part)
      default: return nil
      }
    }
  }

  private func resolve(
    _ parts: [Identifier],
    isUserText: Bool
  ) throws(StatementFailure) -> Expression {
    if let resolution = try scope.resolve(parts) {
      if let link = resolution.link, isUserText { followedLinks.append(link) }
      return resolution.value
    }
    let text = parts.map(\.text).joined(separator: ".")
    let metrics = statement.metricNames(of: group.key)
    if !isUserText, RoleScope.knownAttributes(of: scope.role).contains(foldedText(text)) {
      throw StatementFailure([
        .missingAttribute(
          text.uppercasedASCII,
          of: scope.role,
          table: scope.definition.table.last,
          neededBy: metrics.first,
          range: sql.range
        )
      ])
    }
    throw StatementFailure([
      .unresolvedDimension(
        text,
        metrics: metrics,
        scope: scope.definition,
        model: scope.model,
        candidates: try statement.dimensionNames(of: scope),
        range: isUserText
          ? (parts.first?.range ?? sql.range).union(parts.last?.range ?? sql.range) : sql.range
      )
    ])
  }

  /// Compiles an aggregate: its names become columns of the rows.
  func aggregate(_ part: MetricPart) throws(StatementFailure) -> Expression {
    try projected(part.aggregate)
  }

  private func projected(_ expression: Expression) throws(StatementFailure) -> Expression {
    try expression.rewritten(at: sql.range) {
      (part: Expression) throws(StatementFailure) -> Expression? in
      switch part.kind {
      case .name(let parts):
        let value = try resolve(parts, isUserText: false)
        return project(value, as: foldedText(parts.last?.text ?? "value"))
      case .percentage(let text): return sql.fraction(ofPercent: text)
      case .call(var call):
        if let value = try special(call, part) {
          return value.contains { if case .name = $0.kind { true } else { false } }
            ? project(value, as: Self.columnName(of: call)) : value
        }
        guard foldedEqual(call.name.last, "count"), call.arguments.count == 1,
          case .star = call.arguments[0].value.kind
        else { return nil }
        call.filter = try call.filter.map {
          (filter: Expression) throws(StatementFailure) -> Expression in try projected(filter)
        }
        if let key = scope.definition.value("key"),
          try !scope.lookup.isUnique(key, in: scope.definition.table)
        {
          call.arguments = [FunctionArgument(value: project(scope.qualified(key), as: "key"))]
          call.isDistinct = true
        } else {
          call.arguments = [FunctionArgument(value: sql.star)]
        }
        return Expression(.call(call), range: sql.range)
      default: return nil
      }
    }
  }

  /// The forms that only definitions of metrics know.
  private func special(
    _ call: FunctionCall,
    _ part: Expression
  ) throws(StatementFailure) -> Expression? {
    guard call.name.parts.count == 1 else { return nil }
    let arguments = call.arguments.map(\.value)
    switch (foldedText(call.name.last), arguments.count) {
    case ("at", 1): return try milestone(arguments[0]).at
    case ("reached", 1): return try milestone(arguments[0]).reached
    case ("reached", 2):
      return try arrival(at: arguments[0], from: arguments[1], isOrdered: false)
    case ("followed", 2):
      return try arrival(at: arguments[1], from: arguments[0], isOrdered: true)
    case ("ended", 1):
      let outcome = try scope.outcome()
      switch foldedText(arguments[0].simpleName?.text ?? "won") {
      case "lost": return sql.equal(outcome, sql.text("lost"))
      case "closed": return sql.any(of: outcome, ["won", "lost"])
      default: return sql.equal(outcome, sql.text("won"))
      }
    case ("days_between", 2): return try days(from: arguments[0], to: arguments[1])
    case ("won_amount", 0):
      guard let joined = try scope.joinOpportunities() else { return sql.null }
      return sql.name(joined, "won_amount")
    case ("immature", 1):
      guard let within = statement.within else { return sql.boolean(false) }
      let start = try compile(arguments[0], isUserText: false)
      let window = sql.expression(
        .interval(sql.expression(.literal(.integer(within.amount))), unit: within.unit)
      )
      return sql.binary(
        .greater,
        sql.binary(.add, start, window),
        sql.instant(statement.asOf.instant)
      )
    case ("customer_key", 0): return try scope.customerKey()
    case ("first_win", 0): return try scope.isFirstWin()
    case ("overdue", 1): return try overdue(arguments[0])
    case ("active", 0): return try active()
    case ("monthly_amount", 0): return try monthlyAmount()
    case ("as_of", 0):
      return scope.asOf?.expression ?? sql.instant(statement.asOf.instant)
    default: return nil
    }
  }

  private static func columnName(of call: FunctionCall) -> String {
    let names = call.arguments.map { argument -> String in
      switch argument.value.kind {
      case .name(let parts): foldedText(parts.last?.text ?? "")
      case .literal(.string(let text)): RoleScope.plain(text)
      default: ""
      }
    }.filter { !$0.isEmpty }
    switch foldedText(call.name.last) {
    case "at": return (names.first ?? "milestone") + "_at"
    case "reached": return "reached_" + (names.first ?? "milestone")
    case "followed": return "reached_" + (names.last ?? "milestone")
    case "ended": return "ended"
    case "days_between": return "days"
    default: return foldedText(call.name.last)
    }
  }

  // MARK: Milestones and durations

  private func milestone(
    _ argument: Expression
  ) throws(StatementFailure) -> RoleScope.MilestoneValue {
    var name: RoleScope.MilestoneName
    switch argument.unparenthesized.kind {
    case .literal(.string(let text)): name = .init(name: text, isLabel: true)
    case .name(let parts): name = .init(name: parts.last?.text ?? "", isLabel: false)
    default: name = .init(name: "", isLabel: false)
    }
    if foldedEqual(name.name, "conversion") {
      name.name = scope.hasLinkedOpportunities ? "customer" : "converted"
    }
    guard let value = try scope.milestone(name) else {
      throw StatementFailure([
        .unknownMilestone(
          name.name,
          known: scope.milestoneNames(),
          role: scope.role,
          table: scope.definition.table.last,
          range: statement.range(ofMilestone: name.name)
        )
      ])
    }
    return value
  }

  /// Whether an entity reached a milestone within the window of the statement after another.
  private func arrival(
    at finish: Expression,
    from start: Expression,
    isOrdered: Bool
  ) throws(StatementFailure) -> Expression {
    let end = try milestone(finish)
    let beginning = try milestone(start)
    var conditions = [end.reached]
    if isOrdered { conditions.append(beginning.reached) }
    if isOrdered { conditions.append(sql.atLeast(end.at, beginning.at)) }
    if let within = statement.within {
      let limit = sql.binary(
        .add,
        beginning.at,
        sql.expression(
          .interval(sql.expression(.literal(.integer(within.amount))), unit: within.unit)
        )
      )
      conditions.append(sql.binary(.lessOrEqual, end.at, limit))
    }
    return sql.all(conditions) ?? end.reached
  }

  /// The elapsed days between two dates; NULL where the second is before the first.
  private func days(
    from first: Expression,
    to second: Expression
  ) throws(StatementFailure) -> Expression {
    let start = try compile(first, isUserText: false)
    let end = try compile(second, isUserText: false)
    let isFirstDay = try isDay(first)
    let isSecondDay = try isDay(second)
    let areDays = isFirstDay && isSecondDay
    let days: Expression
    if areDays || statement.clauses.usesCalendarDays {
      days = sql.call(
        "date_diff",
        [
          sql.text("day"), areDays ? start : sql.cast(start, "DATE"),
          areDays ? end : sql.cast(end, "DATE"),
        ]
      )
    } else {
      days = sql.binary(
        .divide,
        sql.call(
          "date_diff",
          [sql.text("microsecond"), sql.cast(start, "TIMESTAMP"), sql.cast(end, "TIMESTAMP")]
        ),
        sql.expression(.literal(.double("86400000000e0")))
      )
    }
    return sql.choose([(sql.atLeast(end, start), sql.cast(days, "DOUBLE"))])
  }

  /// Whether an open opportunity should have closed that long before as-of.
  private func overdue(_ stale: Expression) throws(StatementFailure) -> Expression {
    let until = scope.asOf?.expression ?? sql.instant(statement.asOf.instant)
    let expected: Expression?
    if let found = try scope.attribute("expected")?.value {
      expected = found
    } else {
      expected = try scope.attribute("closed")?.value
    }
    guard let expected else {
      throw StatementFailure([
        .missingAttribute(
          "EXPECTED",
          of: scope.role,
          table: scope.definition.table.last,
          neededBy: nil,
          range: sql.range
        )
      ])
    }
    var limit = until
    if case .duration(let duration) = stale.kind {
      limit = sql.binary(
        .subtract,
        until,
        sql.expression(
          .interval(sql.expression(.literal(.integer(duration.amount))), unit: duration.unit)
        )
      )
    }
    let isOpen = sql.equal(try scope.outcome(), sql.text("open"))
    return sql.all([isOpen, sql.less(expected, limit)]) ?? isOpen
  }

  /// Whether a subscription runs at as-of.
  private func active() throws(StatementFailure) -> Expression {
    let until = scope.asOf?.expression ?? sql.instant(statement.asOf.instant)
    guard let end = try scope.attribute("end")?.value else { return sql.boolean(true) }
    return sql.expression(
      .parenthesized(
        sql.expression(.binary(.or, sql.isNull(end), sql.atLeast(end, until)))
      )
    )
  }

  /// The amount of a subscription a month.
  private func monthlyAmount() throws(StatementFailure) -> Expression {
    guard let amount = try scope.attribute("amount")?.value else {
      throw StatementFailure([
        .missingAttribute(
          "AMOUNT",
          of: scope.role,
          table: scope.definition.table.last,
          neededBy: nil,
          range: sql.range
        )
      ])
    }
    switch foldedText(scope.definition.value("interval")?.simpleName?.text ?? "month") {
    case "year": return sql.binary(.divide, amount, sql.integer(12))
    case "quarter": return sql.binary(.divide, amount, sql.integer(3))
    default: return amount
    }
  }

  private func isDay(_ expression: Expression) throws(StatementFailure) -> Bool {
    guard let name = expression.simpleName else { return false }
    return try scope.type(ofAttribute: name.text) == .date
  }

  // MARK: Which rows count

  /// The condition under which a row is counted by some part; nil where every row is.
  func existence(_ aggregates: [(part: MetricPart, value: Expression)]) -> Expression? {
    var filters: [Expression] = []
    for (part, value) in aggregates where part.definesRows {
      var isUnconditional = false
      var found: [Expression] = []
      _ = value.contains { inner in
        guard case .call(let call) = inner.kind, MetricBinder.isAggregate(call.name.last) else {
          return false
        }
        if let filter = call.filter { found.append(filter) } else { isUnconditional = true }
        return false
      }
      if isUnconditional || found.isEmpty { return nil }
      for filter in found where !filters.contains(filter) { filters.append(filter) }
    }
    return sql.either(filters)
  }
}

extension RoleScope {
  /// The attributes that a role may have, in lower case.
  static func knownAttributes(of role: ModelRole) -> Set<String> {
    switch role {
    case .leads:
      [
        "key", "visitor", "created", "converted", "opportunity", "owner", "source", "campaign",
        "responded", "accepted", "account",
      ]
    case .opportunities:
      [
        "key", "created", "closed", "expected", "amount", "stage", "owner", "account", "product",
        "lead", "source", "campaign", "loss_reason", "probability",
      ]
    case .history: ["key", "stage", "at", "owner", "amount"]
    case .visits: ["key", "visitor", "at", "source"]
    case .touches: ["lead", "opportunity", "at", "channel", "campaign"]
    case .spend: ["at", "amount", "campaign", "source", "kind"]
    case .quotas: ["owner", "period", "amount"]
    case .activities: ["lead", "opportunity", "at", "kind", "owner"]
    case .customers: ["key", "since", "account"]
    case .subscriptions: ["key", "customer", "start", "end", "amount", "interval"]
    }
  }
}

extension String {
  /// Letters a to z in upper case.
  var uppercasedASCII: String {
    String(decoding: utf8.map { $0 >= 0x61 && $0 <= 0x7A ? $0 & 0xDF : $0 }, as: UTF8.self)
  }
}

/// A dimension of a statement with the name of its column.
struct NamedDimension {
  /// The column's name.
  var name: String
  /// The name path that it is; nil for expressions.
  var path: [Identifier]?
  var expression: Expression
  /// Whether rows are grouped by a key beside the name that is shown.
  var isKeyed = false
  var range: SourceRange

  /// The hidden column of the key.
  var keyName: String { name + "_key" }
}
