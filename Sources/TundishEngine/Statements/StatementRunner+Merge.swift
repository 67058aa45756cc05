internal import TundishColumns
internal import TundishSyntax

// MERGE: each clause is a query over the table with numbered rows and the source's rows, which are
// computed once. Every clause sees the table as it was, and no row may change twice.
extension StatementRunner {
  /// Changes, removes and adds rows of a table as it compares with other rows.
  func run(_ merge: Merge) throws(StatementFailure) -> StatementResult {
    let entry = try table(merge.table)
    try refuseUnreachable(merge.clauses)
    let outer = session.catalog
    var work = try MergeWork(merge, entry, source: mergeSource(merge))
    session.catalog = try storing(merge.table.range) { () throws(ExecutionError) in
      try self.catalog(numbering: entry)
    }
    session.catalog.tables[MergeWork.sourceKey] = TableEntry(
      name: MergeWork.sourceKey,
      table: work.source
    )
    for position in merge.clauses.indices { try apply(clause: position, of: &work) }
    session.catalog = outer
    let outcome = try finish(work)
    let result = try result(
      returning: merge.returning,
      from: outcome.rows,
      of: outcome.entry,
      named: work.targetName,
      actions: outcome.actions,
      changed: outcome.actions.count,
      verb: "merged",
      range: merge.table.range
    )
    store(outcome.entry)
    try verifyForeignKeys(of: outcome.entry, range: merge.table.range)
    return result
  }

  /// The rows that the table is compared with.
  private func mergeSource(_ merge: Merge) throws(StatementFailure) -> StoredTable {
    var source = merge.source
    let builder = SQLBuilder(source.range)
    if case .query = source.kind, source.alias == nil {
      source.alias = builder.identifier(MergeWork.sourceKey)
    }
    let select = builder.select([SelectItem(expression: builder.star)], from: source)
    let (schema, batches) = try answerRows(of: builder.query(select, with: merge.with))
    let fields = zip(schema.fields, Self.uniqueNames(schema.fields.map(\.name))).map {
      Field(name: $1, type: $0.type.storable, unit: $0.unit)
    }
    return try storing(source.range) { () throws(ExecutionError) in
      try StoredTable(schema: Schema(fields), batches: self.cast(batches, to: fields))
    }
  }

  /// After a clause without a condition no other of its kind is ever tried.
  private func refuseUnreachable(_ clauses: [MergeClause]) throws(StatementFailure) {
    for (position, clause) in clauses.enumerated() {
      let earlier = clauses[..<position].contains {
        $0.match == clause.match && $0.filter == nil
      }
      guard earlier else { continue }
      throw StatementFailure([
        .wrongState(
          "this clause is never reached: WHEN \(clause.match.rawValue) before it has no condition",
          at: clause.range
        )
      ])
    }
  }

  private func apply(clause position: Int, of work: inout MergeWork) throws(StatementFailure) {
    let clause = work.merge.clauses[position]
    let entry = work.entry
    let fields = entry.table.schema.fields
    switch clause.action {
    case .nothing: return
    case .error(let message):
      let items = [SelectItem(expression: message ?? SQLBuilder(clause.range).null)]
      let (_, batches) = try answerRows(of: work.query(items, position, limit: 1))
      guard let row = batches.first(where: { $0.rowCount > 0 })?.row(at: 0) else { return }
      let reason = message == nil ? "" : ": \(ValueText.text(of: row[0]))"
      throw StatementFailure([
        .constraintFailed("a row meets WHEN ... THEN ERROR\(reason)", at: clause.range)
      ])
    case .delete:
      let (_, batches) = try answerRows(of: work.query([work.rowNumber(clause)], position))
      for batch in batches {
        for row in 0..<batch.rowCount {
          guard case .integer(let number) = batch.columns[0].value(at: row) else { continue }
          try work.claim(Int(number), for: clause)
          work.deleted.append(Int32(number))
        }
      }
      work.actions += [String](repeating: "DELETE", count: batches.reduce(0) { $0 + $1.rowCount })
      work.steps.append(.delete(batches.reduce(0) { $0 + $1.rowCount }))
    case .update, .updateAll:
      let assignments = try work.assignments(clause)
      let positions = try self.positions(of: assignments.map(\.column), in: fields)
      try refuseRows(assignments, positions.map { fields[$0].type })
      for (index, target) in positions.enumerated() {
        let column = assignments[index].column
        guard !positions[..<index].contains(target) else {
          throw StatementFailure([.duplicateName("column", column.text, at: column.range)])
        }
        try refuseGenerated(target, of: entry, at: column.range)
      }
      let values = zip(assignments, positions).map {
        SelectItem(expression: Self.filling($0.value, of: entry, $1))
      }
      let changed = try changedRows(
        work.query([work.rowNumber(clause)] + values, position),
        session.catalog,
        fields: assignments.map(\.column),
        places: assignments.map(\.value.range),
        of: entry,
        range: clause.range,
        refusing: MergeWork.repeated(clause)
      )
      for number in changed.rows { try work.claim(number, for: clause) }
      work.steps.append(.update(changed.rows, positions, changed.values))
      work.actions += [String](repeating: "UPDATE", count: changed.rows.count)
    case .insert, .insertAll, .insertDefaults:
      let added = try newRows(work.insert(clause, position), for: entry)
      work.steps.append(.insert(added))
      let count = added.reduce(0) { $0 + $1.rowCount }
      work.actions += [String](repeating: "INSERT", count: count)
    }
  }

