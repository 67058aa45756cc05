import Tundish

/// Whole queries on a generated table of a million deals.
enum QueryBenchmarks {
  static let rowCount = 1_000_000

  static let all: [Benchmark] = [
    query("query.count", "SELECT count(*) FROM deals", expecting: .integer(Int64(rowCount))),
    query(
      "query.filter",
      "SELECT count(*) FROM deals WHERE amount > 5000 AND is_won",
      expecting: nil
    ),
    query(
      "query.win_rate_by_owner",
      """
      SELECT count(*) FROM (
        SELECT owner, count(*) FILTER (is_won) / count(*) FROM deals WHERE is_closed GROUP BY owner)
      """,
      expecting: .integer(50)
    ),
    query(
      "query.group_by_account",
      "SELECT count(*) FROM (SELECT account, sum(amount) FROM deals GROUP BY account)",
      expecting: nil
    ),
    query(
      "query.join",
      "SELECT count(*) FROM deals JOIN owners USING (owner) WHERE region = 'r1'",
      expecting: nil
    ),
    query(
      "query.sort",
      "SELECT count(*) FROM (SELECT id FROM deals ORDER BY amount, id)",
      expecting: .integer(Int64(rowCount))
    ),
    query(
      "query.top",
      "SELECT id FROM deals ORDER BY amount DESC, id LIMIT 20",
      expecting: nil
    ),
    query(
      "query.window",
      """
      SELECT max(n) FROM (
        SELECT row_number() OVER (PARTITION BY owner ORDER BY created, id) AS n FROM deals)
      """,
      expecting: .integer(Int64(rowCount / 50))
    ),
    query(
      "query.distinct",
      "SELECT count(DISTINCT account) FROM deals",
      expecting: .integer(100_003)
    ),
    query(
      "query.quantile",
      "SELECT quantile_cont(id, 0.5) FROM deals",
      expecting: .double(Double(rowCount - 1) / 2)
    ),
    query(
      "query.lag",
      """
      SELECT count(*) FROM (
        SELECT lag(id) OVER (PARTITION BY account ORDER BY created, id) AS before FROM deals)
      WHERE before IS NOT NULL
      """,
      expecting: .integer(Int64(rowCount - 100_003))
    ),
    query(
      "query.semi_join",
      """
      SELECT count(*) FROM deals
      WHERE account IN (SELECT account FROM deals WHERE id < 10)
      """,
      expecting: nil
    ),
    query(
      "query.like",
      "SELECT count(*) FROM deals WHERE account || id LIKE '%99999%'",
      expecting: nil
    ),
    query(
      "query.regex",
      "SELECT count(*) FROM deals WHERE regexp_matches(account || id, '^account [0-9]*77[0-9]$')",
      expecting: nil
    ),
    query(
      "query.case",
      """
      SELECT sum(CASE WHEN is_won THEN 1 ELSE 0 END)
        + sum(CASE WHEN is_won THEN 0 ELSE 1 END) FROM deals
      """,
      expecting: .integer(Int64(rowCount))
    ),
    query(
      "query.arg_max",
      """
      SELECT count(last) FROM (SELECT arg_max(stage, id) AS last FROM deals GROUP BY account)
      """,
      expecting: .integer(100_003)
    ),
    query(
      "query.distinct_by_month",
      """
      SELECT sum(n) FROM (
        SELECT month(created), owner, count(DISTINCT account) AS n FROM deals GROUP BY ALL)
      """,
      expecting: nil
    ),
    query("query.metric", "win_rate by owner", expecting: nil),
  ]

  /// The table, made with plain arithmetic so that it is the same everywhere.
  private static func database() throws -> Database {
    let database = try Database()
    try database.query(
      """
      CREATE TABLE deals AS
      SELECT i AS id, 'owner ' || (i % 50) AS owner, 'account ' || (i * 7919 % 100003) AS account,
        (i * 37 % 100000)::DECIMAL(12, 2) AS amount, i % 3 <> 0 AS is_closed, i % 3 = 1 AS is_won,
        CASE i % 3 WHEN 0 THEN 'Open' WHEN 1 THEN 'Won' ELSE 'Lost' END AS stage,
        DATE '2024-01-01' + (i * 31 % 700)::INTEGER AS created,
        CASE WHEN i % 3 <> 0 THEN DATE '2024-02-01' + (i * 31 % 700)::INTEGER END AS closed
      FROM range(\(rowCount)) t(i);
      CREATE TABLE owners AS SELECT 'owner ' || i AS owner, 'r' || (i % 4) AS region FROM range(50) t(i);
      CREATE MODEL (
        OPPORTUNITIES deals (KEY id, CREATED created, CLOSED closed, AMOUNT amount, STAGE stage, OWNER owner),
        STAGES (Open OPEN, Won WON, Lost LOST)
      );
      """
    )
    return database
  }

  private static func query(_ name: String, _ text: String, expecting: Value?) -> Benchmark {
    Benchmark(name: name, valueCount: rowCount) {
      let database = try Self.database()
      let statement = try database.prepare(text)
      return {
        let result = try statement.run()
        guard let expecting else { return result.rowCount > 0 }
        return result.firstValue == expecting
      }
    }
  }
}
