internal import TundishColumns
internal import TundishSyntax

/// Builds the answer of a metric statement: groups, their join, and the columns, rows and order
/// that a metric answer has.
final class AnswerBuilder {
  let statement: MetricExpander
  let sql: SQLBuilder
  private var clauses: SalesClauses { statement.clauses }
  private var dimensions: [NamedDimension] { statement.dimensions }
  private var axis: String? { statement.axisName }
  private var bounds: TimeWindow?
  /// The window whose rows are read at present.
  private var window: TimeWindow?

  init(statement: MetricExpander) {
    self.statement = statement
    sql = statement.sql
  }

  // MARK: Levels of aggregation

  private var dimensionCount: Int { dimensions.count }
  private var hasTotals: Bool { clauses.withTotals && (dimensionCount > 0 || axis != nil) }
  private var hasRankRows: Bool { clauses.ranking != nil && axis != nil && dimensionCount > 0 }
  private var hasLevels: Bool { hasTotals || hasRankRows }
  /// GROUPING bits: the axis highest, then the dimensions in order.
  private var axisTotalLevel: Int { (1 << dimensionCount) - 1 }
  private var rankLevel: Int { 1 << dimensionCount }
  private var grandTotalLevel: Int {
    axis == nil ? (1 << dimensionCount) - 1 : (1 << (dimensionCount + 1)) - 1
  }

  /// The columns that tell rows of the answer apart.
  private var keyColumns: [String] {
    (axis.map { [$0] } ?? []) + dimensionColumns + (hasLevels ? ["level"] : [])
  }

  private var dimensionColumns: [String] {
    dimensions.flatMap { $0.isKeyed ? [$0.name, $0.keyName] : [$0.name] }
  }

  // MARK: The query

  func query(isScalar: Bool) throws(StatementFailure) -> Query {
    var scopes: [RoleScope] = []
    for group in statement.binder.groups { scopes.append(try statement.scope(of: group.key)) }
    try statement.markKeyedDimensions(scopes)
    var source = try windowed(statement.window)
    if clauses.compare != nil {
      let buckets = bucketName
      let previous = try windowed(statement.previousWindow)
      source = compared(source, with: previous, buckets: buckets, previousBuckets: bucketName)
    }
    return try answer(from: source, isScalar: isScalar)
  }

  /// The parts of all groups in one window, for every duration of `within`.
  private func windowed(_ window: TimeWindow?) throws(StatementFailure) -> String {
    self.window = window
    bucketName = nil
    bounds = axis == nil ? nil : try axisBounds()
    guard statement.hasSeveralWithins else { return try measured() }
    var query: Query?
    for index in clauses.within.indices {
      statement.chooseWithin(index)
      let source = try measured()
      let days = sql.expression(.literal(.decimal(MetricBinder.days(of: clauses.within[index]))))
      let part = sql.query(
        sql.select(
          [sql.item(sql.cast(days, "DOUBLE"), as: "within"), sql.item(sql.star)],
          from: sql.table(source)
        )
      )
      query = query.map { union($0, part, isAll: true) } ?? part
    }
    let name = statement.commonName("windows")
    if let query { statement.addCommon(name, query) }
    return name
  }

  private func measured() throws(StatementFailure) -> String {
    var sources: [String] = []
    for group in statement.binder.groups { sources.append(try compile(group)) }
    return try combined(sources)
  }

  /// Pairs each row with the row of the previous window; its parts get the suffix `_before`.
  private func compared(
    _ current: String,
    with previous: String,
    buckets: String?,
    previousBuckets: String?
  ) -> String {
    let parts = statement.binder.groups.flatMap(\.parts)
    var earlier = previous
    if let axis, let buckets, let previousBuckets {
      // Buckets are paired by their position.
      earlier = statement.commonName("aligned")
      let from = sql.join(
        sql.join(
          sql.table(previous),
          .left,
          sql.table(previousBuckets),
          on: sql.equal(sql.name(previous, axis), sql.name(previousBuckets, axis))
        ),
        .left,
        sql.table(buckets),
        on: sql.equal(sql.name(previousBuckets, "position"), sql.name(buckets, "position"))
      )
      let kept = sql.either([
        sql.isNull(sql.name(buckets, axis), not: true), sql.isNull(sql.name(previous, axis)),
      ])
      var items = [sql.item(sql.name(buckets, axis), as: axis)]
      items += keyColumns.filter { $0 != axis }.map { sql.item(sql.name(previous, $0), as: $0) }
      items += parts.map { sql.item(sql.name(previous, $0.column), as: $0.column) }
      statement.addCommon(earlier, sql.query(sql.select(items, from: from, where: kept)))
    }
    let condition = sql.all(
      keyColumns.map { sql.same(sql.name(current, $0), sql.name(earlier, $0)) }
    )
    let from =
      condition == nil
      ? sql.join(sql.table(current), .cross, sql.table(earlier), on: nil)
      : sql.join(sql.table(current), .full, sql.table(earlier), on: condition)
    var items = keyColumns.map { sql.item(first($0, of: [current, earlier]), as: $0) }
    for part in parts {
      for (source, name) in [(current, part.column), (earlier, part.column + "_before")] {
        let column = sql.name(source, part.column)
        items.append(
          sql.item(
            part.isZeroWhenEmpty ? sql.call("coalesce", [column, sql.integer(0)]) : column,
            as: name
          )
        )
      }
    }
    let name = statement.commonName("compared")
    statement.addCommon(name, sql.query(sql.select(items, from: from)))
    return name
  }

