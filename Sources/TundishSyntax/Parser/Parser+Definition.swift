/// CREATE, ALTER and DROP of what SQL knows.
extension Parser {
  private static let definable =
    "TABLE, VIEW, MACRO, TYPE, SCHEMA, INDEX, SEQUENCE, MODEL, METRIC, FUNNEL, TARGET or SCORE"

  /// create → "CREATE" [ "OR" "REPLACE" ] [ "TEMP" | "TEMPORARY" ] ( create-table | create-view |
  ///   create-macro | create-type | create-schema | create-index | create-sequence | create-model |
  ///   create-metric | create-funnel | create-target | create-score ).
  mutating func parseCreate() -> Statement.Kind {
    let start = position
    advance()
    let orReplace = eat(.or, .replace)
    let isTemporary = eat(.temp) || eat(.temporary)
    let kinds: Set<Keyword> = [
      .table, .view, .macro, .function, .type, .schema, .index, .unique, .sequence, .model,
      .metric, .funnel, .target, .score,
    ]
    var keyword = current.keyword
    if keyword.map({ !kinds.contains($0) }) ?? true, let meant = mistyped(kinds) {
      reportMistyped(meant)
      keyword = meant
    }
    switch keyword {
    case .table: return parseCreateTable(orReplace: orReplace, isTemporary: isTemporary)
    case .view: return parseCreateView(orReplace: orReplace, isTemporary: isTemporary)
    case .macro, .function: return parseCreateMacro(orReplace: orReplace, isTemporary: isTemporary)
    case .type: return parseCreateType(orReplace: orReplace)
    case .schema: return parseCreateSchema(orReplace: orReplace)
    case .index, .unique: return parseCreateIndex(orReplace: orReplace)
    case .sequence:
      return parseCreateSequence(orReplace: orReplace, isTemporary: isTemporary)
    case .model: return parseCreateModel(orReplace: orReplace)
    case .metric: return parseCreateMetric(orReplace: orReplace, from: start)
    case .funnel: return parseCreateFunnel(orReplace: orReplace, from: start)
    case .target: return parseCreateTarget(orReplace: orReplace)
    case .score: return parseCreateScore(orReplace: orReplace)
    default:
      fail(Self.definable)
      skipToStatementEnd()
      errorPosition = position
      return .query(missingQuery())
    }
  }

  /// `IF NOT EXISTS`, which after OR REPLACE has nothing to say.
  mutating func parseIfNotExists(orReplace: Bool) -> Bool {
    if orReplace, at(.if), peek(1).keyword == .not {
      fail("a name (OR REPLACE and IF NOT EXISTS exclude each other)")
    }
    return eat(.if, .not, .exists)
  }

  /// create-table → "TABLE" [ "IF" "NOT" "EXISTS" ] qualified-name ( table-elements [ table-query
  ///   ] | table-query ).
  ///
  /// table-query → "AS" query [ "WITH" [ "NO" ] "DATA" ].
  private mutating func parseCreateTable(orReplace: Bool, isTemporary: Bool) -> Statement.Kind {
    advance()
    let ifNotExists = parseIfNotExists(orReplace: orReplace)
    let name = parseQualifiedName("a table's name", mayBeReserved: true)
    var table = CreateTable(
      orReplace: orReplace,
      isTemporary: isTemporary,
      ifNotExists: ifNotExists,
      name: name
    )
    if at(.leftParenthesis) {
      parseTableElements(&table)
    } else if !at(.as) {
      fail("the columns in parentheses, or AS and a query")
      return .createTable(table)
    }
    if eat(.as) {
      table.query = parseQuery()
      if eat(.with, .no, .data) { table.withNoData = true } else { _ = eat(.with, .data) }
    }
    return .createTable(table)
  }

  /// table-elements → "(" ( column-definition | table-constraint ) { "," ( column-definition |
  ///   table-constraint ) } ")".
  private mutating func parseTableElements(_ table: inout CreateTable) {
    advance()
    var columns: [ColumnDefinition] = []
    var constraints: [TableConstraint] = []
    _ = parseListBody(until: .rightParenthesis) { parser in
      if let constraint = parser.parseTableConstraint() {
        constraints.append(constraint)
      } else {
        columns.append(parser.parseColumnDefinition())
      }
    }
    table.columns = columns
    table.constraints = constraints
  }

