/// Turns batches into bytes and back, for rows that wait in a temporary file.
///
/// Types stay in memory and are named by number. So do the dictionaries of coded text, as long as
/// they are few: they mostly belong to a table, which is in memory anyhow, and rows that come back
/// with their dictionary are as fast to work on as before. The bytes mean something only to the
/// archive that wrote them.
package struct BatchArchive: Sendable {
  private var types: [DataType] = []
  private var typeNumbers: [DataType: Int] = [:]
  private var dictionaries: [TextDictionary] = []
  private var dictionaryNumbers: [ObjectIdentifier: Int] = [:]

  /// The most dictionaries that are kept, apart from those of `ENUM` types, which are the labels in
  /// their order: expressions may make a dictionary per batch.
  private static let dictionaryLimit = 64

  /// Creates an archive without batches.
  package init() {}

  /// Returns a batch as bytes.
  package mutating func encoded(_ batch: Batch) -> [UInt8] {
    var writer = ByteWriter()
    writer.put(batch.rowCount)
    writer.put(batch.columns.count)
    for column in batch.columns { encode(column, to: &writer) }
    return writer.bytes
  }

  /// Returns the batch that some bytes of this archive stand for.
  package func decoded(_ bytes: [UInt8]) -> Batch {
    var reader = ByteReader(bytes)
    let rowCount = reader.takeNumber()
    let columnCount = reader.takeNumber()
    var columns: [Column] = []
    columns.reserveCapacity(columnCount)
    for _ in 0..<columnCount { columns.append(decode(&reader)) }
    return Batch(columns: columns, rowCount: rowCount)
  }

  // MARK: - Columns

  /// How the values of a column are written.
  private enum Form: Int {
    case boolean, int64, int128, float64, text, dictionary, interval, list, structure
  }

  private mutating func encode(_ column: Column, to writer: inout ByteWriter) {
    writer.put(number(of: column.type))
    writer.put(column.count)
    writer.put((column.isConstant ? 1 : 0) | (column.validity == nil ? 0 : 2))
    if let validity = column.validity { writer.put(validity) }
    switch column.data {
    case .boolean(let values):
      writer.put(Form.boolean.rawValue)
      writer.put(values)
    case .int64(let values):
      writer.put(Form.int64.rawValue)
      writer.put(values)
    case .int128(let values):
      writer.put(Form.int128.rawValue)
      writer.put(values)
    case .float64(let values):
      writer.put(Form.float64.rawValue)
      writer.put(values)
    case .text(let values):
      encode(values, to: &writer)
    case .dictionary(let codes, let dictionary):
      if let number = number(of: dictionary, type: column.type) {
        writer.put(Form.dictionary.rawValue)
        writer.put(number)
        writer.put(codes)
      } else {
        let views = codes.map { dictionary.values.views[Int($0)] }
        encode(TextVector(views: views, bytes: dictionary.values.bytes), to: &writer)
      }
    case .interval(let values):
      writer.put(Form.interval.rawValue)
      writer.put(values.map(\.months))
      writer.put(values.map(\.days))
      writer.put(values.map(\.microseconds))
    case .list(let lists):
      writer.put(Form.list.rawValue)
      encode(lists, validity: column.validity, to: &writer)
    case .structure(let members, let count):
      writer.put(Form.structure.rawValue)
      writer.put(count)
      writer.put(members.count)
      for member in members { encode(member, to: &writer) }
    }
  }

  /// Writes the bytes of the values only: a vector may share a buffer with a whole table.
  private func encode(_ values: TextVector, to writer: inout ByteWriter) {
    let own = values.compacted()
    writer.put(Form.text.rawValue)
    writer.put(own.views.map(\.length))
    writer.put(own.bytes)
  }

  /// Writes the elements of the lists only, one list after the other.
  private mutating func encode(
    _ lists: ListVector,
    validity: [Bool]?,
    to writer: inout ByteWriter
  ) {
    var counts: [Int32] = []
    var elements: [Int32] = []
    counts.reserveCapacity(lists.ranges.count)
    for (row, range) in lists.ranges.enumerated() {
      // What stands under a NULL has no meaning.
      let isValid = validity.map { $0[row] } ?? true
      counts.append(isValid ? Int32(range.count) : 0)
      if isValid { elements.append(contentsOf: range) }
    }
    writer.put(counts)
    let isWhole =
      elements.count == lists.child.count && elements.indices.allSatisfy { elements[$0] == $0 }
    encode(isWhole ? lists.child : lists.child.gathered(elements), to: &writer)
  }

  private func decode(_ reader: inout ByteReader) -> Column {
    let type = types[reader.takeNumber()]
    let count = reader.takeNumber()
    let flags = reader.takeNumber()
    let validity = flags & 2 == 0 ? nil : reader.takeArray(of: Bool.self)
    return Column(
      type: type,
      data: decodeData(&reader),
      validity: validity,
      count: count,
      isConstant: flags & 1 != 0
    )
  }

  private func decodeData(_ reader: inout ByteReader) -> ColumnData {
    guard let form = Form(rawValue: reader.takeNumber()) else {
      preconditionFailure("an archive reads only what it wrote")
    }
    switch form {
    case .boolean: return .boolean(reader.takeArray(of: Bool.self))
    case .int64: return .int64(reader.takeArray(of: Int64.self))
    case .int128: return .int128(reader.takeArray(of: Int128.self))
    case .float64: return .float64(reader.takeArray(of: Double.self))
    case .text: return .text(decodeText(&reader))
    case .dictionary:
      let dictionary = dictionaries[reader.takeNumber()]
      return .dictionary(codes: reader.takeArray(of: Int32.self), dictionary)
    case .interval:
      let months = reader.takeArray(of: Int32.self)
      let days = reader.takeArray(of: Int32.self)
      let microseconds = reader.takeArray(of: Int64.self)
      return .interval(
        months.indices.map {
          Interval(months: months[$0], days: days[$0], microseconds: microseconds[$0])
        }
      )
    case .list:
      var ranges: [Range<Int32>] = []
      var start: Int32 = 0
      for count in reader.takeArray(of: Int32.self) {
        ranges.append(start..<start + count)
        start += count
      }
      return .list(ListVector(ranges: ranges, child: decode(&reader)))
    case .structure:
      let count = reader.takeNumber()
      let memberCount = reader.takeNumber()
      var members: [Column] = []
      for _ in 0..<memberCount { members.append(decode(&reader)) }
      return .structure(members, count: count)
    }
  }

  private func decodeText(_ reader: inout ByteReader) -> TextVector {
    let lengths = reader.takeArray(of: UInt32.self)
    let bytes = reader.takeArray(of: UInt8.self)
    var start: UInt32 = 0
    var views: [TextView] = []
    views.reserveCapacity(lengths.count)
    for length in lengths {
      views.append(TextView(start: start, length: length))
      // All lengths together are the number of bytes of one vector, at most 4 GiB.
      start &+= length
    }
    return TextVector(views: views, bytes: bytes)
  }

  // MARK: - What stays in memory

  private mutating func number(of type: DataType) -> Int {
    if let number = typeNumbers[type] { return number }
    types.append(type)
    typeNumbers[type] = types.count - 1
    return types.count - 1
  }

  /// The number of a dictionary; nil where it is not kept.
  private mutating func number(of dictionary: TextDictionary, type: DataType) -> Int? {
    if let number = dictionaryNumbers[dictionary.id] { return number }
    if case .enumeration = type {
      // Kept in any case.
    } else if dictionaries.count >= Self.dictionaryLimit {
      return nil
    }
    dictionaries.append(dictionary)
    dictionaryNumbers[dictionary.id] = dictionaries.count - 1
    return dictionaries.count - 1
  }
}

