internal import TundishColumns

/// Collects the text values of some rows, coded over a dictionary as long as that pays.
///
/// This repeats in small what `TextColumnBuilder` does, because a call into another module for every
/// value costs as much as the rest of reading it. Short values are compared by their first eight
/// bytes alone.
struct TextChunk {
  private var codes: [Int32] = []
  private var isCoded = true
  /// The distinct values, or all values where they are not coded.
  private var views: [TextView] = []
  private var bytes: [UInt8] = []
  /// The first eight bytes of each distinct value.
  private var heads: [UInt64] = []
  /// Open addressing: the high half of the hash above the code plus one; zero is free.
  private var slots = [UInt64](repeating: 0, count: 256)
  private var last = -1

  private static let trialMask = 1_023

  /// Forgets all values.
  mutating func reset() {
    codes.removeAll(keepingCapacity: true)
    views.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
    heads.removeAll(keepingCapacity: true)
    for i in slots.indices { slots[i] = 0 }
    isCoded = true
    last = -1
  }

  /// Makes room for some values.
  mutating func reserve(_ count: Int) {
    if isCoded {
      codes.reserveCapacity(codes.count + count)
    } else {
      views.reserveCapacity(views.count + count)
    }
  }

  /// Appends what stands under a NULL.
  @inline(__always)
  mutating func appendNull() {
    if isCoded {
      codes.append(0)
    } else {
      views.append(TextView(start: 0, length: 0))
    }
  }

  /// Appends a value.
  @inline(__always)
  mutating func append(_ source: Span<UInt8>, _ range: Range<Int>) {
    guard isCoded else { return appendPlain(source, range) }
    let head = source.word(at: range.lowerBound, count: min(range.count, 8))
    // Neighbouring rows are often equal.
    if last >= 0, head == heads[last], views[last].length == range.count,
      range.count <= 8 || equals(source, range, last)
    {
      codes.append(Int32(truncatingIfNeeded: last))
      return
    }
    appendCoded(source, range, head)
  }

  private mutating func appendCoded(_ source: Span<UInt8>, _ range: Range<Int>, _ head: UInt64) {
    let hash = Self.hash(source, range, head)
    let mask = slots.count &- 1
    var slot = Int(truncatingIfNeeded: hash &>> 32) & mask
    while true {
      let entry = slots[slot]
      if entry == 0 { break }
      if (entry ^ hash) &>> 32 == 0 {
        let code = Int(entry & 0xFFFF_FFFF) &- 1
        if heads[code] == head, views[code].length == range.count,
          range.count <= 8 || equals(source, range, code)
        {
          codes.append(Int32(truncatingIfNeeded: code))
          last = code
          return
        }
      }
      slot = (slot &+ 1) & mask
    }
    let code = views.count
    slots[slot] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(code &+ 1)
    views.append(TextView(start: UInt32(bytes.count), length: UInt32(range.count)))
    bytes.append(source.extracting(range))
    heads.append(head)
    codes.append(Int32(truncatingIfNeeded: code))
    last = code
    if views.count &* 2 > slots.count { grow() }
    if codes.count & Self.trialMask == 0, views.count &* 2 > codes.count { giveUpCodes() }
  }

  private mutating func appendPlain(_ source: Span<UInt8>, _ range: Range<Int>) {
    views.append(TextView(start: UInt32(bytes.count), length: UInt32(range.count)))
    bytes.append(source.extracting(range))
  }

  private func equals(_ source: Span<UInt8>, _ range: Range<Int>, _ code: Int) -> Bool {
    let start = Int(views[code].start)
    var i = 8
    while i < range.count {
      let length = min(8, range.count &- i)
      let word = source.word(at: range.lowerBound &+ i, count: length)
      if word != bytes.span.word(at: start &+ i, count: length) { return false }
      i &+= 8
    }
    return true
  }

  @inline(__always)
  private static func hash(_ source: Span<UInt8>, _ range: Range<Int>, _ head: UInt64) -> UInt64 {
    var hash = mixed(head ^ UInt64(truncatingIfNeeded: range.count) &* 0x9E37_79B9_7F4A_7C15)
    var i = 8
    while i < range.count {
      let word = source.word(at: range.lowerBound &+ i, count: min(8, range.count &- i))
      hash = mixed(hash ^ word)
      i &+= 8
    }
    return hash
  }

  @inline(__always)
  private static func mixed(_ word: UInt64) -> UInt64 {
    let product = word.multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
    return product.high ^ product.low
  }

  private mutating func grow() {
    var larger = [UInt64](repeating: 0, count: slots.count * 4)
    let mask = larger.count - 1
    let all = bytes
    for (code, view) in views.enumerated() {
      let hash = Self.hash(all.span, view.range, heads[code])
      var slot = Int(truncatingIfNeeded: hash &>> 32) & mask
      while larger[slot] != 0 { slot = (slot + 1) & mask }
      larger[slot] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(code + 1)
    }
    slots = larger
  }

  private mutating func giveUpCodes() {
    isCoded = false
    views = codes.map { views.isEmpty ? TextView(start: 0, length: 0) : views[Int($0)] }
    codes = []
    heads = []
    slots = [UInt64](repeating: 0, count: 256)
    last = -1
  }

  /// Returns the column of the values so far.
  func column(validity: [Bool]?) -> Column {
    if isCoded, !views.isEmpty {
      let dictionary = TextDictionary(distinct: TextVector(views: views, bytes: bytes))
      return .codes(codes, dictionary, validity: validity)
    }
    // Codes index the dictionary even under NULL, so there is none without values.
    let none = TextView(start: 0, length: 0)
    let plain = isCoded ? [TextView](repeating: none, count: codes.count) : views
    return .text(TextVector(views: plain, bytes: bytes), validity: validity)
  }
}
