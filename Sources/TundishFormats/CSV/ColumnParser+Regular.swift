internal import TundishColumns

// The fast way of `ColumnParser`, for rows whose fields lie as most do. Values that are written as
// machines write them are read from whole words; any other is handed to the general reading of the
// column, so that both ways accept the same texts. Everything a loop calls stands in this file.
extension ColumnParser {
  /// Reads the fields of a column; the general way must read those of kinds that have no fast one.
  ///
  /// - Returns: Whether the column was read.
  func parse(_ bytes: Span<UInt8>, _ rows: RegularRows, column: Int) -> Bool {
    if isStopped { return true }
    guard fields.nullTexts.isEmpty, !fields.keepsEmptyTexts else { return false }
    switch reading {
    case .text: parseText(bytes, rows, column)
    case .boolean: each(bytes, rows, column, &booleans, filler: false, BooleanTexts())
    case .integer:
      let bounds = isGiven ? type.int64Range ?? Int64.min...Int64.max : Int64.min...Int64.max
      let texts = IntegerTexts(bounds: bounds, acceptsAny: isGiven)
      each(bytes, rows, column, &integers, filler: 0, texts)
    case .decimal(_, let scale):
      guard type.physical == .int64, scale >= 1, scale <= 8 else { return false }
      let texts = DecimalTexts(scale: scale, power: Self.power(scale))
      each(bytes, rows, column, &integers, filler: 0, texts)
    case .date(let order): each(bytes, rows, column, &integers, filler: 0, DateTexts(order: order))
    case .timestamp(let order):
      each(bytes, rows, column, &integers, filler: 0, TimestampTexts(order: order))
    case .oneOrEmpty, .double, .number, .compactDate, .timestampTZ, .time, .duration, .formatted:
      return false
    }
    return true
  }

  private static func power(_ scale: Int) -> Int64 {
    var power: Int64 = 1
    for _ in 0..<scale { power *= 10 }
    return power
  }

  /// Reads the fields of a column; the kind of text is a type, so that the loop is made for it.
  private func each<Texts: RegularTexts>(
    _ bytes: Span<UInt8>,
    _ rows: RegularRows,
    _ column: Int,
    _ values: inout [Texts.Value],
    filler: Texts.Value,
    _ texts: Texts
  ) {
    let count = rows.rowCount
    let columnCount = rows.columnCount
    let base = rows.base
    let isLast = column == columnCount - 1
    let quote = fields.quote ?? 0
    let hasQuote = fields.quote != nil
    let fields = fields
    let firstRow = rowCount
    let stops = policy == .stop
    var validity: [Bool] = []
    var misfits: [(row: Int, range: Range<Int>)] = []
    // The rows have `count * columnCount` fields, all of which are within the span with some slack.
    let ends = unsafe rows.ends + column
    unsafe bytes.withUnsafeBufferPointer { buffer in
      guard let address = buffer.baseAddress else { return }
      let origin = unsafe address + (base + 1)
      values.append(addingCapacity: count) { output in
        var position = 0
        for row in 0..<count {
          var start = unsafe Int(ends[position])
          var end = unsafe Int(ends[position &+ 1]) &- 1
          position &+= columnCount
          // `start` and `end` count from the first row's first byte from here on.
          if isLast, end > start, unsafe origin[end &- 1] == 0x0D { end &-= 1 }
          var value = filler
          if end > start {
            if unsafe texts.fast(origin + start, end &- start, &value) {
              output.append(value)
              continue
            }
            if unsafe hasQuote && origin[start] == quote, end &- start > 2,
              unsafe origin[end &- 1] == quote,
              unsafe texts.fast(origin + (start &+ 1), end &- start &- 2, &value)
            {
              output.append(value)
              continue
            }
            start &+= base &+ 1
            end &+= base &+ 1
            let range = fields.trimmed(bytes, fields.field(bytes, start..<end).range)
            if !range.isEmpty {
              if let value = texts.general(bytes, range) {
                output.append(value)
                continue
              }
              misfits.append((row: firstRow &+ row, range: range))
              if stops { return }
            }
          }
          if validity.isEmpty { validity = [Bool](repeating: true, count: count) }
          validity[row] = false
          output.append(filler)
        }
      }
    }
    if !misfits.isEmpty { self.misfits.append(contentsOf: misfits) }
    append(validity: validity, rowCount: count)
  }
}

