internal import TundishColumns
internal import TundishSyntax

/// The instant from which on nothing has happened.
struct AsOfBound {
  /// The exclusive bound: a literal, or the end of the bucket at hand.
  var expression: Expression
  /// The bound where it is one instant.
  var instant: LocalInstant?
}

/// The rows of one role and what is joined to them: resolves names to columns, joining the tables
/// that they come from.
///
/// Every join is many-to-one, so rows are never multiplied.
final class RoleScope {
  /// What a name stands for.
  struct Resolution {
    /// The value, over qualified columns.
    var value: Expression
    /// Where the value is a name shown for a key: the key.
    var key: Expression?
    /// The column that a link starts from and the alias of its table, where one was followed.
    var link: (source: Expression, target: Expression, table: String)?
    /// The unit of the column.
    var unit: Unit = .none
  }

  let lookup: SchemaLookup
  let model: SalesModel
  let definition: RoleDefinition
  let asOf: AsOfBound?
  let sql: SQLBuilder
  let alias: String
  private(set) var from: TableReference
  private var aliases: Set<String>
  private var joinedAliases: [String: String] = [:]
  private let nesting: Int

  /// Links are followed this far.
  static let maximumPathLength = 4

  init(
    lookup: SchemaLookup,
    model: SalesModel,
    definition: RoleDefinition,
    asOf: AsOfBound?,
    range: SourceRange,
    nesting: Int = 0
  ) {
    self.lookup = lookup
    self.model = model
    self.definition = definition
    self.asOf = asOf
    self.nesting = nesting
    sql = SQLBuilder(range)
    alias = definition.table.last
    aliases = [foldedText(alias)]
    from = sql.table(definition.table)
  }

  /// Pairs every row with every row of another relation.
  func cross(_ relation: String) {
    from = sql.join(sql.table(relation), .cross, from, on: nil)
    aliases.insert(foldedText(relation))
  }

  var role: ModelRole { definition.role }

  /// Whether something besides the role's own table is read.
  var isJoined: Bool { aliases.count > 1 }

  // MARK: Names

  /// Resolves `name`, `table.column`, `owner.region`, `lead.owner`; nil where nothing has that name.
  func resolve(_ parts: [Identifier]) throws(StatementFailure) -> Resolution? {
    guard let first = parts.first, let last = parts.last else { return nil }
    if parts.count == 1 { return try resolveSimple(last) }
    return try resolvePath(first, Array(parts.dropFirst()))
  }

  private func resolveSimple(_ name: Identifier) throws(StatementFailure) -> Resolution? {
    if let own = try attribute(name.text) { return own }
    if let column = try lookup.column(name.text, of: definition.table) {
      return try shown(
        Resolution(value: qualified(column.name), unit: column.unit),
        column: column.name
      )
    }
    if role == .opportunities, let lead = try leadAttribute(name.text) { return lead }
    return try linked(name)
  }

  /// `<head>.<rest>`: the head is a role, an attribute or column with a link, or a table.
  private func resolvePath(
    _ head: Identifier,
    _ rest: [Identifier]
  ) throws(StatementFailure) -> Resolution? {
    guard let last = rest.last else { return nil }
    let word = foldedText(head.text)
    if rest.count == 1, Self.roleWords[word] == role || foldedEqual(head.text, alias) {
      if let own = try attribute(last.text), Self.roleWords[word] == role { return own }
      if let column = try lookup.column(last.text, of: definition.table) {
        return Resolution(value: qualified(column.name), unit: column.unit)
      }
    }
    if rest.count == 1, Self.roleWords[word] == .leads, role == .opportunities {
      if let lead = try leadAttribute(last.text) { return lead }
    }
    var table = definition.table
    var tableAlias = alias
    var steps = [head] + rest
    if Self.roleWords[word] == role, steps.count > 2 { steps.removeFirst() }
    // Attributes and columns with links, one after the other.
    var index = 0
    while index < steps.count - 1 {
      var column = steps[index].text
      if index == 0, let expression = definition.value(column), let name = expression.simpleName {
        column = name.text
      }
      if let link = links(from: table).first(where: { foldedEqual($0.source.last, column) }) {
        if foldedEqual(steps[index + 1].text, "key"), index + 2 == steps.count {
          return Resolution(value: sql.name(tableAlias, link.source.last))
        }
        tableAlias = join(link, from: tableAlias)
        table = QualifiedName(Array(link.target.parts.dropLast()))
        index += 1
        continue
      }
      break
    }
    if index == steps.count - 1 {
      guard let column = try lookup.column(steps[index].text, of: table) else { return nil }
      return Resolution(value: sql.name(tableAlias, column.name), unit: column.unit)
    }
    guard index == 0, steps.count == 2 else { return nil }
    // A table that links lead to.
    let paths = try self.paths { table throws(StatementFailure) in
      foldedEqual(table.last, head.text)
    }
    guard let path = paths.first else { return nil }
    guard paths.count == 1 else {
      throw StatementFailure([
        .ambiguousDimension(
          head.text,
          spellings: paths.map { describe($0, column: last.text) },
          range: head.range
        )
      ])
    }
    return try follow(path, to: last.text)
  }

