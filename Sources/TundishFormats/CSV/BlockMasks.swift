// Structure is found 64 bytes at a time: a byte of interest becomes a bit of a mask. Words of eight
// bytes are compared by arithmetic, which measured 3.2 GB/s for three masks where `SIMD64` without a
// movemask gave 0.05 (TundishBench `csv_masks`).

/// Returns a mask with a bit for each of eight bytes that equals the byte repeated in `pattern`.
@inline(__always)
private func equalityMask(_ word: UInt64, _ pattern: UInt64) -> UInt64 {
  let difference = word ^ pattern
  let sevenBits: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
  // The high bit of a byte stays clear exactly where the byte is zero.
  let nonzero = ((difference & sevenBits) &+ sevenBits) | difference | sevenBits
  return ((~nonzero >> 7) &* 0x0102_0408_1020_4080) >> 56
}

/// The bytes that give a file of delimited text its structure, each repeated eight times.
struct StructuralPatterns {
  let delimiter: UInt64
  let newline: UInt64
  /// CR where it ends rows beside LF, else again the newline.
  let otherNewline: UInt64
  /// The quote, else again the delimiter.
  let quote: UInt64
  let hasQuote: Bool

  init(_ dialect: CSVDialect) {
    func repeated(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }
    delimiter = repeated(dialect.delimiter)
    newline = repeated(dialect.lineEnding == .carriageReturn ? 0x0D : 0x0A)
    otherNewline = repeated(dialect.lineEnding == .lineFeed ? 0x0A : 0x0D)
    quote = repeated(dialect.quote ?? dialect.delimiter)
    hasQuote = dialect.quote != nil
  }
}

/// The structure of 64 bytes: bit `i` stands for byte `i`.
struct BlockMasks {
  var delimiters: UInt64 = 0
  var newlines: UInt64 = 0
  var quotes: UInt64 = 0
  /// The high bits of all bytes, gathered; zero where all bytes are ASCII.
  var highBits: UInt64 = 0

  /// Finds the structure of the 64 bytes at an offset, all of which must exist.
  @inline(__always)
  init(_ bytes: RawSpan, at offset: Int, _ patterns: StructuralPatterns) {
    precondition(offset >= 0 && offset &+ 64 <= bytes.byteCount, "a block has 64 bytes")
    var i = 0
    while i < 8 {
      // The block is within the span, as checked above, and any bits form an integer.
      let word = unsafe bytes.unsafeLoadUnaligned(
        fromByteOffset: offset &+ i &* 8,
        as: UInt64.self
      ).littleEndian
      let shift = UInt64(truncatingIfNeeded: i &* 8)
      highBits |= word
      delimiters |= equalityMask(word, patterns.delimiter) &<< shift
      newlines |= equalityMask(word, patterns.newline) &<< shift
      if patterns.otherNewline != patterns.newline {
        newlines |= equalityMask(word, patterns.otherNewline) &<< shift
      }
      if patterns.hasQuote { quotes |= equalityMask(word, patterns.quote) &<< shift }
      i &+= 1
    }
    highBits &= 0x8080_8080_8080_8080
  }

  /// Whether a byte at or above 0x80 is among the block.
  var hasHighBits: Bool { highBits != 0 }

  /// Returns a mask whose bit `i` is the parity of the bits up to and including `i`.
  @inline(__always)
  static func prefixParity(_ mask: UInt64) -> UInt64 {
    var parity = mask
    parity ^= parity &<< 1
    parity ^= parity &<< 2
    parity ^= parity &<< 4
    parity ^= parity &<< 8
    parity ^= parity &<< 16
    parity ^= parity &<< 32
    return parity
  }
}
