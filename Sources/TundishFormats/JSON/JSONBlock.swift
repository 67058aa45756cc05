/// Some consecutive records, cell by cell, ready to be taken column by column.
struct JSONBlock {
  /// The number of columns.
  let width: Int
  private(set) var rowCount = 0
  /// The cells of all records, record by record.
  private(set) var cells: [JSONRecord.Cell] = []
  /// What stands in cells that are no plain numbers and strings.
  private(set) var trees: [JSONValue] = []

  /// A block of more records than this would not stay near the processor.
  static let maximumRowCount = 256

  init(width: Int) {
    self.width = width
    cells.reserveCapacity(width * Self.maximumRowCount)
  }

  /// Whether no further record should be appended.
  var isFull: Bool { rowCount >= Self.maximumRowCount }

  /// Whether a record has a value in a column.
  func hasValues(column: Int) -> Bool {
    for row in 0..<rowCount where cells[row &* width &+ column].kind.isValue { return true }
    return false
  }

  /// Forgets all records.
  mutating func removeAll() {
    rowCount = 0
    cells.removeAll(keepingCapacity: true)
    trees.removeAll(keepingCapacity: true)
  }

  /// Appends a record whose values are still in the text; its first columns are those of the block.
  mutating func append(_ record: JSONRecord) {
    guard !record.trees.isEmpty else {
      cells.append(contentsOf: record.cells.prefix(width))
      rowCount += 1
      return
    }
    for cell in record.cells.prefix(width) {
      if cell.kind == .tree {
        append(record.trees[cell.tree])
      } else {
        cells.append(cell)
      }
    }
    rowCount += 1
  }

  /// Appends a record, by the names of its columns.
  mutating func append(_ record: JSONValue, keys: [String]) {
    var byName: [String: JSONValue] = [:]
    if case .object(let members) = record {
      for member in members { byName[member.name] = member.value }
    }
    for key in keys {
      if let value = byName[key] { append(value) } else { cells.append(JSONRecord.Cell()) }
    }
    rowCount += 1
  }

  /// Appends a record of one column.
  mutating func append(value: JSONValue) {
    append(value)
    rowCount += 1
  }

  private mutating func append(_ value: JSONValue) {
    var cell = JSONRecord.Cell()
    switch value {
    case .null: cell.kind = .null
    case .boolean(let isTrue): cell.kind = isTrue ? .yes : .no
    case .number, .string, .array, .object:
      cell.kind = .tree
      cell.tree = trees.count
      trees.append(value)
    }
    cells.append(cell)
  }
}
