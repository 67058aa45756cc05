/// Reads words for true and false, whatever their case.
enum BooleanReading {
  /// Pairs of words of which a column uses one.
  static let families: [(truth: StaticString, falsehood: StaticString)] = [
    ("true", "false"), ("yes", "no"), ("ja", "nee"), ("ja", "nein"), ("oui", "non"),
    ("wahr", "falsch"), ("vrai", "faux"), ("waar", "onwaar"), ("sim", "não"), ("sim", "nao"),
    ("sí", "no"), ("si", "no"), ("sì", "no"), ("tak", "nie"), ("da", "nu"), ("ja", "nej"),
    ("ja", "nei"), ("ano", "ne"), ("evet", "hayır"), ("はい", "いいえ"),
  ]

  /// The families of which one word alone says nothing: `da`, `si` and `ano` are other words too.
  static let pairedFamilies: UInt32 = 0xFF_FF00

  /// The first letters of the first family, as PostgreSQL writes booleans: 1 for `t`, 2 for `f`; zero
  /// for other texts.
  static func letterBit(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt8 {
    guard range.count == 1 else { return 0 }
    switch bytes[range.lowerBound] | 0x20 {
    case UInt8(ascii: "t"): return 1
    case UInt8(ascii: "f"): return 2
    default: return 0
    }
  }

  /// Returns the families to which a word belongs as bits; zero where it belongs to none.
  ///
  /// The two halves of the result are the families whose word for true it is, and for false.
  static func familyBits(
    _ bytes: Span<UInt8>,
    _ range: Range<Int>
  ) -> (truths: UInt32, falsehoods: UInt32) {
    switch letterBit(bytes, range) {
    case 1: return (1, 0)
    case 2: return (0, 1)
    case _: break
    }
    guard range.count >= 2, range.count <= 9 else { return (0, 0) }
    var (truths, falsehoods): (UInt32, UInt32) = (0, 0)
    for (i, family) in families.enumerated() {
      if equals(bytes, range, family.truth) { truths |= 1 << UInt32(i) }
      if equals(bytes, range, family.falsehood) { falsehoods |= 1 << UInt32(i) }
    }
    return (truths, falsehoods)
  }

  /// Reads `true` or `false` in lower case: the fast way for what machines write.
  @inline(__always)
  static func trueOrFalse(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool? {
    switch range.count {
    case 4: bytes.word(at: range.lowerBound, count: 4) == 0x6575_7274 ? true : nil
    case 5: bytes.word(at: range.lowerBound, count: 5) == 0x65_736C_6166 ? false : nil
    default: nil
    }
  }

  /// Reads a word of any family; a user's BOOLEAN column also takes `t`, `f`, `1` and `0`.
  static func boolean(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool? {
    for family in families {
      if equals(bytes, range, family.truth) { return true }
      if equals(bytes, range, family.falsehood) { return false }
    }
    guard range.count == 1 else { return nil }
    switch bytes[range.lowerBound] {
    case UInt8(ascii: "1"), UInt8(ascii: "t"), UInt8(ascii: "T"), UInt8(ascii: "y"),
      UInt8(ascii: "Y"):
      return true
    case UInt8(ascii: "0"), UInt8(ascii: "f"), UInt8(ascii: "F"), UInt8(ascii: "n"),
      UInt8(ascii: "N"):
      return false
    default: return nil
    }
  }

  private static func equals(
    _ bytes: Span<UInt8>,
    _ range: Range<Int>,
    _ word: StaticString
  ) -> Bool {
    guard range.count == word.utf8CodeUnitCount else { return false }
    let start = range.lowerBound
    // The buffer has `range.count` letters.
    return word.withUTF8Buffer { letters in
      // The bit that makes Latin letters small changes letters beyond ASCII on both sides.
      for i in 0..<letters.count where unsafe bytes[start + i] | 0x20 != letters[i] | 0x20 {
        return false
      }
      return true
    }
  }
}
