internal import TundishColumns
internal import TundishSyntax

/// Paths of channels with how often each was gone, as analytics sum them up: `search > social >
/// email, 3 conversions, 100.00`.
///
/// Every journey becomes a row again, so that each rule of attribution and each of its sums holds. A
/// path's value is split among its conversions in cents that add up. Paths say the order of touches
/// and no time: touches are taken to be a day apart.
struct ConversionPaths {
  let entry: TableEntry
  private let path: Field
  private let conversions: Field
  private let value: Field?
  private let others: Field?
  private let sql = SQLBuilder()

  private static let pathNames = [
    "path", "paths", "channelpath", "conversionpath", "toppath", "journey", "channels",
    "defaultchannelgrouppath", "sourcepath", "touchpoints", "customerjourney",
  ]
  private static let countNames = [
    "conversions", "totalconversions", "conversioncount", "keyevents",
  ]
  private static let valueNames = [
    "value", "conversionvalue", "totalconversionvalue", "revenue", "purchaserevenue", "amount",
  ]
  private static let otherNames = [
    "null", "nulls", "nullpaths", "totalnull", "nonconversions", "nonconverting", "noconversions",
    "unconverted", "dropoffs", "nullconversions", "conversionsnull",
  ]
  /// More journeys than that are not made rows of.
  private static let most: Int64 = 1_000_000

  /// Reads a table's columns; nil where no column is of paths or none counts them.
  init?(entry: TableEntry, lookup: SchemaLookup) throws(StatementFailure) {
    func number(_ names: [String]) -> Field? {
      RoleCandidate.column(names, of: entry).flatMap { $0.type.isNumeric ? $0 : nil }
    }
    guard let path = RoleCandidate.column(Self.pathNames, of: entry), path.type.isText,
      let conversions = number(Self.countNames)
    else { return nil }
    let sql = self.sql
    value = number(Self.valueNames)
    let others = number(Self.otherNames)
    let counts = [conversions, others].compactMap { $0 }.map { Syntax.format(sql.name($0.name)) }
    let name = Syntax.format(sql.name(path.name))
    let sums = counts.map { "coalesce(sum(\($0)), 0)" }.joined(separator: " + ")
    let whole = counts.map { "coalesce(\($0) = floor(\($0)) AND \($0) >= 0, true)" }
    let rows = try lookup.rows(
      ofText: "SELECT CAST(\(sums) AS BIGINT), bool_and(\(whole.joined(separator: " AND "))), "
        + "bool_or(contains(\(name), '>')) FROM \(Syntax.format(sql.name(entry.name)))"
    )
    guard let row = rows.first, row.count == 3, case .integer(let journeys) = row[0],
      (1...Self.most).contains(journeys), row[1] == .boolean(true), row[2] == .boolean(true)
    else { return nil }
    self.entry = entry
    self.path = path
    self.others = others
    self.conversions = conversions
  }

  /// A row per journey, and a row per touch.
  func shapes() -> [ReshapedTables.Shape] {
    func quoted(_ name: String) -> String { Syntax.format(sql.name(name)) }
    func count(_ field: Field?) -> String {
      field.map { "CAST(coalesce(\(quoted($0.name)), 0) AS BIGINT)" } ?? "0"
    }
    let paths =
      "(SELECT row_number() OVER () AS path_id, string_split(\(quoted(path.name)), '>') AS steps, "
      + "\(count(conversions)) AS conversions, \(count(others)) AS others, "
      + (value.map { "CAST(coalesce(\(quoted($0.name)), 0) AS DECIMAL(18,2))" } ?? "NULL")
      + " AS amount FROM \(quoted(entry.name))) p"
    let journeys =
      "(SELECT path_id, steps, conversions, amount, "
      + "unnest(range(1, conversions + others + 1)) AS n FROM \(paths)) j"
    let amount =
      value == nil
      ? ""
      : ", CASE WHEN n <= conversions THEN CAST((amount * 100 * n // conversions "
        + "- amount * 100 * (n - 1) // conversions) / 100 AS DECIMAL(18,2)) END AS amount"
    let deals = entry.name + "_journeys"
    let touches = entry.name + "_touches"
    return [
      ReshapedTables.Shape(
        text: "CREATE VIEW \(quoted(deals)) AS SELECT path_id || '-' || n AS deal_id, "
          + "n <= conversions AS is_won, true AS is_closed, DATE '2000-01-01' AS created_at, "
          + "DATE '2000-01-01' + CAST(len(steps) AS INTEGER) AS closed_at\(amount) FROM \(journeys)",
        told:
          "\(deals), a view of \(entry.name), has a row per journey: \(conversions.name) are won"
          + (others.map { ", \($0.name) are lost" } ?? ""),
        hides: true
      ),
      ReshapedTables.Shape(
        text: "CREATE VIEW \(quoted(touches)) AS SELECT deal_id, "
          + "DATE '2000-01-01' + CAST(step AS INTEGER) AS touched_at, trim(steps[step]) AS channel "
          + "FROM (SELECT path_id || '-' || n AS deal_id, steps, "
          + "unnest(range(1, len(steps) + 1)) AS step FROM \(journeys)) t",
        told:
          "\(touches), a view of \(entry.name), has a row per step of each journey; paths have no "
          + "dates, so steps are taken to be a day apart, from 2000-01-02 on",
        hides: true
      ),
    ]
  }
}
