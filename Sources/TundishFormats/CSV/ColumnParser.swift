internal import TundishColumns

/// Turns the texts of one column into values, slice by slice.
///
/// What kind of text it is, is decided once per slice; each loop reads one kind. A value that does
/// not fit is handled as `misfitPolicy` says.
final class ColumnParser {
  /// What happens at a value that does not fit.
  enum MisfitPolicy {
    /// Note it and read no further: the column is to be read again with a wider type.
    case stop
    /// Note it and read it as NULL.
    case null
  }

  /// How texts become values.
  let reading: ColumnReading
  /// The type of the values, which may be narrower than the reading's.
  let type: DataType
  /// Whether the user gave the type, so that forms are accepted that are not looked for.
  let isGiven: Bool
  /// Where the values stand that did not fit, by row within the chunk.
  var misfits: [(row: Int, range: Range<Int>)] = []

  let fields: FieldReader
  let policy: MisfitPolicy
  var integers: [Int64] = []
  private(set) var wideIntegers: [Int128] = []
  private(set) var doubles: [Double] = []
  var booleans: [Bool] = []
  private(set) var intervals: [Interval] = []
  var text = TextChunk()
  /// The number of rows read so far.
  var rowCount = 0
  /// Empty while there is no NULL.
  private(set) var validity: [Bool] = []

  init(
    reading: ColumnReading,
    type: DataType,
    isGiven: Bool,
    fields: FieldReader,
    policy: MisfitPolicy
  ) {
    self.reading = reading
    self.type = type
    self.isGiven = isGiven
    self.fields = fields
    self.policy = policy
  }

  /// Whether a misfit ended the reading.
  var isStopped: Bool { policy == .stop && !misfits.isEmpty }

  /// Returns the column of the values since the last call; only of some rows if these are given.
  func finish(rows kept: [Int32]?) -> ChunkColumn {
    defer { reset() }
    let count = kept?.count ?? rowCount
    let all = validity
    let validity = all.isEmpty ? nil : kept.map { rows in rows.map { all[Int($0)] } } ?? all
    if type.physical == .text {
      if let kept { text.keep(kept) }
      return .text(text.finish(), validity: validity, rowCount: count)
    }
    let data: ColumnData
    switch type.physical {
    case .int64:
      if let kept { integers = kept.map { integers[Int($0)] } }
      return .integers(integers.span, validity: validity, type: type)
    case .int128: data = .int128(wideIntegers)
    case .float64: data = .float64(doubles)
    case .boolean: data = .boolean(booleans)
    case .interval: data = .interval(intervals)
    case .text, .list, .structure: preconditionFailure("fields of text become plain values")
    }
    let column = Column(
      type: type,
      data: data,
      validity: all.isEmpty ? nil : all,
      count: rowCount
    )
    return .fixed(kept.map { column.gathered($0) } ?? column)
  }

  private func reset() {
    integers.removeAll(keepingCapacity: true)
    wideIntegers.removeAll(keepingCapacity: true)
    doubles.removeAll(keepingCapacity: true)
    booleans.removeAll(keepingCapacity: true)
    intervals.removeAll(keepingCapacity: true)
    text.reset()
    validity.removeAll(keepingCapacity: true)
    rowCount = 0
    misfits = []
  }

  /// Forgets what was read of the rows that were begun, misfits included.
  func abandon() { reset() }

  /// Takes the validity of a slice; empty stands for all valid.
  func append(validity slice: [Bool], rowCount count: Int) {
    if !slice.isEmpty, validity.isEmpty {
      validity = [Bool](repeating: true, count: rowCount)
    }
    if !slice.isEmpty {
      validity.append(contentsOf: slice)
    } else if !validity.isEmpty {
      validity.append(contentsOf: repeatElement(true, count: count))
    }
    rowCount += count
  }