  /// table-constraint → [ "CONSTRAINT" identifier ] ( "PRIMARY" "KEY" name-list | "UNIQUE"
  ///   name-list | "CHECK" "(" expression ")" | "FOREIGN" "KEY" name-list references ).
  private mutating func parseTableConstraint() -> TableConstraint? {
    if at(.constraint), isName(peek(1)) {
      advance()
      advance()
    }
    if eat(.primary, .key) { return .primaryKey(parseNameList("a column's name")) }
    if at(.unique), peek(1).symbol == .leftParenthesis {
      advance()
      return .unique(parseNameList("a column's name"))
    }
    if at(.check), peek(1).symbol == .leftParenthesis {
      advance()
      return .check(parseParenthesizedCondition())
    }
    if eat(.foreign, .key) {
      let columns = parseNameList("a column's name")
      guard at(.references) else {
        fail("REFERENCES and a table")
        return .unique(columns)
      }
      return .foreignKey(columns, parseReferences())
    }
    return nil
  }

  /// references → "REFERENCES" qualified-name [ name-list ] { "ON" ( "DELETE" | "UPDATE" )
  ///   "RESTRICT" }.
  ///
  /// NO ACTION means the same, since conditions are checked at the end of a statement.
  private mutating func parseReferences() -> ForeignKeyTarget {
    advance()
    let table = parseQualifiedName("a table")
    let columns = at(.leftParenthesis) ? parseNameList("a column's name") : []
    while at(.on), peek(1).keyword == .delete || peek(1).keyword == .update {
      position += 2
      let word = text(of: current).lowercased()
      if word == "no", text(of: peek(1)).lowercased() == "action" {
        position += 2
      } else if word == "restrict" {
        advance()
      } else {
        fail("NO ACTION or RESTRICT, for rows are never changed by a FOREIGN KEY")
        skipToStatementEnd()
        break
      }
    }
    return ForeignKeyTarget(table: table, columns: columns)
  }

  private mutating func parseParenthesizedCondition() -> Expression {
    expect(.leftParenthesis)
    let condition = parseCondition()
    close(.rightParenthesis)
    return condition
  }

  /// column-definition → identifier [ type ] { column-constraint }.
  private mutating func parseColumnDefinition() -> ColumnDefinition {
    let name = parseName("a column's name", mayBeReserved: true)
    var column = ColumnDefinition(name: name, type: nil)
    if current.kind == .word || current.kind == .quotedName, !atColumnConstraint() {
      column.type = parseType()
    }
    while parseColumnConstraint(&column) {}
    return column
  }

  private func atColumnConstraint() -> Bool {
    switch current.keyword {
    case .not, .null, .default, .check, .primary, .unique, .constraint, .collate, .references, .as:
      true
    case .generated: peek(1).keyword == .always || peek(1).keyword == .as
    default: false
    }
  }

  /// column-constraint → "NOT" "NULL" | "NULL" | "DEFAULT" value | "CHECK" "(" expression ")" |
  ///   "PRIMARY" "KEY" | "UNIQUE" | references | "COLLATE" label | [ "GENERATED" [ "ALWAYS" ] ] "AS"
  ///   "(" expression ")" [ "VIRTUAL" | "STORED" ].
  private mutating func parseColumnConstraint(_ column: inout ColumnDefinition) -> Bool {
    if at(.constraint), isName(peek(1)) {
      advance()
      advance()
    }
    switch current.keyword {
    case .not where peek(1).keyword == .null:
      position += 2
      column.isNotNull = true
    case .null:
      advance()
    case .default:
      advance()
      column.defaultValue = parseExpression(.other)
    case .check:
      advance()
      column.checks.append(parseParenthesizedCondition())
    case .primary:
      advance()
      expect(.key)
      column.isPrimaryKey = true
    case .unique:
      advance()
      column.isUnique = true
    case .references:
      column.references = parseReferences()
    case .collate:
      advance()
      _ = parseLabel("the name of a collation")
    case .generated where peek(1).keyword == .always || peek(1).keyword == .as, .as:
      if eat(.generated) { _ = eat(.always) }
      expect(.as)
      expect(.leftParenthesis)
      column.generated = parseExpression()
      close(.rightParenthesis)
      if !eat(.virtual) { _ = eat(.stored) }
    default:
      return false
    }
    return true
  }

  /// create-view → "VIEW" [ "IF" "NOT" "EXISTS" ] qualified-name [ name-list ] "AS" query.
  private mutating func parseCreateView(orReplace: Bool, isTemporary: Bool) -> Statement.Kind {
    advance()
    let ifNotExists = parseIfNotExists(orReplace: orReplace)
    let name = parseQualifiedName("a view's name", mayBeReserved: true)
    let columns = at(.leftParenthesis) ? parseNameList("a column's name") : []
    expect(.as)
    return .createView(
      CreateView(
        orReplace: orReplace,
        isTemporary: isTemporary,
        ifNotExists: ifNotExists,
        name: name,
        columns: columns,
        query: parseQuery()
      )
    )
  }

