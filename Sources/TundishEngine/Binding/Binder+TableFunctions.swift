internal import TundishColumns
internal import TundishSyntax

extension Binder {
  /// Binds a function in FROM: a series, unnest, a file, a table macro.
  func bindTableFunction(
    _ call: FunctionCall,
    withOrdinality: Bool,
    _ range: SourceRange,
    _ parent: Scope?
  ) -> Relation? {
    let name = foldedKey(call.name.last)
    let macro = environment.catalog.macroKey(of: call.name, current: searchedSchema)
    switch name {
    case "range", "generate_series":
      return bindSeries(call, name, withOrdinality, range, parent)
    case "unnest":
      return bindUnnestRelation(call, withOrdinality, range, parent)
    case "read_csv", "read_csv_auto", "read_json", "read_json_auto", "read_ndjson",
      "read_ndjson_auto", "read_json_objects", "read_text", "read_xlsx":
      return bindReader(call, name, range)
    case "json_each", "json_tree":
      return bindJSONRows(call, name, parent)
    case "funnel_paths":
      return bindFunnelPaths(call, range)
    case "path_credits", "markov", "shapley":
      return bindPathCredits(call, name, range)
    case _ where Self.queryFunctions.contains(name) && macro == nil:
      return bindQueryFunction(call, name, range, parent)
    default:
      break  // a macro, or nothing
    }
    if let macro { return bindTableMacro(call, macro, range, parent) }
    let known =
      [
        "range", "generate_series", "unnest", "read_csv", "read_json", "read_xlsx", "funnel_paths",
        "path_credits", "markov", "shapley", "json_each", "json_tree",
      ]
      + Array(Self.queryFunctions) + Array(environment.catalog.macros.keys)
    report(
      .unknownFunction(
        call.name.last,
        at: blame(call.name.range),
        closest: Suggestion.closest(to: name, in: known)
      )
    )
    return nil
  }

  private func bindTableMacro(
    _ call: FunctionCall,
    _ name: String,
    _ range: SourceRange,
    _ parent: Scope?
  ) -> Relation? {
    guard let (macro, arguments) = chooseMacro(call, name, blame(range)) else { return nil }
    guard case .table(let query) = macro.body else {
      report(
        .callForm("'\(name)' is a scalar macro; it cannot stand in FROM", at: blame(range))
      )
      return nil
    }
    let outer = commonTables
    commonTables = []
    defer { commonTables = outer }
    return expanding(name, arguments, blame(range), parent) { bind(query: query, parent: parent) }
      .map { relation($0, name: call.name.last, origin: nil) }
  }

  /// Binds arguments in FROM; nil where something was reported.
  private func bindArguments(_ call: FunctionCall, _ parent: Scope?) -> [BoundExpression]? {
    let scope = Scope(parent: parent, relation: .singleRow(), clause: .from)
    return bind(all: call.arguments.map(\.value), scope)
  }

  /// `range(stop)`, `range(start, stop, step)`, `generate_series(...)`, which includes the end.
  private func bindSeries(
    _ call: FunctionCall,
    _ name: String,
    _ withOrdinality: Bool,
    _ range: SourceRange,
    _ parent: Scope?
  ) -> Relation? {
    guard let arguments = bindArguments(call, parent) else { return nil }
    guard (1...3).contains(arguments.count) else {
      report(
        .wrongArgumentCount(
          function: name,
          count: arguments.count,
          signatures: ["\(name)(stop)", "\(name)(start, stop)", "\(name)(start, stop, step)"],
          at: blame(range)
        )
      )
      return nil
    }
    let isConstant = arguments.allSatisfy { $0.usedColumns.isEmpty && !$0.hasSubquery }
    guard isConstant, !withOrdinality else {
      guard let list = resolveCall(name, arguments, blame(range), symbol: nil) else { return nil }
      return unnestRelation(list, name, withOrdinality, blame(range))
    }
    return seriesSource(name, arguments, blame(range))
  }

