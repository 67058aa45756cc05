internal import TundishColumns
internal import TundishSyntax

// ALTER TABLE.
extension StatementRunner {
  /// Changes the columns or the name of a table.
  func run(_ alter: AlterTable) throws(StatementFailure) -> StatementResult {
    if alter.ifExists, session.catalog.tables[foldedKey(located(alter.table).last)] == nil {
      return done("no table named \(alter.table.last)")
    }
    var entry = try table(alter.table)
    let fields = entry.table.schema.fields
    switch alter.action {
    case .addColumn(let column, let ifNotExists):
      if ifNotExists, entry.table.schema.index(of: column.name.text) != nil { break }
      try add(column, to: &entry)
    case .dropColumn(let name, let ifExists):
      if ifExists, entry.table.schema.index(of: name.text) == nil { break }
      let position = try position(of: name, in: fields)
      guard fields.count > 1 else {
        throw StatementFailure([
          .wrongState("a table keeps at least one column; DROP TABLE removes it", at: name.range)
        ])
      }
      try refuseIfGenerating(name, entry, "dropped")
      try refuseForeignKeyed(name, of: entry, "dropped")
      entry.table = entry.table.dropping(column: position)
      entry.constraints.remove(column: position)
      try refuseIfCheckedWithOthers(name, entry)
      // As in PostgreSQL and DuckDB a CHECK goes with the one column that it uses.
      entry.constraints.checks.removeAll { $0.columnNames.contains(foldedKey(name.text)) }
    case .renameColumn(let name, let newName):
      let position = try position(of: name, in: fields)
      try refuseForeignKeyed(name, of: entry, "renamed")
      if let taken = entry.table.schema.index(of: newName.text), taken != position {
        throw StatementFailure([.duplicateName("column", newName.text, at: newName.range)])
      }
      let field = fields[position]
      entry.constraints.checks = entry.constraints.checks.map {
        $0.renaming(name, to: newName)
      }
      entry.constraints.generated = entry.constraints.generated.mapValues {
        $0.renaming(name, to: newName)
      }
      entry.table = entry.table.redeclaring(
        column: position,
        as: Field(name: newName.text, type: field.type, unit: field.unit)
      )
    case .renameTable(let newName):
      let moved = entry.schema.isEmpty ? newName.text : "\(entry.schema).\(newName.text)"
      if session.catalog.tables[foldedKey(moved)] != nil {
        throw StatementFailure([
          .nameTaken("table", newName.text, at: newName.range, hint: "choose another name")
        ])
      }
      session.catalog.tables[foldedKey(entry.name)] = nil
      moveForeignKeys(from: entry.name, to: moved, &entry)
      entry.name = moved
    case .setType(let name, let type, let using):
      try refuseIfChecked(name, entry)
      try refuseIfGenerating(name, entry, "given another type")
      try refuseForeignKeyed(name, of: entry, "given another type")
      try refuseGenerated(try position(of: name, in: fields), of: entry, at: name.range)
      entry.constraints.declared[try position(of: name, in: fields)] = CheckedType(type)
      try setType(try position(of: name, in: fields), name, type, using, of: &entry)
    case .setDefault(let name, let value):
      let position = try position(of: name, in: fields)
      try refuseGenerated(position, of: entry, at: name.range)
      try refuseQuery(inside: value, "DEFAULT")
      entry.constraints.defaults[position] = value
    case .dropDefault(let name):
      entry.constraints.defaults[try position(of: name, in: fields)] = nil
    case .setNotNull(let name):
      let position = try position(of: name, in: fields)
      try refuseGenerated(position, of: entry, at: name.range)
      entry.constraints.notNull.insert(position)
      try verify(entry, range: name.range)
    case .dropNotNull(let name):
      let position = try position(of: name, in: fields)
      guard !entry.constraints.primaryKey.contains(position) else {
        throw StatementFailure([
          .wrongState(
            "'\(name.text)' belongs to the primary key and stays NOT NULL",
            at: name.range
          )
        ])
      }
      entry.constraints.notNull.remove(position)
    case .addConstraint(let constraint):
      try add(constraint, to: &entry, range: alter.table.range)
    }
    store(entry)
    return done("altered table \(entry.name)")
  }

  /// Adds a condition that the rows which are there must satisfy too.
  private func add(
    _ constraint: TableConstraint,
    to entry: inout TableEntry,
    range: SourceRange
  ) throws(StatementFailure) {
    let fields = entry.table.schema.fields
    switch constraint {
    case .primaryKey(let names):
      guard entry.constraints.primaryKey.isEmpty else {
        throw StatementFailure([
          .wrongState("table '\(entry.name)' has a primary key already", at: range)
        ])
      }
      let key = try positions(of: names, in: fields)
      entry.constraints.primaryKey = key
      entry.constraints.notNull.formUnion(key)
    case .unique(let names):
      entry.constraints.uniqueKeys.append(try positions(of: names, in: fields))
    case .check(let condition):
      try refuseQuery(inside: condition)
      entry.constraints.checks.append(condition)
    case .foreignKey(let names, let target):
      let name = QualifiedName([Identifier(entry.name, range: range)])
      entry.constraints.foreignKeys.append(
        try foreignKey(names, target, of: name, fields, keys: nil)
      )
    }
    try verify(entry, range: range)
    store(entry)
    try verifyForeignKeys(of: entry, range: range)
  }

