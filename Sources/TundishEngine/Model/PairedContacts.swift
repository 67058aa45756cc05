internal import TundishColumns
internal import TundishSyntax

/// Deals whose contacts stand in a table of pairs, as HubSpot keeps its associations: `deal_contact
/// (deal_id, contact_id)`.
///
/// Where no deal has two contacts, or one of them is the first, the contact is the lead of the deal.
struct PairedContacts {
  let entry: TableEntry
  private let key: Field
  private let pairs: TableEntry
  private let deal: Field
  private let contact: Field
  /// The column that says which of several contacts is the first.
  private let primary: Field?
  private let sql = SQLBuilder()

  private static let deals = ["dealid", "opportunityid", "oppid"]
  private static let contacts = ["contactid", "leadid"]

  /// Reads a table of deals and looks for its pairs; nil where there are none, several tables of
  /// them, or deals with several contacts.
  init?(
    entry: TableEntry,
    among tables: some Sequence<TableEntry>,
    lookup: SchemaLookup
  ) throws(StatementFailure) {
    let sql = SQLBuilder()
    func quoted(_ name: String) -> String { Syntax.format(sql.name(name)) }
    guard
      ["deal", "deals", "opportunity", "opportunities"].contains(
        ColumnHints.tableStem(entry.name)
      ),
      let key = RoleCandidate.column(Self.deals + ["recordid", "id", "hsobjectid"], of: entry),
      RoleCandidate.column(Self.contacts + ["lead", "mqlid", "originatinglead"], of: entry) == nil
    else { return nil }
    let found = tables.filter { table in
      let name = ColumnHints.plainTable(table.name)
      return table.name != entry.name && table.table.rowCount > 0
        && table.table.schema.fields.count <= Self.most
        && ["deal", "opp"].contains(where: name.contains)
        && ["contact", "lead"].contains(where: name.contains)
        && RoleCandidate.column(Self.deals, of: table) != nil
        && RoleCandidate.column(Self.contacts, of: table) != nil
    }
    guard found.count == 1, let pairs = found.first,
      let deal = RoleCandidate.column(Self.deals, of: pairs),
      let contact = RoleCandidate.column(Self.contacts, of: pairs), deal.type == key.type
    else { return nil }
    primary = RoleCandidate.column(["isprimary", "primary"], of: pairs).flatMap {
      $0.type == .boolean ? $0 : nil
    }
    let condition = primary.map { " WHERE " + quoted($0.name) } ?? ""
    let (d, k) = (quoted(deal.name), quoted(key.name))
    let rows = try lookup.rows(
      ofText: "SELECT count(*), count(DISTINCT \(d)), count(DISTINCT \(d)) FILTER (WHERE \(d) IN "
        + "(SELECT \(k) FROM \(quoted(entry.name)))) FROM \(quoted(pairs.name))\(condition)"
    )
    guard let row = rows.first, row.count == 3, row[0] == row[1], row[2] != .integer(0) else {
      return nil
    }
    self.entry = entry
    self.key = key
    self.pairs = pairs
    self.deal = deal
    self.contact = contact
  }

  private static let most = 10

  /// The deals with their lead.
  func shape() -> ReshapedTables.Shape {
    func quoted(_ name: String) -> String { Syntax.format(sql.name(name)) }
    let view = entry.name + "_with_lead"
    let condition = primary.map { " WHERE \(quoted($0.name))" } ?? ""
    return ReshapedTables.Shape(
      text: "CREATE VIEW \(quoted(view)) AS SELECT d.*, p.lead_id FROM \(quoted(entry.name)) d "
        + "LEFT JOIN (SELECT \(quoted(deal.name)) AS paired_deal, \(quoted(contact.name)) AS "
        + "lead_id FROM \(quoted(pairs.name))\(condition)) p ON d.\(quoted(key.name)) = p.paired_deal",
      told:
        "\(view), a view of \(entry.name), has the contact that \(pairs.name) pairs with each deal",
      hides: true
    )
  }
}