  /// create-macro → ( "MACRO" | "FUNCTION" ) qualified-name ( macro-parameters "AS" "TABLE" query |
  ///   macro-form { "," macro-form } ).
  private mutating func parseCreateMacro(orReplace: Bool, isTemporary: Bool) -> Statement.Kind {
    advance()
    let name = parseQualifiedName("a macro's name", mayBeReserved: true)
    var macro = parseMacroForm(name, orReplace: orReplace, isTemporary: isTemporary)
    while at(.comma), peek(1).symbol == .leftParenthesis {
      advance()
      macro.further.append(
        parseMacroForm(name, orReplace: orReplace, isTemporary: isTemporary)
      )
    }
    return .createMacro(macro)
  }

  /// macro-form → macro-parameters "AS" ( "TABLE" "(" query ")" | expression ).
  private mutating func parseMacroForm(
    _ name: QualifiedName,
    orReplace: Bool,
    isTemporary: Bool
  ) -> CreateMacro {
    let parameters = parseMacroParameters()
    expect(.as)
    let body: CreateMacro.Body
    if at(.table), peek(1).keyword != nil || peek(1).symbol == .leftParenthesis {
      advance()
      body = .table(parseQuery())
    } else {
      body = .scalar(parseExpression())
    }
    return CreateMacro(
      orReplace: orReplace,
      isTemporary: isTemporary,
      name: name,
      parameters: parameters,
      body: body
    )
  }

  /// macro-parameters → "(" [ macro-parameter { "," macro-parameter } ] ")".
  mutating func parseMacroParameters() -> [MacroParameter] {
    expect(.leftParenthesis)
    return parseListBody(until: .rightParenthesis) { $0.parseMacroParameter() }
  }

  /// macro-parameter → identifier [ ":=" expression ].
  private mutating func parseMacroParameter() -> MacroParameter {
    let name = parseName("a parameter's name")
    let defaultValue = eat(.colonEqual) ? parseExpression() : nil
    return MacroParameter(name: name, defaultValue: defaultValue)
  }

  /// create-type → "TYPE" identifier "AS" ( type | "ENUM" "(" query ")" ).
  private mutating func parseCreateType(orReplace: Bool) -> Statement.Kind {
    advance()
    let name = parseName("a type's name", mayBeReserved: true)
    expect(.as)
    // Labels are texts, so that a parenthesis too begins a query.
    let isQuery = atQuery(offset: 2) || peek(2).symbol == .leftParenthesis
    guard at(.enum), peek(1).symbol == .leftParenthesis, isQuery else {
      return .createType(CreateType(orReplace: orReplace, name: name, type: parseType()))
    }
    let start = position
    position += 2
    let labels = parseQuery()
    close(.rightParenthesis)
    let type = TypeName(.enumeration([]), range: range(from: start))
    return .createType(CreateType(orReplace: orReplace, name: name, type: type, labels: labels))
  }

  /// create-schema → "SCHEMA" [ "IF" "NOT" "EXISTS" ] identifier.
  private mutating func parseCreateSchema(orReplace: Bool) -> Statement.Kind {
    advance()
    let ifNotExists = parseIfNotExists(orReplace: orReplace)
    return .createSchema(name: parseName("a schema's name"), ifNotExists: ifNotExists)
  }

  /// create-index → [ "UNIQUE" ] "INDEX" [ "IF" "NOT" "EXISTS" ] [ identifier ] "ON" qualified-name [
  ///   "USING" identifier ] "(" order-items ")".
  private mutating func parseCreateIndex(orReplace: Bool) -> Statement.Kind {
    let isUnique = eat(.unique)
    expect(.index)
    let ifNotExists = parseIfNotExists(orReplace: orReplace)
    let name = at(.on) ? nil : parseName("an index's name")
    expect(.on)
    let table = parseQualifiedName("a table")
    let method = eat(.using) ? parseName("a kind of index") : nil
    expect(.leftParenthesis)
    let keys = parseOrderItems()
    expect(.rightParenthesis)
    return .createIndex(
      CreateIndex(
        isUnique: isUnique,
        ifNotExists: ifNotExists,
        name: name,
        table: table,
        method: method,
        keys: keys
      )
    )
  }

  // MARK: - Drop

