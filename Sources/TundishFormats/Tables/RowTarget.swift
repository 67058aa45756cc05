/// Memory that the rows of a batch are written to, at places that were measured before.
///
/// Unsafe because every byte is written exactly once, in an order in which no array grows. Each
/// write first checks that its bytes lie within the memory.
@safe
struct RowTarget {
  private let start: UnsafeMutablePointer<UInt8>?
  private let count: Int

  init(_ buffer: UnsafeMutableBufferPointer<UInt8>) {
    unsafe start = buffer.baseAddress
    count = buffer.count
  }

  /// The address of some bytes, all of which are within the memory.
  @inline(__always)
  private func address(_ place: Int, _ length: Int) -> UnsafeMutablePointer<UInt8> {
    precondition(
      place >= 0 && length >= 0 && place <= count &- length,
      "a cell is within the text of its rows"
    )
    guard let start = unsafe start else { preconditionFailure("there is memory for a cell") }
    return unsafe start + place
  }

  /// Writes one byte.
  @inline(__always)
  mutating func write(_ byte: UInt8, at place: Int) {
    unsafe address(place, 1).pointee = byte
  }

  /// Copies bytes.
  @inline(__always)
  mutating func write(_ bytes: Span<UInt8>, _ range: Range<Int>, at place: Int) {
    let length = range.count
    guard length > 0 else { return }
    let target = unsafe UnsafeMutableRawPointer(address(place, length))
    unsafe bytes.extracting(range).withUnsafeBytes { source in
      guard let source = source.baseAddress else { return }
      // Parts overlap rather than reach over an end; both sides have `length` bytes.
      if length >= 16 {
        var i = 0
        while i &+ 16 <= length {
          unsafe Self.copy(source, target, i, SIMD16<UInt8>.self)
          i &+= 16
        }
        unsafe Self.copy(source, target, length &- 16, SIMD16<UInt8>.self)
      } else if length >= 8 {
        unsafe Self.copy(source, target, 0, UInt64.self)
        unsafe Self.copy(source, target, length &- 8, UInt64.self)
      } else if length >= 4 {
        unsafe Self.copy(source, target, 0, UInt32.self)
        unsafe Self.copy(source, target, length &- 4, UInt32.self)
      } else {
        for i in 0..<length { unsafe Self.copy(source, target, i, UInt8.self) }
      }
    }
  }

  @inline(__always)
  private static func copy<Part: BitwiseCopyable>(
    _ source: UnsafeRawPointer,
    _ target: UnsafeMutableRawPointer,
    _ offset: Int,
    _ part: Part.Type
  ) {
    let bytes = unsafe source.loadUnaligned(fromByteOffset: offset, as: part)
    unsafe target.storeBytes(of: bytes, toByteOffset: offset, as: part)
  }

  /// Writes the same bytes into every row.
  mutating func repeating(_ bytes: [UInt8], at places: inout [Int]) {
    guard bytes.count > 0 else { return }
    if bytes.count == 1 {
      let byte = bytes[0]
      for row in places.indices {
        write(byte, at: places[row])
        places[row] &+= 1
      }
      return
    }
    for row in places.indices {
      write(bytes.span, bytes.indices, at: places[row])
      places[row] &+= bytes.count
    }
  }

  /// Writes an integer of so many digits, the sign included.
  @inline(__always)
  mutating func write(_ value: Int64, at place: Int, length: Int) {
    let target = unsafe address(place, length)
    if value < 0 { unsafe target[0] = UInt8(ascii: "-") }
    let sign = value < 0 ? 1 : 0
    unsafe Self.digits(value.magnitude, target, sign, length)
  }

  /// Writes a decimal with a point in front of the last `scale` digits.
  @inline(__always)
  mutating func write(_ value: Int64, scale: Int, at place: Int, length: Int) {
    let target = unsafe address(place, length)
    precondition(scale > 0 && scale <= 18 && length > scale &+ 1, "a decimal has room")
    if value < 0 { unsafe target[0] = UInt8(ascii: "-") }
    let sign = value < 0 ? 1 : 0
    let point = length &- scale &- 1
    let (whole, fraction) = value.magnitude
      .quotientAndRemainder(dividingBy: DigitText.power(scale))
    unsafe Self.digits(whole, target, sign, point)
    unsafe target[point] = UInt8(ascii: ".")
    unsafe Self.digits(fraction, target, point &+ 1, length)
  }

  /// Writes a day of a four-digit year as `2026-01-31`.
  @inline(__always)
  mutating func write(date days: Int64, quote: UInt8?, at place: Int) {
    let (year, month, day) = CivilDate.from(days: days)
    var target = unsafe address(place, quote == nil ? 10 : 12)
    if let quote {
      unsafe target[0] = quote
      unsafe target[11] = quote
      unsafe target += 1
    }
    unsafe Self.digits(UInt64(truncatingIfNeeded: year), target, 0, 4)
    unsafe target[4] = UInt8(ascii: "-")
    unsafe Self.digits(UInt64(truncatingIfNeeded: month), target, 5, 7)
    unsafe target[7] = UInt8(ascii: "-")
    unsafe Self.digits(UInt64(truncatingIfNeeded: day), target, 8, 10)
  }

  /// Fills `target[from..<to]` with digits, zeros in front.
  @inline(__always)
  private static func digits(
    _ magnitude: UInt64,
    _ target: UnsafeMutablePointer<UInt8>,
    _ from: Int,
    _ to: Int
  ) {
    var rest = magnitude
    var i = to
    while i > from {
      i &-= 1
      unsafe target[i] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
  }
}

/// Digits of integers.
enum DigitText {
  /// The number of digits.
  @inline(__always)
  static func count(_ magnitude: UInt64) -> Int {
    var count = 1
    var rest = magnitude
    while rest >= 10_000 {
      rest /= 10_000
      count &+= 4
    }
    return count &+ (rest >= 10 ? 1 : 0) &+ (rest >= 100 ? 1 : 0) &+ (rest >= 1_000 ? 1 : 0)
  }

  /// Ten to a power of at most 18.
  @inline(__always)
  static func power(_ exponent: Int) -> UInt64 {
    var power: UInt64 = 1
    var i = 0
    while i < exponent {
      power &*= 10
      i &+= 1
    }
    return power
  }
}