  // MARK: Groups

  /// Adds the rows and the aggregation of one group; returns the name of the latter.
  private func compile(_ group: MetricGroup) throws(StatementFailure) -> String {
    let isSnapshotSeries = group.key.isSnapshot && axis != nil
    var buckets: String?
    if isSnapshotSeries { buckets = try bucketQuery() }
    let scope = try statement.scope(
      of: group.key,
      asOf: buckets.map { sql.name($0, "until") }
    )
    if let buckets { scope.cross(buckets) }
    let compiler = try statement.compiler(of: group, scope: scope, dimensions: dimensions)
    if group.key.isSnapshot {
      let beginning = group.key.role == .subscriptions ? "start" : "created"
      if let created = try scope.attribute(beginning)?.value {
        let until = buckets.map { sql.name($0, "until") } ?? sql.instant(statement.asOf.instant)
        let existed = sql.less(created, until)
        if isSnapshotSeries || clauses.asOf != nil {
          compiler.addCondition(existed)
        } else {
          compiler.addCondition(
            sql.expression(
              .parenthesized(sql.expression(.binary(.or, sql.isNull(created), existed)))
            )
          )
        }
      }
      if let closing = clauses.closing, let expected = try scope.attribute("expected")?.value {
        let window = try statement.frame.window(closing, asOf: statement.asOf)
        if let start = window.start {
          compiler.addCondition(sql.atLeast(expected, sql.instant(start)))
        }
        if let end = window.end { compiler.addCondition(sql.less(expected, sql.instant(end))) }
      }
    } else {
      for condition in try statement.dateConditions(compiler, window: window) {
        compiler.addCondition(condition)
      }
    }
    if let axis, let grain = clauses.over {
      if let buckets {
        compiler.addAxis(axis, sql.name(buckets, axis))
      } else if let date = compiler.date {
        compiler.addAxis(axis, statement.frame.bucket(date, grain, sql))
      }
    }
    var aggregates: [(part: MetricPart, value: Expression)] = []
    for part in group.parts { aggregates.append((part, try compiler.aggregate(part))) }
    let existence =
      dimensions.isEmpty && axis == nil ? nil : compiler.existence(aggregates)
    let credits = statement.credits(of: group.key)
    if let credits { try credits.prepare(compiler) }
    var rows = statement.commonName(rowsName(of: group.key))
    statement.addCommon(rows, compiler.rows())
    if let credits {
      var money: [String] = []
      for index in aggregates.indices {
        aggregates[index].value = try credits.aggregate(aggregates[index].value, money: &money)
      }
      rows = try credits.credit(
        rows,
        columns: compiler.columns.map(\.name),
        dimensions: try statement.touchDimensions(),
        money: money,
        key: group.key.role
      )
    }
    var items = (axis.map { [$0] } ?? []).map { sql.item(sql.name($0), as: $0) }
    items += dimensionColumns.map { sql.item(sql.name($0), as: $0) }
    if hasLevels { items.append(sql.item(grouping(), as: "level")) }
    items += aggregates.map { part, value in
      let isSum = part.isZeroWhenEmpty && (credits != nil || !MetricBinder.isCount(value))
      return sql.item(
        isSum ? sql.call("coalesce", [value, sql.integer(0)]) : value,
        as: part.column
      )
    }
    let name = statement.commonName("measures")
    statement.addCommon(
      name,
      sql.query(
        sql.select(items, from: sql.table(rows), where: existence, groupBy: grouped())
      )
    )
    return name
  }

  private func rowsName(of key: GroupKey) -> String {
    let role = key.role.rawValue.lowercasedASCII
    if key.isSnapshot { return "current_\(role)" }
    guard let name = key.date?.simpleName, name.text != "at" else { return "\(role)_rows" }
    return "\(role)_by_\(name.text)"
  }

  private func grouping() -> Expression {
    sql.call("GROUPING", ((axis.map { [$0] } ?? []) + dimensions.map(\.name)).map { sql.name($0) })
  }

