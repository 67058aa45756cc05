/// The members of the outermost object of a text, one of which may hold the records.
///
/// They are passed over one after the other and checked strictly. The array of records can be left
/// out, for somebody who reads it and says where it ended: so a long text is read once.
struct JSONMembers {
  /// One member that is an array.
  struct Array {
    let name: String
    /// Where it begins.
    let start: Int
    /// Whether it has elements and all are objects.
    let holdsObjects: Bool

    /// Whether it is called as arrays of records are.
    var isNamedSo: Bool {
      ["records", "data", "results", "items", "value", "rows"].contains(name)
    }
  }

  private var parser: JSONParser
  private let start: Int
  private var arrays: [Array] = []
  private var memberCount = 0
  private var pending: Array?

  /// The records of a long text are looked for in so many bytes before it is passed over as a whole.
  private static let maximumFrontByteCount = 1 << 20

  /// Begins at the brace of the object.
  init(_ parser: JSONParser) {
    self.parser = parser
    start = parser.position
  }

  /// Passes all members over.
  ///
  /// - Returns: Whether nothing stands behind the object.
  mutating func skipAll(_ bytes: Span<UInt8>) throws(FormatError) -> Bool {
    if try parser.beginsObject(bytes) { try skipMembers(bytes) }
    return !parser.skipSpace(bytes)
  }

  /// Passes over the members in front of an array that begins with an object, or that has the name
  /// given.
  ///
  /// - Returns: Where the array begins; nil where there is none near the beginning.
  mutating func skipToRecords(
    _ bytes: Span<UInt8>,
    named name: String?
  ) throws(FormatError) -> Int? {
    guard try parser.beginsObject(bytes) else { return nil }
    repeat {
      guard parser.position - start < Self.maximumFrontByteCount else { return nil }
      let (found, isArray) = try beginMember(bytes)
      if isArray, name.map({ $0 == found }) ?? beginsWithObject(bytes) {
        pending = Array(name: found, start: parser.position, holdsObjects: true)
        return parser.position
      }
      try skipMember(found, isArray: isArray, bytes)
    } while try parser.continuesObject(bytes)
    return nil
  }

  /// Passes over the members behind the array, whose elements were objects and which ended at `end`.
  ///
  /// - Returns: Whether nothing stands behind the object.
  mutating func skipRest(_ bytes: Span<UInt8>, from end: Int) throws(FormatError) -> Bool {
    if let pending { arrays.append(pending) }
    parser.position = end
    if try parser.continuesObject(bytes) { try skipMembers(bytes) }
    return !parser.skipSpace(bytes)
  }

  /// The array of records, once all members were passed over; nil where there is none.
  func records(_ options: JSONOptions) throws(FormatError) -> (start: Int, note: String?)? {
    if let records = options.records {
      guard let array = arrays.first(where: { $0.name == records }) else {
        throw .jsonShape("the outermost object has no array '\(records)'")
      }
      return (array.start, nil)
    }
    let holders = arrays.filter(\.holdsObjects)
    guard let array = holders.count == 1 ? holders.first : arrays.first(where: \.isNamedSo) else {
      return nil
    }
    let note =
      memberCount > 1
      ? "the rows are the elements of '\(array.name)'; other members were passed over" : nil
    return (array.start, note)
  }

  private mutating func skipMembers(_ bytes: Span<UInt8>) throws(FormatError) {
    repeat {
      let (name, isArray) = try beginMember(bytes)
      try skipMember(name, isArray: isArray, bytes)
    } while try parser.continuesObject(bytes)
  }

  private mutating func beginMember(
    _ bytes: Span<UInt8>
  ) throws(FormatError) -> (name: String, isArray: Bool) {
    let name = try parser.memberName(bytes)
    memberCount += 1
    // Of two members of one name the last counts.
    arrays.removeAll { $0.name == name }
    return (name, parser.skipSpace(bytes) && bytes[parser.position] == UInt8(ascii: "["))
  }

  private mutating func skipMember(
    _ name: String,
    isArray: Bool,
    _ bytes: Span<UInt8>
  ) throws(FormatError) {
    guard isArray else { return try parser.skipValue(bytes, depth: 1) }
    let start = parser.position
    let elements = try parser.skipArray(bytes, depth: 1)
    let holdsObjects = elements.count > 0 && elements.areObjects
    arrays.append(Array(name: name, start: start, holdsObjects: holdsObjects))
  }

  private func beginsWithObject(_ bytes: Span<UInt8>) -> Bool {
    var inner = parser
    inner.position += 1
    return inner.skipSpace(bytes) && bytes[inner.position] == UInt8(ascii: "{")
  }
}