  /// DEFAULT as the column's default.
  static func filling(_ value: Expression, of entry: TableEntry, _ position: Int) -> Expression {
    guard case .defaultValue = value.kind else { return value }
    return entry.constraints.defaults[position] ?? Expression(.literal(.null), range: value.range)
  }

  /// The changed table, and the rows that changed with what happened to them, in the order of clauses.
  private func finish(
    _ work: MergeWork
  ) throws(StatementFailure) -> (entry: TableEntry, rows: [Batch], actions: [String]) {
    let range = work.merge.table.range
    var entry = work.entry
    let before = entry.table
    let types = before.schema.fields.map(\.type)
    for case .update(let rows, let positions, let values) in work.steps {
      let table = entry.table
      entry.table = try storing(range) { () throws(ExecutionError) in
        try table.replacing(rows: rows, columns: positions, with: values)
      }
    }
    try regenerate(&entry, range: range)
    let updated = entry.table
    let returned = try storing(range) { () throws(ExecutionError) -> [Batch] in
      guard !work.merge.returning.isEmpty else { return [] }
      let old = try Batch.concatenated(before.batches(), types: types)
      let new = try Batch.concatenated(updated.batches(), types: types)
      var batches: [Batch] = []
      var deleted = work.deleted[...]
      for step in work.steps {
        switch step {
        case .update(let rows, _, _): batches.append(new.gathered(rows.map { Int32($0) }))
        case .delete(let count):
          batches.append(old.gathered(Array(deleted.prefix(count))))
          deleted = deleted.dropFirst(count)
        case .insert(let added): batches += added
        }
      }
      return batches
    }
    var mask = [Bool](repeating: false, count: before.rowCount)
    for row in work.deleted { mask[Int(row)] = true }
    entry.table = try storing(range) { () throws(ExecutionError) in
      var table = work.deleted.isEmpty ? updated : try updated.deleting(mask)
      for case .insert(let added) in work.steps { table = try table.appending(added) }
      return table
    }
    try verify(entry, range: range)
    return (entry, returned, work.actions)
  }
}

/// What a MERGE has found so far.
private struct MergeWork {
  /// One clause's changes.
  enum Step {
    case update([Int], [Int], Batch)
    /// So many of the deleted rows.
    case delete(Int)
    case insert([Batch])
  }

  /// The key under which the source's rows stand while the statement runs.
  static let sourceKey = "merge source"

  let merge: Merge
  let entry: TableEntry
  let source: StoredTable
  /// What the table is called in the statement.
  let targetName: String
  /// What the source is called in the statement.
  let sourceName: String
  var steps: [Step] = []
  var deleted: [Int32] = []
  /// INSERT, UPDATE or DELETE for each row.
  var actions: [String] = []
  private var claimed: Set<Int> = []

  init(_ merge: Merge, _ entry: TableEntry, source: StoredTable) {
    self.merge = merge
    self.entry = entry
    self.source = source
    targetName = merge.alias?.text ?? entry.shortName
    sourceName = merge.source.alias?.text ?? Self.name(of: merge.source)
  }

  private static func name(of source: TableReference) -> String {
    switch source.kind {
    case .table(let name): name.last
    case .function(let call, _): call.name.last
    case .file, .query, .join, .pivot, .unpivot: sourceKey
    }
  }

  /// No row may change twice.
  mutating func claim(_ row: Int, for clause: MergeClause) throws(StatementFailure) {
    guard claimed.insert(row).inserted else { throw StatementFailure([Self.repeated(clause)]) }
  }

  static func repeated(_ clause: MergeClause) -> Diagnostic {
    .constraintFailed(
      "several rows of the source match one row of the table, which would change twice",
      at: clause.range
    )
  }

