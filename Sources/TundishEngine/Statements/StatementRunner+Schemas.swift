internal import TundishColumns
internal import TundishSyntax

// CREATE SCHEMA, DROP SCHEMA, USE, and where names of tables lead.
extension StatementRunner {
  /// A table's or view's name as the catalog keeps it, in one part.
  func located(_ name: QualifiedName) -> QualifiedName {
    let key = session.catalog.key(of: name, current: session.settings.schema)
    let text =
      session.catalog.tables[key]?.name
      ?? (key == foldedKey(name.last) ? name.last : key)
    return QualifiedName([Identifier(text, range: name.range, isQuoted: true)])
  }

  /// A new table's or view's name as the catalog will keep it, and its schema; empty for main.
  func placed(
    _ name: QualifiedName
  ) throws(StatementFailure) -> (name: QualifiedName, schema: String) {
    var schema = session.settings.schema
    if let written = Catalog.schema(of: name) {
      guard session.catalog.hasSchema(written) else {
        throw StatementFailure([unknownSchema(name.parts[name.parts.count - 2])])
      }
      schema = Catalog.mainSchemaNames.contains(written) ? Catalog.mainSchema : written
    }
    guard schema != Catalog.mainSchema else {
      return (name.parts.last.map { QualifiedName([$0]) } ?? name, "")
    }
    let text = "\(schema).\(name.last)"
    return (QualifiedName([Identifier(text, range: name.range, isQuoted: true)]), schema)
  }

  /// Executes `CREATE SCHEMA s`.
  func createSchema(
    _ name: Identifier,
    ifNotExists: Bool
  ) throws(StatementFailure) -> StatementResult {
    let key = foldedKey(name.text)
    let isReserved = Self.reservedSchemas.contains(key)
    guard !session.catalog.hasSchema(key), !isReserved else {
      if ifNotExists { return done("schema \(name.text) exists already") }
      throw StatementFailure([
        .nameTaken(
          "schema",
          name.text,
          at: name.range,
          hint: isReserved ? "choose another name" : "use IF NOT EXISTS"
        )
      ])
    }
    session.catalog.schemas[key] = name.text
    return done("created schema \(name.text)")
  }

  /// What is always there beside main.
  private static let reservedSchemas: Set<String> = ["information_schema", "pg_catalog", "model"]

  /// Drops a schema, with all that stands in it where CASCADE says so; whether there was one.
  func dropSchema(_ name: QualifiedName, cascades: Bool) throws(StatementFailure) -> Bool {
    let key = foldedKey(name.last)
    if Catalog.mainSchemaNames.contains(key) || Self.reservedSchemas.contains(key) {
      throw StatementFailure([.wrongState("schema '\(key)' is always there", at: name.range)])
    }
    guard session.catalog.schemas[key] != nil else { return false }
    let members = session.catalog.members(ofSchema: key).sorted()
    if let first = members.first, !cascades {
      let others = members.count == 1 ? "" : " and \(members.count - 1) more"
      throw StatementFailure([
        .wrongState(
          "schema '\(name.last)' holds '\(first)'\(others); CASCADE drops them too",
          at: name.range
        )
      ])
    }
    for member in members {
      let member = QualifiedName([Identifier(member, range: name.range, isQuoted: true)])
      try refuseReferenced(member, dropped: Set(members))
    }
    for member in members {
      session.catalog.tables[member] = nil
      session.catalog.views[member] = nil
      session.catalog.viewSchemas[member] = nil
      session.catalog.macros[member] = nil
    }
    session.catalog.schemas[key] = nil
    if session.settings.schema == key { session.settings.schema = Catalog.mainSchema }
    return true
  }

  /// Executes `USE s`, `SET schema = 's'` and `SET search_path = 's'`.
  func use(_ written: String, at range: SourceRange) throws(StatementFailure) -> StatementResult {
    let parts = written.split(separator: ".")
    let first = written.split(separator: ",").first.map(String.init) ?? written
    let name = foldedKey(parts.count > 1 ? String(parts[parts.count - 1]) : first)
    guard session.catalog.hasSchema(name) else {
      throw StatementFailure([unknownSchema(Identifier(written, range: range))])
    }
    session.settings.schema =
      Catalog.mainSchemaNames.contains(name) ? Catalog.mainSchema : name
    return StatementResult()
  }

  /// The diagnostic of a schema that does not exist.
  func unknownSchema(_ name: Identifier) -> Diagnostic {
    let names = Array(session.catalog.schemas.values) + [Catalog.mainSchema]
    return .unknownThing(
      "schema",
      name.text,
      at: name.range,
      closest: Suggestion.closest(to: name.text, in: names)
    )
  }
}
