internal import TundishColumns
internal import TundishSyntax

// FOREIGN KEY: after each change a query looks for rows that refer to nothing.
extension StatementRunner {
  /// What a FOREIGN KEY means; `create` holds the keys of the table itself while it is created.
  func foreignKey(
    _ names: [Identifier],
    _ target: ForeignKeyTarget,
    of table: QualifiedName,
    _ fields: [Field],
    keys create: CreateTable?
  ) throws(StatementFailure) -> ForeignKey {
    let columns = try positions(of: names, in: fields)
    let parent: (name: String, fields: [Field], primaryKey: [Int], keys: [[Int]])
    if let create, foldedKey(target.table.last) == foldedKey(table.last) {
      let primary = try keys(of: create, fields, isPrimary: true)
      let further = try keys(of: create, fields, isPrimary: false)
      parent = (table.last, fields, primary.first ?? [], primary + further)
    } else {
      let entry = try self.table(target.table)
      let constraints = entry.constraints
      parent = (
        entry.name, entry.table.schema.fields, constraints.primaryKey,
        [constraints.primaryKey] + constraints.allUniqueKeys
      )
    }
    let referenced =
      target.columns.isEmpty
      ? parent.primaryKey : try positions(of: target.columns, in: parent.fields)
    guard !referenced.isEmpty, parent.keys.contains(where: { Set($0) == Set(referenced) }) else {
      throw StatementFailure([
        .wrongState(
          "FOREIGN KEY needs a PRIMARY KEY or UNIQUE of '\(parent.name)' over the columns that it"
            + " refers to",
          at: target.table.range
        )
      ])
    }
    guard referenced.count == columns.count else {
      throw StatementFailure([
        .wrongColumnCount(
          "FOREIGN KEY",
          wanted: referenced.count,
          found: columns.count,
          at: target.table.range
        )
      ])
    }
    for (column, key) in zip(columns, referenced) {
      let types = (fields[column].type, parent.fields[key].type)
      guard TypeCoercion.comparisonType(types.0, types.1) == nil else { continue }
      throw StatementFailure([
        .incomparableTypes(
          types.0.description,
          types.1.description,
          at: target.table.range
        )
      ])
    }
    return ForeignKey(
      columns: columns.map { fields[$0].name },
      table: parent.name,
      keys: referenced.map { parent.fields[$0].name }
    )
  }

  /// The keys that a CREATE TABLE declares.
  private func keys(
    of create: CreateTable,
    _ fields: [Field],
    isPrimary: Bool
  ) throws(StatementFailure) -> [[Int]] {
    var keys: [[Int]] = []
    for (position, column) in create.columns.enumerated()
    where isPrimary ? column.isPrimaryKey : column.isUnique { keys.append([position]) }
    for constraint in create.constraints {
      switch constraint {
      case .primaryKey(let names):
        if isPrimary { keys.append(try positions(of: names, in: fields)) }
      case .unique(let names):
        if !isPrimary { keys.append(try positions(of: names, in: fields)) }
      case .check, .foreignKey: continue
      }
    }
    return keys
  }

  /// Checks what a table refers to, and what refers to it.
  func verifyForeignKeys(of entry: TableEntry, range: SourceRange) throws(StatementFailure) {
    let changed = foldedKey(entry.name)
    for (key, child) in session.catalog.tables.sorted(by: { $0.key < $1.key }) {
      for foreign in child.constraints.foreignKeys
      where key == changed || foldedKey(foreign.table) == changed {
        guard let values = try orphan(of: child.name, foreign) else { continue }
        let columns = foreign.columns.joined(separator: ", ")
        let condition = "FOREIGN KEY (\(columns)) of '\(child.name)'"
        throw StatementFailure([
          .constraintFailed(
            key == changed
              ? "\(condition): '\(foreign.table)' has no row with \(values)"
              : "\(condition) still refers to \(values)",
            at: range
          )
        ])
      }
    }
  }

  /// The values of a row that refers to nothing; nil where there is none.
  private func orphan(
    of child: String,
    _ foreign: ForeignKey
  ) throws(StatementFailure) -> String? {
    let builder = SQLBuilder(SourceRange(0, 0))
    let columns = foreign.columns.map { builder.name("child", $0) }
    let pairs = zip(columns, foreign.keys).map { builder.equal($0, builder.name("parent", $1)) }
    let source = builder.join(
      builder.stored(child, as: "child"),
      .anti,
      builder.stored(foreign.table, as: "parent"),
      on: builder.all(Array(pairs))
    )
    let select = builder.select(
      columns.map { SelectItem(expression: $0) },
      from: source,
      where: builder.all(columns.map { builder.isNull($0, not: true) })
    )
    let (_, batches) = try answerRows(of: builder.query(select, limit: 1))
    guard let row = batches.first(where: { $0.rowCount > 0 })?.row(at: 0) else { return nil }
    return zip(foreign.keys, row).map { "\($0) = \(ValueText.text(of: $1))" }
      .joined(separator: ", ")
  }

