@testable import TundishColumns

/// Calls a scalar function the way the binder and the evaluator do.
struct Call {
  var context = FunctionContext(nowMicroseconds: 1_769_853_600_000_000)

  /// The printed result of a call on one row of constants; `error: ...` where it fails.
  func show(_ name: String, _ arguments: [(Value, DataType)]) -> String {
    let columns = arguments.map { Column.constant($0.0, type: $0.1, count: 1) }
    do {
      let column = try run(name, columns, rowCount: 1)
      var bytes: [UInt8] = []
      ColumnPrinter(column).append(0, to: &bytes)
      return String(decoding: bytes, as: UTF8.self)
    } catch {
      return "error: \(error.message)"
    }
  }

  /// The printed result of a call whose arguments are given as text and type.
  func show(_ name: String, _ arguments: (String?, DataType)...) -> String {
    show(
      name,
      arguments.map { text, type in
        guard let text else { return (.null, type) }
        let value = Cast.convert(.text(text), from: .varchar, to: type, context: context)
        return (value ?? .null, type)
      }
    )
  }

  /// The result column of a call.
  func run(
    _ name: String,
    _ columns: [Column],
    rowCount: Int
  ) throws(ExecutionError) -> Column {
    let resolution = FunctionRegistry.standard.resolveScalar(
      name: name,
      argumentTypes: columns.map(\.type)
    )
    switch resolution {
    case .failure(let failure): throw ExecutionError(.invalidArgument, "\(name): \(failure)")
    case .success(let resolved):
      var arguments: [Column] = []
      for (column, type) in zip(columns, resolved.argumentTypes) {
        arguments.append(try Cast.convert(column, to: type, context: context))
      }
      return try resolved.overload.kernel(
        KernelInput(
          arguments: arguments,
          rowCount: rowCount,
          resultType: resolved.resultType,
          context: context
        )
      )
    }
  }

  /// The result type of a call.
  func type(_ name: String, _ types: DataType...) -> String {
    switch FunctionRegistry.standard.resolveScalar(name: name, argumentTypes: types) {
    case .success(let resolved): resolved.resultType.description
    case .failure(let failure): "\(failure)"
    }
  }
}
