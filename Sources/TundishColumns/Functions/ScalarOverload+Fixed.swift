extension ScalarOverload {
  /// An overload whose parameters and result have fixed types.
  static func fixed(
    _ parameters: [DataType],
    _ result: DataType,
    propagatesNull: Bool = true,
    isDeterministic: Bool = true,
    kernel: @escaping ScalarKernel
  ) -> ScalarOverload {
    ScalarOverload(
      parameters.map { .exact($0) },
      propagatesNull: propagatesNull,
      isDeterministic: isDeterministic,
      result: { _ in result },
      kernel: kernel
    )
  }

  /// An overload from one DOUBLE to another; the closure must be total.
  static func double(_ body: @escaping @Sendable (Double) -> Double) -> ScalarOverload {
    .fixed([.double], .double) { input in input.map(body) }
  }
}

extension KernelInput {
  /// Reads an argument of integers or decimals of either width as 128-bit integers.
  func wideArgument(_ position: Int) -> Argument<Int128> {
    let column = arguments[position]
    guard case .int64(let values) = column.data else { return Argument(column) }
    return Argument(values: values.map { Int128($0) }, isConstant: column.isConstant)
  }

  /// The text of an argument's row, for messages.
  func shown(_ position: Int, _ row: Int) -> String {
    var bytes: [UInt8] = []
    ColumnPrinter(arguments[position], zone: context.timeZone).append(row, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The failure `overflow in <type> <operation>: <left> <symbol> <right>`.
  func overflow(_ operation: ArithmeticOperation, _ row: Int) -> ExecutionError {
    let operands = arguments.indices.map { shown($0, row) }
    return ExecutionError(
      .overflow,
      "overflow in \(resultType) \(operation.noun): "
        + operands.joined(separator: " \(operation.rawValue) ")
    )
  }
}
