import Glibc
package import TundishColumns

/// A time zone of the system's IANA database.
///
/// The files of `/usr/share/zoneinfo` are read as RFC 8536 describes them. Instants after the last
/// transition use the rule in the file's footer.
package struct SystemTimeZone: TimeZoneSource {
  package let name: String
  private let transitions: [Int64]
  private let offsets: [Int64]
  private let initialOffset: Int64

  /// UTC; always there.
  package static let utc = SystemTimeZone(
    name: "UTC",
    transitions: [],
    offsets: [],
    initialOffset: 0
  )

  package func offsetSeconds(atUTC seconds: Int64) -> Int64 {
    // The last transition that is not after the instant.
    var low = 0
    var high = transitions.count
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle] <= seconds { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? initialOffset : offsets[low - 1]
  }

  package func zone(named name: String) -> (any TimeZoneSource)? {
    if let fixed = SystemTimeZone.fixedOffset(name) { return fixed }
    guard SystemTimeZone.isPlausible(name) else { return nil }
    // The default zone is asked for by every statement, so it costs no file; and the list of
    // spellings (100 KB) is read only where no file has the name as it stands.
    if name == "UTC" { return SystemTimeZone.utc }
    if let zone = SystemTimeZone.read(name) { return zone }
    if let file = SystemTimeZone.canonicalSpelling(of: name) { return SystemTimeZone.read(file) }
    return foldedKey(name) == "utc" ? SystemTimeZone.utc : nil
  }

  private static func read(_ file: String) -> SystemTimeZone? {
    guard let bytes = FileBytes.read("/usr/share/zoneinfo/" + file, limit: 1 << 20) else {
      return nil
    }
    return SystemTimeZone(name: file, bytes: bytes)
  }

  /// Reads an offset such as `+02:00` or `-0530`.
  private static func fixedOffset(_ name: String) -> SystemTimeZone? {
    let bytes = Array(name.utf8)
    guard let sign = bytes.first, sign == 0x2B || sign == 0x2D else { return nil }
    let digits = bytes.dropFirst().filter { $0 != 0x3A }
    guard digits.count == 2 || digits.count == 4, digits.allSatisfy({ $0 >= 48 && $0 <= 57 })
    else { return nil }
    let numbers = digits.map { Int64($0) - 48 }
    let hours = numbers[0] * 10 + numbers[1]
    let minutes = numbers.count == 4 ? numbers[2] * 10 + numbers[3] : 0
    guard hours <= 18, minutes < 60 else { return nil }
    let seconds = (hours * 3_600 + minutes * 60) * (sign == 0x2D ? -1 : 1)
    return SystemTimeZone(name: name, transitions: [], offsets: [], initialOffset: seconds)
  }

  /// Letters, digits, `_ + - /`, no `..`: a name cannot leave the database's folder.
  private static func isPlausible(_ name: String) -> Bool {
    guard !name.isEmpty, name.utf8.count < 64, !name.hasPrefix("/") else { return false }
    return name.utf8.allSatisfy {
      $0 >= 48 && $0 <= 57 || $0 >= 65 && $0 <= 90 || $0 >= 97 && $0 <= 122
        || $0 == 95 || $0 == 43 || $0 == 45 || $0 == 47
    }
  }

  /// `europe/amsterdam` as the database spells it.
  private static func canonicalSpelling(of name: String) -> String? {
    guard let list = FileBytes.read("/usr/share/zoneinfo/tzdata.zi", limit: 1 << 21) else {
      return nil
    }
    let folded = foldedKey(name)
    for line in list.split(separator: 0x0A) {
      let words = line.split(separator: 0x20)
      guard let kind = words.first, words.count >= 3 else { continue }
      // `Z name ...` declares a zone, `L target name` a link.
      let candidate: ArraySlice<UInt8>? =
        kind.elementsEqual([0x5A]) ? words[1] : kind.elementsEqual([0x4C]) ? words[2] : nil
      if let candidate {
        let text = String(decoding: candidate, as: UTF8.self)
        if foldedKey(text) == folded { return text }
      }
    }
    return nil
  }
}

extension SystemTimeZone {
  /// Reads a TZif file; nil if it is none.
  private init?(name: String, bytes: [UInt8]) {
    var reader = TimeZoneFileReader(bytes: bytes)
    guard let block = reader.read() else { return nil }
    let transitions = block.transitions + block.laterTransitions()
    self.init(
      name: name,
      transitions: transitions.map(\.instant),
      offsets: transitions.map(\.offset),
      initialOffset: block.initialOffset
    )
  }
}
