internal import TundishColumns
internal import TundishSyntax

// The checks of each role.
extension ModelCheck {
  mutating func checkKey(_ role: RoleDefinition) throws(StatementFailure) {
    // A row of a history is a change, so keys repeat there.
    guard let value = role.value("key"), role.role != .history else { return }
    let key = Syntax.format(value)
    let table = quoted(role.table)
    try count("without a key", role, where: "\(key) IS NULL")
    let rows =
      "FROM \(table) WHERE \(key) IN (SELECT \(key) FROM \(table) GROUP BY \(key) HAVING count(*) > 1)"
    try count(
      "duplicate keys",
      role: role.role.rawValue,
      table: role.table.last,
      example: key,
      total: "SELECT count(*) FROM \(table)",
      rows: rows
    )
  }

  mutating func checkDates(_ role: RoleDefinition) throws(StatementFailure) {
    for name in ["created", "at", "since", "start"] {
      guard let value = role.value(name), try isDate(value, of: role) else { continue }
      let date = Syntax.format(sql.grouped(value))
      guard role.role != .spend else { continue }
      try count("\(name) in the future", role, where: "\(date) >= CURRENT_DATE + INTERVAL 1 DAY")
      try count("\(name) before 1990", role, where: "\(date) < DATE '1990-01-01'")
      try count("without \(name) date", role, where: "\(date) IS NULL")
    }
    if let start = role.value("start"), let end = role.value("end") {
      try count(
        "ended before it started",
        role,
        where: "\(Syntax.format(end)) < \(Syntax.format(start))"
      )
    }
  }

  func isDate(_ value: Expression, of role: RoleDefinition) throws(StatementFailure) -> Bool {
    switch try lookup.type(of: value, in: role.table) {
    case .date?, .timestamp?, .timestampTZ?: true
    default: false
    }
  }

  mutating func checkAmount(_ role: RoleDefinition) throws(StatementFailure) {
    guard let amount = role.value("amount") else { return }
    try count("negative amount", role, where: "\(Syntax.format(sql.grouped(amount))) < 0")
  }

  /// Loaders keep rows that were deleted in the CRM and mark them.
  mutating func checkDeleted(_ role: RoleDefinition) throws(StatementFailure) {
    guard role.condition("counted") == nil, let columns = try lookup.columns(of: role.table) else {
      return
    }
    for column in columns
    where column.type == .boolean
      && ["isdeleted", "fivetrandeleted", "deleted", "archived", "isarchived"]
        .contains(ColumnHints.plain(column.name))
    {
      try count("marked as deleted, yet counted", role, where: quoted(column.name))
    }
  }

  // MARK: Opportunities

  mutating func checkDeals(_ role: RoleDefinition) throws(StatementFailure) {
    try checkStages(role)
    guard let won = outcome(.won, of: role) else { return }
    let lost = outcome(.lost, of: role)
    let ended = lost.map { "(\(won) OR \($0))" } ?? won
    let closed = role.value("closed").map { Syntax.format(sql.grouped($0)) }
    if let closed {
      if let created = role.value("created") {
        try count(
          "closed before created",
          role,
          where: "\(ended) AND \(closed) < \(Syntax.format(sql.grouped(created)))"
        )
      }
      try count("won without a close date", role, where: "\(won) AND \(closed) IS NULL")
      if let lost {
        try count("lost without a close date", role, where: "\(lost) AND \(closed) IS NULL")
      }
      try count(
        "closed in the future",
        role,
        where: "\(ended) AND \(closed) >= CURRENT_DATE + INTERVAL 1 DAY"
      )
    }
    if let amount = role.value("amount") {
      let text = Syntax.format(sql.grouped(amount))
      try count("won without an amount", role, where: "\(won) AND \(text) IS NULL")
      try count("won with an amount of 0", role, where: "\(won) AND \(text) = 0")
    }
    try checkLosses(role, won, lost)
    if let lead = role.value("lead"), let leads = catalog.model.role(.leads),
      let key = leads.value("key")
    {
      try orphans(
        "LEAD that is no lead",
        role,
        Syntax.format(lead),
        to: quoted(leads.table),
        Syntax.format(key)
      )
    }
  }

  /// Some CRMs archive lost deals: then every win rate is 100 %.
  private mutating func checkLosses(
    _ role: RoleDefinition,
    _ won: String,
    _ lost: String?
  ) throws(StatementFailure) {
    if let lost {
      let query = "SELECT count(*) FROM \(quoted(role.table)) WHERE \(lost)"
      guard case .integer(0)? = try answer(query).first?.first else { return }
    }
    try count("wins but no losses: are lost deals missing?", role, where: won)
  }

  private mutating func checkStages(_ role: RoleDefinition) throws(StatementFailure) {
    guard role.condition("won") == nil, let stage = role.value("stage") else { return }
    let labels = try lookup.texts(of: stage, in: role.table)
    let unknown = labels.filter {
      RoleScope.stage($0, among: catalog.model.stages, labels: labels) == nil
    }
    let text = Syntax.format(stage)
    for label in unknown {
      try count(
        "stage without a kind: ALTER MODEL ADD STAGES (\(Syntax.format(sql.text(label))) OPEN)",
        role,
        where: "\(text) = \(Syntax.format(sql.text(label)))"
      )
    }
    try count("without a stage", role, where: "\(text) IS NULL")
  }

  /// The condition of an outcome, as text in parentheses.
  func outcome(_ kind: StageKind, of role: RoleDefinition) -> String? {
    if let condition = role.condition(kind.rawValue) { return "(\(Syntax.format(condition)))" }
    guard role.condition("won") == nil, let stage = role.value("stage"),
      let labels = try? lookup.texts(of: stage, in: role.table)
    else { return nil }
    let fitting = labels.filter {
      RoleScope.stage($0, among: catalog.model.stages, labels: labels)?.kind == kind
    }
    guard !fitting.isEmpty else { return nil }
    return "(\(Syntax.format(sql.any(of: sql.grouped(stage), fitting))))"
  }

