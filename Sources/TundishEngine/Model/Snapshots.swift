internal import TundishColumns
internal import TundishSyntax

/// A table that holds every deal once per day or week, as it stood then.
///
/// Counting its rows would count a deal as often as it was seen; what a deal is now is its last row,
/// and a change of its stage is the first row that shows another stage.
struct Snapshots {
  let entry: TableEntry
  private let key: Field
  private let seen: Field
  private let stage: Field
  private let owner: Field?
  private let sql = SQLBuilder()

  private static let seenNames = [
    "snapshotdate", "snapshot", "snapshotat", "snapshotday", "snapshotmonth", "snapshotweek",
    "datesnapshot", "snapshottime", "snapshotts", "asof", "asofdate", "extractdate",
    "extractedat", "peildatum", "stichtag", "loaddate",
  ]

  /// Reads a table's columns and rows; nil where no deal is in it twice, or twice on a day.
  init?(entry: TableEntry, lookup: SchemaLookup) throws(StatementFailure) {
    func names(_ attribute: String) -> [String] {
      ColumnHints.opportunities.first { $0.attribute == attribute }?.names ?? []
    }
    guard let seen = RoleCandidate.column(Self.seenNames, of: entry), RoleCandidate.isDate(seen),
      let key = RoleCandidate.column(names("KEY"), of: entry),
      let stage = RoleCandidate.column(names("STAGE"), of: entry), stage.type.isText
    else { return nil }
    self.entry = entry
    (self.seen, self.key, self.stage) = (seen, key, stage)
    owner = RoleCandidate.column(names("OWNER"), of: entry)
    let (k, s) = (Syntax.format(sql.name(key.name)), Syntax.format(sql.name(seen.name)))
    let table = Syntax.format(sql.name(entry.name))
    let text =
      "SELECT count(\(k)), count(DISTINCT \(k)), "
      + "(SELECT count(*) FROM (SELECT DISTINCT \(k), \(s) FROM \(table)) d) FROM \(table)"
    guard case .query(let query)? = Syntax.parse(text).script.statements.first?.kind,
      let row = try lookup.rows(of: query).first, row.count == 3, row[0] == row[2],
      row[0] != row[1]
    else { return nil }
  }

  /// The last row of each deal, and the rows where its stage changed.
  func shapes() -> [ReshapedTables.Shape] {
    func quoted(_ name: String) -> String { Syntax.format(sql.name(name)) }
    let table = quoted(entry.name)
    let (k, s, g) = (quoted(key.name), quoted(seen.name), quoted(stage.name))
    let latest = entry.name + "_latest"
    let changes = entry.name + "_stage_history"
    let by = owner.map { ", \(quoted($0.name)) AS owner" } ?? ""
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
          + "\(s) AS entered_at\(by) FROM \(table) QUALIFY \(g) IS DISTINCT FROM "
          + "lag(\(g)) OVER (PARTITION BY \(k) ORDER BY \(s))",
        told: "\(changes), a view of \(entry.name), has the rows in which \(stage.name) changed; "
          + "times are those of the snapshots",
        hides: true
      ),
    ]
  }
}
