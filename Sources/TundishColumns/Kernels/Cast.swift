/// Conversion of columns from one type to another: `CAST`, `TRY_CAST` and what the binder inserts.
package enum Cast {
  private static let strictIdentity = KernelIdentity()
  private static let tryIdentity = KernelIdentity()

  /// Returns the column converted; values that cannot be converted fail, or give NULL where `isTry`.
  ///
  /// Text that is dictionary-coded is read once per distinct value.
  package static func convert(
    _ column: Column,
    to type: DataType,
    isTry: Bool = false,
    context: FunctionContext
  ) throws(ExecutionError) -> Column {
    if column.type == type { return column }
    if column.type == .null { return .nulls(type: type, count: column.count) }
    let frame = KernelFrame(
      propagatesNull: true,
      isDeterministic: true,
      identity: isTry ? tryIdentity : strictIdentity
    ) { (input) throws(ExecutionError) -> Column in
      try CastKernel(input: input, source: column.type, isTry: isTry).run()
    }
    let input = KernelInput(
      arguments: [column],
      rowCount: column.count,
      resultType: type,
      context: context
    )
    // Labels are codes already; a rename of the type keeps them.
    if case .enumeration = column.type, type == .varchar { return column.retyped(type) }
    return try frame.run(input)
  }

  /// Whether there is a conversion from one type to another at all.
  package static func isPossible(from source: DataType, to target: DataType) -> Bool {
    if source == target || source == .null { return true }
    if source == .varchar || target == .varchar { return target != .null }
    switch (source, target) {
    case (.boolean, let other), (let other, .boolean): return other.isNumeric
    case (.enumeration, .enumeration): return true
    case (.date, .timestamp), (.date, .timestampTZ), (.timestamp, .date), (.timestamp, .time),
      (.timestamp, .timestampTZ), (.timestampTZ, .date), (.timestampTZ, .time),
      (.timestampTZ, .timestamp), (.time, .interval):
      return true
    case (.list, _) where source.isMap, (_, .list) where target.isMap:
      return isPossibleMap(from: source, to: target)
    case (.list(let a), .list(let b)): return isPossible(from: a, to: b)
    case (.structure(let a), .structure(let b)):
      return CastKernel.memberPositions(from: a, to: b) != nil
    default: return source.isNumeric && target.isNumeric
    }
  }

  /// Whether there is a conversion from or to a map: maps, and structs whose members' names become
  /// keys.
  private static func isPossibleMap(from source: DataType, to target: DataType) -> Bool {
    guard let wanted = target.mapTypes else { return false }
    if let own = source.mapTypes {
      return isPossible(from: own.key, to: wanted.key)
        && isPossible(from: own.value, to: wanted.value)
    }
    guard case .structure(let fields) = source else { return false }
    return isPossible(from: .varchar, to: wanted.key)
      && fields.allSatisfy { isPossible(from: $0.type, to: wanted.value) }
  }

  /// Returns one value converted; nil where it cannot be.
  package static func convert(
    _ value: Value,
    from source: DataType,
    to target: DataType,
    context: FunctionContext
  ) -> Value? {
    guard isPossible(from: source, to: target) else { return nil }
    let column = Column.constant(value, type: source, count: 1)
    return (try? convert(column, to: target, context: context))?.value(at: 0)
  }
}
