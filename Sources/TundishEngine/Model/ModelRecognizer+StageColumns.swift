internal import TundishColumns
internal import TundishSyntax

// Deals with a column of dates for each stage: HubSpot's `Date entered "Proposal (Sales Pipeline)"`,
// or `proposal_date`.
extension ModelRecognizer {
  /// Makes a history of the columns that say when deals came to their stages, where no table is one.
  mutating func recognizeStageColumns() throws(StatementFailure) {
    guard model.role(.history, of: .opportunities) == nil, let deals = model.role(.opportunities),
      let entry = catalog.tables[foldedText(deals.table.last)],
      let key = try keyOrName(of: deals, in: entry),
      model.role(.leads).map({ !foldedEqual($0.table.last, entry.name) }) ?? true
    else { return }
    let name = entry.name + "_stage_history"
    guard catalog.tables[foldedText(name)] == nil, catalog.views[foldedText(name)] == nil else {
      return
    }
    let labels = try deals.value("stage").map { stage throws(StatementFailure) in
      try lookup.texts(of: stage, in: deals.table)
    }
    let used = Set(
      ["created", "closed", "expected"].compactMap { deals.value($0)?.simpleName?.text }
    )
    var found: [(Field, String)] = []
    for field in entry.table.schema.fields
    where RoleCandidate.isDate(field) && !used.contains(field.name) {
      if let label = Self.stage(of: field.name, among: labels ?? []) {
        found.append((field, label))
      } else if let label = try ownStage(field, of: deals, in: entry, among: labels ?? []) {
        found.append((field, label))
      }
    }
    // When deals were won and lost is their closing date; stages lie before.
    let ends = Set(model.stages.filter { [.won, .lost].contains($0.kind) }.map(\.label.text))
    let isBefore = { (label: String) in
      !ends.contains(label) && ![.won, .lost].contains(ColumnHints.kind(ofLabel: label))
    }
    guard found.filter({ isBefore($0.1) }).count >= 2, Set(found.map(\.1)).count == found.count
    else { return }
    let parts = found.map { field, label in
      let at = quoted(field.name)
      return "SELECT \(Syntax.format(key)) AS deal_id, \(Syntax.format(sql.text(label))) AS stage, "
        + "\(at) AS entered_at FROM \(quoted(entry.name)) WHERE \(at) IS NOT NULL"
    }
    let text =
      "CREATE VIEW \(quoted(name)) AS "
      + (parts + endings(of: deals, in: entry, by: key, except: found.map(\.1))).joined(
        separator: " UNION ALL "
      )
    guard case .createView(let view)? = Syntax.parse(text).script.statements.first?.kind else {
      return
    }
    add(view)
    let pairs = [("KEY", "deal_id"), ("STAGE", "stage"), ("AT", "entered_at")]
    model.items.append(
      .role(
        .history,
        table: QualifiedName([sql.identifier(name)]),
        attributes: [.of(.opportunities, sql.range)]
          + pairs.map { attribute($0, sql.name($1)) },
        sql.range
      )
    )
    tell(
      "history = \(name), a view of \(entry.name): when deals came to "
        + Self.enumeration(found.map(\.1))
    )
    if deals.value("key") == nil {
      let keyed = [attribute("KEY", key)] + deals.attributes
      replace(deals, by: .role(.opportunities, table: deals.table, attributes: keyed, sql.range))
      tell("\(Syntax.format(key)) is the key of deals, as no two have one")
    }
    if let deals = model.role(.opportunities) {
      try dateCreation(of: deals, by: found.map(\.0))
    }
  }

  /// The key of deals, else what they are called, where no two have one name: it ties the rows of a history to them as a key
  /// would.
  private func keyOrName(
    of deals: RoleDefinition,
    in entry: TableEntry
  ) throws(StatementFailure) -> Expression? {
    if let key = deals.value("key") { return key }
    let names = ["name", "dealname", "opportunityname", "title", "boxname", "subject"]
    guard let field = RoleCandidate.column(names, of: entry), field.type.isText,
      try lookup.isUnique(sql.name(field.name), in: deals.table),
      try !holds(sql.isNull(sql.name(field.name)), in: entry)
    else { return nil }
    return sql.name(field.name)
  }

  /// The last stage of deals that ended, where no column says when they came to it: their closing date.
  private func endings(
    of deals: RoleDefinition,
    in entry: TableEntry,
    by key: Expression,
    except told: [String]
  ) -> [String] {
    let ended = model.stages.filter { [.won, .lost].contains($0.kind) }.map(\.label.text)
      .filter { !told.contains($0) }
    guard let stage = deals.value("stage"), let closed = deals.value("closed"), !ended.isEmpty
    else { return [] }
    let isEnded = Syntax.format(sql.any(of: sql.cast(stage, "VARCHAR"), ended))
    let at = Syntax.format(closed)
    return [
      "SELECT \(Syntax.format(key)) AS deal_id, \(Syntax.format(stage)) AS stage, \(at) AS entered_at "
        + "FROM \(quoted(entry.name)) WHERE \(at) IS NOT NULL AND \(isEnded)"
    ]
  }

