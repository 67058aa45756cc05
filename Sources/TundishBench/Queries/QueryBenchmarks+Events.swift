import Tundish

// Events of entities: the rows of an account are its events.
extension QueryBenchmarks {
  static let events: [Benchmark] = [
    query(
      "window_funnel",
      """
      SELECT sum(level), max(level) FROM (
        SELECT account, window_funnel(
          INTERVAL 200 DAYS, created, stage = 'Open', stage = 'Won', stage = 'Lost') AS level
        FROM deals GROUP BY account)
      """
    ) { deals in
      let levels = eventsByAccount(deals).map { events in
        // From each event on that is a first step, the next ones as soon as they come.
        events.indices.filter { events[$0].stage == 0 }.map { first in
          var level = 1
          for event in events[(first + 1)...]
          where level < 3 && event.stage == level && event.day - events[first].day <= 200 {
            level += 1
          }
          return level
        }.max() ?? 0
      }
      return [Double(levels.reduce(0, +)), Double(levels.max() ?? 0)]
    },
    query(
      "last_event",
      """
      SELECT sum(arrived), count(*) FILTER (stage = 'Won') FROM (
        SELECT account, max(created - DATE '2024-01-01') AS arrived, arg_max(stage, created) AS stage
        FROM deals GROUP BY account)
      """
    ) { deals in
      let last = eventsByAccount(deals).compactMap(\.last)
      return [
        Double(last.reduce(0) { $0 + $1.day }), Double(last.count { $0.stage == 1 }),
      ]
    },
    query(
      "first_touch",
      """
      SELECT sum(id) FROM (
        SELECT id FROM deals QUALIFY row_number() OVER (PARTITION BY account ORDER BY created) = 1)
      """
    ) { deals in
      [Double(eventsByAccount(deals).reduce(0) { $0 + ($1.first?.row ?? 0) })]
    },
  ]

  /// The events of each account by day; no two of an account are of one day.
  private static func eventsByAccount(
    _ deals: PlainDeals
  ) -> [[(day: Int, stage: Int, row: Int)]] {
    var events = [[(day: Int, stage: Int, row: Int)]](repeating: [], count: PlainDeals.accountCount)
    for row in deals.rows {
      events[deals.accounts[row]].append((deals.created[row], deals.stages[row], row))
    }
    return events.map { $0.sorted { $0.day < $1.day } }
  }
}
