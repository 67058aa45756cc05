internal import TundishColumns

/// An expression over truths and dictionary-coded texts only: evaluated once per combination of their
/// values, then mapped by the combination's number.
///
/// As with `DictionaryNode`, a combination may be one that no row has, and evaluation may fail on it;
/// then the rows are evaluated themselves. The same holds where there are many combinations, or a text
/// comes without a dictionary.
final class CombinationNode: EvaluationNode {
  private let node: any EvaluationNode
  private let general: any EvaluationNode
  private let positions: [Int]
  private let columnCount: Int
  private var cached: (dictionaries: [TextDictionary?], table: CombinationTable)?
  private var refused: [TextDictionary?]?
  private var rowsSeen = 0

  /// The most combinations that are evaluated ahead.
  private static let greatestCount = 4_096
  /// How many combinations there may be per row that was seen.
  private static let combinationsPerRow = 2

  /// `node` is evaluated for combinations, `general` for rows.
  init(
    _ node: any EvaluationNode,
    general: any EvaluationNode,
    positions: [Int],
    columnCount: Int
  ) {
    self.node = node
    self.general = general
    self.positions = positions
    self.columnCount = columnCount
  }

  var isTotal: Bool { general.isTotal }

  func evaluate(_ frame: EvaluationFrame) throws(RuntimeFailure) -> Column {
    guard let (table, numbers) = combinations(frame) else { return try general.evaluate(frame) }
    if table.results.isConstant { return table.results.repeated(frame.rowCount) }
    return table.results.gathered(numbers)
  }

  func chosen(_ rows: [Int32]?, _ frame: EvaluationFrame) throws(RuntimeFailure) -> [Int32]? {
    guard let (table, numbers) = combinations(frame), let truths = table.truths else {
      return try general.chosen(rows, frame)
    }
    let chosen = CodeSelection(truths, null: false).rows(rows, numbers, nil)
    return chosen.count == frame.rowCount ? nil : chosen
  }

  /// The results for all combinations, and the number of each row's; nil where that does not pay.
  private func combinations(_ frame: EvaluationFrame) -> (CombinationTable, [Int32])? {
    rowsSeen += frame.rowCount
    var columns: [CodedColumn] = []
    var count = 1
    for position in positions {
      guard let column = CodedColumn(frame.column(at: position)),
        column.valueCount < Self.greatestCount
      else { return nil }
      count *= column.valueCount + 1
      guard count <= Self.greatestCount else { return nil }
      columns.append(column)
    }
    let dictionaries = columns.map(\.dictionary)
    guard let table = table(dictionaries, columns, count: count) else { return nil }
    var numbers = [Int32](repeating: 0, count: frame.rowCount)
    for column in columns { column.append(to: &numbers) }
    return (table, numbers)
  }

  private func table(
    _ dictionaries: [TextDictionary?],
    _ columns: [CodedColumn],
    count: Int
  ) -> CombinationTable? {
    if let cached, Self.areSame(cached.dictionaries, dictionaries) { return cached.table }
    guard count <= Self.combinationsPerRow * rowsSeen,
      refused.map({ !Self.areSame($0, dictionaries) }) ?? true
    else { return nil }
    let unused = Column.nulls(type: .null, count: count)
    var inputs = [Column](repeating: unused, count: columnCount)
    // The last column's value changes fastest, as in the numbers of rows.
    var stride = count
    for (position, column) in zip(positions, columns) {
      stride /= column.valueCount + 1
      inputs[position] = column.values.gathered(
        (0..<count).map { Int32(truncatingIfNeeded: $0 / stride % (column.valueCount + 1)) }
      )
    }
    do {
      var results = try node.evaluate(EvaluationFrame(columns: inputs, rowCount: count))
      if results.type == .varchar, case .text = results.data, !results.isConstant {
        results = try results.encoded()
      }
      let table = CombinationTable(results)
      cached = (dictionaries, table)
      return table
    } catch {
      refused = dictionaries
      return nil
    }
  }

  private static func areSame(_ left: [TextDictionary?], _ right: [TextDictionary?]) -> Bool {
    zip(left, right).allSatisfy { $0 === $1 }
  }
}

/// The results of an expression for all combinations.
private struct CombinationTable {
  let results: Column
  /// For conditions: whether each combination makes it true.
  let truths: [Bool]?

  init(_ results: Column) {
    self.results = results
    guard case .boolean = results.data else {
      truths = nil
      return
    }
    let values = results.booleanValues()
    let validity = results.validityPerRow()
    truths = values.indices.map { values[$0] && validity?[$0] != false }
  }
}

/// A column of truths, or of texts with a dictionary.
private struct CodedColumn {
  private let column: Column
  /// The dictionary of texts.
  let dictionary: TextDictionary?
  /// The number of values that rows can have, NULL aside.
  let valueCount: Int

  init?(_ column: Column) {
    switch column.data {
    case .boolean:
      dictionary = nil
      valueCount = 2
    case .dictionary(_, let dictionary):
      guard dictionary.count > 0 else { return nil }
      self.dictionary = dictionary
      valueCount = dictionary.count
    case .int64, .int128, .float64, .text, .interval, .list, .structure: return nil
    }
    self.column = column
  }

  /// All values in the order of their numbers, and NULL behind them.
  var values: Column {
    var validity = [Bool](repeating: true, count: valueCount)
    validity.append(false)
    let data: ColumnData
    if let dictionary {
      var codes = [Int32](0..<Int32(truncatingIfNeeded: valueCount))
      codes.append(0)
      data = .dictionary(codes: codes, dictionary)
    } else {
      data = .boolean([false, true, false])
    }
    return Column(type: column.type, data: data, validity: validity, count: valueCount + 1)
  }

  /// Makes each row's number that of a combination with one column more.
  func append(to numbers: inout [Int32]) {
    let factor = Int32(truncatingIfNeeded: valueCount + 1)
    let null = Int32(truncatingIfNeeded: valueCount)
    let flat = column.expanded()
    var numbers = numbers.mutableSpan
    // There are few combinations, so that nothing overflows.
    switch flat.data {
    case .boolean(let truths):
      let truths = truths.span
      for row in truths.indices { numbers[row] = numbers[row] &* factor &+ (truths[row] ? 1 : 0) }
      if let validity = flat.validity?.span {
        for row in truths.indices where !validity[row] {
          numbers[row] = numbers[row] &- (truths[row] ? 1 : 0) &+ null
        }
      }
    case .dictionary(let codes, _):
      let codes = codes.span
      if let validity = flat.validity?.span {
        for row in codes.indices {
          numbers[row] = numbers[row] &* factor &+ (validity[row] ? codes[row] : null)
        }
      } else {
        for row in codes.indices { numbers[row] = numbers[row] &* factor &+ codes[row] }
      }
    case .int64, .int128, .float64, .text, .interval, .list, .structure: break
    }
  }
}
