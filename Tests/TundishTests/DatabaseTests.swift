import Foundation
import Glibc
import Testing
import Tundish
import TundishTestSupport

/// The library as an embedder uses it.
@Suite struct DatabaseTests {
  private func pipeline() throws -> Database {
    let database = try Database()
    try database.query(
      """
      CREATE TABLE deals (id INTEGER, owner VARCHAR, region VARCHAR, stage VARCHAR, amount DECIMAL(12, 2), created DATE, closed DATE);
      INSERT INTO deals VALUES
        (1, 'Ann', 'East', 'Won', 1200.00, DATE '2026-01-05', DATE '2026-02-01'),
        (2, 'Ann', 'East', 'Lost', 300.00, DATE '2026-01-07', DATE '2026-02-11'),
        (3, 'Bo', 'East', 'Won', 2500.50, DATE '2026-01-09', DATE '2026-03-01'),
        (4, 'Bo', 'West', 'Open', NULL, DATE '2026-02-01', NULL);
      CREATE MODEL (
        OPPORTUNITIES deals (KEY id, CREATED created, CLOSED closed, AMOUNT amount, STAGE stage, OWNER owner),
        STAGES (Open OPEN, Won WON, Lost LOST)
      );
      """
    )
    return database
  }

  @Test("rows come back with types")
  func rows() throws {
    let result = try pipeline().query("SELECT id, owner, amount, closed FROM deals ORDER BY id")
    #expect(result.schema?.fields.map(\.name) == ["id", "owner", "amount", "closed"])
    #expect(result.rowCount == 4)
    #expect(result.rows.first?["AMOUNT"] == .decimal(unscaled: 120_000, scale: 2))
    #expect(try result.values(in: "closed").last == .null)
    #expect(try result.doubles(in: "amount") == [1200, 300, 2500.5, nil])
  }

