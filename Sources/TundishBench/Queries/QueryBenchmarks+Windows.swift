import Tundish

// Windows.
extension QueryBenchmarks {
  static let windows: [Benchmark] = [
    query(
      "window.row_number",
      """
      SELECT max(n), sum(n * (id % 5)) FROM (
        SELECT id, row_number() OVER (PARTITION BY owner ORDER BY created, id) AS n FROM deals)
      """
    ) { deals in
      var (greatest, sum) = (0, 0)
      for rows in byOwner(deals) {
        greatest = max(greatest, rows.count)
        for (place, row) in rows.enumerated() { sum += (place + 1) * (row % 5) }
      }
      return [Double(greatest), Double(sum)]
    },
    query(
      "window.first_of_each",
      """
      SELECT count(*), sum(id) FROM (
        SELECT id FROM deals
        QUALIFY row_number() OVER (PARTITION BY account ORDER BY created DESC, id) = 1)
      """
    ) { deals in
      var newest = [Int?](repeating: nil, count: PlainDeals.accountCount)
      for row in deals.rows {
        let account = deals.accounts[row]
        // Of equally new ones the first.
        if let known = newest[account], deals.created[known] >= deals.created[row] { continue }
        newest[account] = row
      }
      let rows = newest.compactMap { $0 }
      return [Double(rows.count), Double(rows.reduce(0, +))]
    },
    query(
      "window.lag",
      """
      SELECT count(*), coalesce(sum(id - before), 0) FROM (
        SELECT id, lag(id) OVER (PARTITION BY account ORDER BY created, id) AS before FROM deals)
      WHERE before IS NOT NULL
      """
    ) { deals in
      var rowsOf = [[Int]](repeating: [], count: PlainDeals.accountCount)
      for row in deals.rows { rowsOf[deals.accounts[row]].append(row) }
      var (count, sum) = (0, 0)
      for rows in rowsOf where rows.count > 1 {
        let order = rows.sorted { (deals.created[$0], $0) < (deals.created[$1], $1) }
        count += order.count - 1
        sum += order[order.count - 1] - order[0]
      }
      return [Double(count), Double(sum)]
    },
    query(
      "window.running_sum",
      """
      SELECT sum(total % 1000) FROM (
        SELECT sum(amount) OVER (PARTITION BY owner ORDER BY created, id) AS total FROM deals)
      """
    ) { deals in
      var sum = 0
      for rows in byOwner(deals) {
        var total = 0
        for row in rows {
          total += deals.amounts[row]
          sum += total % 1_000
        }
      }
      return [Double(sum)]
    },
    query(
      "window.moving_average",
      """
      SELECT max(mean), min(mean) FROM (
        SELECT avg(id) OVER (PARTITION BY owner ORDER BY created, id
          ROWS BETWEEN 3 PRECEDING AND CURRENT ROW) AS mean FROM deals)
      """
    ) { deals in
      var (greatest, least) = (0.0, Double.infinity)
      for rows in byOwner(deals) {
        for place in rows.indices {
          let frame = rows[max(0, place - 3)...place]
          let mean = Double(frame.reduce(0, +)) / Double(frame.count)
          greatest = max(greatest, mean)
          least = min(least, mean)
        }
      }
      return [greatest, least]
    },
    query(
      "window.rank",
      """
      SELECT sum(place) FROM (
        SELECT rank() OVER (PARTITION BY owner ORDER BY created) AS place FROM deals)
      """
    ) { deals in
      var sum = 0
      for rows in byOwner(deals) {
        var place = 0
        for index in rows.indices {
          if index == 0 || deals.created[rows[index]] != deals.created[rows[index - 1]] {
            place = index + 1
          }
          sum += place
        }
      }
      return [Double(sum)]
    },
  ]

  /// The deals of each owner by day and number.
  private static func byOwner(_ deals: PlainDeals) -> [[Int]] {
    var rowsOf = [[Int]](repeating: [], count: 50)
    for row in deals.rows { rowsOf[deals.owners[row]].append(row) }
    return rowsOf.map { rows in
      rows.sorted { (deals.created[$0], $0) < (deals.created[$1], $1) }
    }
  }
}
