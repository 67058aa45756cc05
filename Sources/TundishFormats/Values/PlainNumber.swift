/// Reads plain digits: the fast way for the numbers that machines write.
enum PlainNumber {
  /// Reads at most 18 digits without leading zeros, with a minus in front or not.
  @inline(__always)
  static func integer(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    var i = range.lowerBound
    let end = range.upperBound
    let isNegative = bytes[i] == UInt8(ascii: "-")
    if isNegative { i &+= 1 }
    let count = end &- i
    guard count > 0, count <= 18 else { return nil }
    if bytes[i] == UInt8(ascii: "0"), count > 1 { return nil }
    var value: Int64 = 0
    if count > 8 {
      // The first digits one by one, the last eight at once.
      while i < end &- 8 {
        let digit = bytes[i] &- UInt8(ascii: "0")
        if digit > 9 { return nil }
        value = value &* 10 &+ Int64(digit)
        i &+= 1
      }
      value = value &* 100_000_000
    }
    guard let last = upToEightDigits(bytes, i, count: end &- i) else { return nil }
    value = value &+ last
    return isNegative ? 0 &- value : value
  }

  /// Reads one to eight digits at once: three multiplications join neighbours, pairs and halves.
  @inline(__always)
  static func upToEightDigits(_ bytes: Span<UInt8>, _ start: Int, count: Int) -> Int64? {
    // The last digit moves to the highest byte; zeros fill up in front of the first.
    let missing = UInt64(truncatingIfNeeded: 64 &- count &* 8)
    let zeros: UInt64 = 0x3030_3030_3030_3030
    var word = bytes.word(at: start, count: count)
    word = missing == 0 ? word : word &<< missing | zeros &>> (64 &- missing)
    let highNibbles: UInt64 = 0xF0F0_F0F0_F0F0_F0F0
    let isDigits =
      word & highNibbles == zeros
      && (word &+ 0x0606_0606_0606_0606) & highNibbles == zeros
    guard isDigits else { return nil }
    word = word & 0x0F0F_0F0F_0F0F_0F0F
    word = (word &* 10 &+ word &>> 8) & 0x00FF_00FF_00FF_00FF
    word = (word &* 100 &+ word &>> 16) & 0x0000_FFFF_0000_FFFF
    word = (word &* 10_000 &+ word &>> 32) & 0xFFFF_FFFF
    return Int64(truncatingIfNeeded: word)
  }

  /// Reads digits with any sign and leading zeros, where the user says that they are a number.
  static func anyInteger(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    var value: Int64 = 0
    var i = range.lowerBound
    let isNegative = bytes[i] == UInt8(ascii: "-")
    if isNegative || bytes[i] == UInt8(ascii: "+") { i += 1 }
    guard i < range.upperBound else { return nil }
    while i < range.upperBound {
      let digit = bytes[i] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflow) = product.addingReportingOverflow(
        isNegative ? -Int64(digit) : Int64(digit)
      )
      guard !isTooLarge, !overflow else { return nil }
      value = sum
      i += 1
    }
    if i == range.upperBound { return value }
    // `1,234` and `12.0` are whole numbers too.
    guard let number = NumberReading.number(bytes, range, decimalMark: UInt8(ascii: ".")),
      let whole = number.unscaled(toScale: 0)
    else { return nil }
    return Int64(exactly: whole)
  }

  /// Reads at most 18 digits with a decimal point, as units of `10^-scale`.
  @inline(__always)
  static func decimal(_ bytes: Span<UInt8>, _ range: Range<Int>, scale: Int) -> Int64? {
    var i = range.lowerBound
    let end = range.upperBound
    let isNegative = bytes[i] == UInt8(ascii: "-")
    if isNegative { i &+= 1 }
    let start = i
    // 18 digits and a point
    guard end &- i > 0, end &- i <= 19 else { return nil }
    var value: Int64 = 0
    var digitCount = 0
    while i < end {
      let digit = bytes[i] &- UInt8(ascii: "0")
      if digit > 9 { break }
      value = value &* 10 &+ Int64(digit)
      digitCount &+= 1
      i &+= 1
    }
    if digitCount > 1, bytes[start] == UInt8(ascii: "0") { return nil }
    var missing = scale
    if i < end {
      guard bytes[i] == UInt8(ascii: ".") else { return nil }
      i &+= 1
      while i < end {
        let digit = bytes[i] &- UInt8(ascii: "0")
        if digit > 9 { return nil }
        value = value &* 10 &+ Int64(digit)
        digitCount &+= 1
        missing &-= 1
        i &+= 1
      }
    }
    guard digitCount > 0, missing >= 0, digitCount &+ missing <= 18 else { return nil }
    while missing > 0 {
      value = value &* 10
      missing &-= 1
    }
    return isNegative ? 0 &- value : value
  }
}

