internal import TundishColumns
internal import TundishSyntax

/// One table in several files, such as `leads_2025_01` to `leads_2025_12`: columns that mean the same,
/// and names that differ in numbers.
///
/// Where no key is in two of them, their rows lie one after the other. Where keys come again and the
/// names are dates, each file is the table as it stood then.
struct SplitTable {
  /// The tables, in the order of their names.
  let parts: [TableEntry]
  /// The views that put them together.
  private(set) var shapes: [ReshapedTables.Shape] = []

  private let columns: SplitColumns
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
    guard parts.reduce(0, { $0 + $1.table.rowCount }) <= Self.most,
      let columns = SplitColumns(parts), let key = columns.key
    else { return nil }
    self.parts = parts
    self.columns = columns
    let name = lookup.catalog.tables[stem] == nil ? stem : stem + "_all"
    let all = zip(parts, parts.indices).map { columns.rows(of: $0, at: $1) }
      .joined(separator: " UNION ALL ")
    let k = Self.quoted(key)
    // A key in two files is a deal that was exported twice.
    let answer = try lookup.rows(
      ofText: "SELECT count(*), count(\(k)), count(DISTINCT \(k)) FROM (\(all)) a"
    )
    guard let row = answer.first, row.count == 3, row[0] == row[1] else { return nil }
    if row[1] == row[2] {
      shapes = [
        ReshapedTables.Shape(
          text: "CREATE VIEW \(Self.quoted(name)) AS \(all)",
          told: "\(name), a view, has the rows of \(span): \(parts.count) tables of the same "
            + "columns\(columns.renamed), without a key in two of them",
          hides: true
        )
      ]
      return
    }
    guard try readSnapshots(stem, key, lookup) else { return nil }
  }

  private static func quoted(_ name: String) -> String { Syntax.format(SQLBuilder().name(name)) }

  private var span: String { "\(parts.first?.name ?? "") to \(parts.last?.name ?? "")" }

  /// Files that each hold every deal as it stood on the day of their name: what a deal is now is its
  /// row in the last file that has it.
  private mutating func readSnapshots(
    _ stem: String,
    _ key: String,
    _ lookup: SchemaLookup
  ) throws(StatementFailure) -> Bool {
    let days = parts.map { Self.day(saidBy: $0.name) }
    let dated = days.compactMap { $0 }
    guard dated.count == parts.count, Set(dated).count == parts.count,
      !columns.names.contains(where: { foldedEqual($0, Self.seen) })
    else { return false }
    let rows = zip(parts, zip(parts.indices, dated)).map { entry, place in
      columns.rows(of: entry, at: place.0, adding: "DATE '\(place.1)' AS \(Self.seen)")
    }.joined(separator: " UNION ALL ")
    let k = Self.quoted(key)
    // Twice in one file it is no snapshot.
    let answer = try lookup.rows(
      ofText: "SELECT count(*), (SELECT count(*) FROM (SELECT DISTINCT \(k), \(Self.seen) FROM "
        + "(\(rows)) a) b) FROM (\(rows)) c"
    )
    guard let row = answer.first, row.count == 2, row[0] == row[1] else { return false }
    // Exports of a month each share few deals; of a deal in a snapshot the next one mostly tells, too.
    let kept = try lookup.rows(
      ofText: "SELECT count(*) FILTER (WHERE next = n + 1), count(*) FILTER (WHERE n < last) FROM "
        + "(SELECT n, lead(n) OVER (PARTITION BY k ORDER BY n) AS next, max(n) OVER () AS last "
        + "FROM (SELECT \(k) AS k, dense_rank() OVER (ORDER BY \(Self.seen)) AS n FROM (\(rows)) a) b) c"
    )
    guard let row = kept.first, row.count == 2, case .integer(let again) = row[0],
      case .integer(let before) = row[1], again * 3 >= before * 2
    else { return false }
    let stages = ColumnHints.opportunities.first { $0.attribute == "STAGE" }?.names ?? []
    let known = stages.compactMap { name in
      columns.names.first { ColumnHints.plain($0) == name }
    }
    guard let stage = known.first else { return false }
    let latest = stem + "_latest"
    let changes = stem + "_stage_history"
    let g = Self.quoted(stage)
    shapes = [
      ReshapedTables.Shape(
        text: "CREATE VIEW \(Self.quoted(latest)) AS SELECT * FROM (\(rows)) s QUALIFY "
          + "row_number() OVER (PARTITION BY \(k) ORDER BY \(Self.seen) DESC) = 1",
        told: "\(latest), a view, has each \(key) as it stood in the last of \(span) that has it: "
          + "\(parts.count) tables of the days in their names",
        hides: true
      ),
      ReshapedTables.Shape(
        text: "CREATE VIEW \(Self.quoted(changes)) AS SELECT \(k) AS deal_id, \(g) AS stage, "
          + "\(Self.seen) AS entered_at FROM (\(rows)) s QUALIFY \(g) IS DISTINCT FROM "
          + "lag(\(g)) OVER (PARTITION BY \(k) ORDER BY \(Self.seen))",
        told: "\(changes), a view of the same tables, has the rows in which \(stage) changed; "
          + "times are those of the tables' names",
        hides: true
      ),
    ]
    return true
  }

  private static let seen = "snapshot_date"

  /// The day that a name says: `2026-03-02` or `20260302`; of a month alone its last day.
  private static func day(saidBy name: String) -> String? {
    var digits = name.split { !($0.isASCII && $0.isNumber) }.map(String.init)
    if let whole = digits.first(where: { $0.utf8.count == 8 }) {
      digits = [
        String(whole.prefix(4)), String(whole.dropFirst(4).prefix(2)), String(whole.suffix(2)),
      ]
    }
    guard digits.count == 2 || digits.count == 3, digits[0].utf8.count == 4,
      let year = Int(digits[0]), (1990...2100).contains(year), let month = Int(digits[1]),
      (1...12).contains(month)
    else { return nil }
    let lengths =
      [31, year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28]
      + [31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    let day = digits.count == 3 ? Int(digits[2]) : lengths[month - 1]
    guard let day, (1...lengths[month - 1]).contains(day) else { return nil }
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(year)-\(two(month))-\(two(day))"
  }
}

