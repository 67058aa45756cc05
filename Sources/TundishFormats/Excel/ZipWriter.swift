internal import CZip

/// Puts parts into a zip archive in memory.
enum ZipWriter {
  /// The level of compression that takes the least time.
  private static let fastest: UInt32 = 1

  /// Returns an archive of the parts; the same parts give the same bytes.
  static func archive(
    _ parts: [(name: String, bytes: [UInt8])],
    progress: ReadingProgress? = nil
  ) throws(FormatError) -> [UInt8] {
    let failure = FormatError.workbook("the workbook cannot be written")
    guard let source = unsafe zip_source_buffer_create(nil, 0, 0, nil) else { throw failure }
    // Held until the bytes are read back; `zip_close` would free it.
    unsafe zip_source_keep(source)
    defer { unsafe zip_source_free(source) }
    guard let archive = unsafe zip_open_from_source(source, ZIP_CREATE | ZIP_TRUNCATE, nil) else {
      throw failure
    }
    // The archive reads the parts when it is closed, so that copies must live until then.
    var copies: [UnsafeMutableBufferPointer<UInt8>] = unsafe []
    defer { while let copy = unsafe copies.popLast() { unsafe copy.deallocate() } }
    for part in parts {
      let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: part.bytes.count)
      _ = unsafe copy.initialize(from: part.bytes)
      unsafe copies.append(copy)
      let entry = unsafe zip_source_buffer(archive, copy.baseAddress, UInt64(copy.count), 0)
      let index = unsafe zip_file_add(archive, part.name, entry, UInt32(ZIP_FL_ENC_UTF_8))
      guard index >= 0 else {
        unsafe zip_source_free(entry)
        unsafe zip_discard(archive)
        throw failure
      }
      // Sheets repeat themselves so much that the quickest way leaves little more than the best.
      unsafe zip_set_file_compression(archive, UInt64(index), ZIP_CM_DEFLATE, fastest)
      // 1980-01-01, the first day of zip
      unsafe zip_file_set_mtime(archive, UInt64(index), 315_532_800, 0)
    }
    if let progress { unsafe stop(archive, with: progress) }
    // The library asks the progress while it closes the archive, at no other time.
    let isClosed = withExtendedLifetime(progress) { unsafe zip_close(archive) == 0 }
    guard isClosed else {
      unsafe zip_discard(archive)
      try progress?.check()
      throw failure
    }
    guard unsafe zip_source_open(source) == 0 else { throw failure }
    defer { unsafe zip_source_close(source) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      // The library writes at most as many bytes as the buffer has.
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe zip_source_read(source, $0.baseAddress, UInt64($0.count))
      }
      guard count >= 0 else { throw failure }
      if count == 0 { return bytes }
      bytes.append(contentsOf: buffer[..<Int(count)])
    }
  }

  /// Lets the user stop the compression, which takes most of the time.
  private static func stop(_ archive: OpaquePointer, with progress: ReadingProgress) {
    let reference = unsafe Unmanaged.passUnretained(progress).toOpaque()
    unsafe zip_register_cancel_callback_with_state(
      archive,
      { _, reference in
        guard let reference = unsafe reference else { return 0 }
        // Alive until the archive is closed.
        let progress = unsafe Unmanaged<ReadingProgress>.fromOpaque(reference)
          .takeUnretainedValue()
        return progress.isCancelled ? 1 : 0
      },
      nil,
      reference
    )
  }
}
