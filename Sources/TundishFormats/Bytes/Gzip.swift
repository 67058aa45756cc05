/// Takes the compression of gzip away.
enum Gzip {
  /// Returns the bytes of an input, decompressed where they begin as gzip does.
  static func decompressed(_ input: InputBytes) throws(FormatError) -> InputBytes {
    let isCompressed = input.withSpan { $0.count >= 2 && $0[0] == 0x1F && $0[1] == 0x8B }
    guard isCompressed else { return input }
    throw .compressed("the file is compressed by gzip, which is not read yet")
  }
}
