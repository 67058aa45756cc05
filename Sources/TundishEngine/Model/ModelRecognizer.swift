internal import TundishColumns
internal import TundishSyntax

/// Finds the tables that play roles by the names of their columns, and the columns that link them.
///
/// Nothing ambiguous is guessed: where several tables could play a role, none does, and all are
/// listed.
struct ModelRecognizer {
  let catalog: Catalog
  let lookup: SchemaLookup
  private(set) var model: SalesModel
  private(set) var messages: [String] = []
  let sql = SQLBuilder()

  init(catalog: Catalog, lookup: SchemaLookup) {
    self.catalog = catalog
    self.lookup = lookup
    model = catalog.model
  }

  /// A table that could play a role.
  struct Candidate {
    var table: TableEntry
    /// The columns by attribute.
    var columns: [(attribute: String, column: Field)]

    func column(_ attribute: String) -> Field? {
      columns.first { $0.attribute == attribute }?.column
    }
  }

  mutating func recognize() throws(StatementFailure) {
    var lines: [String] = []
    var fresh: [RoleDefinition] = []
    for role in ModelRole.allCases where model.role(role) == nil {
      let found = try candidates(for: role)
      if found.count > 1, role != .history {
        let names = found.map(\.table.name).joined(separator: ", ")
        messages.append(
          "several tables could be \(role.rawValue.lowercasedASCII): \(names); none was chosen, "
            + "CREATE MODEL or ALTER MODEL ADD \(role.rawValue) <table> (...) chooses"
        )
        continue
      }
      for candidate in found {
        let (item, line) = try item(for: candidate, role)
        model.items.append(item)
        if case .role(_, let table, let attributes, _) = item {
          fresh.append(RoleDefinition(role: role, of: nil, table: table, attributes: attributes))
        }
        lines.append(line)
        if role == .opportunities, let stages = try stages(of: candidate) {
          model.items.append(stages)
        }
      }
    }
    let links = try LinkInference(recognizer: self).links(for: fresh)
    if !links.found.isEmpty {
      model.add(links.found, range: sql.range)
      lines.append(links.report.joined(separator: ", "))
    }
    for (index, line) in lines.enumerated() {
      messages.append((index == 0 ? "sales model: " : "             ") + line)
    }
    messages += links.doubts
  }

  // MARK: Candidates

  private func candidates(for role: ModelRole) throws(StatementFailure) -> [Candidate] {
    let taken = Set(model.roles.map { foldedText($0.table.last) })
    let tables = catalog.tables.values.sorted { foldedText($0.name) < foldedText($1.name) }
    var found: [Candidate] = []
    for table in tables where !taken.contains(foldedText(table.name)) {
      guard let candidate = candidate(table, role) else { continue }
      found.append(candidate)
    }
    return found
  }

  private func candidate(_ table: TableEntry, _ role: ModelRole) -> Candidate? {
    let fields = table.table.schema.fields
    var columns: [(attribute: String, column: Field)] = []
    var used: Set<String> = []
    for (attribute, names) in ColumnHints.attributes(of: role) {
      for name in names {
        guard
          let field = fields.first(where: {
            ColumnHints.plain($0.name) == name && !used.contains($0.name)
              && Self.fits($0, attribute)
          })
        else { continue }
        columns.append((attribute, field))
        used.insert(field.name)
        break
      }
    }
    let candidate = Candidate(table: table, columns: columns)
    return Self.qualifies(candidate, role) ? candidate : nil
  }

  /// Whether a column's type lets it be an attribute.
  private static func fits(_ field: Field, _ attribute: String) -> Bool {
    let isDate =
      switch field.type {
      case .date, .timestamp, .timestampTZ: true
      default: false
      }
    switch attribute {
    case "CREATED", "CLOSED", "EXPECTED", "AT", "RESPONDED", "SINCE", "START", "END", "PERIOD":
      return isDate
    case "CONVERTED": return isDate || field.type == .boolean
    case "ACCEPTED": return isDate || field.type == .boolean
    case "AMOUNT": return field.type.isNumeric
    default: return !isDate
    }
  }

