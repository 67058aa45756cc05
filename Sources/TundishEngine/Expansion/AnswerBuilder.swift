internal import TundishColumns
internal import TundishSyntax

/// Builds the answer of a metric statement: groups, their join, and the columns, rows and order
/// that a metric answer has.
final class AnswerBuilder {
  let statement: MetricExpander
  let sql: SQLBuilder
  var clauses: SalesClauses { statement.clauses }
  var dimensions: [NamedDimension] { statement.dimensions }
  var axis: String? { statement.axisName }
  var bounds: TimeWindow?
  /// The window whose rows are read at present.
  var window: TimeWindow?
  /// The named query of the axis' buckets, once it is added.
  var bucketName: String?

  /// The hidden columns that tell `(no match)` from `(none)`, for who prints the answer.
  var marks: [SelectItem] = []

  /// How soon columns give way in a narrow box, by their names.
  var ranks: [String: ColumnRank] = [:]

  /// The scans of the current window with what each reads, for what the footer says of them.
  var scans: [(name: String, role: ModelRole)] = []

  init(statement: MetricExpander) {
    self.statement = statement
    sql = statement.sql
  }

  /// The answer with its marks as further columns; nil where there are none.
  func marked(_ query: Query) -> Query? {
    guard !marks.isEmpty, case .select(var select) = query.body else { return nil }
    select.items += marks
    var marked = query
    marked.body = .select(select)
    return marked
  }

  // MARK: Levels of aggregation

  var dimensionCount: Int { dimensions.count }
  var hasTotals: Bool { clauses.withTotals && (dimensionCount > 0 || axis != nil) }
  var hasRankRows: Bool { clauses.ranking != nil && axis != nil && dimensionCount > 0 }
  var hasLevels: Bool { hasTotals || hasRankRows }
  /// GROUPING bits: the axis highest, then the dimensions in order.
  var axisTotalLevel: Int { (1 << dimensionCount) - 1 }
  var rankLevel: Int { 1 << dimensionCount }
  var grandTotalLevel: Int {
    axis == nil ? (1 << dimensionCount) - 1 : (1 << (dimensionCount + 1)) - 1
  }

  /// The columns that tell rows of the answer apart.
  var keyColumns: [String] {
    (axis.map { [$0] } ?? []) + dimensionColumns + (hasLevels ? ["level"] : [])
  }

  var markedDimensions: [NamedDimension] { dimensions.filter(\.isMarked) }

  var dimensionColumns: [String] {
    dimensions.flatMap(\.columns)
  }

  // MARK: The query

  func query(isScalar: Bool) throws(StatementFailure) -> Query {
    try statement.checkGrains()
    var scopes: [RoleScope] = []
    for group in statement.binder.groups { scopes.append(try statement.scope(of: group.key)) }
    try statement.markKeyedDimensions(scopes)
    var source = try windowed(statement.window)
    if statement.previousWindow != nil {
      let buckets = bucketName
      let previous = try windowed(statement.previousWindow)
      source = compared(source, with: previous, buckets: buckets, previousBuckets: bucketName)
    }
    try resolveForms()
    return try answer(from: source, isScalar: isScalar)
  }

  /// The parts of all groups in one window, for every duration of `within`.
  func windowed(_ window: TimeWindow?) throws(StatementFailure) -> String {
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

  func measured() throws(StatementFailure) -> String {
    var sources: [String] = []
    for group in statement.binder.groups { sources.append(try compile(group)) }
    if scans.isEmpty {
      scans = zip(sources, statement.binder.groups).filter { !$1.key.isWhole }
        .map { ($0, $1.key.role) }
    }
    return try combined(sources)
  }

  /// Pairs each row with the row of the previous window; its parts get the suffix `_before`.
  func compared(
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
}