  private func grouped() -> GroupBy? {
    let all = (axis.map { [$0] } ?? []) + dimensionColumns
    guard !all.isEmpty else { return nil }
    guard hasLevels else {
      return .elements(all.map { .expressions([sql.name($0)]) })
    }
    var sets: [GroupingElement] = [.expressions(all.map { sql.name($0) })]
    if hasRankRows { sets.append(.expressions(dimensionColumns.map { sql.name($0) })) }
    if hasTotals {
      if let axis, dimensionCount > 0 { sets.append(.expressions([sql.name(axis)])) }
      sets.append(.expressions([]))
    }
    return .elements([.groupingSets(sets)])
  }

  // MARK: The axis

  /// The first bucket and the end of the last one.
  private func axisBounds() throws(StatementFailure) -> TimeWindow? {
    guard let grain = clauses.over else { return nil }
    let calendar = statement.frame.calendar
    var first = window?.start
    var last: LocalInstant?
    if let window {
      last = min(window.end ?? statement.asOf.instant, statement.asOf.instant)
    }
    if first == nil || last == nil {
      var found: TimeWindow?
      for group in statement.binder.groups {
        guard let window = try dataWindow(of: group), let start = window.start,
          let end = window.end
        else { continue }
        found = TimeWindow(
          start: min(found?.start ?? start, start),
          end: max(found?.end ?? end, end)
        )
      }
      first = first ?? found?.start
      last = last ?? found?.end
    }
    guard let first, let last, first < last else { return nil }
    let start = calendar.start(of: grain, at: first.day)
    let end = calendar.advance(calendar.start(of: grain, at: last.lastDay), by: 1, grain)
    return TimeWindow(start: LocalInstant(start), end: LocalInstant(end))
  }

  /// From the first to the last date of the rows that a group counts.
  private func dataWindow(of group: MetricGroup) throws(StatementFailure) -> TimeWindow? {
    let scope = try statement.scope(of: group.key)
    let compiler = try statement.compiler(of: group, scope: scope, dimensions: [])
    var date = compiler.date
    if group.key.isSnapshot {
      date =
        try scope.attribute(group.key.role == .subscriptions ? "start" : "created")?.value
    }
    guard let date else { return nil }
    for condition in try statement.dateConditions(compiler, window: nil) {
      compiler.addCondition(condition)
    }
    let column = compiler.project(date, as: "date")
    var aggregates: [(part: MetricPart, value: Expression)] = []
    if !group.key.isSnapshot {
      for part in group.parts { aggregates.append((part, try compiler.aggregate(part))) }
    }
    let query = sql.query(
      sql.select(
        [
          sql.item(sql.call("min", [column]), as: "first"),
          sql.item(sql.call("max", [column]), as: "last"),
        ],
        from: TableReference(
          .query(compiler.rows(), isLateral: false),
          alias: sql.identifier("dated"),
          range: sql.range
        ),
        where: compiler.existence(aggregates)
      )
    )
    guard let row = try statement.lookup.rows(of: query).first, row.count == 2,
      let first = LocalInstant(row[0]), let last = LocalInstant(row[1])
    else { return nil }
    let end =
      group.key.isSnapshot
      ? statement.asOf.instant : LocalInstant(microseconds: last.microseconds + 1)
    return TimeWindow(
      start: first,
      end: max(end, LocalInstant(microseconds: first.microseconds + 1))
    )
  }

  private var bucketName: String?

  /// Adds the buckets of the axis once: the first day and, exclusive, the end.
  private func bucketQuery() throws(StatementFailure) -> String? {
    if let bucketName { return bucketName }
    guard let axis, let grain = clauses.over else { return nil }
    let name = statement.commonName("\(grain.rawValue)s")
    let (count, unit) = SalesCalendar.length(of: grain)
    let step = sql.interval(count, unit)
    let start: CivilDay
    let last: CivilDay
    if let bounds, let first = bounds.start, let end = bounds.end {
      start = first.day
      last = statement.frame.calendar.advance(end.day, by: -1, grain)
    } else {
      start = CivilDay(number: 1)
      last = CivilDay(number: 0)
    }
    let series = TableReference(
      .function(
        FunctionCall(
          name: QualifiedName([sql.identifier("generate_series")]),
          arguments: [
            FunctionArgument(value: sql.instant(LocalInstant(start))),
            FunctionArgument(value: sql.instant(LocalInstant(last))),
            FunctionArgument(value: step),
          ]
        ),
        withOrdinality: false
      ),
      alias: sql.identifier("series"),
      columnAliases: [sql.identifier("bucket")],
      range: sql.range
    )
    let bucket = sql.cast(sql.name("bucket"), "DATE")
    let end = sql.call(
      "least",
      [
        sql.cast(sql.binary(.add, sql.name("bucket"), step), "TIMESTAMP"),
        sql.cast(sql.instant(statement.asOf.instant), "TIMESTAMP"),
      ]
    )
    var items = [sql.item(bucket, as: axis), sql.item(end, as: "until")]
    if clauses.compare != nil {
      let order = WindowSpecification(
        orderBy: [OrderItem(expression: sql.name("bucket"))],
        range: sql.range
      )
      items.append(sql.item(sql.call("row_number", [], over: order), as: "position"))
    }
    statement.addCommon(name, sql.query(sql.select(items, from: series)))
    bucketName = name
    return name
  }

