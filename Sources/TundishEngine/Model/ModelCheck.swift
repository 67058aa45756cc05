internal import TundishColumns
internal import TundishSyntax

/// What CHECK MODEL looks for: rows that make numbers wrong or doubtful, each with the statement
/// that lists them.
struct ModelCheck {
  /// One kind of doubtful rows.
  struct Finding {
    var check: String
    var role: String
    var table: String
    var rowCount: Int64
    var totalCount: Int64
    var example: String?
    var statement: String
  }

  let catalog: Catalog
  let lookup: SchemaLookup
  private(set) var findings: [Finding] = []
  let sql = SQLBuilder()

  init(catalog: Catalog, lookup: SchemaLookup) {
    self.catalog = catalog
    self.lookup = lookup
  }

  /// Checks the whole model.
  mutating func run() throws(StatementFailure) {
    for role in catalog.model.roles {
      try checkKey(role)
      try checkDates(role)
      try checkAmount(role)
      try checkDeleted(role)
      switch role.role {
      case .opportunities: try checkDeals(role)
      case .leads: try checkLeads(role)
      case .history: try checkHistory(role)
      case .visits, .touches, .spend, .quotas, .activities, .customers, .subscriptions, .mqls,
        .sqls, .bookings:
        break
      }
    }
    for link in catalog.model.links { try check(link) }
    try checkStageCounts()
  }

  // MARK: Counting

  /// Counts the rows of a role's table that satisfy a condition.
  mutating func count(
    _ check: String,
    _ role: RoleDefinition,
    where condition: String
  ) throws(StatementFailure) {
    let table = quoted(role.table)
    let counted = role.condition("counted").map { "(\(Syntax.format($0))) AND " } ?? ""
    try count(
      check,
      role: role.role.rawValue,
      table: role.table.last,
      example: role.value("key").map { Syntax.format($0) },
      total: "SELECT count(*) FROM \(table)",
      rows: "FROM \(table) WHERE \(counted)\(condition)"
    )
  }

  /// Counts rows; `example` is an expression of which one value is shown.
  mutating func count(
    _ check: String,
    role: String,
    table: String,
    example: String?,
    total: String,
    rows: String
  ) throws(StatementFailure) {
    let shown = example.map { "min(CAST(\($0) AS VARCHAR))" } ?? "NULL"
    guard let row = try answer("SELECT count(*), \(shown) \(rows)").first, row.count == 2,
      case .integer(let count) = row[0], count > 0
    else { return }
    var all = count
    if case .integer(let total)? = try answer(total).first?.first { all = total }
    var text: String?
    if case .text(let found) = row[1] { text = found }
    findings.append(
      Finding(
        check: check,
        role: role,
        table: table,
        rowCount: count,
        totalCount: all,
        example: text,
        statement: rows + ";"
      )
    )
  }

  /// The rows of a query that we wrote.
  func answer(_ text: String) throws(StatementFailure) -> [[Value]] {
    guard case .query(let query)? = Syntax.parse(text).script.statements.first?.kind else {
      return []
    }
    return try lookup.rows(of: query)
  }

  mutating func add(_ finding: Finding) { findings.append(finding) }

  func quoted(_ name: QualifiedName) -> String { Syntax.format(sql.name(name.last)) }
  func quoted(_ name: String) -> String { Syntax.format(sql.name(name)) }

  /// The columns of the answer; the share is printed as a percentage.
  static let fields: [Field] = [
    Field(name: "finding", type: .varchar), Field(name: "role", type: .varchar),
    Field(name: "table", type: .varchar), Field(name: "rows", type: .bigint),
    Field(name: "share", type: .double, unit: .rate), Field(name: "example", type: .varchar),
    Field(name: "list_with", type: .varchar),
  ]

  /// The findings as rows of the answer.
  var rows: [[Value]] {
    findings.map { finding in
      [
        .text(finding.check), .text(finding.role), .text(finding.table),
        .integer(finding.rowCount),
        finding.totalCount > 0
          ? .double(Double(finding.rowCount) / Double(finding.totalCount)) : .null,
        finding.example.map { .text($0) } ?? .null, .text(finding.statement),
      ]
    }
  }
}
