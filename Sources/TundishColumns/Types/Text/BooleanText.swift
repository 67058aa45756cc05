/// Truth values as text.
package enum BooleanText {
  /// Reads `true`, `false`, `t`, `f`, `yes`, `no`, `y`, `n`, `1`, `0` in any case, with spaces
  /// around.
  package static func parse(_ bytes: Span<UInt8>) -> Bool? {
    let range = NumberScanner.trimmed(bytes)
    guard range.count >= 1, range.count <= 5 else { return nil }
    var word: UInt64 = 0
    for i in range {
      let byte = bytes[i]
      word = word << 8 | UInt64(byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte)
    }
    switch word {
    case 0x7472_7565, 0x74, 0x79_6573, 0x79, 0x31: return true
    case 0x66_616C_7365, 0x66, 0x6E6F, 0x6E, 0x30: return false
    default: return nil
    }
  }

  /// Appends `true` or `false`.
  package static func append(_ value: Bool, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }
}
