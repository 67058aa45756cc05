internal import Glibc
internal import TundishColumns

/// The bytes of an input: a file mapped into memory, or bytes that are in memory already.
///
/// This is the only file of the module that opens files. A mapped file must not be shortened by
/// others while it is read; the mapping is private, so that nothing written here reaches the file.
package final class InputBytes: Sendable {
  private enum Storage: Sendable {
    case array([UInt8])
    // The mapping is read-only, lives as long as this object, and has `count` bytes.
    case mapping(address: Int, count: Int)
  }

  private let storage: Storage

  /// Creates an input of bytes in memory.
  package init(_ bytes: [UInt8]) {
    storage = .array(bytes)
  }

  /// Opens a file; one that cannot be mapped, such as a pipe, is read to its end.
  package init(path: String) throws(FormatError) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotOpen(path, errno) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .cannotOpen(path, errno) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw .cannotOpen(path, EISDIR) }
    let count = Int(status.st_size)
    if status.st_mode & S_IFMT == S_IFREG, count == 0 {
      storage = .array([])
      return
    }
    if status.st_mode & S_IFMT == S_IFREG,
      let address = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0),
      unsafe address != MAP_FAILED
    {
      unsafe madvise(address, count, MADV_SEQUENTIAL)
      storage = .mapping(address: Int(bitPattern: address), count: count)
      return
    }
    storage = .array(try Self.readToEnd(descriptor, path))
  }

  deinit {
    if case .mapping(let address, let count) = storage {
      // Nothing else holds the address: spans over it end with `withSpan`.
      unsafe munmap(UnsafeMutableRawPointer(bitPattern: address), count)
    }
  }

  /// The number of bytes.
  package var count: Int {
    switch storage {
    case .array(let bytes): bytes.count
    case .mapping(_, let count): count
    }
  }

  /// Gives up the memory of pages that were read; they are read from the file again when needed.
  package func discardPages(_ range: Range<Int>) {
    guard case .mapping(let address, let count) = storage, !range.isEmpty else { return }
    let pageByteCount = 4_096
    let start = (range.lowerBound + pageByteCount - 1) / pageByteCount * pageByteCount
    let end = range.upperBound >= count ? count : range.upperBound / pageByteCount * pageByteCount
    guard start < end else { return }
    // The pages are within the mapping, which nothing was written to.
    unsafe madvise(UnsafeMutableRawPointer(bitPattern: address + start), end - start, MADV_DONTNEED)
  }

  /// Returns a copy of all bytes.
  package func copy() -> [UInt8] {
    withSpan { bytes in
      var copy: [UInt8] = []
      copy.append(bytes)
      return copy
    }
  }

  /// Calls a closure with all bytes.
  @inline(__always)
  func withSpan<Result: ~Copyable, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    switch storage {
    case .array(let bytes):
      return try body(bytes.span)
    case .mapping(let address, let count):
      // The mapping has `count` readable bytes until `self` dies, which is after this call.
      let start = unsafe UnsafePointer<UInt8>(bitPattern: address)
      let span = unsafe UnsafeBufferPointer(start: start, count: count).span
      let result = try body(span)
      withExtendedLifetime(self) {}
      return result
    }
  }

  /// Reads a pipe or device.
  private static func readToEnd(
    _ descriptor: Int32,
    _ path: String
  ) throws(FormatError) -> [UInt8] {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      // The buffer has as many bytes as `read` is told.
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe read(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .cannotOpen(path, errno) }
      if count == 0 { return all }
      all.append(contentsOf: buffer[..<count])
    }
  }
}
