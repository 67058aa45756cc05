/// Aggregates over how often each value occurs.
enum DistributionAggregates {
  static let all: [AggregateFunction] = [mode, histogram, topK, entropy]

  private static let mode = AggregateFunction(
    "mode",
    summary: "Returns the most frequent value, of several the one seen first; NULL where there are"
      + " none.",
    examples: [
      FunctionExample("SELECT mode(x) FROM (VALUES ('a'), ('b'), ('b')) t(x)", "b"),
      FunctionExample("SELECT mode(x) FROM (VALUES (2), (1)) t(x)", "2"),
    ],
    overloads: [
      .collecting(
        [.any],
        isOrderSensitive: true,
        type: { $0[0] },
        compute: { (groups, groupCount, _) throws(ExecutionError) -> Column in
          let column = groups.columns[0]
          var counter = try ValueCounter(column)
          var rows: [Int32] = []
          for group in 0..<groupCount {
            rows.append(counter.counts(of: groups.rows(of: group)).mostFrequent(1).first ?? -1)
          }
          return column.count == 0
            ? .nulls(type: column.type, count: groupCount) : column.gathered(rows)
        }
      )
    ]
  )

  private static let topK = AggregateFunction(
    "top_k",
    aliases: ["approx_top_k"],
    summary: "Returns the k most frequent values, most frequent first, of equals the one seen"
      + " first.",
    examples: [
      FunctionExample("SELECT top_k(x, 2) FROM (VALUES (1), (5), (5), (2)) t(x)", "[5, 1]"),
      FunctionExample("SELECT top_k(x, 1) FROM (VALUES ('a'), ('b'), ('b')) t(x)", "[b]"),
    ],
    overloads: [
      .collecting(
        [.any, .exact(.bigint)],
        isOrderSensitive: true,
        type: { .list($0[0]) },
        compute: { (groups, groupCount, input) throws(ExecutionError) -> Column in
          let limit = try TopRows.limit(input, at: 1)
          let column = groups.columns[0]
          var counter = try ValueCounter(column)
          var rows: [Int32] = []
          var ranges: [Range<Int32>] = []
          for group in 0..<groupCount {
            let start = Int32(rows.count)
            rows += counter.counts(of: groups.rows(of: group)).mostFrequent(limit)
            ranges.append(start..<Int32(rows.count))
          }
          return lists(ranges, child: column.gathered(rows))
        }
      )
    ]
  )

  private static let histogram = AggregateFunction(
    "histogram",
    summary: "Returns the distinct values with their counts, as a map in the order of the"
      + " keys; with bins, how many values are up to each bin and above the last.",
    examples: [
      FunctionExample(
        "SELECT histogram(x) FROM (VALUES (1), (2), (1)) t(x)",
        "{1=2, 2=1}"
      ),
      FunctionExample(
        "SELECT histogram(x) FROM (VALUES ('a')) t(x)",
        "{a=1}"
      ),
      FunctionExample(
        "SELECT histogram(x, [10, 20]) FROM (VALUES (1), (15), (20)) t(x)",
        "{10=1, 20=2}"
      ),
    ],
    overloads: [
      .collecting(
        [.any],
        type: { .map($0[0], to: .bigint) },
        compute: { (groups, groupCount, _) throws(ExecutionError) -> Column in
          let column = groups.columns[0]
          let order = OrderKeys.make(column)
          var counter = try ValueCounter(column)
          var rows: [Int32] = []
          var values: [Int64] = []
          var ranges: [Range<Int32>] = []
          for group in 0..<groupCount {
            let start = Int32(rows.count)
            let counts = counter.counts(of: groups.rows(of: group)).entries
            let inOrder = counts.sortedUnlessCancelled {
              order[Int($0.row)] < order[Int($1.row)]
            }
            for entry in inOrder {
              rows.append(entry.row)
              values.append(Int64(entry.count))
            }
            ranges.append(start..<Int32(rows.count))
          }
          return lists(ranges, child: .entries(column.gathered(rows), .integers(values)))
        }
      ),
      BinAggregates.histogram,
    ]
  )

  private static let entropy = AggregateFunction(
    "entropy",
    summary: "Returns the entropy of the values' distribution in bits; 0 where there are none.",
    examples: [
      FunctionExample("SELECT entropy(x) FROM (VALUES (1), (2)) t(x)", "1.0"),
      FunctionExample("SELECT entropy(x) FROM (VALUES (1), (1)) t(x)", "0.0"),
    ],
    overloads: [
      .collecting(
        [.any],
        type: { _ in .double },
        compute: { (groups, groupCount, _) throws(ExecutionError) -> Column in
          var counter = try ValueCounter(groups.columns[0])
          var results: [Double] = []
          for group in 0..<groupCount {
            let rows = groups.rows(of: group)
            var bits = DoubleSum()
            for entry in counter.counts(of: rows).entries {
              let share = Double(entry.count) / Double(rows.count)
              bits.add(share * Maths.binaryLogarithm(1 / share))
            }
            results.append(bits.value)
          }
          return .doubles(results)
        }
      )
    ]
  )

  /// Lists that are NULL where they are empty.
  private static func lists(_ ranges: [Range<Int32>], child: Column) -> Column {
    let validity = ranges.map { !$0.isEmpty }
    return Column(
      type: .list(child.type),
      data: .list(ListVector(ranges: ranges, child: child)),
      validity: validity.contains(false) ? validity : nil,
      count: ranges.count
    )
  }
}

/// Counts how often each value of a column occurs in ranges of its rows.
struct ValueCounter {
  private let distinct: DistinctCodes
  /// Per distinct value, the position of its entry in the current range; -1 between ranges.
  private var positions: [Int32]

  /// A distinct value, by the first row that holds it, and how often it occurs.
  struct Entry {
    let row: Int32
    var count: Int
  }

  /// The distinct values of a range, in order of first occurrence.
  struct Counts {
    var entries: [Entry] = []

    /// Returns rows that hold the most frequent values, of equals the one seen first.
    func mostFrequent(_ limit: Int) -> [Int32] {
      if limit == 1 {
        var best: Entry?
        for entry in entries where entry.count > best?.count ?? 0 { best = entry }
        return best.map { [$0.row] } ?? []
      }
      let order = entries.indices.sortedUnlessCancelled {
        entries[$0].count == entries[$1].count
          ? $0 < $1 : entries[$0].count > entries[$1].count
      }
      return order.prefix(limit).map { entries[$0].row }
    }
  }

  init(_ column: Column) throws(ExecutionError) {
    distinct = try DistinctCodes(column)
    var codeCount = distinct.count
    for code in distinct.codes { codeCount = max(codeCount, Int(code) + 1) }
    positions = Array(repeating: -1, count: codeCount)
  }

  /// Returns the values of some rows, none of which is NULL.
  mutating func counts(of rows: Range<Int>) -> Counts {
    var counts = Counts()
    for row in rows {
      let code = Int(distinct.codes[row])
      if positions[code] >= 0 {
        counts.entries[Int(positions[code])].count += 1
      } else {
        positions[code] = Int32(counts.entries.count)
        counts.entries.append(Entry(row: Int32(row), count: 1))
      }
    }
    for entry in counts.entries { positions[Int(distinct.codes[Int(entry.row)])] = -1 }
    return counts
  }
}