  /// Reads the fields of a slice.
  func parse(_ bytes: Span<UInt8>, _ slice: RowSlice, column: Int) {
    if isStopped { return }
    switch reading {
    case .text: parseText(bytes, slice, column)
    case .boolean:
      each(bytes, slice, column, &booleans, filler: false) {
        BooleanReading.trueOrFalse($0, $1) ?? BooleanReading.boolean($0, $1)
      }
    case .oneOrEmpty:
      parseOneOrEmpty(bytes, slice, column)
    case .integer: parseIntegers(bytes, slice, column)
    case .decimal(_, let scale):
      if type.physical == .int64 {
        each(bytes, slice, column, &integers, filler: 0) {
          PlainNumber.decimal($0, $1, scale: scale)
        }
      } else {
        parseWide(bytes, slice, column, scale: scale, decimalMark: UInt8(ascii: "."))
      }
    case .double: parseDoubles(bytes, slice, column)
    case .number(let precision, let scale, let mark):
      if type.physical == .int64 {
        let limit = Self.limit(precision: precision)
        each(bytes, slice, column, &integers, filler: 0) {
          guard
            let value = NumberReading.number($0, $1, decimalMark: mark)?.unscaled(toScale: scale),
            value.magnitude < limit
          else { return nil }
          return Int64(truncatingIfNeeded: value)
        }
      } else {
        parseWide(bytes, slice, column, scale: scale, decimalMark: mark)
      }
    case .date(let order):
      each(bytes, slice, column, &integers, filler: 0) { PlainDate.days($0, $1, order: order) }
    case .compactDate:
      each(bytes, slice, column, &integers, filler: 0) { TemporalReading.compactDate($0, $1) }
    case .timestamp(let order):
      each(bytes, slice, column, &integers, filler: 0) {
        PlainDate.microseconds($0, $1, order: order)
      }
    case .timestampTZ(let order):
      each(bytes, slice, column, &integers, filler: 0) {
        PlainDate.instant($0, $1, order: order)
      }
    case .time:
      each(bytes, slice, column, &integers, filler: 0) { TemporalReading.time($0, $1) }
    case .duration:
      each(bytes, slice, column, &intervals, filler: Interval()) {
        guard let (days, microseconds) = TemporalReading.duration($0, $1) else { return nil }
        return Interval(days: Int32(truncatingIfNeeded: days), microseconds: microseconds)
      }
    case .formatted(let format, let isDate):
      each(bytes, slice, column, &integers, filler: 0) {
        guard let microseconds = format.microseconds($0, $1) else { return nil }
        guard isDate else { return microseconds }
        return microseconds >= 0
          ? microseconds / 86_400_000_000 : (microseconds + 1) / 86_400_000_000 - 1
      }
    }
  }

  private static func limit(precision: Int) -> UInt128 {
    var limit: UInt128 = 1
    for _ in 0..<min(precision, 38) { limit *= 10 }
    return limit
  }
}

// Loops, one per kind of text.
extension ColumnParser {
  /// Reads the fields of a slice with a closure that is inlined.
  @inline(__always)
  private func each<Element>(
    _ bytes: Span<UInt8>,
    _ slice: RowSlice,
    _ column: Int,
    _ values: inout [Element],
    filler: Element,
    _ read: (Span<UInt8>, Range<Int>) -> Element?
  ) {
    let count = slice.rowCount
    let fields = fields
    let quote = fields.quote ?? 0
    let hasNullTexts = !fields.nullTexts.isEmpty
    let firstRow = rowCount
    let stops = policy == .stop
    var validity: [Bool] = []
    var misfits: [(row: Int, range: Range<Int>)] = []
    let sliceValues = [Element](capacity: count) { output in
      for row in 0..<count {
        var range = slice.range(row: row, column: column)
        if !range.isEmpty {
          let first = bytes[range.lowerBound]
          if first == quote { range = fields.field(bytes, range).range }
          if first <= 0x20 || (!range.isEmpty && bytes[range.upperBound &- 1] <= 0x20)
            || first == quote
          {
            range = fields.trimmed(bytes, range)
          }
        }
        if range.isEmpty || (hasNullTexts && fields.isNullText(bytes, range)) {
          if validity.isEmpty { validity = [Bool](repeating: true, count: count) }
          validity[row] = false
          output.append(filler)
          if fields.keepsEmptyTexts {
            misfits.append((row: firstRow &+ row, range: range))
            if stops { return }
          }
        } else if let value = read(bytes, range) {
          output.append(value)
        } else {
          if validity.isEmpty { validity = [Bool](repeating: true, count: count) }
          validity[row] = false
          output.append(filler)
          misfits.append((row: firstRow &+ row, range: range))
          if stops { return }
        }
      }
    }
    values.append(contentsOf: sliceValues)
    if !misfits.isEmpty { self.misfits.append(contentsOf: misfits) }
    append(validity: validity, rowCount: count)
  }

  private func parseIntegers(_ bytes: Span<UInt8>, _ slice: RowSlice, _ column: Int) {
    if !isGiven {
      return each(bytes, slice, column, &integers, filler: 0) { PlainNumber.integer($0, $1) }
    }
    let bounds = type.int64Range ?? Int64.min...Int64.max
    each(bytes, slice, column, &integers, filler: 0) {
      guard let value = PlainNumber.integer($0, $1) ?? PlainNumber.anyInteger($0, $1),
        bounds.contains(value)
      else { return nil }
      return value
    }
  }

  private func parseOneOrEmpty(_ bytes: Span<UInt8>, _ slice: RowSlice, _ column: Int) {
    for row in 0..<slice.rowCount {
      let range = fields.field(bytes, slice.range(row: row, column: column)).range
      let isOne = range.count == 1 && bytes[range.lowerBound] == UInt8(ascii: "1")
      if !range.isEmpty, !isOne {
        misfits.append((row: rowCount + row, range: range))
        if policy == .stop { return }
      }
      booleans.append(isOne)
    }
    append(validity: [], rowCount: slice.rowCount)
  }

