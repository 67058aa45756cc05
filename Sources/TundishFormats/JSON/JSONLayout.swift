/// Where the records of a JSON text are.
struct JSONLayout: Sendable {
  private let place: JSONCursor.Place
  private let start: Int
  /// What was decided, where that is not plain.
  let note: String?

  init(_ bytes: Span<UInt8>, start: Int, _ options: JSONOptions) throws(FormatError) {
    self.start = start
    let records = options.records
    var parser = JSONParser(position: start)
    guard parser.skipSpace(bytes) else { throw .emptyFile }
    if bytes[parser.position] == UInt8(ascii: "[") {
      place = .array
      note = nil
      return
    }
    let first: JSONValue
    do {
      first = try parser.value(bytes)
    } catch {
      guard options.errorPolicy == .skip || options.errorPolicy == .null else { throw error }
      // A first line that is no JSON is set aside like any other.
      place = .sequence
      note = nil
      return
    }
    let isAlone = !parser.skipSpace(bytes)
    guard isAlone, case .object(let members) = first else {
      place = .sequence
      note = nil
      return
    }
    if let records {
      guard case .array = first[records] else {
        throw .jsonShape("the outermost object has no array '\(records)'")
      }
      place = .member(records)
      note = nil
      return
    }
    let arrays = members.filter { member in
      guard case .array(let elements) = member.value, !elements.isEmpty else { return false }
      return elements.allSatisfy { if case .object = $0 { true } else { false } }
    }
    let named = members.filter { member in
      guard case .array = member.value else { return false }
      return ["records", "data", "results", "items", "value", "rows"].contains(member.name)
    }
    if let member = arrays.count == 1 ? arrays.first : named.first {
      place = .member(member.name)
      note =
        members.count > 1
        ? "the rows are the elements of '\(member.name)'; other members were passed over" : nil
    } else {
      place = .sequence
      note = nil
    }
  }

  /// Returns what reads the records one after the other; from `record` on, where one begins there.
  func cursor(from record: Int? = nil) -> JSONCursor {
    JSONCursor(at: record ?? start, place, resumes: record != nil)
  }

  /// Whether records can be read from any of them on.
  var isResumable: Bool {
    if case .member = place { false } else { true }
  }
}
