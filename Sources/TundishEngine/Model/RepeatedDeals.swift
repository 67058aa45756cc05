internal import TundishColumns
internal import TundishSyntax

/// A table that repeats every deal for each of its products: a report of opportunities with products,
/// whose amount is that of the whole deal in every row.
///
/// A sum over its rows would count a deal's amount as often as it has products. What is the same in
/// all rows of a deal is the deal's; the rest is not.
struct RepeatedDeals {
  let entry: TableEntry
  private let key: Field
  /// The columns that hold one value for each deal.
  private let own: [Field]
  private let sql = SQLBuilder()

  private static let most = 200_000
  private static let few = 5_000

  /// Whether values of a column are estimated to come more than once.
  private static func repeats(_ key: Field, in entry: TableEntry) -> Bool {
    let fields = entry.table.schema.fields
    guard let position = fields.firstIndex(where: { $0.name == key.name }) else { return false }
    let distinctCount = entry.table.statistics(ofColumn: position).distinctCount
    return Double(distinctCount) < 0.9 * Double(entry.table.rowCount)
  }

  /// Reads a table's columns and rows; nil where no deal is in it twice, or where its stage, amount or
  /// dates change from row to row, as in a history.
  init?(entry: TableEntry, lookup: SchemaLookup) throws(StatementFailure) {
    func column(_ attribute: String) -> Field? {
      let names = ColumnHints.opportunities.first { $0.attribute == attribute }?.names ?? []
      return RoleCandidate.column(names, of: entry)
    }
    let fields = entry.table.schema.fields
    guard entry.table.rowCount <= Self.most, Self.mayHoldDeals(entry.name), let key = column("KEY"),
      key.type.isText || key.type.isInteger, let stage = column("STAGE"), stage.type.isText,
      let amount = column("AMOUNT"), amount.type.isNumeric,
      fields.allSatisfy({
        $0.type.isText || $0.type.isNumeric || RoleCandidate.isDate($0)
          || $0.type == .boolean
      })
    else { return nil }
    // Among many rows their keys are looked at more closely only where a sample of them repeats.
    guard entry.table.rowCount <= Self.few || Self.repeats(key, in: entry) else { return nil }
    let sql = self.sql
    func quoted(_ name: String) -> String { Syntax.format(sql.name(name)) }
    let (k, table) = (quoted(key.name), quoted(entry.name))
    guard
      let count = try lookup.rows(
        ofText: "SELECT count(\(k)), count(DISTINCT \(k)), count(*) FROM \(table)"
      ).first, count.count == 3, count[0] == count[2], count[0] != count[1]
    else { return nil }
    let others = fields.filter { $0.name != key.name }
    let counts = others.enumerated().map { index, field in
      let name = quoted(field.name)
      return "count(DISTINCT \(name)) + CASE WHEN count(\(name)) IN (0, count(*)) "
        + "THEN 0 ELSE 2 END AS n\(index)"
    }
    let most = others.indices.map { "max(n\($0))" }
    guard
      let row = try lookup.rows(
        ofText:
          "SELECT \(most.joined(separator: ", ")) FROM (SELECT \(counts.joined(separator: ", ")) "
          + "FROM \(table) GROUP BY \(k)) d"
      ).first, row.count == others.count
    else { return nil }
    let same = zip(others, row).filter { $0.1 == .integer(0) || $0.1 == .integer(1) }.map(\.0)
    let needed = [stage, amount, column("CREATED"), column("CLOSED")].compactMap { $0?.name }
    guard needed.allSatisfy({ name in same.contains { $0.name == name } }),
      same.count < others.count
    else { return nil }
    self.entry = entry
    self.key = key
    own = fields.filter { field in
      field.name == key.name || same.contains { $0.name == field.name }
    }
  }

  /// Whether a table's name lets it hold deals: calls and changes name a deal in each row, too.
  static func mayHoldDeals(_ name: String) -> Bool {
    func says(_ role: ModelRole) -> Bool {
      ColumnHints.tableWords(of: role).contains { ColumnHints.names(name, word: $0) }
    }
    return says(.opportunities) && !says(.history)
      || ![.history, .activities, .touches, .visits, .spend, .quotas, .subscriptions]
        .contains(where: says)
  }

  /// A row per deal.
  func shape() -> ReshapedTables.Shape {
    func quoted(_ name: String) -> String { Syntax.format(sql.name(name)) }
    let view = entry.name + "_once"
    let left = entry.table.schema.fields.filter { field in !own.contains { $0.name == field.name } }
    return ReshapedTables.Shape(
      text: "CREATE VIEW \(quoted(view)) AS SELECT DISTINCT "
        + own.map { quoted($0.name) }.joined(separator: ", ") + " FROM \(quoted(entry.name))",
      told:
        "\(view), a view of \(entry.name), has one row per \(key.name): the table repeats a deal "
        + "for each \(ModelRecognizer.enumeration(left.map(\.name)))",
      hides: true
    )
  }
}
