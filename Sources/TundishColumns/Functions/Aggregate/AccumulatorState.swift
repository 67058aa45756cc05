/// A fixed-size value of a buffer, as aggregates read it.
protocol AggregateElement: ColumnElement {
  /// The values of a column of this physical type, one per row.
  static func perRow(_ column: Column) -> [Self]
}

extension Bool: AggregateElement {
  static func perRow(_ column: Column) -> [Bool] { column.booleanValues() }
}

extension Int64: AggregateElement {
  static func perRow(_ column: Column) -> [Int64] { column.int64Values() }
}

extension Int128: AggregateElement {
  static func perRow(_ column: Column) -> [Int128] { column.int128Values() }
}

extension Double: AggregateElement {
  static func perRow(_ column: Column) -> [Double] { column.doubleValues() }
}

extension Interval: AggregateElement {
  static func perRow(_ column: Column) -> [Interval] { column.intervalValues() }
}

/// The running value of one group of an aggregate of one argument that skips NULLs.
///
/// `add` neither throws nor traps: trouble is remembered and reported when the result is taken.
protocol Accumulator: Sendable {
  /// What is read.
  associatedtype Input: AggregateElement
  /// Creates the value of an empty group.
  init()
  /// Adds one value.
  mutating func add(_ value: Input)
  /// Adds values that all belong to the group.
  mutating func add(all values: Span<Input>)
  /// Adds one value several times.
  mutating func add(_ value: Input, times count: Int)
  /// Adds what another accumulator has seen, after what this one has seen.
  mutating func merge(_ other: Self)
}

extension Accumulator {
  mutating func add(all values: Span<Input>) {
    for row in values.indices { add(values[row]) }
  }

  mutating func add(_ value: Input, times count: Int) {
    for _ in 0..<count { add(value) }
  }
}

/// The state of an aggregate whose groups are accumulators.
///
/// One cell per group, all that a row touches side by side; the loops are `AccumulatorLoops`.
final class AccumulatorState<Cell: Accumulator, Output: AggregateElement>: AggregateState {
  private var cells: [Cell] = []
  private let type: DataType
  private let loops: AccumulatorLoops<Cell>
  private let results: @Sendable ([Cell], DataType) throws(ExecutionError) -> Column

  @inline(__always)
  init(type: DataType, result: @escaping @Sendable (Cell) throws(ExecutionError) -> Output?) {
    self.type = type
    loops = AccumulatorLoops()
    results = { (cells: [Cell], type: DataType) throws(ExecutionError) -> Column in
      var builder = ColumnBuilder<Output>(capacity: cells.count)
      for group in cells.indices { builder.append(try result(cells[group])) }
      return builder.finish(type: type)
    }
  }

  func resize(groupCount: Int) {
    guard groupCount > cells.count else { return }
    loops.grow(&cells, groupCount)
  }

  func update(
    arguments: [Column],
    groups: [Int32]?,
    rowCount: Int
  ) throws(ExecutionError) {
    guard rowCount > 0 else { return }
    if groups == nil { resize(groupCount: 1) }
    let column = arguments[0]
    if column.isConstant, groups == nil {
      guard column.isValid(at: 0) else { return }
      let single = Cell.Input.perRow(column.sliced(0..<1))
      cells[0].add(single[0], times: rowCount)
      return
    }
    let values = Cell.Input.perRow(column)
    let validity = column.validityPerRow()
    switch (groups, validity) {
    case (nil, nil): loops.one(&cells[0], values)
    case (nil, let validity?): loops.oneValid(&cells[0], values, validity)
    case (let groups?, nil): loops.many(&cells, groups, values)
    case (let groups?, let validity?): loops.manyValid(&cells, groups, values, validity)
    }
  }

  func merge(_ other: any AggregateState, mapping: [Int32]) throws(ExecutionError) {
    guard let other = other as? AccumulatorState else { mismatchedStates() }
    loops.merge(&cells, other.cells, mapping)
  }

