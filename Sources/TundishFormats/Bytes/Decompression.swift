/// Takes compression away, whichever of the known kinds it is.
package enum Decompression {
  /// The bytes that one decompressed file may have; more would not fit in memory anyway.
  static let maximumByteCount = 1 << 36
  /// The bytes that are read and written in one step.
  static let stepByteCount = 1 << 18

  /// The endings of compressed files.
  package static let fileExtensions = ["gz", "zst", "bz2"]

  /// Returns the bytes of an input, decompressed where they begin as a compressed file does.
  ///
  /// The progress is told how much of the compressed file is done.
  package static func decompressed(
    _ input: InputBytes,
    progress: ReadingProgress? = nil
  ) throws(FormatError) -> InputBytes {
    let kind = input.withSpan { Self.kind(of: $0) }
    if kind == .none { return input }
    progress?.begin(totalByteCount: input.count)
    let output = try input.withSpan { bytes throws(FormatError) in
      switch kind {
      case .gzip: try Gzip.decompress(bytes, progress)
      case .zstd: try Zstd.decompress(bytes, progress)
      case .bzip2: try Bzip2.decompress(bytes, progress)
      case .none: [UInt8]()
      }
    }
    return InputBytes(output)
  }

  private enum Kind {
    case none
    case gzip
    case zstd
    case bzip2
  }

  private static func kind(of bytes: Span<UInt8>) -> Kind {
    func begins(_ magic: [UInt8]) -> Bool {
      magic.count <= bytes.count && magic.indices.allSatisfy { bytes[$0] == magic[$0] }
    }
    if begins([0x1F, 0x8B]) { return .gzip }
    if begins([0x28, 0xB5, 0x2F, 0xFD]) { return .zstd }
    // `BZh1` to `BZh9` may begin a text; the number behind it may not.
    guard begins(Array("BZh".utf8)), bytes.count >= 10 else { return .none }
    let isBlock = bytes[4] == 0x31 && bytes[5] == 0x41 && bytes[6] == 0x59
    let isEmpty = bytes[4] == 0x17 && bytes[5] == 0x72 && bytes[6] == 0x45
    return isBlock || isEmpty ? .bzip2 : .none
  }

  /// What one step of a decompressor did.
  struct Step {
    /// The bytes taken from the input.
    var consumed: Int
    /// The bytes put into the output.
    var produced: Int
    /// Whether a compressed stream is complete.
    var isEnd: Bool
    /// Whether the input is damaged.
    var isDamaged: Bool
  }

  /// Runs a decompressor over one stream and returns where it ends.
  static func run(
    _ bytes: Span<UInt8>,
    from start: Int,
    into output: inout [UInt8],
    _ progress: ReadingProgress?,
    step: (UnsafeBufferPointer<UInt8>, UnsafeMutableBufferPointer<UInt8>) -> Step
  ) throws(FormatError) -> Int {
    var buffer = [UInt8](repeating: 0, count: stepByteCount)
    var offset = start
    while true {
      let piece = bytes.extracting(offset..<min(bytes.count, offset + stepByteCount))
      // The step reads and writes inside the two buffers, whose sizes it is given.
      let done = unsafe piece.withUnsafeBufferPointer { source in
        unsafe buffer.withUnsafeMutableBufferPointer { target in unsafe step(source, target) }
      }
      offset += done.consumed
      try progress?.advance(byteCount: offset, rowCount: 0)
      output.append(contentsOf: buffer[..<done.produced])
      guard output.count <= maximumByteCount else {
        throw .compressed("the decompressed file is larger than \(maximumByteCount) bytes")
      }
      if done.isEnd { return offset }
      guard !done.isDamaged, done.consumed + done.produced > 0 else {
        throw .compressed(
          !done.isDamaged && offset >= bytes.count
            ? "the compressed file ends too early" : "the compressed file is damaged"
        )
      }
    }
  }
}
