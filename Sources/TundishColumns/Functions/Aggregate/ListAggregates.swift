/// Aggregates that put values side by side.
enum ListAggregates {
  static let all: [AggregateFunction] = [list, stringAggregate]

  private static let list = AggregateFunction(
    "list",
    aliases: ["array_agg"],
    summary: "Returns the values as a list, NULLs included; NULL where there are no rows.",
    examples: [
      FunctionExample("SELECT list(x) FROM (VALUES (1), (NULL), (3)) t(x)", "[1, NULL, 3]"),
      FunctionExample("SELECT list(x ORDER BY x DESC) FROM (VALUES ('a'), ('b')) t(x)", "[b, a]"),
    ],
    overloads: [
      .collecting(
        [.any],
        skipsNulls: [],
        isOrderSensitive: true,
        type: { .list($0[0]) },
        compute: { (groups, groupCount, _) throws(ExecutionError) -> Column in
          let ranges = (0..<groupCount).map {
            Int32(groups.offsets[$0])..<Int32(groups.offsets[$0 + 1])
          }
          let validity = ranges.map { !$0.isEmpty }
          return Column(
            type: .list(groups.columns[0].type),
            data: .list(ListVector(ranges: ranges, child: groups.columns[0].expanded())),
            validity: validity.contains(false) ? validity : nil,
            count: groupCount
          )
        }
      )
    ]
  )

  private static let stringAggregate = AggregateFunction(
    "string_agg",
    aliases: ["group_concat", "listagg"],
    summary:
      "Returns the values as text joined by a separator, a comma unless given; NULL where there are"
      + " none.",
    examples: [
      FunctionExample("SELECT string_agg(x, '; ') FROM (VALUES ('a'), (NULL), ('b')) t(x)", "a; b"),
      FunctionExample("SELECT string_agg(x ORDER BY x DESC) FROM (VALUES (1), (2)) t(x)", "2,1"),
    ],
    overloads: [
      joined([.exact(.varchar)]), joined([.exact(.varchar), .exact(.varchar)]), joined([.any]),
      joined([.any, .exact(.varchar)]),
    ]
  )

  private static func joined(_ parameters: [ParameterType]) -> AggregateOverload {
    .collecting(
      parameters,
      isOrderSensitive: true,
      type: { _ in .varchar },
      compute: { (groups, groupCount, _) throws(ExecutionError) -> Column in
        // Instants of TIMESTAMPTZ are written in UTC: aggregates do not know the session.
        let texts = PrintedArgument(groups.columns[0], FunctionContext(nowMicroseconds: 0))
        let separators = groups.columns.count > 1 ? TextArgument(groups.columns[1]) : nil
        var output = TextOutput(rowCapacity: groupCount)
        var validity: [Bool] = []
        for group in 0..<groupCount {
          let rows = groups.rows(of: group)
          for row in rows {
            if row > rows.lowerBound {
              if let separators {
                let isNull = !groups.columns[1].isValid(at: row)
                if !isNull { output.append(contentsOf: separators.bytes[separators.range(row)]) }
              } else {
                output.append(UInt8(ascii: ","))
              }
            }
            texts.append(row, to: &output)
          }
          try output.endRow()
          validity.append(!rows.isEmpty)
        }
        return .text(
          output.finish(),
          type: .varchar,
          validity: validity.contains(false) ? validity : nil
        )
      }
    )
  }
}
