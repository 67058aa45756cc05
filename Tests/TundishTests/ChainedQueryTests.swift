import Testing
import Tundish

/// Queries of WITH each of which reads the one before it.
@Suite struct ChainedQueryTests {
  private func chain(_ count: Int, _ word: String = "") -> String {
    let items = (1..<count).map { "c\($0) AS \(word) (SELECT x + 1 AS x FROM c\($0 - 1))" }
    return "WITH c0 AS (SELECT 0 AS x), " + items.joined(separator: ", ")
      + " SELECT x FROM c\(count - 1)"
  }

  @Test("a chain of many queries gives its last", arguments: ["", "NOT MATERIALIZED"])
  func manyQueries(_ word: String) throws {
    #expect(try Database().query(chain(60, word)).firstValue == 59)
  }

  @Test("a chain that is too deep is an error, not an overflow", arguments: ["", "MATERIALIZED"])
  func tooManyQueries(_ word: String) throws {
    let error = #expect(throws: TundishError.self) { try Database().query(chain(1_200, word)) }
    #expect(error?.codes == ["B025"])
  }

  /// Each query computes a column, groups by it and filters what the one before it gives, so that
  /// each condition could go down all levels and be longer on each.
  private func filters(_ count: Int) -> String {
    let items = (1..<count).map { number in
      "c\(number) AS (SELECT k + 1 AS k, sum(v) AS v FROM c\(number - 1) WHERE k > \(number)"
        + " GROUP BY k)"
    }
    return "WITH c0 AS (SELECT i AS k, i AS v FROM range(400) r(i)), "
      + items.joined(separator: ", ") + " SELECT count(*) FROM c\(count - 1) WHERE k > 3"
  }

  @Test("conditions that grow on their way down stop there")
  func growingConditions() throws {
    let database = try Database()
    #expect(try database.query(filters(40)).firstValue == 398)
    let plan = try database.query("EXPLAIN " + filters(80))
    // All 80 conditions at the lowest level would be 20,000 bytes.
    #expect(plan.rows.map { "\($0)".utf8.count }.max() ?? 0 < 8_000)
  }
}
