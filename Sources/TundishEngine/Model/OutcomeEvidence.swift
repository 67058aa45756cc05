internal import TundishColumns
internal import TundishSyntax

/// What says whether a deal was won or lost: flags, a column of states, moments, or its stage.
///
/// In this order, because a flag is what the CRM itself holds, and a label is only a word.
struct OutcomeEvidence {
  /// WON WHEN, LOST WHEN, DISQUALIFIED WHEN; empty where the stages tell.
  private(set) var conditions: [(name: String, condition: Expression)] = []
  /// The kinds of the stage column's labels, where they tell.
  private(set) var stages: [(label: String, kind: StageKind?)] = []
  /// Chances of winning by label, in per cent.
  private(set) var probabilities: [String: String] = [:]
  /// When deals ended, where no column is the closing date.
  private(set) var closed: Expression?
  /// What is said of it all.
  private(set) var told: [String] = []

  private let recognizer: ModelRecognizer
  private let candidate: RoleCandidate
  private var sql: SQLBuilder { recognizer.sql }
  private var table: QualifiedName { QualifiedName([sql.identifier(candidate.table.name)]) }

  init(recognizer: ModelRecognizer, candidate: RoleCandidate) throws(StatementFailure) {
    self.recognizer = recognizer
    self.candidate = candidate
    if candidate.attribute("CLOSED") == nil { closed = moments() }
    if try readAnswers() { return }
    if try readFlags() { return }
    if try readStates() { return }
    if try readStageTable() { return }
    stages = try labelledStages()
    if try readOutcomes() { return }
    if try readArchive() { return }
    if stages.contains(where: { $0.kind == .won || $0.kind == .lost }) { return }
    if readMoments() { return }
  }

  /// Whether won deals can be told from lost ones.
  var isDecisive: Bool {
    conditions.contains { $0.name == "WON" }
      || (stages.contains { $0.kind == .won } && stages.contains { $0.kind == .lost }
        && stages.allSatisfy { $0.kind != nil })
  }

  /// Whether some labels of the stage are won and some are lost, though others may not be known.
  var tellsEnds: Bool {
    stages.contains { $0.kind == .won } && stages.contains { $0.kind == .lost }
  }

  /// When won and lost deals came to their stage, where the table has the date of the last change of
  /// stage and no other: for deals that ended, that was the end.
  var lastMove: Expression? {
    guard candidate.attribute("CLOSED") == nil, closed == nil,
      let field = candidate.column(ColumnHints.lastMoves), RoleCandidate.isDate(field)
    else { return nil }
    var ended = conditions.filter { $0.name == "WON" || $0.name == "LOST" }.map(\.condition)
    if conditions.isEmpty, let stage = candidate.attribute("STAGE")?.value {
      let labels = stages.filter { $0.kind == .won || $0.kind == .lost }.map(\.label)
      if !labels.isEmpty { ended = [sql.any(of: sql.cast(stage, "VARCHAR"), labels)] }
    }
    guard let first = ended.first else { return nil }
    let isEnded = ended.dropFirst().reduce(first) { sql.binary(.or, $0, $1) }
    return sql.choose([(isEnded, sql.name(field.name))])
  }

  // MARK: Flags

  private mutating func readFlags() throws(StatementFailure) -> Bool {
    guard let won = try flag(ColumnHints.wonFlags) else { return false }
    conditions.append(("WON", won.isSet))
    told.append("won when \(Self.words(won))")
    if let lost = try flag(ColumnHints.lostFlags) {
      conditions.append(("LOST", lost.isSet))
      told.append("lost when \(Self.words(lost))")
    } else if let closed = try flag(ColumnHints.closedFlags),
      let isLost = sql.all([
        closed.isSet, sql.not(sql.call("coalesce", [won.isSet, sql.boolean(false)])),
      ])
    {
      conditions.append(("LOST", isLost))
      told.append("lost when \(closed.field.name) without \(won.field.name)")
    }
    return true
  }

  /// A flag as it is told: `is_won`, `Won? says yes`.
  private static func words(_ flag: (field: Field, isSet: Expression)) -> String {
    if flag.field.type == .boolean { return Syntax.format(flag.isSet) }
    return flag.field.type.isText ? "\(flag.field.name) says yes" : Syntax.format(flag.isSet)
  }

