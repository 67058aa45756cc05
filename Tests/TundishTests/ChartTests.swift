import Testing
import Tundish

/// What `as funnel`, `as grid` and `as bar` draw of answers whose first number is no measure.
@Suite struct ChartTests {
  private func database() throws -> Database {
    let database = try Database()
    try database.query(
      """
      CREATE TABLE events AS SELECT * FROM (VALUES
        (1, DATE '2026-01-01', 'visit', 'web'), (1, DATE '2026-01-02', 'cart', 'web'),
        (2, DATE '2026-01-05', 'visit', 'web'), (3, DATE '2026-02-01', 'visit', 'ads'),
        (3, DATE '2026-02-03', 'cart', 'ads'), (4, DATE '2026-02-07', 'visit', 'ads'),
        (5, DATE '2026-02-08', 'visit', 'ads')) t(u, at, event, source)
      """
    )
    try database.query(
      """
      CREATE TABLE deals AS SELECT * FROM (VALUES (1, 'Won'), (2, 'Lost'), (3, 'Won')) d(id, stage)
      """
    )
    try database.query(
      "CREATE MODEL (OPPORTUNITIES deals (KEY id, STAGE stage), STAGES (Won WON, Lost LOST))"
    )
    return database
  }

  private func drawing(_ statement: String) throws -> [String] {
    let database = try database()
    var options = RenderOptions()
    options.width = 60
    options.printsFooter = false
    let bytes = try database.render(
      try database.query(statement),
      format: "box",
      options: options
    )
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  private static let funnel = "funnel visit -> cart on events (key u, at at, step event)"

  @Test("a funnel draws how many entered each step, and each dimension value its own")
  func funnels() throws {
    let plain = try drawing("\(Self.funnel) as funnel")
    #expect(plain.count == 2)
    #expect(plain[0].hasPrefix("visit") && plain[0].hasSuffix(" 5"))
    #expect(plain[1].hasSuffix(" 2  40.0 %  40.0 % of previous"))
    let cut = try drawing("\(Self.funnel) by source as funnel")
    #expect(cut.count == 4)
    #expect(cut[2].hasPrefix("web · visit") && cut[2].hasSuffix(" 2"))
    #expect(cut[3].hasSuffix(" 1  50.0 %  50.0 % of previous"))
  }

  @Test("a grid of a funnel has its steps across")
  func grids() throws {
    let grid = try drawing("\(Self.funnel) over month as grid")
    #expect(grid.contains("│ month      │ visit │ cart │"))
    #expect(grid.contains("│ 2026-02-01 │ 3     │ 1    │"))
  }

  @Test("several metrics in one row are the marks of a chart")
  func metrics() throws {
    let bars = try drawing("won, lost, closed as funnel")
    #expect(bars.count == 3)
    #expect(bars[0].hasPrefix("won") && bars[0].hasSuffix(" 2"))
    #expect(bars[2].hasPrefix("closed") && bars[2].contains(" 3  150.0 %"))
  }
}
