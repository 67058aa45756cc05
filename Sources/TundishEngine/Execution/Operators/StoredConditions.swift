internal import TundishColumns
internal import TundishSyntax

/// The parts of a scan's condition that segments decide without decoding, and what is left of it.
///
/// They cannot fail, so they come before the others whatever the order in the query. Read by all
/// threads.
struct StoredConditions {
  private let decided: [(position: Int, condition: StoredCondition)]
  /// What rows that pass must satisfy beside; nil where there is nothing.
  let rest: BoundExpression?

  /// The greatest number of ranges that IN is turned into.
  private static let greatestRangeCount = 8
  /// A condition on text is evaluated for a dictionary where that has at most one value for so many
  /// rows.
  private static let rowsPerValue = 4

  /// The keys that rows must be tested by one by one.
  let restOfFilters: [ScanKeyFilter]

  /// Takes a scan's condition and the keys that joins have sent apart.
  init(
    _ plan: ScanPlan,
    _ filters: [ScanKeyFilter],
    layout: ColumnLayout,
    context: FunctionContext
  ) throws(RuntimeFailure) {
    guard let source = plan.source as? any RandomAccessSource else {
      decided = []
      rest = plan.predicate
      restOfFilters = filters
      return
    }
    let table = source.storedTable
    var conditions: [BoundExpression] = []
    if let predicate = plan.predicate {
      if case .and(let operands) = predicate.kind {
        conditions = operands
      } else {
        conditions = [predicate]
      }
    }
    var decided: [(position: Int, condition: StoredCondition)] = []
    var rest: [BoundExpression] = []
    for condition in conditions {
      let columns = condition.columnIDs
      if columns.count == 1, let id = columns.first,
        let column = plan.columns.first(where: { $0.column.id == id }),
        column.position < table.schema.fields.count,
        let stored = try Self.stored(
          condition,
          table,
          column: column.position,
          layout: layout,
          context: context
        )
      {
        decided.append((column.position, stored))
      } else {
        rest.append(condition)
      }
    }
    var restOfFilters: [ScanKeyFilter] = []
    for sent in filters {
      let position = plan.columns[sent.position].position
      if position < table.schema.fields.count,
        table.holdsKeys(of: sent.filter, column: position)
      {
        decided.append((position, .keys(sent.filter)))
      } else {
        restOfFilters.append(sent)
      }
    }
    self.decided = decided
    self.restOfFilters = restOfFilters
    self.rest =
      switch rest.count {
      case 0: nil
      case 1: rest[0]
      case _: BoundExpression(.and(rest), type: .boolean, range: rest[0].range)
      }
  }

  /// Returns the rows of a morsel that pass, ascending; nil for all.
  func rows(of source: any RandomAccessSource, morsel: Int) -> [Int32]? {
    if decided.isEmpty { return nil }
    let table = source.storedTable
    var mask = RowMask(allOf: source.rowCount(ofMorsel: morsel))
    for (position, condition) in decided {
      table.narrow(&mask, rowGroup: morsel, column: position, by: condition)
    }
    return mask.chosenCount == mask.rowCount ? nil : mask.rows
  }

  // MARK: - Kinds of conditions

  private static func stored(
    _ condition: BoundExpression,
    _ table: StoredTable,
    column: Int,
    layout: ColumnLayout,
    context: FunctionContext
  ) throws(RuntimeFailure) -> StoredCondition? {
    if let fixed = fixed(condition) { return fixed }
    return try coded(condition, table, column: column, layout: layout, context: context)
  }

  /// A condition on a column of numbers, dates or truths, or on whether there is a value.
  private static func fixed(_ condition: BoundExpression) -> StoredCondition? {
    switch condition.kind {
    case .column:
      return condition.type == .boolean ? .boolean(true) : nil
    case .not(let operand):
      switch operand.kind {
      case .column: return operand.type == .boolean ? .boolean(false) : nil
      case .isNull(let inner): return inner.columnID == nil ? nil : .isNull(false)
      case .inValues(let inner, let values):
        // Of a list with a NULL, NOT IN is never true.
        guard !values.contains(where: \.isNull), let ranges = ranges(inner, values) else {
          return nil
        }
        return .integers(ranges, isInside: false)
      case .literal, .call, .comparison, .and, .or, .not, .cast, .caseWhen, .coalesce, .lambda,
        .subquery:
        return nil
      }
    case .isNull(let operand):
      return operand.columnID == nil ? nil : .isNull(true)
    case .comparison(let comparison, let left, let right):
      if let number = number(right, comparedWith: left) { return compared(comparison, number) }
      if let number = number(left, comparedWith: right) {
        return compared(comparison.mirrored, number)
      }
      return nil
    case .inValues(let operand, let values):
      return ranges(operand, values.filter { !$0.isNull }).map { .integers($0, isInside: true) }
    case .literal, .call, .and, .or, .cast, .caseWhen, .coalesce, .lambda, .subquery:
      return nil
    }
  }

  /// The number by which a column holds the constant that it is compared with.
  private static func number(
    _ constant: BoundExpression,
    comparedWith column: BoundExpression
  ) -> Int64? {
    guard column.columnID != nil, column.type.physical == .int64, column.type == constant.type,
      case .literal(let value) = constant.kind
    else { return nil }
    return value.zoneInteger
  }

  private static func compared(
    _ comparison: ComparisonOperator,
    _ number: Int64
  ) -> StoredCondition? {
    switch comparison {
    case .equal: .integers([number...number], isInside: true)
    case .notEqual: .integers([number...number], isInside: false)
    case .less: .integers([number ... .max], isInside: false)
    case .lessOrEqual: .integers([.min...number], isInside: true)
    case .greater: .integers([.min...number], isInside: false)
    case .greaterOrEqual: .integers([number ... .max], isInside: true)
    case .notDistinct, .distinct: nil
    }
  }

  /// The ranges that some values of a column of integers make up.
  private static func ranges(
    _ operand: BoundExpression,
    _ values: [Value]
  ) -> [ClosedRange<Int64>]? {
    guard operand.columnID != nil, operand.type.physical == .int64 else { return nil }
    let numbers = values.compactMap(\.zoneInteger).sorted()
    guard numbers.count == values.count else { return nil }
    var ranges: [ClosedRange<Int64>] = []
    for number in numbers {
      if let last = ranges.last, number &- 1 <= last.upperBound, number > .min {
        ranges[ranges.count - 1] = last.lowerBound...max(number, last.upperBound)
      } else {
        ranges.append(number...number)
      }
    }
    return ranges.count <= greatestRangeCount ? ranges : nil
  }

  /// A condition on text that is coded over a dictionary, evaluated for its values.
  private static func coded(
    _ condition: BoundExpression,
    _ table: StoredTable,
    column: Int,
    layout: ColumnLayout,
    context: FunctionContext
  ) throws(RuntimeFailure) -> StoredCondition? {
    guard let dictionary = table.dictionary(ofColumn: column),
      dictionary.count <= table.rowCount / rowsPerValue
    else { return nil }
    var compiler = ExpressionCompiler(layout: layout, context: context)
    guard let node = try compiler.compileForDictionary(condition),
      let truths = node.truths(of: dictionary, type: table.schema.fields[column].type)
    else { return nil }
    return .codes(CodeTruths(Array(truths.dropLast()), null: truths[dictionary.count]))
  }
}
