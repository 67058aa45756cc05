internal import TundishColumns
internal import TundishSyntax

/// Schemas: `main`, which is always there, and those that CREATE SCHEMA makes.
///
/// What stands in another schema than `main` is kept under `schema.name`, so that one dictionary
/// holds the tables of all schemas, and one their macros. Types, sequences and what the sales door
/// knows have one namespace: a schema before their names must exist, and is not looked at otherwise.
extension Catalog {
  /// The schema that is always there.
  package static let mainSchema = "main"

  /// Other names of the main schema.
  static let mainSchemaNames: Set<String> = ["main", "memory", "temp", "public"]

  /// Whether there is a schema of a name.
  func hasSchema(_ name: String) -> Bool {
    let key = foldedKey(name)
    return Self.mainSchemaNames.contains(key) || schemas[key] != nil
  }

  /// The keys under which a table or view may stand, the first that is there counts.
  func keys(for name: QualifiedName, current: String) -> [String] {
    let last = foldedKey(name.last)
    guard let written = Self.schema(of: name) else {
      return current == Self.mainSchema ? [last] : ["\(current).\(last)", last]
    }
    return [Self.mainSchemaNames.contains(written) ? last : "\(written).\(last)"]
  }

  /// The key of the table or view that a name stands for; of one that is not there, the last that was
  /// tried.
  func key(of name: QualifiedName, current: String) -> String {
    let keys = keys(for: name, current: current)
    return keys.first { tables[$0] != nil || views[$0] != nil } ?? keys.last ?? ""
  }

  /// The key of the macro that a name stands for; nil where there is none.
  func macroKey(of name: QualifiedName, current: String) -> String? {
    if macros.isEmpty { return nil }
    return keys(for: name, current: current).first { macros[$0] != nil }
  }

  /// All forms of all macros, by name and number of parameters.
  var sortedMacros: [CreateMacro] {
    macros.sorted { $0.key < $1.key }.flatMap { _, forms in
      forms.sorted { $0.parameters.count < $1.parameters.count }
    }
  }

  /// The schema that a name is written with, folded; nil where it is bare.
  static func schema(of name: QualifiedName) -> String? {
    guard name.parts.count > 1 else { return nil }
    return foldedKey(name.parts[name.parts.count - 2].text)
  }

  /// The name of a table in a list: bare in the schema that is used, else with its schema.
  func shown(_ schema: String, _ name: String, current: String) -> String {
    let own = current == Self.mainSchema ? "" : current
    if schema == own { return name }
    return "\(schema.isEmpty ? Self.mainSchema : schemas[schema] ?? schema).\(name)"
  }

  /// The tables, views and macros of a schema, by key.
  func members(ofSchema key: String) -> [String] {
    tables.filter { $0.value.schema == key }.map(\.key)
      + views.filter { Self.schema(of: $0.value.name) == key }.map(\.key)
      + macros.filter { $0.value.first.flatMap { Self.schema(of: $0.name) } == key }.map(\.key)
  }
}

extension TableEntry {
  /// The name without the schema.
  package var shortName: String {
    schema.isEmpty ? name : String(name.utf8.dropFirst(schema.utf8.count + 1)) ?? name
  }
}
