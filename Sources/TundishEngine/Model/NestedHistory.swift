internal import TundishColumns
internal import TundishSyntax

/// Deals that carry the changes of their stage in a list of their own: `stage_history:
/// [{"to": "Proposal", "changed_at": "..."}]`.
struct NestedHistory {
  let entry: TableEntry
  private let list: Field
  private let key: Field
  private let stage: StructField
  private let at: StructField
  private let sql = SQLBuilder()

  /// Reads a table's columns; nil where none is such a list.
  init?(entry: TableEntry) {
    let fields = entry.table.schema.fields
    func names(_ attribute: String) -> [String] {
      ColumnHints.history.first { $0.attribute == attribute }?.names ?? []
    }
    func member(_ names: [String], of members: [StructField]) -> StructField? {
      names.lazy.compactMap { name in
        members.first { ColumnHints.plain($0.name) == name }
      }.first
    }
    let keys = ColumnHints.opportunities.first { $0.attribute == "KEY" }?.names ?? []
    guard let key = RoleCandidate.column(keys, of: entry) else { return nil }
    for field in fields {
      guard case .list(let element) = field.type, case .structure(let members) = element,
        ["history", "change", "stage", "transition", "log"].contains(where: {
          ColumnHints.plain(field.name).contains($0)
        }),
        let stage = member(["to"] + names("STAGE"), of: members), stage.type.isText,
        let at = member(names("AT"), of: members)
      else { continue }
      self.entry = entry
      (self.list, self.key, self.stage, self.at) = (field, key, stage, at)
      return
    }
    return nil
  }

  /// A row per change.
  func shape() -> ReshapedTables.Shape {
    func quoted(_ name: String) -> String { Syntax.format(sql.name(name)) }
    func part(_ member: StructField) -> String {
      "change[\(Syntax.format(sql.text(member.name)))]"
    }
    let view = entry.name + "_stage_history"
    let isDate: Bool =
      switch at.type {
      case .date, .timestamp, .timestampTZ: true
      default: false
      }
    let time = isDate ? part(at) : "CAST(\(part(at)) AS TIMESTAMP)"
    return ReshapedTables.Shape(
      text: "CREATE VIEW \(quoted(view)) AS SELECT deal_id, \(part(stage)) AS stage, "
        + "\(time) AS changed_at FROM (SELECT \(quoted(key.name)) AS deal_id, "
        + "unnest(\(quoted(list.name))) AS change FROM \(quoted(entry.name))) c",
      told: "\(view), a view of \(entry.name), has a row per change in \(list.name)",
      hides: false
    )
  }
}

/// A board of cards with all that was done to them: each action of a list moves a card from one list to
/// another, as Trello exports it.
struct CardMoves {
  private let entry: TableEntry
  private let actions: Field

  /// Reads a table's columns; nil where none is a list of such actions.
  init?(entry: TableEntry) {
    guard let actions = RoleCandidate.column(["actions"], of: entry),
      case .list(let element) = actions.type, case .structure(let members) = element,
      let data = members.first(where: { $0.name == "data" }),
      case .structure(let parts) = data.type,
      members.contains(where: { $0.name == "type" }),
      members.contains(where: { $0.name == "date" }),
      ["card", "list", "listAfter"].allSatisfy({ name in
        parts.contains { part in
          guard part.name == name, case .structure(let own) = part.type else { return false }
          return own.contains { $0.name == (name == "card" ? "id" : "name") }
        }
      })
    else { return nil }
    self.entry = entry
    self.actions = actions
  }

  /// A row for each list that a card came to.
  func shape() -> ReshapedTables.Shape {
    func quoted(_ name: String) -> String { Syntax.format(SQLBuilder().name(name)) }
    let view = entry.name + "_stage_history"
    return ReshapedTables.Shape(
      text:
        "CREATE VIEW \(quoted(view)) AS SELECT * FROM (SELECT action['data']['card']['id'] AS deal_id, "
        + "CASE WHEN action['type'] IN ('createCard', 'copyCard', 'moveCardToBoard', "
        + "'convertToCardFromCheckItem') THEN action['data']['list']['name'] "
        + "ELSE action['data']['listAfter']['name'] END AS stage, "
        + "CAST(action['date'] AS TIMESTAMP) AS changed_at FROM (SELECT unnest(\(quoted(actions.name))) "
        + "AS action FROM \(quoted(entry.name))) a) m WHERE stage IS NOT NULL AND deal_id IS NOT NULL",
      told: "\(view), a view of \(entry.name), has a row for each list that a card came to",
      hides: true
    )
  }
}