  /// A column of yes and no, and the condition that it says yes.
  private func flag(
    _ names: [String]
  ) throws(StatementFailure) -> (field: Field, isSet: Expression)? {
    for name in names {
      for field in candidate.fields where ColumnHints.plain(field.name) == name {
        if let isSet = try recognizer.isSet(field, in: candidate.table) { return (field, isSet) }
      }
    }
    return nil
  }

  // MARK: States beside the stage

  private mutating func readStates() throws(StatementFailure) -> Bool {
    let stage = candidate.attribute("STAGE")?.column.name
    for field in candidate.fields
    where field.name != stage && field.type.isText
      && SchemaLookup.mayHaveFewTexts(field.name, in: candidate.table.table)
    {
      let labels = try recognizer.lookup.texts(of: sql.name(field.name), in: table)
      guard labels.count <= Self.maximumStateCount else { continue }
      let kinds = kinds(ofLabels: labels)
      // By its name, or because it says both how deals are won and how they are lost.
      let ended = Set(kinds.compactMap(\.1)).intersection([.won, .lost])
      let unknown = kinds.filter { $0.1 == nil }.map(\.0)
      if !unknown.isEmpty {
        guard ended.count == 2, try areOpen(unknown, of: field) else { continue }
      }
      let isNamed = ColumnHints.states.contains(ColumnHints.plain(field.name))
      guard ended.count == 2 || (isNamed && ended.count == 1) else { continue }
      for kind in [StageKind.won, .lost, .disqualified] {
        var of = kinds.filter { $0.1 == kind }.map(\.0)
        // A state that no row has yet still needs its condition.
        if of.isEmpty, kind == .won { of = ["Won"] }
        guard !of.isEmpty else { continue }
        let condition = sql.any(of: sql.name(field.name), of)
        conditions.append((kind.rawValue, condition))
        told.append("\(kind.rawValue.lowercasedASCII) when \(Syntax.format(condition))")
      }
      return true
    }
    return false
  }

  /// Whether no deal with one of some states has a closing date.
  private func areOpen(_ labels: [String], of field: Field) throws(StatementFailure) -> Bool {
    guard let end = candidate.attribute("CLOSED")?.value ?? closed,
      let condition = sql.all([
        sql.any(of: sql.name(field.name), labels), sql.isNull(end, not: true),
      ])
    else { return false }
    return try !recognizer.holds(condition, in: candidate.table)
  }

  /// What labels say: each for itself, or `W`, `L` and `O` together.
  private func kinds(ofLabels labels: [String]) -> [(String, StageKind?)] {
    let letters: [String: StageKind] = ["w": .won, "l": .lost, "o": .open]
    let known = labels.map { letters[ColumnHints.label($0)] }
    if known.allSatisfy({ $0 != nil }), known.contains(.won), known.contains(.lost) {
      return Array(zip(labels, known))
    }
    return labels.map { label in
      let isQuote = ColumnWords(candidate.table.name).words.contains("quote")
      let quote = isQuote ? ColumnHints.quoteKinds[ColumnHints.label(label)] : nil
      return (label, ColumnHints.kind(ofLabel: label) ?? quote)
    }
  }

  /// More labels than a column of states has.
  private static let maximumStateCount = 12

  // MARK: Answers

  /// Reads a column that asks whether a deal was won, and says that it is not known of some.
  ///
  /// `Signé: Oui, Non, En cours`. Of yes and no alone, no may mean not yet.
  private mutating func readAnswers() throws(StatementFailure) -> Bool {
    for field in candidate.fields where field.type.isText {
      let name = field.name.replacing("?", with: "")
      guard ColumnWords(name).says("won", optional: ["deal", "is", "close", "booking"]),
        SchemaLookup.mayHaveFewTexts(field.name, in: candidate.table.table)
      else { continue }
      let labels = try recognizer.lookup.texts(of: sql.name(field.name), in: table)
      guard labels.count <= Self.maximumStateCount else { continue }
      let yes = labels.filter { ColumnHints.yesWords.contains(ColumnHints.label($0)) }
      let no = labels.filter { ColumnHints.noWords.contains(ColumnHints.label($0)) }
      let others = labels.filter { !yes.contains($0) && !no.contains($0) && !$0.isEmpty }
      guard !yes.isEmpty, !no.isEmpty else { continue }
      let isMissing = sql.isNull(sql.name(field.name))
      let unknown = others.filter { ColumnHints.kind(ofLabel: $0) == nil }
      var isOpen = others.allSatisfy { [nil, .open].contains(ColumnHints.kind(ofLabel: $0)) }
      if others.isEmpty {
        isOpen = try recognizer.holds(isMissing, in: candidate.table)
      } else if isOpen, !unknown.isEmpty {
        isOpen = try areOpen(unknown, of: field)
      }
      guard isOpen else { continue }
      for (kind, labels) in [("WON", yes), ("LOST", no)] {
        let condition = sql.any(of: sql.name(field.name), labels)
        conditions.append((kind, condition))
        told.append("\(kind.lowercasedASCII) when \(Syntax.format(condition))")
      }
      return true
    }
    return false
  }

