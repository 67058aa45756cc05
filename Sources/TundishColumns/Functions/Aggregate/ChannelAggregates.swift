/// Aggregates that share conversions out over the channels of journeys.
enum ChannelAggregates {
  static let all: [AggregateFunction] = [markov, shapley]

  private static let markov = AggregateFunction(
    "markov",
    summary: "Shares conversions over the channels of paths such as 'a > b > c' (or lists) by"
      + " removal effect: markov(path, conversions, non_conversions), as a list of structs"
      + " (channel, share, credit), largest credit first.",
    examples: [
      FunctionExample(
        "SELECT markov(p, c, n) FROM (VALUES ('a > b', 1, 0), ('a', 0, 1)) t(p, c, n)",
        "[{'channel': a, 'share': 0.5, 'credit': 0.5}, {'channel': b, 'share': 0.5, 'credit': 0.5}]"
      ),
      FunctionExample(
        "SELECT markov(['a'], 2, 1)",
        "[{'channel': a, 'share': 1.0, 'credit': 2.0}]"
      ),
    ],
    overloads: [
      shares([.exact(.varchar), .exact(.double), .exact(.double)]) {
        (journeys) throws(ExecutionError) in try journeys.markovShares()
      },
      shares([.exact(.list(.varchar)), .exact(.double), .exact(.double)]) {
        (journeys) throws(ExecutionError) in try journeys.markovShares()
      },
    ]
  )

  private static let shapley = AggregateFunction(
    "shapley",
    summary: "Shares conversions over the channels of paths such as 'a > b > c' (or lists) by"
      + " Shapley value, exact up to 12 channels: shapley(path, conversions, non_conversions). A set"
      + " of channels is worth the conversion rate of the journeys that touched no other.",
    examples: [
      FunctionExample(
        "SELECT shapley(p, c, n) FROM (VALUES ('a > b', 1, 1), ('a', 1, 1)) t(p, c, n)",
        "[{'channel': a, 'share': 1.0, 'credit': 2.0},"
          + " {'channel': b, 'share': 0.0, 'credit': 0.0}]"
      ),
      FunctionExample(
        "SELECT shapley(['a'], 2, 1)",
        "[{'channel': a, 'share': 1.0, 'credit': 2.0}]"
      ),
    ],
    overloads: [
      shares([.exact(.varchar), .exact(.double), .exact(.double)]) {
        (journeys) throws(ExecutionError) in try journeys.shapleyShares()
      },
      shares([.exact(.list(.varchar)), .exact(.double), .exact(.double)]) {
        (journeys) throws(ExecutionError) in try journeys.shapleyShares()
      },
    ]
  )

  private static let shareType = DataType.structure([
    StructField(name: "channel", type: .varchar), StructField(name: "share", type: .double),
    StructField(name: "credit", type: .double),
  ])

  /// An overload over paths with their numbers of conversions and of journeys without.
  private static func shares(
    _ parameters: [ParameterType],
    _ compute: @escaping @Sendable (ChannelJourneys) throws(ExecutionError) -> [Double]
  ) -> AggregateOverload {
    .collecting(
      parameters,
      skipsNulls: [0],
      type: { _ in .list(shareType) },
      compute: { (groups, groupCount, _) throws(ExecutionError) -> Column in
        let converted = try counts(groups.columns[1])
        let others = try counts(groups.columns[2])
        var names: [String?] = []
        var shares: [Double] = []
        var credits: [Double] = []
        var ranges: [Range<Int32>] = []
        for group in 0..<groupCount {
          var journeys = ChannelJourneys()
          for row in groups.rows(of: group) {
            journeys.add(
              path: path(groups.columns[0].value(at: row)),
              conversions: converted[row],
              nonConversions: others[row]
            )
          }
          let found = try compute(journeys)
          let total = journeys.conversions
          let start = Int32(truncatingIfNeeded: names.count)
          let order = found.indices.sorted {
            found[$0] == found[$1]
              ? journeys.channels[$0] < journeys.channels[$1] : found[$0] > found[$1]
          }
          for channel in order {
            names.append(journeys.channels[channel])
            shares.append(found[channel])
            credits.append(found[channel] * total)
          }
          ranges.append(start..<Int32(truncatingIfNeeded: names.count))
        }
        let child = Column(
          type: shareType,
          data: .structure(
            [.strings(names), .doubles(shares), .doubles(credits)],
            count: names.count
          ),
          count: names.count
        )
        return Column(
          type: .list(shareType),
          data: .list(ListVector(ranges: ranges, child: child)),
          count: groupCount
        )
      }
    )
  }

  /// Counts of journeys; NULL is none.
  private static func counts(_ column: Column) throws(ExecutionError) -> [Double] {
    var counts: [Double] = []
    counts.reserveCapacity(column.count)
    for row in 0..<column.count {
      guard case .double(let count) = column.value(at: row) else {
        counts.append(0)
        continue
      }
      guard count >= 0, count.isFinite else {
        throw ExecutionError(.invalidArgument, "a number of journeys is negative: \(count)")
      }
      counts.append(count)
    }
    return counts
  }

  /// The channels of a path: a list, or text with `>` between.
  private static func path(_ value: Value) -> [String] {
    switch value {
    case .text(let text):
      return text.split(separator: ">").map { trimmed($0) }.filter { !$0.isEmpty }
    case .list(let values):
      return values.compactMap { if case .text(let text) = $0 { text } else { nil } }
    case .null, .boolean, .integer, .hugeint, .decimal, .double, .blob, .date, .time, .timestamp,
      .timestampTZ, .interval, .structure, .map:
      return []
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