  // MARK: Joining groups

  /// Joins the groups, on a grid of all rows where there is an axis; returns the relation to read.
  private func combined(_ sources: [String]) throws(StatementFailure) -> String {
    let isGrid = axis != nil || clauses.withEmpty
    guard isGrid || sources.count > 1 else { return sources[0] }
    if keyColumns.isEmpty {
      return addCombined(sources, from: crossed(sources)) { _ in nil }
    }
    if isGrid {
      let grid = try gridQuery(sources)
      var from = sql.table(grid)
      for source in sources {
        from = sql.join(
          from,
          .left,
          sql.table(source),
          on: sql.all(keyColumns.map { sql.same(sql.name(grid, $0), sql.name(source, $0)) })
        )
      }
      return addCombined(sources, from: from) { sql.name(grid, $0) }
    }
    var from = sql.table(sources[0])
    var joined = [sources[0]]
    for source in sources.dropFirst() {
      let condition = sql.all(
        keyColumns.map { sql.same(first($0, of: joined), sql.name(source, $0)) }
      )
      from = sql.join(from, .full, sql.table(source), on: condition)
      joined.append(source)
    }
    return addCombined(sources, from: from) { first($0, of: joined) }
  }

  private func crossed(_ sources: [String]) -> TableReference {
    var from = sql.table(sources[0])
    for source in sources.dropFirst() {
      from = sql.join(from, .cross, sql.table(source), on: nil)
    }
    return from
  }

  private func first(_ column: String, of sources: [String]) -> Expression {
    let names = sources.map { sql.name($0, column) }
    return names.count == 1 ? names[0] : sql.call("coalesce", names)
  }

  private func addCombined(
    _ sources: [String],
    from: TableReference,
    key: (String) -> Expression?
  ) -> String {
    var items = keyColumns.map { sql.item(key($0) ?? sql.name($0), as: $0) }
    for (source, group) in zip(sources, statement.binder.groups) {
      items += group.parts.map { part in
        var column = sql.name(source, part.column)
        if part.isZeroWhenEmpty { column = sql.call("coalesce", [column, sql.integer(0)]) }
        if group.key.isSnapshot, axis != nil, hasTotals {
          // States at several instants do not add up.
          let level = key("level") ?? sql.name("level")
          let isOne = sql.binary(.notEqual, level, sql.integer(grandTotalLevel))
          column = sql.choose([(isOne, column)])
        }
        return sql.item(column, as: part.column)
      }
    }
    let name = statement.commonName("combined")
    statement.addCommon(name, sql.query(sql.select(items, from: from)))
    return name
  }

  /// All rows of the answer: every combination of dimensions in every bucket, and the totals.
  private func gridQuery(_ sources: [String]) throws(StatementFailure) -> String {
    let buckets = axis == nil ? nil : try bucketQuery()
    var combinations: String?
    if dimensionCount > 0 {
      let name = statement.commonName("combinations")
      var query = distinctCombinations(of: sources[0])
      for source in sources.dropFirst() {
        query = union(query, distinctCombinations(of: source), isAll: false)
      }
      if clauses.withEmpty, let members = try memberQuery() {
        query = union(query, members, isAll: false)
      }
      statement.addCommon(name, query)
      combinations = name
    }
    func part(_ axisValue: Bool, _ hasDimensions: Bool, level: Int) -> Query {
      var items: [SelectItem] = []
      if let axis { items.append(sql.item(axisValue ? sql.name(axis) : sql.null, as: axis)) }
      items += dimensionColumns.map { sql.item(hasDimensions ? sql.name($0) : sql.null, as: $0) }
      if hasLevels { items.append(sql.item(sql.integer(level), as: "level")) }
      var from: TableReference?
      if axisValue, let buckets { from = sql.table(buckets) }
      if hasDimensions, let combinations {
        from =
          from.map { sql.join($0, .cross, sql.table(combinations), on: nil) }
          ?? sql.table(combinations)
      }
      return sql.query(sql.select(items, from: from))
    }
    var query = part(axis != nil, dimensionCount > 0, level: 0)
    if hasRankRows { query = union(query, part(false, true, level: rankLevel), isAll: true) }
    if hasTotals {
      if axis != nil, dimensionCount > 0 {
        query = union(query, part(true, false, level: axisTotalLevel), isAll: true)
      }
      query = union(query, part(false, false, level: grandTotalLevel), isAll: true)
    }
    let name = statement.commonName("grid")
    statement.addCommon(name, query)
    return name
  }