  /// A stage that says only how deals ended, and nothing of those that did not: they are open.
  private mutating func readOutcomes() throws(StatementFailure) -> Bool {
    let won = stages.filter { $0.kind == .won }.map(\.label)
    let lost = stages.filter { $0.kind == .lost }.map(\.label)
    guard !won.isEmpty, !lost.isEmpty, won.count + lost.count == stages.count,
      let stage = candidate.attribute("STAGE")?.value
    else { return false }
    let isMissing = sql.isNull(stage)
    guard try recognizer.holds(isMissing, in: candidate.table) else { return false }
    // A deal without an outcome that has an end is none of which anything is known.
    if let end = candidate.attribute("CLOSED")?.value ?? closed,
      let isOdd = sql.all([isMissing, sql.isNull(end, not: true)]),
      try recognizer.holds(isOdd, in: candidate.table)
    {
      return false
    }
    for (kind, labels) in [("WON", won), ("LOST", lost)] {
      let condition = sql.any(of: sql.cast(stage, "VARCHAR"), labels)
      conditions.append((kind, condition))
      told.append("\(kind.lowercasedASCII) when \(Syntax.format(condition))")
    }
    told.append("open where \(Syntax.format(stage)) is empty")
    stages = []
    return true
  }

  // MARK: Archived deals

  /// A stage that is won, none that is lost, and a reason why: some CRMs archive what they lose.
  private mutating func readArchive() throws(StatementFailure) -> Bool {
    let won = stages.filter { $0.kind == .won }.map(\.label)
    guard !won.isEmpty, !stages.contains(where: { $0.kind == .lost }),
      let stage = candidate.attribute("STAGE")?.value,
      let active = candidate.column(["active", "isactive"]),
      let isActive = try recognizer.isSet(active, in: candidate.table),
      candidate.has("LOSS_REASON"),
      let isWon = sql.all([isActive, sql.any(of: sql.cast(stage, "VARCHAR"), won)])
    else { return false }
    conditions.append(("WON", isWon))
    conditions.append(("LOST", sql.not(isActive)))
    told.append("won when \(Syntax.format(isWon)), lost when archived: not \(active.name)")
    return true
  }

  // MARK: Moments

  /// `coalesce(won_time, lost_time)`.
  private func moments() -> Expression? {
    // When deals were lost is no end of those that were won.
    guard let won = moment(ColumnHints.wonMoments, "won") else { return nil }
    guard let lost = moment(ColumnHints.lostMoments, "lost") else { return sql.name(won.name) }
    return sql.call("coalesce", [won, lost].map { sql.name($0.name) })
  }

  /// The date at which deals came to an end.
  private func moment(_ names: [String], _ meaning: String) -> Field? {
    if let field = candidate.column(names), RoleCandidate.isDate(field) { return field }
    let optional = ColumnMeanings.optional(for: "CLOSED", in: candidate.role).union(["close"])
    // Leads and quotes that are won become orders: `Auftrag am`, `Orderdatum`.
    let isOfLeads =
      recognizer.model.role(.leads).map { foldedEqual($0.table.last, candidate.table.name) }
      ?? false
    let isOfQuotes = ColumnWords(candidate.table.name).words.contains("quote")
    var meanings = meaning == "won" && (isOfLeads || isOfQuotes) ? ["won", "booking"] : [meaning]
    if meaning == "won", isOfQuotes { meanings.append("accept") }
    for meaning in meanings {
      let field = candidate.fields.first {
        RoleCandidate.isDate($0) && ColumnWords($0.name).says(meaning, optional: optional)
      }
      if let field { return field }
    }
    return nil
  }

  private mutating func readMoments() -> Bool {
    guard let won = moment(ColumnHints.wonMoments, "won") else { return false }
    let isWon = sql.isNull(sql.name(won.name), not: true)
    conditions.append(("WON", isWon))
    told.append("won when \(won.name) is set")
    if let lost = moment(ColumnHints.lostMoments, "lost") {
      conditions.append(("LOST", sql.isNull(sql.name(lost.name), not: true)))
      told.append("lost when \(lost.name) is set")
    }
    return true
  }

