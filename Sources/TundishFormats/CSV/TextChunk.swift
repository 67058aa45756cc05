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

  var isCoded = true
  var codes: [UInt16] = []
  var entries: [Entry] = []
  /// The distinct values end to end, or all values where they are not coded.
  var bytes: [UInt8] = []
  /// Where each value ends, where they are not coded.
  var ends: [UInt32] = []
  /// Open addressing: codes plus one; zero is free.
  ///
  /// Hashes choose slots by their highest bits.
  var slots = [UInt32](repeating: 0, count: 256)
  var nullCount = 0
  /// The distinct values as they were when the last rows were asked for.
  var latestDictionary: TextDictionary?

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
    latestDictionary = nil
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

  mutating func append(_ value: Span<UInt8>, _ head: UInt64, _ tail: UInt64) {
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
    let slot = unsafe Self.slot(Self.hash(text, length, head, tail), slots.count)
    let known = unsafe Self.find(
      text,
      length,
      head,
      tail,
      slot: slot,
      code: Int(slots[slot]) - 1,
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
      keepCoded(rows)
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

  /// Keeps some rows, and of the distinct values those that are left, in the order of the rows.
  private mutating func keepCoded(_ rows: [Int32]) {
    var numbers = [Int32](repeating: -1, count: entries.count)
    var kept: [Entry] = []
    codes = rows.map { row in
      let code = Int(codes[Int(row)])
      // Under a NULL there may be a code where no value has one yet.
      guard code < numbers.count else { return 0 }
      if numbers[code] < 0 {
        numbers[code] = Int32(truncatingIfNeeded: kept.count)
        kept.append(entries[code])
      }
      return UInt16(truncatingIfNeeded: numbers[code])
    }
    entries = kept
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
