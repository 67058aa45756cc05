package import TundishColumns

/// What the user says about a JSON file.
package struct JSONOptions: Sendable {
  /// Whether nested objects become columns `outer_inner`.
  package var flattens = false
  /// The member of the outermost object that holds the records; nil is found out.
  package var records: String?
  /// What to do with lines that are no JSON and with records that are no objects.
  package var errorPolicy = ErrorPolicy.tolerate
  /// The columns that are read as text, by folded name.
  package var textColumns: Set<String> = []

  /// Creates options that leave everything to be found out.
  package init() {}

  /// Creates options from names and values as a statement gives them.
  package init(values: [String: String]) throws(FormatError) {
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      switch name.lowercased() {
      case "flatten": flattens = ["true", "1", "on", "yes", ""].contains(value.lowercased())
      case "records": records = value
      case "on_error":
        guard let policy = ErrorPolicy(rawValue: value.lowercased()) else {
          throw .invalidOption(name, value, expected: "fail, skip or null")
        }
        errorPolicy = policy
      case "ignore_errors":
        if ["true", "1", "on", "yes", ""].contains(value.lowercased()) { errorPolicy = .skip }
      case "format", "auto_detect", "encoding", "compression", "locale": break
      default: throw .unknownJSONOption(name)
      }
    }
  }
}

/// A table read from JSON.
package struct JSONResult: Sendable {
  /// The rows.
  package var table: StoredTable
  /// What was decided, one line per column.
  package var columns: [(name: String, type: DataType, evidence: String)]
  /// What else the user should know, one line each.
  package var notes: [String]
  /// Of these, the ones that every use of the rows must show.
  package var rowNotes: [String] = []
  /// The lines and records that were set aside.
  package var rejects: [RejectedRow] = []
}

/// Reads JSON into a table: an array of objects, an object per line, or `{"records": [...]}`.
///
/// The text is read twice, first for the types that hold all values, then for the values. What
/// Salesforce wraps as `attributes` is dropped but for its `referenceId`, which other files refer to.
package enum JSONReader {
  /// Reads a file.
  package static func read(
    path: String,
    options: JSONOptions = JSONOptions()
  ) throws(FormatError) -> JSONResult {
    try read(try InputBytes(path: path), options: options)
  }

  /// Checks that a text is one JSON value by RFC 8259, and nothing else.
  package static func check(_ source: InputBytes) throws(FormatError) {
    try source.withSpan { bytes throws(FormatError) in
      if let offset = UTF8Check.firstInvalid(bytes, 0..<bytes.count) {
        throw JSONParser(position: offset).failure("invalid UTF-8", bytes)
      }
      var parser = JSONParser()
      _ = try parser.value(bytes)
      if parser.skipSpace(bytes) {
        throw parser.failure("text behind the end of the value", bytes)
      }
    }
  }

  /// Whether a text begins as JSON does: with a brace or bracket.
  package static func looksLikeJSON(_ input: InputBytes) -> Bool {
    input.withSpan { bytes in
      var i = 0
      while i < bytes.count, bytes[i] <= 0x20 { i += 1 }
      return i < bytes.count && (bytes[i] == UInt8(ascii: "{") || bytes[i] == UInt8(ascii: "["))
    }
  }

  /// Reads bytes.
  package static func read(
    _ source: InputBytes,
    options: JSONOptions = JSONOptions()
  ) throws(FormatError) -> JSONResult {
    // With a delimiter given the text stays as it is.
    var textOptions = CSVOptions()
    textOptions.delimiter = UInt8(ascii: ",")
    let text = try CSVText(source, options: textOptions)
    return try text.input.withSpan { bytes throws(FormatError) in
      if let offset = UTF8Check.firstInvalid(bytes, 0..<bytes.count) {
        var counter = LineCounter()
        throw .invalidUTF8(
          byte: bytes[offset],
          line: counter.line(bytes, at: offset),
          column: counter.column(bytes, at: offset)
        )
      }
      var run = JSONRun(options: options, start: text.start)
      return try run.read(bytes)
    }
  }
}

/// One reading of a JSON text.
private struct JSONRun {
  let options: JSONOptions
  let start: Int
  private var shape = JSONShape()
  private var notes: [String] = []
  private var rowNotes: [String] = []
  private var droppedAttributes = false
  private var rejects: [RejectedRow] = []
  private var rejectedCount = 0
  private var counter = LineCounter()

  private static let maximumRejectCount = 10_000

  init(options: JSONOptions, start: Int) {
    self.options = options
    self.start = start
  }

  mutating func read(_ bytes: Span<UInt8>) throws(FormatError) -> JSONResult {
    let layout = try JSONLayout(bytes, start: start, options)
    if let note = layout.note { notes.append(note) }
    var record = JSONRecord(flattens: options.flattens)
    var cursor = layout.cursor()
    reading: while true {
      switch try next(&cursor, bytes, into: &record, mayBePlain: true, notesErrors: true) {
      case .plain: shape.add(record, bytes)
      case .tree(let value): shape.add(prepared(value))
      case .end: break reading
      }
    }
    if droppedAttributes {
      notes.append("the member 'attributes' was dropped but for its referenceId")
    }
    rowNotes = cursor.oddities.notes(bytes)
    notes += rowNotes
    return try table(bytes, layout)
  }

