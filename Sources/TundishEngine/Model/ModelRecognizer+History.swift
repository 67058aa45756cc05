internal import TundishColumns
internal import TundishSyntax

// What a history of stages leaves out although the tables know it: the stage in which a deal began,
// where only changes are written, and the end of the last one, where it does not say how deals ended.
// Without them the first and the last stage would seem never to be entered or left.
extension ModelRecognizer {
  /// Puts a view in the place of a history of deals that lacks beginnings or ends.
  mutating func completeHistory() throws(StatementFailure) {
    guard let history = given.first(where: { $0.role == .history && $0.of != .leads }),
      let deals = model.role(.opportunities), !foldedEqual(deals.table.last, history.table.last),
      let parts = HistoryParts(self, history, deals)
    else { return }
    let name = history.table.last + "_visits"
    guard catalog.tables[foldedText(name)] == nil, catalog.views[foldedText(name)] == nil else {
      return
    }
    let begun = try parts.beginnings(lookup)
    let ended = try parts.endings(lookup)
    guard !begun.isEmpty || !ended.isEmpty else { return }
    let text =
      "CREATE VIEW \(quoted(name)) AS "
      + ([parts.changes] + begun + ended).joined(separator: " UNION ALL ")
    guard case .createView(let view)? = Syntax.parse(text).script.statements.first?.kind else {
      return
    }
    add(view)
    var pairs = [("KEY", "deal_id"), ("STAGE", "stage"), ("AT", "entered_at")]
    if parts.owner != nil { pairs.append(("OWNER", "owner")) }
    let attributes =
      [ModelAttribute.of(.opportunities, sql.range)] + pairs.map { attribute($0, sql.name($1)) }
    let place = QualifiedName([sql.identifier(name)])
    replace(history, by: .role(.history, table: place, attributes: attributes, sql.range))
    let what = [
      begun.isEmpty ? nil : "the stages in which deals began",
      ended.isEmpty ? nil : "how and when they ended",
    ].compactMap { $0 }
    tell(
      "history = \(name), a view of \(history.table.last) and \(deals.table.last) that adds "
        + what.joined(separator: ", and ")
    )
  }
}

/// The pieces of which a complete history is made.
struct HistoryParts {
  private let recognizer: ModelRecognizer
  private let history: RoleDefinition
  private let deals: RoleDefinition
  private let key: String
  private let stage: String
  private let at: String
  private let dealKey: String
  private let before: Field?
  private let left: Field?
  private let isDate: Bool
  /// Who had the deal then.
  let owner: String?

  private static let exits = [
    "leftat", "lefton", "dateleft", "leftdate", "exitedat", "exitedon", "exitat", "exitdate",
    "dateexited", "endedat", "enddate", "endat", "validto", "until", "todate", "outat", "left",
  ]

  init?(_ recognizer: ModelRecognizer, _ history: RoleDefinition, _ deals: RoleDefinition) {
    let known: Set<String> = ["key", "stage", "at", "owner", "counted"]
    let catalog = recognizer.catalog
    guard history.attributeNames.allSatisfy({ known.contains(foldedText($0)) }),
      let key = history.value("key"), let stage = history.value("stage"),
      let at = history.value("at"), let dealKey = deals.value("key"),
      let entry = catalog.tables[foldedText(history.table.last)],
      let dealEntry = catalog.tables[foldedText(deals.table.last)]
    else { return nil }
    func field(_ value: Expression, _ entry: TableEntry) -> Field? {
      guard let name = value.simpleName?.text else { return nil }
      return entry.table.schema.fields.first { foldedEqual($0.name, name) }
    }
    // Keys of two kinds cannot be compared; stages need a text.
    guard let own = field(key, entry), let other = field(dealKey, dealEntry),
      own.type.isText == other.type.isText, let label = field(stage, entry), label.type.isText,
      let moment = field(at, entry), RoleCandidate.isDate(moment)
    else { return nil }
    self.recognizer = recognizer
    self.history = history
    self.deals = deals
    (self.key, self.stage) = (Syntax.format(key), Syntax.format(stage))
    (self.at, self.dealKey) = (Syntax.format(at), Syntax.format(dealKey))
    owner = history.value("owner").map { Syntax.format($0) }
    let log = ChangeLog(entry)
    before = log?.after.name == label.name ? log?.before : nil
    let exit = RoleCandidate.column(Self.exits, of: entry)
    left = exit.flatMap { RoleCandidate.isDate($0) ? $0 : nil }
    isDate = moment.type == .date
  }

  private var counted: String {
    history.condition("counted").map { " WHERE " + Syntax.format($0) } ?? ""
  }
  private var table: String { recognizer.quoted(history.table.last) }
  private var dealTable: String { recognizer.quoted(deals.table.last) }

  /// The deals that count, with what is asked of them.
  private func dealRows(_ columns: [(value: String, name: String)]) -> String {
    let items = columns.map { "\($0.value) AS \($0.name)" }.joined(separator: ", ")
    let rows = deals.condition("counted").map { " WHERE " + Syntax.format($0) } ?? ""
    return "(SELECT \(items) FROM \(dealTable)\(rows)) d"
  }

  /// A moment of a deal, of the type of the changes.
  private func moment(_ text: String) -> String {
    "CAST(\(text) AS \(isDate ? "DATE" : "TIMESTAMP"))"
  }

