import Glibc
import Tundish

/// Reading files.
enum LoadBenchmarks {
  static let rowCount = 500_000

  static let all: [Benchmark] = [
    Benchmark(name: "load.csv", valueCount: rowCount) {
      let path = try writeDeals()
      return {
        let database = try Database()
        try database.load(path, as: "deals")
        let count = try database.query("SELECT count(*) FROM deals").firstValue
        return count == .integer(Int64(rowCount))
      }
    }
  ]

  private static func writeDeals() throws -> String {
    let path = "/tmp/tundish-bench-deals.csv"
    let database = try Database()
    try database.query(
      """
      COPY (
        SELECT i AS id, 'owner ' || (i % 50) AS owner, (i * 37 % 100000)::DECIMAL(12, 2) AS amount,
          i % 3 = 1 AS is_won, DATE '2024-01-01' + (i % 700)::INTEGER AS created
        FROM range(\(rowCount)) t(i)
      ) TO '\(path)' (HEADER)
      """
    )
    return path
  }
}