  private func distinctCombinations(of source: String) -> Query {
    sql.query(
      sql.select(
        dimensionColumns.map { sql.item(sql.name($0), as: $0) },
        from: sql.table(source),
        where: hasLevels ? sql.equal(sql.name("level"), sql.integer(0)) : nil,
        distinct: true
      )
    )
  }

  private func union(_ left: Query, _ right: Query, isAll: Bool) -> Query {
    sql.query(.setOperation(.union, isAll: isAll, byName: false, left, right))
  }

  /// The members of the linked tables, for `with empty`; nil where no dimension has any.
  private func memberQuery() throws(StatementFailure) -> Query? {
    guard dimensionCount == 1, let path = dimensions[0].path,
      let group = statement.binder.groups.first
    else { return nil }
    let scope = try statement.scope(of: group.key)
    guard let members = try scope.members(path) else { return nil }
    var items = [sql.item(members.value, as: dimensions[0].name)]
    if dimensions[0].isKeyed {
      items.append(sql.item(members.key, as: dimensions[0].keyName))
    }
    return sql.query(
      sql.select(items, from: sql.table(members.table), distinct: true)
    )
  }

  // MARK: The answer

  /// A column of the answer.
  private struct AnswerColumn {
    var name: String
    var value: Expression
    var unit: MetricUnit = .none
    var isHidden = false
  }

  private func answer(
    from source: String,
    isScalar: Bool
  ) throws(StatementFailure) -> Query {
    var columns: [AnswerColumn] = []
    if let axis { columns.append(AnswerColumn(name: axis, value: sql.name(axis))) }
    columns += dimensions.map { AnswerColumn(name: $0.name, value: sql.name($0.name)) }
    if statement.hasSeveralWithins {
      columns.append(AnswerColumn(name: "within", value: sql.name("within"), unit: .days))
    }
    columns += metricColumns()
    if hasTotals {
      columns.append(
        AnswerColumn(
          name: "is_total",
          value: sql.binary(.greater, sql.name("level"), sql.integer(0))
        )
      )
    }
    if isScalar, let metric = statement.metrics.first {
      let value = sql.unit(metric.value, metric.unit.name)
      return sql.query(
        sql.select([sql.item(value, as: metric.name)], from: sql.table(source)),
        with: statement.commons
      )
    }
    let needsAnswer =
      clauses.having != nil || clauses.ranking != nil || clauses.withShare || clauses.withRunning
      || columns.contains(where: \.isHidden) || !clauses.orderBy.isEmpty
    guard needsAnswer else {
      let items = columns.map { sql.item(sql.unit($0.value, $0.unit.name), as: $0.name) }
      return sql.query(
        sql.select(items, from: sql.table(source)),
        with: statement.commons,
        orderBy: order(columns),
        limit: clauses.limit
      )
    }
    return try wrapped(columns, from: source)
  }