  /// The rows of the history as they are.
  var changes: String {
    let own = owner.map { ", \($0) AS owner" } ?? ""
    return "SELECT \(key) AS deal_id, \(stage) AS stage, \(moment(at)) AS entered_at\(own) "
      + "FROM \(table)\(counted)"
  }

  /// The stage that a deal had before its first change, from its creation on; and the stage of deals
  /// that never changed it.
  func beginnings(_ lookup: SchemaLookup) throws(StatementFailure) -> [String] {
    guard let before, let created = deals.value("created") else { return [] }
    let name = recognizer.quoted(before.name)
    let by = owner.map { ", arg_min(\($0), \(at)) AS owner" } ?? ""
    let first =
      "(SELECT \(key) AS k, arg_min(\(name), \(at)) AS stage, \(moment("min(\(at))")) AS first_at\(by) "
      + "FROM \(table)\(counted) GROUP BY 1) c"
    let start = moment(Syntax.format(created))
    let joined =
      "FROM \(first) JOIN \(dealRows([(dealKey, "k"), (start, "created")])) ON d.k = c.k "
      + "WHERE c.stage IS NOT NULL AND c.stage <> '' AND d.created <= c.first_at"
    guard let row = try lookup.rows(ofText: "SELECT count(*) \(joined)").first,
      case .integer(let count)? = row.first, count > 0
    else { return [] }
    let own = owner == nil ? "" : ", c.owner AS owner"
    var parts = ["SELECT c.k AS deal_id, c.stage AS stage, d.created AS entered_at\(own) \(joined)"]
    if let label = deals.value("stage"), let isOpen = open {
      let text = Syntax.format(label)
      let places =
        "SELECT \(stage) FROM \(table)\(counted) UNION ALL SELECT \(name) FROM \(table)\(counted)"
      let current = deals.value("owner").map { Syntax.format($0) } ?? "NULL"
      let by = owner == nil ? "" : ", d.owner AS owner"
      parts.append(
        "SELECT d.k AS deal_id, d.stage AS stage, d.created AS entered_at\(by) FROM "
          + dealRows([
            (dealKey, "k"), ("CAST(\(text) AS VARCHAR)", "stage"), (start, "created"),
            (current, "owner"), (isOpen, "is_open"),
          ])
          + " WHERE d.is_open AND d.created IS NOT NULL AND d.stage IN (\(places)) "
          + "AND d.k NOT IN (SELECT \(key) FROM \(table) WHERE \(key) IS NOT NULL)"
      )
    }
    return parts
  }

  /// How deals ended that ended, from when they left their last stage, or were closed.
  func endings(_ lookup: SchemaLookup) throws(StatementFailure) -> [String] {
    let closed = deals.value("closed").map { Syntax.format($0) }
    guard let outcome, left != nil || closed != nil, let label = history.value("stage") else {
      return []
    }
    let labels = try lookup.texts(of: label, in: history.table)
    let isTold = labels.contains { label in
      [.won, .lost].contains(ColumnHints.kind(ofLabel: label))
        || recognizer.model.stages.contains {
          $0.label.text == label && [.won, .lost].contains($0.kind)
        }
    }
    guard !isTold else { return [] }
    let exit = left.map { "arg_max(\(recognizer.quoted($0.name)), \(at))" } ?? "NULL"
    let by = owner.map { ", arg_max(\($0), \(at)) AS owner" } ?? ""
    let last =
      "(SELECT \(key) AS k, \(moment("max(\(at))")) AS last_at, \(moment(exit)) AS left_at\(by) "
      + "FROM \(table)\(counted) GROUP BY 1) c"
    let end = "coalesce(c.left_at, d.closed)"
    let joined =
      "FROM \(last) JOIN "
      + dealRows([(dealKey, "k"), (outcome, "outcome"), (moment(closed ?? "NULL"), "closed")])
      + " ON d.k = c.k WHERE d.outcome IS NOT NULL AND \(end) >= c.last_at"
    guard let row = try lookup.rows(ofText: "SELECT count(*) \(joined)").first,
      case .integer(let count)? = row.first, count > 0
    else { return [] }
    let own = owner == nil ? "" : ", c.owner AS owner"
    return ["SELECT c.k AS deal_id, d.outcome AS stage, \(end) AS entered_at\(own) \(joined)"]
  }

  /// The label of a deal that ended; NULL for others.
  private var outcome: String? {
    if let won = deals.condition("won").map({ Syntax.format($0) }) {
      let lost = deals.condition("lost").map { " WHEN \(Syntax.format($0)) THEN 'Lost'" } ?? ""
      return "CASE WHEN \(won) THEN 'Won'\(lost) END"
    }
    let ended = recognizer.model.stages.filter { [.won, .lost].contains($0.kind) }.map(\.label.text)
    guard let label = deals.value("stage"), !ended.isEmpty else { return nil }
    let text = "CAST(\(Syntax.format(label)) AS VARCHAR)"
    let list = ended.map { Syntax.format(recognizer.sql.text($0)) }.joined(separator: ", ")
    return "CASE WHEN \(text) IN (\(list)) THEN \(text) END"
  }

  /// The condition that a deal has not ended; nil where nothing tells.
  private var open: String? { outcome.map { "(\($0)) IS NULL" } }
}