  /// The number of the row, as the first column of a clause's query.
  func rowNumber(_ clause: MergeClause) -> SelectItem {
    let builder = SQLBuilder(clause.range)
    return SelectItem(expression: builder.name(targetName, StatementRunner.rowNumberName))
  }

  /// What a clause asks of the rows that no clause of its kind before it takes.
  func query(_ items: [SelectItem], _ position: Int, limit: Int? = nil) -> Query {
    let clause = merge.clauses[position]
    let builder = SQLBuilder(clause.range)
    let target = builder.stored(entry.name, as: targetName)
    let source = builder.stored(Self.sourceKey, as: sourceName)
    let (left, right, kind): (TableReference, TableReference, JoinClause.Kind) =
      switch clause.match {
      case .matched: (target, source, .inner)
      case .notMatchedByTarget: (source, target, .anti)
      case .notMatchedBySource: (target, source, .anti)
      }
    let join = JoinClause(left: left, right: right, kind: kind, condition: merge.condition)
    let select = builder.select(
      items,
      from: TableReference(.join(join), range: clause.range),
      where: condition(position)
    )
    var query = builder.query(select, limit: limit)
    query.with = merge.with
    return query
  }

  /// Whether a row is for a clause: its condition holds, and that of none before it of its kind.
  private func condition(_ position: Int) -> Expression? {
    let clause = merge.clauses[position]
    let builder = SQLBuilder(clause.range)
    let earlier = merge.clauses[..<position].filter { $0.match == clause.match }
    guard !earlier.isEmpty else { return clause.filter }
    return builder.choose(
      earlier.map { ($0.filter ?? builder.boolean(true), builder.boolean(false)) },
      otherwise: clause.filter.map {
        builder.choose([($0, builder.boolean(true))], otherwise: builder.boolean(false))
      } ?? builder.boolean(true)
    )
  }

  /// The columns that an UPDATE sets.
  func assignments(_ clause: MergeClause) throws(StatementFailure) -> [Assignment] {
    if case .update(let assignments) = clause.action { return assignments }
    guard case .updateAll(let byName) = clause.action else { return [] }
    let builder = SQLBuilder(clause.range)
    return try paired(clause, byName: byName).map { target, source in
      Assignment(column: builder.identifier(target), value: builder.name(sourceName, source))
    }
  }

  /// The statement that stands for an INSERT.
  func insert(_ clause: MergeClause, _ position: Int) throws(StatementFailure) -> Insert {
    let builder = SQLBuilder(clause.range)
    let fields = entry.table.schema.fields
    var columns: [Identifier] = []
    var items: [SelectItem] = []
    switch clause.action {
    case .insert(let names, let values):
      columns = names
      let written = fields.indices.filter { entry.constraints.generated[$0] == nil }
      items = values.enumerated().map { index, value in
        let target =
          names.isEmpty
          ? index < written.count ? written[index] : index
          : index < names.count
            ? fields.firstIndex { foldedEqual($0.name, names[index].text) } ?? index : index
        return SelectItem(expression: StatementRunner.filling(value, of: entry, target))
      }
    case .insertAll(let byName):
      for (target, source) in try paired(clause, byName: byName) {
        columns.append(builder.identifier(target))
        items.append(SelectItem(expression: builder.name(sourceName, source)))
      }
    case .insertDefaults:
      for (position, field) in fields.enumerated()
      where entry.constraints.generated[position] == nil {
        columns.append(builder.identifier(field.name))
        items.append(
          SelectItem(expression: entry.constraints.defaults[position] ?? builder.null)
        )
      }
    case .update, .updateAll, .delete, .nothing, .error: break
    }
    return Insert(
      table: QualifiedName([builder.identifier(entry.shortName)]),
      columns: columns,
      query: query(items, position)
    )
  }

  /// The table's columns with those of the source that belong to them.
  private func paired(
    _ clause: MergeClause,
    byName: Bool
  ) throws(StatementFailure) -> [(target: String, source: String)] {
    let sources = source.schema.fields.map(\.name)
    if byName {
      return sources.map { ($0, $0) }
    }
    let targets = entry.table.schema.fields.enumerated()
      .filter { entry.constraints.generated[$0.offset] == nil }.map(\.element.name)
    guard targets.count == sources.count else {
      throw StatementFailure([
        .wrongColumnCount(
          "the source of MERGE INTO \(entry.shortName)",
          wanted: targets.count,
          found: sources.count,
          at: clause.range
        )
      ])
    }
    return Array(zip(targets, sources))
  }
}
