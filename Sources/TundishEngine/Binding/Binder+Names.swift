internal import TundishColumns
internal import TundishSyntax

extension Binder {
  /// Binds a name: a macro's parameter, a lambda's, a column, an alias, a column of an outer query.
  func bindName(_ parts: [Identifier], _ range: SourceRange, _ scope: Scope) -> BoundExpression? {
    guard let first = parts.first else { return nil }
    if let bound = bindMacroParameter(parts, range, scope) { return bound.expression }
    var level: Scope? = scope
    var isOuter = false
    while let current = level {
      switch look(for: parts, range, in: current, isOuter: isOuter) {
      case .found(let bound): return bound
      case .failed: return nil
      case .absent: break
      }
      level = current.parent
      isOuter = true
    }
    if hasUnknownRelation(scope) { return nil }
    if parts.count == 1, let position = first.position {
      return bindPosition(position, first, range, scope)
    }
    if parts.count <= 2, let row = bindRow(named: parts, range, scope) { return row }
    if parts.count == 1, let bound = bindKeywordFunction(first, range) { return bound }
    reportUnknown(parts, range, scope)
    return nil
  }

  /// `#1`: the column of FROM at a position.
  private func bindPosition(
    _ position: Int,
    _ name: Identifier,
    _ range: SourceRange,
    _ scope: Scope
  ) -> BoundExpression? {
    guard position >= 1, position <= scope.visible.count else {
      report(
        .positionOutOfRange(name.text, count: scope.visible.count, clause: "FROM", at: range)
      )
      return nil
    }
    return .column(scope.visible[position - 1].column, range: range)
  }

  /// A relation's name as a value: its row as a struct, as in PostgreSQL and DuckDB.
  private func bindRow(
    named parts: [Identifier],
    _ range: SourceRange,
    _ scope: Scope
  ) -> BoundExpression? {
    let keys = parts.map { foldedKey($0.text) }
    let schema = keys.count > 1 ? keys[0] : nil
    var level: Scope? = scope
    while let current = level {
      let table = current.tables.first {
        $0.key == keys.last && (schema == nil || $0.schema == schema)
      }
      if let table, !table.columns.isEmpty {
        let fields = table.columns.map { StructField(name: $0.name, type: $0.column.type) }
        let function = StructureFunctions.packing(fields)
        let values = table.columns.map { BoundExpression.column($0.column, range: range) }
        return BoundExpression(.call(function, values), type: function.resultType, range: range)
      }
      level = current.parent
    }
    return nil
  }

  private func callsAggregate(_ expression: Expression) -> Bool {
    if case .call(let call) = expression.kind, call.over == nil,
      environment.functions.aggregate(named: call.name.last) != nil
    {
      return true
    }
    return expression.directChildren.contains { callsAggregate($0) }
  }

  private enum Lookup {
    case found(BoundExpression)
    case failed
    case absent
  }

  private func look(
    for parts: [Identifier],
    _ range: SourceRange,
    in scope: Scope,
    isOuter: Bool
  ) -> Lookup {
    let key = foldedKey(parts[0].text)
    for parameters in scope.lambdaParameters.reversed() {
      if let parameter = parameters.last(where: { $0.key == key }) {
        return members(parts.dropFirst(), of: .column(parameter.column, range: range), range)
      }
    }
    if !isOuter, parts.count == 1, scope.prefersAliases, let bound = alias(key, scope) {
      return bound
    }
    if let lookup = lookQualified(parts, range, in: scope) { return lookup }
    let columns = scope.visibleColumns(key)
    if !isOuter, parts.count == 1, scope.clause == .having, columns.count == 1,
      !scope.groupedColumns.contains(columns[0].column.id), let item = scope.aliases[key],
      callsAggregate(item.expression), let bound = alias(key, scope)
    {
      // `SELECT count(i) AS i FROM t HAVING i > 5`: the column has no one value there.
      return bound
    }
    if columns.count > 1 {
      reportAmbiguous(parts[0], columns, scope)
      return .failed
    }
    if let column = columns.first {
      return members(parts.dropFirst(), of: .column(column.column, range: range), range)
    }
    if parts.count == 1, key == Self.rowIDName {
      missesRowID = true
      let owners = scope.tables.filter { $0.rowID != nil }
      if owners.count > 1 {
        let spellings = owners.map { "\($0.name).\(key)" }
        report(.ambiguousColumn(key, at: blame(parts[0].range), spellings: spellings))
        return .failed
      }
      if let column = owners.first?.rowID { return .found(.column(column, range: range)) }
    }
    // Subqueries see the aliases of the queries around them, as in DuckDB.
    if let bound = alias(key, scope) {
      guard parts.count > 1, case .found(let value) = bound else { return bound }
      return members(parts.dropFirst(), of: value, range)
    }
    // `alias.x` is the select item of that name, whatever columns there are; as in DuckDB.
    if parts.count > 1, key == "alias", !parts[0].isQuoted,
      let bound = alias(foldedKey(parts[1].text), scope)
    {
      guard parts.count > 2, case .found(let value) = bound else { return bound }
      return members(parts.dropFirst(2), of: value, range)
    }
    return .absent
  }

