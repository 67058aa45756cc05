/// Takes the bytes of a result as they are written: a file, a terminal, memory.
package protocol ByteSink: AnyObject {
  /// Takes some bytes, in order.
  func write(_ bytes: [UInt8]) throws(FormatError)
}

/// Collects written bytes in memory.
package final class ByteCollector: ByteSink {
  /// The bytes so far.
  package private(set) var bytes: [UInt8] = []

  /// Creates an empty collector.
  package init() {}

  /// The bytes so far as text.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  package func write(_ bytes: [UInt8]) {
    self.bytes.append(contentsOf: bytes)
  }
}

/// Packs what is written by gzip, member by member, as `.gz` files may have them.
package final class GzipSink: ByteSink {
  private let sink: any ByteSink
  private var pending: [UInt8] = []
  private var isEmpty = true

  /// The bytes of a member before they are packed: few enough that a user who stops does not wait.
  private static let memberByteCount = 1 << 20

  /// Creates a sink that passes packed bytes on.
  package init(_ sink: any ByteSink) {
    self.sink = sink
  }

  package func write(_ bytes: [UInt8]) throws(FormatError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = rest.prefix(Self.memberByteCount - pending.count)
      pending.append(contentsOf: piece)
      rest = rest.dropFirst(piece.count)
      if pending.count >= Self.memberByteCount { try flush() }
    }
  }

  /// Passes the rest on; what is empty is packed too.
  package func finish() throws(FormatError) {
    if isEmpty || !pending.isEmpty { try flush() }
  }

  private func flush() throws(FormatError) {
    try sink.write(try Gzip.compressed(pending))
    pending.removeAll(keepingCapacity: true)
    isEmpty = false
  }
}

/// Gathers small writes into few large ones.
struct BufferedSink: ~Copyable {
  private let sink: any ByteSink
  /// The bytes that the sink has not been given yet.
  var pending: [UInt8] = []

  /// The bytes after which the sink is called.
  private static let flushByteCount = 1 << 16

  init(_ sink: any ByteSink) {
    self.sink = sink
  }

  /// Passes the pending bytes on where there are many.
  mutating func flushIfLarge() throws(FormatError) {
    if pending.count >= Self.flushByteCount { try flush() }
  }

  /// Passes the pending bytes on.
  mutating func flush() throws(FormatError) {
    guard !pending.isEmpty else { return }
    try sink.write(pending)
    pending.removeAll(keepingCapacity: true)
  }
}
