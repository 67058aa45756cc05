import Glibc
import TundishEngine
import TundishFormats

/// A file that takes its name only when it is complete, so that a failure leaves no half file and the
/// old one as it was.
///
/// What is no file but a device or a pipe, such as `/dev/stdout`, is written to as it stands.
final class PartialFile: ByteSink {
  private let path: String
  /// Where the bytes go until the file is complete; nil for a device.
  private let partialPath: String?
  private let progress: ReadingProgress?
  private var byteCount = 0
  private var descriptor: Int32

  /// Creates `<path>.partial`.
  init(path: String, progress: ReadingProgress? = nil) throws(SourceError) {
    self.progress = progress
    var status = stat()
    let exists = unsafe stat(path, &status) == 0
    if exists, status.st_mode & S_IFMT == S_IFDIR {
      throw Self.failure(path, EISDIR)
    }
    if exists, status.st_mode & S_IFMT != S_IFREG {
      self.path = path
      partialPath = nil
      descriptor = unsafe Glibc.open(path, O_WRONLY | O_CLOEXEC)
      if descriptor < 0 { throw Self.failure(path, errno) }
      return
    }
    // A link stays a link: what it leads to is replaced.
    self.path = exists ? Self.resolved(path) : path
    let partialPath = self.path + ".partial"
    self.partialPath = partialPath
    descriptor = unsafe Glibc.open(
      partialPath,
      O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
      exists ? status.st_mode & 0o777 : 0o644
    )
    if descriptor < 0 { throw Self.failure(path, errno) }
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
        throw FormatError(
          code: "F002",
          message: "cannot be written: \(unsafe String(cString: strerror(errno)))"
        )
      }
      start += count
    }
  }

  /// Gives the file its name.
  func finish() throws(SourceError) {
    let isClosed = Glibc.close(descriptor) == 0
    descriptor = -1
    if isClosed {
      guard let partialPath else { return }
      if unsafe rename(partialPath, path) == 0 { return }
    }
    let reason = errno
    if let partialPath { unsafe unlink(partialPath) }
    throw Self.failure(path, reason)
  }

  /// Removes what was written.
  func discard() {
    Glibc.close(descriptor)
    descriptor = -1
    if let partialPath { unsafe unlink(partialPath) }
  }

  private static func resolved(_ path: String) -> String {
    guard let target = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(target) }
    return unsafe String(cString: target)
  }

  private static func failure(_ path: String, _ reason: Int32) -> SourceError {
    SourceError(
      code: "F002",
      message: "cannot write '\(path)': \(unsafe String(cString: strerror(reason)))"
    )
  }
}
