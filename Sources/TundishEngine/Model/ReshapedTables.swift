internal import TundishColumns
internal import TundishSyntax

/// Views that put tables of known but roundabout shapes into rows and columns, for recognition to look
/// at in their place: records of an API whose values lie in an object of their own, snapshots that
/// hold every deal once per week, reports that name a group once, and a table in several files.
///
/// The views are there before recognition asks about them; one that no role or link came to use is
/// taken away again.
struct ReshapedTables {
  /// The views, and the columns of each.
  private(set) var views: [(view: CreateView, fields: [Field])] = []
  /// Tables in whose place a view stands, in folded spelling.
  private(set) var hidden: Set<String> = []
  /// What is said of the views that are used, by their folded names.
  private(set) var told: [String: String] = [:]

  private let lookup: SchemaLookup
  private let catalog: Catalog

  /// Finds the tables that need it, and adds their views to the catalog.
  init(
    catalog: inout Catalog,
    runner: any QueryRunner,
    publish: (Catalog) -> Void
  ) throws(StatementFailure) {
    self.catalog = catalog
    lookup = SchemaLookup(catalog: catalog, runner: runner)
    var found: [(view: CreateView, of: String)] = []
    let tables = catalog.tables.values.sorted { foldedText($0.name) < foldedText($1.name) }
    for files in try SplitTable.all(of: tables, lookup: lookup) {
      for shape in files.shapes {
        guard let view = parsed(shape.text), isFree(view.name.last, of: files.parts[0].name) else {
          continue
        }
        found.append((view, files.parts[0].name))
        told[foldedText(view.name.last)] = shape.told
        hidden.formUnion(files.parts.map { foldedText($0.name) })
      }
    }
    for entry in tables where !hidden.contains(foldedText(entry.name)) {
      for shape in try shapes(of: entry) {
        guard let view = parsed(shape.text), isFree(view.name.last, of: entry.name) else {
          continue
        }
        found.append((view, entry.name))
        told[foldedText(view.name.last)] = shape.told
        if shape.hides { hidden.insert(foldedText(entry.name)) }
      }
    }
    for (view, _) in found { catalog.views[foldedText(view.name.last)] = view }
    publish(catalog)
    let sql = SQLBuilder()
    for (view, _) in found {
      let rows = try runner.rows(
        of: sql.query(sql.select([sql.item(sql.star)], from: sql.table(view.name.last)), limit: 0)
      )
      views.append((view, rows.schema.fields))
    }
  }

  /// A view that a table's shape asks for.
  struct Shape {
    var text: String
    var told: String
    /// Whether the view has all that the table has.
    var hides: Bool
  }

  private func shapes(of entry: TableEntry) throws(StatementFailure) -> [Shape] {
    if let moves = CardMoves(entry: entry) { return [moves.shape()] }
    if let recurring = RecurringChanges(entry: entry) { return [recurring.shape()] }
    if let sheet = RecurringSheet(entry: entry) { return [sheet.shape()] }
    if let prefixed = PrefixedColumns(entry: entry) { return [prefixed.shape()] }
    if let late = try LateHeader(entry: entry, lookup: lookup) { return [late.shape()] }
    if let record = try NestedRecord(entry: entry, lookup: lookup).shape() { return [record] }
    if let snapshots = try Snapshots(entry: entry, lookup: lookup) { return snapshots.shapes() }
    if let paths = try ConversionPaths(entry: entry, lookup: lookup) { return paths.shapes() }
    if let report = try GroupedReport(entry: entry, lookup: lookup) { return [report.shape()] }
    if let repeated = try RepeatedDeals(entry: entry, lookup: lookup) { return [repeated.shape()] }
    let tables = catalog.tables.values
    if let paired = try PairedContacts(entry: entry, among: tables, lookup: lookup) {
      return [paired.shape()]
    }
    if let sheet = try CountsByMonth(entry: entry, lookup: lookup) { return [sheet.shape()] }
    if let figures = try FigureRows(entry: entry, lookup: lookup) { return [figures.shape()] }
    return NestedHistory(entry: entry).map { [$0.shape()] } ?? []
  }

  private func parsed(_ text: String) -> CreateView? {
    guard case .createView(let view)? = Syntax.parse(text).script.statements.first?.kind else {
      return nil
    }
    return view
  }

  /// Whether a view may have the name: nothing has it, or what has it was made of the same table.
  private func isFree(_ name: String, of table: String) -> Bool {
    guard catalog.tables[foldedText(name)] == nil else { return false }
    guard let view = catalog.views[foldedText(name)] else { return true }
    let text = Syntax.format(Statement(.createView(view), range: SourceRange(0, 0)))
    return text.contains("FROM " + Syntax.format(SQLBuilder().name(table)))
  }

  /// The catalog as recognition sees it: each view is a table of its columns, without rows, since
  /// what it holds is asked of the view itself.
  func seen(in catalog: Catalog) -> Catalog {
    var seen = catalog
    for name in hidden { seen.tables[name] = nil }
    for (view, fields) in views {
      let name = view.name.last
      seen.tables[foldedText(name)] = TableEntry(
        name: name,
        table: StoredTable(schema: Schema(fields))
      )
    }
    return seen
  }

  /// Takes away the views that neither the model nor a view that recognition made uses, and says what
  /// the others are.
  func settle(_ catalog: inout Catalog, made: [CreateView]) -> [String] {
    var used = Set(
      catalog.model.roles.map { foldedText($0.table.last) }
        + catalog.model.links.flatMap { link in
          [link.source, link.target].map { foldedText($0.parts.first?.text ?? "") }
        }
    )
    let texts = made.map {
      Syntax.format(Statement(.createView($0), range: SourceRange(0, 0)))
    }
    for (view, _) in views {
      let name = Syntax.format(SQLBuilder().name(view.name.last))
      let isRead = texts.contains { $0.contains("FROM \(name)") || $0.contains("JOIN \(name)") }
      if isRead { used.insert(foldedText(view.name.last)) }
    }
    var messages: [String] = []
    for (view, _) in views {
      let key = foldedText(view.name.last)
      if !used.contains(key) {
        catalog.views[key] = nil
      } else if let told = told[key] {
        messages.append(told)
      }
    }
    return messages
  }
}
