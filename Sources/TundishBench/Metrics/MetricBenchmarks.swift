import Tundish

/// One metric of each family over a sales model, against what its tables must give by construction.
enum MetricBenchmarks {
  static let all: [Benchmark] = [
    metric("win_rate", "win_rate by owner", column: "win_rate") { leads in
      // Of the deals of an owner, those with remainder 1 of 3 are won, those with 2 lost.
      var won = [Int](repeating: 0, count: 50)
      var lost = won
      for deal in 0..<leads / 2 {
        if deal % 3 == 1 { won[deal % 50] += 1 }
        if deal % 3 == 2 { lost[deal % 50] += 1 }
      }
      return won.indices.map { Double(won[$0]) / Double(won[$0] + lost[$0]) }
    },
    metric(
      "conversion_rate",
      "conversion_rate from mql to customer",
      column: "conversion_rate"
    ) { leads in
      // Three of four leads qualify, among them all that became deals, as their numbers are even.
      let qualified = (0..<leads).count { $0 % 4 != 3 }
      let won = (0..<leads / 2).count { $0 % 3 == 1 }
      return [Double(won) / Double(qualified)]
    },
    metric("funnel", "FUNNEL lead -> mql -> opportunity -> customer", column: "entered") { leads in
      [
        Double(leads), Double((0..<leads).count { $0 % 4 != 3 }), Double(leads / 2),
        Double((0..<leads / 2).count { $0 % 3 == 1 }),
      ]
    },
    metric(
      "time_in_stage",
      "time_in_stage(Discovery, mean)",
      column: "time_in_stage_Discovery_mean"
    ) { leads in
      let deals = leads / 2
      return [Double((0..<deals).reduce(0) { $0 + 1 + $1 % 9 }) / Double(deals)]
    },
    metric("attribution", "bookings by channel attributed by linear", column: "bookings") { leads in
      // Half of the amount for each of the two channels.
      var halves = [Int](repeating: 0, count: 5)
      for deal in 0..<leads / 2 where deal % 3 == 1 {
        halves[deal % 5] += deal * 37 % 1_000 + 1
        halves[(deal + 1) % 5] += deal * 37 % 1_000 + 1
      }
      return halves.map { Double($0) / 2 }
    },
    metric("cohort", "cohort_retention by age as of 2024-03-31", column: "retained") { leads in
      // At the ends of January, February and March.
      let customers = 0..<leads / 2
      return [
        Double(customers.count), Double(customers.count { $0 % 4 != 0 }),
        Double(customers.count { $0 % 4 > 1 }),
      ]
    },
  ]

  /// A metric and the numbers that one of its columns holds, in any order.
  private static func metric(
    _ name: String,
    _ text: String,
    column: String,
    expected: @escaping @Sendable (Int) -> [Double]
  ) -> Benchmark {
    Benchmark(name: "metric." + name, valueCount: 500_000) { setting in
      let statement = try setting.sales().prepare(text)
      let expected = expected(setting.valueCount).sorted()
      return Work(
        byteCount: nil,
        run: { try statement.run() },
        isRight: {
          try $0.values(in: column).map(\.number).filter { !$0.isNaN }.sorted() == expected
        }
      )
    }
  }
}
