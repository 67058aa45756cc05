internal import TundishColumns
internal import TundishSyntax

/// A table whose every column says of which table it is, as billing systems and report builders write
/// them: `subscriptions.id`, `subscriptions.mrr`, `customers.id`.
struct PrefixedColumns {
  private let entry: TableEntry
  private let names: [(field: Field, name: String)]

  /// Reads a table's columns; nil where most have no such prefix, or two would get one name.
  init?(entry: TableEntry) {
    let fields = entry.table.schema.fields
    let heads = fields.map { Self.head(of: $0.name) }
    guard heads.filter({ $0 != nil }).count * 2 > fields.count else { return nil }
    let own = heads.compactMap { $0 }.filter {
      ColumnHints.plainTable(entry.name).contains(ColumnHints.plainTable(Self.singular($0)))
    }
    // The prefix of the table itself says nothing; that of another says whose column it is.
    guard let prefix = own.first, own.count >= 2 else { return nil }
    names = zip(fields, heads).map { field, head in
      guard let head else { return (field, field.name) }
      let rest = String(field.name.dropFirst(head.count + 1))
      return (field, head == prefix ? rest : Self.singular(head) + "_" + rest)
    }
    guard Set(names.map { foldedText($0.name) }).count == names.count else { return nil }
    self.entry = entry
  }

  private static func head(of name: String) -> String? {
    guard let point = name.firstIndex(of: "."), point > name.startIndex,
      name[..<point].allSatisfy({ $0.isLetter || $0 == "_" }),
      name.index(after: point) < name.endIndex
    else { return nil }
    return String(name[..<point])
  }

  private static func singular(_ name: String) -> String {
    if name.hasSuffix("ies") { return String(name.dropLast(3)) + "y" }
    return name.hasSuffix("s") ? String(name.dropLast()) : name
  }

  /// The table with the names of its columns alone.
  func shape() -> ReshapedTables.Shape {
    func quoted(_ name: String) -> String { Syntax.format(SQLBuilder().name(name)) }
    let view = entry.name + "_data"
    let items = names.map { field, name in
      field.name == name ? quoted(name) : "\(quoted(field.name)) AS \(quoted(name))"
    }
    return ReshapedTables.Shape(
      text: "CREATE VIEW \(quoted(view)) AS SELECT \(items.joined(separator: ", ")) "
        + "FROM \(quoted(entry.name))",
      told:
        "\(view), a view of \(entry.name), has its columns without the names of tables before them",
      hides: true
    )
  }
}
