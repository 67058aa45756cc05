internal import TundishColumns
internal import TundishSyntax

/// Finds columns of role tables that hold keys of other tables.
///
/// A column is a link if its name is the name of the other table's column, or names that table and
/// its `id`, if the values of that column are unique, and if most rows find one.
struct LinkInference {
  let recognizer: ModelRecognizer

  /// Links found, how to tell them, and what was left open.
  struct Result {
    var found: [LinkDefinition] = []
    var report: [String] = []
    var doubts: [String] = []
  }

  /// A link needs this share of matching rows.
  static let minimumMatchPercentage: Int64 = 50

  private var sql: SQLBuilder { recognizer.sql }
  private var lookup: SchemaLookup { recognizer.lookup }

  func links(for roles: [RoleDefinition]) throws(StatementFailure) -> Result {
    var result = Result()
    var seen: Set<String> = []
    var open = roles.map { ($0.table.last, orderedColumns(of: $0)) }
    var visited: Set<String> = []
    while !open.isEmpty {
      let (tableName, columns) = open.removeFirst()
      guard visited.insert(foldedText(tableName)).inserted,
        let table = recognizer.catalog.tables[foldedText(tableName)]
      else { continue }
      for column in columns {
        let place = foldedText("\(tableName).\(column.name)")
        guard seen.insert(place).inserted, !isLinked(place) else { continue }
        let targets = try targets(of: column, in: table)
        if targets.count > 1 {
          let names = targets.map { "\($0.entry.name).\($0.column.name)" }
          result.doubts.append(
            "\(table.name).\(column.name) could link to \(names.joined(separator: " or ")); none was chosen, ALTER MODEL ADD LINK chooses"
          )
          continue
        }
        guard let target = targets.first else { continue }
        let show = showColumn(of: target.entry, key: target.column, source: column)
        result.found.append(
          LinkDefinition(
            source: QualifiedName([sql.identifier(table.name), sql.identifier(column.name)]),
            target: QualifiedName([
              sql.identifier(target.entry.name), sql.identifier(target.column.name),
            ]),
            show: show.map { sql.identifier($0) }
          )
        )
        result.report.append(
          "\(table.name).\(column.name) -> \(target.entry.name)" + target.mismatch
        )
        open.append((target.entry.name, target.entry.table.schema.fields))
      }
    }
    return result
  }

  private func isLinked(_ place: String) -> Bool {
    recognizer.model.links.contains {
      foldedText($0.source.parts.map(\.text).joined(separator: ".")) == place
    }
  }

  /// The columns of a role's table, attributes first.
  private func orderedColumns(of role: RoleDefinition) -> [Field] {
    guard let entry = recognizer.catalog.tables[foldedText(role.table.last)] else { return [] }
    let fields = entry.table.schema.fields
    var ordered: [Field] = []
    for attribute in role.attributes {
      guard case .value(_, let value, _, _, _) = attribute, let name = value.simpleName,
        let field = fields.first(where: { foldedEqual($0.name, name.text) })
      else { continue }
      ordered.append(field)
    }
    let known = Set(ordered.map(\.name))
    return ordered + fields.filter { !known.contains($0.name) }
  }

  /// A key that a column may lead to.
  private struct Target {
    var entry: TableEntry
    var column: Field
    /// What is said of rows without a match, such as ` (3 rows do not match: 'X')`; else empty.
    var mismatch: String
  }

  private func targets(
    of column: Field,
    in table: TableEntry
  ) throws(StatementFailure) -> [Target] {
    guard Self.canBeKey(column) else { return [] }
    var targets: [Target] = []
    let tables = recognizer.catalog.tables.values.sorted {
      foldedText($0.name) < foldedText($1.name)
    }
    for entry in tables where !foldedEqual(entry.name, table.name) {
      for other in entry.table.schema.fields where Self.canBeKey(other) {
        guard Self.names(column, key: other, of: entry),
          column.type.isText == other.type.isText,
          try lookup.isUnique(
            sql.name(other.name),
            in: QualifiedName([sql.identifier(entry.name)])
          ),
          let mismatch = try mismatch(column, table, other, entry)
        else { continue }
        targets.append(Target(entry: entry, column: other, mismatch: mismatch))
      }
    }
    return targets
  }

  private static func canBeKey(_ field: Field) -> Bool { field.type.isText || field.type.isInteger }

