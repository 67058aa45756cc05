/// An open-addressing table from text values to their positions in a `TextVector`.
///
/// It stores positions and 32 bits of each hash; the values stay in the vector, which the caller
/// passes to every call. Positions are at most `Int32.max - 1`.
struct TextIndex: Sendable {
  /// Per slot, the high half of the hash above the position plus one; zero where the slot is free.
  private var slots: [UInt64]
  private var count: Int

  /// Creates a table with room for some values.
  init(capacity: Int = 0) {
    var size = 16
    while size < capacity * 2 { size *= 2 }
    slots = [UInt64](repeating: 0, count: size)
    count = 0
  }

  /// Creates the table of all values of a vector, which must be distinct.
  init(_ vector: TextVector, hashes: [UInt64]) {
    self.init(capacity: vector.count)
    for (position, hash) in hashes.enumerated() { insert(position, hash: hash) }
  }

  /// The bytes of the slots.
  var memoryBytes: Int { slots.count * 8 }

  /// Returns the position of a value, or -1.
  @inline(__always)
  func position(of bytes: Span<UInt8>, hash: UInt64, in vector: TextVector) -> Int32 {
    Self.find(
      bytes,
      hash: hash,
      slots: slots.span,
      views: vector.views.span,
      all: vector.bytes.span
    )
  }

  /// Adds a position whose value is not in the table.
  @inline(__always)
  mutating func insert(_ position: Int, hash: UInt64) {
    if (count &+ 1) &* 2 > slots.count { grow() }
    count &+= 1
    Self.place(hash & 0xFFFF_FFFF_0000_0000 | UInt64(position &+ 1), into: &slots)
  }

  @inline(__always)
  private static func find(
    _ bytes: Span<UInt8>,
    hash: UInt64,
    slots: Span<UInt64>,
    views: Span<TextView>,
    all: Span<UInt8>
  ) -> Int32 {
    let mask = slots.count &- 1
    var slot = Int(truncatingIfNeeded: hash >> 32) & mask
    while true {
      let entry = slots[slot]
      if entry == 0 { return -1 }
      if (entry ^ hash) >> 32 == 0 {
        let position = Int(entry & 0xFFFF_FFFF) &- 1
        if bytesEqual(all.extracting(views[position].range), bytes) {
          return Int32(truncatingIfNeeded: position)
        }
      }
      slot = (slot &+ 1) & mask
    }
  }

  @inline(__always)
  private static func place(_ entry: UInt64, into slots: inout [UInt64]) {
    let mask = slots.count &- 1
    var slot = Int(truncatingIfNeeded: entry >> 32) & mask
    while slots[slot] != 0 { slot = (slot &+ 1) & mask }
    slots[slot] = entry
  }

  private mutating func grow() {
    var larger = [UInt64](repeating: 0, count: slots.count * 2)
    for entry in slots where entry != 0 { Self.place(entry, into: &larger) }
    slots = larger
  }
}

/// Collects distinct text values and gives each a code, in order of first occurrence.
package struct TextInterner: Sendable {
  /// The distinct values so far; their positions are the codes.
  package private(set) var values: TextVector
  private var index: TextIndex

  /// Creates an interner without values.
  package init() {
    values = .empty
    index = TextIndex()
  }

  /// Creates an interner that begins with the values of a dictionary.
  package init(_ dictionary: TextDictionary) {
    values = dictionary.values
    index = dictionary.index
  }

  /// The number of distinct values.
  package var count: Int { values.views.count }

  /// The bytes of the values and of the table that finds them.
  var memoryBytes: Int { values.bytes.count + values.views.count * 8 + index.memoryBytes }

  /// Returns the code of a value, adding it where it is new; nil where 4 GiB of text or `Int32.max`
  /// values are reached.
  @inline(__always)
  package mutating func code(of bytes: Span<UInt8>) -> Int32? {
    code(of: bytes, hash: bytesHash(bytes))
  }

  /// Returns the code of a value whose hash is known, adding it where it is new.
  @inline(__always)
  package mutating func code(of bytes: Span<UInt8>, hash: UInt64) -> Int32? {
    let position = index.position(of: bytes, hash: hash, in: values)
    if position >= 0 { return position }
    return insert(bytes, hash: hash)
  }

  /// Returns the code of a value, or -1 where it is new.
  @inline(__always)
  package func knownCode(of bytes: Span<UInt8>) -> Int32 {
    index.position(of: bytes, hash: bytesHash(bytes), in: values)
  }

  /// Returns the code of each value of a vector, adding those that are new.
  package mutating func codes(of vector: TextVector) throws(ExecutionError) -> [Int32] {
    var codes: [Int32] = []
    codes.reserveCapacity(vector.count)
    let all = vector.bytes.span
    var meter = StepMeter()
    for view in vector.views {
      try meter.count(1)
      guard let code = code(of: all.extracting(view.range)) else {
        throw ExecutionError(.limit, "more than 4 GiB of distinct text in one column")
      }
      codes.append(code)
    }
    return codes
  }

  /// Returns the dictionary of the values so far.
  package func dictionary() -> TextDictionary {
    TextDictionary(distinct: values, index: index)
  }

  private mutating func insert(_ bytes: Span<UInt8>, hash: UInt64) -> Int32? {
    let start = values.bytes.count
    let position = values.views.count
    guard start + bytes.count <= TextVector.maximumByteCount, position < Int(Int32.max) - 1 else {
      return nil
    }
    values.bytes.append(copying: bytes)
    values.views.append(TextView(start: UInt32(start), length: UInt32(bytes.count)))
    index.insert(position, hash: hash)
    return Int32(position)
  }
}
