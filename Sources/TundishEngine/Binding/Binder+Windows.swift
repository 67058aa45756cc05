internal import TundishColumns
internal import TundishSyntax

extension Binder {
  /// The functions that exist only over windows, and how many arguments they take.
  static let windowOnly: [String: ClosedRange<Int>] = [
    "row_number": 0...0, "rank": 0...0, "dense_rank": 0...0, "rank_dense": 0...0,
    "percent_rank": 0...0, "cume_dist": 0...0, "ntile": 1...1, "lag": 1...3, "lead": 1...3,
    "first_value": 1...1, "last_value": 1...1, "nth_value": 2...2, "fill": 1...1,
  ]

  /// The aggregates that are looks at one row of the frame too.
  private static let positional = ["first": "first_value", "last": "last_value"]

  /// The functions that have no meaning by an order of their own beside that of OVER.
  private static let singlyOrdered: Set<String> = ["dense_rank", "rank_dense", "fill"]

  /// Binds a call with OVER: it is computed below the projection, and the expression names its
  /// column.
  func bindWindow(
    _ call: FunctionCall,
    _ name: String,
    _ range: SourceRange,
    _ scope: Scope
  ) -> BoundExpression? {
    guard scope.clause.allowsWindows else {
      report(.misplacedWindow(name, clause: scope.clause.rawValue, at: range))
      return nil
    }
    let name = call.nullTreatment == nil ? name : Self.positional[name] ?? name
    if let treatment = call.nullTreatment, Self.windowOnly[name] == nil {
      let advice =
        "\(treatment.rawValue) belongs to functions that look at one row, not to '\(name)'"
      report(.windowUse(advice, at: range))
      return nil
    }
    guard let written = windowSpecification(call.over, scope),
      let specification = ordering(written, by: call, name, range)
    else { return nil }
    return scope.within(.windowArgument) {
      let partition = bind(all: specification.partitionBy, scope)
      let order = bindOrder(specification.orderBy, scope)
      let frame = bindFrame(specification, order ?? [], scope)
      let function = bindWindowFunction(call, name, range, scope)
      guard let partition, let order, let frame, var function else { return nil }
      guard canFill(function, order, range) else { return nil }
      // The order of the arguments has become that of the window.
      if written.orderBy.isEmpty, !specification.orderBy.isEmpty { function.argumentOrder = [] }
      function.frame = frame
      function.ignoresNulls = call.nullTreatment == .ignore
      scope.windows.append(
        PendingWindow(call: function, partitionBy: partition, orderBy: order)
      )
      return .column(function.column, range: range)
    }
  }

  /// The window in which a call with an ORDER BY of its own is computed.
  ///
  /// In `rank(ORDER BY x) OVER (...)` the argument's order is the window's where that has none, and
  /// all see the whole partition in it. Beside another order they look by their own at the rows of
  /// the frame.
  private func ordering(
    _ specification: WindowSpecification,
    by call: FunctionCall,
    _ name: String,
    _ range: SourceRange
  ) -> WindowSpecification? {
    guard Self.windowOnly[name] != nil, !call.orderBy.isEmpty else { return specification }
    if let frame = specification.frame, frame.exclusion != .noOthers, !Self.picks(name) {
      report(.windowUse("'\(name)' with an ORDER BY of its own takes no EXCLUDE", at: range))
      return nil
    }
    guard specification.orderBy.isEmpty, specification.frame == nil else {
      if !Self.singlyOrdered.contains(name), call.nullTreatment != .ignore || Self.picks(name) {
        return specification
      }
      report(
        .windowUse(
          "'\(name)' takes ORDER BY among its arguments or in OVER, and a frame only with the latter",
          at: range
        )
      )
      return nil
    }
    var ordered = specification
    ordered.orderBy = call.orderBy
    ordered.frame = WindowFrame(mode: .rows, start: .unboundedPreceding, end: .unboundedFollowing)
    return ordered
  }

