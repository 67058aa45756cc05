internal import TundishColumns
internal import TundishSyntax

// CREATE, DROP, ALTER and TRUNCATE of tables, views, macros and types.
extension StatementRunner {
  /// Executes a definition.
  func define(_ statement: Statement) throws(StatementFailure) -> StatementResult {
    let result: StatementResult
    switch statement.kind {
    case .createTable(let create): result = try run(create)
    case .createView(let create): result = try run(create)
    case .createMacro(let create): result = try run(create)
    case .createType(let create): result = try run(create)
    case .createSchema(let name, let ifNotExists):
      result = try createSchema(name, ifNotExists: ifNotExists)
    case .createIndex(let create): result = try run(create)
    case .createSequence(let create): result = try run(create)
    case .drop(let drop): result = try run(drop, statement)
    case .alterTable(let alter): result = try run(alter)
    case .truncate(let name):
      var entry = try table(name)
      let count = entry.table.rowCount
      entry.table = StoredTable(schema: entry.table.schema)
      store(entry)
      try verifyForeignKeys(of: entry, range: name.range)
      result = StatementResult(changedRowCount: count, messages: ["removed \(count) rows"])
    default: result = StatementResult()
    }
    return result
  }

  private func run(_ written: CreateTable) throws(StatementFailure) -> StatementResult {
    var create = written
    let schema: String
    (create.name, schema) = try placed(written.name)
    let name = create.name.last
    let key = foldedKey(name)
    if session.catalog.tables[key] != nil, create.ifNotExists {
      return done("table \(name) exists already")
    }
    if session.catalog.views[key] != nil {
      throw StatementFailure([
        .nameTaken("view", name, at: create.name.range, hint: "DROP VIEW \(name) first")
      ])
    }
    if session.catalog.tables[key] != nil, !create.orReplace {
      throw StatementFailure([
        .nameTaken(
          "table",
          name,
          at: create.name.range,
          hint: "use CREATE OR REPLACE, or IF NOT EXISTS"
        )
      ])
    }
    if session.catalog.tables[key] != nil { try refuseReferenced(create.name, dropped: [key]) }
    var entry = try newTable(create)
    entry.isTemporary = create.isTemporary
    entry.schema = schema
    session.catalog.tables[key] = entry
    guard create.query != nil else { return done("created table \(name)") }
    let count = entry.table.rowCount
    return StatementResult(
      changedRowCount: count,
      messages: ["created table \(name) (\(count) rows)"],
      diagnostics: warnings
    )
  }

  private func newTable(_ create: CreateTable) throws(StatementFailure) -> TableEntry {
    guard let query = create.query else {
      let fields = try fields(of: create)
      var entry = TableEntry(
        name: create.name.last,
        table: StoredTable(schema: Schema(fields)),
        constraints: try constraints(of: create, fields: fields)
      )
      try regenerate(&entry, range: create.name.range)
      // An empty table satisfies its conditions, but they must bind.
      try verify(entry, range: create.name.range)
      return entry
    }
    let planned = try planned(query)
    let schema = schema(of: planned.bound)
    var names = schema.fields.map(\.name)
    if !create.columns.isEmpty {
      guard create.columns.count <= names.count else {
        throw StatementFailure([
          .wrongColumnCount(
            "the column list",
            wanted: names.count,
            found: create.columns.count,
            at: create.name.range
          )
        ])
      }
      for (index, column) in create.columns.enumerated() { names[index] = column.name.text }
    }
    var fields = zip(schema.fields, Self.uniqueNames(names)).map { field, name in
      Field(name: name, type: field.type.storable, unit: field.unit)
    }
    for (index, column) in create.columns.enumerated() {
      guard let type = column.type else { continue }
      fields[index] = Field(name: fields[index].name, type: try resolve(type))
    }
    var constraints = try constraints(of: create, fields: fields)
    for (index, column) in planned.bound.columns.enumerated()
    where index >= create.columns.count || create.columns[index].type == nil {
      constraints.declared[index] = planned.bound.declared[column.id]
    }
    let written = create.columns.map { $0.type.flatMap { CheckedType($0) } }
    let stored: StoredTable
    if create.withNoData {
      stored = StoredTable(schema: Schema(fields))
    } else if fields.map(\.type) == schema.fields.map(\.type), written.allSatisfy({ $0 == nil }),
      let table = planned.storedRows
    {
      stored = fields.enumerated().reduce(table) { $0.redeclaring(column: $1.0, as: $1.1) }
    } else {
      var batches = try run(planned.plan, planned.bound).batches
      batches = try checked(batches, as: written, fields, range: create.name.range)
      stored = try storing(create.name.range) { () throws(ExecutionError) in
        try StoredTable(schema: Schema(fields), batches: self.cast(batches, to: fields))
      }
    }
    let entry = TableEntry(name: create.name.last, table: stored, constraints: constraints)
    try verify(entry, range: create.name.range)
    return entry
  }