  private static func qualifies(_ candidate: Candidate, _ role: ModelRole) -> Bool {
    let name = ColumnHints.plain(candidate.table.name)
    func named(_ role: ModelRole) -> Bool {
      ColumnHints.tableWords(of: role).contains { name.contains($0) }
    }
    func has(_ attributes: String...) -> Bool {
      attributes.allSatisfy { candidate.column($0) != nil }
    }
    switch role {
    case .opportunities:
      guard !named(.history), !name.contains("lead") || named(.opportunities) else { return false }
      let hasFlag = flag(candidate.table, "iswon") != nil
      let isStatus =
        candidate.column("STAGE").map { ColumnHints.plain($0.name) == "status" } ?? false
      guard has("STAGE") || hasFlag, !isStatus || named(.opportunities) else { return false }
      guard !["stage", "property", "merged"].contains(where: name.contains) else { return false }
      if named(.opportunities), has("KEY", "CREATED"), name.contains("deal") { return true }
      return (has("CLOSED") || has("AMOUNT")) && (has("CLOSED") || has("CREATED"))
    case .leads:
      guard !named(.history), !named(.touches), !named(.activities),
        name.contains("lead") || name.contains("prospect") || name.contains("contact")
      else { return false }
      if name.contains("contact") { return has("CONVERTED") }
      return has("CREATED") || has("CONVERTED")
    case .history: return named(.history) && has("KEY", "STAGE", "AT")
    case .visits: return named(.visits) && has("VISITOR", "AT")
    case .touches: return named(.touches) && (has("LEAD") || has("OPPORTUNITY")) && has("AT")
    case .spend: return named(.spend) && has("AT", "AMOUNT")
    case .quotas: return named(.quotas) && has("AMOUNT")
    case .activities: return named(.activities) && has("AT") && (has("LEAD") || has("OPPORTUNITY"))
    case .customers: return named(.customers) && has("KEY", "SINCE")
    case .subscriptions: return named(.subscriptions) && has("CUSTOMER", "START", "AMOUNT")
    }
  }

  static func flag(_ table: TableEntry, _ name: String) -> Field? {
    table.table.schema.fields.first { ColumnHints.plain($0.name) == name }
  }

  /// The condition that a flag is set: a boolean, 1, or a word for yes.
  private func isSet(_ field: Field) -> Expression {
    let column = sql.name(field.name)
    switch field.type {
    case .boolean: return column
    case .varchar:
      return sql.any(of: sql.call("lower", [column]), ["1", "true", "t", "yes", "y"])
    default: return sql.equal(column, sql.integer(1))
    }
  }

  // MARK: Items

  private func item(
    for candidate: Candidate,
    _ role: ModelRole
  ) throws(StatementFailure) -> (ModelItem, String) {
    var attributes: [ModelAttribute] = []
    var told: [String] = []
    let quiet: Set<String> = ["KEY", "ACCOUNT", "PRODUCT"]
    if role == .history {
      let isLeads = ColumnHints.plain(candidate.table.name).contains("lead")
      attributes.append(.of(isLeads ? .leads : .opportunities, sql.range))
    }
    for (attribute, field) in candidate.columns {
      attributes.append(
        .value(
          name: Identifier(attribute, range: sql.range),
          sql.name(field.name),
          currency: nil,
          maps: [],
          sql.range
        )
      )
      guard !quiet.contains(attribute) else { continue }
      var text = "\(attribute.lowercasedASCII) \(field.name)"
      if attribute == "STAGE", role == .opportunities,
        Self.flag(candidate.table, "iswon") == nil
      {
        text += try stageText(of: candidate, field)
      }
      told.append(text)
    }
    if role == .opportunities, let won = Self.flag(candidate.table, "iswon") {
      let isWon = isSet(won)
      attributes.append(
        .condition(name: Identifier("WON", range: sql.range), isWon, sql.range)
      )
      told.append("won when \(Syntax.format(isWon))")
      if let closed = Self.flag(candidate.table, "isclosed") {
        let isWonTrue = sql.call("coalesce", [isWon, sql.boolean(false)])
        if let isLost = sql.all([isSet(closed), sql.not(isWonTrue)]) {
          attributes.append(
            .condition(name: Identifier("LOST", range: sql.range), isLost, sql.range)
          )
          told.append("lost when \(closed.name) without \(won.name)")
        }
      }
    }
    if role == .leads { told += try leadExtras(candidate, &attributes) }
    let item = ModelItem.role(
      role,
      table: QualifiedName([sql.identifier(candidate.table.name)]),
      attributes: attributes,
      sql.range
    )
    return (
      item,
      "\(role.rawValue.lowercasedASCII) = \(candidate.table.name) (\(told.joined(separator: ", ")))"
    )
  }