  private static func picks(_ name: String) -> Bool {
    ["first_value", "last_value", "nth_value"].contains(name)
  }

  /// The window as written, with what it takes from named ones.
  private func windowSpecification(
    _ reference: WindowReference?,
    _ scope: Scope
  )
    -> WindowSpecification?
  {
    switch reference {
    case .none: return nil
    case .name(let name): return namedWindow(name, scope, depth: 0)
    case .specification(let specification): return extended(specification, scope, depth: 0)
    }
  }

  private func namedWindow(_ name: Identifier, _ scope: Scope, depth: Int) -> WindowSpecification? {
    guard let found = scope.namedWindows[foldedKey(name.text)] else {
      report(
        .windowUse("no window named '\(name.text)' in WINDOW", at: blame(name.range))
      )
      return nil
    }
    return extended(found, scope, depth: depth + 1)
  }

  private func extended(
    _ specification: WindowSpecification,
    _ scope: Scope,
    depth: Int
  )
    -> WindowSpecification?
  {
    guard let base = specification.base else { return specification }
    guard depth < BindingLimits.expansions else {
      report(.circularDefinition([base.text, base.text], at: blame(base.range)))
      return nil
    }
    if depth > 0, let found = scope.namedWindows[foldedKey(base.text)],
      found.range.lowerBound > specification.range.lowerBound
    {
      report(.windowUse("window '\(base.text)' is defined after this one", at: blame(base.range)))
      return nil
    }
    guard let inherited = namedWindow(base, scope, depth: depth) else { return nil }
    if let clause = Self.overridden(specification, inherited) {
      let advice = "window '\(base.text)' has \(clause) already; one that extends it cannot"
      report(.windowUse(advice, at: blame(specification.range)))
      return nil
    }
    guard inherited.frame == nil else {
      let advice = "window '\(base.text)' has a frame, so it is used as OVER \(base.text)"
      report(.windowUse(advice, at: blame(specification.range)))
      return nil
    }
    var whole = specification
    whole.base = nil
    if whole.partitionBy.isEmpty { whole.partitionBy = inherited.partitionBy }
    if whole.orderBy.isEmpty { whole.orderBy = inherited.orderBy }
    return whole
  }

  /// The clause that a window repeats from the one that it extends.
  private static func overridden(
    _ specification: WindowSpecification,
    _ inherited: WindowSpecification
  ) -> String? {
    if !specification.partitionBy.isEmpty, !inherited.partitionBy.isEmpty { return "PARTITION BY" }
    if !specification.orderBy.isEmpty, !inherited.orderBy.isEmpty { return "ORDER BY" }
    return nil
  }

  private func bindFrame(
    _ specification: WindowSpecification,
    _ order: [SortKey],
    _ scope: Scope
  ) -> BoundFrame? {
    guard let frame = specification.frame else {
      return BoundFrame(
        mode: .range,
        start: .unboundedPreceding,
        end: specification.orderBy.isEmpty ? .unboundedFollowing : .currentRow
      )
    }
    if frame.mode == .groups, specification.orderBy.isEmpty {
      report(.windowUse("GROUPS needs ORDER BY in the window", at: blame(specification.range)))
      return nil
    }
    let bounds = (
      bindFrameBound(frame.start, frame.mode, order, specification, scope),
      bindFrameBound(frame.end, frame.mode, order, specification, scope)
    )
    guard let start = bounds.0, let end = bounds.1 else { return nil }
    let endsBefore = if case .unboundedPreceding = end { true } else { false }
    let startsAfter = if case .unboundedFollowing = start { true } else { false }
    guard start.order <= end.order, !endsBefore, !startsAfter else {
      report(
        .windowUse("the frame ends before it starts", at: blame(specification.range))
      )
      return nil
    }
    return BoundFrame(mode: frame.mode, start: start, end: end, exclusion: frame.exclusion)
  }

