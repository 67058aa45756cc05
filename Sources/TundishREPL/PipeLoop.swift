import Glibc
import Tundish

/// Reads statements from a pipe and runs each as soon as its `;` arrives, so that another program
/// can hold a conversation.
package struct PipeLoop {
  private let shell: Shell
  private var lines = LineReader(descriptor: 0)

  /// Prepares to read standard input.
  package init(shell: Shell) {
    self.shell = shell
  }

  /// Runs until the end of input, `.quit`, or the first error unless errors are passed over.
  package mutating func run() {
    var feed = ScriptFeed(shell: shell)
    while !shell.isFinished, let line = lines.next() {
      guard feed.take(line) else { return }
    }
    if !shell.isFinished { _ = feed.finish() }
  }
}

/// Splits a descriptor's bytes into lines as they arrive.
struct LineReader {
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var position = 0
  private var isAtEnd = false
  /// Where bytes arrive.
  private var chunk = [UInt8](repeating: 0, count: 65_536)

  init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// The next line without its newline; nil at the end.
  mutating func next() -> String? {
    var searched = position
    while true {
      if let newline = buffer[searched...].firstIndex(of: 0x0A) {
        var line = buffer[position..<newline]
        if line.last == 0x0D { line.removeLast() }
        position = newline + 1
        return String(decoding: line, as: UTF8.self)
      }
      if isAtEnd {
        guard position < buffer.count else { return nil }
        defer { position = buffer.count }
        return String(decoding: buffer[position...], as: UTF8.self)
      }
      buffer.removeFirst(position)
      searched = buffer.count
      position = 0
      fill()
    }
  }

  private mutating func fill() {
    let count = unsafe chunk.withUnsafeMutableBytes { bytes in
      unsafe read(descriptor, bytes.baseAddress, bytes.count)
    }
    if count > 0 {
      buffer.append(contentsOf: chunk[..<count])
    } else if count == 0 || errno != EINTR {
      isAtEnd = true
    }
  }
}
