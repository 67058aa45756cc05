internal import CBzip2

/// Takes the compression of bzip2 away.
enum Bzip2 {
  /// Decompresses all streams, one after the other.
  static func decompress(
    _ bytes: Span<UInt8>,
    _ progress: ReadingProgress?
  ) throws(FormatError) -> [UInt8] {
    var output: [UInt8] = []
    var offset = 0
    while offset < bytes.count {
      // Zeros behind the last stream are padding.
      if bytes[offset] == 0, !output.isEmpty { break }
      offset = try decompressStream(bytes, from: offset, into: &output, progress)
    }
    return output
  }

  private static func decompressStream(
    _ bytes: Span<UInt8>,
    from start: Int,
    into output: inout [UInt8],
    _ progress: ReadingProgress?
  ) throws(FormatError) -> Int {
    var stream = unsafe bz_stream()
    guard unsafe BZ2_bzDecompressInit(&stream, 0, 0) == BZ_OK else {
      throw .compressed("bzip2 cannot be read here")
    }
    defer { unsafe BZ2_bzDecompressEnd(&stream) }
    return try unsafe Decompression.run(bytes, from: start, into: &output, progress) {
      source,
      target in
      // The library reads the source without changing it.
      unsafe stream.next_in = UnsafeMutableRawPointer(mutating: source.baseAddress)?
        .assumingMemoryBound(to: CChar.self)
      unsafe stream.avail_in = UInt32(source.count)
      unsafe stream.next_out = UnsafeMutableRawPointer(target.baseAddress)?
        .assumingMemoryBound(to: CChar.self)
      unsafe stream.avail_out = UInt32(target.count)
      let status = unsafe BZ2_bzDecompress(&stream)
      return unsafe Decompression.Step(
        consumed: source.count - Int(stream.avail_in),
        produced: target.count - Int(stream.avail_out),
        isEnd: status == BZ_STREAM_END,
        isDamaged: status != BZ_OK && status != BZ_STREAM_END
      )
    }
  }
}
