internal import TundishColumns

/// Collects the values of one column in some consecutive records.
final class JSONColumn {
  private let reading: JSONReading
  private var text = TextChunk()
  private var integers: [Int64] = []
  private var doubles: [Double] = []
  private var booleans: [Bool] = []
  /// The values of types that have no loop of their own.
  private var others: AnyColumnBuilder
  private var validity: [Bool] = []
  /// Whether a value is not of the type.
  private(set) var isMisfit = false

  init(_ reading: JSONReading) {
    self.reading = reading
    others = AnyColumnBuilder(type: reading.type)
  }

  /// Takes the values of the records of a block.
  func append(_ block: JSONBlock, column: Int, _ bytes: Span<UInt8>) {
    switch reading.type.physical {
    case .text where reading.type == .varchar:
      if reading.isUnknown, block.hasValues(column: column) { isMisfit = true }
      Self.appendTexts(block, column, bytes, reading, &text, &validity)
      text.endSlice()
    case .int64:
      Self.append(block, column, filler: 0, &integers, &validity, &isMisfit) { [reading] in
        reading.integer($0, block.trees, bytes)
      }
    case .float64:
      Self.append(block, column, filler: 0, &doubles, &validity, &isMisfit) { [reading] in
        reading.double($0, block.trees, bytes)
      }
    case .boolean:
      Self.append(block, column, filler: false, &booleans, &validity, &isMisfit) { [reading] in
        reading.boolean($0, block.trees, bytes)
      }
    case .text, .int128, .interval, .list, .structure:
      for row in 0..<block.rowCount {
        let cell = block.cells[row * block.width + column]
        let value = reading.value(cell, block.trees, bytes)
        let fits = reading.fits(cell, block.trees, value)
        if !fits { isMisfit = true }
        validity.append(fits && !value.isNull)
        others.append(fits ? value : .null)
      }
    }
  }

  /// Returns the values so far, and forgets them.
  func finish() -> ChunkColumn {
    defer { reset() }
    let count = validity.count
    let nulls = validity.contains(false) ? validity : nil
    let type = reading.type
    switch type.physical {
    case .text where type == .varchar:
      return .text(text.finish(), validity: nulls, rowCount: count)
    case .int64: return .integers(integers.span, validity: nulls, type: type)
    case .float64:
      return .fixed(Column(type: type, data: .float64(doubles), validity: nulls, count: count))
    case .boolean:
      return .fixed(Column(type: type, data: .boolean(booleans), validity: nulls, count: count))
    case .text, .int128, .interval, .list, .structure: return .fixed(others.finish())
    }
  }

  private func reset() {
    text.reset()
    integers.removeAll(keepingCapacity: true)
    doubles.removeAll(keepingCapacity: true)
    booleans.removeAll(keepingCapacity: true)
    others = AnyColumnBuilder(type: reading.type)
    validity.removeAll(keepingCapacity: true)
  }

  private static func appendTexts(
    _ block: JSONBlock,
    _ column: Int,
    _ bytes: Span<UInt8>,
    _ reading: JSONReading,
    _ text: inout TextChunk,
    _ validity: inout [Bool]
  ) {
    for row in 0..<block.rowCount {
      let cell = block.cells[row &* block.width &+ column]
      switch cell.kind {
      case .string, .number:
        text.append(bytes, cell.range)
        validity.append(true)
        continue
      case .missing, .null, .yes, .no, .tree: break
      }
      if case .text(let other) = reading.value(cell, block.trees, bytes) {
        let other = Array(other.utf8)
        text.append(other.span, 0..<other.count)
        validity.append(true)
      } else {
        text.appendNull()
        validity.append(false)
      }
    }
  }

  @inline(__always)
  private static func append<Element>(
    _ block: JSONBlock,
    _ column: Int,
    filler: Element,
    _ values: inout [Element],
    _ validity: inout [Bool],
    _ isMisfit: inout Bool,
    _ read: (JSONRecord.Cell) -> Element?
  ) {
    var misfits = false
    let cells = block.cells.span
    let width = block.width
    let count = block.rowCount
    validity.append(addingCapacity: count) { flags in
      values.append(addingCapacity: count) { output in
        for row in 0..<count {
          let cell = cells[row &* width &+ column]
          let value = read(cell)
          if value == nil, cell.kind.isValue { misfits = true }
          output.append(value ?? filler)
          flags.append(value != nil)
        }
      }
    }
    if misfits { isMisfit = true }
  }
}
