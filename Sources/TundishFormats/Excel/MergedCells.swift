/// The areas of a sheet whose cells are merged.
///
/// A merged cell over several rows says the same of each: `EMEA` beside three rows is the region of
/// all three. What stands beside one another is a title and stays where it is.
struct MergedCells {
  private var areas: [SheetText.Area] = []

  /// Whether there are none.
  var isEmpty: Bool { areas.isEmpty }

  /// The rows of one sheet that may be filled.
  private static let maximumRowCount = 1 << 20

  /// Takes an area.
  mutating func add(_ area: SheetText.Area) {
    if area.rows.count > 1, areas.count < Self.maximumRowCount { areas.append(area) }
  }

  /// What is to be filled in the columns of an area, row by row.
  func filling(within area: SheetText.Area) -> Filling {
    var tops: [Int: [Int]] = [:]
    var fills: [Int: [(column: Int, top: Int)]] = [:]
    var count = 0
    for merge in areas where area.columns.contains(merge.columns.lowerBound) {
      let top = merge.rows.lowerBound
      count += merge.rows.count
      guard area.rows.contains(top), count <= Self.maximumRowCount else { continue }
      let column = merge.columns.lowerBound - area.columns.lowerBound
      tops[top, default: []].append(column)
      for row in merge.rows.dropFirst() { fills[row, default: []].append((column, top)) }
    }
    return Filling(tops: tops, fills: fills)
  }

  /// Fills rows, first to last.
  struct Filling {
    /// By row, the fields that others repeat.
    let tops: [Int: [Int]]
    let fills: [Int: [(column: Int, top: Int)]]
    private var texts: [Place: [UInt8]] = [:]
    private(set) var filledRowCount = 0

    private struct Place: Hashable {
      let row: Int
      let column: Int
    }

    init(tops: [Int: [Int]], fills: [Int: [(column: Int, top: Int)]]) {
      self.tops = tops
      self.fills = fills
    }

    /// Fills the empty fields of the last line of a text, which has no newline yet.
    mutating func fill(_ text: inout [UInt8], from start: Int, row: Int) {
      let repeated = tops[row] ?? []
      let wanted = fills[row] ?? []
      guard !repeated.isEmpty || !wanted.isEmpty else { return }
      var fields = Self.fields(text[start...])
      var isFilled = false
      for (column, top) in wanted where column < fields.count && fields[column].isEmpty {
        guard let value = texts[Place(row: top, column: column)], !value.isEmpty else { continue }
        fields[column] = value
        isFilled = true
      }
      for column in repeated where column < fields.count {
        texts[Place(row: row, column: column)] = fields[column]
      }
      guard isFilled else { return }
      filledRowCount += 1
      text.removeSubrange(start...)
      for (position, field) in fields.enumerated() {
        if position > 0 { text.append(UInt8(ascii: ",")) }
        text.append(contentsOf: field)
      }
    }

    private static func fields(_ line: ArraySlice<UInt8>) -> [[UInt8]] {
      var fields: [[UInt8]] = [[]]
      var isQuoted = false
      for byte in line {
        if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
        if byte == UInt8(ascii: ","), !isQuoted {
          fields.append([])
        } else {
          fields[fields.count - 1].append(byte)
        }
      }
      return fields
    }
  }
}
