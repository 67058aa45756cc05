import Foundation
import Testing
import Tundish
import TundishTestSupport

/// What becomes of files when writing them fails, and what comes back of those that were written.
@Suite struct ExportTests {
  /// Runs a body in a folder of its own.
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/tundish-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func code(_ database: Database, _ statement: String) -> [String] {
    do {
      try database.query(statement)
      return []
    } catch {
      return error.codes
    }
  }

  @Test("a failure leaves the old file and no half one")
  func failures() throws {
    try inFolder { folder in
      let database = try Database()
      try database.query("CREATE TABLE t AS SELECT i, i * i AS square FROM range(10) r(i)")
      try database.query("COPY t TO '\(folder)/t.csv'")
      let before = try String(contentsOfFile: folder + "/t.csv", encoding: .utf8)
      // An option that the writer does not know; a folder in the place of the file; none to write to.
      #expect(code(database, "COPY t TO '\(folder)/t.csv' (COLOUR red)") == ["F005"])
      #expect(code(database, "COPY t TO '\(folder)' (FORMAT csv)") == ["F002"])
      #expect(code(database, "COPY t TO '\(folder)/none/t.csv'") == ["F002"])
      #expect(try String(contentsOfFile: folder + "/t.csv", encoding: .utf8) == before)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["t.csv"])
    }
  }

  @Test("an export that is stopped leaves the old file and no half one")
  func stopped() throws {
    try inFolder { folder in
      let database = try Database()
      try database.query("COPY (SELECT 'old' AS a) TO '\(folder)/t.csv'")
      try database.query("CREATE TABLE t AS SELECT i, 'row ' || i AS text FROM range(400000) r(i)")
      Thread.detachNewThread {
        // The half file appears when the export begins, and is gone when it ends.
        for _ in 0..<100_000 {
          if FileManager.default.fileExists(atPath: folder + "/t.csv.partial") { break }
          Thread.sleep(forTimeInterval: 0.000_1)
        }
        database.interrupt()
      }
      #expect(code(database, "COPY t TO '\(folder)/t.csv'") == ["F026"])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["t.csv"])
      #expect(try String(contentsOfFile: folder + "/t.csv", encoding: .utf8) == "a\nold\n")
    }
  }

  @Test("a full disk is an error, and a device stays one", .enabled(if: Self.hasFullDevice))
  func fullDisk() throws {
    let database = try Database()
    #expect(
      code(database, "COPY (FROM range(100000)) TO '/dev/full' (FORMAT csv)") == ["F002"]
    )
    #expect(Self.hasFullDevice)
    try database.query("COPY (FROM range(10)) TO '/dev/null' (FORMAT csv)")
    #expect(!FileManager.default.fileExists(atPath: "/dev/full.partial"))
  }

  private static var hasFullDevice: Bool {
    let attributes = try? FileManager.default.attributesOfItem(atPath: "/dev/full")
    return attributes?[.type] as? FileAttributeType == .typeCharacterSpecial
  }

  @Test("a link stays a link to the file that was written")
  func links() throws {
    try inFolder { folder in
      let database = try Database()
      try database.query("COPY (SELECT 1 AS a) TO '\(folder)/real.csv'")
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/link.csv",
        withDestinationPath: folder + "/real.csv"
      )
      try database.query("COPY (SELECT 2 AS a) TO '\(folder)/link.csv'")
      #expect(try String(contentsOfFile: folder + "/real.csv", encoding: .utf8) == "a\n2\n")
    }
  }

  @Test(
    "what is written reads back",
    arguments: ["csv", "tsv", "json", "jsonl", "xlsx", "csv.gz"]
  )
  func roundTrips(ending: String) throws {
    try inFolder { folder in
      let database = try Database()
      try database.query(
        """
        CREATE TABLE t AS
        SELECT i AS n, 'a, "b"' || chr(10) || repeat('é', (i % 40)::INTEGER) AS quoted,
          ['x', 'yy', ' z ', '=1+1', '#c'][1 + i % 5] AS word,
          nullif(i % 7, 3)::DECIMAL(12, 2) / 4 AS price, DATE '1999-12-28' + i::INTEGER AS day,
          i % 3 = 0 AS flag, 'text ' || i || ' of many different ones' AS name
        FROM range(5000) r(i)
        """
      )
      try database.query("COPY t TO '\(folder)/t.\(ending)'")
      let back = "FROM '\(folder)/t.\(ending)'"
      let columns = "n, quoted, word, price::DECIMAL(12, 4) AS price, day, flag, name"
      let difference = try database.query(
        """
        SELECT count(*) FROM
          (SELECT \(columns) FROM t EXCEPT ALL SELECT \(columns) FROM (\(back)))
        """
      )
      #expect(difference.firstValue == 0)
      #expect(try database.query("SELECT count(*) FROM (\(back))").firstValue == 5000)
    }
  }

  @Test("a workbook keeps units")
  func units() throws {
    try inFolder { folder in
      let database = try Database()
      let fixture = TestPaths.root + "/Tests/Fixtures/files/formats.xlsx"
      try database.query(
        "COPY (SELECT amount, price, chance, ratio FROM '\(fixture)') TO '\(folder)/t.xlsx'"
      )
      let columns = try database.query("DESCRIBE (FROM '\(folder)/t.xlsx')").rows
      #expect(
        columns.map { $0.values[5] } == [
          .text("money(USD)"), .text("money(EUR)"), .text("percent"), .null,
        ]
      )
      #expect(
        try database.query("SELECT sum(amount)::VARCHAR FROM '\(folder)/t.xlsx'")
          .firstValue == "1242.25"
      )
    }
  }

  @Test("a name that ends in .gz is packed")
  func packed() throws {
    try inFolder { folder in
      let database = try Database()
      try database.query("COPY (FROM range(3)) TO '\(folder)/t.csv.gz'")
      let bytes = try Data(contentsOf: URL(fileURLWithPath: folder + "/t.csv.gz"))
      #expect(bytes.starts(with: [0x1F, 0x8B]))
      #expect(try database.query("SELECT count(*) FROM '\(folder)/t.csv.gz'").firstValue == 3)
      #expect(code(database, "COPY (FROM range(3)) TO '\(folder)/t.csv.zst'") == ["F004"])
    }
  }

  @Test("the text does not depend on the number of threads")
  func threads() throws {
    try inFolder { folder in
      for (threads, name) in [(1, "one"), (2, "two")] {
        let database = try Database()
        try database.query("SET threads = \(threads)")
        try database.query(
          "COPY (SELECT i, i / 3 AS third, 'w' || i % 9 AS word FROM range(70000) r(i)) TO '\(folder)/\(name).json'"
        )
      }
      let texts = try ["one", "two"].map {
        try String(contentsOfFile: folder + "/\($0).json", encoding: .utf8)
      }
      #expect(texts[0] == texts[1])
      #expect(texts[0].hasPrefix("{\"i\":0,") && texts[0].hasSuffix("}\n"))
    }
  }
}