  private func bindFrameBound(
    _ bound: WindowFrame.Bound,
    _ mode: WindowFrame.Mode,
    _ order: [SortKey],
    _ specification: WindowSpecification,
    _ scope: Scope
  ) -> BoundFrame.Bound? {
    switch bound {
    case .unboundedPreceding: return .unboundedPreceding
    case .unboundedFollowing: return .unboundedFollowing
    case .currentRow: return .currentRow
    case .preceding(let offset):
      return bindFrameOffset(offset, mode, order, specification, scope).map { .preceding($0) }
    case .following(let offset):
      return bindFrameOffset(offset, mode, order, specification, scope).map { .following($0) }
    }
  }

  private func bindFrameOffset(
    _ offset: Expression,
    _ mode: WindowFrame.Mode,
    _ order: [SortKey],
    _ specification: WindowSpecification,
    _ scope: Scope
  ) -> BoundExpression? {
    guard let bound = bind(offset, scope) else { return nil }
    guard mode == .range else { return coerce(bound, to: .bigint) }
    guard order.count == 1 else {
      report(
        .windowUse(
          "RANGE with an offset needs exactly one ORDER BY expression",
          at: blame(specification.range)
        )
      )
      return nil
    }
    let key = order[0].expression.type
    if key.isNumeric {
      guard bound.type.isNumeric || bound.isTextLiteral else {
        report(
          .wrongType(
            "the frame's offset",
            needs: "a number",
            found: bound.type.description,
            at: bound.range
          )
        )
        return nil
      }
      // 1.5 before an integer is not 2 before it.
      return bound.isTextLiteral ? coerce(bound, to: key) : bound
    }
    return bound.isTextLiteral ? coerce(bound, to: .interval) : bound
  }

  /// Binds the function and its arguments; the frame is filled in later.
  private func bindWindowFunction(
    _ call: FunctionCall,
    _ name: String,
    _ range: SourceRange,
    _ scope: Scope
  ) -> WindowCall? {
    if let counts = Self.windowOnly[name] {
      return bindWindowOnly(call, name, counts, range, scope)
    }
    guard environment.functions.aggregate(named: name) != nil else {
      let closest = Suggestion.closest(
        to: name,
        in: environment.functions.names + Array(Self.windowOnly.keys)
      )
      if environment.functions.scalar(named: name) != nil {
        report(
          .windowUse("'\(name)' is a scalar function and takes no OVER", at: range)
        )
      } else {
        report(.unknownFunction(name, at: blame(call.name.range), closest: closest))
      }
      return nil
    }
    guard let parts = bindAggregateParts(call, name, range, scope, clause: .windowArgument)
    else { return nil }
    let column = makeColumn(name, parts.function.resultType, unit: parts.unit)
    keepDeclaredType(of: parts.arguments.first, in: column, by: parts.function.name)
    return WindowCall(
      column: column,
      function: .aggregate(parts.function),
      arguments: parts.arguments,
      isDistinct: call.isDistinct && !parts.function.overload.ignoresDuplicates,
      argumentOrder: parts.orderBy,
      filter: parts.filter,
      frame: .whole,
      range: range
    )
  }

