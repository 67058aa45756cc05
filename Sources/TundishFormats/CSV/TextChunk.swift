internal import TundishColumns

/// Collects the text values of some rows, coded over a dictionary as long as that pays.
///
/// A call into another module for every value would cost as much as the rest of reading it, so this
/// repeats in small what dictionaries of tables do. Values are told apart by their length, their
/// first and their last eight bytes, and only longer ones also by what lies between.
struct TextChunk {
  /// A distinct value.
  struct Entry {
    /// The first eight bytes, or fewer with zeros behind.
    var head: UInt64
    /// The last eight bytes; zero where the value has at most eight.
    var tail: UInt64
    var start: UInt32
    var length: UInt32
  }

  private var isCoded = true
  private var codes: [UInt16] = []
  private var entries: [Entry] = []
  /// The distinct values end to end, or all values where they are not coded.
  private var bytes: [UInt8] = []
  /// Where each value ends, where they are not coded.
  private var ends: [UInt32] = []
  /// Open addressing: codes plus one; zero is free.
  ///
  /// Hashes choose slots by their highest bits.
  private var slots = [UInt32](repeating: 0, count: 256)
  private var nullCount = 0

  /// Codes have 16 bits.
  private static let maximumEntryCount = 65_535
  /// After so many rows, nearly as many distinct values are taken for a sign of no others.
  ///
  /// Whether dictionaries pay is for the whole table to say.
  private static let trialRowCount = 4_096

  /// How many values and distinct ones there were when their growth was judged last.
  private var judged = (valueCount: 0, entryCount: 0)

  /// Forgets all values.
  mutating func reset() {
    isCoded = true
    codes.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    if slots.count > 4_096 {
      slots = [UInt32](repeating: 0, count: 256)
    } else {
      for i in slots.indices { slots[i] = 0 }
    }
    nullCount = 0
    judged = (0, 0)
  }

  /// Appends what stands under a NULL.
  mutating func appendNull() {
    nullCount += 1
    if isCoded { codes.append(0) } else { ends.append(UInt32(truncatingIfNeeded: bytes.count)) }
  }

  /// Appends a value.
  mutating func append(_ source: Span<UInt8>, _ range: Range<Int>) {
    guard isCoded else {
      bytes.append(source.extracting(range))
      ends.append(UInt32(truncatingIfNeeded: bytes.count))
      return
    }
    let head = source.word(at: range.lowerBound, count: min(range.count, 8))
    let tail = range.count > 8 ? source.word(at: range.upperBound - 8, count: 8) : 0
    append(source.extracting(range), head, tail)
  }

  private mutating func append(_ value: Span<UInt8>, _ head: UInt64, _ tail: UInt64) {
    unsafe value.withUnsafeBufferPointer { text in
      guard let address = text.baseAddress else { return appendEmpty() }
      unsafe append(address, text.count, head, tail)
    }
  }

  private mutating func appendEmpty() {
    if let known = entries.firstIndex(where: { $0.length == 0 }) {
      codes.append(UInt16(truncatingIfNeeded: known))
    } else {
      codes.append(code(ofNew: Span(), head: 0, tail: 0))
    }
  }

  private mutating func append(
    _ text: UnsafePointer<UInt8>,
    _ length: Int,
    _ head: UInt64,
    _ tail: UInt64
  ) {
    let hash = unsafe Self.hash(text, length, head, tail)
    let known = unsafe Self.find(
      text,
      length,
      head,
      tail,
      hash,
      slots.span,
      entries.span,
      bytes.span
    )
    if known >= 0 {
      codes.append(UInt16(truncatingIfNeeded: known))
      return
    }
    // The text has `length` bytes.
    let all = unsafe UnsafeBufferPointer(start: text, count: length)
    if entries.count >= Self.maximumEntryCount {
      giveUpCodes()
      unsafe bytes.append(contentsOf: all)
      ends.append(UInt32(truncatingIfNeeded: bytes.count))
    } else {
      unsafe codes.append(code(ofNew: all.span, head: head, tail: tail))
    }
  }

