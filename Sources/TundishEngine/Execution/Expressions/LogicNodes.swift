internal import TundishColumns

/// `AND` or `OR` of several conditions, left to right.
///
/// A later operand is evaluated only for the rows that are still undecided (not false yet under
/// AND, not true yet under OR), unless it cannot fail and most rows are undecided, when evaluating
/// all of them is quicker.
final class JunctionNode: EvaluationNode {
  private let operands: [any EvaluationNode]
  /// The truth that decides a row: false for AND, true for OR.
  private let decisive: Bool
  let isTotal: Bool

  init(_ operands: [any EvaluationNode], isAnd: Bool) {
    self.operands = operands
    decisive = !isAnd
    isTotal = operands.allSatisfy(\.isTotal)
  }

  func evaluate(_ frame: EvaluationFrame) throws(RuntimeFailure) -> Column {
    guard let first = operands.first else {
      return .constant(.boolean(!decisive), type: .boolean, count: frame.rowCount)
    }
    var result = try first.evaluate(frame)
    for operand in operands.dropFirst() {
      let undecided = Self.undecided(result, decisive: decisive)
      if undecided.isEmpty { return result }
      if undecided.count == frame.rowCount
        || (operand.isTotal && undecided.count > frame.rowCount / 4)
      {
        let further = try operand.evaluate(frame)
        result = decisive ? Logic.or(result, further) : Logic.and(result, further)
      } else {
        let part = try operand.evaluate(frame.narrowed(to: undecided))
        result = Self.merged(result, part, rows: undecided, decisive: decisive)
      }
    }
    return result
  }

  /// Under AND every operand sees only the rows that all operands before it are true for.
  func chosen(_ rows: [Int32]?, _ frame: EvaluationFrame) throws(RuntimeFailure) -> [Int32]? {
    guard !decisive else { return try chosenByTruth(rows, frame) }
    var chosen = rows
    for operand in operands {
      if let chosen, chosen.isEmpty { return chosen }
      chosen = try operand.chosen(chosen, frame)
    }
    return chosen
  }

  /// The rows whose truth is not decisive.
  private static func undecided(_ column: Column, decisive: Bool) -> [Int32] {
    let values = column.booleanValues()
    let validity = column.validityPerRow()
    return rowNumbers(count: values.count) { row in
      values[row] != decisive || !(validity?[row] ?? true)
    }
  }

  /// Combines the truth of some rows with what is known of them.
  private static func merged(
    _ column: Column,
    _ part: Column,
    rows: [Int32],
    decisive: Bool
  ) -> Column {
    var values = column.booleanValues()
    var validity = column.validityPerRow() ?? [Bool](repeating: true, count: values.count)
    let partValues = part.booleanValues()
    let partValidity = part.validityPerRow()
    for (position, row) in rows.enumerated() {
      let row = Int(row)
      let isKnown = partValidity?[position] ?? true
      if isKnown && partValues[position] == decisive {
        values[row] = decisive
        validity[row] = true
      } else if !isKnown {
        validity[row] = false
      }
    }
    return .booleans(values, validity: validity.contains(false) ? validity : nil)
  }
}

/// `NOT <operand>`, where NULL stays NULL.
final class NegationNode: EvaluationNode {
  private let operand: any EvaluationNode

  init(_ operand: any EvaluationNode) {
    self.operand = operand
  }

  var isTotal: Bool { operand.isTotal }

  func evaluate(_ frame: EvaluationFrame) throws(RuntimeFailure) -> Column {
    Logic.not(try operand.evaluate(frame))
  }
}

/// `<operand> IS NULL`, which is never NULL itself.
final class NullTestNode: EvaluationNode {
  private let operand: any EvaluationNode

  init(_ operand: any EvaluationNode) {
    self.operand = operand
  }

  var isTotal: Bool { operand.isTotal }

  func evaluate(_ frame: EvaluationFrame) throws(RuntimeFailure) -> Column {
    Logic.isNull(try operand.evaluate(frame))
  }
}

/// Returns the numbers of the rows that a condition holds for, without a branch per row.
@inline(__always)
func rowNumbers(count: Int, where isChosen: (Int) -> Bool) -> [Int32] {
  [Int32](capacity: count) { output in
    for row in 0..<count where isChosen(row) { output.append(Int32(truncatingIfNeeded: row)) }
  }
}
