internal import TundishColumns
internal import TundishSyntax

/// Finds the tables that play roles by the names of their columns, and the columns that link them.
///
/// Nothing ambiguous is guessed: where several tables could play a role, none does, and all are
/// listed with the statements that choose.
struct ModelRecognizer {
  let catalog: Catalog
  let lookup: SchemaLookup
  /// The month in which fiscal years begin, from 1.
  let fiscalYearStart: Int
  var model: SalesModel
  private(set) var messages: [String] = []
  /// Views that had to be made, because no table has one row per deal.
  private(set) var views: [CreateView] = []
  private var lines: [String] = []
  private var questions: [String] = []
  /// Tables that could play a role for which another one tells more.
  private var lesser: [(role: ModelRole, table: String)] = []
  private var fresh: [RoleDefinition] = []
  let sql = SQLBuilder()

  init(catalog: Catalog, lookup: SchemaLookup, fiscalYearStart: Int) {
    self.catalog = catalog
    self.lookup = lookup
    self.fiscalYearStart = fiscalYearStart
    model = catalog.model
  }

  mutating func recognize() throws(StatementFailure) {
    for role in ModelRole.allCases where model.role(role) == nil {
      let found = try candidates(for: role)
      for subject in Self.subjects(of: found) {
        try choose(among: found.filter { $0.subject == subject }, role)
      }
    }
    try recognizeWideSheets()
    try tellUndatedSpend()
    try recognizeStageSheets()
    try deriveOpportunities()
    try deriveLeads()
    try tieByEmail()
    try tieContactsByEmail()
    try readFirstResponse()
    try completeHistory()
    try recognizeStageColumns()
    try recognizeSheet()
    try recognizeScorecard()
    try recognizeTraffic()
    try dropUntied()
    let links = try LinkInference(recognizer: self).links(for: fresh)
    if !links.found.isEmpty {
      model.add(links.found, range: sql.range)
      lines.append(links.report.joined(separator: ", "))
      try tieByLink(links.found)
    }
    for (index, line) in lines.enumerated() {
      messages.append((index == 0 ? "sales model: " : "             ") + line)
    }
    messages += links.doubts + questions + lesserLines
  }

  private static func subjects(of candidates: [RoleCandidate]) -> [ModelRole?] {
    var subjects: [ModelRole?] = []
    for candidate in candidates where !subjects.contains(candidate.subject) {
      subjects.append(candidate.subject)
    }
    return subjects
  }

  /// Takes the only candidate of the best rank, or lists several.
  private mutating func choose(
    among found: [RoleCandidate],
    _ role: ModelRole
  ) throws(StatementFailure) {
    guard let best = found.map(\.rank).max() else { return }
    let equal = found.filter { $0.rank == best }
    guard equal.count == 1, let candidate = equal.first else {
      let names = equal.map(\.table.name).joined(separator: ", ")
      messages.append(
        "several tables could be \(role.rawValue.lowercasedASCII): \(names); none was chosen. "
          + "Choose one:"
      )
      for candidate in equal {
        let made = try ModelItemBuilder(recognizer: self, candidate: candidate).make()
        let statements = made.items.map(Self.statement(adding:)).joined(separator: " ")
        messages.append("  \(statements)")
      }
      messages += together(equal, role)
      return
    }
    try take(candidate)
    lesser += found.filter { $0.rank < best }.map { (role, $0.table.name) }
  }

  /// What is said of tables that could have played a role and play none.
  private var lesserLines: [String] {
    lesser.compactMap { role, table in
      guard let taken = model.role(role)?.table.last,
        !model.roles.contains(where: { foldedEqual($0.table.last, table) })
      else { return nil }
      return "\(table) could be \(role.rawValue.lowercasedASCII) too; \(taken) says more of them, "
        + "so \(table) is left out"
    }
  }

