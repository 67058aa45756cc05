import Testing
import Tundish

/// Reading a table entity by entity gives the rows, in the order, of reading it as it stands.
@Suite struct EntityScanTests {
  /// 150,000 events of 6,001 entities, of which one is NULL, in no particular order.
  private func events(threads: Int) throws -> Database {
    var configuration = Database.Configuration()
    configuration.threads = threads
    let database = try Database(configuration)
    try database.query(
      """
      CREATE TABLE events AS
      SELECT nullif((i * 7919 + i // 13) % 6001, 17) AS entity,
        TIMESTAMP '2026-01-01' + INTERVAL 1 MINUTE * ((i * 104729) % 500000) AS at,
        ['visit', 'cart', 'pay'][1 + (i * 31 + i // 7) % 3] AS event, i
      FROM range(150000) r(i)
      """
    )
    return database
  }

  /// `entity + 0` is no column of the table, so that the second query takes the general way.
  @Test(
    "aggregates that need all rows of an entity",
    arguments: [
      "window_funnel(INTERVAL 30 DAYS, at, event = 'visit', event = 'cart', event = 'pay')",
      "list(i ORDER BY at, i)", "median(i)", "count(DISTINCT event)",
      "sequence_count('(?1).*(?2)', at, event = 'visit', event = 'pay')",
    ],
    ["", "WHERE event <> 'cart'", "WHERE i % 1000 > 990"]
  )
  func aggregates(call: String, condition: String) throws {
    for threads in [2] {
      let result = try events(threads: threads).query(
        """
        SELECT count(*) AS n, count(*) FILTER (a.entity IS DISTINCT FROM b.entity) AS keys,
          count(*) FILTER (a.v IS DISTINCT FROM b.v) AS results
        FROM (SELECT entity, \(call) AS v FROM events \(condition) GROUP BY entity) a
        POSITIONAL JOIN
          (SELECT entity + 0 AS entity, \(call) AS v FROM events \(condition) GROUP BY 1) b
        """
      )
      #expect(try result.doubles(in: "keys") == [0])
      #expect(try result.doubles(in: "results") == [0])
      #expect((try result.doubles(in: "n").first ?? nil) ?? 0 > 1_000)
    }
  }

  @Test(
    "window functions partitioned by an entity",
    arguments: [
      "lead(at) OVER (PARTITION BY e ORDER BY at, i)", "row_number() OVER (PARTITION BY e)",
      "sum(i) OVER (PARTITION BY e ORDER BY at, i ROWS 2 PRECEDING)",
      "count(*) FILTER (event = 'pay') OVER (PARTITION BY e)",
    ]
  )
  func windows(call: String) throws {
    for threads in [2] {
      let result = try events(threads: threads).query(
        """
        SELECT count(*) AS n, count(*) FILTER (a.i IS DISTINCT FROM b.i) AS keys,
          count(*) FILTER (a.v IS DISTINCT FROM b.v) AS results
        FROM (SELECT i, \(call) AS v FROM (SELECT entity AS e, at, event, i FROM events)) a
        POSITIONAL JOIN
          (SELECT i, \(call) AS v FROM (SELECT entity + 0 AS e, at, event, i FROM events)) b
        """
      )
      #expect(try result.doubles(in: "keys") == [0])
      #expect(try result.doubles(in: "results") == [0])
      #expect(try result.doubles(in: "n") == [150_000])
    }
  }

  /// An aggregate does not mind in which order rows come: windows below it are streamed.
  @Test(
    "aggregates of window functions partitioned by an entity",
    arguments: [
      "epoch(lead(at) OVER (PARTITION BY e ORDER BY at, i)) - epoch(at)",
      "lag(i) OVER (PARTITION BY e ORDER BY i)", "lead(i) OVER (PARTITION BY e ORDER BY i DESC)",
      "lead(i, 2, -1) OVER (PARTITION BY e ORDER BY at, i)",
      "rank() OVER (PARTITION BY e ORDER BY event)", "sum(i) OVER (PARTITION BY e ORDER BY at)",
      "first_value(i) OVER (PARTITION BY e ORDER BY at, i)",
    ],
    ["", "WHERE event <> 'cart'"]
  )
  func windowsBelowAggregates(call: String, condition: String) throws {
    let query = """
      SELECT event, count(*) AS n, count(v) AS present, sum(v) AS total, median(v) AS middle,
        sum(i * v) AS checked
      FROM (SELECT event, i, \(call) AS v FROM (SELECT {e} AS e, at, event, i FROM events) \(condition))
      GROUP BY event ORDER BY event
      """
    for threads in [1, 2] {
      let database = try events(threads: threads)
      let quick = query.replacing("{e}", with: "entity")
      let general = query.replacing("{e}", with: "entity + 0")
      let result = try database.query(
        "SELECT count(*) AS n FROM ((\(quick)) INTERSECT (\(general)))"
      )
      #expect(try result.doubles(in: "n") == [condition.isEmpty ? 3 : 2])
      let plan = try database.query("EXPLAIN PHYSICAL \(quick)")
      let text = try plan.values(in: plan.schema?.fields.first?.name ?? "").map { "\($0)" }
      #expect(text.contains { $0.contains("streamed entity by entity") })
    }
  }

