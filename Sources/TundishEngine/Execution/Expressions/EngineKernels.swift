internal import TundishColumns

/// The kernels of forms that are not functions, by the types that plans use.
enum EngineKernels {
  /// Whether a comparison holds, per row.
  static func compare(
    _ comparison: ComparisonOperator,
    _ left: Column,
    _ right: Column
  ) -> Column {
    Comparison.compare(comparison.kernel, left, right)
  }

  /// Returns the rows in the order of keys, equal ones as they come.
  static func sortOrder(
    _ keys: [(column: Column, direction: SortDirection)],
    rowCount: Int
  ) -> [Int32] {
    SortedOrder.rows(
      of: keys.map { TundishColumns.SortKey($0.column, $0.direction) },
      rowCount: rowCount
    )
  }
}

extension EngineKernels {
  /// Returns the rows in the order of keys, equal ones as they come, on the threads of a run.
  static func sortOrder(
    _ keys: [(column: Column, direction: SortDirection)],
    rowCount: Int,
    run: QueryRun
  ) throws(RuntimeFailure) -> [Int32] {
    // A word per key and row, and the rows twice.
    let byteCount = rowCount * (8 * keys.count + 8)
    try run.memory.reserve(byteCount)
    defer { run.memory.release(byteCount) }
    return try SortedOrder.rows(
      of: keys.map { TundishColumns.SortKey($0.column, $0.direction) },
      rowCount: rowCount
    ) { (count, piece) throws(RuntimeFailure) -> [[Int32]] in
      try WorkerPool.map(
        count: count,
        threadCount: run.context.threadCount,
        run: run
      ) { number throws(RuntimeFailure) in piece(number) }
    }
  }
}

extension ComparisonOperator {
  /// The kernel that computes it.
  var kernel: ComparisonKind {
    switch self {
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    case .notDistinct: .notDistinct
    case .distinct: .distinct
    }
  }
}

extension SortKey {
  /// The direction for kernels.
  var direction: SortDirection {
    SortDirection(isDescending: isDescending, nullsFirst: nullsFirst)
  }
}