  /// Whether a column's name says that it holds a key: the key's own name, or the table's and `id`.
  private static func names(_ column: Field, key: Field, of entry: TableEntry) -> Bool {
    let source = ColumnHints.plain(column.name)
    let target = ColumnHints.plain(key.name)
    let isSame = source == target
    if isSame, let stem = surrogate(column.name), entry.table.schema.fields.first?.name == key.name
    {
      return tableWords(entry.name).contains(stem)
    }
    guard source.hasSuffix("id"), source.count > 2 else {
      // Equal names alone prove little (street, amount, email): the key must lead its table.
      return isSame && key.type.isText
        && entry.table.schema.fields.first.map { foldedEqual($0.name, key.name) } ?? false
        && !["id", "name", "status", "type", "date"].contains(target)
    }
    let stem = String(source.dropLast(2))
    let table = ColumnHints.tableStem(entry.name)
    let singular =
      table.hasSuffix("ies")
      ? String(table.dropLast(3)) + "y" : table.hasSuffix("s") ? String(table.dropLast()) : table
    // `deal_pipeline_stages.stage_id` is the key of a table of stages.
    let isKey = target == "id" || (target.hasSuffix("id") && singular.hasSuffix(target.dropLast(2)))
    guard isSame || isKey else { return false }
    if stem == table || stem == singular { return true }
    return ["owner", "createdby", "user", "hubspotowner"].contains(stem)
      && (singular == "user" || singular == "owner")
  }

  /// What a surrogate key is of: `rep` of `rep_sk` and `rep_key`; nil for other names.
  private static func surrogate(_ name: String) -> String? {
    let words = foldedText(name).split { !($0.isLetter || $0.isNumber) }.map(String.init)
    guard words.count >= 2, let mark = words.last, ["sk", "key", "pk", "fk"].contains(mark) else {
      return nil
    }
    return words[words.count - 2]
  }

  /// The words of a table's name, each in the singular.
  private static func tableWords(_ name: String) -> Set<String> {
    Set(
      foldedText(name).split { !($0.isLetter || $0.isNumber) }.map { word in
        word.hasSuffix("ies")
          ? String(word.dropLast(3)) + "y"
          : word.hasSuffix("s") ? String(word.dropLast()) : String(word)
      }
    )
  }

  /// Says which rows find no key; nil where too few find one.
  private func mismatch(
    _ column: Field,
    _ table: TableEntry,
    _ key: Field,
    _ entry: TableEntry
  ) throws(StatementFailure) -> String? {
    let source = sql.name(table.name, column.name)
    let joined = sql.join(
      sql.table(table.name),
      .left,
      sql.table(entry.name),
      on: sql.equal(source, sql.name(entry.name, key.name))
    )
    let isMissing = sql.isNull(sql.name(entry.name, key.name))
    let query = sql.query(
      sql.select(
        [
          sql.item(sql.call("count", [sql.star]), as: "filled"),
          sql.item(sql.call("count", [sql.star], filter: isMissing), as: "unmatched"),
          sql.item(
            sql.call("count", [source], isDistinct: true, filter: isMissing),
            as: "values"
          ),
          sql.item(
            sql.call("min", [sql.cast(source, "VARCHAR")], filter: isMissing),
            as: "example"
          ),
        ],
        from: joined,
        where: sql.isNull(source, not: true)
      )
    )
    guard let row = try lookup.rows(of: query).first, row.count == 4,
      case .integer(let filled) = row[0], case .integer(let unmatched) = row[1], filled > 0,
      (filled - unmatched) * 100 >= filled * Self.minimumMatchPercentage
    else { return nil }
    guard unmatched > 0, case .text(let example) = row[3], case .integer(let values) = row[2] else {
      return ""
    }
    let more = values > 1 ? ", ..." : ""
    return " (\(groupedDigits(Int(unmatched))) rows do not match: '\(example)'\(more))"
  }

  /// The name to show for a key that is no name itself.
  private func showColumn(of entry: TableEntry, key: Field, source: Field) -> String? {
    let stem = Self.surrogate(key.name)
    guard stem != nil || ColumnHints.plain(key.name).hasSuffix("id") else { return nil }
    for name in ["name", "fullname", "label"] + (stem.map { ["\($0)name"] } ?? []) {
      if let field = RoleCandidate.column([name], of: entry), field.type.isText {
        return field.name
      }
    }
    return nil
  }
}
