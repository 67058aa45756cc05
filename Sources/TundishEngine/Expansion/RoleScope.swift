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
  var from: TableReference
  var aliases: Set<String>
  var joinedAliases: [String: String] = [:]
  let nesting: Int

  /// What names stand for in rows that are no plain rows of the table, such as visits to a stage.
  var overrides: [String: Expression] = [:]
  /// How amounts are converted; nil where they are not.
  var conversion: CurrencyConversion?
  /// The date at whose rate amounts are converted.
  var eventDate: Expression?
  /// The conversions whose rates may be missing, here and in subqueries with their condition.
  var rateChecks: [RateCheck] = []
  var nestedRateChecks: [(scope: RoleScope, condition: Expression)] = []

  /// Where the rows are another relation's, to which nothing can be joined: what was to be joined,
  /// by its alias; `inlined` reads it by subqueries.
  var lookups: [String: Lookup]?
  /// What "now" is for states where nothing says as-of.
  var present: Expression?

  /// How long after its creation an opportunity may close to count as closed: `within` of cohorts.
  var window: Duration?

  /// Whether leads and opportunities are the same rows, tied by `rowNumber`.
  let isLinkedByRow: Bool

  /// Whether this is the scope of a subquery.
  var isNested: Bool { nesting > 0 }

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
    isLinkedByRow =
      (definition.role == .leads || definition.role == .opportunities) && model.isLinkedByRow
    from = sql.table(definition.table)
    if isLinkedByRow { from = Self.numbered(from, as: alias, sql) }
    if let counted = definition.condition("counted") {
      // Rows that do not count are no rows of the role.
      let rows = sql.select([sql.item(sql.star)], from: from, where: counted.moved(to: range))
      from = TableReference(
        .query(sql.query(rows), isLateral: false),
        alias: sql.identifier(alias),
        range: range
      )
    }
  }

  /// Pairs every row with every row of another relation.
  func cross(_ relation: String) {
    from = sql.join(sql.table(relation), .cross, from, on: nil)
    aliases.insert(foldedText(relation))
  }

  /// The column that numbers the rows of a table whose leads and opportunities are tied by row.
  static let rowNumber = "row_of_sheet"

  private static func numbered(
    _ table: TableReference,
    as alias: String,
    _ sql: SQLBuilder
  ) -> TableReference {
    let number = sql.call("row_number", [], over: WindowSpecification(range: sql.range))
    let rows = sql.select([sql.item(sql.star), sql.item(number, as: rowNumber)], from: table)
    return TableReference(
      .query(sql.query(rows), isLateral: false),
      alias: sql.identifier(alias),
      range: sql.range
    )
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

  func resolveSimple(_ name: Identifier) throws(StatementFailure) -> Resolution? {
    if let own = try attribute(name.text) { return own }
    if let column = try lookup.column(name.text, of: definition.table) {
      if let word = changingAttribute(ofColumn: column.name), let then = try then(word) {
        return try named(then, column: column.name) ?? Resolution(value: then, unit: column.unit)
      }
      return try shown(
        Resolution(value: qualified(column.name), unit: column.unit),
        column: column.name
      )
    }
    if role == .opportunities, let lead = try leadAttribute(name.text) { return lead }
    if let linked = try linked(name) { return linked }
    return foldedEqual(name.text, "origin") ? try origin() : nil
  }

  /// `<head>.<rest>`: the head is a role, an attribute or column with a link, or a table.
  func resolvePath(
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
    if index == 0, let member = try member(of: steps) { return member }
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

  /// A member of a column of structures, such as `properties.plan`; nil where no column is one.
  private func member(of steps: [Identifier]) throws(StatementFailure) -> Resolution? {
    guard let head = steps.first, let column = try lookup.column(head.text, of: definition.table)
    else { return nil }
    var type = column.type
    for step in steps.dropFirst() {
      guard case .structure(let members) = type,
        let found = members.first(where: { foldedEqual($0.name, step.text) })
      else { return nil }
      type = found.type
    }
    let path = [sql.identifier(alias), sql.identifier(column.name)] + steps.dropFirst()
    return Resolution(value: sql.expression(.name(path)))
  }

  /// The attribute of the role, or a built-in one such as `outcome`.
  func attribute(_ name: String) throws(StatementFailure) -> Resolution? {
    let word = foldedText(name)
    if let override = overrides[word] { return Resolution(value: override) }
    switch (role, word) {
    case (.opportunities, "outcome"):
      return Resolution(value: try outcome())
    case (.opportunities, "closed"), (.opportunities, "expected"):
      guard let value = definition.value(word) else { return nil }
      let then = word == "closed" ? try closedThen() : try then(word)
      if let then { return Resolution(value: then) }
      return Resolution(value: try local(value, named: word))
    case (.opportunities, "created"), (.leads, "created"),
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
      guard let value = definition.value(word) else {
        if let currency = try currencyColumn(word) { return currency }
        return try scoreColumn(word)
      }
      let then = try then(word)
      if word == "amount", conversion != nil {
        return Resolution(value: try converted(then ?? qualified(value)))
      }
      var unit = Unit.none
      if let column = value.simpleName {
        unit = try lookup.column(column.text, of: definition.table)?.unit ?? .none
      }
      if let then {
        return try named(then, column: value.simpleName?.text ?? "")
          ?? Resolution(value: then, unit: unit)
      }
      let resolution = Resolution(value: qualified(value), unit: unit)
      guard let column = value.simpleName else { return resolution }
      return try shown(resolution, column: column.text)
    }
  }

  /// `currency` is the column that holds the currency of amounts.
  private func currencyColumn(_ word: String) throws(StatementFailure) -> Resolution? {
    guard word == "currency", let currency = definition.currency(of: "amount"),
      try lookup.column(word, of: definition.table) == nil
    else { return nil }
    if case .literal = currency.kind { return Resolution(value: currency.moved(to: sql.range)) }
    return Resolution(value: qualified(currency))
  }

  /// The words by which a role's attributes are named explicitly: `lead.owner`.
  static let roleWords: [String: ModelRole] = [
    "lead": .leads, "leads": .leads, "opportunity": .opportunities,
    "opportunities": .opportunities, "visit": .visits, "visits": .visits, "touch": .touches,
    "touches": .touches, "spend": .spend, "quota": .quotas, "quotas": .quotas,
    "customer": .customers, "customers": .customers, "mqls": .mqls, "sqls": .sqls,
    "bookings": .bookings,
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
  func local(
    _ expression: Expression,
    named name: String
  ) throws(StatementFailure) -> Expression {
    let value = qualified(expression)
    guard let type = try lookup.type(of: expression, in: definition.table) else { return value }
    switch type {
    case .timestampTZ: return sql.cast(value, "TIMESTAMP")
    case .date, .timestamp, .null: return value
    case .boolean where mayBeFlag(name): return value
    default:
      throw StatementFailure([
        .attributeIsNoDate(
          name,
          of: role,
          table: definition.table.last,
          type: type.description,
          others: try othersThanDates(expression, type),
          range: sql.range
        )
      ])
    }
  }

  /// The few texts that keep a column of dates from being one; none where more is wrong with it.
  private func othersThanDates(
    _ expression: Expression,
    _ type: DataType
  ) throws(StatementFailure) -> [String] {
    guard type.isText else { return [] }
    let texts = try lookup.texts(of: expression, in: definition.table).filter { !$0.isEmpty }
    let others = texts.filter { !TextDates.isWritten($0) }
    return others.count <= 3 && others.count < texts.count ? others : []
  }

  /// Whether an attribute may say yes or no in the place of a date: `CONVERTED`, milestones.
  func mayBeFlag(_ name: String) -> Bool {
    name == "converted" || definition.milestones.contains { foldedEqual($0.name.text, name) }
  }

  /// The type of an attribute; nil where the role has none of that name.
  func type(ofAttribute name: String) throws(StatementFailure) -> DataType? {
    let milestone = definition.milestones.first { foldedEqual($0.name.text, name) }?.at
    guard let value = milestone ?? definition.value(name) else { return nil }
    return try lookup.type(of: value, in: definition.table)
  }
}
