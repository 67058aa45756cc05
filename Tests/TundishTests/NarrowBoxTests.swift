import Testing
import Tundish

/// What a terminal that is too narrow for an answer shows of it.
@Suite struct NarrowBoxTests {
  private func database() throws -> Database {
    let database = try Database()
    try database.query(
      """
      CREATE TABLE deals AS SELECT * FROM (VALUES
        (1, 'Won', DATE '2026-01-05', 'Ann'), (2, 'Lost', DATE '2026-04-07', 'Ann'),
        (3, 'Won', DATE '2026-04-09', 'Bob')) d(id, stage, closed, owner)
      """
    )
    try database.query(
      "CREATE MODEL (OPPORTUNITIES deals (KEY id, CLOSED closed, STAGE stage, OWNER owner), "
        + "STAGES (Won WON, Lost LOST))"
    )
    return database
  }

  private func lines(_ statement: String, width: Int?, format: String = "box") throws -> [String] {
    let database = try database()
    var options = RenderOptions()
    options.width = width
    let bytes = try database.render(
      try database.query(statement),
      format: format,
      options: options
    )
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  private static let question = "win_rate this quarter compare previous quarter by owner"

  @Test("what was asked is shown, what it is made of gives way and is named")
  func asked() throws {
    let shown = try lines(Self.question, width: 70)
    #expect(shown.allSatisfy { $0.count <= 70 })
    let head = shown.prefix(8).joined(separator: "\n")
    for word in ["owner", "previous", "change_", "pct"] {
      #expect(head.contains(word), "\(word)")
    }
    #expect(!head.contains("…"))
    let told = shown.joined(separator: " ")
    #expect(told.contains("win_rate_high") && told.contains(".mode line shows all"))
  }

  @Test("a terminal that is wide enough hides nothing, and data formats have no width")
  func wide() throws {
    let wide = try lines(Self.question, width: 300)
    #expect(!wide.joined().contains("too narrow"))
    let csv = try lines(Self.question, width: 40, format: "csv")
    #expect(csv == (try lines(Self.question, width: nil, format: "csv")))
    #expect(csv[0].hasPrefix("owner,win_rate,won,closed,win_rate_low,win_rate_high"))
  }

  @Test("lines under the box are broken between words")
  func footers() throws {
    let narrow = try lines(Self.question, width: 40)
    let wide = try lines(Self.question, width: 400)
    func footer(_ lines: [String]) -> String {
      lines.drop { !$0.hasPrefix("win_rate = ") }.joined(separator: " ")
    }
    #expect(footer(narrow) == footer(wide))
    #expect(narrow.allSatisfy { $0.count <= 40 })
  }

  @Test("without dates the state is that of today, and the footer says this day")
  func today() throws {
    let database = try Database()
    try database.query("CREATE TABLE d AS SELECT 1 AS id, 'Won' AS stage")
    try database.query("CREATE MODEL (OPPORTUNITIES d (KEY id, STAGE stage), STAGES (Won WON))")
    let answer = try database.query("win_rate")
    let today = try database.query("SELECT CAST(current_date AS VARCHAR)").firstValue
    guard case .text(let day)? = today else {
      Issue.record("no day")
      return
    }
    #expect(answer.footer.joined().contains("as of now, the end of \(day)"))
  }
}
