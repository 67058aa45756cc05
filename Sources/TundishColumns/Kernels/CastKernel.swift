/// The conversion of one batch.
struct CastKernel {
  let input: KernelInput
  let source: DataType
  let isTry: Bool

  var target: DataType { input.resultType }
  var column: Column { input.arguments[0] }

  func run() throws(ExecutionError) -> Column {
    if target == .varchar { return try toText() }
    if let types = target.mapTypes { return try toMap(types) }
    switch source {
    case .varchar: return try fromText()
    case .boolean:
      let flags = input.argument(0, of: Bool.self)
      return try fromExact(scale: 0) { flags[$0] ? 1 : 0 }
    case .tinyint, .smallint, .integer, .bigint: return try fromInteger()
    case .hugeint:
      let values = input.argument(0, of: Int128.self)
      return try fromExact(scale: 0) { values[$0] }
    case .decimal(_, let scale): return try fromDecimal(scale: scale)
    case .double: return try fromDouble()
    case .date, .time, .timestamp, .timestampTZ: return try fromTemporal()
    case .enumeration:
      let text = column.retyped(.varchar)
      return try CastKernel(
        input: input.replacing(arguments: [text], rowCount: input.rowCount),
        source: .varchar,
        isTry: isTry
      ).run()
    case .list: return try fromList()
    case .structure(let fields): return try fromStructure(fields)
    case .null, .blob, .interval: throw unsupported
    }
  }

  /// The failure for a conversion that does not exist; the binder asks `Cast.isPossible` first.
  var unsupported: ExecutionError {
    ExecutionError(.invalidCast, "there is no conversion from \(source) to \(target)")
  }

  /// Fails for a row, or gives nil where failures are NULL.
  func refuse<R>(_ row: Int) throws(ExecutionError) -> R? {
    if isTry { return nil }
    throw failure(row)
  }

  /// The failure for the value of a row.
  func failure(_ row: Int) -> ExecutionError {
    var text: [UInt8] = []
    ColumnPrinter(column, zone: input.context.timeZone).append(row, to: &text)
    let shown = String(decoding: text.prefix(80), as: UTF8.self) + (text.count > 80 ? "..." : "")
    if source == .varchar {
      return ExecutionError(.invalidCast, "could not convert '\(shown)' to \(target)")
    }
    return ExecutionError(.overflow, "the value \(shown) does not fit \(target)")
  }

  // MARK: - Numbers

  private func fromInteger() throws(ExecutionError) -> Column {
    guard case .int64(let values) = column.data else { throw unsupported }
    if let range = source.int64Range, let targetRange = target.int64Range,
      targetRange.lowerBound <= range.lowerBound, targetRange.upperBound >= range.upperBound
    {
      return column.retyped(target)
    }
    if let targetRange = target.int64Range, Self.fit(values.span, targetRange) {
      return column.retyped(target)
    }
    if target == .double { return input.map { (value: Int64) in Double(value) } }
    if target == .hugeint { return input.map { (value: Int64) in Int128(value) } }
    if case .decimal(let precision, let scale) = target,
      case .decimal(let digits, _) = TypeCoercion.decimalType(holding: source),
      precision - scale >= digits
    {
      // The target holds every value of the source type.
      let power = DecimalText.powers[scale]
      if precision > DataType.maximumShortDecimalPrecision {
        return input.map { (value: Int64) in Int128(value) &* power }
      }
      let short = Int64(power)
      return input.map { (value: Int64) in value &* short }
    }
    let isConstant = column.isConstant
    return try fromExact(scale: 0) { Int128(values[isConstant ? 0 : $0]) }
  }

  /// Whether all values, those under NULL included, are in a range.
  private static func fit(_ values: Span<Int64>, _ range: ClosedRange<Int64>) -> Bool {
    var least = range.lowerBound
    var greatest = range.upperBound
    for row in values.indices {
      least = min(least, values[row])
      greatest = max(greatest, values[row])
    }
    return least == range.lowerBound && greatest == range.upperBound
  }

  private func fromDecimal(scale: Int) throws(ExecutionError) -> Column {
    switch column.data {
    case .int64(let values):
      let isConstant = column.isConstant
      if target == .double, scale <= 18 {
        let divisor = DoubleText.exactPowers[scale]
        return input.map { (value: Int64) in Double(value) / divisor }
      }
      return try fromExact(scale: scale) { Int128(values[isConstant ? 0 : $0]) }
    case .int128(let values):
      let isConstant = column.isConstant
      return try fromExact(scale: scale) { values[isConstant ? 0 : $0] }
    case .boolean, .float64, .text, .dictionary, .interval, .list, .structure: throw unsupported
    }
  }

  /// Converts integers and decimals, given as unscaled values.
  private func fromExact(
    scale: Int,
    _ unscaled: (Int) -> Int128
  ) throws(ExecutionError) -> Column {
    switch target {
    case .boolean:
      return try input.build { (row) throws(ExecutionError) -> Bool? in unscaled(row) != 0 }
    case .tinyint, .smallint, .integer, .bigint:
      let range = target.int64Range ?? Int64.min...Int64.max
      return try input.build { (row) throws(ExecutionError) -> Int64? in
        if let whole = DecimalText.rescaled(unscaled(row), from: scale, to: 0),
          let value = Int64(exactly: whole), range.contains(value)
        {
          return value
        }
        return try refuse(row)
      }
    case .hugeint:
      return try input.build { (row) throws(ExecutionError) -> Int128? in
        DecimalText.rescaled(unscaled(row), from: scale, to: 0)
      }
    case .double:
      return try input.build { (row) throws(ExecutionError) -> Double? in
        Self.double(unscaled(row), scale: scale)
      }
    case .decimal(let precision, let targetScale):
      return try decimals(precision: precision) { (row) throws(ExecutionError) -> Int128? in
        DecimalText.rescaled(unscaled(row), from: scale, to: targetScale)
      }
    case .null, .varchar, .blob, .date, .time, .timestamp, .timestampTZ, .interval, .enumeration,
      .list, .structure:
      throw unsupported
    }
  }