  func finish(groupCount: Int) throws(ExecutionError) -> Column {
    resize(groupCount: groupCount)
    return try results(cells.count > groupCount ? Array(cells[..<groupCount]) : cells, type)
  }
}

/// The loops of an accumulator, as closures made where the types are concrete.
///
/// The methods of a generic class are reached through its metadata and so are not specialised;
/// these functions are (20 times faster: bench aggregate.sums).
struct AccumulatorLoops<Cell: Accumulator>: Sendable {
  typealias Values = Cell.Input
  /// Adds empty groups.
  let grow: @Sendable (inout [Cell], Int) -> Void
  /// Adds all values to one group.
  let one: @Sendable (inout Cell, [Values]) -> Void
  /// Adds the values that are not NULL to one group.
  let oneValid: @Sendable (inout Cell, [Values], [Bool]) -> Void
  /// Adds all values to their groups.
  let many: @Sendable (inout [Cell], [Int32], [Values]) -> Void
  /// Adds the values that are not NULL to their groups.
  let manyValid: @Sendable (inout [Cell], [Int32], [Values], [Bool]) -> Void
  /// Adds the groups of another state.
  let merge: @Sendable (inout [Cell], [Cell], [Int32]) -> Void

  @inline(__always)
  init() {
    grow = { cells, count in
      cells.append(contentsOf: repeatElement(Cell(), count: count - cells.count))
    }
    one = { cell, values in cell.add(all: values.span) }
    oneValid = { cell, values, validity in
      Self.accumulate(into: &cell, values.span, validity.span)
    }
    many = { cells, groups, values in Self.accumulate(into: &cells, groups.span, values.span) }
    manyValid = { cells, groups, values, validity in
      Self.accumulate(into: &cells, groups.span, values.span, validity.span)
    }
    merge = { cells, others, mapping in
      for (group, target) in mapping.enumerated() where group < others.count {
        cells[Int(target)].merge(others[group])
      }
    }
  }

  private static func accumulate(
    into cell: inout Cell,
    _ values: Span<Cell.Input>,
    _ validity: Span<Bool>
  ) {
    var running = cell
    for row in values.indices where validity[row] { running.add(values[row]) }
    cell = running
  }

  private static func accumulate(
    into cells: inout [Cell],
    _ groups: Span<Int32>,
    _ values: Span<Cell.Input>
  ) {
    var cells = cells.mutableSpan
    for row in values.indices { cells[Int(groups[row])].add(values[row]) }
  }

  private static func accumulate(
    into cells: inout [Cell],
    _ groups: Span<Int32>,
    _ values: Span<Cell.Input>,
    _ validity: Span<Bool>
  ) {
    var cells = cells.mutableSpan
    for row in values.indices where validity[row] { cells[Int(groups[row])].add(values[row]) }
  }
}

/// Stops where two states of different overloads meet, which the contract of `merge` rules out.
func mismatchedStates() -> Never {
  preconditionFailure("states that are merged were made by the same overload")
}

extension AggregateOverload {
  /// Makes an overload whose groups are accumulators.
  static func accumulating<Cell: Accumulator, Output: AggregateElement>(
    _ parameters: [ParameterType],
    with cell: Cell.Type,
    ignoresDuplicates: Bool = false,
    type: @escaping @Sendable ([DataType]) -> DataType?,
    result: @escaping @Sendable (Cell, AggregateInput) throws(ExecutionError) -> Output?
  ) -> AggregateOverload {
    AggregateOverload(
      parameters,
      ignoresDuplicates: ignoresDuplicates,
      result: type,
      makeState: { (input: AggregateInput) throws(ExecutionError) -> any AggregateState in
        AccumulatorState<Cell, Output>(type: input.resultType) {
          (cell: Cell) throws(ExecutionError) -> Output? in
          try result(cell, input)
        }
      }
    )
  }
}
