internal import TundishColumns
internal import TundishSyntax

// EXPLAIN: each stage of a statement's path as text.
extension StatementRunner {
  /// Explains a statement.
  func explain(
    _ option: ExplainOption?,
    _ statement: Statement
  ) throws(StatementFailure) -> StatementResult {
    switch option {
    case .tokens: return lines(Syntax.dumpTokens(slice(statement.range)), named: "tokens")
    case .ast: return lines(Syntax.dumpTree(statement), named: "tree")
    case .sql, .plan, .optimized, .physical, .analyze, .none: break
    }
    if case .why(let metric) = statement.kind { return try explain(option, why: metric) }
    var found = query(of: statement)
    if found == nil { found = try changesQuery(statement) }
    guard let query = found else {
      throw StatementFailure([.unexplained(slice(statement.range), at: statement.range)])
    }
    let expansion = try expandedSales(query)
    let plain = expansion?.query ?? query
    switch option {
    case .none:
      if case .sales(let sales) = query.body {
        return lines(try lines(of: expander.explain(sales)), named: "explanation")
      }
      return try explainOptimized(plain)
    case .sql:
      let text = try expansion == nil ? withExpansions(query) : Syntax.format(plain)
      return lines(text, named: "sql")
    case .plan:
      let bound = try bind(plain)
      return lines(PlanPrinter.lines(bound.plan), named: "plan")
    case .optimized:
      return try explainOptimized(plain)
    case .physical:
      return lines(QueryExecutor.describe(plan: try planned(plain).plan), named: "operators")
    case .analyze:
      return try analyze(plain)
    case .tokens, .ast:
      return StatementResult()
    }
  }

  /// `why` is a sales statement that stands for a query of its own.
  private func explain(
    _ option: ExplainOption?,
    why metric: MetricStatement
  ) throws(StatementFailure) -> StatementResult {
    guard let option else {
      return lines(try lines(of: expander.explain(why: metric)), named: "explanation")
    }
    let query = try expander.expand(why: metric).query
    switch option {
    case .sql: return lines(Syntax.format(query), named: "sql")
    case .plan: return lines(PlanPrinter.lines(try bind(query).plan), named: "plan")
    case .optimized: return try explainOptimized(query)
    case .physical:
      return lines(QueryExecutor.describe(plan: try planned(query).plan), named: "operators")
    case .analyze: return try analyze(query)
    case .tokens, .ast: return StatementResult()
    }
  }

  /// A query with the SQL of the metrics, role views and sales queries in it.
  private func withExpansions(_ query: Query) throws(StatementFailure) -> String {
    let binder = Binder(environment())
    _ = binder.bind(query: query)
    let errors = binder.diagnostics.filter { $0.severity == .error }
    guard errors.isEmpty else { throw StatementFailure(binder.diagnostics) }
    var written = ""
    var place = query.range.lowerBound
    var names: [SourceRange: String] = [:]
    if case .select(let select) = query.body {
      for item in select.items where item.alias == nil {
        names[item.expression.range] = slice(item.expression.range)
      }
    }
    let expansions = binder.expansions.sorted {
      ($0.key.lowerBound, -$0.key.upperBound) < ($1.key.lowerBound, -$1.key.upperBound)
    }
    for (range, text) in expansions
    where range.lowerBound >= place && range.upperBound <= query.range.upperBound {
      written += slice(SourceRange(place, range.lowerBound)) + text
      if let name = names[range] {
        written += " AS \"" + name.replacing("\"", with: "\"\"") + "\""
      }
      place = range.upperBound
    }
    guard !written.isEmpty else { return Syntax.format(query) }
    written += slice(SourceRange(place, query.range.upperBound))
    guard case .query(let whole)? = Syntax.parse(written).script.statements.first?.kind else {
      return written
    }
    return Syntax.format(whole)
  }

  private func explainOptimized(_ query: Query) throws(StatementFailure) -> StatementResult {
    let planned = try planned(query)
    let fired = planned.rules.isEmpty ? [] : ["rules: " + planned.rules.joined(separator: ", ")]
    return lines(PlanPrinter.lines(planned.plan) + fired, named: "plan")
  }

  private func analyze(_ query: Query) throws(StatementFailure) -> StatementResult {
    let planned = try planned(query)
    let clock = ContinuousClock()
    let start = clock.now
    let output = try run(planned.plan, planned.bound, isProfiled: true)
    let total = clock.now - start
    var text: [String] = []
    for profile in output.profile {
      let details = profile.details.isEmpty ? "" : " " + profile.details
      text.append(
        String(repeating: "  ", count: profile.depth) + profile.name + details
          + " · \(profile.rowCount) rows · \(StatementRunner.milliseconds(profile.seconds)) ms"
      )
    }
    let (seconds, attoseconds) = total.components
    let whole = Double(seconds) + Double(attoseconds) / 1e18
    text.append("\(output.rowCount) rows in \(StatementRunner.milliseconds(whole)) ms")
    return lines(text, named: "operators")
  }

  /// Milliseconds with three decimals.
  private static func milliseconds(_ seconds: Double) -> String {
    let microseconds = Int64((seconds * 1e6).rounded())
    return "\(microseconds / 1000).\(String(microseconds % 1000 + 1000).dropFirst())"
  }

  private func query(of statement: Statement) -> Query? {
    switch statement.kind {
    case .query(let query), .summarize(let query), .describe(.query(let query)): query
    case .createTable(let create): create.query
    case .createView(let create): create.query
    case .insert(let insert): insert.query
    case .copy(let copy): copyQuery(copy)
    default: nil
    }
  }

  private func copyQuery(_ copy: Copy) -> Query? {
    if case .query(let query) = copy.subject { query } else { nil }
  }

  private func slice(_ range: SourceRange) -> String {
    let bytes = Array(text.utf8)
    let lower = min(range.lowerBound, bytes.count)
    let upper = min(max(lower, range.upperBound), bytes.count)
    return String(decoding: bytes[lower..<upper], as: UTF8.self)
  }

  /// A result of one text column, a row per line.
  func lines(_ text: String, named name: String) -> StatementResult {
    lines(
      text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init),
      named: name
    )
  }

  /// A result of one text column, a row per line.
  func lines(_ lines: [String], named name: String) -> StatementResult {
    var result = relation([Field(name: name, type: .varchar)], lines.map { [.text($0)] })
    result.isText = true
    return result
  }

  /// A result of given rows.
  func relation(_ fields: [Field], _ rows: [[Value]]) -> StatementResult {
    let columns = fields.enumerated().map { index, field in
      let builder = AnyColumnBuilder(type: field.type)
      for row in rows { builder.append(row[index]) }
      return builder.finish()
    }
    return StatementResult(
      schema: Schema(fields),
      batches: [Batch(columns: columns, rowCount: rows.count)],
      diagnostics: warnings
    )
  }
}