  // MARK: Stages

  /// Kinds from a table of stages with flags, such as HubSpot's.
  private mutating func readStageTable() throws(StatementFailure) -> Bool {
    guard let stage = candidate.attribute("STAGE")?.column else { return false }
    guard stage.type.isText else { return try readCategories(stage) }
    for entry in recognizer.catalog.tables.values.sorted(by: { $0.name < $1.name })
    where ColumnHints.plainTable(entry.name).contains("stage")
      && !ColumnHints.plainTable(entry.name).contains("ticket")
    {
      guard let won = RoleCandidate.column(ColumnHints.wonFlags, of: entry), won.type == .boolean,
        let closed = RoleCandidate.column(ColumnHints.closedFlags, of: entry),
        closed.type == .boolean
      else { continue }
      let chance = RoleCandidate.column(["probability", "defaultprobability"], of: entry)
      let own = try recognizer.lookup.texts(of: sql.name(stage.name), in: table)
      let keys = ["stageid", "id", "apiname", "masterlabel", "stagename", "stage", "label", "name"]
      let columns = keys.compactMap { RoleCandidate.column([$0], of: entry) }.filter(\.type.isText)
      for key in columns where stages.isEmpty {
        try readKinds(entry, key, won, closed, chance)
        // Deals name their stage by its key or by its label.
        if !own.contains(where: { label in stages.contains { $0.label == label } }) {
          (stages, probabilities) = ([], [:])
        }
      }
      // By neither: no deal is in one of these stages yet, or the table is of others.
      if stages.isEmpty, let key = RoleCandidate.column(["stageid", "id"], of: entry),
        key.type.isText, RoleCandidate.column(["masterlabel"], of: entry) == nil
      {
        try readKinds(entry, key, won, closed, chance)
      }
      guard !stages.isEmpty else { continue }
      told.append("kinds of stages from \(entry.name)")
      return true
    }
    return try readCategories(stage)
  }

  /// Kinds from a table of stages that says in words which are won and lost, such as Zendesk's
  /// `category`; only where it has every stage of a deal.
  private mutating func readCategories(_ stage: Field) throws(StatementFailure) -> Bool {
    for entry in recognizer.catalog.tables.values.sorted(by: { $0.name < $1.name })
    where ["stages", "stage", "pipelinestages", "dealstages", "dealstage"].contains(
      ColumnHints.bareTable(entry.name)
    ) || ["stages", "dealstages", "pipelinestages"].contains(ColumnHints.tableStem(entry.name)) {
      let words = ["category", "kind", "type", "status", "name", "label", "stagename"]
      guard let key = RoleCandidate.column(["stageid", "id"], of: entry),
        key.type.isText == stage.type.isText, key.type.isText || key.type.isInteger
      else { continue }
      let chance = RoleCandidate.column(["likelihood", "probability", "winprobability"], of: entry)
        .flatMap { $0.type.isNumeric ? $0 : nil }
      for field in words.compactMap({ RoleCandidate.column([$0], of: entry) })
      where field.type.isText {
        let (k, t) = (recognizer.quoted(key.name), recognizer.quoted(field.name))
        let percent =
          chance.map { "CAST(round(\(recognizer.quoted($0.name))) AS BIGINT)" } ?? "NULL"
        let rows = try recognizer.lookup.rows(
          ofText: "SELECT CAST(\(k) AS VARCHAR), \(t), \(percent) FROM "
            + "\(recognizer.quoted(entry.name)) WHERE \(k) IS NOT NULL ORDER BY 1"
        )
        let found = rows.compactMap { row -> (label: String, kind: StageKind, chance: Value)? in
          guard row.count == 3, case .text(let label) = row[0], case .text(let text) = row[1] else {
            return nil
          }
          return (label, ColumnHints.kind(ofLabel: text) ?? .open, row[2])
        }
        let kinds = Set(found.map(\.kind))
        guard kinds.contains(.won), kinds.contains(.lost), found.count == rows.count,
          Set(found.map(\.label)).count == found.count
        else { continue }
        let own = try recognizer.lookup.texts(
          of: sql.cast(sql.name(stage.name), "VARCHAR"),
          in: table
        )
        guard own.allSatisfy({ label in found.contains { $0.label == label } }) else { continue }
        stages = found.map { ($0.label, $0.kind) }
        // Chances in per cent; fractions would all be 0 or 1.
        let most = found.compactMap {
          if case .integer(let number) = $0.chance { number } else { nil }
        }
        if let most = most.max(), most > 1 {
          for case (let label, .open, .integer(let percent)) in found
          where (0...100).contains(percent) {
            probabilities[label] = String(percent)
          }
        }
        told.append("kinds of stages from \(entry.name)")
        return true
      }
    }
    return false
  }

