import Foundation
import Testing
import Tundish

/// Laws that hold of sales answers whatever the data.
@Suite struct SalesLawTests {
  /// Leads, deals, costs and quotas of half a year, with every attribute that metrics ask for.
  private static let script = """
    CREATE TABLE leads AS SELECT i AS id, 'v' || i % 90 AS visitor, DATE '2026-01-01' + CAST(i * 7 % 180 AS INTEGER) AS created,
      CASE WHEN i % 4 = 0 THEN DATE '2026-02-01' + CAST(i * 7 % 150 AS INTEGER) END AS converted,
      CASE WHEN i % 5 = 0 THEN NULL WHEN i % 5 < 3 THEN 'web' ELSE 'event' END AS source,
      CASE WHEN i % 2 = 0 THEN DATE '2026-01-10' + CAST(i * 7 % 170 AS INTEGER) END AS mql_at,
      CASE WHEN i % 3 = 0 THEN DATE '2026-01-15' + CAST(i * 7 % 170 AS INTEGER) END AS accepted,
      i % 2 = 0 AS budget, i % 3 = 0 AS authority, i % 5 = 0 AS need, i % 7 = 0 AS timing
      FROM range(1, 301) t(i);
    CREATE TABLE deals AS SELECT i AS id, i AS lead_id, 'acc' || i % 40 AS account, DATE '2026-01-05' + CAST(i * 11 % 120 AS INTEGER) AS created,
      CASE WHEN i % 6 > 0 THEN DATE '2026-02-01' + CAST(i * 13 % 149 AS INTEGER) END AS closed,
      CASE WHEN i % 6 = 0 THEN 'Open' WHEN i % 6 < 3 THEN 'Won' ELSE 'Lost' END AS stage,
      CAST(100 + i * 37 % 900 AS DECIMAL(18, 2)) AS amount,
      CASE WHEN i % 3 = 0 THEN 'web' ELSE 'event' END AS source, i % 4 AS owner
      FROM range(1, 201) t(i);
    CREATE TABLE people AS SELECT i AS id, 'p' || i AS name FROM range(0, 3) t(i);
    CREATE TABLE visits AS SELECT i AS id, 'v' || i % 120 AS visitor, DATE '2026-01-01' + CAST(i % 180 AS INTEGER) AS at, CASE WHEN i % 3 = 0 THEN 'web' ELSE 'event' END AS source FROM range(1, 901) t(i);
    CREATE TABLE spend AS SELECT DATE '2026-01-01' + INTERVAL (i // 2) MONTH AS month, CASE WHEN i % 2 = 0 THEN 'web' ELSE 'event' END AS source, CAST(1000 + i * 70 AS DECIMAL(18, 2)) AS cost FROM range(0, 12) t(i);
    CREATE TABLE touches AS SELECT i % 250 + 1 AS lead_id, DATE '2026-01-02' + CAST(i * 5 % 160 AS INTEGER) AS at, CASE WHEN i % 3 = 0 THEN 'mail' WHEN i % 3 = 1 THEN 'search' END AS channel FROM range(1, 901) t(i);
    CREATE TABLE benchmarks AS SELECT 'win_rate' AS metric, 'closed' AS denominator, 'software' AS industry, '25%' AS value, 'survey' AS source, 2024 AS year;
    CREATE MODEL (
      LEADS leads (KEY id, VISITOR visitor, CREATED created, CONVERTED converted, SOURCE source, ACCEPTED accepted, MILESTONE mql AT mql_at),
      OPPORTUNITIES deals (KEY id, CREATED created, CLOSED closed, AMOUNT amount CURRENCY 'EUR', STAGE stage, LEAD lead_id, ACCOUNT account, SOURCE source, OWNER owner),
      STAGES (Open OPEN 40%, Won WON, Lost LOST),
      VISITS visits (KEY id, VISITOR visitor, AT at, SOURCE source),
      SPEND spend (AT month, AMOUNT cost CURRENCY 'EUR', SOURCE source),
      TOUCHES touches (LEAD lead_id, AT at, CHANNEL channel),
      LINK deals.owner -> people.id SHOW name);
    """

  private func database() throws -> Database {
    let database = try Database()
    try database.query(Self.script)
    return database
  }

