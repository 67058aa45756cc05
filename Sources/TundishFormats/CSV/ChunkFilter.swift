internal import TundishColumns

/// A filter as one reading of a file applies it.
///
/// Columns of text that the condition does not use are read only for rows that pass. All others are
/// read for every row: a value that does not fit makes a column wider whichever rows are wanted, and
/// text holds any value.
struct ChunkFilter: Sendable {
  let filter: RowFilter
  /// The places of the condition's columns among those that are read.
  let slots: [Int]
  /// Per column that is read, whether only rows that pass are.
  let isLate: [Bool]

  /// Nil where no column would be read for fewer rows, or one is not what the condition was bound to.
  init?(_ filter: RowFilter, positions: [Int], columns: [CSVPlan.Column]) {
    var slots: [Int] = []
    for (position, type) in zip(filter.positions, filter.types) {
      guard let slot = positions.firstIndex(of: position), columns[position].type == type else {
        return nil
      }
      slots.append(slot)
    }
    let isLate = positions.indices.map { slot in
      columns[positions[slot]].decision.reading == .text && !slots.contains(slot)
    }
    guard isLate.contains(true) else { return nil }
    self.filter = filter
    self.slots = slots
    self.isLate = isLate
  }
}

/// Tests the rows of one row group while they are read; owned by one thread.
struct ChunkTest {
  let isLate: [Bool]
  private let slots: [Int]
  private let tester: any RowTester
  /// The rows of the group that passed.
  private(set) var passed: [Int32] = []
  /// Whether most rows pass, so that all of the group are read.
  private var passesAll = false

  /// The first rows of a group show whether leaving others out is worth it.
  private static let trialRowCount = 256

  /// Nil where the condition cannot be evaluated.
  init?(_ chunk: ChunkFilter) {
    guard let tester = chunk.filter.makeTester() else { return nil }
    self.tester = tester
    isLate = chunk.isLate
    slots = chunk.slots
  }

  /// Forgets the rows of another group.
  mutating func beginGroup() {
    passed.removeAll(keepingCapacity: true)
    passesAll = false
  }

  /// Tests the rows that were read last; nil where that cannot be done.
  ///
  /// - Parameters:
  ///   - parsers: All columns, of which those of the condition have read the rows.
  ///   - firstRow: The number of rows of the group in front of them.
  ///   - count: Their number.
  /// - Returns: Those that pass, counted from the first of them.
  mutating func rows(_ parsers: [ColumnParser], firstRow: Int, count: Int) -> [Int32]? {
    var rows: [Int32]?
    if !passesAll {
      var columns: [Column] = []
      for slot in slots {
        if parsers[slot].isStopped { return nil }
        columns.append(parsers[slot].latest(count))
      }
      do throws(ExecutionError) {
        rows = try tester.rows(of: columns, rowCount: count)
      } catch {
        return nil
      }
      if firstRow == 0, count >= Self.trialRowCount, (rows?.count ?? count) > count / 5 * 3 {
        passesAll = true
        rows = nil
      }
    }
    let those = rows ?? [Int32](0..<Int32(truncatingIfNeeded: count))
    let first = Int32(truncatingIfNeeded: firstRow)
    passed.append(contentsOf: those.lazy.map { $0 &+ first })
    return those
  }
}

extension ColumnParser {
  /// The values of the rows that were read last.
  func latest(_ count: Int) -> Column {
    let first = rowCount - count
    let validity = validity.isEmpty ? nil : Array(validity[first...])
    let data: ColumnData
    switch type.physical {
    case .int64: data = .int64(Array(integers[first...]))
    case .int128: data = .int128(Array(wideIntegers[first...]))
    case .float64: data = .float64(Array(doubles[first...]))
    case .boolean: data = .boolean(Array(booleans[first...]))
    case .interval: data = .interval(Array(intervals[first...]))
    case .text: data = text.latest(count)
    case .list, .structure: preconditionFailure("fields of text become plain values")
    }
    return Column(type: type, data: data, validity: validity, count: count)
  }
}