  private mutating func readKinds(
    _ entry: TableEntry,
    _ key: Field,
    _ won: Field,
    _ closed: Field,
    _ chance: Field?
  ) throws(StatementFailure) {
    let isChance = chance.map { $0.type.isNumeric } ?? false
    // Fractions, or per cent already.
    let most =
      try isChance
      ? recognizer.lookup.rows(
        ofText: "SELECT max(\(recognizer.quoted(chance?.name ?? ""))) > 1 FROM "
          + recognizer.quoted(entry.name)
      ).first?.first : nil
    let factor = most == .boolean(true) ? 1 : 100
    let probability =
      isChance
      ? sql.cast(
        sql.call(
          "round",
          [sql.binary(.multiply, sql.name(chance?.name ?? ""), sql.integer(factor))]
        ),
        "BIGINT"
      )
      : sql.null
    let query = sql.query(
      sql.select(
        [
          sql.item(sql.name(key.name)), sql.item(sql.name(won.name)),
          sql.item(sql.name(closed.name)), sql.item(probability, as: "chance"),
        ],
        from: sql.table(entry.name),
        where: sql.isNull(sql.name(key.name), not: true),
        distinct: true
      ),
      orderBy: [OrderItem(expression: sql.integer(1))]
    )
    for row in try recognizer.lookup.rows(of: query) {
      guard row.count == 4, case .text(let label) = row[0],
        !stages.contains(where: { $0.label == label })
      else { continue }
      let kind: StageKind =
        row[1] == .boolean(true) ? .won : row[2] == .boolean(true) ? .lost : .open
      stages.append((label, kind))
      if kind == .open, case .integer(let percent) = row[3], percent >= 0, percent <= 100 {
        probabilities[label] = String(percent)
      }
    }
  }

  /// The kind of each label that can be told: exact known labels, else OPEN where no row of that
  /// stage has a closing date.
  private func labelledStages() throws(StatementFailure) -> [(label: String, kind: StageKind?)] {
    guard let stage = candidate.attribute("STAGE") else { return [] }
    let column = sql.cast(stage.value, "VARCHAR")
    let closing = candidate.attribute("CLOSED")?.value ?? closed
    let closedCount =
      closing.map { sql.call("count", [$0]) } ?? sql.cast(sql.integer(1), "BIGINT")
    let query = sql.query(
      sql.select(
        [sql.item(column, as: "label"), sql.item(closedCount, as: "closed_rows")],
        from: sql.table(candidate.table.name),
        where: sql.isNull(stage.value, not: true),
        groupBy: .elements([.expressions([sql.integer(1)])])
      ),
      limit: Self.maximumLabelCount
    )
    var found: [(label: String, closedRows: Int64)] = []
    for row in try recognizer.lookup.rows(of: query) {
      guard case .text(let text)? = row.first, case .integer(let closedRows)? = row.last else {
        continue
      }
      found.append((text, closedRows))
    }
    let known = kinds(ofLabels: found.map(\.label)).map(\.1)
    var result: [(label: String, kind: StageKind?)] = zip(found, known).map {
      ($0.label, $1 ?? ($0.closedRows == 0 ? .open : nil))
    }
    // A column with so many values is no stage.
    if result.count >= Self.maximumLabelCount { return [] }
    if result.contains(where: { $0.kind == nil }) {
      let evidence = OpenStageEvidence(recognizer: recognizer, candidate: candidate)
      let open = try evidence.openLabels(among: result)
      for index in result.indices where open.contains(result[index].label) {
        result[index].kind = .open
      }
    }
    let order: [StageKind] = [.won, .lost, .open, .hold, .disqualified]
    return result.sorted {
      let first = ($0.kind.flatMap { order.firstIndex(of: $0) } ?? 9, $0.label)
      let second = ($1.kind.flatMap { order.firstIndex(of: $0) } ?? 9, $1.label)
      return first < second
    }
  }

  private static let maximumLabelCount = 200
}
