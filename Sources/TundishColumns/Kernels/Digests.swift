/// Message digests, for comparing and anonymising, not for security: MD5 and SHA-1 are broken.
enum Digests {
  /// Returns the MD5 digest (RFC 1321).
  static func md5(_ bytes: Span<UInt8>) -> [UInt8] {
    var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476]
    let message = padded(bytes, isBigEndian: false)
    var words = Array(repeating: UInt32(0), count: 16)
    for block in stride(from: 0, to: message.count, by: 64) {
      for index in 0..<16 {
        words[index] =
          UInt32(message[block + 4 * index]) | UInt32(message[block + 4 * index + 1]) << 8
          | UInt32(message[block + 4 * index + 2]) << 16
          | UInt32(message[block + 4 * index + 3]) << 24
      }
      var (a, b, c, d) = (state[0], state[1], state[2], state[3])
      for round in 0..<64 {
        let mixed: UInt32
        let word: Int
        switch round >> 4 {
        case 0:
          mixed = (b & c) | (~b & d)
          word = round
        case 1:
          mixed = (d & b) | (~d & c)
          word = (5 * round + 1) & 15
        case 2:
          mixed = b ^ c ^ d
          word = (3 * round + 5) & 15
        default:
          mixed = c ^ (b | ~d)
          word = (7 * round) & 15
        }
        let sum = a &+ mixed &+ md5Constants[round] &+ words[word]
        let shift = md5Shifts[(round >> 4) * 4 + (round & 3)]
        (a, d, c, b) = (d, c, b, b &+ rotatedLeft(sum, shift))
      }
      state[0] &+= a
      state[1] &+= b
      state[2] &+= c
      state[3] &+= d
    }
    return state.flatMap { word in
      [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
    }
  }

  /// Returns the SHA-1 digest (FIPS 180-4).
  static func sha1(_ bytes: Span<UInt8>) -> [UInt8] {
    var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
    let message = padded(bytes, isBigEndian: true)
    var words = Array(repeating: UInt32(0), count: 80)
    for block in stride(from: 0, to: message.count, by: 64) {
      for index in 0..<16 { words[index] = bigEndianWord(message, block + 4 * index) }
      for index in 16..<80 {
        words[index] = rotatedLeft(
          words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16],
          1
        )
      }
      var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
      for round in 0..<80 {
        let mixed: UInt32
        let constant: UInt32
        switch round / 20 {
        case 0: (mixed, constant) = ((b & c) | (~b & d), 0x5A82_7999)
        case 1: (mixed, constant) = (b ^ c ^ d, 0x6ED9_EBA1)
        case 2: (mixed, constant) = ((b & c) | (b & d) | (c & d), 0x8F1B_BCDC)
        default: (mixed, constant) = (b ^ c ^ d, 0xCA62_C1D6)
        }
        let next = rotatedLeft(a, 5) &+ mixed &+ e &+ constant &+ words[round]
        (e, d, c, b, a) = (d, c, rotatedLeft(b, 30), a, next)
      }
      for (index, value) in [a, b, c, d, e].enumerated() { state[index] &+= value }
    }
    return state.flatMap { bigEndianBytes($0) }
  }

  /// Returns the SHA-256 digest (FIPS 180-4).
  static func sha256(_ bytes: Span<UInt8>) -> [UInt8] {
    var state: [UInt32] = [
      0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB,
      0x5BE0_CD19,
    ]
    let message = padded(bytes, isBigEndian: true)
    var words = Array(repeating: UInt32(0), count: 64)
    for block in stride(from: 0, to: message.count, by: 64) {
      for index in 0..<16 { words[index] = bigEndianWord(message, block + 4 * index) }
      for index in 16..<64 {
        let early = words[index - 15]
        let late = words[index - 2]
        let first = rotatedLeft(early, 25) ^ rotatedLeft(early, 14) ^ early >> 3
        let second = rotatedLeft(late, 15) ^ rotatedLeft(late, 13) ^ late >> 10
        words[index] = words[index - 16] &+ first &+ words[index - 7] &+ second
      }
      var s = state
      for round in 0..<64 {
        let high = rotatedLeft(s[4], 26) ^ rotatedLeft(s[4], 21) ^ rotatedLeft(s[4], 7)
        let choice = (s[4] & s[5]) ^ (~s[4] & s[6])
        let first = s[7] &+ high &+ choice &+ sha256Constants[round] &+ words[round]
        let low = rotatedLeft(s[0], 30) ^ rotatedLeft(s[0], 19) ^ rotatedLeft(s[0], 10)
        let majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2])
        s = [first &+ low &+ majority, s[0], s[1], s[2], s[3] &+ first, s[4], s[5], s[6]]
      }
      for index in 0..<8 { state[index] &+= s[index] }
    }
    return state.flatMap { bigEndianBytes($0) }
  }

  private static func padded(_ bytes: Span<UInt8>, isBigEndian: Bool) -> [UInt8] {
    var message: [UInt8] = []
    message.reserveCapacity(bytes.count + 72)
    for i in bytes.indices { message.append(bytes[i]) }
    message.append(0x80)
    while message.count % 64 != 56 { message.append(0) }
    let bitCount = UInt64(bytes.count) &* 8
    for index in 0..<8 {
      let shift = UInt64(isBigEndian ? 56 - 8 * index : 8 * index)
      message.append(UInt8(truncatingIfNeeded: bitCount >> shift))
    }
    return message
  }

  private static func bigEndianWord(_ message: [UInt8], _ offset: Int) -> UInt32 {
    UInt32(message[offset]) << 24 | UInt32(message[offset + 1]) << 16
      | UInt32(message[offset + 2]) << 8 | UInt32(message[offset + 3])
  }

  private static func bigEndianBytes(_ word: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
  }

  private static func rotatedLeft(_ word: UInt32, _ count: UInt32) -> UInt32 {
    word << count | word >> (32 - count)
  }

  private static let md5Shifts: [UInt32] = [
    7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21,
  ]

  /// The integer parts of 2^32 times the absolute sines of 1 to 64.
  private static let md5Constants: [UInt32] = (1...64).map {
    UInt32(Maths.floored(abs(Maths.sine(Double($0))) * 4_294_967_296))
  }

  /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
  private static let sha256Constants: [UInt32] = {
    var constants: [UInt32] = []
    var candidate: Int128 = 2
    while constants.count < 64 {
      if (2..<candidate).allSatisfy({ candidate % $0 != 0 }) {
        // The greatest r with r^3 <= candidate * 2^96, so that r is the root times 2^32.
        var root: Int128 = 0
        for bit in (0..<36).reversed() {
          let trial = root | 1 << Int128(bit)
          if trial * trial <= (candidate << 96) / trial { root = trial }
        }
        constants.append(UInt32(truncatingIfNeeded: root))
      }
      candidate += 1
    }
    return constants
  }()
}