  /// Adds a candidate to the model.
  mutating func take(_ candidate: RoleCandidate) throws(StatementFailure) {
    let made = try ModelItemBuilder(recognizer: self, candidate: candidate).make()
    for item in made.items {
      if case .stages = item, !model.stages.isEmpty { continue }
      model.items.append(item)
      if case .role(let role, let table, let attributes, _) = item {
        fresh.append(
          RoleDefinition(
            role: role,
            of: candidate.subject,
            table: table,
            attributes: attributes
          )
        )
      }
    }
    lines.append(made.line)
    questions += made.asked
    if let repeated = try repeatedKey(of: candidate) { questions.append(repeated) }
  }

  /// What to know of deals and leads whose key is not theirs alone; nil where it is, or where asking
  /// would make a load of many rows slow.
  private func repeatedKey(of candidate: RoleCandidate) throws(StatementFailure) -> String? {
    guard candidate.role == .opportunities || candidate.role == .leads,
      candidate.table.table.rowCount <= Self.fewRows, let key = candidate.attribute("KEY")
    else { return nil }
    let place = Syntax.format(sql.name(candidate.table.name))
    let value = Syntax.format(key.value)
    let counted = candidate.counted.map { " WHERE " + Syntax.format($0) } ?? ""
    let text = "SELECT count(\(value)), count(DISTINCT \(value)) FROM \(place)\(counted)"
    guard case .query(let query)? = Syntax.parse(text).script.statements.first?.kind,
      let row = try lookup.rows(of: query).first, row.count == 2,
      case .integer(let rows) = row[0], case .integer(let keys) = row[1], keys < rows
    else { return nil }
    return
      "\(candidate.table.name).\(key.column.name) is not unique: \(groupedDigits(Int(rows))) rows "
      + "of \(groupedDigits(Int(keys))); counts take each key once, sums take every row"
  }

  private static let fewRows = 200_000

  /// Replaces what one role item says.
  mutating func replace(_ role: RoleDefinition, by item: ModelItem) {
    guard
      let index = model.items.firstIndex(where: {
        if case .role(let name, let table, _, _) = $0 {
          name == role.role && foldedEqual(table.last, role.table.last)
        } else {
          false
        }
      })
    else { return }
    model.items[index] = item
  }

  /// The roles that this run gave.
  var given: [RoleDefinition] {
    model.roles.filter { role in
      fresh.contains { $0.role == role.role && foldedEqual($0.table.last, role.table.last) }
    }
  }

  /// Asks for a view.
  mutating func add(_ view: CreateView) { views.append(view) }

  /// Adds a message of its own.
  mutating func say(_ message: String) { messages.append(message) }

  /// Adds a line to what is said.
  mutating func tell(_ line: String) { lines.append(line) }

  /// The statement that adds an item, on one line.
  static func statement(adding item: ModelItem) -> String { statement(.add, item) }

  /// The statement that edits the model, on one line.
  static func statement(_ edit: ModelEdit, _ item: ModelItem) -> String {
    let text = Syntax.format(
      Statement(.alterModel(edit, item), range: SourceRange(0, 0))
    )
    let words = text.split(whereSeparator: { $0 == "\n" || $0 == " " })
    let line = words.joined(separator: " ").replacing("( ", with: "(").replacing(" )", with: ")")
    return line.hasSuffix(";") ? line : line + ";"
  }

  /// An expression from its text; the text is ours.
  func expression(_ text: String) -> Expression? {
    guard case .query(let query)? = Syntax.parse("SELECT " + text).script.statements.first?.kind,
      case .select(let select) = query.body
    else { return nil }
    return select.items.first?.expression.moved(to: sql.range)
  }

  /// A name as it is written in a statement.
  func quoted(_ name: String) -> String { Syntax.format(sql.name(name)) }

  /// The names in one phrase, such as `A, B and C`.
  static func enumeration(_ names: [String]) -> String {
    guard names.count > 1, let last = names.last else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and " + last
  }
}