/// Puts numbers and arrays one after the other.
private struct ByteWriter {
  var bytes: [UInt8] = []

  mutating func put(_ number: Int) {
    put(contentsOf: [Int64(number)])
  }

  /// Puts the number of elements, then the elements.
  mutating func put<Element: BitwiseCopyable>(_ elements: [Element]) {
    put(elements.count)
    put(contentsOf: elements)
  }

  private mutating func put<Element: BitwiseCopyable>(contentsOf elements: [Element]) {
    // Elements are numbers without padding; the array copies them while they are borrowed.
    unsafe elements.withUnsafeBytes { buffer in unsafe bytes.append(contentsOf: buffer) }
  }
}

/// Takes numbers and arrays in the order in which they were put.
private struct ByteReader {
  private let bytes: [UInt8]
  private var offset = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func takeNumber() -> Int {
    Int(takeArray(of: Int64.self, count: 1)[0])
  }

  mutating func takeArray<Element: BitwiseCopyable>(of type: Element.Type) -> [Element] {
    takeArray(of: type, count: takeNumber())
  }

  private mutating func takeArray<Element: BitwiseCopyable>(
    of type: Element.Type,
    count: Int
  ) -> [Element] {
    let byteCount = count * MemoryLayout<Element>.stride
    precondition(byteCount >= 0 && offset + byteCount <= bytes.count, "the elements are there")
    let start = offset
    offset += byteCount
    return unsafe [Element](unsafeUninitializedCapacity: count) { elements, initializedCount in
      // `byteCount` bytes are there, as checked, and were elements of this type when put.
      unsafe bytes.withUnsafeBytes { buffer in
        unsafe UnsafeMutableRawBufferPointer(elements).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: buffer[start..<start + byteCount])
        )
      }
      initializedCount = count
    }
  }
}
