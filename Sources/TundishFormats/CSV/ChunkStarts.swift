internal import TundishColumns

/// Where a file is cut into parts that different threads read.
///
/// The cuts depend on the file alone, so that row groups do not depend on the number of threads. A
/// cut is taken to be the beginning of a row if the rows behind it look like rows: a guess, since
/// the newline in front of it may stand inside quotes. `CSVRun` compares it with where the part in
/// front really ended, and reads a part again that began in the wrong place.
struct ChunkStarts {
  /// About the rows of a row group, a little fewer, so that a part rarely has a second one.
  private static let rowCount = 60_000
  private static let maximumByteCount = 1 << 26
  private static let minimumByteCount = 1 << 16
  /// A cut is sought among so many lines.
  private static let maximumLineCount = 32
  private static let checkedRowCount = 4
  private static let maximumRowByteCount = 1 << 16

  /// Returns the offset of the first row of each part.
  static func offsets(_ bytes: Span<UInt8>, _ plan: CSVPlan, _ options: CSVOptions) -> [Int] {
    let start = plan.firstRowOffset
    let byteCount = bytes.count - start
    guard plan.dialect.lineEnding == .lineFeed else { return [start] }
    let wanted =
      options.chunkByteCount
      ?? max(
        Self.minimumByteCount,
        min(Self.maximumByteCount, Int(plan.averageRowByteCount * Double(Self.rowCount)))
      )
    var count = (byteCount + wanted - 1) / max(1, wanted)
    guard count > 1 else { return [start] }
    // Two threads share an even number fairly.
    count += count & 1
    var offsets = [start]
    for chunk in 1..<count {
      let boundary = start + byteCount / count * chunk
      let offset = firstRow(bytes, behind: boundary, plan, options)
      if let last = offsets.last, offset > last, offset < bytes.count { offsets.append(offset) }
    }
    return offsets
  }

  private static func firstRow(
    _ bytes: Span<UInt8>,
    behind boundary: Int,
    _ plan: CSVPlan,
    _ options: CSVOptions
  ) -> Int {
    var first: Int?
    var offset = boundary
    for _ in 0..<maximumLineCount {
      let end = min(bytes.count, offset + maximumRowByteCount)
      while offset < end, bytes[offset] != 0x0A { offset += 1 }
      offset += 1
      guard offset < end else { break }
      if first == nil { first = offset }
      var scanner = plan.scanner(from: offset, options: options)
      scanner.maximumRowByteCount = min(maximumRowByteCount, options.maximumLineByteCount)
      // Rows read in another way than they are written say nothing about a cut.
      scanner.padsShortRows = false
      scanner.repairsQuotes = false
      var slice = RowSlice(columnCount: plan.columns.count)
      _ = scanner.scan(bytes, rowLimit: checkedRowCount, into: &slice)
      let isWhole = slice.rowCount == checkedRowCount || scanner.position >= bytes.count
      if isWhole, scanner.problems.isEmpty, scanner.trimmedRowCount == 0 { return offset }
    }
    return first ?? boundary
  }
}
