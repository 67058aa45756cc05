internal import TundishColumns
internal import TundishSyntax

/// Records as APIs send them: the values in an object `properties`, keys in pairs with their names,
/// people with a first and a last name.
struct NestedRecord {
  let entry: TableEntry
  let lookup: SchemaLookup

  private let sql = SQLBuilder()
  private var table: QualifiedName { QualifiedName([sql.identifier(entry.name)]) }
  private func quoted(_ name: String) -> String { Syntax.format(sql.name(name)) }

  init(entry: TableEntry, lookup: SchemaLookup) {
    self.entry = entry
    self.lookup = lookup
  }

  /// The view with a column for each value; nil where the table has them already.
  func shape() throws(StatementFailure) -> ReshapedTables.Shape? {
    let fields = entry.table.schema.fields
    var items: [String] = []
    var told: [String] = []
    // A property is what the record's owner filled in; it hides what the API says beside it.
    var names: Set<String> = []
    let own = fields.first { foldedEqual($0.name, "properties") } ?? envelope
    let properties = own ?? nestedDeal
    if let properties, case .structure(let members) = properties.type, members.count > 1 {
      for member in members {
        var name = member.name
        // An event names its deal beside itself: `id` of `deal` is `deal_id`.
        // A lead has dates of its own beside those of its deal.
        let isBeside = fields.contains { foldedEqual($0.name, member.name) }
        if own == nil, isBeside || ["id", "name"].contains(foldedText(name)) {
          name = properties.name + "_" + name
        }
        guard names.insert(foldedText(name)).inserted else { continue }
        let value = "\(quoted(properties.name))[\(Syntax.format(sql.text(member.name)))]"
        items.append("\(try typed(value, member)) AS \(quoted(name))")
      }
      told.append("the members of \(properties.name)")
    }
    var hasPairs = false
    for field in fields where !hasPairs {
      if case .list(let element) = field.type, element.isText {
        hasPairs = try secondOfTwo(field) != nil
      }
    }
    for field in fields where !names.contains(foldedText(field.name)) {
      if field.name == properties?.name, !told.isEmpty { continue }
      if hasPairs, let name = try pairedName(field) {
        items.append("\(name) AS \(quoted(field.name))")
        told.append("the names in \(field.name)")
      } else {
        items.append(quoted(field.name))
      }
    }
    if let name = fullName {
      items.append("\(name) AS name")
      told.append("the full names")
    }
    guard !told.isEmpty else { return nil }
    let view = entry.name + "_data"
    return ReshapedTables.Shape(
      text: "CREATE VIEW \(quoted(view)) AS SELECT \(items.joined(separator: ", ")) "
        + "FROM \(quoted(entry.name))",
      told: "\(view), a view of \(entry.name), has columns of "
        + ModelRecognizer.enumeration(told),
      hides: true
    )
  }

  /// The object that holds all of a record, beside nothing but its key, its kind and remarks of the API:
  /// `{"data": {...}, "meta": {...}}`, `{"id": 7, "type": "deal", "attributes": {...}}`.
  private var envelope: Field? {
    let fields = entry.table.schema.fields
    let found = fields.first { field in
      guard ["data", "attributes", "fields"].contains(foldedText(field.name)),
        case .structure(let members) = field.type
      else { return false }
      return members.count > 1
    }
    let around: Set<String> = [
      "id", "type", "meta", "links", "relationships", "createdtime", "object", "version",
    ]
    guard let found,
      fields.allSatisfy({ $0.name == found.name || around.contains(foldedText($0.name)) })
    else { return nil }
    return found
  }

  /// The deal that an event carries as an object of its own.
  private var nestedDeal: Field? {
    entry.table.schema.fields.first { field in
      guard ["deal", "opportunity"].contains(foldedText(field.name)),
        case .structure(let members) = field.type
      else { return false }
      let names = Set(members.map { ColumnHints.plain($0.name) })
      return names.contains("id")
        && !names.isDisjoint(with: ["stage", "status", "amount", "value"])
    }
  }