  /// A CHECK that compares the column with others would be lost.
  private func refuseIfCheckedWithOthers(
    _ name: Identifier,
    _ entry: TableEntry
  ) throws(StatementFailure) {
    let key = foldedKey(name.text)
    let shared = entry.constraints.checks.first { check in
      check.columnNames.contains(key) && check.columnNames.count > 1
    }
    guard let shared else { return }
    throw StatementFailure([
      .wrongState(
        "CHECK (\(Syntax.format(shared))) uses column '\(name.text)' and others",
        at: name.range
      )
    ])
  }

  /// A CHECK on the column would lose its meaning.
  private func refuseIfChecked(
    _ name: Identifier,
    _ entry: TableEntry
  ) throws(StatementFailure) {
    let key = foldedKey(name.text)
    guard let check = entry.constraints.checks.first(where: { $0.columnNames.contains(key) })
    else { return }
    throw StatementFailure([
      .wrongState(
        "CHECK (\(Syntax.format(check))) uses column '\(name.text)', whose type cannot change",
        at: name.range
      )
    ])
  }

  /// A generated column would have nothing to read.
  private func refuseIfGenerating(
    _ name: Identifier,
    _ entry: TableEntry,
    _ change: String
  ) throws(StatementFailure) {
    let key = foldedKey(name.text)
    let reader = entry.constraints.generated.sorted { $0.key < $1.key }
      .first { $0.value.columnNames.contains(key) }
    guard let reader else { return }
    throw StatementFailure([
      .wrongState(
        "generated column '\(entry.table.schema.fields[reader.key].name)' reads '\(name.text)',"
          + " which cannot be \(change)",
        at: name.range
      )
    ])
  }

  private func add(
    _ column: ColumnDefinition,
    to entry: inout TableEntry
  ) throws(StatementFailure) {
    guard entry.table.schema.index(of: column.name.text) == nil else {
      throw StatementFailure([.duplicateName("column", column.name.text, at: column.name.range)])
    }
    if let expression = column.generated { try refuseQuery(inside: expression, Self.generated) }
    if let value = column.defaultValue { try refuseQuery(inside: value, "DEFAULT") }
    let type = try column.type.map { (name) throws(StatementFailure) in try resolve(name) }
    let field = Field(name: column.name.text, type: type ?? .varchar)
    let count = entry.table.rowCount
    let values = try column.defaultValue.map { (value) throws(StatementFailure) in
      try defaultValues(value, as: field.type, count: count)
    }
    let table = entry.table
    entry.table = try storing(column.name.range) { () throws(ExecutionError) in
      try table.setting(field, to: values ?? .nulls(type: field.type, count: count))
    }
    let position = entry.table.schema.fields.count - 1
    if let value = column.defaultValue { entry.constraints.defaults[position] = value }
    entry.constraints.declared[position] = column.type.flatMap { CheckedType($0) }
    if let expression = column.generated {
      entry.constraints.generated[position] = expression
      try regenerate(&entry, range: column.name.range)
    }
    if column.isNotNull { entry.constraints.notNull.insert(position) }
    entry.constraints.checks += column.checks
    try verify(entry, range: column.name.range)
  }

  private func setType(
    _ position: Int,
    _ name: Identifier,
    _ typeName: TypeName,
    _ using: Expression?,
    of entry: inout TableEntry
  ) throws(StatementFailure) {
    let field = Field(name: entry.table.schema.fields[position].name, type: try resolve(typeName))
    let builder = SQLBuilder(name.range)
    let value = using ?? builder.expression(.name([name]))
    let query = builder.query(
      builder.select(
        [SelectItem(expression: builder.expression(.cast(value, typeName, isTry: false)))],
        from: builder.stored(entry.name)
      )
    )
    let (_, batches) = try answerRows(of: query)
    let table = entry.table
    entry.table = try storing(name.range) { () throws(ExecutionError) in
      let columns = batches.map { $0.columns[0] }
      let values =
        columns.isEmpty
        ? Column.nulls(type: field.type, count: 0)
        : try Column.concatenated(columns, type: field.type)
      return try table.setting(field, to: values, at: position)
    }
    try verify(entry, range: name.range)
  }
}

extension TableConstraints {
  /// Forgets a column that is dropped; later columns move up.
  mutating func remove(column: Int) {
    func moved(_ position: Int) -> Int? {
      position == column ? nil : position > column ? position - 1 : position
    }
    notNull = Set(notNull.compactMap(moved))
    generated = Dictionary(
      uniqueKeysWithValues: generated.compactMap { position, value in
        moved(position).map { ($0, value) }
      }
    )
    declared = Dictionary(
      uniqueKeysWithValues: declared.compactMap { position, value in
        moved(position).map { ($0, value) }
      }
    )
    defaults = Dictionary(
      uniqueKeysWithValues: defaults.compactMap { position, value in
        moved(position).map { ($0, value) }
      }
    )
    primaryKey = primaryKey.contains(column) ? [] : primaryKey.compactMap(moved)
    uniqueKeys = uniqueKeys.filter { !$0.contains(column) }.map { $0.compactMap(moved) }
    indexes.removeAll { $0.columns.contains(column) }
    for i in indexes.indices { indexes[i].columns = indexes[i].columns.compactMap(moved) }
  }
}
