import Glibc
import Tundish

/// Where data goes: standard output, or a file that appears under its name only when it is
/// complete.
final class Output {
  /// Standard output.
  static let standardDescriptor: Int32 = 1

  private let descriptor: Int32
  private let path: String?
  private var buffer: [UInt8] = []
  private var isBroken = false
  private var hasResult = false
  /// Whether a person reads it.
  let isTerminal: Bool
  /// Whether the name of the file says that it is packed.
  private var isPacked: Bool { path?.lowercased().hasSuffix(".gz") ?? false }

  /// Standard output.
  static var standard: Output {
    Output(descriptor: standardDescriptor, path: nil)
  }

  private init(descriptor: Int32, path: String?) {
    self.descriptor = descriptor
    self.path = path
    isTerminal = path == nil && isatty(descriptor) == 1
  }

  /// Opens a file for writing; it takes its name at `close`.
  static func file(_ path: String) throws(TundishError) -> Output {
    let descriptor = unsafe open(path + ".partial", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .file(.cannotWrite(path, reason: unsafe String(cString: strerror(errno))))
    }
    return Output(descriptor: descriptor, path: path)
  }

  /// Notes a result of which a file can hold one.
  func takeOnlyResult() throws(TundishError) {
    guard !hasResult else {
      throw .file(
        .cannotWrite(
          path ?? "",
          reason: "a workbook holds one result; .output names another file"
        )
      )
    }
    hasResult = true
  }

  /// Adds text.
  func write(_ text: String) {
    write(Array(text.utf8))
  }

  /// Adds bytes; they reach the system at the latest with `flush`.
  func write(_ bytes: [UInt8]) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= 1 << 16 { flush() }
  }

  /// Hands all bytes to the system.
  ///
  /// Once a reader has gone away, further output is dropped.
  func flush() {
    if isPacked, !buffer.isEmpty { buffer = Database.packed(buffer) }
    var start = 0
    while start < buffer.count, !isBroken {
      let count = unsafe buffer.withUnsafeBytes { bytes in
        unsafe Glibc.write(descriptor, bytes.baseAddress?.advanced(by: start), bytes.count - start)
      }
      if count > 0 {
        start += count
      } else if errno != EINTR {
        isBroken = true
      }
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Ends a file and gives it its name.
  func close() throws(TundishError) {
    flush()
    guard let path else { return }
    let isComplete = !isBroken && Glibc.close(descriptor) == 0
    guard isComplete, unsafe rename(path + ".partial", path) == 0 else {
      let reason = unsafe String(cString: strerror(errno))
      unsafe unlink(path + ".partial")
      throw .file(.cannotWrite(path, reason: reason))
    }
  }
}

/// Narration and errors.
enum StandardError {
  /// Whether a person reads it.
  static var isTerminal: Bool { isatty(2) == 1 }

  /// Writes a text as it is.
  static func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(2, $0.baseAddress, $0.count) }
  }

  /// Prints a line.
  static func print(_ line: String) {
    let bytes = Array((line.hasSuffix("\n") ? line : line + "\n").utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(2, $0.baseAddress, $0.count) }
  }
}
