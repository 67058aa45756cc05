internal import TundishColumns
internal import TundishSyntax

// What became of an opportunity: from conditions or from the kind of its stage, never from the
// label or the probability.
extension RoleScope {
  /// `'won'`, `'lost'`, `'open'`, `'hold'` or `'disqualified'` as of the statement's instant, and
  /// where the statement gives cohorts a window, at the end of that.
  func outcome() throws(StatementFailure) -> Expression {
    let value = try outcomeAtAsOf()
    guard let window else { return value }
    guard let closed = try attribute("closed")?.value,
      let created = try attribute("created")?.value
    else {
      throw StatementFailure([
        .missingAttribute(
          definition.value("closed") == nil ? "CLOSED" : "CREATED",
          of: role,
          table: definition.table.last,
          neededBy: "within",
          range: sql.range
        )
      ])
    }
    let length = sql.expression(
      .interval(sql.expression(.literal(.integer(window.amount))), unit: window.unit)
    )
    let isLate = sql.binary(.greater, closed, sql.binary(.add, created, length))
    return sql.choose([(isLate, sql.text("open"))], otherwise: value)
  }

  private func outcomeAtAsOf() throws(StatementFailure) -> Expression {
    var branches: [(Expression, Expression)] = []
    if let later = try closedLater() { branches.append((later, sql.text("open"))) }
    if let won = definition.condition("won") {
      branches.append((qualified(won), sql.text("won")))
      if let lost = definition.condition("lost") {
        branches.append((qualified(lost), sql.text("lost")))
      }
      if let disqualified = definition.condition("disqualified") {
        branches.append((qualified(disqualified), sql.text("disqualified")))
      }
      return sql.choose(branches, otherwise: sql.text("open"))
    }
    guard let stage = definition.value("stage") else {
      throw StatementFailure([
        .missingAttribute(
          "STAGE",
          of: role,
          table: definition.table.last,
          neededBy: nil,
          isOfCounts: definition.value("count") != nil,
          range: sql.range
        )
      ])
    }
    // What the history had at a past as-of comes before what is recorded now (R10).
    if let (then, labels) = try stageThen() {
      var past: [(Expression, Expression)] = []
      for kind in [StageKind.won, .lost, .open, .hold, .disqualified] {
        let own = labels.filter {
          Self.stage($0, among: model.stages, labels: labels)?.kind == kind
        }
        guard !own.isEmpty else { continue }
        past.append((sql.any(of: then, own), sql.text(kind.rawValue.lowercasedASCII)))
      }
      branches = past + branches
    }
    let label = qualified(stage)
    for kind in [StageKind.won, .lost, .open, .hold, .disqualified] {
      let labels = try stageLabels(of: stage, kind: kind)
      guard !labels.isEmpty else { continue }
      branches.append((sql.any(of: label, labels), sql.text(kind.rawValue.lowercasedASCII)))
    }
    guard !branches.isEmpty else { return sql.cast(sql.null, "VARCHAR") }
    return sql.choose(branches)
  }

  /// `closed >= as-of`: nil where no row closed later.
  private func closedLater() throws(StatementFailure) -> Expression? {
    guard let asOf, let column = definition.value("closed") else { return nil }
    let closed = try local(column, named: "closed")
    let later = sql.atLeast(closed, asOf.expression)
    guard let instant = asOf.instant else { return later }
    let ask = SQLBuilder()
    let query = ask.query(
      ask.select(
        [ask.item(ask.call("count", [ask.star]))],
        from: ask.table(definition.table),
        where: ask.atLeast(column.moved(to: ask.range), ask.instant(instant))
      )
    )
    guard case .integer(let count)? = try lookup.rows(of: query).first?.first, count > 0 else {
      return nil
    }
    return later
  }

  /// The labels in the data that have a kind; an error where a label has none.
  private func stageLabels(
    of stage: Expression,
    kind: StageKind
  ) throws(StatementFailure) -> [String] {
    let labels = try lookup.texts(of: stage, in: definition.table)
    let unknown = labels.filter { Self.stage($0, among: model.stages, labels: labels) == nil }
    guard unknown.isEmpty else {
      throw StatementFailure([.stagesWithoutKind(unknown, range: sql.range)])
    }
    return labels.filter {
      Self.stage($0, among: model.stages, labels: labels)?.kind == kind
    }
  }

