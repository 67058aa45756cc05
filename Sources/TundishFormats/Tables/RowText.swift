internal import TundishColumns

/// Writes the rows of batches as text: the cells of all columns, and what stands around them.
///
/// Two passes over each column: the first measures its cells, after which the place of every cell is
/// known; the second writes them there, column after column. So a type is looked at once per column,
/// and no byte of a number, a date or an ordinary text is copied twice.
struct RowText: Sendable {
  /// How values become cells.
  let style: CellStyle
  /// Per column, the bytes in front of its cells.
  let fronts: [[UInt8]]
  /// The bytes behind the last cell of a row.
  let end: [UInt8]
  /// What stands for an empty cell; not nothing where a line without bytes would be misread.
  var emptyCell: [UInt8] = []
  /// Per column, the cells of its dictionary.
  private(set) var dictionaries: [DictionaryCells?] = []

  init(style: CellStyle, fronts: [[UInt8]], end: [UInt8]) {
    self.style = style
    self.fronts = fronts
    self.end = end
  }

  /// Renders the dictionaries of columns whose values repeat, so that each value is looked at once.
  mutating func prepare(for batches: [Batch]) {
    guard let first = batches.first else { return }
    let rowCount = batches.reduce(0) { $0 + $1.rowCount }
    dictionaries = first.columns.map { column in
      guard case .dictionary(_, let dictionary) = column.data, dictionary.count <= rowCount else {
        return nil
      }
      return DictionaryCells(dictionary, style, emptyCell: emptyCell)
    }
  }

  /// Returns the text of all rows of a batch.
  func rows(of batch: Batch) -> [UInt8] {
    let count = batch.rowCount
    guard count > 0 else { return [] }
    let around = fronts.reduce(end.count) { $0 + $1.count }
    // Where each row ends; then, where its next cell begins.
    var places = [Int](repeating: around, count: count)
    var columns: [RowCells] = []
    for (position, column) in batch.columns.enumerated() {
      let known = position < dictionaries.count ? dictionaries[position] : nil
      let cells = RowCells(column.expanded(), style, known, emptyCell: emptyCell)
      for row in 0..<count { places[row] &+= Int(cells.lengths[row]) }
      columns.append(cells)
    }
    var total = 0
    for row in 0..<count {
      let length = places[row]
      places[row] = total
      total += length
    }
    return unsafe [UInt8](unsafeUninitializedCapacity: total) { buffer, written in
      // Every place below `total` is written: the lengths of all parts add up to it.
      var target = unsafe RowTarget(buffer)
      for (position, cells) in columns.enumerated() {
        target.repeating(fronts[position], at: &places)
        cells.write(to: &target, at: &places)
      }
      target.repeating(end, at: &places)
      written = total
    }
  }
}

/// The cells of a dictionary's values, by code.
struct DictionaryCells: Sendable {
  let id: ObjectIdentifier
  let block: CellBlock

  init(_ dictionary: TextDictionary, _ style: CellStyle, emptyCell: [UInt8]) {
    id = dictionary.id
    var block = CellBlock(capacity: dictionary.count)
    let values = dictionary.values
    for view in values.views {
      style.append(values.bytes.span.extracting(view.range), to: &block.bytes)
      block.endCell(ifEmpty: emptyCell)
    }
    self.block = block
  }
}

/// The measured cells of one column of a batch.
struct RowCells {
  /// What the cells are made of.
  private enum Source {
    /// Integers, or decimals where there are digits behind the point
    case numbers([Int64], scale: Int)
    /// Days, of four-digit years
    case dates([Int64], quote: UInt8?)
    /// Values of a dictionary
    case codes([Int32], CellBlock)
    /// Texts as they stand in their buffer, but for the odd ones
    case texts(TextVector, quote: UInt8?, odd: OddCells)
    /// Cells that were rendered
    case block(CellBlock)
  }

  /// Per row, the bytes of its cell.
  private(set) var lengths: [UInt32]
  private let source: Source
  private let validity: [Bool]?
  private let nullCell: [UInt8]
  private let emptyCell: [UInt8]

  /// Measures the cells of a column that is not constant.
  init(_ column: Column, _ style: CellStyle, _ known: DictionaryCells?, emptyCell: [UInt8]) {
    let null = Array(style.nullText.utf8)
    nullCell = null.isEmpty ? emptyCell : null
    self.emptyCell = emptyCell
    validity = column.validity
    lengths = []
    lengths.reserveCapacity(column.count)
    switch (column.data, column.type) {
    case (.int64(let values), .decimal(_, let scale)) where scale <= 18:
      source = .numbers(values, scale: scale)
    case (.int64(let values), .tinyint), (.int64(let values), .smallint),
      (.int64(let values), .integer), (.int64(let values), .bigint):
      source = .numbers(values, scale: 0)
    case (.int64(let values), .date) where CivilDate.haveFourDigitYears(values):
      source = .dates(values, quote: style.isJSON ? UInt8(ascii: "\"") : nil)
    case (.dictionary(let codes, let dictionary), _) where dictionary.id == known?.id:
      source = .codes(codes, known?.block ?? CellBlock())
    case (.dictionary(let codes, let dictionary), _):
      let views = dictionary.values.views
      let vector = TextVector(
        views: codes.map { views[Int($0)] },
        bytes: dictionary.values.bytes
      )
      source = Self.texts(vector, column.validity, style, emptyCell)
    case (.text(let vector), .varchar):
      source = Self.texts(vector, column.validity, style, emptyCell)
    default:
      source = .block(style.render(column))
    }
    measure()
  }

