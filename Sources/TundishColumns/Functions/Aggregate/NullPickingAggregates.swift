/// `arg_min` and `arg_max` that also give values that are NULL, or count rows without a key last.
enum NullPickingAggregates {
  static let all: [AggregateFunction] = [
    AggregateFunction(
      "arg_min_null",
      summary: "Returns the value, NULL or not, of the row with the least key.",
      examples: [
        FunctionExample(
          "SELECT arg_min_null(x, k) FROM (VALUES (NULL, 1), (2, 2)) t(x, k)",
          "NULL"
        ),
        FunctionExample("SELECT arg_min_null(x, k) FROM (VALUES (1, NULL), (2, 2)) t(x, k)", "2"),
      ],
      overloads: [picking(wantsGreatest: false, countsNullKeys: false)]
    ),
    AggregateFunction(
      "arg_max_null",
      summary: "Returns the value, NULL or not, of the row with the greatest key.",
      examples: [
        FunctionExample(
          "SELECT arg_max_null(x, k) FROM (VALUES (NULL, 3), (2, 2)) t(x, k)",
          "NULL"
        ),
        FunctionExample("SELECT arg_max_null(x, k) FROM (VALUES (1, NULL), (2, 2)) t(x, k)", "2"),
      ],
      overloads: [picking(wantsGreatest: true, countsNullKeys: false)]
    ),
    AggregateFunction(
      "arg_min_nulls_last",
      summary: "Returns the value of the row with the least key, or a list of the n with the least;"
        + " rows without a key come last.",
      examples: [
        FunctionExample(
          "SELECT arg_min_nulls_last(x, k) FROM (VALUES (1, NULL), (2, 2)) t(x, k)",
          "2"
        ),
        FunctionExample(
          "SELECT arg_min_nulls_last(x, k, 3) FROM (VALUES (5, NULL), (NULL, 3), (2, 2)) t(x, k)",
          "[2, NULL, 5]"
        ),
      ],
      overloads: [
        picking(wantsGreatest: false, countsNullKeys: true), several(wantsGreatest: false),
      ]
    ),
    AggregateFunction(
      "arg_max_nulls_last",
      summary: "Returns the value of the row with the greatest key, or a list of the n with the"
        + " greatest; rows without a key come last.",
      examples: [
        FunctionExample(
          "SELECT arg_max_nulls_last(x, k) FROM (VALUES (1, NULL), (2, 2)) t(x, k)",
          "2"
        ),
        FunctionExample(
          "SELECT arg_max_nulls_last(x, k, 3) FROM (VALUES (5, NULL), (NULL, 3), (2, 2)) t(x, k)",
          "[NULL, 2, 5]"
        ),
      ],
      overloads: [
        picking(wantsGreatest: true, countsNullKeys: true), several(wantsGreatest: true),
      ]
    ),
  ]

  private static func picking(wantsGreatest: Bool, countsNullKeys: Bool) -> AggregateOverload {
    .collecting(
      [.any, .any],
      skipsNulls: countsNullKeys ? [] : [1],
      isOrderSensitive: true,
      type: { $0[0] },
      compute: { (groups, groupCount, _) throws(ExecutionError) -> Column in
        let rows = ranked(groups, groupCount, limit: 1, wantsGreatest)
        let values = groups.columns[0]
        return values.count == 0
          ? .nulls(type: values.type, count: groupCount)
          : values.gathered(rows.map { $0.first ?? -1 })
      }
    )
  }

  private static func several(wantsGreatest: Bool) -> AggregateOverload {
    .collecting(
      [.any, .any, .exact(.bigint)],
      skipsNulls: [],
      isOrderSensitive: true,
      type: { .list($0[0]) },
      compute: { (groups, groupCount, input) throws(ExecutionError) -> Column in
        let limit = try TopRows.limit(input, at: 2)
        let rows = ranked(groups, groupCount, limit: limit, wantsGreatest)
        var end: Int32 = 0
        let ranges = rows.map { picked in
          end += Int32(picked.count)
          return (end - Int32(picked.count))..<end
        }
        let validity = rows.map { !$0.isEmpty }
        return Column(
          type: .list(groups.columns[0].type),
          data: .list(
            ListVector(ranges: ranges, child: groups.columns[0].gathered(Array(rows.joined())))
          ),
          validity: validity.contains(false) ? validity : nil,
          count: groupCount
        )
      }
    )
  }

  /// The rows of each group with the best keys, best first, those without a key last.
  private static func ranked(
    _ groups: CollectedGroups,
    _ groupCount: Int,
    limit: Int,
    _ wantsGreatest: Bool
  ) -> [[Int32]] {
    let keys = groups.columns[1]
    let order = OrderKeys.make(keys)
    return (0..<groupCount).map { group in
      let rows = groups.rows(of: group)
      let known = rows.filter { keys.isValid(at: $0) }
      let best = known.sortedUnlessCancelled { lhs, rhs in
        order[lhs] == order[rhs] ? lhs < rhs : (order[lhs] < order[rhs]) != wantsGreatest
      }
      let unknown = best.count < limit ? rows.filter { !keys.isValid(at: $0) } : []
      return (best + unknown).prefix(limit).map { Int32($0) }
    }
  }
}
