internal import TundishColumns

// Finding. Pointers because values of up to sixteen bytes are read as two words, which may reach over
// their end; each function says what its caller must know to be readable.
extension TextChunk {
  static let emptyHash = mixed(0, 0, 0)

  @inline(__always)
  static func slot(_ hash: UInt64, _ slotCount: Int) -> Int {
    // The highest bits of a product are the only ones that all bits of its factors reach; there are
    // a power of two slots.
    Int(truncatingIfNeeded: hash &>> UInt64(slotCount.leadingZeroBitCount &+ 1))
  }

  @inline(__always)
  private static func mixed(_ head: UInt64, _ tail: UInt64, _ length: UInt64) -> UInt64 {
    let product = (head ^ length &* 0x9E37_79B9_7F4A_7C15)
      .multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
    return (product.high ^ product.low ^ tail) &* 0xE703_7ED1_A0B4_28DB
  }

  /// Loads the eight bytes at an address, which the caller knows to be readable.
  @inline(__always)
  private static func word(_ text: UnsafePointer<UInt8>) -> UInt64 {
    unsafe UnsafeRawPointer(text).loadUnaligned(as: UInt64.self).littleEndian
  }

  /// Hashes a text of which `length` bytes can be read.
  @inline(__always)
  static func hash(
    _ text: UnsafePointer<UInt8>,
    _ length: Int,
    _ head: UInt64,
    _ tail: UInt64
  ) -> UInt64 {
    var hash = mixed(head, tail, UInt64(truncatingIfNeeded: length))
    var i = 8
    while i &+ 8 < length {
      hash = unsafe mixed(hash, word(text + i), 0)
      i &+= 8
    }
    return hash
  }

  /// Returns the code of a text of which `length` bytes can be read, or -1; `slot` is where its hash
  /// puts it, and `code` what stands there.
  @inline(__always)
  static func find(
    _ text: UnsafePointer<UInt8>,
    _ length: Int,
    _ head: UInt64,
    _ tail: UInt64,
    slot firstSlot: Int,
    code firstCode: Int,
    _ slots: Span<UInt32>,
    _ entries: Span<Entry>,
    _ bytes: Span<UInt8>
  ) -> Int {
    var slot = firstSlot
    var code = firstCode
    while code >= 0 {
      let entry = entries[code]
      let difference =
        (entry.head ^ head) | (entry.tail ^ tail)
        | UInt64(truncatingIfNeeded: Int(entry.length) ^ length)
      if difference == 0,
        unsafe length <= 16 || isSame(text, length, bytes, at: Int(entry.start))
      {
        return code
      }
      slot = (slot &+ 1) & (slots.count &- 1)
      code = Int(slots[slot]) &- 1
    }
    return -1
  }

  /// Whether what lies between the first and last eight bytes is the same.
  @inline(__always)
  private static func isSame(
    _ text: UnsafePointer<UInt8>,
    _ length: Int,
    _ bytes: Span<UInt8>,
    at start: Int
  ) -> Bool {
    precondition(start &+ length <= bytes.count, "a value is among the bytes")
    let raw = unsafe bytes.bytes
    var i = 8
    while i &+ 8 < length {
      // Both texts have the bytes from `i` to `i + 8`.
      let other = unsafe raw.unsafeLoadUnaligned(fromByteOffset: start &+ i, as: UInt64.self)
      if unsafe word(text + i) != other.littleEndian { return false }
      i &+= 8
    }
    return true
  }

  /// Appends the fields of a column of regular rows, up to one with quotes inside.
  ///
  /// - Returns: The row that was not appended, or the number of rows.
  mutating func append(
    _ source: Span<UInt8>,
    _ rows: RegularRows,
    column: Int,
    from first: Int,
    quote: UInt8?,
    quotedEmptyIsNull: Bool,
    validity: inout [Bool]
  ) -> Int {
    let quotes = Quotes(byte: quote, emptyIsNull: quotedEmptyIsNull)
    var row = first
    while row < rows.rowCount {
      if !isCoded { return appendPlain(source, rows, column, from: row, quotes, &validity) }
      var new: Field?
      row = Self.code(
        source,
        rows,
        column,
        from: row,
        quotes,
        &validity,
        &nullCount,
        &new,
        (slots, entries, bytes),
        into: &codes
      )
      guard let field = new else { return row }
      // A value that is not known yet.
      append(source.extracting(field.range), field.head, field.tail)
      row += 1
    }
    return row
  }