  /// drop → "DROP" ( "TABLE" | "VIEW" | ( "MACRO" | "FUNCTION" ) [ "TABLE" ] | "TYPE" | "SCHEMA" |
  ///   "INDEX" | "SEQUENCE" | "METRIC" | "FUNNEL" | "TARGET" | "SCORE" ) [ "IF" "EXISTS" ]
  ///   qualified-name { "," qualified-name } [ "CASCADE" | "RESTRICT" ] | "DROP" "MODEL" [ "IF"
  ///   "EXISTS" ].
  mutating func parseDrop() -> Statement.Kind {
    advance()
    var word = text(of: current).uppercased()
    if word == "FUNCTION" { word = "MACRO" }
    if Drop.Kind(rawValue: word) == nil {
      let kinds = Drop.Kind.allCases.compactMap { Keyword(rawValue: $0.rawValue.lowercased()) }
      if let meant = mistyped(kinds) {
        reportMistyped(meant)
        word = meant.spelling
      }
    }
    guard let kind = Drop.Kind(rawValue: word) else {
      fail(Self.definable)
      skipToStatementEnd()
      errorPosition = position
      return .query(missingQuery())
    }
    advance()
    if kind == .macro { _ = eat(.table) }
    let ifExists = eat(.if, .exists)
    var names: [QualifiedName] = []
    if kind != .model {
      repeat { names.append(parseQualifiedName("a name")) } while eat(.comma)
    }
    let cascades = eat(.cascade)
    if !cascades, current.kind == .word, text(of: current).lowercased() == "restrict" {
      advance()
    }
    return .drop(Drop(kind: kind, ifExists: ifExists, names: names, cascades: cascades))
  }

  // MARK: - Alter

  /// alter → "ALTER" ( alter-table | alter-model ).
  mutating func parseAlter() -> Statement.Kind {
    advance()
    if eat(.model) { return parseAlterModel() }
    return parseAlterTable()
  }

  /// alter-table → "TABLE" [ "IF" "EXISTS" ] qualified-name alter-action.
  private mutating func parseAlterTable() -> Statement.Kind {
    guard expect(.table) else {
      skipToStatementEnd()
      errorPosition = position
      return .query(missingQuery())
    }
    let ifExists = eat(.if, .exists)
    let table = parseQualifiedName("a table")
    let action = parseAlterAction()
    return .alterTable(AlterTable(table: table, ifExists: ifExists, action: action))
  }

  /// alter-action → "ADD" table-constraint | "ADD" [ "COLUMN" ] [ "IF" "NOT" "EXISTS" ]
  ///   column-definition | "DROP" [ "COLUMN" ] [ "IF" "EXISTS" ] identifier | "RENAME" "TO"
  ///   identifier | "RENAME" [ "COLUMN" ] identifier "TO" identifier | "ALTER" [ "COLUMN" ]
  ///   identifier column-change.
  private mutating func parseAlterAction() -> AlterTable.Action {
    if eat(.add) {
      if let constraint = parseTableConstraint() { return .addConstraint(constraint) }
      _ = eat(.column)
      let ifNotExists = eat(.if, .not, .exists)
      return .addColumn(parseColumnDefinition(), ifNotExists: ifNotExists)
    }
    if eat(.drop) {
      _ = eat(.column)
      let ifExists = eat(.if, .exists)
      return .dropColumn(parseName("a column"), ifExists: ifExists)
    }
    if eat(.rename) {
      if eat(.to) { return .renameTable(parseName("the table's new name")) }
      _ = eat(.column)
      let name = parseName("a column")
      expect(.to)
      return .renameColumn(name, to: parseName("the column's new name"))
    }
    if eat(.alter) {
      _ = eat(.column)
      return parseColumnChange(parseName("a column"))
    }
    fail("ADD, DROP, RENAME or ALTER")
    return .dropColumn(parseName("a column"), ifExists: true)
  }

  /// column-change → [ "SET" "DATA" ] "TYPE" type [ "USING" expression ] | "SET" ( "DEFAULT"
  ///   expression | "NOT" "NULL" ) | "DROP" ( "DEFAULT" | "NOT" "NULL" ).
  private mutating func parseColumnChange(_ name: Identifier) -> AlterTable.Action {
    if eat(.set, .default) { return .setDefault(name, parseExpression()) }
    if eat(.set, .not, .null) { return .setNotNull(name) }
    if eat(.drop, .default) { return .dropDefault(name) }
    if eat(.drop, .not, .null) { return .dropNotNull(name) }
    if eat(.set) { expect(.data) }
    expect(.type)
    let type = parseType()
    return .setType(name, type, using: eat(.using) ? parseExpression() : nil)
  }
}