  // MARK: Leads

  mutating func checkLeads(_ role: RoleDefinition) throws(StatementFailure) {
    let created = try role.value("created").flatMap { value throws(StatementFailure) in
      try isDate(value, of: role) ? Syntax.format(sql.grouped(value)) : nil
    }
    var moments = role.milestones.map { ($0.name.text, $0.at) }
    for name in ["converted", "responded", "accepted"] {
      if let value = role.value(name), try isDate(value, of: role) { moments.append((name, value)) }
    }
    if let created {
      for (name, at) in moments {
        try count("\(name) before created", role, where: "\(Syntax.format(at)) < \(created)")
      }
    }
    guard let converted = role.value("converted"), let condition = try unlinked(role) else {
      return
    }
    let text = Syntax.format(converted)
    let isConverted = try isDate(converted, of: role) ? "\(text) IS NOT NULL" : text
    try count("converted without an opportunity", role, where: "\(isConverted) AND \(condition)")
  }

  /// The condition that a lead has no opportunity.
  private func unlinked(_ leads: RoleDefinition) throws(StatementFailure) -> String? {
    if let own = leads.value("opportunity") { return "\(Syntax.format(own)) IS NULL" }
    guard let deals = catalog.model.role(.opportunities), let lead = deals.value("lead"),
      let key = leads.value("key")
    else { return nil }
    let link = Syntax.format(lead)
    return
      "\(Syntax.format(key)) NOT IN (SELECT \(link) FROM \(quoted(deals.table)) WHERE \(link) IS NOT NULL)"
  }

  mutating func checkHistory(_ role: RoleDefinition) throws(StatementFailure) {
    guard let key = role.value("key"),
      let subject = catalog.model.role(role.of ?? .opportunities), let own = subject.value("key"),
      !foldedEqual(subject.table.last, role.table.last)
    else { return }
    try orphans(
      "changes of no known entity",
      role,
      Syntax.format(key),
      to: quoted(subject.table),
      Syntax.format(own)
    )
  }

  // MARK: Links

  mutating func orphans(
    _ check: String,
    _ role: RoleDefinition,
    _ column: String,
    to table: String,
    _ key: String
  ) throws(StatementFailure) {
    try count(
      check,
      role: role.role.rawValue,
      table: role.table.last,
      example: column,
      total: "SELECT count(*) FROM \(quoted(role.table)) WHERE \(column) IS NOT NULL",
      rows: "FROM \(quoted(role.table)) WHERE \(column) IS NOT NULL AND "
        + "\(column) NOT IN (SELECT \(key) FROM \(table) WHERE \(key) IS NOT NULL)"
    )
  }

  mutating func check(_ link: LinkDefinition) throws(StatementFailure) {
    let source = QualifiedName(Array(link.source.parts.dropLast()))
    let target = QualifiedName(Array(link.target.parts.dropLast()))
    let column = quoted(link.source.last)
    let key = quoted(link.target.last)
    try count(
      "\(column) without a row of \(target.last)",
      role: "LINK",
      table: source.last,
      example: column,
      total: "SELECT count(*) FROM \(quoted(source)) WHERE \(column) IS NOT NULL",
      rows: "FROM \(quoted(source)) WHERE \(column) IS NOT NULL AND "
        + "\(column) NOT IN (SELECT \(key) FROM \(quoted(target)) WHERE \(key) IS NOT NULL)"
    )
    try count(
      "duplicate keys of a link",
      role: "LINK",
      table: target.last,
      example: key,
      total: "SELECT count(*) FROM \(quoted(target))",
      rows: "FROM \(quoted(target)) WHERE \(key) IN "
        + "(SELECT \(key) FROM \(quoted(target)) GROUP BY \(key) HAVING count(*) > 1)"
    )
  }

  // MARK: Conversions above 100 %

  /// Sheets of counts: a later stage that is larger than an earlier one of the same row.
  mutating func checkStageCounts() throws(StatementFailure) {
    let order: [ModelRole] = [.leads, .mqls, .sqls, .opportunities, .bookings]
    let counted = order.compactMap { catalog.model.role($0) }.filter { $0.value("count") != nil }
    for (earlier, later) in zip(counted, counted.dropFirst())
    where foldedEqual(earlier.table.last, later.table.last) {
      guard let first = earlier.value("count"), let second = later.value("count") else { continue }
      try count(
        "conversion above 100 %: more \(later.role.rawValue.lowercasedASCII) than "
          + earlier.role.rawValue.lowercasedASCII,
        later,
        where: "\(Syntax.format(second)) > \(Syntax.format(first))"
      )
    }
    let tables = order.compactMap { catalog.model.role($0) }.filter {
      $0.value("count") == nil && [.mqls, .sqls, .bookings].contains($0.role) || $0.role == .leads
    }
    guard let leads = tables.first, leads.role == .leads, leads.value("count") == nil else {
      return
    }
    let all = "SELECT count(*) FROM \(quoted(leads.table))"
    for later in tables.dropFirst() {
      let query = "SELECT count(*) > (\(all)) FROM \(quoted(later.table))"
      guard case .boolean(true)? = try answer(query).first?.first else { continue }
      try count(
        "conversion above 100 %: more \(later.role.rawValue.lowercasedASCII) than leads",
        role: later.role.rawValue,
        table: later.table.last,
        example: nil,
        total: all,
        rows: "FROM \(quoted(later.table))"
      )
    }
  }
}
