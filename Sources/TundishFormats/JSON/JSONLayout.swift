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

  /// Whether the records are sought from an offset on.
  func begins(at offset: Int) -> Bool { start == offset }

  /// Whether records are the elements of an array inside the outermost object.
  var isMember: Bool { place == .member }

  /// Returns what reads the records one after the other; from `record` on, where one begins there.
  func cursor(from record: Int? = nil) -> JSONCursor {
    JSONCursor(at: record ?? start, place, resumes: record != nil)
  }

  /// Looks for the array of records in an object that is the whole text; nil where there is none.
  private static func recordMember(
    _ bytes: Span<UInt8>,
    _ first: JSONParser,
    _ options: JSONOptions
  ) throws(FormatError) -> (start: Int, note: String?)? {
    guard bytes[first.position] == UInt8(ascii: "{") else { return nil }
    var members = JSONMembers(first)
    guard try members.skipAll(bytes) else { return nil }
    return try members.records(options)
  }
}

extension JSONLayout {
  /// Takes the first array of objects inside the outermost one for the records, before it is known
  /// what stands behind it.
  ///
  /// Returns nil where there is none; `members` are to be passed over to their end once the records
  /// were read.
  static func guessed(
    _ bytes: Span<UInt8>,
    start: Int,
    _ options: JSONOptions
  ) -> (layout: JSONLayout, members: JSONMembers)? {
    guard options.format == .found, options.unpacksRecords else { return nil }
    var parser = JSONParser(position: start)
    guard parser.skipSpace(bytes), bytes[parser.position] == UInt8(ascii: "{") else { return nil }
    var members = JSONMembers(parser)
    guard let found = try? members.skipToRecords(bytes, named: options.records) else { return nil }
    return (JSONLayout(place: .member, start: found), members)
  }

  private init(place: JSONCursor.Place, start: Int) {
    self.place = place
    self.start = start
    note = nil
  }
}
