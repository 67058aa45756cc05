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
  func recorded(
    _ parts: [Identifier],
    at moment: Dimension.Moment?,
    range: SourceRange
  ) throws(StatementFailure) -> RoleScope.Resolution? {
    guard let last = parts.last,
      parts.count == 1
        || (parts.count == 2
          && RoleScope.roleWords[foldedText(parts[0].text)]
            == scope.role)
    else { return try refused(moment, range) }
    let word = foldedText(last.text)
    // What a stage or an amount was then is asked for; an owner is meant so (R11).
    guard moment != nil || word == "owner", scope.overrides[word] == nil else { return nil }
    guard scope.historyRecords(word) else { return try refused(moment, range) }
    guard let (bound, isExclusive) = try instant(of: moment),
      let then = try scope.recorded(word, before: bound, isExclusive: isExclusive)
    else { return nil }
    momentNotes.append(
      "\(word) as \(scope.model.role(.history, of: scope.role)?.table.last ?? "the history") had it at the metric's own event"
    )
    guard let current = scope.definition.value(word) else {
      return RoleScope.Resolution(value: then)
    }
    let value = sql.call("coalesce", [then, scope.qualified(current)])
    return try scope.named(value, column: current.simpleName?.text ?? "")
      ?? RoleScope.Resolution(value: value)
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
  /// The name that a link shows for a key that is no plain column; nil where there is no such link.
  func named(_ key: Expression, column: String) throws(StatementFailure) -> Resolution? {
    guard
      let link = links(from: definition.table).first(where: {
        foldedEqual($0.source.last, column) && $0.show != nil
      }), let show = link.show
    else { return nil }
    let target = QualifiedName(Array(link.target.parts.dropLast()))
    let alias = newAlias(target.last)
    from = sql.join(
      from,
      .left,
      sql.table(target, as: alias),
      on: sql.equal(key, sql.name(alias, link.target.last))
    )
    return Resolution(
      value: sql.name(alias, show.text),
      key: sql.name(alias, link.target.last),
      link: (source: key, target: sql.name(alias, link.target.last), table: alias)
    )
  }
}
