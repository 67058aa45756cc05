import Tundish

// Groupings.
extension QueryBenchmarks {
  static let groupings: [Benchmark] = [
    query(
      "win_rate_by_owner",
      """
      SELECT count(*), min(rate), max(rate) FROM (
        SELECT owner, count(*) FILTER (is_won) / count(*) AS rate
        FROM deals WHERE is_closed GROUP BY owner)
      """
    ) { deals in
      var won = [Int](repeating: 0, count: 50)
      var closed = won
      for row in deals.rows where deals.stages[row] != 0 {
        closed[deals.owners[row]] += 1
        if deals.stages[row] == 1 { won[deals.owners[row]] += 1 }
      }
      let rates = won.indices.map { Double(won[$0]) / Double(closed[$0]) }
      return [50, rates.min() ?? 0, rates.max() ?? 0]
    },
    query(
      "group_by_account",
      """
      SELECT count(*), max(total), max(n) FROM (
        SELECT account, sum(amount) AS total, count(*) AS n FROM deals GROUP BY account)
      """
    ) { deals in
      var totals = [Int](repeating: 0, count: PlainDeals.accountCount)
      var counts = totals
      for row in deals.rows {
        totals[deals.accounts[row]] += deals.amounts[row]
        counts[deals.accounts[row]] += 1
      }
      return [
        Double(counts.count { $0 > 0 }), Double(totals.max() ?? 0), Double(counts.max() ?? 0),
      ]
    },
    query(
      "group_by_id",
      "SELECT count(*), max(n) FROM (SELECT id * 7 AS key, count(*) AS n FROM deals GROUP BY key)"
    ) { deals in
      var counts: [Int: Int] = [:]
      for row in deals.rows { counts[row * 7, default: 0] += 1 }
      return [Double(counts.count), Double(counts.values.max() ?? 0)]
    },
    query(
      "group_by_two",
      """
      SELECT count(*), min(n), max(total) FROM (
        SELECT owner, stage, count(*) AS n, sum(amount) AS total FROM deals GROUP BY owner, stage)
      """
    ) { deals in
      var counts = [Int](repeating: 0, count: 150)
      var totals = counts
      for row in deals.rows {
        let group = deals.owners[row] * 3 + deals.stages[row]
        counts[group] += 1
        totals[group] += deals.amounts[row]
      }
      return [150, Double(counts.min() ?? 0), Double(totals.max() ?? 0)]
    },
    query(
      "group_by_month",
      """
      SELECT count(*), max(n), max(total) FROM (
        SELECT date_trunc('month', created) AS month, count(*) AS n, sum(amount) AS total
        FROM deals GROUP BY month)
      """
    ) { deals in
      var counts = [Int](repeating: 0, count: 24)
      var totals = counts
      for row in deals.rows {
        let date = PlainDate(dayNumber: PlainDeals.firstDay + deals.created[row])
        let month = (date.year - 2024) * 12 + date.month - 1
        counts[month] += 1
        totals[month] += deals.amounts[row]
      }
      return [
        Double(counts.count { $0 > 0 }), Double(counts.max() ?? 0), Double(totals.max() ?? 0),
      ]
    },
    query(
      "distinct_by_month",
      """
      SELECT sum(n) FROM (
        SELECT month(created), owner, count(DISTINCT account) AS n FROM deals GROUP BY ALL)
      """
    ) { deals in
      var seen = [Set<Int>](repeating: [], count: 600)
      for row in deals.rows {
        let date = PlainDate(dayNumber: PlainDeals.firstDay + deals.created[row])
        seen[(date.month - 1) * 50 + deals.owners[row]].insert(deals.accounts[row])
      }
      return [Double(seen.reduce(0) { $0 + $1.count })]
    },
    query(
      "quantile_by_owner",
      """
      SELECT count(*), max(half) FROM (
        SELECT owner, median(amount) AS half FROM deals GROUP BY owner)
      """
    ) { deals in
      var amounts = [[Int]](repeating: [], count: 50)
      for row in deals.rows { amounts[deals.owners[row]].append(deals.amounts[row]) }
      let halves = amounts.map { amounts in
        let sorted = amounts.sorted()
        return Double(sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
      }
      return [50, halves.max() ?? 0]
    },
    query(
      "arg_max",
      """
      SELECT count(*), count(*) FILTER (last = 'Won') FROM (
        SELECT arg_max(stage, id) AS last FROM deals GROUP BY account)
      """
    ) { deals in
      var last = [Int](repeating: -1, count: PlainDeals.accountCount)
      for row in deals.rows { last[deals.accounts[row]] = deals.stages[row] }
      return [Double(last.count { $0 >= 0 }), Double(last.count { $0 == 1 })]
    },
    query(
      "distinct_rows",
      "SELECT count(*) FROM (SELECT DISTINCT owner, stage, month(created) FROM deals)"
    ) { deals in
      var seen: Set<Int> = []
      for row in deals.rows {
        let date = PlainDate(dayNumber: PlainDeals.firstDay + deals.created[row])
        seen.insert((date.month * 50 + deals.owners[row]) * 3 + deals.stages[row])
      }
      return [Double(seen.count)]
    },
  ]
}
