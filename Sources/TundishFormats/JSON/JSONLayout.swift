/// Where the records of a JSON text are.
struct JSONLayout: Sendable {
  private let place: JSONCursor.Place
  private let start: Int
  /// What was decided, where that is not plain.
  let note: String?

  init(_ bytes: Span<UInt8>, start: Int, _ options: JSONOptions) throws(FormatError) {
    var parser = JSONParser(position: start)
    guard parser.skipSpace(bytes) else { throw .emptyFile }
    let isArray = bytes[parser.position] == UInt8(ascii: "[")
    var place = isArray && options.format != .sequence ? JSONCursor.Place.array : .sequence
    var recordStart = start
    var note: String?
    if options.format == .array, !isArray {
      throw .jsonShape("the text is no array, as FORMAT 'array' says")
    }
    if !isArray, options.format == .found, options.unpacksRecords {
      do throws(FormatError) {
        if let member = try Self.recordMember(bytes, parser, options) {
          place = .member
          recordStart = member.start
          note = member.note
        }
      } catch {
        // A first line that is no JSON is set aside like any other.
        let sets = options.errorPolicy == .skip || options.errorPolicy == .null
        guard sets, options.records == nil else { throw error }
      }
    }
    self.place = place
    self.start = recordStart
    self.note = note
  }

  /// Whether records stand one behind the other, with nothing between them.
  var isSequence: Bool { place == .sequence }

  /// Returns what reads the records one after the other; from `record` on, where one begins there.
  func cursor(from record: Int? = nil) -> JSONCursor {
    JSONCursor(at: record ?? start, place, resumes: record != nil)
  }

  /// One member of the outermost object that is an array.
  private struct Member {
    var name: String
    var start: Int
    var elements: JSONParser.Elements

    /// Whether its elements look like records.
    var holdsObjects: Bool { elements.count > 0 && elements.areObjects }
    /// Whether it is called as arrays of records are.
    var isNamedSo: Bool {
      ["records", "data", "results", "items", "value", "rows"].contains(name)
    }
  }

  /// Looks for the array of records in an object that is the whole text; nil where there is none.
  private static func recordMember(
    _ bytes: Span<UInt8>,
    _ first: JSONParser,
    _ options: JSONOptions
  ) throws(FormatError) -> (start: Int, note: String?)? {
    var parser = first
    guard bytes[parser.position] == UInt8(ascii: "{") else { return nil }
    var arrays: [Member] = []
    var memberCount = 0
    if try parser.beginsObject(bytes) {
      repeat {
        let name = try parser.memberName(bytes)
        memberCount += 1
        // Of two members of one name the last counts.
        arrays.removeAll { $0.name == name }
        if parser.skipSpace(bytes), bytes[parser.position] == UInt8(ascii: "[") {
          let start = parser.position
          let elements = try parser.skipArray(bytes, depth: 1)
          arrays.append(Member(name: name, start: start, elements: elements))
        } else {
          try parser.skipValue(bytes, depth: 1)
        }
      } while try parser.continuesObject(bytes)
    }
    guard !parser.skipSpace(bytes) else { return nil }
    if let records = options.records {
      guard let member = arrays.first(where: { $0.name == records }) else {
        throw .jsonShape("the outermost object has no array '\(records)'")
      }
      return (member.start, nil)
    }
    let holders = arrays.filter(\.holdsObjects)
    guard let member = holders.count == 1 ? holders.first : arrays.first(where: \.isNamedSo) else {
      return nil
    }
    let note =
      memberCount > 1
      ? "the rows are the elements of '\(member.name)'; other members were passed over" : nil
    return (member.start, note)
  }
}
