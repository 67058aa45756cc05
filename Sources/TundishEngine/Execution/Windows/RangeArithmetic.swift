internal import TundishColumns
internal import TundishSyntax

/// Order keys as numbers that compare as the keys do.
struct RangeKeys {
  /// One number per place; unspecified where there is no value.
  let values: [RangeKey]
  /// True where there is a value; nil where all have one.
  let validity: [Bool]?

  func value(at place: Int) -> RangeKey? {
    validity?[place] ?? true ? values[place] : nil
  }

  init(_ column: Column) {
    let flat = column.expanded()
    validity = flat.validity
    switch flat.data {
    case .int64(let numbers): values = numbers.map { RangeKey(whole: Int128($0)) }
    case .int128(let numbers): values = numbers.map { RangeKey(whole: $0) }
    case .float64(let numbers): values = numbers.map { RangeKey(fraction: $0) }
    case .interval(let spans):
      values = spans.map { RangeKey(whole: $0.normalizedMicroseconds) }
    case .boolean, .text, .dictionary, .list, .structure:
      preconditionFailure("RANGE offsets apply to numbers, times and intervals")
    }
  }
}

/// A number that is whole or a fraction; all keys of one order are of one kind.
struct RangeKey: Comparable {
  var whole: Int128 = 0
  var fraction = 0.0

  init(whole: Int128) {
    self.whole = whole
  }

  init(fraction: Double) {
    self.fraction = fraction
  }

  static func < (lhs: RangeKey, rhs: RangeKey) -> Bool {
    lhs.whole < rhs.whole || (lhs.whole == rhs.whole && lhs.fraction < rhs.fraction)
  }
}

/// Adds offsets to order keys, or subtracts them, with the operators of the language.
enum RangeArithmetic {
  /// Returns the keys, and the keys plus or minus the offsets, in one type.
  static func targets(
    _ key: Column,
    _ offset: Column,
    isSum: Bool,
    range: SourceRange,
    context: FunctionContext
  ) throws(RuntimeFailure) -> (keys: RangeKeys, targets: RangeKeys) {
    try requireNotNegative(offset, range: range)
    let physical = key.type.physical
    guard
      physical == .int64 || physical == .int128 || physical == .float64 || key.type == .interval
    else {
      throw RuntimeFailure(
        ExecutionError(
          .invalidArgument,
          "RANGE with an offset needs an ORDER BY of numbers, dates, timestamps or intervals, "
            + "not \(key.type)"
        ),
        at: range
      )
    }
    return try blaming(range) { () throws(ExecutionError) in
      if key.type.isNumeric {
        return try numberTargets(key, offset, isSum: isSum, context: context)
      }
      let column = try Cast.convert(
        key,
        to: key.type == .date ? .timestamp : key.type,
        context: context
      )
      let targets = try shifted(column, by: offset, isSum: isSum, context: context)
      let type: DataType = targets.type
      return (RangeKeys(try Cast.convert(column, to: type, context: context)), RangeKeys(targets))
    }
  }

  /// Sums of numbers, wide enough not to overflow.
  private static func numberTargets(
    _ key: Column,
    _ offset: Column,
    isSum: Bool,
    context: FunctionContext
  ) throws(ExecutionError) -> (keys: RangeKeys, targets: RangeKeys) {
    let scale = max(key.type.decimalScale ?? 0, offset.type.decimalScale ?? 0)
    let isFraction = key.type == .double || offset.type == .double
    let type: DataType =
      isFraction ? .double : .decimal(precision: DataType.maximumDecimalPrecision, scale: scale)
    let keys = try Cast.convert(key, to: type, context: context)
    try Cancellation.check()
    let offsets = try Cast.convert(offset, to: type, context: context)
    try Cancellation.check()
    if isFraction {
      let numbers = zip(keys.doubleValues(), offsets.doubleValues()).map {
        isSum ? $0 + $1 : $0 - $1
      }
      return (
        RangeKeys(keys), RangeKeys(.doubles(numbers, validity: keys.validityPerRow()))
      )
    }
    let numbers = zip(keys.int128Values(), offsets.int128Values()).map {
      isSum ? $0 &+ $1 : $0 &- $1
    }
    try Cancellation.check()
    let targets = Column(
      type: type,
      data: .int128(numbers),
      validity: keys.validityPerRow(),
      count: numbers.count
    )
    return (RangeKeys(keys), RangeKeys(targets))
  }

  /// Times plus or minus an interval, or a number of days.
  private static func shifted(
    _ column: Column,
    by offset: Column,
    isSum: Bool,
    context: FunctionContext
  ) throws(ExecutionError) -> Column {
    var step = offset
    if offset.type.isInteger {
      let days = offset.int64Values().map { Interval(days: Int32(clamping: $0)) }
      step = Column(
        type: .interval,
        data: .interval(days),
        validity: offset.validityPerRow(),
        count: offset.count
      )
    }
    let resolution = FunctionRegistry.standard.resolveScalar(
      name: isSum ? "+" : "-",
      argumentTypes: [column.type, step.type]
    )
    guard case .success(let resolved) = resolution else {
      throw ExecutionError(
        .invalidArgument,
        "RANGE offsets of an order by \(column.type) must be intervals, not \(offset.type)"
      )
    }
    let arguments = try zipMap([column, step], resolved.argumentTypes) {
      (argument, type) throws(ExecutionError) in
      try Cast.convert(argument, to: type, context: context)
    }
    return try resolved.overload.kernel(
      KernelInput(
        arguments: arguments,
        rowCount: column.count,
        resultType: resolved.resultType,
        context: context
      )
    )
  }

  private static func zipMap(
    _ columns: [Column],
    _ types: [DataType],
    _ convert: (Column, DataType) throws(ExecutionError) -> Column
  ) throws(ExecutionError) -> [Column] {
    var converted: [Column] = []
    for (column, type) in zip(columns, types) { converted.append(try convert(column, type)) }
    return converted
  }

  private static func requireNotNegative(
    _ offset: Column,
    range: SourceRange
  ) throws(RuntimeFailure) {
    for row in 0..<(offset.isConstant ? min(1, offset.count) : offset.count) {
      if row & 0xFFFF == 0, Cancellation.isRequested { return }
      let isNegative =
        switch offset.value(at: row) {
        case .null: true
        case .interval(let span):
          span.months < 0 || (span.months == 0 && span.days < 0)
            || (span.months == 0 && span.days == 0 && span.microseconds < 0)
        case let number: (number.asDouble ?? 0) < 0
        }
      if isNegative {
        throw RuntimeFailure(
          ExecutionError(
            .invalidArgument,
            "the offset of a window frame must not be negative or NULL"
          ),
          at: range
        )
      }
    }
  }
}

extension DataType {
  /// The scale of a DECIMAL; nil for other types.
  var decimalScale: Int? {
    if case .decimal(_, let scale) = self { scale } else { nil }
  }
}
