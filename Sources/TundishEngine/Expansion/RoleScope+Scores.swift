internal import TundishColumns
internal import TundishSyntax

// Scores of CREATE SCORE as columns of their role: `bant_score`, `bant_qualified`, `bant_known`,
// `bant_hits`, and `score_decile`.
extension RoleScope {
  /// A rule of a score with what it adds to an entity; NULL where that is not known.
  struct ScoreRule {
    var text: String
    var points: Expression
  }

  /// The score of a name without its suffix `_score`; those of the prelude come last.
  static func score(_ name: String, in catalog: Catalog) -> CreateScore? {
    let word = foldedText(name)
    let names = [word, word + "_score"]
    return names.lazy.compactMap { catalog.scores[$0] }.first ?? Prelude.scores[word]
  }

  /// The suffixes of the columns that a score makes.
  static let scoreSuffixes = ["_score", "_qualified", "_known", "_hits"]

  /// The columns of the role's scores; those of a shipped score only where its table can tell them.
  var scoreColumnNames: [String] {
    let own = lookup.catalog.scores.values.filter { $0.role == role }
      .sorted { foldedText($0.name.text) < foldedText($1.name.text) }
    let shipped = Prelude.scores.values.filter { score in
      score.role == role && lookup.catalog.scores[foldedText(score.name.text)] == nil
        && (try? scoreRules(score)) != nil
    }
    return (own + shipped).flatMap { score in
      var base = foldedText(score.name.text)
      if base.hasSuffix("_score") { base.removeLast("_score".utf8.count) }
      return Self.scoreSuffixes.filter { $0 != "_qualified" || score.qualifiedThreshold != nil }
        .map { base + $0 }
    }
  }

  /// The column of a score; nil where none has that name.
  func scoreColumn(_ word: String) throws(StatementFailure) -> Resolution? {
    if word == "score_decile" { return try scoreDecile() }
    for suffix in Self.scoreSuffixes where word.hasSuffix(suffix) {
      let base = String(word.dropLast(suffix.utf8.count))
      guard let score = Self.score(base, in: lookup.catalog), score.role == role else { continue }
      let rules = try scoreRules(score)
      switch suffix {
      case "_score": return Resolution(value: try total(score, rules))
      case "_qualified":
        guard let binary = score.qualifiedOperator, let threshold = score.qualifiedThreshold else {
          return nil
        }
        return Resolution(value: sql.binary(binary, try total(score, rules), threshold))
      case "_known": return Resolution(value: knownText(rules))
      default: return Resolution(value: hitText(rules))
      }
    }
    return nil
  }

  /// The rules with their columns resolved.
  func scoreRules(_ score: CreateScore) throws(StatementFailure) -> [ScoreRule] {
    var rules: [ScoreRule] = []
    for rule in score.rules {
      let resolved = try rule.rewritten(at: sql.range) {
        (part: Expression) throws(StatementFailure) -> Expression? in
        guard case .name(let parts) = part.kind else { return nil }
        if let value = try resolve(parts)?.value { return value }
        throw StatementFailure([
          .modelColumnUnknown(
            parts.last?.text ?? "",
            table: definition.table.last,
            columns: try lookup.columns(of: definition.table)?.map(\.name) ?? [],
            range: sql.range
          )
        ])
      }
      rules.append(ScoreRule(text: Syntax.format(rule), points: points(resolved)))
    }
    return rules
  }

  /// `condition * weight` counts the weight where the condition holds.
  private func points(_ rule: Expression) -> Expression {
    if case .binary(.multiply, let left, let right) = rule.unparenthesized.kind {
      return sql.binary(.multiply, sql.cast(left, "DOUBLE"), sql.cast(right, "DOUBLE"))
    }
    return sql.cast(rule, "DOUBLE")
  }

  private func total(
    _ score: CreateScore,
    _ rules: [ScoreRule]
  ) throws(StatementFailure) -> Expression {
    let zero = sql.expression(.literal(.double("0e0")))
    var sum = zero
    for (index, rule) in rules.enumerated() {
      let points = sql.call("coalesce", [rule.points, zero])
      sum = index == 0 ? points : sql.binary(.add, sum, points)
    }
    guard let halfLife = score.halfLife, let asOf else { return sum }
    guard let created = try attribute("created")?.value else { return sum }
    let age = sql.binary(
      .divide,
      sql.call(
        "date_diff",
        [
          sql.text("microsecond"), sql.cast(created, "TIMESTAMP"),
          sql.cast(asOf.expression, "TIMESTAMP"),
        ]
      ),
      sql.expression(.literal(.double("86400000000e0")))
    )
    let lives = sql.binary(
      .divide,
      age,
      sql.expression(.literal(.decimal(MetricBinder.days(of: halfLife))))
    )
    let decay = sql.call("power", [sql.expression(.literal(.double("5e-1"))), lives])
    return sql.binary(.multiply, sum, decay)
  }

