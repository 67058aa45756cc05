internal import CZstd

/// Takes the compression of Zstandard away.
enum Zstd {
  /// Decompresses all frames, one after the other.
  static func decompress(
    _ bytes: Span<UInt8>,
    _ progress: ReadingProgress?
  ) throws(FormatError) -> [UInt8] {
    guard let context = unsafe ZSTD_createDCtx() else {
      throw .compressed("zstd cannot be read here")
    }
    defer { unsafe ZSTD_freeDCtx(context) }
    var output: [UInt8] = []
    var offset = 0
    while offset < bytes.count {
      offset = try unsafe Decompression.run(bytes, from: offset, into: &output, progress) {
        source,
        target in
        var input = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
        var room = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
        let status = unsafe ZSTD_decompressStream(context, &room, &input)
        return unsafe Decompression.Step(
          consumed: input.pos,
          produced: room.pos,
          isEnd: status == 0,
          isDamaged: ZSTD_isError(status) != 0
        )
      }
    }
    return output
  }
}
