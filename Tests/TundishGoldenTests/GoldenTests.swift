import Testing
import TundishTestSupport

/// Behaviour, written in the language: every file below `Tests/Goldens`.
@Suite struct GoldenTests {
  @Test("golden", arguments: GoldenFile.all(in: "Goldens"))
  func golden(file: GoldenFile) throws {
    for configuration in GoldenRunner.Configuration.all {
      let mismatches = try file.mismatches(configuration)
      #expect(mismatches.isEmpty, "\(mismatches.joined(separator: "\n\n"))")
    }
  }

  /// What EXPLAIN SQL prints of a sales statement runs when pasted back, with the same rows.
  @Test(
    "explained SQL",
    arguments: GoldenFile.all(in: "Goldens/metrics") + GoldenFile.all(in: "Goldens/funnels")
  )
  func explainedSQL(file: GoldenFile) throws {
    let mismatches = try file.mismatches(.standard, pastesExplainedSQL: true)
    #expect(mismatches.isEmpty, "\(mismatches.joined(separator: "\n\n"))")
  }

  /// The runner must notice what is wrong: a file that expects wrong things must fail.
  @Test("canary")
  func canary() throws {
    var parser = GoldenParser(
      """
      query
      SELECT 1 AS a
      ----
      a
      2

      error B001
      SELECT 1
      ----
      error

      statement ok
      SELECT nowhere
      """
    )
    let outcome = try GoldenRunner(configuration: .standard).run(parser.records())
    #expect(outcome.mismatches.map(\.line) == [1, 7, 12])
  }
}
