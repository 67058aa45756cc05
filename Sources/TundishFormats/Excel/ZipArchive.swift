internal import CZip
internal import TundishColumns

/// Reads the entries of a zip archive that is in memory.
///
/// The archive's bytes must outlive the object: it is made and used inside of `withArchive` only.
@safe struct ZipArchive {
  private let handle: OpaquePointer

  private init(_ handle: OpaquePointer) {
    unsafe self.handle = handle
  }

  /// The bytes that one entry may have when it is decompressed: beyond every sheet that Excel opens.
  static let maximumEntryByteCount = 1 << 30

  /// The number of bytes of an entry when it is decompressed; nil where that is not known.
  func byteCount(of name: String) -> Int? {
    var status = unsafe zip_stat_t()
    // The library fills in the structure, or says that there is no such entry.
    guard unsafe zip_stat(handle, name, UInt32(ZIP_FL_NOCASE), &status) == 0 else { return nil }
    return unsafe status.valid & UInt64(ZIP_STAT_SIZE) == 0
      ? nil : unsafe Int(exactly: status.size)
  }

  /// Calls a closure with the archive of some bytes.
  static func withArchive<Result>(
    _ input: InputBytes,
    _ body: (ZipArchive) throws(FormatError) -> Result
  ) throws(FormatError) -> Result {
    try input.withSpan { bytes throws(FormatError) in
      // libzip reads the bytes only until `zip_discard`, which is before the span ends.
      let source = unsafe bytes.withUnsafeBufferPointer { buffer in
        unsafe zip_source_buffer_create(buffer.baseAddress, UInt64(buffer.count), 0, nil)
      }
      guard let source = unsafe source else { throw .workbook("the workbook cannot be read") }
      guard let handle = unsafe zip_open_from_source(source, ZIP_RDONLY, nil) else {
        unsafe zip_source_free(source)
        throw .workbook("the zip archive of the workbook is damaged")
      }
      defer { unsafe zip_discard(handle) }
      return try body(unsafe ZipArchive(handle))
    }
  }

  /// Returns the bytes of an entry; nil where there is none of that name.
  func entry(_ name: String) throws(FormatError) -> [UInt8]? {
    var bytes: [UInt8] = []
    let isThere = try readPieces(of: name, nil) { piece in bytes.append(piece) }
    return isThere ? bytes : nil
  }

  /// Gives the bytes of an entry piece by piece; false where there is none of that name.
  func readPieces(
    of name: String,
    _ progress: ReadingProgress?,
    _ body: (Span<UInt8>) throws(FormatError) -> Void
  ) throws(FormatError) -> Bool {
    let index = unsafe zip_name_locate(handle, name, UInt32(ZIP_FL_NOCASE))
    guard index >= 0 else { return false }
    guard let file = unsafe zip_fopen_index(handle, UInt64(index), 0) else {
      throw .workbook("'\(name)' in the workbook is encrypted or damaged")
    }
    defer { unsafe zip_fclose(file) }
    var total = 0
    var buffer = [UInt8](repeating: 0, count: 1 << 17)
    while true {
      try progress?.check()
      // The library writes at most as many bytes as the buffer has.
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe zip_fread(file, $0.baseAddress, UInt64($0.count))
      }
      guard count >= 0 else { throw .workbook("'\(name)' in the workbook is damaged") }
      if count == 0 { return true }
      total += Int(count)
      guard total <= Self.maximumEntryByteCount else {
        throw .workbook("'\(name)' in the workbook is larger than 1 GiB")
      }
      try body(buffer.span.extracting(0..<Int(count)))
    }
  }
}
