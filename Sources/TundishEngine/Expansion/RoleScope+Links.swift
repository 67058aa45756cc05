internal import TundishColumns
internal import TundishSyntax

// The tables that links lead to.
extension RoleScope {
  func links(from table: QualifiedName) -> [LinkDefinition] {
    model.links.filter { link in
      link.source.parts.count > 1
        && foldedEqual(link.source.parts.dropLast().last?.text ?? "", table.last)
    }
  }

  /// Joins a table by a link, once per place.
  func join(_ link: LinkDefinition, from source: String) -> String {
    let place = "\(foldedText(source)).\(foldedText(link.source.last))"
    if let known = joinedAliases[place] { return known }
    let target = QualifiedName(Array(link.target.parts.dropLast()))
    let alias = newAlias(target.last)
    joinedAliases[place] = alias
    add(
      sql.table(target, as: alias),
      as: alias,
      .left,
      on: sql.equal(sql.name(source, link.source.last), sql.name(alias, link.target.last))
    )
    return alias
  }

  /// Joins a subquery that has one row per value of its column `key`.
  func join(_ query: Query, as name: String, key: String, on value: Expression) -> String {
    join(query, as: name, key: key, on: value, kind: .left)
  }

  /// Joins a subquery whose rows are what is counted: entities without one do not count.
  func joinRows(_ query: Query, as name: String, key: String, on value: Expression) -> String {
    join(query, as: name, key: key, on: value, kind: .inner)
  }

  private func join(
    _ query: Query,
    as name: String,
    key: String,
    on value: Expression,
    kind: JoinClause.Kind
  ) -> String {
    if let known = joinedAliases[name] { return known }
    let alias = newAlias(name)
    joinedAliases[name] = alias
    add(
      TableReference(
        .query(query, isLateral: false),
        alias: sql.identifier(alias),
        range: sql.range
      ),
      as: alias,
      kind,
      on: sql.equal(value, sql.name(alias, key))
    )
    return alias
  }

  func newAlias(_ name: String) -> String {
    var alias = name
    var number = 2
    while !aliases.insert(foldedText(alias)).inserted {
      alias = "\(name)_\(number)"
      number += 1
    }
    return alias
  }

  /// Where a column has a link with SHOW, its name stands for it.
  func shown(
    _ resolution: Resolution,
    column: String
  ) throws(StatementFailure) -> Resolution {
    guard
      let link = links(from: definition.table).first(where: {
        foldedEqual($0.source.last, column) && $0.show != nil
      }), let show = link.show
    else { return resolution }
    let target = join(link, from: alias)
    return Resolution(
      value: sql.name(target, show.text),
      key: sql.name(target, link.target.last),
      link: (
        source: resolution.value, target: sql.name(target, link.target.last), table: target
      )
    )
  }

  /// The shortest link paths to tables that satisfy a condition.
  func paths(
    _ isTarget: (QualifiedName) throws(StatementFailure) -> Bool
  ) throws(StatementFailure) -> [[LinkDefinition]] {
    var level: [[LinkDefinition]] = links(from: definition.table).map { [$0] }
    var seen: Set<String> = [foldedText(definition.table.last)]
    for _ in 0..<Self.maximumPathLength where !level.isEmpty {
      var found: [[LinkDefinition]] = []
      for path in level {
        guard let target = path.last?.target else { continue }
        if try isTarget(QualifiedName(Array(target.parts.dropLast()))) { found.append(path) }
      }
      if !found.isEmpty { return found }
      for path in level { seen.insert(foldedText(tableName(path))) }
      level = level.flatMap { path in
        links(from: QualifiedName(Array((path.last?.target.parts ?? []).dropLast())))
          .filter { !seen.contains(foldedText($0.target.parts.dropLast().last?.text ?? "")) }
          .map { path + [$0] }
      }
    }
    return []
  }

  func tableName(_ path: [LinkDefinition]) -> String {
    path.last?.target.parts.dropLast().last?.text ?? ""
  }

  /// A column of exactly one linked table.
  func linked(_ name: Identifier) throws(StatementFailure) -> Resolution? {
    let paths = try self.paths { table throws(StatementFailure) in
      try lookup.column(name.text, of: table) != nil
    }
    guard let path = paths.first else { return nil }
    guard paths.count == 1 else {
      throw StatementFailure([
        .ambiguousDimension(
          name.text,
          spellings: paths.map { describe($0, column: name.text) },
          range: name.range
        )
      ])
    }
    return try follow(path, to: name.text)
  }

  /// How a user writes a column at the end of a path.
  func describe(_ path: [LinkDefinition], column: String) -> String {
    let isOnly =
      Set(model.links.filter { foldedEqual(tableName([$0]), tableName(path)) }).count <= 1
    if isOnly { return "\(tableName(path)).\(column)" }
    return (path.map(\.source.last) + [column]).joined(separator: ".")
  }

  func follow(
    _ path: [LinkDefinition],
    to column: String
  ) throws(StatementFailure) -> Resolution? {
    var current = alias
    var source = qualified("")
    var target = source
    var table = definition.table
    for (index, link) in path.enumerated() {
      if index == 0 { source = sql.name(current, link.source.last) }
      current = join(link, from: current)
      target = sql.name(current, link.target.last)
      table = QualifiedName(Array(link.target.parts.dropLast()))
    }
    guard let field = try lookup.column(column, of: table) else { return nil }
    return Resolution(
      value: sql.name(current, field.name),
      link: (source: source, target: target, table: current),
      unit: field.unit
    )
  }
}
