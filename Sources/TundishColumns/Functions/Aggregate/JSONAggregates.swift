/// Groups of rows as JSON arrays and objects.
enum JSONAggregates {
  static let all: [AggregateFunction] = [
    AggregateFunction(
      "json_group_array",
      summary: "Returns the values as a JSON array, null for NULL; NULL where there are no rows.",
      examples: [
        FunctionExample("SELECT json_group_array(x) FROM (VALUES (1), (NULL)) t(x)", "[1,null]"),
        FunctionExample("SELECT json_group_array(x) FROM (VALUES ('a')) t(x)", #"["a"]"#),
      ],
      overloads: [
        collecting([.any], brackets: "[]") { printers, row, bytes in
          printers[0].append(row, to: &bytes)
        }
      ]
    ),
    AggregateFunction(
      "json_group_object",
      summary:
        "Returns pairs of a name and a value as a JSON object; NULL where there are no rows.",
      examples: [
        FunctionExample(
          "SELECT json_group_object(k, v) FROM (VALUES ('a', 1), ('b', NULL)) t(k, v)",
          #"{"a":1,"b":null}"#
        ),
        FunctionExample(
          "SELECT json_group_object(k, v) FROM (VALUES ('a', [1, 2])) t(k, v)",
          #"{"a":[1,2]}"#
        ),
      ],
      overloads: [
        collecting([.exact(.varchar), .any], brackets: "{}") { printers, row, bytes in
          printers[0].append(row, to: &bytes)
          bytes.append(UInt8(ascii: ":"))
          printers[1].append(row, to: &bytes)
        }
      ]
    ),
  ]

  private static func collecting(
    _ parameters: [ParameterType],
    brackets: String,
    _ write: @escaping @Sendable ([JSONPrinter], Int, inout [UInt8]) -> Void
  ) -> AggregateOverload {
    .collecting(
      parameters,
      skipsNulls: parameters.count > 1 ? [0] : [],
      isOrderSensitive: true,
      type: { _ in .varchar },
      compute: { (groups, groupCount, _) throws(ExecutionError) -> Column in
        let context = FunctionContext(nowMicroseconds: 0)
        let printers = groups.columns.map { JSONPrinter($0, context) }
        let (open, close) = (Array(brackets.utf8)[0], Array(brackets.utf8)[1])
        var texts: [String?] = []
        for group in 0..<groupCount {
          let rows = groups.rows(of: group)
          guard !rows.isEmpty else {
            texts.append(nil)
            continue
          }
          var bytes = [open]
          for row in rows {
            if row > rows.lowerBound { bytes.append(UInt8(ascii: ",")) }
            write(printers, row, &bytes)
          }
          bytes.append(close)
          texts.append(String(decoding: bytes, as: UTF8.self))
        }
        return .strings(texts)
      }
    )
  }
}
