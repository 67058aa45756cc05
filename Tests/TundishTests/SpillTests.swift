import Testing
import Tundish

/// Queries under a memory limit that they do not fit into: the rows are those without a limit.
///
/// Each query is also run where no temporary file can be made, which must fail: so it does not
/// happen to fit after all.
@Suite("Spilling")
struct SpillTests {
  /// A table with columns of all kinds, and a smaller one to join with.
  private static let tables = """
    CREATE TABLE facts AS
      SELECT i, (i * 7919) % 6007 AS k, i % 5 AS few,
        CASE WHEN i % 11 = 0 THEN NULL ELSE (i * 31) % 1009 END AS n,
        'text ' || (i * 7919) % 3001 AS t, (i % 700) / 8::DOUBLE AS d,
        (i % 900)::DECIMAL(12, 2) / 4 AS money, ((i * 77) % 5003)::HUGEINT * 10000000000 AS h,
        DATE '2020-01-01' + (i % 800)::INTEGER AS day, to_days((i % 40)::INTEGER) AS span,
        i % 3 = 0 AS flag, [i % 4, NULL, i % 9] AS list,
        {'a': i % 6, 'b': 'x' || i % 10} AS part
      FROM range(9000) t(i);
    CREATE TABLE others AS SELECT (i * 13) % 6007 AS k, 'o' || i AS o, i % 17 AS m
      FROM range(6500) t(i);
    """

  private static let queries = [
    "SELECT * FROM facts ORDER BY t, d DESC, i OFFSET 8800",
    "SELECT * FROM facts ORDER BY n NULLS FIRST, k OFFSET 8800",
    "SELECT * FROM facts ORDER BY n DESC NULLS LAST OFFSET 8800",
    "SELECT i, list, part, span FROM facts ORDER BY list, part, span, h OFFSET 8800",
    "SELECT i, h, money FROM facts ORDER BY few OFFSET 8800",
    "SELECT k, count(*), sum(money), avg(d), min(t), max(h) FROM facts GROUP BY k "
      + "OFFSET 5700",
    "SELECT t, k % 2, count(DISTINCT few), median(n), list(i), string_agg(t, ',' ORDER BY i DESC) "
      + "FROM facts GROUP BY t, k % 2 OFFSET 5900",
    "SELECT few, n, grouping(n), count(*), sum(d) FROM facts GROUP BY ROLLUP (few, n)",
    "SELECT list, part, count(*), min(i) FROM facts GROUP BY list, part, k OFFSET 8000",
    "SELECT DISTINCT t, k FROM facts",
    "SELECT count(*), sum(i), sum(m), min(o) FROM facts JOIN others USING (k)",
    "SELECT count(*), sum(i), count(o), sum(m) FROM others RIGHT JOIN facts USING (k)",
    "SELECT count(*), sum(i), count(o), sum(m) FROM facts LEFT JOIN others USING (k)",
    "SELECT count(*), sum(i), count(o), sum(m) FROM facts FULL JOIN others USING (k)",
    "SELECT count(*), sum(i) FROM facts SEMI JOIN others USING (k)",
    "SELECT count(*), sum(i) FROM facts ANTI JOIN others USING (k)",
    "SELECT count(*), sum(a.i) FROM facts a JOIN facts b ON a.t = b.t AND a.n < b.n",
    "SELECT i, t, rank() OVER (PARTITION BY t ORDER BY d), sum(n) OVER (PARTITION BY k % 50) "
      + "FROM facts OFFSET 8800",
    "SELECT i, lag(list) OVER (PARTITION BY day ORDER BY i), part FROM facts OFFSET 8800",
    "SELECT i, t, d FROM facts ORDER BY t, i LIMIT 200 OFFSET 7800",
    "SELECT i, money FROM facts ORDER BY money DESC, i LIMIT 70%",
    "SELECT DISTINCT ON (t, flag) i, n FROM facts",
    "SELECT DISTINCT ON (k) k, t, n FROM facts ORDER BY k, n DESC NULLS LAST, i",
    "SELECT flag, count(DISTINCT t || i), max(DISTINCT t || i) FROM facts GROUP BY flag",
    "SELECT sum(DISTINCT h), count(DISTINCT h) FROM facts",
    "SELECT k, t FROM facts UNION SELECT k, o FROM others OFFSET 15200",
    "SELECT k, k % 3 FROM others EXCEPT SELECT k, few FROM facts",
    "SELECT k, k % 7 FROM others INTERSECT SELECT k, k % 7 FROM facts",
    "WITH c AS MATERIALIZED (SELECT i, t FROM facts) SELECT a.*, b.i FROM c a, c b "
      + "WHERE a.i = b.i + 1 ORDER BY a.i OFFSET 8800",
    "WITH RECURSIVE r(x, t) AS (SELECT i, t FROM facts UNION ALL SELECT x + 9000, t FROM r "
      + "WHERE x < 18000) SELECT * FROM r OFFSET 26000",
  ]

  private func database(limit: Int?, directory: String, threads: Int = 2) throws -> Database {
    var configuration = Database.Configuration()
    configuration.threads = threads
    configuration.temporaryDirectory = directory
    let database = try Database(configuration)
    try database.query(Self.tables)
    if let limit { try database.query("SET memory_limit = '\(limit)'") }
    return database
  }

  /// The rows as text; rows whose order the query does not promise are sorted.
  private func rows(_ database: Database, _ query: String) throws -> [String] {
    let result = try database.query(query)
    let rows = result.rows.map { "\($0)" }
    return query.contains("JOIN") ? rows.sorted() : rows
  }

  @Test("rows that do not fit into memory are the same from files")
  func sameRows() throws {
    let free = try database(limit: nil, directory: "")
    let limited = try database(limit: 260_000, directory: "/tmp")
    let single = try database(limit: 260_000, directory: "/tmp", threads: 1)
    let without = try database(limit: 260_000, directory: "/tmp/no such directory/here")
    for query in Self.queries {
      let expected = try rows(free, query)
      #expect(!expected.isEmpty)
      #expect(try rows(limited, query) == expected, "\(query)")
      #expect(try rows(single, query) == expected, "\(query)")
      #expect(throws: TundishError.self, "\(query)") { try without.query(query) }
    }
  }
}