/// One kind of text, read fast where it is written as machines write it.
private protocol RegularTexts {
  associatedtype Value
  /// Reads a text that is not empty, from the beginning of which on 64 bytes can be read.
  func fast(_ text: UnsafePointer<UInt8>, _ count: Int, _ value: inout Value) -> Bool
  /// Reads any text; nil where it does not fit.
  func general(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Value?
}

private struct BooleanTexts: RegularTexts {
  @inline(__always)
  func fast(_ text: UnsafePointer<UInt8>, _ count: Int, _ value: inout Bool) -> Bool {
    unsafe FastValue.boolean(text, count, &value)
  }
  func general(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool? {
    BooleanReading.boolean(bytes, range)
  }
}

private struct IntegerTexts: RegularTexts {
  let bounds: ClosedRange<Int64>
  let acceptsAny: Bool
  @inline(__always)
  func fast(_ text: UnsafePointer<UInt8>, _ count: Int, _ value: inout Int64) -> Bool {
    unsafe FastValue.integer(text, count, &value) && bounds.contains(value)
  }
  func general(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    let value =
      PlainNumber.integer(bytes, range)
      ?? (acceptsAny ? PlainNumber.anyInteger(bytes, range) : nil)
    guard let value, bounds.contains(value) else { return nil }
    return value
  }
}

private struct DecimalTexts: RegularTexts {
  let scale: Int
  let power: Int64
  @inline(__always)
  func fast(_ text: UnsafePointer<UInt8>, _ count: Int, _ value: inout Int64) -> Bool {
    unsafe FastValue.decimal(text, count, scale: scale, power: power, &value)
  }
  func general(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    PlainNumber.decimal(bytes, range, scale: scale)
  }
}

private struct DateTexts: RegularTexts {
  let order: DayOrder
  @inline(__always)
  func fast(_ text: UnsafePointer<UInt8>, _ count: Int, _ value: inout Int64) -> Bool {
    unsafe FastValue.date(text, count, &value)
  }
  func general(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    PlainDate.days(bytes, range, order: order)
  }
}

private struct TimestampTexts: RegularTexts {
  let order: DayOrder
  @inline(__always)
  func fast(_ text: UnsafePointer<UInt8>, _ count: Int, _ value: inout Int64) -> Bool {
    unsafe FastValue.timestamp(text, count, &value)
  }
  func general(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    PlainDate.microseconds(bytes, range, order: order)
  }
}

/// Reads the texts that machines write, from whole words; false says that another way must look.
///
/// Each function is given a text of at least one byte, behind the beginning of which 16 bytes can be
/// read; a text of more than 16 bytes can be read whole.
private enum FastValue {
  /// Loads the eight bytes at an address, which the caller knows to be readable.
  @inline(__always)
  static func word(_ text: UnsafePointer<UInt8>) -> UInt64 {
    unsafe UnsafeRawPointer(text).loadUnaligned(as: UInt64.self).littleEndian
  }

  /// Reads one to eight digits at once: three multiplications join neighbours, pairs and halves.
  @inline(__always)
  static func digits(_ text: UnsafePointer<UInt8>, _ count: Int, _ value: inout Int64) -> Bool {
    // The last digit moves to the highest byte; zeros fill up in front of the first.
    let missing = UInt64(truncatingIfNeeded: 64 &- count &* 8)
    let zeros: UInt64 = 0x3030_3030_3030_3030
    var word = unsafe word(text) &<< missing
    // A shift by 64 would be none, so it is done in two steps.
    word |= (zeros &>> 1) &>> (63 &- missing)
    let highNibbles: UInt64 = 0xF0F0_F0F0_F0F0_F0F0
    guard word & highNibbles == zeros, (word &+ 0x0606_0606_0606_0606) & highNibbles == zeros
    else { return false }
    word &= 0x0F0F_0F0F_0F0F_0F0F
    word = (word &* 10 &+ word &>> 8) & 0x00FF_00FF_00FF_00FF
    word = (word &* 100 &+ word &>> 16) & 0x0000_FFFF_0000_FFFF
    word = (word &* 10_000 &+ word &>> 32) & 0xFFFF_FFFF
    value = Int64(truncatingIfNeeded: word)
    return true
  }

  /// Reads up to 16 digits without leading zeros.
  @inline(__always)
  static func integer(_ text: UnsafePointer<UInt8>, _ count: Int, _ value: inout Int64) -> Bool {
    if unsafe text[0] == UInt8(ascii: "0") && count > 1 { return false }
    if count <= 8 { return unsafe digits(text, count, &value) }
    guard count <= 16 else { return false }
    var high: Int64 = 0
    guard unsafe digits(text, count &- 8, &high),
      unsafe digits(text + (count &- 8), 8, &value)
    else { return false }
    value = high &* 100_000_000 &+ value
    return true
  }

