internal import TundishColumns
internal import TundishSyntax

// The lead of an opportunity, and scopes for subqueries.
extension RoleScope {
  /// Whether the lead of an opportunity has an attribute, a milestone or a column of a name.
  func leadAttributeExists(_ name: String) throws(StatementFailure) -> Bool {
    guard nesting == 0, let leads = model.role(.leads) else { return false }
    if leads.value(name) != nil { return true }
    if leads.milestones.contains(where: { foldedEqual($0.name.text, name) }) { return true }
    return try lookup.column(name, of: leads.table) != nil
  }

  func leadAttribute(_ name: String) throws(StatementFailure) -> Resolution? {
    guard let leads = model.role(.leads), try leadAttributeExists(name) else { return nil }
    let word = foldedText(name)
    if isLinkedByRow {
      // The lead is the row at hand.
      if let own = try attributeOfRow(word, of: leads) { return own }
      return try lookup.column(name, of: leads.table).map { Resolution(value: qualified($0.name)) }
    }
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

  /// Whether an opportunity came from a lead or was created directly.
  func origin() throws(StatementFailure) -> Resolution? {
    guard role == .opportunities, nesting == 0, let leads = model.role(.leads) else { return nil }
    if isLinkedByRow { return Resolution(value: sql.text("lead")) }
    let comes: Expression
    if let lead = definition.value("lead") {
      comes = sql.isNull(qualified(lead), not: true)
    } else if let opportunity = leads.value("opportunity"), let own = definition.value("key") {
      let scope = nested(leads)
      let key = scope.qualified(opportunity)
      let select = sql.select(
        [sql.item(key, as: "key")],
        from: scope.from,
        where: sql.isNull(key, not: true),
        distinct: true
      )
      let joined = join(sql.query(select), as: "lead_origins", key: "key", on: qualified(own))
      comes = sql.isNull(sql.name(joined, "key"), not: true)
    } else {
      return nil
    }
    return Resolution(value: sql.choose([(comes, sql.text("lead"))], otherwise: sql.text("direct")))
  }

  /// An attribute or a milestone that another role of the same rows has.
  private func attributeOfRow(
    _ word: String,
    of other: RoleDefinition
  ) throws(StatementFailure) -> Resolution? {
    let milestone = other.milestones.first { foldedEqual($0.name.text, word) }?.at
    guard let value = milestone ?? other.value(word) else { return nil }
    guard let type = try lookup.type(of: value, in: other.table) else { return nil }
    switch type {
    case .date, .timestamp, .timestampTZ: return Resolution(value: try local(value, named: word))
    default: return Resolution(value: qualified(value))
    }
  }

  /// A scope over another role, for a subquery.
  func nested(_ definition: RoleDefinition) -> RoleScope {
    let scope = RoleScope(
      lookup: lookup,
      model: model,
      definition: definition,
      asOf: asOf,
      range: sql.range,
      nesting: nesting + 1
    )
    scope.conversion = conversion
    return scope
  }
}
