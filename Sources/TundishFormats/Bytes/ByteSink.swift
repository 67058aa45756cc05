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
