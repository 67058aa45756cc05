internal import TundishColumns

/// A scan's column whose rows a join above may drop by the keys that it has collected.
struct KeyFilterTarget {
  /// The scan.
  let scan: ScanOperator
  /// The position of the column among the scan's columns.
  let position: Int
}

/// A filter that a join has sent to a scan.
struct ScanKeyFilter {
  /// The position of the column among the scan's columns.
  let position: Int
  /// The keys.
  let filter: KeyFilter
}

extension HashJoinOperator {
  /// Prepares the streaming side with the collected keys sent to the scans that its keys come from.
  ///
  /// Only where a streaming row without a match gives no row.
  func probePipeline(
    _ side: any PhysicalOperator,
    _ build: JoinBuild,
    _ run: QueryRun
  ) throws(RuntimeFailure) -> Pipeline {
    switch plan.kind {
    case .inner, .semi, .right: break
    case .left, .full, .anti, .single, .mark, .positional, .asOf, .asOfLeft:
      return try run.prepare(side)
    }
    let scans = sendFilters(
      build.keys,
      to: side,
      keys: plan.keys.map { buildsLeft ? $0.right : $0.left },
      run: run
    )
    let pipeline = try run.prepare(side)
    takeBackFilters(scans, run: run)
    return pipeline
  }

  /// Where the left side is much smaller: its rows, collected, and its keys sent to the right side's
  /// scans, which need to give no others.
  func leftRowsFirst(
    _ run: QueryRun
  ) throws(RuntimeFailure) -> (pipeline: Pipeline, scans: [ObjectIdentifier])? {
    switch plan.kind {
    case .left, .semi, .anti, .single: break
    case .inner, .right, .full, .mark, .positional, .asOf, .asOfLeft: return nil
    }
    let targets = plan.keys.filter { key in
      !key.isNullSafe && key.right.columnID.map { right.keyFilterTarget(of: $0) != nil } ?? false
    }
    guard collectsLeftFirst, !targets.isEmpty else { return nil }
    let batches = try run.collect(left)
    let whole = try run.whole(batches, types: left.columns.map(\.type))
    let keys = try ExpressionEvaluator(
      plan.keys.map(\.left),
      layout: left.layout,
      context: run.context.functions
    ).evaluate(whole)
    let scans = sendFilters(keys, to: right, keys: plan.keys.map(\.right), run: run)
    return (Pipeline(source: BatchSource(batches, run: run)), scans)
  }

  /// Sends the values of keys to the scans of the other side that its keys come from; returns the
  /// scans to take them back from, once they are prepared.
  private func sendFilters(
    _ columns: [Column],
    to side: any PhysicalOperator,
    keys: [BoundExpression],
    run: QueryRun
  ) -> [ObjectIdentifier] {
    var scans: [ObjectIdentifier] = []
    for (number, expression) in keys.enumerated() where !plan.keys[number].isNullSafe {
      guard let id = expression.columnID, let target = side.keyFilterTarget(of: id),
        let filter = KeyFilter(columns[number])
      else { continue }
      let scan = ObjectIdentifier(target.scan)
      run.keyFilters[scan, default: []].append(
        ScanKeyFilter(position: target.position, filter: filter)
      )
      scans.append(scan)
    }
    return scans
  }

  func takeBackFilters(_ scans: [ObjectIdentifier], run: QueryRun) {
    for scan in scans { run.keyFilters[scan]?.removeLast() }
  }
}