  /// What quotes mean.
  private struct Quotes {
    /// Nil where fields have none.
    var byte: UInt8?
    /// Whether quotes around nothing stand for NULL.
    var emptyIsNull: Bool
  }

  /// A field in the input.
  private struct Field {
    var range: Range<Int>
    var head: UInt64
    var tail: UInt64
  }

  /// Some fields that are looked for together: what they are is loaded for all of them before the
  /// first is compared, so that the processor waits for memory once and not for every field.
  private struct Lookahead {
    static let count = 32
    var heads = InlineArray<32, UInt64>(repeating: 0)
    var tails = InlineArray<32, UInt64>(repeating: 0)
    /// Where the texts begin, from the origin.
    var starts = InlineArray<32, Int>(repeating: 0)
    /// The lengths; -1 for NULL.
    var lengths = InlineArray<32, Int>(repeating: 0)
    var slots = InlineArray<32, Int>(repeating: 0)
    var codes = InlineArray<32, Int>(repeating: 0)
  }

  /// Codes known values, up to one that is new or has quotes inside.
  private static func code(
    _ source: Span<UInt8>,
    _ rows: RegularRows,
    _ column: Int,
    from first: Int,
    _ quotes: Quotes,
    _ validity: inout [Bool],
    _ nullCount: inout Int,
    _ new: inout Field?,
    _ known: (slots: [UInt32], entries: [Entry], bytes: [UInt8]),
    into codes: inout [UInt16]
  ) -> Int {
    let count = rows.rowCount
    var nulls = 0
    var row = first
    let entries = known.entries.span
    let slots = known.slots.span
    let bytes = known.bytes.span
    var ahead = Lookahead()
    // A value that is new ends the block, so that blocks are short where many are.
    var block = 1
    unsafe source.withUnsafeBufferPointer { buffer in
      guard let address = buffer.baseAddress else { return }
      let origin = unsafe address + (rows.base + 1)
      codes.append(addingCapacity: count - first) { output in
        while row < count {
          let wanted = min(block, count &- row)
          let found = unsafe lookAhead(
            origin,
            rows,
            column,
            row..<row &+ wanted,
            quotes,
            slotCount: slots.count,
            &ahead
          )
          for i in 0..<found { ahead.codes[i] = Int(slots[ahead.slots[i]]) &- 1 }
          for i in 0..<found {
            let length = ahead.lengths[i]
            if length < 0 {
              if validity.isEmpty { validity = [Bool](repeating: true, count: count) }
              validity[row] = false
              nulls &+= 1
              output.append(0)
              row &+= 1
              continue
            }
            let text = unsafe origin + ahead.starts[i]
            let (head, tail) = (ahead.heads[i], ahead.tails[i])
            let code = unsafe Self.find(
              text,
              length,
              head,
              tail,
              slot: ahead.slots[i],
              code: ahead.codes[i],
              slots,
              entries,
              bytes
            )
            guard code >= 0 else {
              let position = rows.base &+ 1 &+ ahead.starts[i]
              new = Field(range: position..<position &+ length, head: head, tail: tail)
              return
            }
            output.append(UInt16(truncatingIfNeeded: code))
            row &+= 1
          }
          if found < wanted { return }
          block = min(block &* 2, Lookahead.count)
        }
      }
    }
    nullCount += nulls
    return row
  }

