/// Lists side by side.
enum ListZipFunction {
  static let zip = ScalarFunction(
    "list_zip",
    aliases: ["array_zip"],
    summary: "Returns a list of rows of the elements at each position, as long as the longest list,"
      + " or the shortest where true is the last argument.",
    examples: [
      FunctionExample("list_zip([1, 2], ['a'])", "[(1, a), (2, NULL)]"),
      FunctionExample("list_zip([1, 2], ['a'], true)", "[(1, a)]"),
    ],
    overloads: [
      ScalarOverload(
        [.list],
        variadic: .any,
        propagatesNull: false,
        result: { types in
          let lists = types.last == .boolean ? types.dropLast() : types[...]
          let elements = lists.map { $0 == .null ? DataType.null : $0.listElement }
          let found = elements.compactMap { $0 }
          return found.count == elements.count ? .list(.row(of: found)) : nil
        },
        kernel: { (input) throws(ExecutionError) -> Column in
          guard case .list(let element) = input.resultType,
            case .structure(let fields) = element
          else { return .nulls(type: input.resultType, count: input.rowCount) }
          let lists = input.arguments.prefix(fields.count).map { ListArgument($0) }
          var isCut: Argument<Bool>?
          if input.arguments.count > fields.count { isCut = input.argument(fields.count) }
          var rows: [[Int32]] = Array(repeating: [], count: lists.count)
          var ranges: [Range<Int32>] = []
          var count: Int32 = 0
          var meter = StepMeter()
          for row in 0..<input.rowCount {
            let own = lists.map { $0.range(row) }
            let isCut = isCut.map { $0[row] } ?? false
            let length = (isCut ? own.map(\.count).min() : own.map(\.count).max()) ?? 0
            try meter.count(length * lists.count + 1)
            for (position, range) in own.enumerated() {
              for index in 0..<length {
                rows[position].append(index < range.count ? Int32(range.lowerBound + index) : -1)
              }
            }
            ranges.append(count..<count + Int32(length))
            count += Int32(length)
          }
          let members = Swift.zip(lists, rows).map { list, rows in
            list.child.count == 0
              ? Column.nulls(type: list.child.type, count: rows.count).expanded()
              : list.child.gathered(rows)
          }
          let child = Column(
            type: element,
            data: .structure(members, count: Int(count)),
            count: Int(count)
          )
          return input.column(.list(ListVector(ranges: ranges, child: child)))
        }
      )
    ]
  )
}