  /// The answer as a named query, from which `having`, `top` and `order by` choose.
  private func wrapped(
    _ columns: [AnswerColumn],
    from source: String
  ) throws(StatementFailure) -> Query {
    let answer = statement.commonName("answer")
    var items = columns.map { sql.item($0.value, as: $0.name) }
    if hasLevels { items.append(sql.item(sql.name("level"), as: "level")) }
    items += dimensions.filter(\.isKeyed).map { sql.item(sql.name($0.keyName), as: $0.keyName) }
    statement.addCommon(answer, sql.query(sql.select(items, from: sql.table(source))))
    var from = sql.table(answer)
    var conditions: [Expression] = []
    if let having = clauses.having {
      let condition = try self.condition(having, columns)
      conditions.append(
        hasTotals
          ? sql.expression(
            .binary(
              .or,
              sql.binary(.greater, sql.name("level"), sql.integer(0)),
              sql.grouped(condition)
            )
          )
          : condition
      )
    }
    if let ranking = clauses.ranking {
      let ranked = statement.commonName("ranked")
      let metric = rankingColumn(ranking)
      var keys = [
        OrderItem(
          expression: sql.name(metric),
          isDescending: !ranking.isBottom,
          nullsFirst: false
        )
      ]
      keys += dimensionColumns.map { sql.ascending(sql.name($0)) }
      let position = sql.call(
        "row_number",
        [],
        over: WindowSpecification(orderBy: keys, range: sql.range)
      )
      let level = hasRankRows ? rankLevel : 0
      statement.addCommon(
        ranked,
        sql.query(
          sql.select(
            dimensionColumns.map { sql.item(sql.name($0), as: $0) }
              + [sql.item(position, as: "position")],
            from: sql.table(answer),
            where: hasLevels ? sql.equal(sql.name("level"), sql.integer(level)) : nil
          )
        )
      )
      from = sql.join(
        from,
        .left,
        sql.table(ranked),
        on: sql.all(
          dimensionColumns.map { sql.same(sql.name(answer, $0), sql.name(ranked, $0)) }
        )
          ?? sql.boolean(true)
      )
      var isKept = sql.binary(
        .lessOrEqual,
        sql.name("position"),
        sql.integer(max(0, ranking.count))
      )
      if hasLevels {
        let own = sql.equal(sql.name(answer, "level"), sql.integer(0))
        isKept = sql.all([own, isKept]) ?? isKept
        if hasTotals {
          let totals = [axisTotalLevel, grandTotalLevel].filter { $0 > 0 }
          isKept =
            sql.either([
              isKept,
              sql.expression(
                .inList(sql.name(answer, "level"), totals.map { sql.integer($0) }, isNegated: false)
              ),
            ]) ?? isKept
        }
      }
      conditions.append(isKept)
    }
    let isQualified = clauses.ranking != nil
    func reference(_ name: String) -> Expression {
      isQualified ? sql.name(answer, name) : sql.name(name)
    }
    let visible = columns.filter { !$0.isHidden }
    let result = visible.map { sql.item(sql.unit(reference($0.name), $0.unit.name), as: $0.name) }
    var orderItems: [OrderItem] = []
    if clauses.orderBy.isEmpty {
      orderItems = order(columns)
    } else {
      if hasTotals { orderItems.append(sql.ascending(sql.name("is_total"))) }
      for item in clauses.orderBy {
        let isPosition: Bool
        if case .literal(.integer) = item.expression.kind {
          isPosition = true
        } else {
          isPosition = false
        }
        orderItems.append(
          OrderItem(
            expression: isPosition
              ? item.expression
              : try condition(item.expression, columns, answer: isQualified ? answer : nil),
            isDescending: item.isDescending,
            nullsFirst: item.nullsFirst
          )
        )
      }
    }
    return sql.query(
      sql.select(result, from: from, where: sql.all(conditions)),
      with: statement.commons,
      orderBy: orderItems,
      limit: clauses.limit
    )
  }

  /// Axis ascending; the first metric descending, NULLS LAST; dimensions ascending; totals last.
  private func order(_ columns: [AnswerColumn]) -> [OrderItem] {
    guard !dimensions.isEmpty || axis != nil || statement.hasSeveralWithins else { return [] }
    var items: [OrderItem] = []
    if hasTotals { items.append(sql.ascending(sql.name("is_total"))) }
    if let axis { items.append(sql.ascending(sql.name(axis))) }
    if !dimensions.isEmpty, let first = statement.metrics.first(where: { !$0.isHidden }) {
      items.append(sql.descending(sql.name(first.name)))
    }
    items += dimensions.map { sql.ascending(sql.name($0.name)) }
    return items + (statement.hasSeveralWithins ? [sql.ascending(sql.name("within"))] : [])
  }

  private func rankingColumn(_ ranking: Ranking) -> String {
    guard let metric = ranking.metric else {
      return statement.metrics.first { !$0.isHidden }?.name ?? ""
    }
    let canonical = MetricBinder.definition(metric.text, in: statement.expander.catalog)?.name.text
    return statement.metrics.first {
      foldedEqual($0.name, metric.text) || foldedEqual($0.name, canonical ?? "")
    }?.name ?? metric.text
  }

  /// `having` and `order by`: names are columns of the answer.
  private func condition(
    _ expression: Expression,
    _ columns: [AnswerColumn],
    answer: String? = nil
  ) throws(StatementFailure) -> Expression {
    try checkRates(expression, columns)
    return try expression.rewritten {
      (part: Expression) throws(StatementFailure) -> Expression? in
      switch part.kind {
      case .percentage(let text): return sql.fraction(ofPercent: text)
      case .bareDate: return sql.instant(LocalInstant(try statement.frame.day(part)))
      case .name(let parts):
        guard parts.count == 1 else { return nil }
        let canonical =
          MetricBinder.definition(parts[0].text, in: statement.expander.catalog)?.name.text ?? ""
        guard
          let column = columns.first(where: { foldedEqual($0.name, parts[0].text) })
            ?? columns.first(where: { foldedEqual($0.name, canonical) })
        else { return nil }
        return answer.map { sql.name($0, column.name) } ?? sql.name(column.name)
      default: return nil
      }
    }
  }