  /// The attribute of the role, or a built-in one such as `outcome`.
  func attribute(_ name: String) throws(StatementFailure) -> Resolution? {
    let word = foldedText(name)
    switch (role, word) {
    case (.opportunities, "outcome"):
      return Resolution(value: try outcome())
    case (.opportunities, "closed"), (.opportunities, "created"), (.leads, "created"),
      (.leads, "converted"), (_, "at"), (_, "expected"), (_, "responded"), (_, "accepted"),
      (_, "since"), (_, "start"), (_, "end"):
      guard let value = definition.value(word) else { return nil }
      return Resolution(value: try local(value, named: word))
    case (.leads, "disqualified"):
      return Resolution(
        value: definition.condition("disqualified").map(qualified) ?? sql.boolean(false)
      )
    case (_, "kind") where !definition.maps(of: "kind").isEmpty:
      guard let value = definition.value("kind") else { return nil }
      let maps = definition.maps(of: "kind")
      let label = qualified(value)
      return Resolution(
        value: sql.choose(
          maps.map { (sql.equal(label, sql.text($0.text)), sql.text($0.meaning.text)) },
          otherwise: label
        )
      )
    case (.opportunities, "probability"):
      return Resolution(value: try probability())
    default:
      if let milestone = definition.milestones.first(where: { foldedEqual($0.name.text, name) }) {
        return Resolution(value: try local(milestone.at, named: word))
      }
      guard let value = definition.value(word) else { return nil }
      var unit = Unit.none
      if let column = value.simpleName {
        unit = try lookup.column(column.text, of: definition.table)?.unit ?? .none
      }
      let resolution = Resolution(value: qualified(value), unit: unit)
      guard let column = value.simpleName else { return resolution }
      return try shown(resolution, column: column.text)
    }
  }

  /// The words by which a role's attributes are named explicitly: `lead.owner`.
  static let roleWords: [String: ModelRole] = [
    "lead": .leads, "leads": .leads, "opportunity": .opportunities,
    "opportunities": .opportunities, "visit": .visits, "visits": .visits, "touch": .touches,
    "touches": .touches, "spend": .spend, "quota": .quotas, "quotas": .quotas,
    "customer": .customers, "customers": .customers,
  ]

  // MARK: Columns

  /// A column of the role's table.
  func qualified(_ column: String) -> Expression { sql.name(alias, column) }

  /// An expression of the model with its columns qualified.
  func qualified(_ expression: Expression) -> Expression {
    qualified(expression, by: alias)
  }

  func qualified(_ expression: Expression, by alias: String) -> Expression {
    let result = try? expression.rewritten(at: sql.range) {
      (part: Expression) throws(StatementFailure) -> Expression? in
      guard case .name(let parts) = part.kind, let last = parts.last else { return nil }
      return sql.expression(.name([sql.identifier(alias), sql.identifier(last.text)]))
    }
    return result ?? expression
  }

  /// A date as the session's calendar and clock show it; an error where it is no date.
  private func local(
    _ expression: Expression,
    named name: String
  ) throws(StatementFailure) -> Expression {
    let value = qualified(expression)
    guard let type = try lookup.type(of: expression, in: definition.table) else { return value }
    switch type {
    case .timestampTZ: return sql.cast(value, "TIMESTAMP")
    case .date, .timestamp, .null: return value
    case .boolean where name == "converted": return value
    default:
      throw StatementFailure([
        .attributeIsNoDate(
          name,
          of: role,
          table: definition.table.last,
          type: type.description,
          range: sql.range
        )
      ])
    }
  }

  /// The type of an attribute; nil where the role has none of that name.
  func type(ofAttribute name: String) throws(StatementFailure) -> DataType? {
    let milestone = definition.milestones.first { foldedEqual($0.name.text, name) }?.at
    guard let value = milestone ?? definition.value(name) else { return nil }
    return try lookup.type(of: value, in: definition.table)
  }

