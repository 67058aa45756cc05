internal import TundishColumns
internal import TundishSyntax

/// A report that names a group once, in its first row, and ends the group with a sum: `Opportunity
/// Owner ↑` of a Salesforce report; or a sheet whose cells of a group were merged, in which every
/// group is named once and blank rows follow.
struct GroupedReport {
  let entry: TableEntry
  /// The columns of groups, with the labels of their sums.
  private let groups: [(field: Field, totals: [String])]
  private let sql = SQLBuilder()
  /// Whether nothing but the blanks says that rows are grouped.
  private var isMerged = false

  /// The roles of a first column that groups deals.
  private static let grouping = ["OWNER", "STAGE", "SOURCE", "PRODUCT", "CAMPAIGN"]

  /// The first column where its blanks can only be its groups' further rows: it says who or what, the
  /// first row names a group, every group is named once, and the rows without one say all the rest.
  private static func merged(
    in entry: TableEntry,
    lookup: SchemaLookup
  ) throws(StatementFailure) -> (field: Field, totals: [String])? {
    let fields = entry.table.schema.fields
    guard let field = fields.first, field.type.isText, fields.count > 2,
      entry.table.statistics(ofColumn: 0).nullCount > 0,
      SchemaLookup.mayHaveFewTexts(field.name, in: entry.table)
    else { return nil }
    let isGroup = grouping.contains { attribute in
      let names = ColumnHints.opportunities.first { $0.attribute == attribute }?.names ?? []
      return names.contains(ColumnHints.plain(field.name))
        || ColumnMeanings.meanings(of: attribute, in: .opportunities).contains {
          ColumnWords(field.name).says($0, optional: ["name"])
        }
    }
    guard isGroup else { return nil }
    let sql = SQLBuilder()
    func quoted(_ name: String) -> String { Syntax.format(sql.name(name)) }
    let column = quoted(field.name)
    let totals = try lookup.texts(
      of: sql.name(field.name),
      in: QualifiedName([sql.identifier(entry.name)])
    ).filter(ReportTotals.isTotal)
    let isTotal = totals.isEmpty ? "false" : "\(column) IN (\(list(totals, sql)))"
    // A blank row of a group says what its named row says: a deal's key or name, and its stage.
    let told = ["KEY", "NAME", "STAGE"].compactMap { attribute -> Field? in
      let names =
        attribute == "NAME"
        ? ["deal", "dealname", "opportunity", "opportunityname", "name"]
        : ColumnHints.opportunities.first { $0.attribute == attribute }?.names ?? []
      return RoleCandidate.column(names, of: entry)
    }.filter { $0.name != field.name }
    guard !told.isEmpty else { return nil }
    let isFull = told.map { "\(quoted($0.name)) IS NOT NULL" }.joined(separator: " AND ")
    let text =
      "SELECT first(\(column)) IS NOT NULL, count(\(column)) FILTER (WHERE NOT \(isTotal)), "
      + "count(DISTINCT \(column)) FILTER (WHERE NOT \(isTotal)), "
      + "count(*) FILTER (WHERE \(column) IS NULL AND \(isFull)), "
      + "count(*) FILTER (WHERE \(column) IS NOT NULL AND NOT \(isTotal) AND NOT (\(isFull))) "
      + "FROM \(quoted(entry.name))"
    guard let row = try lookup.rows(ofText: text).first, row.count == 5,
      row[0] == .boolean(true), case .integer(let named) = row[1], row[1] == row[2],
      case .integer(let blank) = row[3], row[4] == .integer(0), named > 1, blank >= named
    else { return nil }
    return (field, totals)
  }

  /// Reads a table's columns; nil where none is a group's.
  init?(entry: TableEntry, lookup: SchemaLookup) throws(StatementFailure) {
    let fields = entry.table.schema.fields
    var groups: [(field: Field, totals: [String])] = []
    for (position, field) in fields.enumerated() {
      guard field.type.isText, position == groups.count,
        entry.table.statistics(ofColumn: position).nullCount > 0,
        SchemaLookup.mayHaveFewTexts(field.name, in: entry.table)
      else { break }
      let place = QualifiedName([sql.identifier(entry.name)])
      let totals = try lookup.texts(of: sql.name(field.name), in: place)
        .filter(ReportTotals.isTotal)
      let isSorted = field.name.contains("↑") || field.name.contains("↓")
      // Without the arrow of a grouping, sums of parts are the sign.
      let isSummed = totals.contains { ColumnHints.label($0).hasPrefix("sub") }
      guard isSorted || isSummed else { break }
      groups.append((field, totals))
    }
    if groups.isEmpty, let merged = try Self.merged(in: entry, lookup: lookup) {
      groups = [merged]
      isMerged = true
    }
    guard !groups.isEmpty, isMerged || groups.contains(where: { !$0.totals.isEmpty }) else {
      return nil
    }
    self.entry = entry
    self.groups = groups
  }

  /// The rows with their group in each, without the sums.
  func shape() -> ReshapedTables.Shape {
    func quoted(_ name: String) -> String { Syntax.format(sql.name(name)) }
    let filled = groups.map { field, totals in
      let column = quoted(field.name)
      let value =
        totals.isEmpty
        ? column
        : "CASE WHEN \(column) NOT IN (\(Self.list(totals, sql))) THEN \(column) END"
      return "last_value(\(value) IGNORE NULLS) OVER "
        + "(ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS \(column)"
    }
    let sums = groups.filter { !$0.totals.isEmpty }.map { field, totals in
      "coalesce(\(quoted(field.name)) IN (\(Self.list(totals, sql))), false) AS \(quoted("is_sum_" + field.name))"
    }
    let kept = groups.filter { !$0.totals.isEmpty }.map { quoted("is_sum_" + $0.field.name) }
    let view = entry.name + "_rows"
    let names = ModelRecognizer.enumeration(groups.map(\.field.name))
    if kept.isEmpty {
      return ReshapedTables.Shape(
        text: "CREATE VIEW \(quoted(view)) AS SELECT * REPLACE (\(filled.joined(separator: ", "))) "
          + "FROM \(quoted(entry.name))",
        told: "\(view), a view of \(entry.name), repeats \(names) in the blank rows that follow: "
          + "each is named once, and every row has all else",
        hides: true
      )
    }
    return ReshapedTables.Shape(
      text: "CREATE VIEW \(quoted(view)) AS SELECT * EXCLUDE (\(kept.joined(separator: ", "))) "
        + "FROM (SELECT * REPLACE (\(filled.joined(separator: ", "))), "
        + "\(sums.joined(separator: ", ")) FROM \(quoted(entry.name))) r WHERE NOT "
        + kept.joined(separator: " AND NOT "),
      told:
        "\(view), a view of \(entry.name), repeats \(names) in each row of its group and leaves "
        + "out the sums",
      hides: true
    )
  }

  private static func list(_ texts: [String], _ sql: SQLBuilder) -> String {
    texts.map { Syntax.format(sql.text($0)) }.joined(separator: ", ")
  }
}