  /// `2 of 3 known, 1 unknown`: what is NULL is unknown, not false.
  private func knownText(_ rules: [ScoreRule]) -> Expression {
    var known = sql.integer(0)
    for rule in rules {
      known = sql.binary(
        .add,
        known,
        sql.cast(sql.isNull(rule.points, not: true), "INTEGER")
      )
    }
    let unknown = sql.binary(.subtract, sql.integer(rules.count), known)
    return sql.call(
      "concat",
      [
        known, sql.text(" of \(rules.count) known"),
        sql.choose(
          [
            (
              sql.binary(.greater, unknown, sql.integer(0)),
              sql.call("concat", [sql.text(", "), unknown, sql.text(" unknown")])
            )
          ],
          otherwise: sql.text("")
        ),
      ]
    )
  }

  /// The rules that add something.
  private func hitText(_ rules: [ScoreRule]) -> Expression {
    sql.call(
      "concat_ws",
      [sql.text(", ")]
        + rules.map {
          sql.choose([
            (sql.binary(.notEqual, $0.points, sql.integer(0)), sql.text($0.text))
          ])
        }
    )
  }

  /// The tenth of the entities, by the only score of the role: 10 is the highest.
  private func scoreDecile() throws(StatementFailure) -> Resolution? {
    let own = lookup.catalog.scores.values.filter { $0.role == role }
      .sorted { foldedText($0.name.text) < foldedText($1.name.text) }
    guard let score = own.first ?? Prelude.scores["bant"], score.role == role else { return nil }
    let points = try total(score, try scoreRules(score))
    return Resolution(
      value: sql.call(
        "ntile",
        [sql.integer(10)],
        over: WindowSpecification(
          orderBy: [OrderItem(expression: points)],
          range: sql.range
        )
      )
    )
  }
}

extension MetricBinder {
  /// `bant_score` where a score `bant` exists: the mean of the score.
  static func scoreMetric(_ word: String, in catalog: Catalog) -> CreateMetric? {
    guard word.hasSuffix("_score"),
      let score = RoleScope.score(String(word.dropLast(6)), in: catalog)
    else { return nil }
    let rules = score.rules.map { Syntax.format($0) }.joined(separator: " + ")
    let quoted = rules.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "''")
    let text =
      "CREATE METRIC \(word) AS VALUE (avg(\(word))) ON \(score.role.rawValue) COHORT BY created BETTER HIGHER COMMENT 'mean of \(quoted); the score of an entity, what is unknown adds nothing'"
    for statement in Syntax.parse(text).script.statements {
      if case .createMetric(let metric) = statement.kind { return metric }
    }
    return nil
  }
}

extension MetricExpander {
  /// What each rule of the scores of a statement hit, for EXPLAIN.
  func scoreLines(_ group: MetricGroup) throws(StatementFailure) -> [FooterItem] {
    var names: Set<String> = []
    for part in group.parts {
      _ = part.aggregate.contains {
        if let name = $0.simpleName, name.text.hasSuffix("_score") { names.insert(name.text) }
        return false
      }
    }
    var items: [FooterItem] = []
    for name in names.sorted() {
      guard let score = RoleScope.score(String(name.dropLast(6)), in: expander.catalog) else {
        continue
      }
      let scope = try scope(of: group.key)
      let compiler = try self.compiler(of: group, scope: scope, dimensions: [])
      for condition in try dateConditions(compiler, window: window) {
        compiler.addCondition(condition)
      }
      let rules = try scope.scoreRules(score)
      for rule in rules {
        let query = sql.query(
          sql.select(
            [
              sql.item(
                sql.call(
                  "count",
                  [sql.star],
                  filter: sql.binary(.notEqual, rule.points, sql.integer(0))
                ),
                as: "hit"
              ),
              sql.item(
                sql.call("count", [sql.star], filter: sql.isNull(rule.points)),
                as: "unknown"
              ),
              sql.item(sql.call("count", [sql.star]), as: "all"),
            ],
            from: scope.from,
            where: compiler.filter
          )
        )
        let noun = Self.noun(group.key.role)
        items.append(
          .computed(query) { rows in
            guard let row = rows.first, row.count == 3, case .integer(let hit) = row[0],
              case .integer(let unknown) = row[1], case .integer(let all) = row[2]
            else { return [] }
            let rest = unknown > 0 ? ", unknown for \(groupedDigits(Int(unknown)))" : ""
            return [
              "  \(rule.text) hit \(groupedDigits(Int(hit))) of \(groupedDigits(Int(all))) \(noun)\(rest)"
            ]
          }
        )
      }
    }
    return items
  }
}