  private func seriesSource(
    _ name: String,
    _ arguments: [BoundExpression],
    _ range: SourceRange
  )
    -> Relation?
  {
    let isInclusive = name == "generate_series"
    let isTemporal =
      arguments[0].type.isTemporal || arguments.count == 3 && arguments[2].type == .interval
    do {
      if isTemporal {
        guard arguments.count == 3 else {
          report(
            .wrongArgumentCount(
              function: name,
              count: arguments.count,
              signatures: ["\(name)(start, stop, INTERVAL)"],
              at: range
            )
          )
          return nil
        }
        let target: DataType = arguments[0].type == .timestampTZ ? .timestampTZ : .timestamp
        let types: [DataType] = [target, target, .interval]
        let values = try zip(arguments, types).map {
          try ExpressionEvaluator.constant(coerce($0, to: $1), context: environment.context)
        }
        return series(try temporalRows(values, target, isInclusive, range), name, target)
      }
      let values = try arguments.map {
        try ExpressionEvaluator.constant(coerce($0, to: .bigint), context: environment.context)
      }
      return integerSeries(values, name, isInclusive, range)
    } catch let failure as RuntimeFailure {
      report(
        .unreadableLiteral(name, type: "a series", at: range, reason: failure.error.message)
      )
    } catch {
      report(.notConstant(name, at: range))
    }
    return nil
  }

  private func series(_ rows: [Value]?, _ name: String, _ type: DataType) -> Relation? {
    guard let rows else { return nil }
    let column = makeColumn(name, type)
    let source = BatchTableSource(
      schema: Schema([Field(name: name, type: type)]),
      rows: rows.map { [$0] }
    )
    let plan = Plan.tableFunction(
      TableFunctionPlan(name: name, columns: [column], source: source)
    )
    return relation(BoundQuery(plan: plan, columns: [column]), name: name, origin: nil)
  }

  private func integerSeries(
    _ values: [Value],
    _ name: String,
    _ isInclusive: Bool,
    _ range: SourceRange
  ) -> Relation? {
    var numbers: [Int64] = []
    for value in values {
      guard case .integer(let number) = value else { return series([], name, .bigint) }
      numbers.append(number)
    }
    let start = numbers.count == 1 ? 0 : numbers[0]
    let stop = numbers.count == 1 ? numbers[0] : numbers[1]
    let step = numbers.count == 3 ? numbers[2] : 1
    guard step != 0 else {
      report(.wrongType("the step", needs: "a number other than 0", found: "0", at: range))
      return nil
    }
    let column = makeColumn(name, .bigint)
    let source = IntegerSeries(
      name: name,
      start: start,
      stop: stop,
      step: step,
      isInclusive: isInclusive
    )
    let plan = Plan.tableFunction(
      TableFunctionPlan(name: name, columns: [column], source: source)
    )
    return relation(BoundQuery(plan: plan, columns: [column]), name: name, origin: nil)
  }

  /// The instants of a series, by repeated addition of the interval to the start.
  private func temporalRows(
    _ values: [Value],
    _ type: DataType,
    _ isInclusive: Bool,
    _ range: SourceRange
  ) throws -> [Value]? {
    guard case .interval(let step) = values[2], !values[0].isNull, !values[1].isNull else {
      return []
    }
    guard let isAscending = step.direction else {
      report(
        .wrongType(
          "the step",
          needs: "an interval of one direction, not 0",
          found: "another",
          at: range
        )
      )
      return nil
    }
    guard
      case .success(let add) = environment.functions.resolveScalar(
        name: "+",
        argumentTypes: [type, .interval]
      )
    else { return nil }
    let start = BoundExpression(.literal(values[0]), type: type, range: range)
    var rows: [Value] = []
    while rows.count <= SeriesLimits.instants {
      guard let next = step.multiplied(by: rows.count) else { break }
      let offset = BoundExpression(.literal(.interval(next)), type: .interval, range: range)
      let sum = BoundExpression(.call(add, [start, offset]), type: type, range: range)
      let value = try ExpressionEvaluator.constant(sum, context: environment.context)
      guard let instant = value.microseconds, let stop = values[1].microseconds else { break }
      let isBefore = isAscending ? instant < stop : instant > stop
      guard isBefore || (isInclusive && instant == stop) else { return rows }
      rows.append(value)
    }
    report(.tooComplex("the series has more than \(SeriesLimits.instants) instants", at: range))
    return nil
  }