  /// The nearest double of a decimal.
  static func double(_ unscaled: Int128, scale: Int) -> Double {
    if unscaled.magnitude < 1 << 53, scale <= 22 {
      return Double(Int64(unscaled)) / DoubleText.exactPowers[scale]
    }
    if scale == 0 { return nearestDouble(unscaled) }
    if let mantissa = UInt64(exactly: unscaled.magnitude),
      let value = DoubleText.nearest(mantissa, tenTo: -scale)
    {
      return unscaled < 0 ? -value : value
    }
    var text: [UInt8] = []
    DecimalText.append(unscaled, scale: scale, to: &text)
    return DoubleText.parse(text.span) ?? 0
  }

  /// Collects unscaled values of the target DECIMAL; nil and values that do not fit are refused.
  private func decimals(
    precision: Int,
    _ unscaled: (Int) throws(ExecutionError) -> Int128?
  ) throws(ExecutionError) -> Column {
    if precision <= DataType.maximumShortDecimalPrecision {
      return try input.build { (row) throws(ExecutionError) -> Int64? in
        if let value = try unscaled(row), DecimalText.fits(value, precision: precision) {
          return Int64(value)
        }
        return try refuse(row)
      }
    }
    return try input.build { (row) throws(ExecutionError) -> Int128? in
      if let value = try unscaled(row), DecimalText.fits(value, precision: precision) {
        return value
      }
      return try refuse(row)
    }
  }

  private func fromDouble() throws(ExecutionError) -> Column {
    let values = input.argument(0, of: Double.self)
    switch target {
    case .boolean: return input.map { (value: Double) in value != 0 }
    case .tinyint, .smallint, .integer, .bigint:
      let range = target.int64Range ?? Int64.min...Int64.max
      return try input.build { (row) throws(ExecutionError) -> Int64? in
        if let value = Int64(exactly: Maths.roundedHalfEven(values[row])), range.contains(value) {
          return value
        }
        return try refuse(row)
      }
    case .hugeint:
      return try input.build { (row) throws(ExecutionError) -> Int128? in
        if let value = Int128(exactly: Maths.roundedHalfEven(values[row])) { return value }
        return try refuse(row)
      }
    case .decimal(let precision, let scale):
      let power = Double(DecimalText.powers[scale])
      return try decimals(precision: precision) { (row) throws(ExecutionError) -> Int128? in
        let scaled = Maths.roundedHalfAway(values[row] * power)
        // Conversions to 128 bits are slow, and hardly ever needed.
        return scaled.magnitude < 9e18 ? Int128(Int64(scaled)) : Int128(exactly: scaled)
      }
    case .null, .double, .varchar, .blob, .date, .time, .timestamp, .timestampTZ, .interval,
      .enumeration, .list, .structure:
      throw unsupported
    }
  }

  // MARK: - Dates and times

  private func fromTemporal() throws(ExecutionError) -> Column {
    let zone = input.context.timeZone
    let day = Calendar.microsecondsPerDay
    switch (source, target) {
    case (.date, .timestamp):
      return input.map { (value: Int64) in value &* day }
    case (.date, .timestampTZ):
      return try input.tryMap { (value: Int64) throws(ExecutionError) -> Int64? in
        zone.instant(ofLocal: value * day)
      }
    case (.timestamp, .date):
      return input.map { (value: Int64) in Calendar.day(ofMicroseconds: value) }
    case (.timestamp, .time):
      let values = input.argument(0, of: Int64.self)
      return try input.build { (row) throws(ExecutionError) -> Int64? in
        guard Calendar.isValid(microseconds: values[row]) else { return try refuse(row) }
        return Calendar.timeOfDay(ofMicroseconds: values[row])
      }
    case (.timestamp, .timestampTZ):
      return try input.tryMap { (value: Int64) throws(ExecutionError) -> Int64? in
        zone.instant(ofLocal: value)
      }
    case (.timestampTZ, .timestamp):
      return try input.tryMap { (value: Int64) throws(ExecutionError) -> Int64? in
        zone.local(ofInstant: value)
      }
    case (.timestampTZ, .date):
      return try input.tryMap { (value: Int64) throws(ExecutionError) -> Int64? in
        Calendar.day(ofMicroseconds: zone.local(ofInstant: value))
      }
    case (.timestampTZ, .time):
      let values = input.argument(0, of: Int64.self)
      return try input.build { (row) throws(ExecutionError) -> Int64? in
        guard Calendar.isValid(microseconds: values[row]) else { return try refuse(row) }
        return Calendar.timeOfDay(ofMicroseconds: zone.local(ofInstant: values[row]))
      }
    case (.time, .interval):
      return input.map { (value: Int64) in Interval(microseconds: value) }
    default: throw unsupported
    }
  }

  private func toText() throws(ExecutionError) -> Column {
    let printer = ColumnPrinter(column, zone: input.context.timeZone)
    return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
      printer.append(row, to: &output.bytes)
      return true
    }
  }
}
