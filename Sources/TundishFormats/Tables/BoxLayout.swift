internal import TundishColumns

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
  ///
  /// Where columns have ranks, names are broken between their words, and columns of the highest rank
  /// are left out first, the last of them first.
  init(grid: TextGrid, width: Int?, ranks: [ColumnRank] = []) {
    let natural = grid.columns.map { column in
      column.cells.reduce(max(1, DisplayWidth.of(column.name))) { max($0, DisplayWidth.of($1)) }
    }
    let minimum = grid.columns.indices.map { position -> Int in
      let column = grid.columns[position]
      if !ranks.isEmpty {
        let words = WordWrapping.words(ofName: column.name)
        let name = words.reduce(1) { max($0, DisplayWidth.of($1)) }
        let cells = column.cells.reduce(1) { max($0, DisplayWidth.of($1)) }
        let isCut = column.isShortenable && Self.rank(ranks, position) != .asked
        return max(isCut ? min(cells, Self.minimumTextWidth) : cells, name)
      }
      if column.isShortenable { return min(natural[position], Self.minimumTextWidth) }
      let cells = column.cells.reduce(1) { max($0, DisplayWidth.of($1)) }
      return max(cells, min(natural[position], Self.minimumTextWidth))
    }
    guard let width, Self.total(natural) > width else {
      slots = natural.enumerated().map { Slot(column: $0, width: $1) }
      return
    }
    guard !ranks.isEmpty else {
      slots = Self.slots(among: Array(natural.indices), natural, minimum, width)
      return
    }
    let shown = Self.shown(minimum, ranks, width)
    var least = minimum
    if Self.total(shown.map { minimum[$0] }) > width {
      // What was asked does not fit alone: its long texts are cut before a column is left out.
      for position in shown where grid.columns[position].isShortenable {
        least[position] = min(minimum[position], Self.minimumTextWidth)
      }
    }
    slots = Self.slots(among: shown, natural, least, width)
  }

  private static func rank(_ ranks: [ColumnRank], _ position: Int) -> ColumnRank {
    ranks.indices.contains(position) ? ranks[position] : .asked
  }

  /// The columns that fit at their least width where those of higher ranks give way.
  private static func shown(_ minimum: [Int], _ ranks: [ColumnRank], _ width: Int) -> [Int] {
    var shown = Array(minimum.indices)
    while total(shown.map { minimum[$0] }) > width,
      let last = shown.map({ rank(ranks, $0) }).max(), last > .asked,
      let place = shown.lastIndex(where: { rank(ranks, $0) == last })
    {
      shown.remove(at: place)
    }
    return shown
  }

  /// The places of some columns; where they do not fit, those in the middle are left out.
  private static func slots(
    among columns: [Int],
    _ natural: [Int],
    _ minimum: [Int],
    _ width: Int
  ) -> [Slot] {
    let least = columns.map { minimum[$0] }
    let kept = kept(least, width)
    let isComplete = kept.count == columns.count
    let available = width - (isComplete ? 0 : 1 + borderWidth)
    let wanted = columns.map { natural[$0] }
    let fitted = fitted(kept.map { wanted[$0] }, kept.map { least[$0] }, available)
    var slots: [Slot] = []
    for (i, place) in kept.enumerated() {
      if i > 0 ? place > kept[i - 1] + 1 : place > 0 {
        slots.append(Slot(column: nil, width: 1))
      }
      slots.append(Slot(column: columns[place], width: fitted[i]))
    }
    if let last = kept.last, last < columns.count - 1 {
      slots.append(Slot(column: nil, width: 1))
    }
    return slots
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