  private mutating func code(ofNew text: Span<UInt8>, head: UInt64, tail: UInt64) -> UInt16 {
    entries.append(
      Entry(
        head: head,
        tail: tail,
        start: UInt32(truncatingIfNeeded: bytes.count),
        length: UInt32(truncatingIfNeeded: text.count)
      )
    )
    bytes.append(text)
    if entries.count * 2 > slots.count {
      slots = [UInt32](repeating: 0, count: slots.count * 4)
      for code in entries.indices { place(code) }
    } else {
      place(entries.count - 1)
    }
    return UInt16(truncatingIfNeeded: entries.count - 1)
  }

  private mutating func place(_ code: Int) {
    let entry = entries[code]
    let range = Int(entry.start)..<Int(entry.start) + Int(entry.length)
    let hash = unsafe bytes.span.extracting(range).withUnsafeBufferPointer { text in
      guard let address = text.baseAddress else { return Self.emptyHash }
      return unsafe Self.hash(address, range.count, entry.head, entry.tail)
    }
    let mask = slots.count - 1
    var slot = Self.slot(hash, slots.count)
    while slots[slot] != 0 { slot = (slot + 1) & mask }
    slots[slot] = UInt32(truncatingIfNeeded: code + 1)
  }

  /// Gives up codes where nearly every value is new; called now and then.
  mutating func endSlice() {
    guard isCoded else { return }
    let valueCount = codes.count - nullCount
    if valueCount >= Self.trialRowCount, entries.count * 16 > valueCount * 15 {
      return giveUpCodes()
    }
    // Values that are still mostly new after the first ones will go on so.
    let newValueCount = valueCount - judged.valueCount
    guard newValueCount >= Self.trialRowCount else { return }
    let newEntryCount = entries.count - judged.entryCount
    if judged.valueCount > 0, newEntryCount * 4 > newValueCount * 3 { return giveUpCodes() }
    judged = (valueCount, entries.count)
  }

  private mutating func giveUpCodes() {
    (bytes, ends) = Self.spelledOut(codes, entries, bytes)
    isCoded = false
    codes.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
  }

  private static func spelledOut(
    _ codes: [UInt16],
    _ entries: [Entry],
    _ distinct: [UInt8]
  ) -> (bytes: [UInt8], ends: [UInt32]) {
    var bytes: [UInt8] = []
    var ends: [UInt32] = []
    let all = distinct.span
    for code in codes {
      // Under a NULL there may be a code where no value has one yet.
      if Int(code) < entries.count {
        let entry = entries[Int(code)]
        bytes.append(all.extracting(Int(entry.start)..<Int(entry.start) + Int(entry.length)))
      }
      ends.append(UInt32(truncatingIfNeeded: bytes.count))
    }
    return (bytes, ends)
  }

  /// Keeps some rows.
  mutating func keep(_ rows: [Int32]) {
    if isCoded {
      codes = rows.map { codes[Int($0)] }
      return
    }
    var kept: [UInt8] = []
    var keptEnds: [UInt32] = []
    for row in rows {
      let start = row == 0 ? 0 : Int(ends[Int(row) - 1])
      kept.append(bytes.span.extracting(start..<Int(ends[Int(row)])))
      keptEnds.append(UInt32(truncatingIfNeeded: kept.count))
    }
    bytes = kept
    ends = keptEnds
  }

  /// Returns the values so far, in buffers of their own.
  func finish() -> ChunkText {
    guard isCoded else {
      return .plain(starts: [0] + ends, bytes: [UInt8](bytes))
    }
    let distinct = TextVector(
      views: entries.map { TextView(start: $0.start, length: $0.length) },
      bytes: [UInt8](bytes)
    )
    if entries.count <= 256 {
      return .codes8(codes.map { UInt8(truncatingIfNeeded: $0) }, distinct: distinct)
    }
    return .codes16([UInt16](codes), distinct: distinct)
  }
}

// Finding. Pointers because values of up to sixteen bytes are read as two words, which may reach over
// their end; each function says what its caller must know to be readable.
extension TextChunk {
  private static let emptyHash = mixed(0, 0, 0)