  /// A rate compared with a number above 1 was meant as a percentage.
  private func checkRates(
    _ expression: Expression,
    _ columns: [AnswerColumn]
  ) throws(StatementFailure) {
    var diagnostics: [Diagnostic] = []
    _ = expression.contains { part in
      guard case .binary(let operation, let left, let right) = part.kind, operation.isComparison
      else { return false }
      for (side, other) in [(left, right), (right, left)] {
        guard let name = side.simpleName,
          let column = columns.first(where: { foldedEqual($0.name, name.text) }),
          column.unit == .rate
        else { continue }
        let text: String
        switch other.unparenthesized.kind {
        case .literal(.integer(let digits)): text = digits
        case .literal(.decimal(let digits)): text = digits
        default: continue
        }
        if let number = Double(text), number > 1 {
          diagnostics.append(.rateAboveOne(name.text, text, range: other.range))
        }
      }
      return false
    }
    if !diagnostics.isEmpty { throw StatementFailure(diagnostics) }
  }

  // MARK: Columns of metrics

  private func metricColumns() -> [AnswerColumn] {
    var columns: [AnswerColumn] = []
    var used = Set(
      ((axis.map { [$0] } ?? []) + dimensions.map(\.name)).map(foldedText) + ["is_total", "level"]
    )
    for metric in statement.metrics { used.insert(foldedText(metric.name)) }
    let prefixed = ambiguousCompanions()
    for metric in statement.metrics {
      columns.append(
        AnswerColumn(
          name: metric.name,
          value: metric.value,
          unit: metric.unit,
          isHidden: metric.isHidden
        )
      )
      for companion in metric.companions {
        let name =
          prefixed.contains(foldedText(companion.name))
          ? "\(metric.name)_\(companion.name)" : companion.name
        guard used.insert(foldedText(name)).inserted else { continue }
        columns.append(
          AnswerColumn(
            name: name,
            value: companion.value,
            unit: companion.unit,
            isHidden: metric.isHidden
          )
        )
      }
      columns += uncertainty(of: metric)
      columns += clauseColumns(of: metric)
    }
    return columns
  }

  /// The names that stand for different populations.
  private func ambiguousCompanions() -> Set<String> {
    var populations: [String: Set<Expression>] = [:]
    for metric in statement.metrics {
      for companion in metric.companions {
        populations[foldedText(companion.name), default: []].insert(
          companion.value.moved(to: SourceRange(0, 0))
        )
      }
    }
    for metric in statement.metrics where populations[foldedText(metric.name)] != nil {
      populations[foldedText(metric.name), default: []].insert(
        metric.value.moved(to: SourceRange(0, 0))
      )
    }
    return Set(populations.filter { $0.value.count > 1 }.keys)
  }

  private func uncertainty(of metric: BoundMetric) -> [AnswerColumn] {
    var columns: [AnswerColumn] = []
    if let (numerator, denominator) = metric.proportion {
      var arguments = [numerator, denominator]
      if let confidence = clauses.confidence {
        arguments.append(sql.fraction(ofPercent: confidence))
      }
      for (suffix, function) in [("low", "wilson_low"), ("high", "wilson_high")] {
        columns.append(
          AnswerColumn(
            name: "\(metric.name)_\(suffix)",
            value: sql.call(function, arguments),
            unit: .rate,
            isHidden: metric.isHidden
          )
        )
      }
    }
    if !metric.notes.isEmpty || metric.standingNote != nil {
      let note = sql.choose(
        metric.notes.map { ($0.condition, sql.text($0.text)) },
        otherwise: metric.standingNote.map(sql.text)
      )
      columns.append(
        AnswerColumn(
          name: "\(metric.name)_note",
          value: metric.notes.isEmpty ? sql.text(metric.standingNote ?? "") : note,
          isHidden: metric.isHidden
        )
      )
    }
    return columns
  }

  private func clauseColumns(of metric: BoundMetric) -> [AnswerColumn] {
    guard !metric.isHidden else { return [] }
    var columns = comparison(of: metric) + targets(of: metric)
    if metric.isCohort, !clauses.within.isEmpty, let isMature = maturity(of: metric) {
      columns.append(AnswerColumn(name: "\(metric.name)_mature", value: isMature))
    }
    if clauses.withShare, metric.isAdditive {
      var isOwn: Expression?
      if hasLevels { isOwn = sql.equal(sql.name("level"), sql.integer(0)) }
      let whole = sql.call(
        "sum",
        [metric.value],
        filter: isOwn,
        over: WindowSpecification(
          partitionBy: axis.map { [sql.name($0)] } ?? [],
          range: sql.range
        )
      )
      let share = sql.binary(.divide, sql.cast(metric.value, "DOUBLE"), whole)
      columns.append(
        AnswerColumn(
          name: "\(metric.name)_share",
          value: isOwn.map { sql.choose([($0, share)]) } ?? share,
          unit: .rate
        )
      )
    }
    if clauses.withRunning, let axis {
      var partition = dimensionColumns.map { sql.name($0) }
      if hasLevels { partition.append(sql.name("level")) }
      let window = WindowSpecification(
        partitionBy: partition,
        orderBy: [sql.ascending(sql.name(axis))],
        frame: WindowFrame(mode: .rows, start: .unboundedPreceding, end: .currentRow),
        range: sql.range
      )
      let parts = Set(statement.binder.groups.flatMap { $0.parts.map(\.column) })
      let running = try? metric.value.rewritten {
        (part: Expression) throws(StatementFailure) -> Expression? in
        guard let name = part.simpleName, parts.contains(name.text) else { return nil }
        return sql.call("sum", [part], over: window)
      }
      if let running {
        columns.append(
          AnswerColumn(name: "\(metric.name)_running", value: running, unit: metric.unit)
        )
      }
    }
    return columns
  }

