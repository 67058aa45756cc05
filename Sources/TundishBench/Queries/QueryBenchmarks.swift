import Tundish

/// Operators as whole statements over the table `deals`, each beside a loop over plain arrays that
/// tells its answer.
///
/// A statement gives one row of numbers, so that its rows need not be read one by one.
enum QueryBenchmarks {
  static let all = scans + groupings + joins + orders + windows + texts + events

  /// A statement and the numbers of the row that it must give.
  static func query(
    _ name: String,
    _ text: String,
    loop: @escaping @Sendable (PlainDeals) -> [Double]
  ) -> Benchmark {
    Benchmark(name: "query." + name) { setting in
      let (database, plain) = try setting.deals()
      let statement = try database.prepare(text)
      return try Work(
        byteCount: nil,
        run: { try statement.run() },
        loop: { loop(plain) },
        reading: { result in result.rows.first.map { $0.values.map(\.number) } ?? [] }
      )
    }
  }

  static let scans: [Benchmark] = [
    query("count", "SELECT count(*) FROM deals") { [Double($0.count)] },
    query("sum", "SELECT sum(amount), min(amount), max(amount) FROM deals") { deals in
      [
        Double(deals.amounts.reduce(0, +)), Double(deals.amounts.min() ?? 0),
        Double(deals.amounts.max() ?? 0),
      ]
    },
    query(
      "filter",
      "SELECT count(*), sum(id) FROM deals WHERE amount > 5000 AND is_won"
    ) { deals in
      var (count, sum) = (0, 0)
      for row in deals.rows where deals.amounts[row] > 5_000 && deals.stages[row] == 1 {
        count += 1
        sum += row
      }
      return [Double(count), Double(sum)]
    },
    query(
      "filter.or",
      "SELECT count(*) FROM deals WHERE amount < 1000 OR owner = 'owner 7' AND stage <> 'Lost'"
    ) { deals in
      [
        Double(
          deals.rows.count {
            deals.amounts[$0] < 1_000 || deals.owners[$0] == 7 && deals.stages[$0] != 2
          }
        )
      ]
    },
    query(
      "filter.in",
      "SELECT count(*) FROM deals WHERE owner IN ('owner 3', 'owner 14', 'owner 15', 'owner 92')"
    ) { deals in
      [Double(deals.owners.count { $0 == 3 || $0 == 14 || $0 == 15 })]
    },
    query(
      "filter.dates",
      "SELECT count(*) FROM deals WHERE created >= DATE '2024-03-01' AND created < DATE '2024-07-01'"
    ) { deals in
      // 31 + 29 days before March, 122 days from March to June.
      [Double(deals.created.count { 60..<182 ~= $0 })]
    },
    query(
      "case",
      """
      SELECT sum(CASE WHEN is_won THEN amount ELSE 0 END),
        sum(CASE WHEN stage = 'Lost' THEN 1 WHEN amount > 50000 THEN 2 ELSE 0 END) FROM deals
      """
    ) { deals in
      var (won, points) = (0, 0)
      for row in deals.rows {
        if deals.stages[row] == 1 { won += deals.amounts[row] }
        if deals.stages[row] == 2 {
          points += 1
        } else if deals.amounts[row] > 50_000 {
          points += 2
        }
      }
      return [Double(won), Double(points)]
    },
    query(
      "arithmetic",
      "SELECT sum(id * 3 + 1), sum(amount * 0.21), max((id - 500) % 977) FROM deals"
    ) { deals in
      var (sum, hundredths, greatest) = (0, 0, 0)
      for row in deals.rows {
        sum += row * 3 + 1
        hundredths += deals.amounts[row] * 21
        greatest = max(greatest, (row - 500) % 977)
      }
      return [Double(sum), Double(hundredths) / 100, Double(greatest)]
    },
    query("distinct", "SELECT count(DISTINCT account), count(DISTINCT owner) FROM deals") { deals in
      [Double(Set(deals.accounts).count), Double(Set(deals.owners).count)]
    },
    query(
      "quantile",
      "SELECT quantile_cont(id, 0.5), median(amount) FROM deals"
    ) { deals in
      let sorted = deals.amounts.sorted()
      let (low, high) = ((sorted.count - 1) / 2, sorted.count / 2)
      return [Double(deals.count - 1) / 2, Double(sorted[low] + sorted[high]) / 2]
    },
  ]
}
