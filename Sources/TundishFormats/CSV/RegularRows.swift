internal import CByteMasks

/// Where the fields of some consecutive rows lie that are written as most rows are: every one has as
/// many fields as there are columns, quotes stand around whole fields, and lines end in LF or CR LF.
///
/// The fast way of `RowScanner`, which reads every other row; the two are tested against each other.
/// Field `column` of row `row` begins behind `ends[row * columnCount + column]` and ends at the next
/// number: between two rows lies a newline as a delimiter lies between two fields. Offsets are
/// relative to `base`, one byte in front of the first row.
@safe
final class RegularRows {
  /// The number of fields of every row.
  let columnCount: Int
  /// The number of rows.
  private(set) var rowCount = 0
  /// The offset in the input to which the others are relative.
  private(set) var base = 0
  /// Where the next row begins.
  private(set) var end = 0
  /// Whether there are bytes at or above 0x80 among the rows.
  private(set) var hasHighBits = false
  /// One more than there are fields, then room.
  ///
  /// Written and read by position in loops whose bounds
  /// are `rowCount` and `columnCount`; measured, checks and copies of an array cost a fifth.
  let ends: UnsafeMutablePointer<UInt32>

  private let delimiter: UInt8
  private let quote: UInt8
  private let quoteMask: UInt64
  private let maximumRowByteCount: Int
  private let wantedEndCount: Int
  private let hasWideBlocks = tundish_has_wide_blocks() != 0

  /// The bytes that may be read behind the last row of a slice, so that values can be loaded whole.
  static let slack = 64
  /// A slice has about so many fields, whose places stay in the nearest caches.
  private static let sliceFieldCount = 16_384
  private static let maximumSliceByteCount = 1 << 24
  /// After so many blocks that begin with quotes in sight, all of a slice are taken to have some.
  private static let widePatience = 64

  /// Creates the reader of a dialect; nil where the dialect needs the general rules for every row.
  init?(dialect: CSVDialect, columnCount: Int, maximumRowByteCount: Int) {
    guard dialect.escape == nil, dialect.comment == nil, dialect.lineEnding == .lineFeed,
      columnCount > 1, columnCount <= Self.sliceFieldCount
    else { return nil }
    self.columnCount = columnCount
    self.maximumRowByteCount = maximumRowByteCount
    delimiter = dialect.delimiter
    quote = dialect.quote ?? dialect.delimiter
    quoteMask = dialect.quote == nil ? 0 : UInt64.max
    let rowCount = max(16, min(2_048, Self.sliceFieldCount / columnCount))
    wantedEndCount = rowCount * columnCount + 1
    // A block of 64 bytes has at most 64 ends, and 12 are written at once.
    unsafe ends = .allocate(capacity: wantedEndCount + 128)
  }

  deinit {
    unsafe ends.deallocate()
  }

  /// Finds rows from an offset on, at which a row begins; none where the first row is not regular.
  ///
  /// Rows begin in front of `limit`, and at most `rowLimit` are found.
  func scan(_ bytes: Span<UInt8>, from start: Int, limit: Int, rowLimit: Int) {
    rowCount = 0
    end = start
    guard start < limit, bytes.count - start > 2 * Self.slack else { return }
    base = start - 1
    // Blocks end `slack` bytes in front of the end of the span.
    let lastBlock = min(
      bytes.count - 2 * Self.slack,
      start + Self.maximumSliceByteCount,
      limit > bytes.count ? bytes.count : limit + 4_096
    )
    unsafe bytes.withUnsafeBufferPointer { buffer in
      guard let address = buffer.baseAddress else { return }
      let found = unsafe findEnds(address, from: start, lastBlock: lastBlock)
      unsafe keepRegularRows(address, found, limit: limit, rowLimit: rowLimit)
    }
  }

  /// Returns where a field lies, quotes included.
  func range(_ bytes: Span<UInt8>, row: Int, column: Int) -> Range<Int> {
    precondition(row >= 0 && row < rowCount && column >= 0 && column < columnCount)
    let position = row * columnCount + column
    // There is one more end than fields.
    let start = unsafe base + Int(ends[position]) + 1
    var end = unsafe base + Int(ends[position + 1])
    if column == columnCount - 1, end > start, bytes[end - 1] == 0x0D { end -= 1 }
    return start..<end
  }

  /// What a pass over blocks found.
  private struct Found {
    /// The number of ends, the one in front of the first row included.
    var endCount = 1
    /// How many of them are newlines.
    var newlineCount = 0
  }

