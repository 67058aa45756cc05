import Tundish

// Joins, semi-joins, unions.
extension QueryBenchmarks {
  static let joins: [Benchmark] = [
    query(
      "join.few",
      "SELECT count(*), sum(amount) FROM deals JOIN owners USING (owner) WHERE region = 'r1'"
    ) { deals in
      var (count, sum) = (0, 0)
      for row in deals.rows where deals.owners[row] % 4 == 1 {
        count += 1
        sum += deals.amounts[row]
      }
      return [Double(count), Double(sum)]
    },
    query(
      "join.many",
      "SELECT count(*), sum(size) FROM deals JOIN accounts USING (account)"
    ) { deals in
      [Double(deals.count), Double(deals.accounts.reduce(0) { $0 + $1 % 1_000 })]
    },
    query(
      "join.numbers",
      """
      SELECT count(*), sum(b.id - a.id) FROM deals a JOIN deals b ON b.id = a.id * 2 + 1
      """
    ) { deals in
      // Twice the number and one more is still a deal for half of them.
      let matching = deals.count / 2
      return [Double(matching), Double((0..<matching).reduce(0) { $0 + $1 + 1 })]
    },
    query(
      "left_join",
      """
      SELECT count(*), count(o.region) FROM deals d
      LEFT JOIN (SELECT * FROM owners WHERE region = 'r2') o ON o.owner = d.owner
      """
    ) { deals in
      [Double(deals.count), Double(deals.owners.count { $0 % 4 == 2 })]
    },
    query(
      "semi_join",
      "SELECT count(*) FROM deals WHERE account IN (SELECT account FROM deals WHERE id < 10)"
    ) { deals in
      let wanted = Set(deals.accounts.prefix(10))
      return [Double(deals.accounts.count { wanted.contains($0) })]
    },
    query(
      "anti_join",
      """
      SELECT count(*) FROM accounts a
      WHERE NOT EXISTS (SELECT * FROM deals d WHERE d.account = a.account AND d.is_won)
      """
    ) { deals in
      var hasWon = [Bool](repeating: false, count: PlainDeals.accountCount)
      for row in deals.rows where deals.stages[row] == 1 { hasWon[deals.accounts[row]] = true }
      return [Double(hasWon.count { !$0 })]
    },
    query(
      "union",
      """
      SELECT count(*), sum(id) FROM (
        SELECT id FROM deals WHERE is_won UNION ALL SELECT id FROM deals WHERE stage = 'Lost')
      """
    ) { deals in
      var (count, sum) = (0, 0)
      for row in deals.rows where deals.stages[row] != 0 {
        count += 1
        sum += row
      }
      return [Double(count), Double(sum)]
    },
  ]
}
