import Testing
import Tundish
import TundishTestSupport

/// The sales model as text: what SHOW MODEL prints makes the same model again.
@Suite struct ModelTests {
  static let exports = [
    "hubspot", "hubspot_etl", "pipedrive", "pipedrive_api", "zoho", "dynamics", "close", "copper",
    "marketing", "stage_tables", "monthly", "one_table", "qualified_leads", "history_only", "dutch",
    "romanian", "german",
  ]

  private func model(_ database: Database) throws -> String {
    let result = try database.query("SHOW MODEL")
    return try result.values(in: "model").map { value in
      if case .text(let line) = value { line } else { "" }
    }.joined(separator: "\n")
  }

  @Test("SHOW MODEL runs when pasted back", arguments: exports)
  func pasted(export: String) throws {
    let database = try Database()
    try database.load(TestPaths.tests + "/Fixtures/exports/\(export)/")
    let text = try model(database)
    #expect(text.hasPrefix("CREATE OR REPLACE MODEL"))
    try database.query(text)
    #expect(try model(database) == text)
  }

  @Test("every statement of CHECK MODEL lists the rows that it counts", arguments: exports)
  func checks(export: String) throws {
    let database = try Database()
    try database.load(TestPaths.tests + "/Fixtures/exports/\(export)/")
    let findings = try database.query("CHECK MODEL")
    for row in findings.rows {
      guard case .text(let statement)? = row["list_with"], case .integer(let count)? = row["rows"]
      else {
        Issue.record("a finding without a statement")
        continue
      }
      #expect(try database.query(statement).rowCount == Int(count))
    }
  }

  /// What `examples/embed-swift` does.
  @Test("the embedding example")
  func embedding() throws {
    struct OwnerWinRate: Decodable {
      let owner: String
      let winRate: Double?
    }
    let database = try Database()
    try database.load(TestPaths.root + "/examples/win_rates/data/")
    let rates = try database.query(
      "win_rate by owner where lead_source = $source",
      ["source": "referral"]
    )
    let rows = try rates.decode(OwnerWinRate.self)
    #expect(rows.map(\.owner).sorted() == ["Ada Brandt", "Ben Ionescu", "Carla Mendes"])
    #expect(rows.allSatisfy { ($0.winRate ?? -1) > 0 })
  }
}