  private mutating func table(
    _ bytes: Span<UInt8>,
    _ layout: JSONLayout
  ) throws(FormatError) -> JSONResult {
    let isObject = shape.isObject
    let keys = isObject ? shape.names : ["value"]
    let shapes = isObject ? shape.fields : [shape]
    let names = ColumnNames.distinct(keys.enumerated().map { $1.isEmpty ? "column\($0)" : $1 })
    let readings = zip(names, shapes).map { name, shape in
      options.textColumns.contains(foldedKey(name)) ? JSONReading.text : shape.reading
    }
    let schema = Schema(zip(names, readings).map { Field(name: $0, type: $1.type) })
    var batches: [Batch] = []
    var builders = readings.map { AnyColumnBuilder(type: $0.type) }
    var rowCount = 0
    func flush() {
      guard rowCount > 0 else { return }
      batches.append(Batch(columns: builders.map { $0.finish() }, rowCount: rowCount))
      builders = readings.map { AnyColumnBuilder(type: $0.type) }
      rowCount = 0
    }
    var record = JSONRecord(flattens: options.flattens)
    // So that the columns of a record are those of the table.
    if isObject {
      for key in keys { _ = record.position(ofName: key) }
    }
    var cursor = layout.cursor()
    reading: while true {
      switch try next(&cursor, bytes, into: &record, mayBePlain: isObject, notesErrors: false) {
      case .plain:
        for i in keys.indices {
          builders[i].append(readings[i].value(record.cells[i], of: record, bytes))
        }
      case .tree(let value):
        let value = prepared(value)
        if isObject, value.isMisplaced {
          try setAside(value, at: cursor.recordStart, bytes)
          continue
        }
        if isObject {
          append(value, keys: keys, readings, to: builders)
        } else {
          builders[0].append(readings[0].value(value))
        }
      case .end: break reading
      }
      rowCount += 1
      if rowCount == Batch.preferredRowCount { flush() }
    }
    flush()
    do {
      let table = try StoredTable(schema: schema, batches: batches)
      let columns = zip(names, shapes).map { (name: $0, type: $1.type, evidence: $1.evidence) }
      if rejectedCount > 0, let first = rejects.first {
        let rows = rejectedCount == 1 ? "1 record was" : "\(rejectedCount) records were"
        rowNotes.append(
          "\(rows) set aside, see the table rejects: line \(first.line) (\(first.reason)); "
            + "ON ERROR FAIL stops there"
        )
        notes += rowNotes.suffix(1)
      }
      return JSONResult(
        table: table,
        columns: columns,
        notes: notes,
        rowNotes: rowNotes,
        rejects: rejects
      )
    } catch {
      throw .tooMuch(error.message)
    }
  }

  /// Reads the next record; one that is no JSON is set aside where that is asked for and possible.
  private mutating func next(
    _ cursor: inout JSONCursor,
    _ bytes: Span<UInt8>,
    into record: inout JSONRecord,
    mayBePlain: Bool,
    notesErrors: Bool
  ) throws(FormatError) -> JSONCursor.Step {
    while true {
      do {
        return try cursor.next(bytes, into: &record, mayBePlain: mayBePlain)
      } catch {
        let start = cursor.recordStart
        guard cursor.skipLine(bytes) else { throw error }
        guard options.errorPolicy == .skip || options.errorPolicy == .null else {
          throw error.adding("ON_ERROR 'skip' leaves such lines out")
        }
        if notesErrors { reject(at: start, bytes, reason: error.message) }
      }
    }
  }

  /// Sets a record aside that is no object among objects.
  private mutating func setAside(
    _ value: JSONValue,
    at start: Int,
    _ bytes: Span<UInt8>
  ) throws(FormatError) {
    guard options.errorPolicy != .fail else {
      throw .jsonRecord(line: counter.line(bytes, at: start), text: value.plainText ?? "")
    }
    reject(at: start, bytes, reason: "no object, as the other records are")
  }

  private mutating func reject(at start: Int, _ bytes: Span<UInt8>, reason: String) {
    rejectedCount += 1
    guard rejects.count < Self.maximumRejectCount else { return }
    var end = start
    while end < bytes.count, bytes[end] != 0x0A { end += 1 }
    rejects.append(
      RejectedRow(
        line: counter.line(bytes, at: start),
        column: nil,
        text: Excerpt.text(bytes, start..<end),
        reason: reason
      )
    )
  }

  private func append(
    _ record: JSONValue,
    keys: [String],
    _ readings: [JSONReading],
    to builders: [AnyColumnBuilder]
  ) {
    var byName: [String: JSONValue] = [:]
    if case .object(let members) = record {
      for member in members { byName[member.name] = member.value }
    }
    for (i, key) in keys.enumerated() {
      builders[i].append(readings[i].value(byName[key] ?? .null))
    }
  }

  /// Takes wrappers away, and flattens where asked.
  private mutating func prepared(_ record: JSONValue) -> JSONValue {
    guard case .object(let members) = record else { return record }
    var flat: [JSONValue.Member] = []
    for member in members {
      if member.name == "attributes", case .object = member.value,
        case .string = member.value["type"]
      {
        droppedAttributes = true
        if let reference = member.value["referenceId"] {
          flat.append(JSONValue.Member(name: "referenceId", value: reference))
        }
      } else if options.flattens {
        flatten(member, prefix: "", into: &flat)
      } else {
        flat.append(member)
      }
    }
    return .object(flat)
  }

  private func flatten(
    _ member: JSONValue.Member,
    prefix: String,
    into flat: inout [JSONValue.Member]
  ) {
    let name = prefix.isEmpty ? member.name : "\(prefix)_\(member.name)"
    guard case .object(let members) = member.value else {
      flat.append(JSONValue.Member(name: name, value: member.value))
      return
    }
    for inner in members where inner.name != "attributes" {
      flatten(inner, prefix: name, into: &flat)
    }
  }
}

/// Where the records of a JSON text are.
private struct JSONLayout {
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

  /// Returns what reads the records one after the other.
  func cursor() -> JSONCursor { JSONCursor(at: start, place) }
}