  /// Notes what some fields are; returns how many, up to one with quotes inside.
  ///
  /// Fields and 16 bytes behind them can be read from the origin on.
  @inline(__always)
  private static func lookAhead(
    _ origin: UnsafePointer<UInt8>,
    _ rows: RegularRows,
    _ column: Int,
    _ range: Range<Int>,
    _ quotes: Quotes,
    slotCount: Int,
    _ ahead: inout Lookahead
  ) -> Int {
    let columnCount = rows.columnCount
    let isLast = column == columnCount &- 1
    let quoteByte = quotes.byte ?? 0
    let hasQuote = quotes.byte != nil
    let ends = unsafe rows.ends + column
    for row in range {
      let i = row &- range.lowerBound
      var start = unsafe Int(ends[row &* columnCount])
      var end = unsafe Int(ends[row &* columnCount &+ 1]) &- 1
      if isLast, end > start, unsafe origin[end &- 1] == 0x0D { end &-= 1 }
      if end == start {
        ahead.lengths[i] = -1
        ahead.slots[i] = 0
        continue
      }
      if hasQuote, unsafe origin[start] == quoteByte {
        start &+= 1
        end &-= 1
        if end < start { return i }
        for position in start..<end where unsafe origin[position] == quoteByte { return i }
        if unsafe origin[end] != quoteByte { return i }
        if end == start, quotes.emptyIsNull {
          ahead.lengths[i] = -1
          ahead.slots[i] = 0
          continue
        }
      }
      let length = end &- start
      let text = unsafe origin + start
      // Without branches on the length, which is hard to foresee.
      let missing = UInt64(truncatingIfNeeded: max(0, 8 &- length) &* 8)
      let first = unsafe (word(text) &<< missing) &>> missing
      let last = unsafe word(text + max(0, length &- 8))
      let head = length == 0 ? 0 : first
      let tail = length > 8 ? last : 0
      ahead.starts[i] = start
      ahead.lengths[i] = length
      ahead.heads[i] = head
      ahead.tails[i] = tail
      ahead.slots[i] = unsafe slot(hash(text, length, head, tail), slotCount)
    }
    return range.count
  }

  private mutating func appendPlain(
    _ source: Span<UInt8>,
    _ rows: RegularRows,
    _ column: Int,
    from first: Int,
    _ quotes: Quotes,
    _ validity: inout [Bool]
  ) -> Int {
    let count = rows.rowCount
    let columnCount = rows.columnCount
    let isLast = column == columnCount - 1
    let quoteByte = quotes.byte ?? 0
    let hasQuote = quotes.byte != nil
    let ends = unsafe rows.ends + column
    // No column has more bytes than its rows; 16 are written at once.
    let room = rows.end - rows.base + 16
    let begin = bytes.count
    if bytes.capacity - begin < room {
      bytes.reserveCapacity(max(bytes.capacity * 2, begin + room))
    }
    var nulls = 0
    var row = first
    // Taken out, so that both buffers can be written to.
    var texts = bytes
    bytes = []
    var valueEnds = self.ends
    self.ends = []
    unsafe source.withUnsafeBufferPointer { buffer in
      guard let address = buffer.baseAddress else { return }
      let origin = unsafe address + (rows.base + 1)
      texts.append(addingCapacity: room) { output in
        unsafe output.withUnsafeMutableBufferPointer { space, written in
          guard let target = space.baseAddress else { return }
          valueEnds.append(addingCapacity: count - first) { places in
            while row < count {
              var start = unsafe Int(ends[row &* columnCount])
              var end = unsafe Int(ends[row &* columnCount &+ 1]) &- 1
              if isLast, end > start, unsafe origin[end &- 1] == 0x0D { end &-= 1 }
              if end == start {
                if validity.isEmpty { validity = [Bool](repeating: true, count: count) }
                validity[row] = false
                nulls &+= 1
              } else if hasQuote, unsafe origin[start] == quoteByte {
                start &+= 1
                end &-= 1
                if end < start { return }
                for i in start..<end where unsafe origin[i] == quoteByte { return }
                if unsafe origin[end] != quoteByte { return }
                if end == start, quotes.emptyIsNull {
                  if validity.isEmpty { validity = [Bool](repeating: true, count: count) }
                  validity[row] = false
                  nulls &+= 1
                }
              }
              var i = start
              // 16 bytes behind the field can be read, and there is room for them.
              while i < end {
                let part = unsafe UnsafeRawPointer(origin + i).loadUnaligned(
                  as: SIMD16<UInt8>.self
                )
                unsafe UnsafeMutableRawPointer(target + written + (i &- start)).storeBytes(
                  of: part,
                  as: SIMD16<UInt8>.self
                )
                i &+= 16
              }
              written &+= end &- start
              places.append(UInt32(truncatingIfNeeded: begin &+ written))
              row &+= 1
            }
          }
        }
      }
    }
    bytes = texts
    self.ends = valueEnds
    nullCount += nulls
    return row
  }
}