  /// `t.a`, `schema.t.a`, `t.a.member`.
  private func lookQualified(
    _ parts: [Identifier],
    _ range: SourceRange,
    in scope: Scope
  )
    -> Lookup?
  {
    guard parts.count > 1 else { return nil }
    let keys = parts.map { foldedKey($0.text) }
    // The database may stand before the schema.
    if parts.count > 3, keys[0] == "memory",
      let found = lookQualified(Array(parts.dropFirst()), range, in: scope)
    {
      return found
    }
    if parts.count > 2 {
      for table in scope.tables
      where table.key == keys[1] && (table.schema == keys[0] || table.isMain(keys[0])) {
        if table.isUnknown { return .failed }
        guard let column = table.columns.first(where: { $0.key == keys[2] }) else { continue }
        return members(parts.dropFirst(3), of: .column(column.column, range: range), range)
      }
    }
    let matching = scope.tables.filter { $0.key == keys[0] }
    guard !matching.isEmpty else { return nil }
    if matching.contains(where: { $0.isUnknown }) { return .failed }
    let owners = matching.filter { table in table.columns.contains { $0.key == keys[1] } }
    if owners.count > 1 {
      // Tables of several schemas may have one name.
      let spellings = owners.map {
        "\($0.schema.isEmpty ? Catalog.mainSchema : $0.schema).\($0.name).\(parts[1].text)"
      }
      let name = "\(parts[0].text).\(parts[1].text)"
      report(.ambiguousColumn(name, at: blame(range), spellings: spellings))
      return .failed
    }
    if let column = owners.first?.columns.first(where: { $0.key == keys[1] }) {
      return members(parts.dropFirst(2), of: .column(column.column, range: range), range)
    }
    if parts.count == 2, keys[1] == Self.rowIDName {
      missesRowID = true
      if let column = matching.first(where: { $0.rowID != nil })?.rowID {
        return .found(.column(column, range: range))
      }
    }
    if scope.visibleColumns(keys[0]).count == 1 { return nil }
    let closest = Suggestion.closest(
      to: parts[1].text,
      in: matching.flatMap { $0.columns.map(\.name) }
    )
    report(
      .unknownColumn(
        "\(parts[0].text).\(parts[1].text)",
        at: blame(parts[1].range),
        closest: closest.map { $0 }
      )
    )
    return .failed
  }

  /// The members of a struct that follow a column's name.
  private func members(
    _ parts: ArraySlice<Identifier>,
    of bound: BoundExpression,
    _ range: SourceRange
  ) -> Lookup {
    var value = bound
    for part in parts {
      guard let next = bindMember(value, part, range) else { return .failed }
      value = next
    }
    return .found(value)
  }

  /// An alias of SELECT, bound anew in the clause at hand.
  private func alias(_ key: String, _ scope: Scope) -> Lookup? {
    guard let item = scope.aliases[key], item.position < scope.aliasLimit else { return nil }
    countExpansion()
    let outerLimit = scope.aliasLimit
    let outerPreference = scope.prefersAliases
    scope.aliasLimit = item.position
    scope.prefersAliases = false
    defer {
      scope.aliasLimit = outerLimit
      scope.prefersAliases = outerPreference
    }
    return bind(item.expression, scope).map { .found($0) } ?? .failed
  }

  private func hasUnknownRelation(_ scope: Scope) -> Bool {
    var level: Scope? = scope
    while let current = level {
      if current.isUnknown { return true }
      level = current.parent
    }
    return false
  }

  private func reportAmbiguous(_ name: Identifier, _ columns: [ScopeColumn], _ scope: Scope) {
    var spellings: [String] = []
    for column in columns {
      let owner = scope.tables.first { table in
        table.columns.contains { $0.column.id == column.column.id }
      }
      spellings.append(owner.map { "\($0.name).\(column.name)" } ?? column.name)
    }
    report(.ambiguousColumn(name.text, at: blame(name.range), spellings: spellings))
  }

  private func reportUnknown(_ parts: [Identifier], _ range: SourceRange, _ scope: Scope) {
    if scope.clause == .limit {
      report(.notConstant("LIMIT and OFFSET: each", at: range))
      return
    }
    let name = parts.map(\.text).joined(separator: ".")
    if parts.count > 1 {
      let tables = scope.tables.map(\.name)
      report(
        .unknownQualifier(
          parts[0].text,
          at: blame(parts[0].range),
          closest: Suggestion.closest(to: parts[0].text, in: tables),
          available: tables
        )
      )
      return
    }
    var candidates: [String] = []
    var level: Scope? = scope
    while let current = level {
      candidates += current.visible.map(\.name)
      candidates += current.aliases.keys
      level = current.parent
    }
    let closest = Suggestion.closest(to: name, in: candidates)
    let elsewhere = closest == nil ? tableHaving(column: name) : nil
    report(.unknownColumn(name, at: range, closest: closest, elsewhere: elsewhere))
  }

  private func tableHaving(column name: String) -> String? {
    environment.catalog.tables.values
      .filter { $0.table.schema.index(of: name) != nil }
      .map(\.name).min()
  }

  /// `current_date` and its kin, which are called without parentheses.
  private func bindKeywordFunction(_ name: Identifier, _ range: SourceRange) -> BoundExpression? {
    let key = foldedKey(name.text)
    if key == "current_schema", !name.isQuoted { return currentSchema(range) }
    guard !name.isQuoted, Self.keywordFunctions.contains(key),
      case .success(let function) = environment.functions.resolveScalar(
        name: key,
        argumentTypes: []
      )
    else { return nil }
    return BoundExpression(.call(function, []), type: function.resultType, range: range)
  }

  /// `current_schema`: the one in which bare names are looked up first.
  func currentSchema(_ range: SourceRange) -> BoundExpression {
    let name = environment.catalog.schemas[searchedSchema] ?? searchedSchema
    return BoundExpression(.literal(.text(name)), type: .varchar, range: range)
  }

  static let keywordFunctions: Set<String> = [
    "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp",
    "today", "now", "current_user", "current_schema",
  ]
}

extension Identifier {
  /// The number of `#1`, which names a column by its position.
  var position: Int? {
    guard text.utf8.first == 0x23, text.utf8.count > 1 else { return nil }
    return Int(text.dropFirst())
  }
}
