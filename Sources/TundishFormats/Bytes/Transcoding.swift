internal import Glibc

/// Turns text of the system's many encodings into UTF-8.
enum Transcoding {
  /// Returns a text as UTF-8; nil where the system does not know the encoding.
  ///
  /// Bytes that stand for nothing become U+FFFD, as in every other encoding that is read here.
  static func utf8(_ bytes: Span<UInt8>, from name: String) -> [UInt8]? {
    let converter = unsafe iconv_open("UTF-8", name)
    // The call answers -1 where there is no such encoding.
    guard Int(bitPattern: converter) != -1, let converter = unsafe converter else {
      return nil
    }
    defer { _ = unsafe iconv_close(converter) }
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count + bytes.count / 2)
    var buffer = [CChar](repeating: 0, count: 1 << 16)
    var start = 0
    while start < bytes.count {
      let rest = bytes.extracting(start..<bytes.count)
      // Both counts say how much of their buffer is left, and the call moves the pointers with them.
      let (consumed, written) = unsafe rest.withUnsafeBufferPointer { source in
        unsafe buffer.withUnsafeMutableBufferPointer { target in
          var input: UnsafeMutablePointer<CChar>? = unsafe UnsafeMutableRawPointer(
            mutating: source.baseAddress
          )?.assumingMemoryBound(to: CChar.self)
          var output = target.baseAddress
          var (inputLeft, outputLeft) = (source.count, target.count)
          _ = unsafe iconv(converter, &input, &inputLeft, &output, &outputLeft)
          return (source.count - inputLeft, target.count - outputLeft)
        }
      }
      for i in 0..<written { text.append(UInt8(bitPattern: buffer[i])) }
      start += consumed
      if consumed == 0, written == 0 {
        // The byte begins nothing that the encoding knows.
        text.appendScalar(0xFFFD)
        start += 1
      }
    }
    return text
  }
}