  private func parseDoubles(_ bytes: Span<UInt8>, _ slice: RowSlice, _ column: Int) {
    each(bytes, slice, column, &doubles, filler: 0) {
      if let value = DoubleReading.double($0, $1) { return value }
      guard isGiven, let number = NumberReading.number($0, $1, decimalMark: UInt8(ascii: "."))
      else {
        return nil
      }
      var divisor = 1.0
      for _ in 0..<number.finalScale { divisor *= 10 }
      guard let unscaled = number.unscaled(toScale: number.finalScale) else { return nil }
      return Double(unscaled) / divisor
    }
  }

  private func parseWide(
    _ bytes: Span<UInt8>,
    _ slice: RowSlice,
    _ column: Int,
    scale: Int,
    decimalMark: UInt8
  ) {
    var limit = Self.limit(precision: 38)
    if case .decimal(let precision, _) = type { limit = Self.limit(precision: precision) }
    each(bytes, slice, column, &wideIntegers, filler: 0) {
      guard
        let value = NumberReading.number($0, $1, decimalMark: decimalMark)?
          .unscaled(toScale: scale),
        value.magnitude < limit
      else { return nil }
      return value
    }
  }

  private func parseText(_ bytes: Span<UInt8>, _ slice: RowSlice, _ column: Int) {
    let count = slice.rowCount
    var validity: [Bool] = []
    for row in 0..<count {
      let raw = slice.range(row: row, column: column)
      if raw.isEmpty && !fields.keepsEmptyTexts || isNull(bytes, raw) {
        if validity.isEmpty { validity = [Bool](repeating: true, count: count) }
        validity[row] = false
        text.appendNull()
      } else {
        appendText(bytes, raw)
      }
    }
    text.endSlice()
    append(validity: validity, rowCount: count)
  }

  /// Reads the text fields of regular rows; those with quotes inside are taken one by one.
  func parseText(_ bytes: Span<UInt8>, _ rows: RegularRows, _ column: Int) {
    let count = rows.rowCount
    var validity: [Bool] = []
    var row = 0
    while row < count {
      row = text.append(
        bytes,
        rows,
        column: column,
        from: row,
        quote: fields.quote,
        quotedEmptyIsNull: fields.readsQuotedEmptyAsNull,
        validity: &validity
      )
      guard row < count else { break }
      let raw = rows.range(bytes, row: row, column: column)
      if isNull(bytes, raw) {
        if validity.isEmpty { validity = [Bool](repeating: true, count: count) }
        validity[row] = false
        text.appendNull()
      } else {
        appendText(bytes, raw)
      }
      row += 1
    }
    text.endSlice()
    append(validity: validity, rowCount: count)
  }

  /// Reads the text fields of some rows.
  func parseText(_ bytes: Span<UInt8>, _ all: RegularRows, _ column: Int, rows: [Int32]) {
    parseText(bytes, rows) { all.range(bytes, row: Int($0), column: column) }
  }

  /// Reads the text fields of some rows.
  func parseText(_ bytes: Span<UInt8>, _ all: RowSlice, _ column: Int, rows: [Int32]) {
    parseText(bytes, rows) { all.range(row: Int($0), column: column) }
  }

  @inline(__always)
  private func parseText(
    _ bytes: Span<UInt8>,
    _ rows: [Int32],
    _ range: (Int32) -> Range<Int>
  ) {
    var validity: [Bool] = []
    for (i, row) in rows.enumerated() {
      let raw = range(row)
      if raw.isEmpty && !fields.keepsEmptyTexts || isNull(bytes, raw) {
        if validity.isEmpty { validity = [Bool](repeating: true, count: rows.count) }
        validity[i] = false
        text.appendNull()
      } else {
        appendText(bytes, raw)
      }
    }
    text.endSlice()
    append(validity: validity, rowCount: rows.count)
  }

  private func appendText(_ bytes: Span<UInt8>, _ raw: Range<Int>) {
    let field = fields.field(bytes, raw)
    if fields.hasEscapes(bytes, field) {
      let plain = fields.unescaped(bytes, field)
      text.append(plain.span, 0..<plain.count)
    } else {
      text.append(bytes, field.range)
    }
  }

  /// Whether a text is one of those that stand for NULL; in quotes only where the options say so, or
  /// where all values of the column stand in quotes.
  private func isNull(_ bytes: Span<UInt8>, _ raw: Range<Int>) -> Bool {
    guard !raw.isEmpty else { return false }
    if bytes[raw.lowerBound] != fields.quote { return fields.isNullText(bytes, raw) }
    let field = fields.field(bytes, raw)
    if fields.readsQuotedEmptyAsNull, field.isQuoted, field.range.isEmpty { return true }
    return fields.allowsQuotedNulls && fields.isNullText(bytes, field.range)
  }
}
