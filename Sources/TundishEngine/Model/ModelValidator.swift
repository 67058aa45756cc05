internal import TundishColumns
internal import TundishSyntax

/// Checks a model against the tables: everything that it names exists, and links lead to one row.
struct ModelValidator {
  let catalog: Catalog
  let lookup: SchemaLookup

  /// Returns what is wrong with the items.
  func check(_ items: [ModelItem]) throws(StatementFailure) -> [Diagnostic] {
    var diagnostics: [Diagnostic] = []
    for item in items {
      switch item {
      case .role(let role, let table, let attributes, _):
        diagnostics += try check(role, table, attributes)
      case .stages: continue
      case .links(let links, _):
        for link in links { diagnostics += try check(link) }
      }
    }
    return diagnostics
  }

  private func check(
    _ role: ModelRole,
    _ table: QualifiedName,
    _ attributes: [ModelAttribute]
  ) throws(StatementFailure) -> [Diagnostic] {
    guard let columns = try lookup.columns(of: table) else { return [unknownTable(table)] }
    var diagnostics: [Diagnostic] = []
    let known = RoleScope.knownAttributes(of: role)
    for attribute in attributes {
      switch attribute {
      case .value(let name, let value, let currency, _, _):
        if !known.contains(foldedText(name.text)) {
          diagnostics.append(.unknownAttribute(name, role: role, known: known.sorted()))
        }
        // INTERVAL is a word, or the column that holds the word of each row.
        if foldedEqual(name.text, "interval"), let word = value.simpleName,
          BillingInterval.months(of: word.text) != nil
        {
          continue
        }
        diagnostics += check(value, columns, table)
        if let currency { diagnostics += check(currency, columns, table) }
      case .condition(_, let condition, _): diagnostics += check(condition, columns, table)
      case .milestone(_, let at, _): diagnostics += check(at, columns, table)
      case .of, .kept: continue
      }
    }
    return diagnostics
  }

  private func check(
    _ expression: Expression,
    _ columns: [Field],
    _ table: QualifiedName
  ) -> [Diagnostic] {
    var diagnostics: [Diagnostic] = []
    _ = expression.contains { part in
      guard case .name(let parts) = part.kind, let last = parts.last else { return false }
      if !columns.contains(where: { foldedEqual($0.name, last.text) }) {
        diagnostics.append(
          .modelColumnUnknown(
            last.text,
            table: table.last,
            columns: columns.map(\.name),
            range: last.range
          )
        )
      }
      return false
    }
    return diagnostics
  }

  private func check(_ link: LinkDefinition) throws(StatementFailure) -> [Diagnostic] {
    var diagnostics: [Diagnostic] = []
    for end in [link.source, link.target] {
      let table = QualifiedName(Array(end.parts.dropLast()))
      guard let columns = try lookup.columns(of: table) else {
        diagnostics.append(unknownTable(table))
        continue
      }
      if !columns.contains(where: { foldedEqual($0.name, end.last) }) {
        diagnostics.append(
          .modelColumnUnknown(
            end.last,
            table: table.last,
            columns: columns.map(\.name),
            range: end.range
          )
        )
      }
    }
    guard diagnostics.isEmpty else { return diagnostics }
    let table = QualifiedName(Array(link.target.parts.dropLast()))
    if let show = link.show, try lookup.column(show.text, of: table) == nil {
      diagnostics.append(
        .modelColumnUnknown(
          show.text,
          table: table.last,
          columns: try lookup.columns(of: table)?.map(\.name) ?? [],
          range: show.range
        )
      )
    }
    let sql = SQLBuilder()
    let key = sql.name(link.target.last)
    let query = sql.query(
      Select(
        items: [sql.item(sql.cast(key, "VARCHAR"), as: "key")],
        from: [sql.table(table)],
        filter: sql.isNull(key, not: true),
        groupBy: .elements([.expressions([key])]),
        having: sql.binary(.greater, sql.call("count", [sql.star]), sql.integer(1)),
        range: sql.range
      ),
      limit: 1
    )
    if case .text(let duplicate)? = try lookup.rows(of: query).first?.first {
      diagnostics.append(
        .linkIsNotUnique(
          link.target.parts.map(\.text).joined(separator: "."),
          duplicate: duplicate,
          range: link.target.range
        )
      )
    }
    return diagnostics
  }

  private func unknownTable(_ table: QualifiedName) -> Diagnostic {
    .modelTableUnknown(
      table.last,
      tables: catalog.tables.values.map(\.name) + catalog.views.values.map(\.name.last),
      range: table.range
    )
  }
}
