internal import TundishColumns
internal import TundishSyntax

/// `CASE`: the first branch whose condition holds; branches see only the rows that reach them.
final class CaseNode: EvaluationNode {
  struct Branch {
    let condition: any EvaluationNode
    let result: any EvaluationNode
  }

  private let branches: [Branch]
  private let otherwise: any EvaluationNode
  private let type: DataType
  private let range: SourceRange
  /// The results where all of them are constants, one row per branch and one for ELSE.
  private let constants: Column?
  /// Whether there is one condition and the results cost nothing to evaluate for all rows.
  private let isPlain: Bool
  let isTotal: Bool

  init(
    _ branches: [Branch],
    otherwise: any EvaluationNode,
    type: DataType,
    range: SourceRange
  ) throws(RuntimeFailure) {
    self.branches = branches
    self.otherwise = otherwise
    self.type = type
    self.range = range
    isTotal =
      otherwise.isTotal && branches.allSatisfy { $0.condition.isTotal && $0.result.isTotal }
    isPlain =
      branches.count == 1
      && [branches[0].result, otherwise].allSatisfy { $0 is ConstantNode || $0 is ColumnNode }
    let results = (branches.map(\.result) + [otherwise]).map { ($0 as? ConstantNode)?.value }
    constants =
      results.contains { $0 == nil }
      ? nil : try Self.table(results.compactMap { $0 }, type: type, range: range)
  }

  func evaluate(_ frame: EvaluationFrame) throws(RuntimeFailure) -> Column {
    if isPlain, let column = try blend(frame) { return column }
    let choice = try chosenBranches(frame)
    if let constants { return constants.gathered(choice) }
    var merge = PieceMerge(rowCount: frame.rowCount)
    let results = branches.map(\.result) + [otherwise]
    let rows = Self.rows(of: choice, branchCount: results.count)
    for (number, node) in results.enumerated() where !rows[number].isEmpty {
      try merge.add(node, rows: rows[number], frame: frame)
    }
    return try merge.finish(type: type, range: range)
  }

  /// One condition that chooses between columns or constants: no row need be moved.
  ///
  /// Nil where the two results are held in different ways.
  private func blend(_ frame: EvaluationFrame) throws(RuntimeFailure) -> Column? {
    let mask = try branches[0].condition.evaluate(frame).truths()
    if let constants {
      let chosen = constants.sliced(0..<1).repeated(mask.count)
      return chosen.blended(with: constants.sliced(1..<2).repeated(mask.count), where: mask)
    }
    let chosen = try branches[0].result.evaluate(frame).retyped(type)
    return chosen.blended(with: try otherwise.evaluate(frame).retyped(type), where: mask)
  }

  /// The number of the branch of each row; the number of branches stands for ELSE.
  private func chosenBranches(_ frame: EvaluationFrame) throws(RuntimeFailure) -> [Int32] {
    let none = Int32(branches.count)
    var choice = [Int32](repeating: none, count: frame.rowCount)
    var openCount = frame.rowCount
    for (number, branch) in branches.enumerated() where openCount > 0 {
      let branchNumber = Int32(number)
      if number == 0 || (branch.condition.isTotal && openCount > frame.rowCount / 2) {
        let truths = try branch.condition.evaluate(frame).truths()
        var taken = 0
        for row in choice.indices {
          let isTaken = choice[row] == none && truths[row]
          choice[row] = isTaken ? branchNumber : choice[row]
          taken &+= isTaken ? 1 : 0
        }
        openCount -= taken
      } else {
        let open = choice.indices.lazy.filter { choice[$0] == none }.map { Int32($0) }
        let rows = Array(open)
        for position in try branch.condition.evaluate(frame.narrowed(to: rows)).selectedRows() {
          choice[Int(rows[Int(position)])] = branchNumber
          openCount -= 1
        }
      }
    }
    return choice
  }

  private static func rows(of choice: [Int32], branchCount: Int) -> [[Int32]] {
    var rows = [[Int32]](repeating: [], count: branchCount)
    for (row, branch) in choice.enumerated() { rows[Int(branch)].append(Int32(row)) }
    return rows
  }

