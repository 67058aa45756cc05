/// Which columns of a grid a box shows, and how wide.
struct BoxLayout {
  /// A place in each line of the box.
  struct Slot: Hashable {
    /// The position of the column; nil where columns were dropped.
    var column: Int?
    /// The columns of the terminal that its cells take.
    var width: Int
  }

  /// The places, from left to right.
  let slots: [Slot]

  /// The number of columns shown.
  var shownCount: Int { slots.count { $0.column != nil } }

  /// Text is not cut below this width.
  private static let minimumTextWidth = 8
  /// A space on both sides and one line.
  private static let borderWidth = 3

  /// Fits the columns of a grid into a width.
  init(grid: TextGrid, width: Int?) {
    let natural = grid.columns.map { column in
      column.cells.reduce(max(1, DisplayWidth.of(column.name))) { max($0, DisplayWidth.of($1)) }
    }
    let minimum = grid.columns.indices.map { position -> Int in
      let column = grid.columns[position]
      if column.isShortenable { return min(natural[position], Self.minimumTextWidth) }
      let cells = column.cells.reduce(1) { max($0, DisplayWidth.of($1)) }
      return max(cells, min(natural[position], Self.minimumTextWidth))
    }
    guard let width, Self.total(natural) > width else {
      slots = natural.enumerated().map { Slot(column: $0, width: $1) }
      return
    }
    let kept = Self.kept(minimum, width)
    let isComplete = kept.count == natural.count
    let available = width - (isComplete ? 0 : 1 + Self.borderWidth)
    let fitted = Self.fitted(kept.map { natural[$0] }, kept.map { minimum[$0] }, available)
    var slots: [Slot] = []
    for (i, column) in kept.enumerated() {
      if i > 0 ? column > kept[i - 1] + 1 : column > 0 {
        slots.append(Slot(column: nil, width: 1))
      }
      slots.append(Slot(column: column, width: fitted[i]))
    }
    if let last = kept.last, last < natural.count - 1 {
      slots.append(Slot(column: nil, width: 1))
    }
    self.slots = slots
  }

  /// The width of a box whose columns have given widths.
  private static func total(_ widths: [Int]) -> Int {
    widths.reduce(1) { $0 + $1 + borderWidth }
  }

  /// The columns that fit at their least width, taken from both ends in turn; at least the first.
  private static func kept(_ minimum: [Int], _ width: Int) -> [Int] {
    if total(minimum) <= width { return Array(minimum.indices) }
    var left: [Int] = []
    var right: [Int] = []
    var used = 1 + 1 + borderWidth
    var low = 0
    var high = minimum.count - 1
    while low <= high {
      let takesLeft = left.count <= right.count
      let column = takesLeft ? low : high
      guard used + minimum[column] + borderWidth <= width || left.isEmpty else { break }
      used += minimum[column] + borderWidth
      if takesLeft {
        left.append(column)
        low += 1
      } else {
        right.append(column)
        high -= 1
      }
    }
    return left + right.reversed()
  }

  /// Narrows the widest columns, none below its least width, until all fit.
  private static func fitted(_ natural: [Int], _ minimum: [Int], _ width: Int) -> [Int] {
    var low = 1
    var high = natural.max() ?? 1
    func widths(_ cap: Int) -> [Int] {
      zip(natural, minimum).map { max($1, min($0, cap)) }
    }
    while low < high {
      let cap = (low + high + 1) / 2
      if total(widths(cap)) <= width { low = cap } else { high = cap - 1 }
    }
    // What is left over goes to the first columns that were narrowed.
    var fitted = widths(low)
    var spare = width - total(fitted)
    for i in fitted.indices where spare > 0 && fitted[i] < natural[i] {
      fitted[i] += 1
      spare -= 1
    }
    return fitted
  }
}
