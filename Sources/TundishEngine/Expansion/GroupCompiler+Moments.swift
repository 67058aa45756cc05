internal import TundishColumns
internal import TundishSyntax

// Dimensions as they were at an event: `by owner` is the owner when the deal closed.
extension GroupCompiler {
  /// The instant at which a dimension is read, exclusive or not; nil for how it is recorded now.
  private func instant(
    of moment: Dimension.Moment?
  ) throws(StatementFailure) -> (bound: Expression, isExclusive: Bool)? {
    func event(_ name: String) throws(StatementFailure) -> (Expression, Bool)? {
      guard let value = try scope.attribute(name)?.value else { return nil }
      return bounded(value, isDay: try scope.type(ofAttribute: name) == .date)
    }
    switch moment {
    case .now: return nil
    case .entry: return try event("created")
    case .close:
      guard scope.role == .leads else { return try event("closed") }
      let type = try scope.type(ofAttribute: "converted")
      if let type, type != .boolean { return try event("converted") }
      guard let customer = try scope.milestone(.init(name: "customer", isLabel: false)) else {
        return nil
      }
      return bounded(customer.at, isDay: false)
    case .step: return nil
    case nil: break
    }
    if group.key.isSnapshot {
      return (scope.asOf?.expression ?? sql.instant(statement.asOf.instant), true)
    }
    guard let body = group.key.date, !group.key.isPlanned else { return nil }
    if let name = body.simpleName { return try event(name.text) }
    return bounded(try compile(body, isUserText: false), isDay: false)
  }

  /// What a day's events lie before is the end of that day.
  private func bounded(_ value: Expression, isDay: Bool) -> (Expression, Bool) {
    isDay ? (sql.binary(.add, value, sql.interval(1, .day)), true) : (value, false)
  }

  /// The value that the history records for a name at the moment; nil where the current one counts.
  ///
  /// What the owner's row tells, `owner.region` or `owner.key`, is that of the owner then.
  func recorded(
    _ parts: [Identifier],
    at moment: Dimension.Moment?,
    range: SourceRange
  ) throws(StatementFailure) -> RoleScope.Resolution? {
    let names = try scope.pathOfAttribute(parts)
    guard let first = names.first, moment == nil || names.count == 1 else {
      return try refused(moment, range)
    }
    let word = foldedText(first.text)
    // What a stage or an amount was then is asked for; an owner is meant so (R11).
    guard moment != nil || word == "owner", scope.overrides[word] == nil else { return nil }
    guard scope.historyRecords(word) else { return try refused(moment, range) }
    guard let (bound, isExclusive) = try instant(of: moment),
      let then = try scope.recorded(word, before: bound, isExclusive: isExclusive)
    else { return nil }
    let current = scope.definition.value(word)
    let value = current.map { sql.call("coalesce", [then, scope.qualified($0)]) } ?? then
    let column = current?.simpleName?.text ?? ""
    let found: RoleScope.Resolution?
    if names.count > 1 {
      found = try scope.follow(Array(names.dropFirst()), from: value, column: column)
    } else {
      found =
        try scope.named(value, column: column) ?? RoleScope.Resolution(value: value)
    }
    guard let found else { return nil }
    momentNotes.append(
      "\(word) as \(scope.model.role(.history, of: scope.role)?.table.last ?? "the history") had it at the metric's own event"
    )
    return found
  }

  /// `at entry`, `at close` of what no history records cannot be told.
  private func refused(
    _ moment: Dimension.Moment?,
    _ range: SourceRange
  ) throws(StatementFailure) -> RoleScope.Resolution? {
    guard let moment, moment != .now else { return nil }
    throw StatementFailure([
      .clauseNeeds(
        moment == .step
          ? "'at step' is for funnels"
          : "'at \(moment.rawValue)' needs a HISTORY of \(scope.role.rawValue) that records it",
        range: range
      )
    ])
  }
}

extension RoleScope {
  /// The names of a path that begins with an attribute; empty where it begins elsewhere.
  ///
  /// `opportunity.owner.region`, `users.region` and, where only owners have one, `region` are
  /// `owner.region`.
  func pathOfAttribute(_ parts: [Identifier]) throws(StatementFailure) -> [Identifier] {
    guard let head = parts.first, let last = parts.last else { return [] }
    if parts.count > 1, Self.roleWords[foldedText(head.text)] == role {
      return Array(parts.dropFirst())
    }
    if definition.value(head.text) != nil || parts.count > 2 { return parts }
    if try lookup.column(head.text, of: definition.table) != nil { return parts }
    if parts.count == 1, role == .opportunities, try leadAttributeExists(head.text) { return parts }
    let paths = try self.paths { table throws(StatementFailure) in
      parts.count == 2
        ? foldedEqual(table.last, head.text) : try lookup.column(last.text, of: table) != nil
    }
    guard paths.count == 1, let path = paths.first, let source = path.first?.source.last,
      let owner = definition.value("owner")?.simpleName, foldedEqual(owner.text, source)
    else { return parts }
    return [sql.identifier("owner")] + path.dropFirst().map { sql.identifier($0.source.last) }
      + [last]
  }

  /// What the row that a key points to says, or a row further along its links.
  func follow(
    _ names: [Identifier],
    from key: Expression,
    column: String
  ) throws(StatementFailure) -> Resolution? {
    guard let last = names.last else { return nil }
    if names.count == 1, foldedEqual(last.text, "key") { return Resolution(value: key) }
    guard
      let link = links(from: definition.table).first(where: { foldedEqual($0.source.last, column) })
    else { return nil }
    var table = QualifiedName(Array(link.target.parts.dropLast()))
    var source = key
    var target = join(link, on: key)
    var found = link.target.last
    for name in names.dropLast() {
      guard let next = links(from: table).first(where: { foldedEqual($0.source.last, name.text) })
      else { return nil }
      source = sql.name(target, next.source.last)
      target = join(next, from: target)
      table = QualifiedName(Array(next.target.parts.dropLast()))
      found = next.target.last
    }
    guard let field = try lookup.column(last.text, of: table) else { return nil }
    return Resolution(
      value: sql.name(target, field.name),
      link: (source: source, target: sql.name(target, found), table: target),
      unit: field.unit
    )
  }

  /// Joins the table of a link on a key that is no plain column, once per key.
  private func join(_ link: LinkDefinition, on key: Expression) -> String {
    let place = "\(foldedText(link.source.last))<\(Syntax.format(key))"
    if let known = joinedAliases[place] { return known }
    let target = QualifiedName(Array(link.target.parts.dropLast()))
    let alias = newAlias(target.last)
    joinedAliases[place] = alias
    add(
      sql.table(target, as: alias),
      as: alias,
      .left,
      on: sql.equal(key, sql.name(alias, link.target.last))
    )
    return alias
  }

  /// The name that a link shows for a key that is no plain column; nil where there is no such link.
  func named(_ key: Expression, column: String) throws(StatementFailure) -> Resolution? {
    guard
      let link = links(from: definition.table).first(where: {
        foldedEqual($0.source.last, column) && $0.show != nil
      }), let show = link.show
    else { return nil }
    let alias = join(link, on: key)
    return Resolution(
      value: sql.name(alias, show.text),
      key: sql.name(alias, link.target.last),
      link: (source: key, target: sql.name(alias, link.target.last), table: alias)
    )
  }
}