  @Test("an index that is there serves aggregates that keep no rows", arguments: [1, 2])
  func indexed(threads: Int) throws {
    let database = try manyEntities(threads: threads)
    let query = """
      SELECT {e} AS e, arg_max(i, day) AS last, arg_min(day, i) AS first, sum(i) AS total
      FROM events WHERE i % 9 <> 0 GROUP BY 1
      """
    let quick = query.replacing("{e}", with: "entity")
    let general = query.replacing("{e}", with: "entity + 0")
    func readsByEntity() throws -> Bool {
      let plan = try database.query("EXPLAIN PHYSICAL \(quick)")
      let text = try plan.values(in: plan.schema?.fields.first?.name ?? "").map { "\($0)" }
      return text.contains { $0.contains("entity by entity") }
    }
    #expect(try !readsByEntity())
    let before = try database.query(quick).values(in: "last")
    try database.query("SELECT entity, list(i) FROM events GROUP BY entity")
    #expect(try readsByEntity())
    #expect(try database.query(quick).values(in: "last") == before)
    let result = try database.query(
      """
      SELECT count(*) AS n, count(*) FILTER (a IS DISTINCT FROM b) AS differ
      FROM (\(quick)) a POSITIONAL JOIN (\(general)) b
      """
    )
    #expect(try result.doubles(in: "differ") == [0])
  }

  /// 150,000 events of 100,003 entities, with a table of the entities beside.
  private func manyEntities(threads: Int) throws -> Database {
    var configuration = Database.Configuration()
    configuration.threads = threads
    let database = try Database(configuration)
    try database.query(
      """
      CREATE TABLE events AS
      SELECT nullif((i * 7919) % 100003, 17) AS entity,
        DATE '2026-01-01' + ((i * 7) % 400)::INTEGER AS day, i
      FROM range(150000) r(i)
      """
    )
    try database.query(
      """
      CREATE TABLE entities AS
      SELECT i AS id, DATE '2026-01-01' + ((i * 3) % 90)::INTEGER AS since
      FROM range(0, 100003, 2) r(i)
      """
    )
    return database
  }

  /// With `entity + 0` as the key nothing names the entity, so that the general way is taken.
  @Test(
    "groups by an entity and more keys, and distinct entities per group",
    arguments: [
      "SELECT month(day) AS k, {e} AS g, count(*) AS v FROM events GROUP BY ALL",
      "SELECT month(day) AS k, {e} AS g, list(i ORDER BY i) AS v FROM events GROUP BY ALL",
      """
      SELECT month(since) AS k, {e} AS g, count(*) AS v
      FROM events JOIN entities ON id = entity WHERE day >= since GROUP BY ALL
      """,
      """
      SELECT month(since) AS k, {e} AS g, count(*) AS v
      FROM events LEFT JOIN entities ON id = entity GROUP BY ALL
      """,
      """
      SELECT month(day) AS k, day - since AS g, count(DISTINCT {e}) AS v
      FROM entities JOIN events ON id = entity GROUP BY ALL
      """,
    ],
    [1, 2]
  )
  func severalKeys(query: String, threads: Int) throws {
    let quick = query.replacing("{e}", with: "entity")
    let general = query.replacing("{e}", with: "entity + 0")
    let result = try manyEntities(threads: threads).query(
      """
      SELECT count(*) AS n, count(a.v) AS matched, (SELECT count(*) FROM (\(general))) AS wanted
      FROM (\(quick)) a LEFT JOIN (\(general)) b
        ON a.k IS NOT DISTINCT FROM b.k AND a.g IS NOT DISTINCT FROM b.g AND a.v = b.v
      """
    )
    #expect(try result.doubles(in: "n") == result.doubles(in: "matched"))
    #expect(try result.doubles(in: "n") == result.doubles(in: "wanted"))
    #expect((try result.doubles(in: "n").first ?? nil) ?? 0 > 1_000)
  }

  @Test(
    "which plans read entity by entity",
    arguments: [
      ("SELECT month(day), entity, count(*) FROM events GROUP BY ALL", true),
      ("SELECT entity, count(*) FROM events GROUP BY ALL", false),
      (
        "SELECT day, since, count(DISTINCT entity) FROM events JOIN entities ON id = entity GROUP BY ALL",
        true
      ),
      ("SELECT id, day, count(*) FROM entities JOIN events ON id = entity GROUP BY ALL", true),
      (
        "SELECT entity, day, count(*) FROM events FULL JOIN entities ON id = entity GROUP BY ALL",
        false
      ),
    ]
  )
  func plans(query: String, isByEntity: Bool) throws {
    let plan = try manyEntities(threads: 1).query("EXPLAIN PHYSICAL \(query)")
    let text = try plan.values(in: plan.schema?.fields.first?.name ?? "").map { "\($0)" }
    #expect(text.contains { $0.contains("entity by entity") } == isByEntity)
  }

  @Test("the plan says that it reads entity by entity")
  func plan() throws {
    let plan = try events(threads: 1).query(
      "EXPLAIN PHYSICAL SELECT entity, list(i) FROM events GROUP BY entity"
    )
    let text = try plan.values(in: plan.schema?.fields.first?.name ?? "").map { "\($0)" }
    #expect(text.joined().contains("entity by entity"))
  }

  @Test(
    "the first rows of an order are found before other columns are read",
    arguments: [
      ("SELECT entity, at, event FROM events ORDER BY i LIMIT 3", true),
      ("SELECT i FROM events ORDER BY i LIMIT 3", false),
      ("SELECT entity, at, event FROM events ORDER BY i", false),
      ("SELECT event, i FROM events ORDER BY random() LIMIT 3", false),
      ("SELECT event, i FROM events ORDER BY i LIMIT 5000", false),
    ]
  )
  func lateTopN(query: String, isLate: Bool) throws {
    let plan = try events(threads: 1).query("EXPLAIN PHYSICAL \(query)")
    let text = try plan.values(in: plan.schema?.fields.first?.name ?? "").map { "\($0)" }
    #expect(text.contains { $0.contains("late top n") } == isLate)
  }
}
