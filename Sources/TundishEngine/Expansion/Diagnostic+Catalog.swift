internal import TundishColumns
internal import TundishSyntax

// Diagnostics that say what the catalog or the model offers.
extension Diagnostic {
  static func unknownMetric(
    _ name: Identifier,
    catalog: Catalog,
    definedIn: String? = nil,
    alsoKnown: [String] = []
  ) -> Diagnostic {
    let names = catalog.metrics.values.flatMap { [$0.name.text] + $0.synonyms }
    let isTable =
      catalog.tables[foldedText(name.text)] != nil || catalog.views[foldedText(name.text)] != nil
    return unknownMetric(
      name.text,
      range: name.range,
      candidates: names + alsoKnown,
      definedIn: definedIn,
      isTable: isTable && definedIn == nil && alsoKnown.isEmpty
    )
  }

  static func missingRole(
    _ role: ModelRole,
    metric: String,
    message: String?,
    catalog: Catalog,
    range: SourceRange
  ) -> Diagnostic {
    missingRole(
      role,
      metric: metric.isEmpty ? "this funnel" : metric,
      message: message,
      statement: [
        "say which table it is: \(catalog.model.items.isEmpty ? "CREATE MODEL" : "ALTER MODEL ADD") "
          + (catalog.model.items.isEmpty ? "(\(template(role, catalog)))" : template(role, catalog))
      ] + ([.leads, .opportunities, .history].contains(role) ? eventFunnels(catalog) : []),
      range: range
    )
  }

  /// How to ask the tables of events for the steps that no role has.
  private static func eventFunnels(_ catalog: Catalog) -> [String] {
    func column(_ attribute: String, _ entry: TableEntry) -> Field? {
      let names = ColumnHints.visits.first { $0.attribute == attribute }?.names ?? []
      return RoleCandidate.column(names, of: entry)
    }
    func quoted(_ name: String) -> String { Syntax.format(SQLBuilder().name(name)) }
    return catalog.tables.values.sorted { $0.name < $1.name }.compactMap { entry in
      guard let step = RoleCandidate.column(ColumnHints.eventNames, of: entry), step.type.isText,
        let key = column("VISITOR", entry),
        let at = column("AT", entry) ?? entry.table.schema.fields.first(where: RoleCandidate.isDate)
      else { return nil }
      return "steps that are events: funnel <event> -> <event> on \(quoted(entry.name)) "
        + "(key \(quoted(key.name)), at \(quoted(at.name)), step \(quoted(step.name)))"
    }
  }

  /// The item to write for a role, with the only table where there is just one.
  private static func template(_ role: ModelRole, _ catalog: Catalog) -> String {
    // A table that plays a role says already what its rows are.
    let free = catalog.tables.values.filter { entry in
      !catalog.model.roles.contains { foldedEqual($0.table.last, entry.name) }
    }
    let table =
      catalog.tables.count == 1
      ? free.first.map { Syntax.format(SQLBuilder().name($0.name)) } ?? "<table>" : "<table>"
    let attributes: String =
      switch role {
      case .leads: "KEY <id>, CREATED <date>, CONVERTED <date>, OWNER <column>, SOURCE <column>"
      case .opportunities:
        "KEY <id>, CREATED <date>, CLOSED <date>, AMOUNT <column>, STAGE <column>, OWNER <column>"
      case .history: "OF OPPORTUNITIES, KEY <id>, STAGE <column>, AT <date>"
      case .visits: "KEY <id>, VISITOR <id>, AT <date>, SOURCE <column>"
      case .touches: "LEAD <id>, AT <date>, CHANNEL <column>"
      case .spend: "AT <date>, AMOUNT <column>, SOURCE <column>"
      case .quotas: "OWNER <column>, PERIOD <date>, AMOUNT <column>"
      case .activities: "LEAD <id>, AT <date>, KIND <column>"
      case .customers: "KEY <id>, SINCE <date>"
      case .subscriptions: "KEY <id>, CUSTOMER <id>, START <date>, END <date>, AMOUNT <column>"
      case .mqls, .sqls: "AT <date>, SOURCE <column>"
      case .bookings: "AT <date>, AMOUNT <column>, SOURCE <column>"
      }
    let stages =
      role == .opportunities && catalog.model.stages.isEmpty && catalog.model.items.isEmpty
      ? ", STAGES (<label> OPEN, <label> WON, <label> LOST)" : ""
    return "\(role.rawValue) \(table) (\(attributes))\(stages)"
  }

  static func unresolvedDimension(
    _ name: String,
    metrics: [String],
    scope: RoleDefinition,
    model: SalesModel,
    candidates: [String],
    isOperand: Bool = false,
    range: SourceRange
  ) -> Diagnostic {
    unresolvedDimension(
      name,
      metrics: metrics,
      role: scope.role,
      table: scope.table.last,
      candidates: candidates,
      known: scope.attributeNames.filter { !RoleScope.figures.contains($0) },
      isAttribute: RoleScope.knownAttributes(of: scope.role).contains(foldedText(name)),
      isOperand: isOperand,
      range: range
    )
  }
}