  @Test(
    "mix and rate effects add up to the change",
    arguments: [
      "win_rate", "loss_rate", "value_win_rate", "opportunity_conversion_rate",
      "lead_conversion_rate", "mql_rate", "lead_to_opportunity_rate", "sales_acceptance_rate",
      "cpl", "cpa", "cost_per_opportunity", "lead_value",
      "pipeline_to_spend",
    ]
  )
  func why(metric: String) throws {
    let database = try database()
    let windows = "2026-Q2 compare previous quarter"
    let answer = try database.query("\(metric) \(windows)")
    let change = try #require(try answer.doubles(in: "\(metric)_change").first ?? nil)
    let effects = try database.query("why \(metric) \(windows) by source")
    let parts = try effects.doubles(in: "effect").compactMap { $0 }
    #expect(parts.count > 1)
    #expect(abs(parts.reduce(0, +) - change) < 1e-6 * max(1, abs(change)))
  }

  @Test(
    "credits add up to the count, parts to the amount, exactly",
    arguments: [
      "first", "last", "last_non_direct", "linear", "u_shaped", "w_shaped", "j", "inverse_j",
      "time_decay(3 days)", "markov", "shapley",
    ]
  )
  func credits(model: String) throws {
    let database = try database()
    let sums = try database.query(
      "SELECT sum(won) AS won, sum(bookings) AS bookings, sum(customers) AS customers"
        + " FROM (MEASURE won, bookings, customers BY channel ATTRIBUTED BY \(model)) w"
    )
    let whole = try database.query("won, bookings, customers")
    let spread = try #require(sums.rows.first)
    let counted = try #require(whole.rows.first)
    for name in ["won", "bookings", "customers"] {
      #expect(spread[name]?.doubleValue == counted[name]?.doubleValue, "\(name) by \(model)")
    }
  }

  @Test("answers of an imported database are those of the exported one")
  func imported() throws {
    let original = try database()
    try original.query(
      """
      CREATE METRIC "odd rate" AS RATE (count(*) FILTER (WHERE reached(mql)) AS mqls, count(*) AS leads) ON LEADS COHORT BY created SYNONYMS ('odd', 'it''s') BETTER HIGHER COMMENT 'it''s odd; a test';
      CREATE METRIC arpa AS revenue / customers;
      CREATE SCORE fit ON LEADS AS (budget * 1, authority * 1, need * 2, timing * 1) HALF_LIFE 10 DAYS QUALIFIED WHEN >= 1;
      CREATE FUNNEL sales ON LEADS (STEP lead, STEP mql, STEP customer) WITHIN 180 DAYS SKIPS exclude;
      CREATE FUNNEL ev ON touches (KEY lead_id, AT at, STEP a WHEN channel = 'mail', STEP b OPTIONAL WHEN channel = 'search' WITHIN 20 DAYS, STEP c WHEN channel IS NULL, HOLDING lead_id) WITHIN 90 DAYS;
      CREATE TARGET mqls = 10 PER month FOR source = 'web' DURING 2026;
      CREATE TARGET win_rate = 50%;
      CREATE VIEW big AS SELECT * FROM deals WHERE amount > 500;
      CREATE MACRO twice(x) AS x * 2;
      """
    )
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("tundish-export-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: directory) }
    try original.query("EXPORT DATABASE '\(directory)'")
    let copy = try Database()
    try copy.query("IMPORT DATABASE '\(directory)'")
    let statements = [
      "\"odd rate\" by source over month", "arpa", "fit_score by fit_qualified", "funnel sales",
      "funnel ev", "mqls 2026-02 by source vs target", "win_rate vs target",
      "win_rate vs benchmark", "won by owner", "cpl by source",
      "bookings by channel attributed by linear",
      "SELECT count(*), sum(twice(amount)) FROM big", "SHOW MODEL", "DESCRIBE METRIC \"odd rate\"",
      "SHOW FUNNELS",
    ]
    for statement in statements {
      let first = try original.query(statement)
      let second = try copy.query(statement)
      #expect(
        try original.render(first, format: "box") == (try copy.render(second, format: "box")),
        "\(statement)"
      )
    }
  }

  @Test("a value without a match is told from no value")
  func unmatched() throws {
    let database = try database()
    try database.query("UPDATE deals SET owner = NULL WHERE id % 8 = 0")
    let answer = try database.query("won by owner")
    let names = try answer.values(in: "owner")
    let unmatched = answer.unmatchedRows(in: "owner")
    #expect(names.filter(\.isNull).count == 2)
    #expect(unmatched.filter { $0 }.count == 1)
    let box = String(decoding: try database.render(answer, format: "box"), as: UTF8.self)
    #expect(box.contains("(none)") && box.contains("(no match)"))
    let csv = String(decoding: try database.render(answer, format: "csv"), as: UTF8.self)
    #expect(!csv.contains("(none)") && !csv.contains("(no match)"))
  }
}