  // MARK: Comparison, targets, maturity

  /// The value over the parts of the previous window.
  private func before(_ value: Expression) -> Expression {
    let parts = Set(statement.binder.groups.flatMap { $0.parts.map(\.column) })
    let moved = try? value.rewritten {
      (part: Expression) throws(StatementFailure) -> Expression? in
      guard let name = part.simpleName, parts.contains(name.text) else { return nil }
      return sql.name(name.text + "_before")
    }
    return moved ?? value
  }

  private func comparison(of metric: BoundMetric) -> [AnswerColumn] {
    guard clauses.compare != nil else { return [] }
    let previous = before(metric.value)
    let change = sql.binary(.subtract, metric.value, previous)
    var columns = [
      AnswerColumn(name: "\(metric.name)_previous", value: previous, unit: metric.unit),
      AnswerColumn(name: "\(metric.name)_change", value: change, unit: metric.unit),
      AnswerColumn(
        name: "\(metric.name)_change_pct",
        value: sql.binary(
          .divide,
          sql.cast(change, "DOUBLE"),
          sql.call("nullif", [previous, sql.integer(0)])
        ),
        unit: .rate
      ),
    ]
    if statement.tellsPreviousCounts {
      columns += metric.companions.map {
        AnswerColumn(name: $0.name + "_previous", value: before($0.value), unit: $0.unit)
      }
    }
    if let (numerator, denominator) = metric.proportion {
      let isEnough = [denominator, before(denominator)].map { sql.atLeast($0, sql.integer(30)) }
      let p = sql.call(
        "two_proportion_p",
        [numerator, denominator, before(numerator), before(denominator)]
      )
      columns.append(
        AnswerColumn(
          name: "\(metric.name)_p",
          value: sql.choose([(sql.all(isEnough) ?? sql.boolean(true), p)])
        )
      )
    }
    return columns
  }

  /// Whether the whole window of `within` has passed for a cohort.
  private func maturity(of metric: BoundMetric) -> Expression? {
    guard let last = clauses.within.last else { return nil }
    guard clauses.over != nil || statement.window?.end != nil else {
      return metric.immature.map { sql.equal(sql.name($0), sql.integer(0)) }
    }
    guard statement.hasSeveralWithins else { return isMature(last) }
    return sql.choose(
      clauses.within.map { duration in
        let days = sql.expression(.literal(.decimal(MetricBinder.days(of: duration))))
        return (sql.equal(sql.name("within"), days), isMature(duration))
      }
    )
  }

  private func isMature(_ within: Duration) -> Expression {
    let length = sql.expression(
      .interval(sql.expression(.literal(.integer(within.amount))), unit: within.unit)
    )
    func isOver(_ end: Expression) -> Expression {
      sql.binary(
        .lessOrEqual,
        sql.binary(.add, end, length),
        sql.instant(statement.asOf.instant)
      )
    }
    guard let axis, let grain = clauses.over else {
      return isOver(sql.instant(statement.window?.end ?? statement.asOf.instant))
    }
    let (count, unit) = SalesCalendar.length(of: grain)
    let end = sql.binary(.add, sql.name(axis), sql.interval(count, unit))
    guard hasTotals, let last = bounds?.end else { return isOver(end) }
    return sql.call("coalesce", [isOver(end), isOver(sql.instant(last))])
  }

  private func targets(of metric: BoundMetric) -> [AnswerColumn] {
    guard clauses.versus == .target else { return [] }
    let target = TargetMatcher(statement: statement, hasTotals: hasTotals).value(
      for: metric,
      window: window
    )
    let gap = sql.binary(.subtract, metric.value, target)
    return [
      AnswerColumn(name: "\(metric.name)_target", value: target, unit: metric.unit),
      AnswerColumn(name: "\(metric.name)_gap", value: gap, unit: metric.unit),
      AnswerColumn(
        name: "\(metric.name)_attainment",
        value: sql.binary(
          .divide,
          sql.cast(metric.value, "DOUBLE"),
          sql.call("nullif", [target, sql.integer(0)])
        ),
        unit: .rate
      ),
    ]
  }
}
