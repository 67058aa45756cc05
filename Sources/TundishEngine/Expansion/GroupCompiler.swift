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
  var columns: [(name: String, value: Expression)] = []
  var date: Expression?
  var conditions: [Expression] = []

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
  var followedLinks: [(source: Expression, target: Expression, table: String)] = []

  /// Where something is compared with: a name there may be a text without its quotes.
  private var compared: [SourceRange] = []

  /// What the footer says about the moments at which dimensions are read.
  var momentNotes: [String] = []
  /// The two instants between which customers are compared.
  var span: (start: Expression, end: Expression)?
  /// The alias of the rows that are counted, where they are none of the role's table.
  var rowsAlias = ""

  // MARK: Rows

  /// Adds the dimensions: one column each, and a hidden one where names are shown for keys.
  func addDimensions(_ dimensions: [NamedDimension]) throws(StatementFailure) {
    for dimension in dimensions {
      var key: Expression?
      var followed: (source: Expression, target: Expression, table: String)?
      let value: Expression
      if let name = dimension.path {
        var found = try recorded(name, at: dimension.moment, range: dimension.range)
        if found == nil { found = try scope.resolve(name) }
        if found == nil { found = try spentOn(name) }
        if found == nil, let name = try spelled(name) { found = try scope.resolve(name) }
        guard let resolution = found else {
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
        followed = resolution.link
        if let link = resolution.link { followedLinks.append(link) }
      } else {
        if let moment = dimension.moment, moment != .now {
          throw StatementFailure([
            .clauseNeeds(
              "'at \(moment.rawValue)' is for an attribute, such as owner, not for an expression",
              range: dimension.range
            )
          ])
        }
        value = try compile(dimension.expression, isUserText: true)
      }
      columns.append((dimension.name, value))
      if dimension.isKeyed { columns.append((dimension.keyName, key ?? value)) }
      if dimension.isMarked {
        let isUnmatched = followed.map { Self.isUnmatched($0, sql) } ?? sql.boolean(false)
        columns.append((dimension.markName, isUnmatched))
      }
    }
  }

  /// Whether a row has a value that its link does not find.
  static func isUnmatched(
    _ link: (source: Expression, target: Expression, table: String),
    _ sql: SQLBuilder
  ) -> Expression {
    sql.all([sql.isNull(link.source, not: true), sql.isNull(link.target)]) ?? sql.boolean(false)
  }

  /// The channel of a touch is what SPEND calls its source.
  private func spentOn(_ name: [Identifier]) throws(StatementFailure) -> RoleScope.Resolution? {
    guard statement.clauses.attribution != nil, scope.role == .spend, name.count == 1,
      foldedEqual(name[0].text, "channel")
    else { return nil }
    return try scope.attribute("source")
  }

  /// Joins what is counted where that is no row of the role's table.
  func prepareRows() throws(StatementFailure) {
    guard case .call(let call)? = group.key.date?.kind else { return }
    switch group.key.dateForm {
    case "left_stage":
      var stage: RoleScope.MilestoneName?
      switch call.arguments.first?.value.unparenthesized.kind {
      case .literal(.string(let text))?: stage = .init(name: text, isLabel: true)
      case .name(let parts)?:
        let name = parts.last?.text ?? ""
        if !foldedEqual(name, "every_stage") { stage = .init(name: name, isLabel: false) }
      default: break
      }
      rowsAlias = try scope.joinStageVisits(
        stage,
        range: statement.range(ofArgument: stage?.name ?? "")
      )
    case "pushed_at": rowsAlias = try scope.joinPushes()
    case "joined_at":
      try requireEnd()
      rowsAlias = try scope.joinAges(
        of: statement.clauses.over ?? .month,
        frame: statement.frame,
        asOf: statement.asOf.instant
      )
    case "planned":
      guard case .call(let inner)? = call.arguments.first?.value.kind,
        foldedEqual(inner.name.last, "arrival"), let finish = inner.arguments.first?.value
      else { return }
      rowsAlias = try joinArrivals(at: finish)
    default: break
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
    guard let body = group.key.date, !group.key.isMovement else {
      scope.eventDate = scope.asOf?.expression ?? sql.instant(statement.asOf.instant)
      return
    }
    // A date is needed only where the statement uses it; an answer of undated rows is possible.
    let window = group.key.isWhole ? nil : try statement.window(of: group.key, statement.window)
    let needsDate = statement.needsDate || window != nil
    if needsDate { try requireTime(of: body) }
    if !needsDate, let name = body.simpleName?.text, scope.definition.value(name) == nil,
      RoleScope.knownAttributes(of: scope.role).contains(foldedText(name))
    {
      return
    }
    let own = try compile(body, isUserText: false)
    date = foldedEqual(body.simpleName?.text ?? "", "closed") ? try dueDate(own) : own
    scope.eventDate = date
  }

  func addAxis(_ name: String, _ value: Expression) {
    columns.append((name, value))
  }

  var filter: Expression? { sql.all(conditions) }

  /// The rows as a query.
  func rows() -> Query {
    var items = columns.map { sql.item($0.value, as: $0.name) }
    if items.isEmpty { items = [sql.item(sql.integer(1), as: "row")] }
    var grouped: GroupBy?
    if group.key.isMovement { grouped = .elements(customerKeys().map { .expressions([$0]) }) }
    return sql.query(sql.select(items, from: scope.from, where: filter, groupBy: grouped))
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
      case .binary(let operation, _, let right):
        if operation.isComparison { compared.append(right.range) }
        return nil
      case .inList(_, let values, _):
        compared += values.map(\.range)
        return nil
      default: return nil
      }
    }
  }

  /// The column that a name without quotes means where none has that name: the only one that has its
  /// letters, as `lead_type` has those of `Lead Type`, and `sursa` those of `Sursă`.
  private func spelled(_ parts: [Identifier]) throws(StatementFailure) -> [Identifier]? {
    guard parts.count == 1, let name = parts.first, !name.isQuoted else { return nil }
    let letters = ColumnHints.plainTable(name.text)
    guard !letters.isEmpty else { return nil }
    let same = Set(
      try statement.dimensionNames(of: scope).filter { ColumnHints.plainTable($0) == letters }
    )
    guard same.count == 1, let found = same.first else { return nil }
    return [Identifier(found, range: name.range, isQuoted: true)]
  }

  func resolve(
    _ parts: [Identifier],
    isUserText: Bool
  ) throws(StatementFailure) -> Expression {
    let range = parts.first?.range ?? sql.range
    var found = isUserText ? try recorded(parts, at: nil, range: range) : nil
    if found == nil { found = try scope.resolve(parts) }
    if found == nil, isUserText, let parts = try spelled(parts) { found = try scope.resolve(parts) }
    if let resolution = found {
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
        isOperand: isUserText && parts.count == 1 && compared.contains(range),
        range: isUserText
          ? (parts.first?.range ?? sql.range).union(parts.last?.range ?? sql.range) : sql.range
      )
    ])
  }

  /// Compiles an aggregate: its names become columns of the rows.
  func aggregate(_ part: MetricPart) throws(StatementFailure) -> Expression {
    try projected(part.aggregate)
  }

  /// Rows of a sheet stand for as many entities as their count says.
  private func counted(_ sheet: Expression, filter: Expression?) -> Expression {
    let count = project(scope.qualified(sheet), as: "count")
    let sum = sql.call("sum", [count], filter: filter)
    return sql.cast(sql.call("coalesce", [sum, sql.integer(0)]), "BIGINT")
  }

  /// A sheet of money says how much, and `COUNT NULL` that it does not say how many.
  private func uncounted() -> StatementFailure {
    StatementFailure([
      .missingAttribute(
        "COUNT",
        of: scope.role,
        table: scope.definition.table.last,
        neededBy: statement.metricNames(of: group.key).first,
        range: sql.range
      )
    ])
  }

  func projected(_ expression: Expression) throws(StatementFailure) -> Expression {
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
        if let sheet = scope.definition.value("count") {
          if case .literal(.null) = sheet.kind { throw uncounted() }
          return counted(sheet, filter: call.filter)
        }
        if !group.key.isMovement, let key = scope.definition.value("key"),
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
  func special(
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
      let joined = try scope.neededOpportunities(
        for: statement.metricNames(of: group.key).first ?? "the value of leads"
      )
      return sql.name(joined, "won_amount")
    case ("immature", 1): return try immature(try compile(arguments[0], isUserText: false))
    case ("customer_key", 0): return try scope.customerKey()
    case ("first_win", 0): return try scope.isFirstWin()
    case ("overdue", 1): return try overdue(arguments[0])
    case ("mrr_before", 0): return try recurring(at: span?.start)
    case ("mrr_after", 0): return try recurring(at: span?.end)
    case ("came_back", 0): return try isReturning()
    case ("has_left", 0): return try hasLeft()
    case ("planned", 1): return try compile(arguments[0], isUserText: false)
    case ("left_stage", 1): return sql.name(rowsAlias, "left_at")
    case ("stage_days", 1), ("days_pushed", 0): return sql.name(rowsAlias, "days")
    case ("pushed_at", 0): return sql.name(rowsAlias, "pushed_at")
    case ("chance", 1):
      switch foldedText(arguments[0].simpleName?.text ?? "") {
      case "declared": return try scope.probability()
      case "historical": return try scope.historicalChance()
      default:
        throw StatementFailure([
          .argumentNotAccepted(
            metric: statement.metricNames(of: group.key).first ?? "weighted_pipeline",
            range: statement.range(ofArgument: arguments[0].simpleName?.text ?? "")
          )
        ])
      }
    case ("stalled", 0): return try scope.isStalled()
    case ("joined_at", 0), ("retained", 0), ("ripe", 0):
      return sql.name(rowsAlias, foldedText(call.name.last))
    case ("arrival", 1): return sql.name(rowsAlias, "arrival")
    case ("arrival_share", 0): return sql.name(rowsAlias, "arrival_share")
    case ("reopened_at", 0): return try scope.reopenedAt()
    case ("active", 0): return try active()
    case ("monthly_amount", 0): return try monthlyAmount()
    case ("as_of", 0):
      return scope.asOf?.expression ?? sql.instant(statement.asOf.instant)
    default: return nil
    }
  }

  static func columnName(of call: FunctionCall) -> String {
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