  /// Names of which those that differ only in case get `_1`, `_2`.
  static func uniqueNames(_ names: [String]) -> [String] {
    var taken: Set<String> = []
    return names.map { name in
      var candidate = name
      var number = 0
      while !taken.insert(foldedKey(candidate)).inserted {
        number += 1
        candidate = "\(name)_\(number)"
      }
      return candidate
    }
  }

  private func fields(of create: CreateTable) throws(StatementFailure) -> [Field] {
    var fields: [Field] = []
    var problems: [Diagnostic] = []
    let binder = Binder(environment())
    for column in create.columns {
      if fields.contains(where: { foldedKey($0.name) == foldedKey(column.name.text) }) {
        problems.append(.duplicateName("column", column.name.text, at: column.name.range))
      }
      guard column.type != nil || column.generated != nil else { continue }
      // A generated column's type may follow from its expression.
      let type = column.type.map { binder.resolve($0) } ?? .null
      fields.append(Field(name: column.name.text, type: type ?? .null))
    }
    problems += binder.diagnostics
    guard problems.isEmpty else { throw StatementFailure(problems) }
    return try inferringTypes(of: create, fields)
  }

  /// The columns with the types that their expressions have where none are written.
  private func inferringTypes(
    of create: CreateTable,
    _ fields: [Field]
  ) throws(StatementFailure) -> [Field] {
    let generated = Dictionary(
      uniqueKeysWithValues: create.columns.enumerated().compactMap { index, column in
        column.generated.map { (index, $0) }
      }
    )
    guard !generated.isEmpty, fields.count == create.columns.count else { return fields }
    guard generated.count < fields.count else {
      throw StatementFailure([
        .wrongState("a table needs a column that is not generated", at: create.name.range)
      ])
    }
    var fields = fields
    for position in try generatedOrder(generated, fields.map(\.name), create.name.range) {
      guard create.columns[position].type == nil, let expression = generated[position] else {
        continue
      }
      var catalog = session.catalog
      let name = create.name.last
      catalog.tables[foldedKey(name)] = TableEntry(
        name: name,
        table: StoredTable(schema: Schema(fields))
      )
      let builder = SQLBuilder(expression.range)
      let query = builder.query(
        builder.select([SelectItem(expression: expression)], from: builder.stored(name))
      )
      let type = try bind(query, in: catalog).columns[0].type
      fields[position] = Field(name: fields[position].name, type: type.storable)
    }
    return fields
  }

