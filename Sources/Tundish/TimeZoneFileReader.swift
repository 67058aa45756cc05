/// Reads the 64-bit block and the footer of a TZif file (RFC 8536).
struct TimeZoneFileReader {
  /// An instant from which an offset holds.
  struct Transition {
    let instant: Int64
    let offset: Int64
  }

  /// What a file says.
  struct Contents {
    let transitions: [Transition]
    let initialOffset: Int64
    let footer: String

    /// The transitions that the footer's rule gives after the listed ones, up to the year 2200.
    func laterTransitions() -> [Transition] {
      guard let rule = TimeZoneRule(footer) else { return [] }
      let last = transitions.last?.instant ?? Int64.min
      return rule.transitions(years: 1970...2200).filter { $0.instant > last }
    }
  }

  private let bytes: [UInt8]
  private var position = 0

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Reads the file; nil where it is damaged or of the first version, which has 32-bit times only.
  mutating func read() -> Contents? {
    guard let first = header() else { return nil }
    guard first.version >= 0x32 else { return nil }
    position += first.size(timeSize: 4)
    guard let counts = header(), position + counts.size(timeSize: 8) <= bytes.count else {
      return nil
    }
    var instants: [Int64] = []
    for _ in 0..<counts.times { instants.append(Int64(bitPattern: integer(8))) }
    let indices = (0..<counts.times).map { _ in Int(integer(1)) }
    var offsets: [Int64] = []
    for _ in 0..<counts.types {
      offsets.append(Int64(Int32(truncatingIfNeeded: Int64(bitPattern: integer(4)))))
      position += 2
    }
    position += counts.characters + counts.leaps * 12 + counts.standards + counts.locals
    guard let initial = offsets.first, indices.allSatisfy({ $0 < offsets.count }) else {
      return nil
    }
    let footer = bytes[min(position, bytes.count)...].drop { $0 == 0x0A }.prefix { $0 != 0x0A }
    return Contents(
      transitions: zip(instants, indices).map { Transition(instant: $0, offset: offsets[$1]) },
      initialOffset: initial,
      footer: String(decoding: footer, as: UTF8.self)
    )
  }

  /// The counts at the start of a block.
  private struct Header {
    var version: UInt8
    var locals: Int
    var standards: Int
    var leaps: Int
    var times: Int
    var types: Int
    var characters: Int

    func size(timeSize: Int) -> Int {
      times * timeSize + times + types * 6 + characters + leaps * (timeSize + 4) + standards
        + locals
    }
  }

  private mutating func header() -> Header? {
    guard position + 44 <= bytes.count, bytes[position..<position + 4].elementsEqual("TZif".utf8)
    else { return nil }
    let version = bytes[position + 4]
    position += 20
    let counts = (0..<6).map { _ in Int(integer(4)) }
    guard counts.allSatisfy({ $0 <= bytes.count }) else { return nil }
    return Header(
      version: version,
      locals: counts[0],
      standards: counts[1],
      leaps: counts[2],
      times: counts[3],
      types: counts[4],
      characters: counts[5]
    )
  }

  /// The next big-endian integer of up to 8 bytes; zero past the end.
  private mutating func integer(_ size: Int) -> UInt64 {
    var value: UInt64 = 0
    for _ in 0..<size {
      value = value << 8 | UInt64(position < bytes.count ? bytes[position] : 0)
      position += 1
    }
    return value
  }
}