  /// APIs send all properties as texts: an amount is the number that it spells.
  private func typed(_ value: String, _ member: StructField) throws(StatementFailure) -> String {
    let names = ColumnHints.opportunities.first { $0.attribute == "AMOUNT" }?.names ?? []
    guard member.type.isText, names.contains(ColumnHints.plain(member.name)) else { return value }
    let text = "nullif(\(value), '')"
    let rows = try rows(
      "SELECT count(\(text)) - count(TRY_CAST(\(text) AS DECIMAL(18,2))), "
        + "coalesce(max(length(split_part(\(text), '.', 2))), 0) FROM \(quoted(entry.name))"
    )
    guard let row = rows.first, row.count == 2, case .integer(0) = row[0],
      case .integer(let digits) = row[1]
    else { return value }
    return "CAST(\(text) AS \(digits <= 6 ? "DECIMAL(18,\(digits))" : "DOUBLE"))"
  }

  /// `[7, "Anna"]`, as some APIs send a key and what it is called: the name; nil for other columns.
  private func pairedName(_ field: Field) throws(StatementFailure) -> String? {
    if case .list(let element) = field.type, element.isText { return try secondOfTwo(field) }
    guard field.type.isText, SchemaLookup.mayHaveFewTexts(field.name, in: entry.table) else {
      return nil
    }
    // Where nothing is set they write `false`.
    let column = quoted(field.name)
    let texts = try lookup.texts(of: sql.name(field.name), in: table)
    let pairs = texts.filter { $0 != "false" }
    guard !pairs.isEmpty else { return nil }
    guard pairs.allSatisfy(Self.isPair) else {
      return pairs.count < texts.count ? try unset(column) : nil
    }
    return "CASE WHEN \(column) <> 'false' THEN json_extract_string(\(column), '$[1]') END"
  }

  /// The name in lists of a number and a text each.
  private func secondOfTwo(_ field: Field) throws(StatementFailure) -> String? {
    let column = quoted(field.name)
    let rows = try rows(
      "SELECT count(\(column)), count(*) FILTER (WHERE len(\(column)) = 2 AND "
        + "TRY_CAST(\(column)[1] AS BIGINT) IS NOT NULL) FROM \(quoted(entry.name))"
    )
    guard let row = rows.first, row.count == 2, row[0] == row[1], row[0] != .integer(0) else {
      return nil
    }
    return "\(column)[2]"
  }

  /// Dates among which `false` stands for none.
  private func unset(_ column: String) throws(StatementFailure) -> String? {
    let text = "nullif(\(column), 'false')"
    let rows = try rows(
      "SELECT count(\(text)) - count(TRY_CAST(\(text) AS TIMESTAMP)), count(\(text)) "
        + "FROM \(quoted(entry.name))"
    )
    guard let row = rows.first, row.count == 2, row[0] == .integer(0), row[1] != .integer(0) else {
      return nil
    }
    return "CAST(\(text) AS TIMESTAMP)"
  }

  private static func isPair(_ text: String) -> Bool {
    guard text.hasPrefix("["), text.hasSuffix("\"]"), let comma = text.firstIndex(of: ",") else {
      return false
    }
    return Int(text[text.index(after: text.startIndex)..<comma]) != nil
  }

  /// First and last name of people whose table has no column for both.
  private var fullName: String? {
    let stem = ColumnHints.tableStem(entry.name)
    guard
      ["user", "owner", "rep", "agent", "employee", "salesrep"].contains(where: stem.hasPrefix),
      RoleCandidate.column(["name", "fullname", "label"], of: entry) == nil,
      let first = RoleCandidate.column(["firstname", "givenname"], of: entry), first.type.isText,
      let last = RoleCandidate.column(["lastname", "familyname", "surname"], of: entry),
      last.type.isText
    else { return nil }
    return "concat_ws(' ', \(quoted(first.name)), \(quoted(last.name)))"
  }

  private func rows(_ text: String) throws(StatementFailure) -> [[Value]] {
    guard case .query(let query)? = Syntax.parse(text).script.statements.first?.kind else {
      return []
    }
    return try lookup.rows(of: query)
  }
}