  /// The constants as one column; text over one dictionary, so that results keep one identity.
  private static func table(
    _ constants: [Column],
    type: DataType,
    range: SourceRange
  ) throws(RuntimeFailure) -> Column {
    let single = constants.map { $0.repeated(1) }
    let table = try blaming(range) { () throws(ExecutionError) in
      try Column.concatenated(single, type: type).expanded()
    }
    guard type == .varchar else { return table }
    return try blaming(range) { () throws(ExecutionError) in try table.encoded() }
  }
}

/// `coalesce`: the first operand that is not NULL; later operands see only rows that need them.
final class CoalesceNode: EvaluationNode {
  private let operands: [any EvaluationNode]
  private let type: DataType
  private let range: SourceRange
  let isTotal: Bool

  init(_ operands: [any EvaluationNode], type: DataType, range: SourceRange) {
    self.operands = operands
    self.type = type
    self.range = range
    isTotal = operands.allSatisfy(\.isTotal)
  }

  func evaluate(_ frame: EvaluationFrame) throws(RuntimeFailure) -> Column {
    guard let first = operands.first else { return .nulls(type: type, count: frame.rowCount) }
    let column = try first.evaluate(frame)
    guard column.validity != nil else { return column.retyped(type) }
    var merge = PieceMerge(rowCount: frame.rowCount)
    var open = merge.add(column)
    for operand in operands.dropFirst() where !open.isEmpty {
      let part = try operand.evaluate(frame.narrowed(to: open))
      open = merge.add(part, rows: open)
    }
    return try merge.finish(type: type, range: range)
  }
}

/// Puts the results of different rows together in row order.
struct PieceMerge {
  private var pieces: [Column] = []
  private var pieceRowCount = 0
  /// The row of the concatenated pieces for each row; negative for NULL.
  private var order: [Int32]

  init(rowCount: Int) {
    order = [Int32](repeating: -1, count: rowCount)
  }

  /// Evaluates a node for some rows of a frame.
  mutating func add(
    _ node: any EvaluationNode,
    rows: [Int32],
    frame: EvaluationFrame
  ) throws(RuntimeFailure) {
    if let constant = node as? ConstantNode {
      let place = append(constant.value.repeated(1))
      for row in rows { order[Int(row)] = place }
      return
    }
    if node.isTotal && rows.count > frame.rowCount / 2 {
      let place = append(try node.evaluate(frame))
      for row in rows { order[Int(row)] = place + row }
    } else {
      let place = append(try node.evaluate(frame.narrowed(to: rows)))
      for (position, row) in rows.enumerated() { order[Int(row)] = place + Int32(position) }
    }
  }

  /// Takes the values of all rows; returns the rows that are NULL.
  mutating func add(_ column: Column) -> [Int32] {
    let place = append(column)
    let validity = column.validityPerRow()
    var open: [Int32] = []
    for row in 0..<Int32(order.count) {
      if validity?[Int(row)] ?? true { order[Int(row)] = place + row } else { open.append(row) }
    }
    return open
  }

  /// Takes the values of some rows; returns those that are NULL.
  mutating func add(_ column: Column, rows: [Int32]) -> [Int32] {
    let place = append(column)
    let validity = column.validityPerRow()
    var open: [Int32] = []
    for (position, row) in rows.enumerated() {
      if validity?[position] ?? true {
        order[Int(row)] = place + Int32(position)
      } else {
        open.append(row)
      }
    }
    return open
  }

  /// Returns the column of all rows.
  func finish(type: DataType, range: SourceRange) throws(RuntimeFailure) -> Column {
    if pieces.isEmpty { return .nulls(type: type, count: order.count) }
    return try blaming(range) { () throws(ExecutionError) in
      try Column.concatenated(pieces.map { $0.retyped(type) }, type: type).gathered(order)
    }
  }

  private mutating func append(_ column: Column) -> Int32 {
    let place = Int32(pieceRowCount)
    pieces.append(column)
    pieceRowCount += column.count
    return place
  }
}
