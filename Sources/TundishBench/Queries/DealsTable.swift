import Tundish

/// The table `deals`, made with plain arithmetic so that it is the same everywhere.
enum DealsTable {
  /// A database with as many deals as the setting has values, and their 50 owners.
  static func database(_ setting: Setting) throws -> Database {
    let database = try setting.database()
    try database.query(
      """
      CREATE TABLE deals AS
      SELECT i AS id, 'owner ' || (i % 50) AS owner, 'account ' || (i * 7919 % 100003) AS account,
        (i * 37 % 100000)::DECIMAL(12, 2) AS amount, i % 3 <> 0 AS is_closed, i % 3 = 1 AS is_won,
        CASE i % 3 WHEN 0 THEN 'Open' WHEN 1 THEN 'Won' ELSE 'Lost' END AS stage,
        DATE '2024-01-01' + (i * 31 % 700)::INTEGER AS created,
        CASE WHEN i % 3 <> 0 THEN DATE '2024-02-01' + (i * 31 % 700)::INTEGER END AS closed
      FROM range(\(setting.valueCount)) t(i);
      CREATE TABLE owners AS SELECT 'owner ' || i AS owner, 'r' || (i % 4) AS region FROM range(50) t(i);
      CREATE TABLE accounts AS
      SELECT 'account ' || i AS account, i % 1000 AS size FROM range(100003) t(i);
      """
    )
    return database
  }
}

/// The same values in arrays, as a program would hold them that was written for them.
///
/// Words are numbers. What is computed of them is what queries must answer.
final class PlainDeals {
  let owners: [Int]
  let accounts: [Int]
  /// In whole units.
  let amounts: [Int]
  /// 0 for open, 1 for won, 2 for lost.
  let stages: [Int]
  /// Days since 2024-01-01.
  let created: [Int]

  /// The number of accounts that there can be.
  static let accountCount = 100_003
  /// 2024-01-01 in days since 1970.
  static let firstDay = 19_723

  /// As many deals as the table has.
  init(count: Int) {
    let rows = 0..<count
    owners = rows.map { $0 % 50 }
    accounts = rows.map { $0 * 7_919 % Self.accountCount }
    amounts = rows.map { $0 * 37 % 100_000 }
    stages = rows.map { $0 % 3 }
    created = rows.map { $0 * 31 % 700 }
  }

  var count: Int { owners.count }
  var rows: Range<Int> { owners.indices }
}