  private func bindUnnestRelation(
    _ call: FunctionCall,
    _ withOrdinality: Bool,
    _ range: SourceRange,
    _ parent: Scope?
  ) -> Relation? {
    var listOnly = call
    listOnly.arguments = Array(call.arguments.prefix(1))
    guard let arguments = bindArguments(listOnly, parent) else { return nil }
    guard let list = arguments.first else {
      report(
        .wrongArgumentCount(
          function: "unnest",
          count: 0,
          signatures: ["unnest(list)"],
          at: blame(range)
        )
      )
      return nil
    }
    if refuseUnnestOptions(call) { return nil }
    let isStructure = if case .structure = list.type { true } else { false }
    if call.arguments.count > 1 || isStructure {
      // Several levels or members are what a select item comes to.
      let builder = SQLBuilder(range)
      let item = SelectItem(expression: Expression(.call(call), range: range))
      return bind(query: builder.query(builder.select([item], from: nil)), parent: parent)
        .map { relation($0, name: "unnest", origin: nil) }
    }
    return unnestRelation(list, "unnest", withOrdinality, blame(range))
  }

  /// `json_each(document [, path])`: the function's list, its members as columns.
  private func bindJSONRows(_ call: FunctionCall, _ name: String, _ parent: Scope?) -> Relation? {
    let builder = SQLBuilder(call.name.range)
    let rows = builder.call(name, call.arguments.map(\.value))
    var unnest = FunctionCall(
      name: QualifiedName([builder.identifier("unnest")]),
      arguments: [FunctionArgument(value: rows)]
    )
    unnest.arguments.append(
      FunctionArgument(name: builder.identifier("max_depth"), value: builder.integer(2))
    )
    let item = SelectItem(expression: builder.expression(.call(unnest)))
    return bind(query: builder.query(builder.select([item], from: nil)), parent: parent)
      .map { relation($0, name: name, origin: nil) }
  }

  private func unnestRelation(
    _ list: BoundExpression,
    _ name: String,
    _ withOrdinality: Bool,
    _ range: SourceRange
  ) -> Relation? {
    guard let element = list.type.listElement else {
      report(.wrongType(name, needs: "a list", found: list.type.description, at: range))
      return nil
    }
    let column = makeColumn(name, element, unit: list.unit)
    let ordinality = withOrdinality ? makeColumn("ordinality", .bigint) : nil
    let plan = Plan.unnest(
      UnnestPlan(
        lists: [ProjectedColumn(column: column, expression: list)],
        ordinality: ordinality,
        input: .values(columns: [], rows: [[]])
      )
    )
    return relation(
      BoundQuery(plan: plan, columns: plan.columns),
      name: name,
      origin: nil
    )
  }

  /// `read_csv('x.csv', delim = ';')`.
  private func bindReader(_ call: FunctionCall, _ name: String, _ range: SourceRange) -> Relation? {
    var paths: [String] = []
    var options: [String: Value] = [:]
    var ranges: [String: SourceRange] = [:]
    if name.hasPrefix("read_csv") { options["format"] = .text("csv") }
    if name.hasPrefix("read_json") { options["format"] = .text("json") }
    if name.hasPrefix("read_ndjson") { options["format"] = .text("jsonl") }
    if name == "read_xlsx" { options["format"] = .text("xlsx") }
    for argument in call.arguments {
      if let option = argument.optionParts {
        guard let value = optionValue(option.value) else { return nil }
        // The function says that the file is JSON; FORMAT says where its records are.
        let isPlace =
          foldedKey(option.name) == "format"
          && (name.hasPrefix("read_json") || name.hasPrefix("read_nd"))
        options[isPlace ? "records_format" : foldedKey(option.name)] = value
        ranges[foldedKey(option.name)] = blame(
          argument.name.map { $0.range.union(option.value.range) } ?? argument.value.range
        )
      } else {
        guard let value = optionValue(argument.value) else { return nil }
        switch value {
        case .text(let path): paths.append(path)
        case .list(let items):
          for case .text(let path) in items { paths.append(path) }
        default:
          report(
            .wrongType(
              name,
              needs: "a path",
              found: "another value",
              at: blame(argument.value.range)
            )
          )
          return nil
        }
      }
    }
    guard let first = paths.first else {
      report(
        .wrongArgumentCount(
          function: name,
          count: 0,
          signatures: ["\(name)('path', option = value, ...)"],
          at: blame(range)
        )
      )
      return nil
    }
    if paths.count > 1 { options["paths"] = .list(paths.map { .text($0) }) }
    var given = FileOptions(options)
    given.ranges = ranges
    return bindFile(
      first,
      options: given,
      name: Self.stem(of: first),
      range
    )
  }

