/// Statements.
extension Formatter {
  mutating func statement(_ statement: Statement) -> Layout {
    switch statement.kind {
    case .query(let query): return queryStatement(query)
    case .explain(let option, let inner): return explain(option, inner)
    case .prepare(let name, let inner): return prepare(name, inner)
    case .createTable, .createView, .createMacro, .createType, .createSchema, .createIndex,
      .createSequence, .drop,
      .alterTable,
      .createModel, .alterModel, .dropModelItem, .createMetric, .createFunnel, .createTarget,
      .createScore:
      return definition(statement.kind)
    case .insert(let insert): return self.insert(insert)
    case .update(let update): return self.update(update)
    case .delete(let delete): return self.delete(delete)
    case .merge(let merge): return self.merge(merge)
    case .load, .sniff, .copy, .exportDatabase, .importDatabase, .set, .reset, .setVariable,
      .resetVariable, .show, .describe,
      .summarize, .assert, .check, .dedupe, .truncate, .execute, .deallocate, .begin, .commit,
      .rollback, .why:
      return command(statement.kind)
    }
  }

  private mutating func explain(_ option: ExplainOption?, _ inner: Statement) -> Layout {
    [keyword("EXPLAIN" + (option.map { " " + $0.rawValue } ?? "")), " ", statement(inner)]
  }

  private mutating func prepare(_ name: Identifier, _ inner: Statement) -> Layout {
    [.text("PREPARE \(self.name(name)) AS "), statement(inner)]
  }

  private mutating func definition(_ kind: Statement.Kind) -> Layout {
    switch kind {
    case .createTable(let table): return createTable(table)
    case .createView(let view): return createView(view)
    case .createMacro(let macro): return createMacro(macro)
    case .createType(let type):
      let replace = type.orReplace ? "CREATE OR REPLACE TYPE" : "CREATE TYPE"
      if let labels = type.labels {
        return [.text("\(replace) \(name(type.name)) AS ENUM "), subquery(labels)]
      }
      return .text("\(replace) \(name(type.name)) AS \(self.type(type.type))")
    case .createSchema(let name, let ifNotExists):
      return .text("CREATE SCHEMA \(ifNotExists ? "IF NOT EXISTS " : "")\(self.name(name))")
    case .createIndex(let index): return createIndex(index)
    case .createSequence(let sequence): return createSequence(sequence)
    case .drop(let drop): return self.drop(drop)
    case .alterTable(let alter): return alterTable(alter)
    case .createModel(let model): return createModel(model)
    case .alterModel(let edit, let item):
      return [.text("ALTER MODEL \(edit.rawValue) "), modelItem(item)]
    case .dropModelItem(let reference): return dropModelItem(reference)
    case .createMetric(let metric): return createMetric(metric)
    case .createFunnel(let funnel): return createFunnel(funnel)
    case .createTarget(let target): return createTarget(target)
    case .createScore(let score): return createScore(score)
    default: return .empty
    }
  }

  private mutating func command(_ kind: Statement.Kind) -> Layout {
    switch kind {
    case .truncate(let name): return .text("TRUNCATE TABLE \(self.name(name))")
    case .load(let load): return self.load(load)
    case .sniff(let path, _, let options):
      return [.text("SNIFF \(string(path))"), self.options(options)]
    case .copy(let copy): return self.copy(copy)
    case .exportDatabase(let path, let options):
      return [.text("EXPORT DATABASE \(string(path))"), self.options(options)]
    case .importDatabase(let path): return .text("IMPORT DATABASE \(string(path))")
    case .set(let name, let value):
      return [.text("SET \(label(name)) = "), settingValue(value)]
    case .reset(let name): return .text("RESET \(label(name))")
    case .setVariable(let name, let value):
      return [.text("SET VARIABLE \(label(name)) = "), expression(value)]
    case .resetVariable(let name): return .text("RESET VARIABLE \(label(name))")
    case .show(let target): return show(target)
    case .describe(let target): return describe(target)
    case .summarize(let query): return ["SUMMARIZE ", relation(query)]
    case .assert(let condition, let message):
      let suffix = message.map { " ELSE " + string($0) } ?? ""
      return .group(["ASSERT ", expression(condition), .text(suffix)])
    case .check(let table): return .text("CHECK" + (table.map { " " + name($0) } ?? ""))
    case .dedupe(let table, let keys, let orderBy):
      var parts: [Layout] = [.text("DEDUPE \(name(table)) ON "), expressions(keys)]
      if !orderBy.isEmpty { parts += [" ORDER BY ", orderItems(orderBy)] }
      return .group(.sequence(parts))
    case .execute(let name, let arguments):
      let list = arguments.isEmpty ? Layout.empty : arguments.map { argument($0) }.inParentheses
      return [.text("EXECUTE \(self.name(name))"), list]
    case .deallocate(let name): return .text("DEALLOCATE \(name.map { self.name($0) } ?? "ALL")")
    case .begin: return "BEGIN"
    case .commit: return "COMMIT"
    case .rollback: return "ROLLBACK"
    case .why(let statement):
      usesSmallKeywords = true
      defer { usesSmallKeywords = false }
      return ["why ", metricStatement(statement)]
    default: return .empty
    }
  }