/// The columns that the files of one table have in common.
///
/// A column has its place by its name, else by what it means: `Source` in one year is `Lead Source` in
/// the next. A column that only some files have is empty in the others.
struct SplitColumns {
  /// The names, as the first table with most columns spells them.
  private(set) var names: [String] = []
  /// For each table, its field in each place.
  private var fields: [[Field?]] = []
  private var types: [DataType] = []
  /// What is said of columns that go by two names.
  private(set) var renamed = ""

  /// Aligns the columns of tables; nil where they are not of one kind.
  init?(_ parts: [TableEntry]) {
    let most = parts.map(\.table.schema.fields.count).max() ?? 0
    guard let widest = parts.first(where: { $0.table.schema.fields.count == most }) else {
      return nil
    }
    names = widest.table.schema.fields.map(\.name)
    var others: [String] = []
    for entry in parts {
      var left = entry.table.schema.fields
      func take(_ isIt: (Field) -> Bool) -> Field? {
        guard let index = left.firstIndex(where: isIt) else { return nil }
        return left.remove(at: index)
      }
      var own: [Field?] = names.map { name in take { foldedEqual($0.name, name) } }
      for index in names.indices where own[index] == nil {
        own[index] = take { Self.mean($0.name, names[index]) }
        if let field = own[index] { others.append("\(field.name) as \(names[index])") }
      }
      // A third of the columns may be missing; one that has no place is of another kind of table.
      guard left.isEmpty, own.compactMap({ $0 }).count * 3 >= names.count * 2 else { return nil }
      fields.append(own)
    }
    if !others.isEmpty { renamed = " (\(Array(Set(others)).sorted().joined(separator: ", ")))" }
    for index in names.indices {
      guard let type = type(at: index, of: parts) else { return nil }
      types.append(type)
    }
  }

  /// Whether two names mean one attribute of leads or deals.
  private static func mean(_ first: String, _ second: String) -> Bool {
    let pair = [ColumnHints.plain(first), ColumnHints.plain(second)]
    return (ColumnHints.leads + ColumnHints.opportunities).contains { hint in
      pair.allSatisfy { hint.names.contains($0) }
    }
  }

  /// The type of the tables' values in one place; nil where they do not go together.
  ///
  /// A column without a value has any type.
  private func type(at index: Int, of parts: [TableEntry]) -> DataType? {
    var found: DataType?
    for (entry, own) in zip(parts, fields) {
      guard let field = own[index] else { continue }
      let position = entry.table.schema.fields.firstIndex { $0.name == field.name }
      if let position, entry.table.statistics(ofColumn: position).nullCount == entry.table.rowCount
      {
        continue
      }
      guard let known = found else {
        found = field.type
        continue
      }
      if known == field.type { continue }
      // The union makes one type of numbers, and of dates with and without a time.
      let areNumbers = known.isNumeric && field.type.isNumeric
      let areDates = Self.isLocal(known) && Self.isLocal(field.type)
      guard areNumbers || areDates else { return nil }
    }
    return found ?? fields.lazy.compactMap { $0[index] }.first?.type
  }

  private static func isLocal(_ type: DataType) -> Bool { type == .date || type == .timestamp }

  /// The column of keys; nil where no name says that it is one.
  var key: String? {
    let known = [ColumnHints.leads, ColumnHints.opportunities].flatMap { hints in
      hints.first { $0.attribute == "KEY" }?.names ?? []
    }
    let found =
      known.lazy.compactMap { name in names.first { ColumnHints.plain($0) == name } }.first
      ?? names.first {
        ColumnWords($0).says("id", optional: ["deal", "lead", "quote", "contact", "booking"])
      }
    guard let found, let index = names.firstIndex(of: found) else { return nil }
    return fields.allSatisfy { $0[index] != nil } ? found : nil
  }

  /// The rows of one table, with a column for each place.
  func rows(of entry: TableEntry, at place: Int, adding extra: String? = nil) -> String {
    func quoted(_ name: String) -> String { Syntax.format(SQLBuilder().name(name)) }
    let columns = names.indices.map { index in
      guard let field = fields[place][index] else {
        return "CAST(NULL AS \(types[index])) AS \(quoted(names[index]))"
      }
      let isOwn =
        field.type == types[index] || field.type.isNumeric && types[index].isNumeric
        || Self.isLocal(field.type) && Self.isLocal(types[index])
      guard isOwn else { return "CAST(NULL AS \(types[index])) AS \(quoted(names[index]))" }
      return field.name == names[index]
        ? quoted(field.name) : "\(quoted(field.name)) AS \(quoted(names[index]))"
    }
    let all = columns + [extra].compactMap { $0 }
    return "SELECT \(all.joined(separator: ", ")) FROM \(quoted(entry.name))"
  }
}