  private func constraints(
    of create: CreateTable,
    fields: [Field]
  ) throws(StatementFailure) -> TableConstraints {
    var constraints = TableConstraints()
    for (index, column) in create.columns.enumerated() {
      if column.isNotNull || column.isPrimaryKey { constraints.notNull.insert(index) }
      if let expression = column.generated { try refuseQuery(inside: expression, Self.generated) }
      if let value = column.defaultValue {
        try refuseQuery(inside: value, "DEFAULT")
        _ = try constantType(value)
        constraints.defaults[index] = value
      }
      constraints.generated[index] = column.generated
      constraints.declared[index] = column.type.flatMap { CheckedType($0) }
      constraints.checks += column.checks
      for check in column.checks { try refuseQuery(inside: check) }
      if let target = column.references {
        constraints.foreignKeys.append(
          try foreignKey([column.name], target, of: create.name, fields, keys: create)
        )
      }
      try refuseKeyOrDefault(column)
      if column.isPrimaryKey {
        try refuseSecondKey(constraints, column.name.range)
        constraints.primaryKey = [index]
      }
      if column.isUnique { constraints.uniqueKeys.append([index]) }
    }
    for constraint in create.constraints {
      switch constraint {
      case .primaryKey(let names):
        try refuseSecondKey(constraints, names.first?.range ?? create.name.range)
        constraints.primaryKey = try positions(of: names, in: fields)
        constraints.notNull.formUnion(constraints.primaryKey)
      case .unique(let names):
        constraints.uniqueKeys.append(try positions(of: names, in: fields))
      case .check(let condition):
        try refuseQuery(inside: condition)
        constraints.checks.append(condition)
      case .foreignKey(let names, let target):
        constraints.foreignKeys.append(
          try foreignKey(names, target, of: create.name, fields, keys: create)
        )
      }
    }
    return constraints
  }

  /// Where a generated column is computed.
  static let generated = "a generated column, which sees one row"

  /// Binds a default, which sees no columns.
  private func constantType(_ expression: Expression) throws(StatementFailure) -> DataType {
    let builder = SQLBuilder(expression.range)
    let query = builder.query(builder.select([SelectItem(expression: expression)], from: nil))
    return try bind(query).columns[0].type
  }

  private func refuseSecondKey(
    _ constraints: TableConstraints,
    _ range: SourceRange
  ) throws(StatementFailure) {
    guard !constraints.primaryKey.isEmpty else { return }
    throw StatementFailure([
      .wrongState("a table has one PRIMARY KEY; (a, b) makes a key of two columns", at: range)
    ])
  }

  private func refuseKeyOrDefault(_ column: ColumnDefinition) throws(StatementFailure) {
    guard column.generated != nil,
      column.isPrimaryKey || column.isUnique || column.defaultValue != nil
    else { return }
    let what = column.defaultValue != nil ? "DEFAULT" : column.isUnique ? "UNIQUE" : "PRIMARY KEY"
    throw StatementFailure([
      .wrongState("a generated column cannot have \(what)", at: column.name.range)
    ])
  }

  /// The positions of named columns.
  func positions(
    of names: [Identifier],
    in fields: [Field]
  ) throws(StatementFailure) -> [Int] {
    var positions: [Int] = []
    for name in names { positions.append(try position(of: name, in: fields)) }
    return positions
  }

  /// The position of a named column.
  func position(of name: Identifier, in fields: [Field]) throws(StatementFailure) -> Int {
    guard let position = Schema(fields).index(of: name.text) else {
      let closest = Suggestion.closest(to: name.text, in: fields.map(\.name))
      throw StatementFailure([.unknownColumn(name.text, at: name.range, closest: closest)])
    }
    return position
  }

  private func run(_ create: CreateView) throws(StatementFailure) -> StatementResult {
    let (place, schema) = try placed(create.name)
    let name = place.last
    let key = foldedKey(name)
    var create = create
    if let last = create.name.parts.last {
      let qualifier = schema.isEmpty ? [] : [Identifier(schema, range: last.range)]
      create.name = QualifiedName(qualifier + [last])
    }
    if session.catalog.tables[key] != nil {
      throw StatementFailure([
        .nameTaken("table", name, at: create.name.range, hint: "choose another name")
      ])
    }
    if session.catalog.views[key] != nil, !create.orReplace {
      if create.ifNotExists { return done("view \(name) exists already") }
      throw StatementFailure([
        .nameTaken("view", name, at: create.name.range, hint: "use CREATE OR REPLACE")
      ])
    }
    // The view must bind now, with itself in the catalog so that a circle is found.
    session.catalog.views[key] = create
    session.catalog.viewSchemas[key] =
      session.settings.schema == Catalog.mainSchema ? nil : session.settings.schema
    let width = try bind(create.query).columns.count
    guard create.columns.count <= width else {
      throw StatementFailure([
        .wrongColumnCount(
          "the column names of view '\(name)'",
          wanted: width,
          found: create.columns.count,
          at: create.name.range
        )
      ])
    }
    return done("created view \(name)")
  }

