internal import TundishColumns
internal import TundishSyntax

extension WindowEvaluation {
  /// An aggregate over each place's frame.
  ///
  /// Whole partitions are grouped once. Counts, sums, means, extremes, medians, distinct counts,
  /// picked rows and modes of moving frames come from prefixes and trees. What remains is computed frame by frame, once per distinct frame.
  func aggregateResult(
    _ function: ResolvedAggregate,
    _ frames: WindowFrames
  ) throws(RuntimeFailure) -> Column {
    if frames.isWholePartition { return try wholePartitions(function) }
    let isPlain =
      call.argumentOrder.isEmpty || !function.overload.isOrderSensitive
    let ignoresDuplicates = !call.isDistinct || function.overload.ignoresDuplicates
    if isPlain && ignoresDuplicates, let quick = try quickResult(function, frames) { return quick }
    if isPlain, let ranked = try rankedResult(function, frames) { return ranked }
    if isPlain && ignoresDuplicates, let picked = try pickedResult(function, frames) {
      return picked
    }
    if isPlain && ignoresDuplicates && frames.startsAtPartition
      && frames.exclusion == .noOthers && Self.isCheaplyMerged(function)
    {
      return try runningResult(function, frames, fromEnd: false)
    }
    if isPlain && ignoresDuplicates && Self.isCheaplyMerged(function),
      let moving = try movingResult(function, frames)
    {
      return moving
    }
    return try frameByFrame(function, frames)
  }

  // MARK: - Whole partitions

  private func wholePartitions(_ function: ResolvedAggregate) throws(RuntimeFailure) -> Column {
    var places = filter.map { filter in rowNumbers(count: filter.count) { filter[$0] } }
    if !call.argumentOrder.isEmpty && function.overload.isOrderSensitive {
      let all = places ?? [Int32](0..<Int32(partitions.count))
      let order = try EngineKernels.sortOrder(
        zip(argumentOrder, call.argumentOrder).map { ($0.gathered(all), $1.direction) },
        rowCount: all.count,
        run: run
      )
      places = gatheredGroups(all, order)
    }
    let groups = partitions.partition
    let groupCount = partitions.starts.count - 1
    let values = try grouped(
      function,
      places: places,
      groups: places.map { gatheredGroups(groups, $0) } ?? groups,
      groupCount: groupCount
    )
    return values.gathered(groups)
  }

  /// Aggregates some places, each into its group.
  func grouped(
    _ function: ResolvedAggregate,
    places: [Int32]?,
    groups: [Int32],
    groupCount: Int
  ) throws(RuntimeFailure) -> Column {
    let state = try AggregateRunner.makeState(
      function,
      arguments: call.arguments,
      range: call.range,
      run: run
    )
    var groups = groups
    var columns = places.map { places in arguments.map { $0.gathered(places) } } ?? arguments
    return try blaming(call.range) { () throws(ExecutionError) in
      if call.isDistinct && !function.overload.ignoresDuplicates {
        var distinct = DistinctSet(types: columns.map(\.type))
        let rows = try distinct.newRows(columns, groups: groups, rowCount: groups.count)
        columns = columns.map { $0.gathered(rows) }
        groups = gatheredGroups(groups, rows)
      }
      state.resize(groupCount: groupCount)
      try state.update(arguments: columns, groups: groups, rowCount: groups.count)
      return try state.finish(groupCount: groupCount)
    }
  }

  // MARK: - Frame by frame

  /// The most places that are fed to one state before it gives its results.
  private static let portionPlaces = 262_144

  private func frameByFrame(
    _ function: ResolvedAggregate,
    _ frames: WindowFrames
  ) throws(RuntimeFailure) -> Column {
    let ranks = try orderRanks(function)
    var pieces: [Column] = []
    var results = [Int32](repeating: 0, count: partitions.count)
    var resultCount: Int32 = 0
    var places: [Int32] = []
    var groups: [Int32] = []
    var group: Int32 = -1
    for place in 0..<partitions.count {
      let isRepeated =
        place > 0 && group >= 0 && frames.exclusion == .noOthers
        && frames.lower[place] == frames.lower[place - 1]
        && frames.upper[place] == frames.upper[place - 1]
      if !isRepeated {
        if places.count >= Self.portionPlaces {
          try run.checkCancellation()
          pieces.append(
            try grouped(function, places: places, groups: groups, groupCount: Int(group) + 1)
          )
          resultCount += group + 1
          places = []
          groups = []
          group = -1
        }
        group += 1
        let first = places.count
        frames.forEachRange(at: place, partitions) { range in
          for member in range where filter?[member] ?? true { places.append(Int32(member)) }
        }
        if let ranks { places[first...].sort { ranks[Int($0)] < ranks[Int($1)] } }
        groups.append(contentsOf: repeatElement(group, count: places.count - first))
      }
      results[place] = resultCount + group
    }
    pieces.append(
      try grouped(function, places: places, groups: groups, groupCount: Int(group) + 1)
    )
    return try blaming(call.range) { () throws(ExecutionError) in
      try Column.concatenated(pieces, type: call.column.type).gathered(results)
    }
  }

  /// The rank of each place by ORDER BY inside the call, where the function minds.
  private func orderRanks(
    _ function: ResolvedAggregate
  ) throws(RuntimeFailure) -> [Int32]? {
    guard !call.argumentOrder.isEmpty, function.overload.isOrderSensitive else { return nil }
    let order = try EngineKernels.sortOrder(
      zip(argumentOrder, call.argumentOrder).map { ($0, $1.direction) },
      rowCount: partitions.count,
      run: run
    )
    var ranks = [Int32](repeating: 0, count: order.count)
    for (rank, place) in order.enumerated() { ranks[Int(place)] = Int32(rank) }
    return ranks
  }
}
