/// What is valid JSON and yet probably not what its writer meant.
struct JSONOddities: Sendable {
  /// How often something occurred, and where first.
  struct Places: Sendable {
    private(set) var count = 0
    private(set) var first = 0

    mutating func add(_ position: Int) {
      if count == 0 { first = position }
      count += 1
    }

    /// Takes places behind these.
    mutating func add(_ later: Places) {
      if count == 0 { first = later.first }
      count += later.count
    }
  }

  /// Halves of surrogate pairs without the other half, read as U+FFFD.
  var halves = Places()
  /// Names that an object has already; the last value of a name counts.
  var duplicates = Places()

  /// Takes what was odd in a later part of the text.
  mutating func add(_ later: JSONOddities) {
    halves.add(later.halves)
    duplicates.add(later.duplicates)
  }

  /// What the user must know, one line each.
  func notes(_ bytes: Span<UInt8>) -> [String] {
    var notes: [String] = []
    if duplicates.count > 0 {
      let name = JSONParser.name(bytes, at: duplicates.first)
      let times = duplicates.count == 1 ? "once" : "\(duplicates.count) times"
      notes.append(
        "a name occurs again in its object \(times), first \"\(name)\" in line "
          + "\(Self.line(bytes, duplicates.first)): the last value counts"
      )
    }
    if halves.count > 0 {
      let escapes =
        halves.count == 1
        ? "1 escape is half of a pair" : "\(halves.count) escapes are halves of pairs"
      notes.append(
        "\(escapes) of surrogates, first in line \(Self.line(bytes, halves.first)), "
          + "read as U+FFFD"
      )
    }
    return notes
  }

  private static func line(_ bytes: Span<UInt8>, _ offset: Int) -> Int {
    var counter = LineCounter()
    return counter.line(bytes, at: offset)
  }
}

extension JSONParser {
  /// The name that begins at a position, for messages.
  static func name(_ bytes: Span<UInt8>, at position: Int) -> String {
    var parser = JSONParser(position: position)
    guard case .string(let text) = try? parser.value(bytes) else { return "" }
    return String(decoding: text, as: UTF8.self)
  }
}