  @inline(__always)
  private static func slot(_ hash: UInt64, _ slotCount: Int) -> Int {
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
  private static func hash(
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

  /// Returns the code of a text of which `length` bytes can be read, or -1.
  @inline(__always)
  private static func find(
    _ text: UnsafePointer<UInt8>,
    _ length: Int,
    _ head: UInt64,
    _ tail: UInt64,
    _ hash: UInt64,
    _ slots: Span<UInt32>,
    _ entries: Span<Entry>,
    _ bytes: Span<UInt8>
  ) -> Int {
    var slot = slot(hash, slots.count)
    while true {
      let code = Int(slots[slot]) &- 1
      if code < 0 { return -1 }
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
    }
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
    validity: inout [Bool]
  ) -> Int {
    var row = first
    while row < rows.rowCount {
      if !isCoded { return appendPlain(source, rows, column, from: row, quote, &validity) }
      var new: Field?
      row = Self.code(
        source,
        rows,
        column,
        from: row,
        quote,
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

  /// A field in the input.
  private struct Field {
    var range: Range<Int>
    var head: UInt64
    var tail: UInt64
  }

  /// Codes known values, up to one that is new or has quotes inside.
  private static func code(
    _ source: Span<UInt8>,
    _ rows: RegularRows,
    _ column: Int,
    from first: Int,
    _ quote: UInt8?,
    _ validity: inout [Bool],
    _ nullCount: inout Int,
    _ new: inout Field?,
    _ known: (slots: [UInt32], entries: [Entry], bytes: [UInt8]),
    into codes: inout [UInt16]
  ) -> Int {
    let count = rows.rowCount
    let columnCount = rows.columnCount
    let isLast = column == columnCount - 1
    let quoteByte = quote ?? 0
    let hasQuote = quote != nil
    // Fields and `slack` bytes behind them are within the span.
    let ends = unsafe rows.ends + column
    var nulls = 0
    var row = first
    let entries = known.entries.span
    let slots = known.slots.span
    let bytes = known.bytes.span
    unsafe source.withUnsafeBufferPointer { buffer in
      guard let address = buffer.baseAddress else { return }
      let origin = unsafe address + (rows.base + 1)
      codes.append(addingCapacity: count - first) { output in
        while row < count {
          var start = unsafe Int(ends[row &* columnCount])
          var end = unsafe Int(ends[row &* columnCount &+ 1]) &- 1
          if isLast, end > start, unsafe origin[end &- 1] == 0x0D { end &-= 1 }
          if end == start {
            if validity.isEmpty { validity = [Bool](repeating: true, count: count) }
            validity[row] = false
            nulls &+= 1
            output.append(0)
            row &+= 1
            continue
          }
          if hasQuote, unsafe origin[start] == quoteByte {
            start &+= 1
            end &-= 1
            if end < start { return }
            for i in start..<end where unsafe origin[i] == quoteByte { return }
            if unsafe origin[end] != quoteByte { return }
          }
          let length = end &- start
          let text = unsafe origin + start
          // Without branches on the length, which is hard to foresee; 16 bytes can be read.
          let missing = UInt64(truncatingIfNeeded: max(0, 8 &- length) &* 8)
          var head = unsafe (Self.word(text) &<< missing) &>> missing
          if length == 0 { head = 0 }
          let end8 = unsafe Self.word(text + max(0, length &- 8))
          let tail = length > 8 ? end8 : 0
          let hash = unsafe Self.hash(text, length, head, tail)
          let code = unsafe Self.find(text, length, head, tail, hash, slots, entries, bytes)
          guard code >= 0 else {
            let position = rows.base &+ 1 &+ start
            new = Field(range: position..<position &+ length, head: head, tail: tail)
            return
          }
          output.append(UInt16(truncatingIfNeeded: code))
          row &+= 1
        }
      }
    }
    nullCount += nulls
    return row
  }

  private mutating func appendPlain(
    _ source: Span<UInt8>,
    _ rows: RegularRows,
    _ column: Int,
    from first: Int,
    _ quote: UInt8?,
    _ validity: inout [Bool]
  ) -> Int {
    let count = rows.rowCount
    let columnCount = rows.columnCount
    let isLast = column == columnCount - 1
    let quoteByte = quote ?? 0
    let hasQuote = quote != nil
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