  /// Deals without a date of creation began when they came to their first stage.
  private mutating func dateCreation(
    of deals: RoleDefinition,
    by columns: [Field]
  ) throws(StatementFailure) {
    guard deals.value("created") == nil else { return }
    let first = sql.call("least", columns.map { sql.name($0.name) })
    let place = deals.attributes.firstIndex { attribute in
      if case .value(let name, _, _, _, _) = attribute {
        foldedEqual(name.text, "key")
      } else {
        false
      }
    }
    var attributes = deals.attributes
    attributes.insert(attribute("CREATED", first), at: place.map { $0 + 1 } ?? 0)
    replace(
      deals,
      by: .role(.opportunities, table: deals.table, attributes: attributes, sql.range)
    )
    tell("created = the first of these dates, as no column says when deals were created")
  }

  /// The stage of a firm's own that a column of dates is named after, such as `Fecha visita`, where a
  /// state says only how deals ended: a day between a deal's creation and its end.
  private func ownStage(
    _ field: Field,
    of deals: RoleDefinition,
    in entry: TableEntry,
    among labels: [String]
  ) throws(StatementFailure) -> String? {
    guard let name = ColumnHints.ownMilestone(field.name), !labels.isEmpty,
      labels.allSatisfy({ label in
        let kind = ColumnHints.kind(ofLabel: label)
        return kind == .won || kind == .lost || ColumnHints.isState(label)
      }),
      let created = deals.value("created"), let closed = deals.value("closed")
    else { return nil }
    let at = sql.name(field.name)
    let isOutside = sql.binary(.or, sql.less(at, created), sql.binary(.greater, at, closed))
    guard try !holds(isOutside, in: entry) else { return nil }
    let text = name.replacing("_", with: " ")
    return text.prefix(1).uppercased() + text.dropFirst()
  }

  /// The stage that a column says deals entered; nil where it says something else.
  private static func stage(of column: String, among labels: [String]) -> String? {
    if let entered = enteredStage(of: column) {
      let plain = ColumnHints.plain(entered)
      return labels.first { ColumnHints.plain($0) == plain } ?? entered
    }
    // `proposal_date`, `date_proposal`, `Won on`
    var words = column.split { !($0.isLetter || $0.isNumber) }.map(String.init)
    let marks: Set<String> = ["date", "at", "on", "datum", "data", "entered"]
    while let last = words.last, words.count > 1, marks.contains(ColumnHints.folded(last)) {
      words.removeLast()
    }
    while let first = words.first, words.count > 1, marks.contains(ColumnHints.folded(first)) {
      words.removeFirst()
    }
    let text = words.joined(separator: " ")
    let plain = ColumnHints.plain(text)
    if let label = labels.first(where: { ColumnHints.plain($0) == plain }) { return label }
    guard labels.isEmpty || labels.allSatisfy({ ColumnHints.kind(ofLabel: $0) != nil }) else {
      return nil
    }
    guard let kind = ColumnHints.kind(ofLabel: text), [.open, .won, .lost].contains(kind),
      !["open", "closed", "new", "active"].contains(plain)
    else { return nil }
    return text.prefix(1).uppercased() + text.dropFirst()
  }

  /// HubSpot's names: `Date entered "Proposal (Sales Pipeline)"`, `hs_v2_date_entered_closedwon`.
  private static func enteredStage(of column: String) -> String? {
    let folded = ColumnHints.folded(column)
    for prefix in ["hs_v2_date_entered_", "hs_date_entered_"] where folded.hasPrefix(prefix) {
      return String(column.dropFirst(prefix.count))
    }
    let phrases = [
      "date entered ", "date moved into", "date moved to", "moved into ", "moved to ",
      "entered stage ", "date in stage ",
    ]
    guard let phrase = phrases.first(where: { folded.hasPrefix($0) }) else { return nil }
    let marks: Set<Character> = ["'", "\"", "“", "”", ":"]
    var text = column.dropFirst(phrase.count).filter { !marks.contains($0) }.drop { $0 == " " }
    // The pipeline in brackets is said by the deal.
    if text.hasSuffix(")"), let bracket = text.lastIndex(of: "(") {
      text = text[..<bracket]
    }
    while text.last == " " { text.removeLast() }
    return text.isEmpty ? nil : String(text)
  }
}
