import TundishSyntax

/// Changes statements by their pieces and by their bytes.
struct TextMutator {
  /// Texts that pieces are borrowed from.
  let donors: [[[UInt8]]]

  private static let words = (Keyword.allCases.map(\.rawValue) + Symbol.allCases.map(\.rawValue))
    .map { Array(" \($0) ".utf8) }

  /// Numbers and values at the edges of their types.
  private static let extremes = [
    "0", "-1", "1", "127", "128", "255", "32768", "2147483647", "2147483648", "-2147483648",
    "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551615",
    "170141183460469231731687303715884105727", "170141183460469231731687303715884105728",
    "99999999999999999999999999999999999999", "1e308", "1e309", "1e-400", "5e-324", "0.1e-30",
    "0.00000000000000000000000000000000000001", "NULL", "'nan'::DOUBLE", "'inf'::DOUBLE",
    "DATE '5881580-07-10'", "DATE '-4712-01-01'", "DATE '9999-12-31'", "INTERVAL '2147483647 days'",
    "INTERVAL '-178956970 years'", "TIMESTAMP '294247-01-10 04:00:54'", "''", "[]", "{}", "'\\'",
    "NULL::INTEGER[]", "(SELECT NULL)", "X'00'", "TRUE", "'\u{0}'", "'e\u{301}🏴'", "9999999999%",
    "2000000000 days", "$1", "?",
  ].map { Array($0.utf8) }

  /// What is put around pieces many times over.
  private static let nestings: [([UInt8], [UInt8])] = [
    ("(", ")"), ("-", ""), ("NOT ", ""), ("[", "]"), ("{'a': ", "}"),
    ("CASE WHEN TRUE THEN ", " END"),
    ("(SELECT ", ")"), ("abs(", ")"), ("CAST(", " AS INTEGER)"), ("", " + 1"), ("", "::INTEGER"),
    ("", "[1]"), ("", ".a"), ("", " OR TRUE"), ("", " UNION ALL SELECT 1"), ("EXISTS (FROM ", ")"),
    ("((SELECT * FROM ", "))"), ("EXPLAIN ", ""), ("/*", "*/"), ("", " || ''"), ("x -> ", ""),
    ("", "[]"), ("WITH w AS (SELECT 1) ", ""), ("", ", 1"), ("t CROSS JOIN ", ""),
  ].map { (Array($0.0.utf8), Array($0.1.utf8)) }

  /// Changes a text in one to five places.
  func mutated(_ text: [[UInt8]], _ random: inout FuzzRandom) -> [UInt8] {
    var pieces = text
    for _ in 0...random.below(5) {
      guard !pieces.isEmpty else { break }
      change(&pieces, &random)
    }
    var bytes = Array(pieces.joined())
    if random.once(in: 4) { ByteMutator.change(&bytes, &random) }
    return bytes
  }

  private func change(_ pieces: inout [[UInt8]], _ random: inout FuzzRandom) {
    let position = random.below(pieces.count)
    let end = min(pieces.count, position + 1 + random.below(8))
    switch random.below(12) {
    case 0: pieces.remove(at: position)
    case 1: pieces.removeSubrange(position..<end)
    case 2:
      let copy = Array(pieces[position..<end])
      pieces.insert(contentsOf: copy, at: random.below(pieces.count + 1))
    case 3: pieces.swapAt(position, random.below(pieces.count))
    case 4, 5: splice(&pieces, position..<end, &random)
    case 6, 7: replaceLike(&pieces, from: position, &random)
    case 8: pieces.insert(random.element(of: Self.words) ?? [], at: position)
    case 9: pieces[position] = random.element(of: Self.words) ?? []
    case 10: pieces[position] = random.element(of: Self.extremes) ?? []
    default: nest(&pieces, position..<end, &random)
    }
  }

  /// Puts pieces of another text in the place of some.
  private func splice(
    _ pieces: inout [[UInt8]],
    _ range: Range<Int>,
    _ random: inout FuzzRandom
  ) {
    guard let donor = random.element(of: donors), !donor.isEmpty else { return }
    let start = random.below(donor.count)
    let end = min(donor.count, start + 1 + random.below(14))
    let target = random.once(in: 2) ? range : range.lowerBound..<range.lowerBound
    pieces.replaceSubrange(target, with: [[32]] + donor[start..<end] + [[32]])
  }

  /// Puts another number for the next number, another word of any text for the next word.
  private func replaceLike(
    _ pieces: inout [[UInt8]],
    from position: Int,
    _ random: inout FuzzRandom
  ) {
    let wantsNumber = random.once(in: 3)
    let isWanted = wantsNumber ? TextPieces.isNumber : TextPieces.isWord
    guard let target = pieces[position...].firstIndex(where: isWanted) else { return }
    if wantsNumber {
      pieces[target] = random.element(of: Self.extremes) ?? []
    } else if let donor = random.once(in: 2) ? pieces : random.element(of: donors),
      let word = random.element(of: donor.filter(TextPieces.isWord))
    {
      pieces[target] = word
    }
  }

  private func nest(
    _ pieces: inout [[UInt8]],
    _ range: Range<Int>,
    _ random: inout FuzzRandom
  ) {
    guard let (open, close) = random.element(of: Self.nestings) else { return }
    let depth = random.once(in: 400) ? 2_000 + random.below(20_000) : 1 + random.below(40)
    pieces.insert(Array(repeatElement(close, count: depth).joined()), at: range.upperBound)
    pieces.insert(Array(repeatElement(open, count: depth).joined()), at: range.lowerBound)
  }
}
