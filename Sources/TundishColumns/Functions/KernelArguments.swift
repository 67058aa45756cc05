/// An argument of fixed-size values, read by row whether it is constant or not.
struct Argument<Element: KernelValue> {
  /// The stored values: one per row, or one in all.
  let values: [Element]
  /// Whether the one stored value stands for every row.
  let isConstant: Bool

  init(values: [Element], isConstant: Bool) {
    self.values = values
    self.isConstant = isConstant
  }

  init(_ column: Column) {
    self.values = Element.values(of: column.data)
    self.isConstant = column.isConstant
  }

  /// The value of a row; unspecified under NULL.
  subscript(row: Int) -> Element {
    values[isConstant ? 0 : row]
  }
}

/// An argument of text or bytes, read by row whether it is constant, dictionary-coded or plain.
struct TextArgument {
  /// The buffer that ranges refer to.
  let bytes: [UInt8]
  private let views: [TextView]
  private let codes: [Int32]?
  private let isConstant: Bool

  init(_ column: Column) {
    switch column.data {
    case .text(let vector):
      self.bytes = vector.bytes
      self.views = vector.views
      self.codes = nil
    case .dictionary(let codes, let dictionary):
      self.bytes = dictionary.values.bytes
      self.views = dictionary.values.views
      self.codes = codes
    case .boolean, .int64, .int128, .float64, .interval, .list, .structure:
      preconditionFailure("the binder casts arguments to the parameter's type: text")
    }
    self.isConstant = column.isConstant
  }

  /// The place of a row's value in `bytes`; not to be asked for a row that is NULL.
  func range(_ row: Int) -> Range<Int> {
    let slot = isConstant ? 0 : row
    guard let codes else { return views[slot].range }
    return views[Int(codes[slot])].range
  }

  /// A row's value as a string; not to be asked for a row that is NULL.
  func string(_ row: Int) -> String {
    String(decoding: bytes[range(row)], as: UTF8.self)
  }
}

/// Collects text values, one per row.
struct TextOutput {
  /// All bytes so far; those past the last ended row are the value under construction.
  var bytes: [UInt8] = []
  private var views: [TextView] = []
  private var start = 0

  init(rowCapacity: Int) {
    views.reserveCapacity(rowCapacity)
  }

  /// Appends a byte to the value under construction.
  mutating func append(_ byte: UInt8) {
    bytes.append(byte)
  }

  /// Appends bytes to the value under construction.
  mutating func append(contentsOf bytes: some Sequence<UInt8>) {
    self.bytes.append(contentsOf: bytes)
  }

  /// Appends bytes to the value under construction.
  mutating func append(_ bytes: Span<UInt8>) {
    self.bytes.append(bytes)
  }

  /// Appends bytes to the value under construction, each changed.
  @inline(__always)
  mutating func append(_ bytes: Span<UInt8>, changing change: (UInt8) -> UInt8) {
    let start = self.bytes.count
    self.bytes.append(bytes)
    var copied = self.bytes.mutableSpan
    for i in start..<start &+ bytes.count { copied[i] = change(copied[i]) }
  }

  /// Appends a string to the value under construction.
  mutating func append(_ text: String) {
    bytes.append(contentsOf: text.utf8)
  }

  /// The number of bytes of the value under construction.
  var currentCount: Int { bytes.count - start }

  /// Drops all but the first bytes of the value under construction.
  mutating func truncate(to count: Int) {
    bytes.removeLast(max(0, currentCount - count))
  }

  /// Ends the value under construction.
  mutating func endRow() throws(ExecutionError) {
    guard bytes.count <= TextVector.maximumByteCount else {
      throw ExecutionError(.limit, "the text of one batch exceeds 4 GiB")
    }
    views.append(TextView(start: UInt32(start), length: UInt32(bytes.count - start)))
    start = bytes.count
  }

  /// Ends the value under construction as a NULL's placeholder.
  mutating func endNullRow() {
    bytes.removeLast(bytes.count - start)
    views.append(TextView(start: UInt32(start), length: 0))
  }

  /// Returns the values.
  consuming func finish() -> TextVector { TextVector(views: views, bytes: bytes) }
}
