/// Changes bytes without knowing what they mean.
enum ByteMutator {
  private static let tokens: [[UInt8]] =
    [
      "\"", "\"\"", "'", "\r", "\n", "\r\n", "\n\n", ",", ";", "\t", "|", "\\", "\\u0000",
      "\\uD800",
      "{", "}", "[", "]", ":", "null", "true", "-", ".", "e999", "1e309", "-0", "0x", "00", "%",
      "€", "$", "99999999999999999999999999999999999999999", "-9223372036854775808", "2026-02-30",
      "31.12.2026", "1/2/03", "24:00:00", "2017-03-26T02:30:00+02:00", "--", "/*", "$$", " ",
      "{\"a\":", "[[[[[[[[", "\u{FEFF}", "\u{2028}", "e\u{301}", "\u{0}",
    ].map { Array($0.utf8) } + [
      [0xFF, 0xFE], [0xFE, 0xFF], [0xC0], [0xED, 0xA0, 0x80], [0xF5], [0x80], [0x1F, 0x8B, 8, 0],
      [0xE2, 0x82], [0x00], [0xA4], [0x93],
    ]

  /// Changes one place.
  static func change(_ bytes: inout [UInt8], _ random: inout FuzzRandom) {
    guard !bytes.isEmpty else {
      bytes = random.element(of: tokens) ?? []
      return
    }
    let position = random.below(bytes.count)
    let end = min(bytes.count, position + 1 + random.below(random.once(in: 4) ? 400 : 12))
    switch random.below(10) {
    case 0: bytes.remove(at: position)
    case 1: bytes.removeSubrange(position..<end)
    case 2: bytes[position] ^= 1 << UInt8(random.below(8))
    case 3: bytes[position] = UInt8(random.below(256))
    case 4:
      let copy = Array(bytes[position..<end])
      bytes.insert(contentsOf: copy, at: random.below(bytes.count + 1))
    case 5: bytes.removeSubrange(position...)
    case 6:
      let token = random.element(of: tokens) ?? []
      let count = random.once(in: 30) ? 1 + random.below(5_000) : 1
      bytes.insert(contentsOf: repeatElement(token, count: count).joined(), at: position)
    case 7: bytes.replaceSubrange(position..<end, with: random.element(of: tokens) ?? [])
    case 8: swap(&bytes, position, random.below(bytes.count))
    default: bytes.insert(contentsOf: random.element(of: tokens) ?? [], at: position)
    }
  }

  private static func swap(_ bytes: inout [UInt8], _ first: Int, _ second: Int) {
    bytes.swapAt(first, second)
  }
}