/// Reads dates and timestamps: `2026-01-31` and `2026-01-31 10:00:00` fast, all others in general.
enum PlainDate {
  /// Reads a date as days since 1970.
  @inline(__always)
  static func days(_ bytes: Span<UInt8>, _ range: Range<Int>, order: DayOrder) -> Int64? {
    if range.count == 10, let days = isoDays(bytes, range.lowerBound) { return days }
    guard let moment = TemporalReading.moment(bytes, range), moment.time == nil else { return nil }
    return moment.days(order)
  }

  /// Reads a timestamp without a zone as microseconds since 1970.
  @inline(__always)
  static func microseconds(_ bytes: Span<UInt8>, _ range: Range<Int>, order: DayOrder) -> Int64? {
    if range.count == 19, let days = isoDays(bytes, range.lowerBound),
      bytes[range.lowerBound &+ 10] == 0x20 || bytes[range.lowerBound &+ 10] == UInt8(ascii: "T"),
      let time = isoSeconds(bytes, range.lowerBound &+ 11)
    {
      return days &* 86_400_000_000 &+ time &* 1_000_000
    }
    guard let moment = TemporalReading.moment(bytes, range), moment.offsetSeconds == nil else {
      return nil
    }
    return moment.microseconds(order)
  }

  /// Reads a timestamp with a zone as microseconds since 1970 in UTC.
  static func instant(_ bytes: Span<UInt8>, _ range: Range<Int>, order: DayOrder) -> Int64? {
    guard let moment = TemporalReading.moment(bytes, range), moment.offsetSeconds != nil else {
      return nil
    }
    return moment.microseconds(order)
  }

  /// Reads `YYYY-MM-DD`.
  @inline(__always)
  private static func isoDays(_ bytes: Span<UInt8>, _ start: Int) -> Int64? {
    guard bytes[start &+ 4] == UInt8(ascii: "-"), bytes[start &+ 7] == UInt8(ascii: "-"),
      let century = twoDigits(bytes, start), let year = twoDigits(bytes, start &+ 2),
      let month = twoDigits(bytes, start &+ 5), let day = twoDigits(bytes, start &+ 8)
    else { return nil }
    return CivilDate.days(year: century &* 100 &+ year, month: month, day: day)
  }

  /// Reads `HH:MM:SS`.
  @inline(__always)
  private static func isoSeconds(_ bytes: Span<UInt8>, _ start: Int) -> Int64? {
    guard bytes[start &+ 2] == UInt8(ascii: ":"), bytes[start &+ 5] == UInt8(ascii: ":"),
      let hours = twoDigits(bytes, start), hours < 24,
      let minutes = twoDigits(bytes, start &+ 3), minutes < 60,
      let seconds = twoDigits(bytes, start &+ 6), seconds < 60
    else { return nil }
    return hours &* 3_600 &+ minutes &* 60 &+ seconds
  }

  @inline(__always)
  private static func twoDigits(_ bytes: Span<UInt8>, _ start: Int) -> Int64? {
    let tens = bytes[start] &- UInt8(ascii: "0")
    let ones = bytes[start &+ 1] &- UInt8(ascii: "0")
    return tens < 10 && ones < 10 ? Int64(tens) &* 10 &+ Int64(ones) : nil
  }
}
