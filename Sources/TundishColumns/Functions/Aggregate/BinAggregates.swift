/// Counts of values by bins whose upper ends, or exact values, are given.
enum BinAggregates {
  /// The overload of `histogram` with bins: each value counts in the first bin not below it.
  static let histogram = counting(isExact: false)

  static let all: [AggregateFunction] = [
    AggregateFunction(
      "histogram_exact",
      summary: "Returns how often each value of a constant list occurs, as a map; other values"
        + " count under NULL.",
      examples: [
        FunctionExample(
          "SELECT histogram_exact(x, [1, 2]) FROM (VALUES (1), (2), (1)) t(x)",
          "{1=2, 2=1}"
        ),
        FunctionExample(
          "SELECT histogram_exact(x, ['a']) FROM (VALUES ('a'), ('b')) t(x)",
          "{a=1, NULL=1}"
        ),
      ],
      overloads: [counting(isExact: true)]
    )
  ]

  private static func counting(isExact: Bool) -> AggregateOverload {
    .collecting(
      [.any, .list],
      type: { types in
        guard case .list(let bin) = types[1],
          TypeCoercion.commonType(of: [types[0], bin]) == types[0]
        else { return nil }
        return .map(types[0], to: .bigint)
      },
      compute: { (groups, groupCount, input) throws(ExecutionError) -> Column in
        guard case .list(let given)? = input.constants[1], !given.isEmpty,
          !given.contains(where: \.isNull)
        else {
          throw ExecutionError(
            .invalidArgument,
            "the bins of a histogram must be a constant list without NULL"
          )
        }
        let values = groups.columns[0]
        let bins = try Cast.convert(
          .constant(.list(given), type: input.argumentTypes[1], count: 1),
          to: .list(values.type),
          context: FunctionContext(nowMicroseconds: 0)
        )
        let all = try Column.concatenated(
          [ListArgument(bins).child, values.expanded()],
          type: values.type
        )
        return lists(all, binCount: given.count, groups, groupCount, isExact: isExact)
      }
    )
  }

  /// Counts the rows of each group; the first rows of `all` are the bins.
  private static func lists(
    _ all: Column,
    binCount: Int,
    _ groups: CollectedGroups,
    _ groupCount: Int,
    isExact: Bool
  ) -> Column {
    let order = OrderKeys.make(all)
    var bins = (0..<binCount).sorted { (order[$0], $0) < (order[$1], $1) }
    bins = bins.indices.filter { $0 == 0 || order[bins[$0]] != order[bins[$0 - 1]] }.map {
      bins[$0]
    }
    var rows: [Int32] = []
    var counts: [Int64] = []
    var ranges: [Range<Int32>] = []
    for group in 0..<groupCount {
      let start = Int32(rows.count)
      var found = [Int64](repeating: 0, count: bins.count + 1)
      let members = groups.rows(of: group)
      for row in members {
        let key = order[row + binCount]
        let bin = firstIndex(of: key, in: bins, order)
        let isOther = isExact && bin < bins.count && order[bins[bin]] != key
        found[isOther ? bins.count : bin] += 1
      }
      if !members.isEmpty {
        for (bin, count) in found.enumerated() where bin < bins.count || count > 0 {
          rows.append(bin < bins.count ? Int32(bins[bin]) : -1)
          counts.append(count)
        }
      }
      ranges.append(start..<Int32(rows.count))
    }
    let pairs = Column.entries(all.gathered(rows), .integers(counts))
    let validity = ranges.map { !$0.isEmpty }
    return Column(
      type: .list(pairs.type),
      data: .list(ListVector(ranges: ranges, child: pairs)),
      validity: validity.contains(false) ? validity : nil,
      count: groupCount
    )
  }

  /// The first bin whose key is not below a key.
  private static func firstIndex(of key: Int64, in bins: [Int], _ order: [Int64]) -> Int {
    var lower = 0
    var upper = bins.count
    while lower < upper {
      let middle = (lower + upper) / 2
      if order[bins[middle]] < key { lower = middle + 1 } else { upper = middle }
    }
    return lower
  }
}