  private func bindWindowOnly(
    _ call: FunctionCall,
    _ name: String,
    _ counts: ClosedRange<Int>,
    _ range: SourceRange,
    _ scope: Scope
  ) -> WindowCall? {
    guard !refuseConstantKeys(of: call),
      let arguments = bind(all: call.arguments.map(\.value), scope),
      let argumentOrder = bindOrder(call.orderBy, scope)
    else { return nil }
    guard counts.contains(arguments.count) else {
      let parameters = ["lag": "value, offset, default", "lead": "value, offset, default"]
      report(
        .wrongArgumentCount(
          function: name,
          count: arguments.count,
          signatures: ["\(name)(\(parameters[name] ?? (counts.upperBound == 0 ? "" : "value")))"],
          at: range
        )
      )
      return nil
    }
    var filter: BoundExpression?
    if let written = call.filter {
      filter = bindCondition(written, scope, place: "FILTER")
      guard filter != nil else { return nil }
    }
    guard let (function, type, converted) = resolveWindowOnly(name, arguments, range) else {
      return nil
    }
    let column = makeColumn(name, type, unit: unit(ofAggregate: name, arguments, range))
    if Self.picks(name) || arguments.count < 3 && (name == "lag" || name == "lead"),
      let value = arguments.first
    {
      declaredTypes[column.id] = checkedType(of: value)
    }
    return WindowCall(
      column: column,
      function: function,
      arguments: converted,
      isDistinct: call.isDistinct,
      argumentOrder: argumentOrder,
      filter: filter,
      frame: .whole,
      range: range
    )
  }

  private func resolveWindowOnly(
    _ name: String,
    _ arguments: [BoundExpression],
    _ range: SourceRange
  ) -> (WindowCall.Function, DataType, [BoundExpression])? {
    switch name {
    case "row_number": return (.rowNumber, .bigint, [])
    case "rank": return (.rank, .bigint, [])
    case "dense_rank", "rank_dense": return (.denseRank, .bigint, [])
    case "percent_rank": return (.percentRank, .double, [])
    case "cume_dist": return (.cumeDist, .double, [])
    case "ntile": return (.ntile, .bigint, [coerce(arguments[0], to: .bigint)])
    case "first_value": return (.firstValue, arguments[0].type, arguments)
    case "last_value": return (.lastValue, arguments[0].type, arguments)
    case "nth_value":
      return (.nthValue, arguments[0].type, [arguments[0], coerce(arguments[1], to: .bigint)])
    case "fill": return (.fill, arguments[0].type, arguments)
    case "lag", "lead":
      return resolveOffset(name, arguments, range)
    default: return nil  // the table of windowOnly has no others
    }
  }

  /// `fill` goes along one order, and both sides of it are numbers or points in time.
  private func canFill(_ call: WindowCall, _ order: [SortKey], _ range: SourceRange) -> Bool {
    guard case .fill = call.function else { return true }
    guard order.count == 1 else {
      report(.windowUse("'fill' needs one ORDER BY expression in OVER", at: range))
      return false
    }
    for operand in [call.arguments[0], order[0].expression] where !operand.type.isOnALine {
      report(
        .wrongType(
          "fill",
          needs: "numbers, dates or timestamps",
          found: operand.type.description,
          at: operand.range
        )
      )
      return false
    }
    return true
  }

  private func resolveOffset(
    _ name: String,
    _ arguments: [BoundExpression],
    _ range: SourceRange
  ) -> (WindowCall.Function, DataType, [BoundExpression])? {
    var converted = arguments
    if arguments.count > 1 { converted[1] = coerce(arguments[1], to: .bigint) }
    if arguments.count > 2 {
      guard let unified = unify([arguments[0], arguments[2]], place: name, range) else {
        return nil
      }
      converted[0] = unified[0]
      converted[2] = unified[1]
    }
    return (name == "lag" ? .lag : .lead, converted[0].type, converted)
  }
}

extension DataType {
  /// Whether values are numbers or points in time, between which others lie.
  var isOnALine: Bool {
    switch self {
    case .date, .time, .timestamp, .timestampTZ, .null: true
    case _: isNumeric
    }
  }
}

extension BoundFrame {
  /// All rows of the partition.
  static var whole: BoundFrame {
    BoundFrame(mode: .range, start: .unboundedPreceding, end: .unboundedFollowing)
  }
}

extension BoundFrame.Bound {
  /// Orders the ends from the first row to the last, as far as their kinds tell.
  var order: Int {
    switch self {
    case .unboundedPreceding: 0
    case .preceding: 1
    case .currentRow: 2
    case .following: 3
    case .unboundedFollowing: 4
    }
  }
}
