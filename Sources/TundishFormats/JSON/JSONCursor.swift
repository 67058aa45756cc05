/// Reads the records of a JSON text, one after the other.
struct JSONCursor {
  /// Where the records are.
  enum Place: Sendable, Equatable {
    /// Elements of the outermost array
    case array
    /// One value after the other
    case sequence
    /// Elements of an array inside the outermost object
    case member
  }

  /// What comes next.
  enum Step {
    /// A record whose values are still in the text
    case plain
    /// Any other record
    case tree(JSONValue)
    /// Nothing
    case end
  }

  private var parser: JSONParser
  private let place: Place
  private var hasBegun = false
  /// What was odd so far.
  var oddities: JSONOddities { parser.oddities }
  /// Where the next token begins.
  var position: Int { parser.position }
  /// Where the record that was read last begins.
  private(set) var recordStart = 0

  /// Whether a record begins at the start.
  private let resumes: Bool

  init(at start: Int, _ place: Place, resumes: Bool) {
    parser = JSONParser(position: start)
    self.place = place
    self.resumes = resumes
  }

  /// Reads the next record.
  ///
  /// - Parameters:
  ///   - bytes: The text.
  ///   - record: Where a plain record goes.
  ///   - mayBePlain: Whether records may be left in the text.
  /// - Returns: What was read.
  /// - Throws: `FormatError` where the text is no JSON.
  mutating func next(
    _ bytes: Span<UInt8>,
    into record: inout JSONRecord,
    mayBePlain: Bool
  ) throws(FormatError) -> Step {
    defer { hasBegun = true }
    switch place {
    case .sequence:
      guard parser.skipSpace(bytes) else { return .end }
      return try step(bytes, into: &record, mayBePlain: mayBePlain, depth: 0)
    case .array, .member:
      if hasBegun || !resumes {
        guard try beginsElement(bytes) else { return .end }
      }
      let depth = place == .array ? 1 : 2
      return try step(bytes, into: &record, mayBePlain: mayBePlain, depth: depth)
    }
  }

  /// Reads the next record that is JSON; the others were told when the text was read first.
  mutating func nextGood(
    _ bytes: Span<UInt8>,
    into record: inout JSONRecord,
    mayBePlain: Bool,
    _ options: JSONOptions
  ) throws(FormatError) -> Step {
    while true {
      do throws(FormatError) {
        return try next(bytes, into: &record, mayBePlain: mayBePlain)
      } catch {
        guard try skipBad(bytes, options, error) else { throw error }
      }
    }
  }

  /// Goes on behind a line that is no JSON, where that is asked for; false where it cannot be done.
  mutating func skipBad(
    _ bytes: Span<UInt8>,
    _ options: JSONOptions,
    _ error: FormatError
  ) throws(FormatError) -> Bool {
    guard skipLine(bytes) else { return false }
    guard options.errorPolicy == .skip || options.errorPolicy == .null else {
      throw error.adding("ON_ERROR 'skip' leaves such lines out")
    }
    return true
  }

  /// Goes on behind the line in which a record begins that cannot be read; false where records are
  /// not lines.
  private mutating func skipLine(_ bytes: Span<UInt8>) -> Bool {
    guard case .sequence = place else { return false }
    parser.position = recordStart
    while parser.position < bytes.count, bytes[parser.position] != 0x0A { parser.position += 1 }
    return true
  }

  private mutating func step(
    _ bytes: Span<UInt8>,
    into record: inout JSONRecord,
    mayBePlain: Bool,
    depth: Int
  ) throws(FormatError) -> Step {
    _ = parser.skipSpace(bytes)
    recordStart = parser.position
    if mayBePlain, try record.read(&parser, bytes) { return .plain }
    return .tree(try parser.value(bytes, depth: depth))
  }

  /// Whether another element of the array follows; checks what stands between two.
  private mutating func beginsElement(_ bytes: Span<UInt8>) throws(FormatError) -> Bool {
    if !hasBegun {
      guard parser.skip(UInt8(ascii: "["), bytes) else { return false }
      if !parser.skip(UInt8(ascii: "]"), bytes) { return true }
    } else if parser.skip(UInt8(ascii: ","), bytes) {
      return true
    } else if !parser.skip(UInt8(ascii: "]"), bytes) {
      throw parser.failure("expected ',' or ']'", bytes)
    }
    // What stands behind an array inside an object was checked with the object.
    if place == .array, parser.skipSpace(bytes) {
      throw parser.failure("text behind the end of the array", bytes)
    }
    return false
  }
}