  /// A query as a statement: a sales query alone prints in small letters, without MEASURE.
  private mutating func queryStatement(_ query: Query) -> Layout {
    guard case .sales(let sales) = query.body, query.with == nil, query.orderBy == nil,
      query.limit == nil
    else { return .group(self.query(query)) }
    usesSmallKeywords = true
    defer { usesSmallKeywords = false }
    return salesQuery(sales, needsWord: false)
  }

  // MARK: - Information and files

  private func show(_ target: ShowTarget) -> Layout {
    switch target {
    case .tables: "SHOW TABLES"
    case .settings: "SHOW SETTINGS"
    case .model: "SHOW MODEL"
    case .metrics: "SHOW METRICS"
    case .funnels: "SHOW FUNNELS"
    case .targets: "SHOW TARGETS"
    case .scores: "SHOW SCORES"
    case .views: "SHOW VIEWS"
    case .macros: "SHOW MACROS"
    case .functions: "SHOW FUNCTIONS"
    case .setting(let name): .text("SHOW \(label(name))")
    }
  }

  private mutating func describe(_ target: DescribeTarget) -> Layout {
    switch target {
    case .query(let query): return ["DESCRIBE ", relation(query)]
    case .metric(let name): return .text("DESCRIBE METRIC \(self.name(name))")
    case .funnel(let name): return .text("DESCRIBE FUNNEL \(self.name(name))")
    case .function(let name): return .text("DESCRIBE FUNCTION \(self.name(name))")
    }
  }

  /// A query, or a table's name alone.
  private mutating func relation(_ query: Query) -> Layout {
    if case .table(let name) = query.body, query.orderBy == nil, query.limit == nil,
      query.with == nil
    {
      return .text(self.name(name))
    }
    return .group(self.query(query))
  }

  /// A setting's value; words such as `on` need no quotes there.
  private mutating func settingValue(_ value: Expression) -> Layout {
    if case .name(let parts) = value.kind, parts.count == 1, !parts[0].isQuoted,
      isPlain(parts[0].text)
    {
      return .text(parts[0].text)
    }
    return expression(value)
  }

  private mutating func load(_ load: Load) -> Layout {
    var text = "LOAD \(string(load.path))"
    if let alias = load.alias { text += " AS \(label(alias))" }
    var options: [FileOption] = []
    var suffix = ""
    for option in load.options {
      if option.name.text == "on_error", case .name(let parts)? = option.value?.kind,
        let word = parts.first
      {
        suffix = " ON ERROR " + word.text.uppercased()
      } else {
        options.append(option)
      }
    }
    return [.text(text), self.options(options), .text(suffix)]
  }

  private mutating func options(_ options: [FileOption]) -> Layout {
    if options.isEmpty { return .empty }
    let list = options.map { option -> Layout in
      guard let value = option.value else { return .text(label(option.name)) }
      return [.text(label(option.name) + " "), expression(value)]
    }
    return [" ", list.inParentheses]
  }

  private mutating func copy(_ copy: Copy) -> Layout {
    let subject: Layout
    switch copy.subject {
    case .query(let query): subject = subquery(query)
    case .table(let name, let columns):
      subject = [.text(self.name(name)), columns.isEmpty ? .empty : [" ", names(columns)]]
    }
    let direction = copy.isExport ? "TO" : "FROM"
    return [
      "COPY ", subject, .text(" \(direction) \(string(copy.path))"), options(copy.options),
    ]
  }

  // MARK: - Definitions

  private func createWords(_ what: String, orReplace: Bool, isTemporary: Bool = false) -> String {
    "CREATE " + (orReplace ? "OR REPLACE " : "") + (isTemporary ? "TEMP " : "") + what
  }

  private mutating func createTable(_ table: CreateTable) -> Layout {
    let words = createWords("TABLE", orReplace: table.orReplace, isTemporary: table.isTemporary)
    var parts: [Layout] = [
      .text(words + (table.ifNotExists ? " IF NOT EXISTS " : " ") + name(table.name))
    ]
    let elements = table.columns.map { column($0) } + table.constraints.map { constraint($0) }
    if !elements.isEmpty { parts += [" ", elements.inParentheses] }
    if let query = table.query {
      parts += [" AS", .line, self.query(query)]
      if table.withNoData { parts += [.line, "WITH NO DATA"] }
    }
    return .group(.sequence(parts))
  }

