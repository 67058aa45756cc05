internal import CZlib

/// Takes the compression of gzip away, and puts it on.
package enum Gzip {
  /// The bytes that one decompressed file may have; more would not fit in memory anyway.
  private static let maximumByteCount = 1 << 36
  private static let stepByteCount = 1 << 18

  /// Decompresses all members of a gzip file, one after the other.
  static func decompress(
    _ bytes: Span<UInt8>,
    _ progress: ReadingProgress?
  ) throws(FormatError) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count &* 4)
    var offset = 0
    while offset < bytes.count {
      // Zeros behind the last member are padding.
      if bytes[offset] == 0, !output.isEmpty { break }
      offset += try decompressMember(bytes, from: offset, into: &output, progress)
    }
    return output
  }

  /// Decompresses one member and returns the number of bytes it took.
  private static func decompressMember(
    _ bytes: Span<UInt8>,
    from start: Int,
    into output: inout [UInt8],
    _ progress: ReadingProgress?
  ) throws(FormatError) -> Int {
    var stream = unsafe z_stream()
    guard unsafe tundish_gzip_inflate_begin(&stream) == Z_OK else {
      throw .compressed("gzip cannot be read here")
    }
    defer { unsafe inflateEnd(&stream) }
    var buffer = [UInt8](repeating: 0, count: stepByteCount)
    var offset = start
    while true {
      let available = min(bytes.count - offset, stepByteCount)
      var consumed = 0
      var produced = 0
      let piece = bytes.extracting(offset..<offset + available)
      // zlib reads at most `available` bytes and writes at most `buffer.count`.
      let status = unsafe piece.withUnsafeBufferPointer { source in
        unsafe buffer.withUnsafeMutableBufferPointer { target in
          unsafe stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
          unsafe stream.avail_in = UInt32(available)
          unsafe stream.next_out = target.baseAddress
          unsafe stream.avail_out = UInt32(target.count)
          let status = unsafe inflate(&stream, Z_NO_FLUSH)
          consumed = unsafe available - Int(stream.avail_in)
          produced = unsafe target.count - Int(stream.avail_out)
          return status
        }
      }
      offset += consumed
      try progress?.advance(byteCount: offset, rowCount: 0)
      output.append(contentsOf: buffer[..<produced])
      guard output.count <= maximumByteCount else {
        throw .compressed("the decompressed file is larger than \(maximumByteCount) bytes")
      }
      if status == Z_STREAM_END { return offset - start }
      guard status == Z_OK, consumed + produced > 0 else {
        throw .compressed(
          offset >= bytes.count
            ? "the compressed file ends too early" : "the compressed file is damaged"
        )
      }
    }
  }

  /// Returns bytes compressed as one gzip member.
  package static func compressed(_ bytes: [UInt8]) throws(FormatError) -> [UInt8] {
    var stream = unsafe z_stream()
    guard unsafe tundish_gzip_deflate_begin(&stream) == Z_OK else {
      throw .compressed("gzip cannot be written here")
    }
    defer { unsafe deflateEnd(&stream) }
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: stepByteCount)
    var offset = 0
    while true {
      let available = min(bytes.count - offset, stepByteCount)
      let isLast = offset + available == bytes.count
      var consumed = 0
      var produced = 0
      let piece = bytes.span.extracting(offset..<offset + available)
      // zlib reads at most `available` bytes and writes at most `buffer.count`.
      let status = unsafe piece.withUnsafeBufferPointer { source in
        unsafe buffer.withUnsafeMutableBufferPointer { target in
          unsafe stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
          unsafe stream.avail_in = UInt32(available)
          unsafe stream.next_out = target.baseAddress
          unsafe stream.avail_out = UInt32(target.count)
          let status = unsafe deflate(&stream, isLast ? Z_FINISH : Z_NO_FLUSH)
          consumed = unsafe available - Int(stream.avail_in)
          produced = unsafe target.count - Int(stream.avail_out)
          return status
        }
      }
      offset += consumed
      output.append(contentsOf: buffer[..<produced])
      if status == Z_STREAM_END { return output }
      guard status == Z_OK || (status == Z_BUF_ERROR && !isLast) else {
        throw .compressed("gzip failed")
      }
    }
  }
}