  private static func texts(
    _ vector: TextVector,
    _ validity: [Bool]?,
    _ style: CellStyle,
    _ emptyCell: [UInt8]
  ) -> Source {
    .texts(
      vector,
      quote: style.isJSON ? UInt8(ascii: "\"") : nil,
      odd: OddCells(vector, validity, style, emptyCell)
    )
  }

  private mutating func measure() {
    switch source {
    case .numbers(let values, let scale):
      if scale == 0 {
        each(values.count) { DigitText.count(values[$0].magnitude) + (values[$0] < 0 ? 1 : 0) }
      } else {
        each(values.count) { row in
          // A digit in front of the point, the point, and the sign.
          max(scale &+ 1, DigitText.count(values[row].magnitude)) &+ (values[row] < 0 ? 2 : 1)
        }
      }
    case .dates(let values, let quote):
      let length = quote == nil ? 10 : 12
      each(values.count) { _ in length }
    case .codes(let codes, let block):
      each(codes.count) { row in block.range(of: Int(codes[row])).count }
    case .texts(let vector, let quote, let odd):
      let quotes = quote == nil ? 0 : 2
      each(vector.views.count) { row in Int(vector.views[row].length) &+ quotes }
      for (number, row) in odd.rows.enumerated() {
        lengths[row] = UInt32(truncatingIfNeeded: odd.block.range(of: number).count)
      }
    case .block(let block):
      // NULL is rendered too.
      for row in block.ends.indices {
        let count = block.range(of: row).count
        lengths.append(UInt32(truncatingIfNeeded: count > 0 ? count : emptyCell.count))
      }
    }
  }

  @inline(__always)
  private mutating func each(_ count: Int, _ length: (Int) -> Int) {
    let null = UInt32(truncatingIfNeeded: nullCell.count)
    guard let validity else {
      for row in 0..<count { lengths.append(UInt32(truncatingIfNeeded: length(row))) }
      return
    }
    for row in 0..<count {
      lengths.append(validity[row] ? UInt32(truncatingIfNeeded: length(row)) : null)
    }
  }

  /// Writes the cells, and moves each row's place behind its cell.
  func write(to target: inout RowTarget, at places: inout [Int]) {
    switch source {
    case .numbers(let values, let scale):
      if scale == 0 {
        each(&target, &places) { target, row, place, length in
          target.write(values[row], at: place, length: length)
        }
      } else {
        each(&target, &places) { target, row, place, length in
          target.write(values[row], scale: scale, at: place, length: length)
        }
      }
    case .dates(let values, let quote):
      each(&target, &places) { target, row, place, _ in
        target.write(date: values[row], quote: quote, at: place)
      }
    case .codes(let codes, let block):
      let bytes = block.bytes.span
      each(&target, &places) { target, row, place, _ in
        target.write(bytes, block.range(of: Int(codes[row])), at: place)
      }
    case .texts(let vector, let quote, let odd):
      let bytes = vector.bytes.span
      let cells = odd.block.bytes.span
      var next = 0
      each(&target, &places) { target, row, place, length in
        if next < odd.rows.count, odd.rows[next] == row {
          target.write(cells, odd.block.range(of: next), at: place)
          next &+= 1
        } else if let quote {
          target.write(quote, at: place)
          target.write(bytes, vector.views[row].range, at: place &+ 1)
          target.write(quote, at: place &+ length &- 1)
        } else {
          target.write(bytes, vector.views[row].range, at: place)
        }
      }
    case .block(let block):
      let bytes = block.bytes.span
      for row in places.indices {
        let range = block.range(of: row)
        if range.isEmpty {
          target.write(emptyCell.span, emptyCell.indices, at: places[row])
        } else {
          target.write(bytes, range, at: places[row])
        }
        places[row] &+= Int(lengths[row])
      }
    }
  }

  @inline(__always)
  private func each(
    _ target: inout RowTarget,
    _ places: inout [Int],
    _ write: (inout RowTarget, Int, Int, Int) -> Void
  ) {
    for row in places.indices {
      let length = Int(lengths[row])
      if validity?[row] != false {
        write(&target, row, places[row], length)
      } else {
        target.write(nullCell.span, nullCell.indices, at: places[row])
      }
      places[row] &+= length
    }
  }
}

/// The texts of a column that are not written as they are, rendered.
struct OddCells {
  /// Their rows, ascending.
  private(set) var rows: [Int] = []
  /// Their cells.
  private(set) var block = CellBlock()

  init(
    _ vector: TextVector,
    _ validity: [Bool]?,
    _ style: CellStyle,
    _ emptyCell: [UInt8]
  ) {
    let bytes = vector.bytes.span
    let views = vector.views
    for row in views.indices where validity?[row] != false {
      let text = bytes.extracting(views[row].range)
      if style.isPlain(text) { continue }
      rows.append(row)
      style.append(text, to: &block.bytes)
      block.endCell(ifEmpty: emptyCell)
    }
  }
}
