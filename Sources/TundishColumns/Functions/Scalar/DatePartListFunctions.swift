/// The overloads of `date_part` that take several parts and give a struct of them.
enum DatePartListFunctions {
  static let overloads: [ScalarOverload] =
    [DataType.timestamp, .date, .timestampTZ, .time, .interval].map { type in
      ScalarOverload(
        [.exact(.list(.varchar)), .exact(type)],
        result: { _ in .structure([]) },
        resultOfConstants: { _, constants in
          ConstantNames.fields(constants, at: 0) { name in
            DatePart(name).map { isFraction($0) ? .double : .bigint }
          }.map { .structure($0) }
        },
        kernel: { (input) throws(ExecutionError) -> Column in
          guard case .structure(let fields) = input.resultType, !fields.isEmpty else {
            throw ConstantNames.missing("the parts of a date")
          }
          let reader = PartReader(input, position: 1)
          var members: [Column] = []
          for field in fields {
            members.append(try member(field, reader, input))
          }
          return input.column(.structure(members, count: input.rowCount))
        }
      )
    }

  private static func isFraction(_ part: DatePart) -> Bool {
    part == .epoch || part == .julian
  }

  private static func member(
    _ field: StructField,
    _ reader: PartReader,
    _ input: KernelInput
  ) throws(ExecutionError) -> Column {
    guard let part = DatePart(field.name) else {
      throw ConstantNames.missing("the parts of a date")
    }
    if isFraction(part) {
      var values = ColumnBuilder<Double>(capacity: input.rowCount)
      for row in 0..<input.rowCount {
        values.append(input.validity?[row] ?? true ? reader.fraction(part, row) : nil)
      }
      return values.finish(type: .double)
    }
    var values = ColumnBuilder<Int64>(capacity: input.rowCount)
    for row in 0..<input.rowCount {
      values.append(input.validity?[row] ?? true ? try reader.integer(part, row) : nil)
    }
    return values.finish(type: .bigint)
  }
}
