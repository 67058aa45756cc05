import Glibc
import TundishEngine
import TundishFormats

/// A file that takes its name only when it is complete, so that a failure leaves no half file.
final class PartialFile: ByteSink {
  private let path: String
  private let progress: ReadingProgress?
  private var byteCount = 0
  private var descriptor: Int32

  /// Creates `<path>.partial`.
  init(path: String, progress: ReadingProgress? = nil) throws(SourceError) {
    self.path = path
    self.progress = progress
    descriptor = unsafe Glibc.open(
      path + ".partial",
      O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
      0o644
    )
    if descriptor < 0 { throw Self.failure(path) }
  }

  deinit {
    if descriptor >= 0 { discard() }
  }

  func write(_ bytes: [UInt8]) throws(FormatError) {
    byteCount += bytes.count
    try progress?.advance(byteCount: byteCount, rowCount: 0)
    var start = 0
    while start < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(
          descriptor,
          buffer.baseAddress?.advanced(by: start),
          buffer.count - start
        )
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw FormatError(code: "F002", message: unsafe String(cString: strerror(errno)))
      }
      start += count
    }
  }

  /// Gives the file its name.
  func finish() throws(SourceError) {
    let isClosed = Glibc.close(descriptor) == 0
    descriptor = -1
    guard isClosed, unsafe rename(path + ".partial", path) == 0 else { throw Self.failure(path) }
  }

  /// Removes what was written.
  func discard() {
    Glibc.close(descriptor)
    descriptor = -1
    unsafe unlink(path + ".partial")
  }

  private static func failure(_ path: String) -> SourceError {
    SourceError(
      code: "F002",
      message: "cannot write '\(path)': \(unsafe String(cString: strerror(errno)))"
    )
  }
}
