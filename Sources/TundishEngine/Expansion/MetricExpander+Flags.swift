internal import TundishColumns
internal import TundishSyntax

// What the footer says of single metrics: both ends of a conversion, who is still under way, cohorts
// that are too young, and what is odd in the data.
extension MetricExpander {
  /// The lines of one group of parts.
  func flags(_ group: MetricGroup) throws(StatementFailure) -> [FooterItem] {
    guard !group.key.isSnapshot, !group.key.isMovement, !group.key.isWhole else { return [] }
    let scope = try scope(of: group.key)
    let compiler = try self.compiler(of: group, scope: scope, dimensions: [])
    guard let ends = Self.ends(group) else { return [] }
    for condition in try dateConditions(compiler, window: window) {
      compiler.addCondition(condition)
    }
    var items: [FooterItem] = []
    if let line = ends.line(scope) { items.append(.text(line)) }
    if ends.isTimed { items += try timed(ends, group, compiler) }
    return items
  }

  /// `n of m leads immature`, where each entity is judged by its own window.
  func immaturity(of metric: BoundMetric) throws(StatementFailure) -> FooterItem? {
    guard metric.immature != nil, clauses.over == nil, window?.end == nil,
      let within = clauses.within.last, let index = metric.groups.min()
    else { return nil }
    let group = binder.groups[index]
    let scope = try scope(of: group.key)
    let compiler = try self.compiler(of: group, scope: scope, dimensions: [])
    guard let date = compiler.date else { return nil }
    for condition in try dateConditions(compiler, window: window) {
      compiler.addCondition(condition)
    }
    withinIndex = clauses.within.count - 1
    defer { withinIndex = 0 }
    let young = compiler.project(try compiler.immature(date), as: "is_young")
    let query = counts([young], of: compiler)
    let noun = Self.noun(group.key.role)
    let length = "\(within.amount) \(within.unit.rawValue)s"
    return .computed(query) { rows in
      guard let row = rows.first, case .integer(let young) = row[0], young > 0,
        case .integer(let all) = row[1]
      else { return [] }
      return [
        "\(groupedDigits(Int(young))) of \(groupedDigits(Int(all))) \(noun) immature: their \(length) have not passed"
      ]
    }
  }

  // MARK: Ends

  /// The two milestones or dates that the parts of a group set against each other.
  struct Ends {
    /// Milestones, or values such as `at(lead)` and `created` where days are counted between them.
    var start: Expression
    var finish: Expression
    /// Whether the days between them are summarised.
    var isTimed: Bool

    /// `from lead to customer`; nil where they are dates of one row.
    func line(_ scope: RoleScope) -> String? {
      guard let first = Self.milestone(start, isTimed), var last = Self.milestone(finish, isTimed)
      else { return nil }
      if foldedEqual(last, "conversion") {
        last = scope.hasLinkedOpportunities ? "customer" : "converted"
      }
      return "from \(first) to \(last)"
    }

    /// The milestone that a name is, or that stands in `at(m)`.
    private static func milestone(_ expression: Expression, _ isTimed: Bool) -> String? {
      switch expression.unparenthesized.kind {
      case .literal(.string(let label)): return "'\(label)'"
      case .name(let parts): return isTimed ? nil : parts.last?.text
      case .call(let call) where foldedEqual(call.name.last, "at"):
        return call.arguments.first.flatMap { milestone($0.value, false) }
      default: return nil
      }
    }
  }

  private static func ends(_ group: MetricGroup) -> Ends? {
    var found: Ends?
    for part in group.parts {
      let isCount = MetricBinder.isCount(part.aggregate)
      _ = part.aggregate.contains { expression in
        guard case .call(let call) = expression.kind, call.arguments.count == 2 else {
          return false
        }
        let first = call.arguments[0].value
        let second = call.arguments[1].value
        switch foldedText(call.name.last) {
        case "reached": found = found ?? Ends(start: second, finish: first, isTimed: false)
        case "followed": found = found ?? Ends(start: first, finish: second, isTimed: false)
        case "days_between" where !isCount:
          found = Ends(start: first, finish: second, isTimed: true)
          return true
        default: break
        }
        return false
      }
    }
    return found
  }

  // MARK: Durations

  /// Who has no end yet, and what ends before it begins.
  private func timed(
    _ ends: Ends,
    _ group: MetricGroup,
    _ compiler: GroupCompiler
  ) throws(StatementFailure) -> [FooterItem] {
    let noun = Self.noun(group.key.role)
    let start = compiler.project(
      try compiler.compile(ends.start, isUserText: false),
      as: "start_at"
    )
    let finish = compiler.project(
      try compiler.compile(ends.finish, isUserText: false),
      as: "finish_at"
    )
    let isBackward = sql.less(finish, start)
    let asOf = sql.instant(asOf.instant)
    // Deals are counted by their close, so that none of them is under way.
    let isUnderWay =
      group.key.role == .leads
      ? sql.either([sql.isNull(finish), sql.atLeast(finish, asOf)]) ?? sql.boolean(false)
      : sql.boolean(false)
    let days = sql.call(
      "date_diff",
      [
        sql.text("day"), sql.call("min", [sql.cast(start, "DATE")], filter: isUnderWay),
        sql.cast(asOf, "DATE"),
      ]
    )
    var query = counts([isBackward, isUnderWay], of: compiler)
    if case .select(var select) = query.body {
      select.items.append(sql.item(days, as: "oldest"))
      query.body = .select(select)
    }
    return [
      .computed(query) { rows in
        guard let row = rows.first, row.count == 4 else { return [] }
        var lines: [String] = []
        if case .integer(let count) = row[1], count > 0 {
          var age = ""
          if case .integer(let days) = row[3] { age = ", the oldest for \(days) days," }
          let rule = "\(noun) are still under way"
          lines.append(
            "\(groupedDigits(Int(count))) \(count == 1 ? Self.singular(rule) : rule)\(age) and left out, which makes durations short"
          )
        }
        if case .integer(let count) = row[0], count > 0 {
          let rule = "\(noun) with an end before the start, which is no duration"
          lines.append("\(groupedDigits(Int(count))) \(count == 1 ? Self.singular(rule) : rule)")
        }
        return lines
      }
    ]
  }

  /// How many rows satisfy each condition, and how many there are.
  private func counts(_ conditions: [Expression], of compiler: GroupCompiler) -> Query {
    var items = conditions.enumerated().map { index, condition in
      sql.item(sql.call("count", [sql.star], filter: condition), as: "count_\(index + 1)")
    }
    items.append(sql.item(sql.call("count", [sql.star]), as: "all_rows"))
    return sql.query(
      sql.select(
        items,
        from: TableReference(
          .query(compiler.rows(), isLateral: false),
          alias: sql.identifier("rows_read"),
          range: range
        )
      )
    )
  }
}