  /// DISQUALIFIED WHEN and the milestone columns of leads.
  private func leadExtras(
    _ candidate: Candidate,
    _ attributes: inout [ModelAttribute]
  ) throws(StatementFailure) -> [String] {
    var told: [String] = []
    let table = QualifiedName([sql.identifier(candidate.table.name)])
    let fields = candidate.table.table.schema.fields
    if let status = fields.first(where: {
      ["status", "leadstatus"].contains(ColumnHints.plain($0.name)) && $0.type.isText
    }) {
      let labels = try lookup.texts(of: sql.name(status.name), in: table)
      let bad = labels.filter { ColumnHints.disqualifiedLabels.contains(Self.label($0)) }
      if !bad.isEmpty {
        let condition = sql.any(of: sql.name(status.name), bad)
        attributes.append(
          .condition(name: Identifier("DISQUALIFIED", range: sql.range), condition, sql.range)
        )
        told.append("disqualified when \(status.name) is \(bad.joined(separator: " or "))")
      }
    }
    let used = Set(candidate.columns.map(\.column.name))
    for field in fields where !used.contains(field.name) && Self.fits(field, "AT") {
      let name = ColumnHints.plain(field.name)
      for word in ["mql", "sql", "sal", "demo", "meeting", "trial", "proposal", "qualified"]
      where name == word + "at" || name == word + "date" || name == "became" + word || name == word
      {
        attributes.append(
          .milestone(name: sql.identifier(word), at: sql.name(field.name), sql.range)
        )
        told.append("milestone \(word) at \(field.name)")
      }
    }
    return told
  }

  // MARK: Stages

  static func label(_ text: String) -> String {
    String(text.lowercased().drop { $0 == " " })
  }

  /// The kind of each stage label that can be told: exact known labels, else OPEN where no row of
  /// that stage has a close date.
  private func kinds(
    of candidate: Candidate
  ) throws(StatementFailure) -> [(label: String, kind: StageKind?)] {
    guard let stage = candidate.column("STAGE"),
      Self.flag(candidate.table, "iswon") == nil
    else { return [] }
    let closed = candidate.column("CLOSED")
    let column = sql.cast(sql.name(stage.name), "VARCHAR")
    let closedCount =
      closed.map { sql.call("count", [sql.name($0.name)]) } ?? sql.cast(sql.integer(1), "BIGINT")
    let query = sql.query(
      sql.select(
        [sql.item(column, as: "label"), sql.item(closedCount, as: "closed_rows")],
        from: sql.table(candidate.table.name),
        where: sql.isNull(sql.name(stage.name), not: true),
        groupBy: .elements([.expressions([sql.integer(1)])])
      )
    )
    var result: [(label: String, kind: StageKind?)] = []
    for row in try lookup.rows(of: query) {
      guard case .text(let text)? = row.first, case .integer(let closedRows)? = row.last else {
        continue
      }
      let word = Self.label(text)
      let kind: StageKind? =
        if ColumnHints.wonLabels.contains(word) {
          .won
        } else if ColumnHints.lostLabels.contains(word) {
          .lost
        } else if ColumnHints.holdLabels.contains(word) {
          .hold
        } else if ColumnHints.disqualifiedLabels.contains(word) {
          .disqualified
        } else {
          closedRows == 0 ? .open : nil
        }
      result.append((text, kind))
    }
    let order: [StageKind] = [.won, .lost, .open, .hold, .disqualified]
    return result.sorted {
      let first = ($0.kind.flatMap { order.firstIndex(of: $0) } ?? 9, $0.label)
      let second = ($1.kind.flatMap { order.firstIndex(of: $0) } ?? 9, $1.label)
      return first < second
    }
  }

  private func stages(of candidate: Candidate) throws(StatementFailure) -> ModelItem? {
    let known = try kinds(of: candidate)
    let stages = known.compactMap { label, kind -> StageDefinition? in
      guard let kind else { return nil }
      return StageDefinition(
        label: Identifier(label, range: sql.range, isQuoted: true),
        kind: kind,
        probability: nil
      )
    }
    return stages.isEmpty ? nil : .stages(stages, sql.range)
  }

  /// What is said of the stages, such as `: Won won, Engaging and Prospecting open`.
  private func stageText(of candidate: Candidate, _ stage: Field) throws(StatementFailure) -> String
  {
    let known = try kinds(of: candidate)
    var parts: [String] = []
    for kind in [StageKind.won, .lost, .open, .hold, .disqualified] {
      let labels = known.filter { $0.kind == kind }.map(\.label)
      guard !labels.isEmpty else { continue }
      parts.append("\(Self.enumeration(labels)) \(kind.rawValue.lowercasedASCII)")
    }
    let unknown = known.filter { $0.kind == nil }.map(\.label)
    if !unknown.isEmpty { parts.append("\(Self.enumeration(unknown)) unknown") }
    return parts.isEmpty ? "" : ": " + parts.joined(separator: ", ")
  }

  /// The names in one phrase, such as `A, B and C`.
  static func enumeration(_ names: [String]) -> String {
    guard names.count > 1, let last = names.last else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and " + last
  }
}
