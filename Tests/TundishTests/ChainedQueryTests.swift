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
}
