internal import TundishColumns

/// An expression over exactly one text column: evaluated once per distinct value where the column
/// is dictionary-coded, then mapped by codes.
///
/// A dictionary may hold values that no selected row has, and evaluation may fail on them; then the
/// rows are evaluated themselves, and only a row's own failure surfaces. Dictionaries much larger
/// than the rows seen so far are not worth it.
final class DictionaryNode: EvaluationNode {
  private let node: any EvaluationNode
  private let position: Int
  private let columnCount: Int
  private var cached: (dictionary: TextDictionary, table: ResultTable)?
  private var refused: TextDictionary?
  private var rowsSeen = 0

  /// How many values a dictionary may have per row that was seen.
  private static let valuesPerRow = 2

  init(_ node: any EvaluationNode, position: Int, columnCount: Int) {
    self.node = node
    self.position = position
    self.columnCount = columnCount
  }

  var isTotal: Bool { node.isTotal }

  func evaluate(_ frame: EvaluationFrame) throws(RuntimeFailure) -> Column {
    let column = frame.column(at: position)
    guard case .dictionary(let codes, let dictionary) = column.data, !column.isConstant,
      let table = self.table(of: dictionary, type: column.type, rowCount: frame.rowCount)
    else { return try node.evaluate(frame) }
    if table.all.isConstant { return table.all.repeated(frame.rowCount) }
    guard let validity = column.validity else { return table.ofValues.gathered(codes) }
    let null = Int32(dictionary.count)
    return table.all.gathered(
      [Int32](capacity: codes.count) { output in
        for row in codes.indices { output.append(validity[row] ? codes[row] : null) }
      }
    )
  }

  func chosen(_ rows: [Int32]?, _ frame: EvaluationFrame) throws(RuntimeFailure) -> [Int32]? {
    let column = frame.column(at: position)
    guard case .dictionary(let codes, let dictionary) = column.data, !column.isConstant,
      let truths = self.table(of: dictionary, type: column.type, rowCount: frame.rowCount)?
        .truths
    else { return try chosenByTruth(rows, frame) }
    let chosen = CodeSelection(truths, null: truths[dictionary.count]).rows(
      rows,
      codes,
      column.validity
    )
    return chosen.count == frame.rowCount ? nil : chosen
  }

  /// The truth of a condition for each value of a dictionary, and for NULL in the last place; nil
  /// where some value fails.
  func truths(of dictionary: TextDictionary, type: DataType) -> [Bool]? {
    guard let results = table(of: dictionary, type: type) else { return nil }
    return ResultTable(results, valueCount: dictionary.count).truths
  }

  /// The results for the values of a dictionary, where that pays and no value fails.
  private func table(
    of dictionary: TextDictionary,
    type: DataType,
    rowCount: Int
  ) -> ResultTable? {
    rowsSeen += rowCount
    if cached?.dictionary === dictionary { return cached?.table }
    guard refused !== dictionary, dictionary.count <= Self.valuesPerRow * rowsSeen else {
      return nil
    }
    guard let result = self.table(of: dictionary, type: type) else {
      refused = dictionary
      return nil
    }
    let results = ResultTable(result, valueCount: dictionary.count)
    cached = (dictionary, results)
    return results
  }

  /// The results for all values, and for NULL in the last row; nil where some value fails.
  private func table(of dictionary: TextDictionary, type: DataType) -> Column? {
    let count = dictionary.count
    var codes = [Int32](0..<Int32(count))
    codes.append(0)
    var validity = [Bool](repeating: true, count: count)
    validity.append(false)
    let values: ColumnData
    if count == 0 {
      values = .text(TextVector(["" as String]))
    } else if case .varchar = type {
      var vector = dictionary.values
      vector.views.append(vector.views[0])
      values = .text(vector)
    } else {
      values = .dictionary(codes: codes, dictionary)
    }
    let column = Column(type: type, data: values, validity: validity, count: count + 1)
    let unused = Column.nulls(type: .null, count: count + 1)
    var columns = [Column](repeating: unused, count: columnCount)
    columns[position] = column
    do {
      let result = try node.evaluate(EvaluationFrame(columns: columns, rowCount: count + 1))
      guard result.type == .varchar, case .text = result.data, !result.isConstant else {
        return result
      }
      return try result.encoded()
    } catch {
      return nil
    }
  }
}

/// The results of an expression for the values of a dictionary.
private struct ResultTable {
  /// The results of all values, and of NULL in the last row.
  let all: Column
  /// The results of the values; without a validity where none is NULL, which readers can use.
  let ofValues: Column
  /// For conditions: whether each value, and NULL in the last place, makes it true.
  let truths: [Bool]?

  init(_ all: Column, valueCount: Int) {
    self.all = all
    if case .boolean = all.data {
      let values = all.booleanValues()
      let validity = all.validityPerRow()
      truths = values.indices.map { values[$0] && validity?[$0] != false }
    } else {
      truths = nil
    }
    let values = all.sliced(0..<valueCount)
    let isValid = values.validity?.contains(false) == false
    ofValues = isValid && !values.isConstant ? values.withValidity(nil) : values
  }
}

extension Column {
  /// Returns a text column as codes over a dictionary of its distinct values.
  func encoded() throws(ExecutionError) -> Column {
    let flat = expanded()
    guard case .text(let vector) = flat.data else { return flat }
    var interner = TextInterner()
    let codes = try interner.codes(of: vector)
    return Column(
      type: type,
      data: .dictionary(codes: codes, interner.dictionary()),
      validity: flat.validity,
      count: count
    )
  }
}