  /// The value of an option of a file: a constant, or a bare word as text.
  func optionValue(_ expression: Expression) -> Value? {
    if case .name(let parts) = expression.kind, parts.count == 1,
      environment.parameters[.named(parts[0].text)] == nil
    {
      return .text(parts[0].text)
    }
    let scope = Scope(parent: nil, relation: .singleRow(), clause: .from)
    guard let bound = bind(expression, scope) else { return nil }
    do {
      return try ExpressionEvaluator.constant(bound, context: environment.context)
    } catch {
      report(.notConstant("an option", at: blame(expression.range)))
      return nil
    }
  }
}

extension FunctionArgument {
  /// The name and value of `name := value`, `name => value` and, in readers, `name = value`.
  var optionParts: (name: String, value: Expression)? {
    if let name { return (name.text, value) }
    guard case .binary(.equal, let left, let right) = value.kind, case .name(let parts) = left.kind,
      parts.count == 1
    else { return nil }
    return (parts[0].text, right)
  }
}

/// The sizes at which series stop.
enum SeriesLimits {
  static let instants = 10_000_000
  static let morselRows = 65_536
}

/// `range(start, stop, step)` over integers, made batch by batch.
final class IntegerSeries: TableSource {
  let schema: Schema
  private let start: Int64
  private let step: Int64
  private let count: Int

  init(name: String, start: Int64, stop: Int64, step: Int64, isInclusive: Bool) {
    schema = Schema([Field(name: name, type: .bigint)])
    self.start = start
    self.step = step
    let distance = Int128(stop) - Int128(start)
    let whole = distance / Int128(step)
    let isExact = distance % Int128(step) == 0
    let isForward = (distance > 0) == (step > 0)
    if distance == 0 {
      count = isInclusive ? 1 : 0
    } else if !isForward {
      count = 0
    } else {
      count = Int(clamping: whole + (isExact && !isInclusive ? 0 : 1))
    }
  }

  var rowCount: Int? { count }
  var morselCount: Int { count == 0 ? 0 : (count - 1) / SeriesLimits.morselRows + 1 }

  func statistics(ofColumn position: Int) -> ColumnStatistics? {
    ColumnStatistics(nullCount: 0, distinctCount: count, isSorted: step > 0)
  }

  func cursor(
    morsel: Int,
    columns: [Int],
    predicates: [ZonePredicate],
    batchRowCount: Int
  ) throws(ExecutionError) -> any BatchCursor {
    let first = morsel * SeriesLimits.morselRows
    let rows = first..<min(count, first + SeriesLimits.morselRows)
    let (start, step) = (start, step)
    let values = rows.map { start &+ Int64($0) &* step }
    let batch = Batch(
      columns: columns.map { _ in .integers(values, type: .bigint) },
      rowCount: values.count
    )
    return BatchListCursor(batch, batchRowCount: batchRowCount)
  }
}

extension Interval {
  /// Whether all parts go forward (true) or backward; nil for none and for both.
  var direction: Bool? {
    let parts = [Int64(months), Int64(days), microseconds].filter { $0 != 0 }
    if parts.isEmpty { return nil }
    if parts.allSatisfy({ $0 > 0 }) { return true }
    return parts.allSatisfy { $0 < 0 } ? false : nil
  }

  /// The interval repeated; nil where that does not fit.
  func multiplied(by factor: Int) -> Interval? {
    let (months, a) = self.months.multipliedReportingOverflow(by: Int32(clamping: factor))
    let (days, b) = self.days.multipliedReportingOverflow(by: Int32(clamping: factor))
    let (microseconds, c) = self.microseconds.multipliedReportingOverflow(by: Int64(factor))
    return a || b || c ? nil : Interval(months: months, days: days, microseconds: microseconds)
  }
}

extension Value {
  /// The instant of a timestamp.
  var microseconds: Int64? {
    switch self {
    case .timestamp(let value), .timestampTZ(let value): value
    default: nil  // other values are no instants
    }
  }
}
