/// Searching and stepping through UTF-8 bytes.
enum ByteText {
  /// The number of scalars: bytes that do not continue one.
  static func scalarCount(_ bytes: Span<UInt8>) -> Int {
    var count = 0
    for i in bytes.indices { count &+= bytes[i] & 0xC0 == 0x80 ? 0 : 1 }
    return count
  }

  /// Whether all bytes are ASCII.
  static func isASCII(_ bytes: Span<UInt8>) -> Bool {
    var union: UInt8 = 0
    for i in bytes.indices { union |= bytes[i] }
    return union < 0x80
  }

  /// Returns the offset of the first occurrence of a text at or after an offset; nil if none.
  static func firstIndex(
    of needle: Span<UInt8>,
    in bytes: Span<UInt8>,
    from start: Int = 0
  ) -> Int? {
    bytesFirstIndex(of: needle, in: bytes, from: start)
  }

  /// Whether a text stands at an offset.
  static func hasBytes(_ needle: Span<UInt8>, in bytes: Span<UInt8>, at offset: Int) -> Bool {
    guard offset >= 0, offset + needle.count <= bytes.count else { return false }
    return bytesEqual(needle, bytes.extracting(offset..<offset + needle.count))
  }

  /// The number of bytes of the scalar that begins with a byte.
  static func width(_ lead: UInt8) -> Int {
    lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
  }

  /// Returns the offset of a scalar, counted from zero; the end where there are fewer.
  static func offset(ofScalar index: Int, in bytes: Span<UInt8>) -> Int {
    guard index > 0 else { return 0 }
    var left = index
    var position = 0
    while position < bytes.count, left > 0 {
      position += width(bytes[position])
      left -= 1
    }
    return min(position, bytes.count)
  }

  /// Returns the scalar values of a text.
  static func scalars(_ bytes: Span<UInt8>) -> [UInt32] {
    var scalars: [UInt32] = []
    scalars.reserveCapacity(bytes.count)
    var position = 0
    while position < bytes.count {
      let (value, width) = scalar(at: position, in: bytes)
      scalars.append(value)
      position += width
    }
    return scalars
  }

  /// Decodes one scalar and tells its number of bytes; the text is valid UTF-8.
  static func scalar(at position: Int, in bytes: Span<UInt8>) -> (value: UInt32, width: Int) {
    let lead = bytes[position]
    let width = min(width(lead), bytes.count - position)
    guard width > 1 else { return (UInt32(lead), 1) }
    var value = UInt32(lead) & (0x7F >> UInt32(width))
    for offset in 1..<width { value = value << 6 | UInt32(bytes[position + offset] & 0x3F) }
    return (value, width)
  }

  /// Returns the ranges of the parts between the occurrences of a separator; an empty separator
  /// parts every scalar from the next.
  static func parts(_ bytes: Span<UInt8>, separatedBy separator: Span<UInt8>) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var start = 0
    if separator.count == 0 {
      while start < bytes.count {
        let end = min(start + width(bytes[start]), bytes.count)
        parts.append(start..<end)
        start = end
      }
      return parts.isEmpty ? [0..<0] : parts
    }
    while let found = firstIndex(of: separator, in: bytes, from: start) {
      parts.append(start..<found)
      start = found + separator.count
    }
    parts.append(start..<bytes.count)
    return parts
  }
}

extension TextOutput {
  /// Appends a scalar value; values that are no scalars are replaced.
  mutating func append(scalar value: UInt32) {
    guard value >= 0x80 else { return append(UInt8(truncatingIfNeeded: value)) }
    let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
    for unit in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { append(unit) }
  }
}

extension ScalarOverload {
  /// Makes an overload of exact parameter types.
  static func exact(
    _ parameters: [DataType],
    to type: DataType,
    propagatesNull: Bool = true,
    isDeterministic: Bool = true,
    kernel: @escaping ScalarKernel
  ) -> ScalarOverload {
    ScalarOverload(
      parameters.map { .exact($0) },
      propagatesNull: propagatesNull,
      isDeterministic: isDeterministic,
      result: { _ in type },
      kernel: kernel
    )
  }
}

/// The greatest number of bytes that one text value may grow to in functions that repeat or pad.
let maximumGrownByteCount = 1 << 28

/// Fails where a text would grow beyond `maximumGrownByteCount`.
func checkGrowth(_ byteCount: Int, _ function: String) throws(ExecutionError) {
  guard byteCount <= maximumGrownByteCount else {
    throw ExecutionError(.limit, "the result of \(function) would exceed 256 MiB")
  }
}
