internal import TundishColumns
internal import TundishSyntax

/// Writes the definitions of a catalog as a script that makes them again.
enum DatabaseScript {
  /// The statements: types, tables, macros, views, then what the sales door knows.
  static func text(of catalog: Catalog) -> String {
    var lines = catalog.schemas.values.sorted().map { "CREATE SCHEMA \(quoted($0))" }
    for (name, type) in catalog.types.sorted(by: { $0.key < $1.key }) {
      lines.append("CREATE TYPE \(quoted(name)) AS \(type)")
    }
    for sequence in catalog.sequences.values.sorted(by: { $0.name < $1.name }) {
      lines.append(create(sequence))
    }
    for entry in catalog.tables.values.sorted(by: { $0.name < $1.name }) where !entry.isTemporary {
      lines.append(create(entry))
      lines += entry.constraints.indexes.map { index in
        let names = index.columns.map { quoted(entry.table.schema.fields[$0].name) }
        return "CREATE \(index.isUnique ? "UNIQUE " : "")INDEX \(quoted(index.name)) ON "
          + "\(quoted(entry)) (\(names.joined(separator: ", ")))"
      }
    }
    for entry in catalog.tables.values.sorted(by: { $0.name < $1.name }) where !entry.isTemporary {
      lines += entry.constraints.foreignKeys.map { create($0, of: entry, catalog) }
    }
    for macro in catalog.sortedMacros {
      lines.append(Syntax.format(statement(.createMacro(macro))))
    }
    for (key, view) in catalog.views.sorted(by: { $0.key < $1.key }) {
      let schema = catalog.viewSchemas[key]
      var view = view
      if let schema {
        lines.append("USE \(quoted(schema))")
        // A view of main, made while another schema was in use.
        if view.name.parts.count == 1 {
          let main = Identifier(Catalog.mainSchema, range: view.name.range)
          view.name = QualifiedName([main] + view.name.parts)
        }
      }
      lines.append(Syntax.format(statement(.createView(view))))
      if schema != nil { lines.append("USE \(Catalog.mainSchema)") }
    }
    lines += SalesStatements.script(of: catalog).map { Syntax.format($0) }
    return lines.map { $0 + ";\n" }.joined()
  }

  private static func statement(_ kind: Statement.Kind) -> Statement {
    Statement(kind, range: SourceRange(0, 0))
  }

  private static func create(_ entry: TableEntry) -> String {
    var parts = entry.table.schema.fields.enumerated().map { index, field in
      let type = entry.constraints.declared[index]?.rawValue ?? field.type.description
      var part = "\(quoted(field.name)) \(type)"
      if let value = entry.constraints.generated[index] {
        part += " GENERATED ALWAYS AS (\(Syntax.format(value)))"
      }
      if entry.constraints.notNull.contains(index) { part += " NOT NULL" }
      if let value = entry.constraints.defaults[index] {
        part += " DEFAULT \(Syntax.format(value))"
      }
      return part
    }
    let names = { (positions: [Int]) in
      positions.map { quoted(entry.table.schema.fields[$0].name) }.joined(separator: ", ")
    }
    if !entry.constraints.primaryKey.isEmpty {
      parts.append("PRIMARY KEY (\(names(entry.constraints.primaryKey)))")
    }
    parts += entry.constraints.uniqueKeys.map { "UNIQUE (\(names($0)))" }
    parts += entry.constraints.checks.map { "CHECK (\(Syntax.format($0)))" }
    return "CREATE TABLE \(quoted(entry)) (\(parts.joined(separator: ", ")))"
  }

  /// A FOREIGN KEY, apart from its table so that the table that it refers to is there.
  private static func create(
    _ key: ForeignKey,
    of entry: TableEntry,
    _ catalog: Catalog
  ) -> String {
    let parent = catalog.tables[foldedKey(key.table)].map(quoted) ?? quoted(key.table)
    let names = { (names: [String]) in names.map(quoted).joined(separator: ", ") }
    return "ALTER TABLE \(quoted(entry)) ADD FOREIGN KEY (\(names(key.columns))) REFERENCES "
      + "\(parent) (\(names(key.keys)))"
  }

  /// A sequence that goes on with the number that comes next; one that has ended stays ended.
  private static func create(_ sequence: SequenceCounter) -> String {
    let rule = sequence.rule
    let next = sequence.upcoming ?? (rule.increment > 0 ? rule.maximum : rule.minimum)
    return "CREATE SEQUENCE \(quoted(sequence.name)) INCREMENT BY \(rule.increment)"
      + " MINVALUE \(rule.minimum) MAXVALUE \(rule.maximum) START WITH \(next)"
      + (rule.cycles ? " CYCLE" : "")
  }

  private static func quoted(_ entry: TableEntry) -> String {
    entry.schema.isEmpty
      ? quoted(entry.name) : "\(quoted(entry.schema)).\(quoted(entry.shortName))"
  }

  private static func quoted(_ name: String) -> String {
    "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}