  // MARK: Links

  func links(from table: QualifiedName) -> [LinkDefinition] {
    model.links.filter { link in
      link.source.parts.count > 1
        && foldedEqual(link.source.parts.dropLast().last?.text ?? "", table.last)
    }
  }

  /// Joins a table by a link, once per place.
  private func join(_ link: LinkDefinition, from source: String) -> String {
    let place = "\(foldedText(source)).\(foldedText(link.source.last))"
    if let known = joinedAliases[place] { return known }
    let target = QualifiedName(Array(link.target.parts.dropLast()))
    let alias = newAlias(target.last)
    joinedAliases[place] = alias
    from = sql.join(
      from,
      .left,
      sql.table(target, as: alias),
      on: sql.equal(sql.name(source, link.source.last), sql.name(alias, link.target.last))
    )
    return alias
  }

  /// Joins a subquery that has one row per value of its column `key`.
  func join(_ query: Query, as name: String, key: String, on value: Expression) -> String {
    if let known = joinedAliases[name] { return known }
    let alias = newAlias(name)
    joinedAliases[name] = alias
    from = sql.join(
      from,
      .left,
      TableReference(
        .query(query, isLateral: false),
        alias: sql.identifier(alias),
        range: sql.range
      ),
      on: sql.equal(value, sql.name(alias, key))
    )
    return alias
  }

  private func newAlias(_ name: String) -> String {
    var alias = name
    var number = 2
    while !aliases.insert(foldedText(alias)).inserted {
      alias = "\(name)_\(number)"
      number += 1
    }
    return alias
  }

  /// Where a column has a link with SHOW, its name stands for it.
  private func shown(
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
  private func paths(
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

  private func tableName(_ path: [LinkDefinition]) -> String {
    path.last?.target.parts.dropLast().last?.text ?? ""
  }

  /// A column of exactly one linked table.
  private func linked(_ name: Identifier) throws(StatementFailure) -> Resolution? {
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
  private func describe(_ path: [LinkDefinition], column: String) -> String {
    let isOnly =
      Set(model.links.filter { foldedEqual(tableName([$0]), tableName(path)) }).count <= 1
    if isOnly { return "\(tableName(path)).\(column)" }
    return (path.map(\.source.last) + [column]).joined(separator: ".")
  }

  private func follow(
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

  // MARK: The lead of an opportunity

  private func leadAttribute(_ name: String) throws(StatementFailure) -> Resolution? {
    guard nesting == 0, let leads = model.role(.leads) else { return nil }
    let word = foldedText(name)
    let isAttribute =
      leads.value(word) != nil || leads.milestones.contains { foldedEqual($0.name.text, word) }
    let isColumn = try lookup.column(name, of: leads.table) != nil
    guard isAttribute || isColumn else { return nil }
    let scope = nested(leads)
    guard let resolution = try scope.resolve([sql.identifier(name)]) else { return nil }
    let link: Expression
    let key: Expression
    if let lead = definition.value("lead"), let leadKey = leads.value("key") {
      link = qualified(lead)
      key = scope.qualified(leadKey)
    } else if let opportunity = leads.value("opportunity"), let own = definition.value("key") {
      link = qualified(own)
      key = scope.qualified(opportunity)
    } else {
      return nil
    }
    var select = sql.select(
      [sql.item(key, as: "key"), sql.item(resolution.value, as: word)],
      from: scope.from,
      where: sql.isNull(key, not: true)
    )
    if try !lookup.isUnique(
      definition.value("lead") != nil
        ? leads.value("key") ?? key : leads.value("opportunity") ?? key,
      in: leads.table
    ) {
      let created = leads.value("created").map { scope.qualified($0) }
      select.qualify = sql.equal(
        sql.call(
          "row_number",
          [],
          over: WindowSpecification(
            partitionBy: [key],
            orderBy: created.map { [OrderItem(expression: $0)] } ?? [],
            range: sql.range
          )
        ),
        sql.integer(1)
      )
    }
    let joined = join(sql.query(select), as: "lead_\(word)", key: "key", on: link)
    return Resolution(value: sql.name(joined, word), unit: resolution.unit)
  }

  /// A scope over another role, for a subquery.
  func nested(_ definition: RoleDefinition) -> RoleScope {
    RoleScope(
      lookup: lookup,
      model: model,
      definition: definition,
      asOf: asOf,
      range: sql.range,
      nesting: nesting + 1
    )
  }
}
