internal import TundishSyntax

// The join of the groups, on a grid of all rows where there is an axis.
extension AnswerBuilder {
  /// Joins the groups, on a grid of all rows where there is an axis; returns the relation to read.
  func combined(_ sources: [String]) throws(StatementFailure) -> String {
    let isGrid = axis != nil || clauses.withEmpty
    guard isGrid || sources.count > 1 else { return sources[0] }
    if keyColumns.isEmpty {
      return addCombined(sources, from: crossed(sources)) { _ in nil }
    }
    if isGrid {
      let grid = try gridQuery(sources)
      var from = sql.table(grid)
      for (source, group) in zip(sources, statement.binder.groups) {
        from = sql.join(
          from,
          .left,
          sql.table(source),
          on: sql.all(conditions(joining: source, of: group.key, to: grid)) ?? sql.boolean(true)
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

  /// What ties the rows of a group to those of the grid; a group without axis counts in all buckets.
  private func conditions(joining source: String, of key: GroupKey, to grid: String) -> [Expression]
  {
    guard key.isWhole, axis != nil else {
      return keyColumns.map { sql.same(sql.name(grid, $0), sql.name(source, $0)) }
    }
    var conditions = dimensionColumns.map { sql.same(sql.name(grid, $0), sql.name(source, $0)) }
    if hasLevels, dimensionCount > 0 {
      let own = sql.binary(.modulo, sql.name(grid, "level"), sql.integer(1 << dimensionCount))
      conditions.append(sql.equal(own, sql.name(source, "level")))
    }
    return conditions
  }

  func crossed(_ sources: [String]) -> TableReference {
    var from = sql.table(sources[0])
    for source in sources.dropFirst() {
      from = sql.join(from, .cross, sql.table(source), on: nil)
    }
    return from
  }

  func first(_ column: String, of sources: [String]) -> Expression {
    let names = sources.map { sql.name($0, column) }
    return names.count == 1 ? names[0] : sql.call("coalesce", names)
  }

  func addCombined(
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
  func gridQuery(_ sources: [String]) throws(StatementFailure) -> String {
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

  func distinctCombinations(of source: String) -> Query {
    sql.query(
      sql.select(
        dimensionColumns.map { sql.item(sql.name($0), as: $0) },
        from: sql.table(source),
        where: hasLevels ? sql.equal(sql.name("level"), sql.integer(0)) : nil,
        distinct: true
      )
    )
  }

  func union(_ left: Query, _ right: Query, isAll: Bool) -> Query {
    sql.query(.setOperation(.union, isAll: isAll, byName: false, left, right))
  }

  /// The members of the linked tables, for `with empty`; nil where no dimension has any.
  func memberQuery() throws(StatementFailure) -> Query? {
    guard dimensionCount == 1, let path = dimensions[0].path,
      let group = statement.binder.groups.first
    else { return nil }
    let scope = try statement.scope(of: group.key)
    guard let members = try scope.members(path) else { return nil }
    var items = [sql.item(members.value, as: dimensions[0].name)]
    if dimensions[0].isKeyed {
      items.append(sql.item(members.key, as: dimensions[0].keyName))
    }
    if dimensions[0].isMarked {
      items.append(sql.item(sql.boolean(false), as: dimensions[0].markName))
    }
    return sql.query(
      sql.select(items, from: sql.table(members.table), distinct: true)
    )
  }
}