  @Test("named and positional parameters")
  func parameters() throws {
    let database = try pipeline()
    let named = try database.query(
      "SELECT count(*) FROM deals WHERE region = $region",
      ["region": "East"]
    )
    #expect(named.firstValue == 3)
    let positional = try database.query(
      "SELECT count(*) FROM deals WHERE region = ? AND id > ?",
      ["East", 1]
    )
    #expect(positional.firstValue == 2)
    #expect(throws: TundishError.self) {
      try database.query("SELECT $missing")
    }
  }

  @Test("a prepared statement runs many times")
  func prepared() throws {
    let statement = try pipeline().prepare("SELECT id FROM deals WHERE owner = $owner ORDER BY id")
    #expect(try statement.run(["owner": "Ann"]).rows.map(\.values) == [[1], [2]])
    #expect(try statement.run(["owner": "Bo"]).rows.map(\.values) == [[3], [4]])
  }

  @Test("rows decode as Swift types")
  func decoding() throws {
    struct OwnerWinRate: Decodable, Equatable {
      let owner: String
      let winRate: Double?
      let won: Int
    }
    let result = try pipeline().query(
      "win_rate by owner where region = $region",
      ["region": "East"]
    )
    #expect(
      try result.decode(OwnerWinRate.self) == [
        OwnerWinRate(owner: "Bo", winRate: 1, won: 1),
        OwnerWinRate(owner: "Ann", winRate: 0.5, won: 1),
      ]
    )
  }

  @Test("decoding says which column does not fit")
  func decodingErrors() throws {
    struct Wrong: Decodable { let owner: Int }
    struct Missing: Decodable { let nobody: String }
    let result = try pipeline().query("SELECT owner FROM deals")
    #expect(throws: TundishError.self) { try result.decode(Wrong.self) }
    #expect(throws: TundishError.self) { try result.decode(Missing.self) }
  }

  @Test("an error has a code, a range and a rendering")
  func errors() throws {
    let database = try pipeline()
    do {
      try database.query("SELECT ownr FROM deals")
      Issue.record("expected an error")
    } catch {
      #expect(error.codes == ["B001"])
      #expect(error.diagnostics.first?.range == SourceRange(7, 11))
      #expect(error.rendered().contains("did you mean 'owner'"))
      #expect(error.exitCode == 1)
    }
  }

  @Test("a query says where a column that it reads is not what the first rows show, and only then")
  func lateMisfits() throws {
    let path = TestPaths.tests + "/Fixtures/files/late_misfit.csv"
    let file = "read_csv('\(path)', sample_size = 2)"
    let database = try Database()
    #expect(try database.query("SELECT sum(id) FROM \(file)").warnings == [])
    #expect(
      try database.query("SELECT max(score) FROM \(file)").warnings.map(\.message) == [
        "column score is VARCHAR and not BIGINT because of '007x' in line 5"
      ]
    )
  }

  @Test("the statement that SNIFF prints loads the same table")
  func sniffedStatements() throws {
    let paths = TestPaths.files(below: TestPaths.tests + "/Fixtures", suffixes: [".csv", ".txt"])
    var count = 0
    for path in paths {
      guard let sniffed = try? Database().query("SNIFF '\(path)'"),
        case .text(let statement)? = sniffed.rows.map({ $0 }).last?.values.first,
        statement.hasPrefix("LOAD '\(path)' (")
      else { continue }
      let options = statement.dropFirst("LOAD '\(path)' ".count)
      let (plain, given) = (try Database(), try Database())
      // Some fixtures are there to be refused.
      guard (try? plain.query("LOAD '\(path)' AS t")) != nil else { continue }
      try given.query("LOAD '\(path)' AS t \(options)")
      let (first, second) = (try plain.query("FROM t"), try given.query("FROM t"))
      #expect(first.schema == second.schema, "\(path)")
      #expect(first.rows.map(\.values) == second.rows.map(\.values), "\(path)")
      count += 1
    }
    #expect(count > 20)
  }

  @Test("a failed statement changes nothing")
  func atomic() throws {
    let database = try pipeline()
    #expect(throws: TundishError.self) {
      try database.query(
        "INSERT INTO deals SELECT id, owner, region, stage, amount, created, ('x' || id)::DATE FROM deals"
      )
    }
    #expect(try database.query("SELECT count(*) FROM deals").firstValue == 4)
  }

  @Test("readers and a writer from several tasks")
  func concurrency() async throws {
    let database = try pipeline()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          for _ in 0..<10 {
            let pair = try await database.query("SELECT count(*), max(id) FROM deals").rows.first
            // A reader sees all of a writer's statement or nothing of it.
            #expect(pair?.values.first == pair?.values.last)
          }
        }
      }
      group.addTask {
        for id in 5..<25 {
          _ = try await database.query(
            "INSERT INTO deals (id, owner) VALUES ($id, 'new')",
            ["id": .integer(Int64(id))]
          )
        }
      }
      try await group.waitForAll()
    }
    #expect(try await database.query("SELECT count(*) FROM deals").firstValue == 24)
  }

  @Test("cancelling a task cancels its query")
  func cancellation() async throws {
    let database = try pipeline()
    let task = Task {
      try await database.query(
        "SELECT count(*) FROM range(100000000) a, range(100000) b WHERE a.range < b.range"
      )
    }
    try await Task.sleep(for: .milliseconds(200))
    let clock = ContinuousClock()
    let start = clock.now
    task.cancel()
    let failure = await #expect(throws: TundishError.self) { try await task.value }
    #expect(failure?.codes == ["R008"])
    #expect(failure?.diagnostics.first?.message == "the query was cancelled")
    #expect(clock.now - start < .seconds(5))
  }

  @Test("tables with names that are no file names are exported and imported")
  func exportsOddNames() throws {
    let folder = "/tmp/exported-\(UInt64.random(in: 0 ... .max))"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let names = ["../up", "a*b", "50% off.old", "Zoë's deals"]
    let database = try Database()
    for (number, name) in names.enumerated() {
      try database.query("CREATE TABLE \"\(name)\" AS SELECT \(number) AS n")
    }
    try database.query("EXPORT DATABASE '\(folder)'")
    let other = try Database()
    try other.query("IMPORT DATABASE '\(folder)'")
    for (number, name) in names.enumerated() {
      #expect(try other.query("SELECT n FROM \"\(name)\"").firstValue == .integer(Int64(number)))
    }
  }

  @Test("NULL and empty texts come back, beside quotes and in a table of one column")
  func exportsNulls() throws {
    let folder = "/tmp/exported-\(UInt64.random(in: 0 ... .max))"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let database = try Database()
    try database.query("CREATE TABLE one (v VARCHAR)")
    try database.query("INSERT INTO one VALUES (NULL), (''), ('\\N'), ('a\"b'), ('x')")
    try database.query("CREATE TABLE number (n INTEGER)")
    try database.query("INSERT INTO number VALUES (NULL), (1)")
    try database.query("CREATE TABLE two (a VARCHAR, b VARCHAR[])")
    try database.query("INSERT INTO two VALUES ('', ['a,b', '''']), (NULL, ['q'])")
    try database.query("EXPORT DATABASE '\(folder)'")
    let other = try Database()
    try other.query("IMPORT DATABASE '\(folder)'")
    for table in ["one", "number", "two"] {
      let question = "SELECT list(\(table)) FROM \(table)"
      #expect(try other.query(question).firstValue == database.query(question).firstValue)
    }
  }

  @Test("infinite dates and foreign keys come back from an exported database")
  func exportInfiniteDates() throws {
    let folder = "/tmp/exported-\(UInt64.random(in: 0 ... .max))"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let database = try Database()
    try database.query("CREATE TABLE terms (id INTEGER PRIMARY KEY, till DATE, seen TIMESTAMPTZ)")
    try database.query("CREATE TABLE deals (term INTEGER REFERENCES terms (id))")
    try database.query("INSERT INTO terms VALUES (1, 'infinity', '-infinity')")
    try database.query("INSERT INTO deals VALUES (1)")
    try database.query("EXPORT DATABASE '\(folder)'")
    let other = try Database()
    try other.query("IMPORT DATABASE '\(folder)'")
    let question = "SELECT till = 'infinity' AND seen = '-infinity' FROM terms"
    #expect(try other.query(question).firstValue == .boolean(true))
    #expect(throws: TundishError.self) { try other.query("INSERT INTO deals VALUES (2)") }
  }

  @Test("COPY writes JSON as an object per line, or as one array")
  func copyJSON() throws {
    let database = try Database()
    let path = "/tmp/copied-\(UInt64.random(in: 0 ... .max)).json"
    defer { unsafe unlink(path) }
    try database.query("COPY (SELECT unnest([1, 2]) AS a, 'x' AS b) TO '\(path)'")
    #expect(TestPaths.text(of: path) == "{\"a\":1,\"b\":\"x\"}\n{\"a\":2,\"b\":\"x\"}\n")
    try database.query("COPY (SELECT 1 AS a) TO '\(path)' (FORMAT json, ARRAY true)")
    #expect(TestPaths.text(of: path)?.hasPrefix("[") == true)
    try database.query("COPY (SELECT 1 AS a) TO '\(path)' (FORMAT json, ARRAY false)")
    #expect(TestPaths.text(of: path)?.hasPrefix("{") == true)
    #expect(throws: TundishError.self) {
      try database.query("COPY (SELECT 1 AS a) TO '\(path)' (FORMAT csv, ARRAY)")
    }
  }
}
