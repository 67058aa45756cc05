internal import TundishColumns
internal import TundishSyntax

/// A report that names a group once, in its first row, and ends the group with a sum: `Opportunity
/// Owner ↑` of a Salesforce report.
struct GroupedReport {
  let entry: TableEntry
  /// The columns of groups, with the labels of their sums.
  private let groups: [(field: Field, totals: [String])]
  private let sql = SQLBuilder()

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
    guard !groups.isEmpty, groups.contains(where: { !$0.totals.isEmpty }) else { return nil }
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
