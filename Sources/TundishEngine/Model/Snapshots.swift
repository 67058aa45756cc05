internal import TundishColumns
internal import TundishSyntax

/// A table that holds every deal once per day or week, as it stood then, or once per change, as it
/// stood from then on.
///
/// Counting its rows would count a deal as often as it was seen; what a deal is now is its last row,
/// and a change of its stage is the first row that shows another stage.
struct Snapshots {
  let entry: TableEntry
  private let key: Field
  private let seen: Field
  private let stage: Field
  private let owner: Field?
  /// What the deal was worth, and when it was expected to close, at the time of the row.
  private let amount: Field?
  private let expected: Field?
  /// Whether a row is there since the deal was changed, not since somebody looked.
  private let isOfChanges: Bool
  private let sql = SQLBuilder()

  private static let seenNames = [
    "snapshotdate", "snapshot", "snapshotat", "snapshotday", "snapshotmonth", "snapshotweek",
    "datesnapshot", "snapshottime", "snapshotts", "asof", "asofdate", "extractdate",
    "extractedat", "peildatum", "stichtag", "loaddate",
  ]

  private static let changedNames = [
    "lastmodified", "lastmodifieddate", "lastmodifiedat", "modifiedat", "modifieddate",
    "modifiedon", "modified", "updatedat", "updatedon", "updateddate", "updated", "lastupdated",
    "lastupdatedat",
    "lastupdate", "updatetime", "datemodified", "dateupdated", "changedat", "lastchanged",
    "systemmodstamp", "hslastmodifieddate", "gewijzigdop", "geandertam",
  ]

  /// Reads a table's columns and rows; nil where no deal is in it twice, or twice at a time.
  init?(entry: TableEntry, lookup: SchemaLookup) throws(StatementFailure) {
    func names(_ attribute: String) -> [String] {
      ColumnHints.opportunities.first { $0.attribute == attribute }?.names ?? []
    }
    let looked = RoleCandidate.column(Self.seenNames, of: entry)
    let changed =
      RepeatedDeals.mayHoldDeals(entry.name)
      ? RoleCandidate.column(Self.changedNames, of: entry) : nil
    guard let seen = looked ?? changed, RoleCandidate.isDate(seen),
      let key = RoleCandidate.column(names("KEY"), of: entry),
      let stage = RoleCandidate.column(names("STAGE"), of: entry), stage.type.isText
    else { return nil }
    self.entry = entry
    (self.seen, self.key, self.stage) = (seen, key, stage)
    owner = RoleCandidate.column(names("OWNER"), of: entry)
    amount = RoleCandidate.column(names("AMOUNT"), of: entry)
    expected = RoleCandidate.column(names("EXPECTED"), of: entry)
    isOfChanges = looked == nil
    let (k, s) = (Syntax.format(sql.name(key.name)), Syntax.format(sql.name(seen.name)))
    let table = Syntax.format(sql.name(entry.name))
    let text =
      "SELECT count(\(k)), count(DISTINCT \(k)), "
      + "(SELECT count(*) FROM (SELECT DISTINCT \(k), \(s) FROM \(table)) d) FROM \(table)"
    guard case .query(let query)? = Syntax.parse(text).script.statements.first?.kind,
      let row = try lookup.rows(of: query).first, row.count == 3, row[0] == row[2],
      row[0] != row[1]
    else { return nil }
    // Rows of one deal whose stage never changes are its products or people, not its history.
    guard isOfChanges else { return }
    let g = Syntax.format(sql.name(stage.name))
    let moved = try lookup.rows(
      ofText: "SELECT \(k) FROM \(table) GROUP BY \(k) HAVING count(DISTINCT \(g)) > 1 LIMIT 1"
    )
    guard !moved.isEmpty else { return nil }
  }

  /// The last row of each deal, and the rows where its stage, or what else a history tells, changed.
  func shapes() -> [ReshapedTables.Shape] {
    func quoted(_ name: String) -> String { Syntax.format(sql.name(name)) }
    let table = quoted(entry.name)
    let (k, s, g) = (quoted(key.name), quoted(seen.name), quoted(stage.name))
    let latest = entry.name + "_latest"
    let changes = entry.name + "_stage_history"
    let told = [(owner, "owner"), (amount, "amount"), (expected, "expected_close_date")]
      .compactMap { field, name in field.map { (quoted($0.name), name) } }
    let further = told.map { ", \($0.0) AS \($0.1)" }.joined()
    let changed = ([g] + told.map(\.0))
      .map { "\($0) IS DISTINCT FROM lag(\($0)) OVER (PARTITION BY \(k) ORDER BY \(s))" }
      .joined(separator: " OR ")
    let names = ([stage] + [owner, amount, expected].compactMap { $0 }).map(\.name)
    return [
      ReshapedTables.Shape(
        text: "CREATE VIEW \(quoted(latest)) AS SELECT * FROM \(table) "
          + "QUALIFY row_number() OVER (PARTITION BY \(k) ORDER BY \(s) DESC) = 1",
        told: "\(latest), a view of \(entry.name), has the last row of each \(key.name) "
          + "by \(seen.name)",
        hides: true
      ),
      ReshapedTables.Shape(
        text: "CREATE VIEW \(quoted(changes)) AS SELECT \(k) AS deal_id, \(g) AS stage, "
          + "\(s) AS entered_at\(further) FROM \(table) QUALIFY \(changed)",
        told: "\(changes), a view of \(entry.name), has the rows in which "
          + "\(names.joined(separator: " or ")) changed; "
          + (isOfChanges ? "times are those of \(seen.name)" : "times are those of the snapshots"),
        hides: true
      ),
    ]
  }
}
