internal import TundishColumns
internal import TundishSyntax

/// One table in several files, such as `leads_2025_01` to `leads_2025_12`: the same columns, names
/// that differ in numbers, and no key in two of them.
struct SplitTable {
  /// The tables, in the order of their names.
  let parts: [TableEntry]
  /// The statement of the view that puts them together.
  let text: String
  /// What is said of it.
  var told: String {
    let names = parts.map(\.name)
    return "\(name), a view, has the rows of \(names.first ?? "") to \(names.last ?? ""): "
      + "\(parts.count) tables of the same columns, without a key in two of them"
  }

  private let name: String
  private static let most = 2_000_000

  /// The tables that lie in several files.
  static func all(
    of tables: [TableEntry],
    lookup: SchemaLookup
  ) throws(StatementFailure) -> [SplitTable] {
    var groups: [String: [TableEntry]] = [:]
    for entry in tables {
      guard let stem = stem(of: entry.name) else { continue }
      groups[stem, default: []].append(entry)
    }
    var found: [SplitTable] = []
    for (stem, parts) in groups.sorted(by: { $0.key < $1.key }) where parts.count >= 2 {
      if let split = try SplitTable(stem, parts, lookup) { found.append(split) }
    }
    return found
  }

  /// A name without its numbers: `leads` of `leads_2025_01`; nil where it has none.
  private static func stem(of name: String) -> String? {
    let words = foldedText(name).split { !($0.isLetter || $0.isNumber) }
    let kept = words.filter { word in
      !word.allSatisfy(\.isNumber) && PeriodName(String(word))?.grain != .quarter
    }
    guard !kept.isEmpty, kept.count < words.count else { return nil }
    return kept.joined(separator: "_")
  }

  private init?(
    _ stem: String,
    _ parts: [TableEntry],
    _ lookup: SchemaLookup
  ) throws(StatementFailure) {
    let sql = SQLBuilder()
    func quoted(_ name: String) -> String { Syntax.format(sql.name(name)) }
    guard let first = parts.first, parts.reduce(0, { $0 + $1.table.rowCount }) <= Self.most,
      let types = Self.types(of: parts)
    else { return nil }
    let names = first.table.schema.fields.map(\.name)
    let rows = parts.map { entry in
      let columns = zip(entry.table.schema.fields, types).map { field, type in
        field.type == type
          ? quoted(field.name) : "CAST(NULL AS \(type)) AS \(quoted(field.name))"
      }
      return "SELECT \(columns.joined(separator: ", ")) FROM \(quoted(entry.name))"
    }
    let all = rows.joined(separator: " UNION ALL ")
    let keys = [ColumnHints.leads, ColumnHints.opportunities].flatMap { hints in
      hints.first { $0.attribute == "KEY" }?.names ?? []
    }
    guard let key = RoleCandidate.column(keys, of: first), names.contains(key.name) else {
      return nil
    }
    let k = quoted(key.name)
    // A key in two files is a deal that was exported twice.
    let answer = try lookup.rows(
      ofText: "SELECT count(*), count(\(k)), count(DISTINCT \(k)) FROM (\(all)) a"
    )
    guard let row = answer.first, row.count == 3, row[0] == row[1], row[1] == row[2] else {
      return nil
    }
    self.parts = parts
    name = lookup.catalog.tables[stem] == nil ? stem : stem + "_all"
    text = "CREATE VIEW \(quoted(name)) AS \(all)"
  }

  /// The types of the columns that all tables have in the same order; nil where they differ.
  ///
  /// A column without a value has any type.
  private static func types(of parts: [TableEntry]) -> [DataType]? {
    guard let first = parts.first else { return nil }
    let fields = first.table.schema.fields
    var types: [DataType?] = Array(repeating: nil, count: fields.count)
    for entry in parts {
      let own = entry.table.schema.fields
      guard own.count == fields.count else { return nil }
      for (index, field) in own.enumerated() {
        guard foldedEqual(field.name, fields[index].name) else { return nil }
        if entry.table.statistics(ofColumn: index).nullCount == entry.table.rowCount { continue }
        guard types[index] == nil || types[index] == field.type else { return nil }
        types[index] = field.type
      }
    }
    return zip(types, fields).map { $0 ?? $1.type }
  }
}
