import Tundish

// Sorts and first rows.
extension QueryBenchmarks {
  static let orders: [Benchmark] = [
    query(
      "sort",
      """
      SELECT sum(id * (place % 7)) FROM (
        SELECT id, row_number() OVER (ORDER BY amount, id) AS place FROM deals)
      """
    ) { deals in
      let order = deals.rows.sorted { (deals.amounts[$0], $0) < (deals.amounts[$1], $1) }
      return [Double(order.indices.reduce(0) { $0 + order[$1] * (($1 + 1) % 7) })]
    },
    query(
      "sort.rows",
      """
      SELECT first(id), last(id) FROM (
        SELECT id, owner, amount FROM deals ORDER BY owner DESC, amount, id DESC)
      """
    ) { deals in
      // The last owner by text is 'owner 9', the first 'owner 0'.
      let nines = deals.rows.filter { deals.owners[$0] == 9 }
      let zeros = deals.rows.filter { deals.owners[$0] == 0 }
      let first = nines.min { (deals.amounts[$0], -$0) < (deals.amounts[$1], -$1) }
      let last = zeros.max { (deals.amounts[$0], -$0) < (deals.amounts[$1], -$1) }
      return [Double(first ?? -1), Double(last ?? -1)]
    },
    query(
      "top",
      "SELECT sum(id), max(amount) FROM (SELECT * FROM deals ORDER BY amount DESC, id LIMIT 20)"
    ) { deals in
      let order = deals.rows.sorted { (-deals.amounts[$0], $0) < (-deals.amounts[$1], $1) }
      let top = order.prefix(20)
      return [Double(top.reduce(0, +)), Double(deals.amounts[top[0]])]
    },
  ]
}