  /// A table that another refers to stays, unless both go.
  func refuseReferenced(
    _ name: QualifiedName,
    dropped: Set<String>
  ) throws(StatementFailure) {
    let key = foldedKey(name.last)
    let tables = session.catalog.tables.sorted { $0.key < $1.key }
    let child = tables.first { other, entry in
      !dropped.contains(other)
        && entry.constraints.foreignKeys.contains { foldedKey($0.table) == key }
    }
    guard let child else { return }
    throw StatementFailure([
      .wrongState(
        "a FOREIGN KEY of '\(child.value.name)' refers to '\(name.last)'; drop that table first",
        at: name.range
      )
    ])
  }

  /// A column that a FOREIGN KEY uses, on either side, stays as it is.
  func refuseForeignKeyed(
    _ name: Identifier,
    of entry: TableEntry,
    _ change: String
  ) throws(StatementFailure) {
    let table = foldedKey(entry.name)
    let column = foldedKey(name.text)
    let isUsed = session.catalog.tables.contains { key, other in
      other.constraints.foreignKeys.contains { foreign in
        key == table && foreign.columns.contains { foldedKey($0) == column }
          || foldedKey(foreign.table) == table && foreign.keys.contains { foldedKey($0) == column }
      }
    }
    guard isUsed else { return }
    throw StatementFailure([
      .wrongState("a FOREIGN KEY uses '\(name.text)', which cannot be \(change)", at: name.range)
    ])
  }

  /// Lets what refers to a table follow its new name.
  func moveForeignKeys(from old: String, to new: String, _ entry: inout TableEntry) {
    let key = foldedKey(old)
    func moved(_ foreign: ForeignKey) -> ForeignKey {
      var foreign = foreign
      if foldedKey(foreign.table) == key { foreign.table = new }
      return foreign
    }
    for name in session.catalog.tables.keys {
      guard let foreign = session.catalog.tables[name]?.constraints.foreignKeys,
        !foreign.isEmpty
      else { continue }
      session.catalog.tables[name]?.constraints.foreignKeys = foreign.map(moved)
    }
    entry.constraints.foreignKeys = entry.constraints.foreignKeys.map(moved)
  }

  /// A sequence that a default counts with stays.
  func refuseUsedSequence(_ name: QualifiedName) throws(StatementFailure) {
    let key = foldedKey(name.last)
    for (_, entry) in session.catalog.tables.sorted(by: { $0.key < $1.key }) {
      for (position, value) in entry.constraints.defaults.sorted(by: { $0.key < $1.key })
      where value.countsWith(sequence: key) {
        let column = entry.table.schema.fields[position].name
        throw StatementFailure([
          .wrongState(
            "the default of '\(entry.name).\(column)' counts with '\(name.last)'; drop that first",
            at: name.range
          )
        ])
      }
    }
  }

  /// A CHECK sees its row only.
  func refuseQuery(
    inside expression: Expression,
    _ place: String = "CHECK, which sees one row"
  ) throws(StatementFailure) {
    guard let query = expression.firstQuery else { return }
    throw StatementFailure([
      .callForm("a subquery cannot stand in \(place)", at: query.range)
    ])
  }
}

extension Expression {
  /// Whether the expression calls `nextval` or `currval` of a sequence, named by its folded name.
  func countsWith(sequence: String) -> Bool {
    if case .call(let call) = kind, ["nextval", "currval"].contains(foldedKey(call.name.last)),
      case .literal(.string(let text))? = call.arguments.first?.value.unwrapped.kind,
      SequenceName.key(text) == sequence
    {
      return true
    }
    return directChildren.contains { $0.countsWith(sequence: sequence) }
  }

  /// The first subquery inside the expression.
  var firstQuery: Expression? {
    switch kind {
    case .scalarQuery, .exists, .inQuery, .quantified(_, _, _, .query): return self
    default: break  // every other form holds subqueries in its operands only
    }
    for child in directChildren {
      if let found = child.firstQuery { return found }
    }
    return nil
  }
}