  private mutating func column(_ column: ColumnDefinition) -> Layout {
    var parts: [Layout] = [.text(name(column.name))]
    if let type = column.type { parts.append(.text(" " + self.type(type))) }
    if column.isNotNull { parts.append(" NOT NULL") }
    if column.isPrimaryKey { parts.append(" PRIMARY KEY") }
    if column.isUnique { parts.append(" UNIQUE") }
    if let value = column.defaultValue { parts += [" DEFAULT ", expression(value, .other)] }
    if let value = column.generated { parts += [" GENERATED ALWAYS AS (", expression(value), ")"] }
    for check in column.checks { parts += [" CHECK (", expression(check), ")"] }
    if let target = column.references { parts += [" ", references(target)] }
    return .sequence(parts)
  }

  private mutating func constraint(_ constraint: TableConstraint) -> Layout {
    switch constraint {
    case .primaryKey(let columns): return ["PRIMARY KEY ", names(columns)]
    case .unique(let columns): return ["UNIQUE ", names(columns)]
    case .check(let condition): return ["CHECK (", expression(condition), ")"]
    case .foreignKey(let columns, let target):
      return ["FOREIGN KEY ", names(columns), " ", references(target)]
    }
  }

  private mutating func references(_ target: ForeignKeyTarget) -> Layout {
    let keys: Layout = target.columns.isEmpty ? .empty : [" ", names(target.columns)]
    return [.text("REFERENCES \(name(target.table))"), keys]
  }

  private mutating func createIndex(_ index: CreateIndex) -> Layout {
    let words = index.isUnique ? "CREATE UNIQUE INDEX" : "CREATE INDEX"
    let name =
      (index.ifNotExists ? " IF NOT EXISTS" : "") + (index.name.map { " " + self.name($0) } ?? "")
    let method = index.method.map { " USING " + self.name($0) } ?? ""
    return [
      .text("\(words)\(name) ON \(self.name(index.table))\(method) ("), orderItems(index.keys), ")",
    ]
  }

  private func createSequence(_ sequence: CreateSequence) -> Layout {
    var text = createWords(
      "SEQUENCE",
      orReplace: sequence.orReplace,
      isTemporary: sequence.isTemporary
    )
    text += (sequence.ifNotExists ? " IF NOT EXISTS " : " ") + name(sequence.name)
    if let number = sequence.increment { text += " INCREMENT BY \(number)" }
    if let number = sequence.minimum { text += " MINVALUE \(number)" }
    if let number = sequence.maximum { text += " MAXVALUE \(number)" }
    if let number = sequence.start { text += " START WITH \(number)" }
    if let cycles = sequence.cycles { text += cycles ? " CYCLE" : " NO CYCLE" }
    return .text(text)
  }

  private mutating func createView(_ view: CreateView) -> Layout {
    let words = createWords("VIEW", orReplace: view.orReplace, isTemporary: view.isTemporary)
    let head = words + (view.ifNotExists ? " IF NOT EXISTS " : " ") + name(view.name)
    let columns: Layout = view.columns.isEmpty ? .empty : [" ", names(view.columns)]
    return .group([.text(head), columns, " AS", .line, query(view.query)])
  }

  private mutating func createMacro(_ macro: CreateMacro) -> Layout {
    let words = createWords("MACRO", orReplace: macro.orReplace, isTemporary: macro.isTemporary)
    let forms = ([macro] + macro.further).map { macroForm($0) }
    guard forms.count > 1 else { return .group([.text("\(words) \(name(macro.name))"), forms[0]]) }
    return .group([.text("\(words) \(name(macro.name))"), .nest(forms.commaSeparated)])
  }

  private mutating func macroForm(_ macro: CreateMacro) -> Layout {
    let head: Layout = [parameters(macro.parameters), " AS"]
    switch macro.body {
    case .scalar(let value): return [head, .nest([.line, expression(value)])]
    case .table(let query): return [head, " TABLE", .line, self.query(query)]
    }
  }

  mutating func parameters(_ parameters: [MacroParameter]) -> Layout {
    parameters.map { parameter -> Layout in
      guard let value = parameter.defaultValue else { return .text(name(parameter.name)) }
      return [.text(name(parameter.name) + " := "), expression(value)]
    }.inParentheses
  }

  private func drop(_ drop: Drop) -> Layout {
    let names = drop.names.map { name($0) }.joined(separator: ", ")
    let text = "DROP \(drop.kind.rawValue)\(drop.ifExists ? " IF EXISTS" : "")"
    return .text((names.isEmpty ? text : "\(text) \(names)") + (drop.cascades ? " CASCADE" : ""))
  }