  /// Reads digits with exactly `scale` of them behind a point, at most 8 in front of it.
  @inline(__always)
  static func decimal(
    _ text: UnsafePointer<UInt8>,
    _ count: Int,
    scale: Int,
    power: Int64,
    _ value: inout Int64
  ) -> Bool {
    let whole = count &- scale &- 1
    guard whole > 0, whole <= 8, unsafe text[whole] == UInt8(ascii: "."),
      unsafe text[0] != UInt8(ascii: "0") || whole == 1
    else { return false }
    var high: Int64 = 0
    guard unsafe digits(text, whole, &high),
      unsafe digits(text + (whole &+ 1), scale, &value)
    else { return false }
    value = high &* power &+ value
    return true
  }

  /// Reads `true` and `false` in lower case.
  @inline(__always)
  static func boolean(_ text: UnsafePointer<UInt8>, _ count: Int, _ value: inout Bool) -> Bool {
    let word = unsafe word(text)
    value = count == 4
    if value { return word & 0xFFFF_FFFF == 0x6575_7274 }
    return count == 5 && word & 0xFF_FFFF_FFFF == 0x65_736C_6166
  }

  /// Reads `YYYY-MM-DD` of the years 1600 to 2399.
  @inline(__always)
  static func date(_ text: UnsafePointer<UInt8>, _ count: Int, _ value: inout Int64) -> Bool {
    count == 10 ? unsafe days(text, &value) : false
  }

  @inline(__always)
  private static func days(_ text: UnsafePointer<UInt8>, _ value: inout Int64) -> Bool {
    // `YYYY-MM-`, then `DD`
    let word = unsafe word(text) ^ 0x2D30_302D_3030_3030
    let last = unsafe UInt64(UnsafeRawPointer(text + 8).loadUnaligned(as: UInt16.self).littleEndian)
    let day = last ^ 0x3030
    // Each byte is now a digit's value, or zero for a mark.
    let isWritten =
      ((word &+ 0x7F76_767F_7676_7676) | word) & 0x8080_8080_8080_8080 == 0
      && word & 0xFF00_00FF_0000_0000 == 0
      && ((day &+ 0x7676) | day) & 0x8080 == 0
    guard isWritten else { return false }
    func digit(_ word: UInt64, _ position: UInt64) -> Int64 {
      Int64(truncatingIfNeeded: word &>> (position &* 8) & 0xFF)
    }
    let year =
      (digit(word, 0) &* 10 &+ digit(word, 1)) &* 100 &+ digit(word, 2) &* 10 &+ digit(word, 3)
    let month = digit(word, 5) &* 10 &+ digit(word, 6)
    let dayOfMonth = digit(day, 0) &* 10 &+ digit(day, 1)
    guard year >= 1_600, year < 2_400, month >= 1, month <= 12, dayOfMonth >= 1 else {
      return false
    }
    // The 29th and later are looked at by the general way, which knows the months' lengths.
    if dayOfMonth > 28, dayOfMonth > length(month, year) { return false }
    // Years begin in March, so that the leap day comes last.
    let shifted = year &- (month <= 2 ? 1 : 0)
    let monthFromMarch = (month &+ 9) % 12
    let dayOfYear = (153 &* monthFromMarch &+ 2) / 5 &+ dayOfMonth &- 1
    // Days from March of year 0 to January 1970: 719,468.
    value =
      shifted &* 365 &+ shifted / 4 &- shifted / 100 &+ shifted / 400 &+ dayOfYear &- 719_468
    return true
  }

  @inline(__always)
  private static func length(_ month: Int64, _ year: Int64) -> Int64 {
    if month == 2 { return year & 3 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28 }
    // April, June, September and November have 30 days.
    return (0b1010_0101_0000 as Int64) &>> month & 1 == 1 ? 30 : 31
  }

  /// Reads `YYYY-MM-DD HH:MM:SS`, with a space or a `T`.
  @inline(__always)
  static func timestamp(_ text: UnsafePointer<UInt8>, _ count: Int, _ value: inout Int64) -> Bool {
    guard count == 19, unsafe text[10] == 0x20 || text[10] == UInt8(ascii: "T"),
      unsafe days(text, &value)
    else { return false }
    // `HH:MM:SS`
    let word = unsafe word(text + 11) ^ 0x3030_3A30_303A_3030
    guard ((word &+ 0x7676_7F76_767F_7676) | word) & 0x8080_8080_8080_8080 == 0,
      word & 0x0000_FF00_00FF_0000 == 0
    else { return false }
    let pairs = word &* 10 &+ word &>> 8
    let hours = Int64(truncatingIfNeeded: pairs & 0xFF)
    let minutes = Int64(truncatingIfNeeded: pairs &>> 24 & 0xFF)
    let seconds = Int64(truncatingIfNeeded: pairs &>> 48 & 0xFF)
    guard hours < 24, minutes < 60, seconds < 60 else { return false }
    value =
      value &* 86_400_000_000 &+ (hours &* 3_600 &+ minutes &* 60 &+ seconds) &* 1_000_000
    return true
  }
}
