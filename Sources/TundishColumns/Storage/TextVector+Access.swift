extension TextVector {
  /// No values.
  package static var empty: TextVector { TextVector(views: [], bytes: []) }

  /// Creates a vector that owns a copy of some strings.
  package init(_ strings: [String]) {
    var views: [TextView] = []
    var bytes: [UInt8] = []
    views.reserveCapacity(strings.count)
    for string in strings {
      let start = UInt32(bytes.count)
      bytes.append(contentsOf: string.utf8)
      views.append(TextView(start: start, length: UInt32(bytes.count) - start))
    }
    self.init(views: views, bytes: bytes)
  }

  /// The greatest number of bytes that views can address.
  package static let maximumByteCount = Int(UInt32.max)

  /// The number of values.
  package var count: Int { views.count }

  /// Returns a value as a string; bytes that are not UTF-8 are replaced.
  package func string(at row: Int) -> String {
    String(decoding: bytes[views[row].range], as: UTF8.self)
  }

  /// Returns a copy of the bytes of a value.
  package func byteArray(at row: Int) -> [UInt8] {
    Array(bytes[views[row].range])
  }

  /// Calls a function with the bytes of a value.
  @inline(__always)
  package func withBytes<Result, Failure: Error>(
    at row: Int,
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let all = bytes.span
    return try body(all.extracting(views[row].range))
  }

  /// Whether two values are equal, byte by byte.
  @inline(__always)
  package func isEqual(at row: Int, to other: TextVector, at otherRow: Int) -> Bool {
    let view = views[row]
    let otherView = other.views[otherRow]
    guard view.length == otherView.length else { return false }
    return bytesEqual(
      bytes.span.extracting(view.range),
      other.bytes.span.extracting(otherView.range)
    )
  }

  /// Compares two values by binary collation: negative, zero or positive.
  @inline(__always)
  package func compare(at row: Int, with other: TextVector, at otherRow: Int) -> Int {
    bytesCompare(
      bytes.span.extracting(views[row].range),
      other.bytes.span.extracting(other.views[otherRow].range)
    )
  }

  /// Returns the hash of each value.
  package func hashes() -> [UInt64] {
    let all = bytes.span
    let views = views.span
    return [UInt64](capacity: views.count) { output in
      for row in views.indices {
        output.append(bytesHash(all.extracting(views[row].range)))
      }
    }
  }

  /// Returns the vector with only the bytes that its views use, in order of the views.
  package func compacted() -> TextVector {
    var used: [UInt8] = []
    var moved: [TextView] = []
    used.reserveCapacity(views.reduce(0) { $0 + Int($1.length) })
    moved.reserveCapacity(views.count)
    for view in views {
      moved.append(TextView(start: UInt32(used.count), length: view.length))
      used.append(contentsOf: bytes[view.range])
    }
    return TextVector(views: moved, bytes: used)
  }
}