  /// Writes down all delimiters and newlines outside quotes, up to a quote in a place that only the
  /// general rules know.
  private func findEnds(
    _ bytes: UnsafePointer<UInt8>,
    from start: Int,
    lastBlock: Int
  ) -> Found {
    let ends = unsafe ends
    let wanted = wantedEndCount
    unsafe ends[0] = 0
    var count = 1
    var newlineCount = 0
    var high: UInt64 = 0
    // All ones where the block begins inside quotes.
    var inside: UInt64 = 0
    // Whether the byte before the block lets a quote open, and whether it closed one.
    var before: UInt64 = 1
    var pendingClose: UInt64 = 0
    var block = start
    // Where hardly any block is without quotes, it does not pay to look for those that are.
    var patience = hasWideBlocks ? Self.widePatience : 0
    while block <= lastBlock, count < wanted {
      if patience > 0, inside | pendingClose == 0 {
        // 64 bytes from `lastBlock` on are within the span, and there is room for 128 more ends.
        let plain = unsafe tundish_write_ends(
          bytes + block,
          (lastBlock &- block) / 64 &+ 1,
          delimiter,
          0x0A,
          quote,
          quoteMask,
          UInt32(truncatingIfNeeded: block &- start &+ 1),
          ends + count,
          wanted &- count
        )
        if plain.block_count > 0 {
          before = plain.last &>> 63
          block &+= plain.block_count &* 64
          count &+= plain.end_count
          newlineCount &+= plain.second_count
          high |= plain.high & 0xFFFF_FFFF
        } else {
          patience &-= 1
        }
        if block > lastBlock || count >= wanted { break }
      }
      // 64 bytes from `block` on are within the span.
      let masks = unsafe tundish_find_bytes(bytes + block, delimiter, 0x0A, quote)
      high |= masks.high
      var separators = masks.first | masks.second
      let quotes = masks.third & quoteMask
      var isIrregular = false
      if quotes | inside | pendingClose != 0 {
        let insideMask = BlockMasks.prefixParity(quotes) ^ inside
        let opens = quotes & insideMask
        let closes = quotes & ~insideMask
        let outside = separators & ~insideMask
        let wrongOpens = opens & ~((outside | closes) &<< 1 | before)
        var wrongCloses = (closes &<< 1 | pendingClose) & ~(outside | opens)
        if wrongCloses != 0 {
          wrongCloses = unsafe withoutReturns(wrongCloses, bytes, block)
        }
        separators = outside
        if wrongOpens | wrongCloses != 0 {
          isIrregular = true
          let first = (wrongOpens | wrongCloses).trailingZeroBitCount
          separators &= (1 &<< UInt64(first)) &- 1
        }
        inside = UInt64(bitPattern: Int64(bitPattern: insideMask) &>> 63)
        before = (outside | closes) &>> 63
        pendingClose = closes &>> 63
      } else {
        before = separators &>> 63
      }
      newlineCount &+= (separators & masks.second).nonzeroBitCount
      let number = separators.nonzeroBitCount
      let offset = UInt32(truncatingIfNeeded: block &- start &+ 1)
      var rest = separators
      // There is room for 64 ends and more. Eight at a time, as most blocks have as many.
      var next = unsafe ends + count
      repeat {
        for i in 0..<8 {
          unsafe next[i] = offset &+ UInt32(truncatingIfNeeded: rest.trailingZeroBitCount)
          rest &= rest &- 1
        }
        unsafe next += 8
      } while rest != 0
      count &+= number
      if isIrregular { break }
      block &+= 64
    }
    hasHighBits = high != 0
    return Found(endCount: count, newlineCount: newlineCount)
  }

  /// Takes out of a mask of wrong bytes behind closing quotes those that are the CR of CR LF.
  private func withoutReturns(
    _ mask: UInt64,
    _ bytes: UnsafePointer<UInt8>,
    _ block: Int
  ) -> UInt64 {
    var mask = mask
    var rest = mask
    while rest != 0 {
      let offset = block &+ rest.trailingZeroBitCount
      // The byte behind the block exists: blocks end in front of the slack.
      if unsafe bytes[offset] == 0x0D && bytes[offset &+ 1] == 0x0A {
        mask &= ~(1 &<< UInt64(offset &- block))
      }
      rest &= rest &- 1
    }
    return mask
  }

  /// Counts the rows up to the first that is not regular.
  private func keepRegularRows(
    _ bytes: UnsafePointer<UInt8>,
    _ found: Found,
    limit: Int,
    rowLimit: Int
  ) {
    let whole = (found.endCount - 1) / columnCount
    let wanted = min(whole, rowLimit)
    var row = 0
    var position = columnCount
    let origin = unsafe bytes + base
    while row < wanted {
      let end = unsafe Int(ends[position])
      let start = unsafe Int(ends[position &- columnCount])
      guard unsafe origin[end] == 0x0A, end &- start <= maximumRowByteCount else { break }
      row &+= 1
      position &+= columnCount
      if base &+ end &+ 1 >= limit { break }
    }
    // If every row ends in a newline, and there are no more newlines than rows, none lies within.
    if row != whole || found.newlineCount != whole { unsafe row = regularRowCount(origin, of: row) }
    rowCount = row
    if row > 0 { end = unsafe base + Int(ends[row * columnCount]) + 1 }
  }

  private func regularRowCount(_ origin: UnsafePointer<UInt8>, of rowCount: Int) -> Int {
    for row in 0..<rowCount {
      for column in 1..<columnCount
      where unsafe origin[Int(ends[row &* columnCount &+ column])] == 0x0A { return row }
    }
    return rowCount
  }
}