  /// The declared stage that a label of the data is.
  ///
  /// Quoted names match exactly; others exactly, else case-insensitively where only one label of
  /// the data does.
  static func stage(
    _ label: String,
    among stages: [StageDefinition],
    labels: [String]
  ) -> StageDefinition? {
    if let exact = stages.first(where: { $0.label.text == label }) { return exact }
    guard labels.filter({ foldedEqual($0, label) }).count == 1 else { return nil }
    return stages.first { !$0.label.isQuoted && foldedEqual($0.label.text, label) }
  }

  /// The declared probability of winning, by stage: a fraction.
  func probability() throws(StatementFailure) -> Expression {
    if let column = definition.value("probability") { return qualified(column) }
    guard let stage = definition.value("stage") else {
      throw StatementFailure([
        .missingAttribute(
          "STAGE",
          of: role,
          table: definition.table.last,
          neededBy: nil,
          range: sql.range
        )
      ])
    }
    let then = try stageThen()
    let current =
      then.map { sql.call("coalesce", [$0.value, qualified(stage)]) } ?? qualified(stage)
    let now = try lookup.texts(of: stage, in: definition.table)
    // Stages of the past may be none of today's.
    let labels = now + (then?.labels ?? []).filter { !now.contains($0) }
    var branches: [(Expression, Expression)] = []
    var undeclared: [String] = []
    for label in labels {
      guard let declared = Self.stage(label, among: model.stages, labels: labels) else {
        undeclared.append(label)
        continue
      }
      if let percent = declared.probability {
        branches.append(
          (
            sql.equal(current, sql.text(label)),
            sql.fraction(ofPercent: percent)
          )
        )
      } else if declared.kind == .open {
        throw StatementFailure([.stageWithoutProbability(label, range: sql.range)])
      }
    }
    // Where conditions tell what is won and lost, stages of open rows need no kind, but a probability.
    if let label = try openLabel(among: undeclared, of: stage) {
      throw StatementFailure([.stageWithoutProbability(label, range: sql.range)])
    }
    return branches.isEmpty ? sql.cast(sql.null, "DECIMAL(4,3)") : sql.choose(branches)
  }

  /// The first of some labels that a row has which no condition closes; nil where there is none.
  private func openLabel(
    among labels: [String],
    of stage: Expression
  ) throws(StatementFailure) -> String? {
    guard !labels.isEmpty else { return nil }
    let ask = SQLBuilder()
    let open = ["won", "lost", "disqualified"].compactMap { definition.condition($0) }.map {
      ask.not(ask.call("coalesce", [$0.moved(to: ask.range), ask.boolean(false)]))
    }
    let label = ask.cast(stage.moved(to: ask.range), "VARCHAR")
    let query = ask.query(
      ask.select(
        [ask.item(label, as: "label")],
        from: ask.table(definition.table),
        where: ask.all(open + [ask.any(of: label, labels)]),
        distinct: true
      ),
      orderBy: [OrderItem(expression: ask.integer(1))],
      limit: 1
    )
    guard case .text(let label)? = try lookup.rows(of: query).first?.first else { return nil }
    return label
  }
}

extension SQLBuilder {
  /// `12.5` per cent as the exact decimal `0.125`.
  func fraction(ofPercent text: String) -> Expression {
    expression(.literal(.decimal(Self.hundredth(of: text))))
  }

  /// Moves the decimal point of a number two places to the left.
  static func hundredth(of text: String) -> String {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let whole = String(parts[0])
    let fraction = parts.count > 1 ? String(parts[1]) : ""
    let digits = String(repeating: "0", count: max(0, 3 - whole.utf8.count)) + whole
    return "\(digits.dropLast(2)).\(digits.suffix(2))\(fraction)"
  }
}

extension String {
  /// Letters A to Z in lower case.
  var lowercasedASCII: String { foldedText(self) }
}