  private mutating func alterTable(_ alter: AlterTable) -> Layout {
    let head = "ALTER TABLE \(alter.ifExists ? "IF EXISTS " : "")\(name(alter.table)) "
    return [.text(head), action(alter.action)]
  }

  private mutating func action(_ action: AlterTable.Action) -> Layout {
    switch action {
    case .addColumn(let column, let ifNotExists):
      return [.text("ADD COLUMN " + (ifNotExists ? "IF NOT EXISTS " : "")), self.column(column)]
    case .dropColumn(let name, let ifExists):
      return .text("DROP COLUMN \(ifExists ? "IF EXISTS " : "")\(self.name(name))")
    case .renameColumn(let name, let newName):
      return .text("RENAME COLUMN \(self.name(name)) TO \(self.name(newName))")
    case .renameTable(let name): return .text("RENAME TO \(self.name(name))")
    case .setType(let name, let type, let using):
      let text = "ALTER COLUMN \(self.name(name)) SET DATA TYPE \(self.type(type))"
      return [.text(text), using.map { [" USING ", expression($0)] } ?? .empty]
    case .setDefault(let name, let value):
      return [.text("ALTER COLUMN \(self.name(name)) SET DEFAULT "), expression(value)]
    case .dropDefault(let name): return .text("ALTER COLUMN \(self.name(name)) DROP DEFAULT")
    case .setNotNull(let name): return .text("ALTER COLUMN \(self.name(name)) SET NOT NULL")
    case .dropNotNull(let name): return .text("ALTER COLUMN \(self.name(name)) DROP NOT NULL")
    case .addConstraint(let constraint): return ["ADD ", self.constraint(constraint)]
    }
  }

  // MARK: - Data

  mutating func insert(_ insert: Insert) -> Layout {
    var words = "INSERT INTO "
    if let conflict = insert.conflict, conflict.replacesRow { words = "INSERT OR REPLACE INTO " }
    var parts: [Layout] = insert.with.map { [self.with($0), .line] } ?? []
    parts.append(.text(words + name(insert.table)))
    if let alias = insert.alias { parts.append(.text(" AS " + label(alias))) }
    if !insert.columns.isEmpty { parts += [" ", names(insert.columns)] }
    if insert.byName { parts.append(" BY NAME") }
    parts.append(.line)
    parts.append(insert.query.map { query($0) } ?? "DEFAULT VALUES")
    if let conflict = insert.conflict, !conflict.replacesRow {
      parts += [.line, self.conflict(conflict)]
    }
    parts.append(returning(insert.returning))
    return .group(.sequence(parts))
  }

  private mutating func conflict(_ conflict: Insert.Conflict) -> Layout {
    var parts: [Layout] = ["ON CONFLICT "]
    if !conflict.target.isEmpty { parts += [names(conflict.target), " "] }
    guard let assignments = conflict.assignments else { return .sequence(parts + ["DO NOTHING"]) }
    parts += ["DO UPDATE SET ", self.assignments(assignments)]
    if let filter = conflict.filter { parts += [" WHERE ", expression(filter)] }
    return .sequence(parts)
  }

  mutating func assignments(_ assignments: [Assignment]) -> Layout {
    assignments.map { assignment -> Layout in
      [.text(name(assignment.column) + " = "), expression(assignment.value)]
    }.commaSeparated
  }

  mutating func returning(_ items: [SelectItem]) -> Layout {
    items.isEmpty ? .empty : [.line, clause("RETURNING", self.items(items))]
  }

  mutating func update(_ update: Update) -> Layout {
    let alias = update.alias.map { " AS " + label($0) } ?? ""
    var parts: [Layout] = update.with.map { [self.with($0), .line] } ?? []
    parts += [
      .text("UPDATE \(name(update.table))\(alias)"), .line,
      clause("SET", assignments(update.assignments)),
    ]
    if !update.from.isEmpty { parts += [.line, from(update.from)] }
    if let filter = update.filter { parts += [.line, clause("WHERE", expression(filter))] }
    parts.append(returning(update.returning))
    return .group(.sequence(parts))
  }

  mutating func delete(_ delete: Delete) -> Layout {
    let alias = delete.alias.map { " AS " + label($0) } ?? ""
    var parts: [Layout] = delete.with.map { [self.with($0), .line] } ?? []
    parts += [.text("DELETE FROM \(name(delete.table))\(alias)")]
    if !delete.using.isEmpty {
      parts += [.line, clause("USING", delete.using.map { table($0) }.commaSeparated)]
    }
    if let filter = delete.filter { parts += [.line, clause("WHERE", expression(filter))] }
    parts.append(returning(delete.returning))
    return .group(.sequence(parts))
  }
}
