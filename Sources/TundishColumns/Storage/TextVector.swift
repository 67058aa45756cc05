/// Text values as views into one shared byte buffer.
///
/// Several vectors share a buffer: taking rows out of a column copies views, not bytes. Bytes are
/// valid UTF-8 in `VARCHAR` columns and arbitrary in `BLOB` columns.
package struct TextVector: Sendable {
  /// Where each value lies in `bytes`.
  package var views: [TextView]
  /// The buffer; at most 4 GiB.
  package var bytes: [UInt8]

  /// Creates a vector over a buffer.
  package init(views: [TextView], bytes: [UInt8]) {
    self.views = views
    self.bytes = bytes
  }
}

/// The place of one text value in a buffer.
package struct TextView: Sendable, Hashable {
  /// The offset of the first byte.
  package var start: UInt32
  /// The number of bytes.
  package var length: UInt32

  /// Creates a view.
  package init(start: UInt32, length: UInt32) {
    self.start = start
    self.length = length
  }

  /// The byte positions as a range of a buffer.
  package var range: Range<Int> { Int(start)..<Int(start) + Int(length) }
}