  private func run(_ create: CreateType) throws(StatementFailure) -> StatementResult {
    let key = foldedKey(create.name.text)
    if session.catalog.types[key] != nil, !create.orReplace {
      throw StatementFailure([
        .nameTaken("type", create.name.text, at: create.name.range, hint: "use CREATE OR REPLACE")
      ])
    }
    session.catalog.types[key] =
      if let labels = create.labels { try enumeration(of: labels) } else {
        try resolve(create.type)
      }
    return done("created type \(create.name.text)")
  }

  /// The ENUM of the texts that a query gives, each once, NULLs left out.
  private func enumeration(of query: Query) throws(StatementFailure) -> DataType {
    let (schema, batches) = try answerRows(of: query)
    guard schema.fields.count == 1, schema.fields[0].type.isText else {
      let found = schema.fields.map(\.type.description).joined(separator: ", ")
      throw StatementFailure([
        .wrongType("ENUM (query)", needs: "one column of VARCHAR", found: found, at: query.range)
      ])
    }
    var labels: [String] = []
    var seen: Set<String> = []
    for batch in batches {
      for row in 0..<batch.rowCount {
        guard case .text(let label) = batch.columns[0].value(at: row) else { continue }
        if seen.insert(label).inserted { labels.append(label) }
      }
    }
    return .enumeration(labels)
  }

  private func run(
    _ drop: Drop,
    _ statement: Statement
  ) throws(StatementFailure)
    -> StatementResult
  {
    var messages: [String] = []
    for written in drop.names {
      let isTable = drop.kind == .table || drop.kind == .view
      let name = isTable ? located(written) : written
      let key = foldedKey(name.last)
      let wasThere: Bool
      switch drop.kind {
      case .table:
        try refuseReferenced(name, dropped: Set(drop.names.map { foldedKey(located($0).last) }))
        wasThere = session.catalog.tables.removeValue(forKey: key) != nil
      case .view: wasThere = session.catalog.views.removeValue(forKey: key) != nil
      case .macro: wasThere = dropMacro(name)
      case .type: wasThere = session.catalog.types.removeValue(forKey: key) != nil
      case .schema: wasThere = try dropSchema(name, cascades: drop.cascades)
      case .index: wasThere = dropIndex(name.last)
      case .sequence:
        try refuseUsedSequence(name)
        wasThere = session.catalog.sequences.removeValue(forKey: key) != nil
      case .model, .metric, .funnel, .target, .score: return try defineSales(statement)
      }
      if wasThere {
        messages.append("dropped \(drop.kind.rawValue.lowercased()) \(name.last)")
      } else if !drop.ifExists {
        throw StatementFailure([nothingToDrop(drop.kind, name)])
      }
    }
    if drop.names.isEmpty { return try defineSales(statement) }
    return StatementResult(messages: messages)
  }

  private func nothingToDrop(_ kind: Drop.Kind, _ name: QualifiedName) -> Diagnostic {
    let word = kind.rawValue.lowercased()
    let key = foldedKey(name.last)
    if kind == .view, session.catalog.tables[key] != nil {
      return .otherKind(name.last, is: "table", not: "view", at: name.range)
    }
    if kind == .table, session.catalog.views[key] != nil {
      return .otherKind(name.last, is: "view", not: "table", at: name.range)
    }
    let names: [String] =
      switch kind {
      case .table: session.catalog.tables.values.map(\.name)
      case .index:
        session.catalog.tables.values.flatMap { $0.constraints.indexes.map(\.name) }
      case .macro: session.catalog.macros.values.compactMap { $0.first?.name.last }
      case .type: Array(session.catalog.types.keys)
      case .sequence: session.catalog.sequences.values.map(\.name)
      case .schema: Array(session.catalog.schemas.values)
      case .view, .model, .metric, .funnel, .target, .score:
        Array(session.catalog.views.keys)
      }
    return .unknownThing(
      word,
      name.last,
      at: name.range,
      closest: Suggestion.closest(to: name.last, in: names)
    )
  }
}
