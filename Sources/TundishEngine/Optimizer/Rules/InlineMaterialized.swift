internal import TundishColumns
internal import TundishSyntax

/// Puts common table expressions where they are read.
///
/// What: a materialized query that is read once, or that is only a scan with conditions and
/// deterministic columns, is computed where it is read.
///
/// Why: conditions of the reader then reach its scan, columns that are not read are not computed,
/// and no rows are kept.
///
/// Why not always: what is read twice and costs more would be computed twice, and
/// `WITH r AS (SELECT random() AS x) SELECT * FROM r a, r b WHERE a.x = b.x` must give a row. What
/// is read in the step of a recursive query would be computed once per round.
struct InlineMaterialized: OptimizerRule {
  func apply(_ plan: Plan, _ state: OptimizerState) -> Plan {
    let plan = plan.mapChildren { apply($0, state) }
    guard case .materialize(let materialize) = plan else { return plan }
    let (count, isRepeated) = materialize.body.readers(of: materialize.id)
    guard count > 0, !isRepeated, count == 1 || materialize.definition.isCheapToRepeat else {
      return plan
    }
    state.hasChanged = true
    let definition = materialize.definition
    var isFirst = true
    return materialize.body.replacingReaders(of: materialize.id) { reference in
      var source = definition
      if !isFirst { source = definition.renumbered(state) }
      isFirst = false
      let columns = zip(reference.columns, source.columns).map { column, source in
        ProjectedColumn(column: column, expression: .column(source, range: .nowhere))
      }
      return .project(columns, source)
    }
  }
}

extension Plan {
  /// How often a query is read, and whether that happens in a step that is repeated.
  func readers(of id: MaterializationID) -> (count: Int, isRepeated: Bool) {
    switch self {
    case .reference(let reference):
      return (reference.id == id ? 1 : 0, false)
    case .recursive(let recursive):
      let anchor = recursive.anchor.readers(of: id)
      let step = recursive.step.readers(of: id)
      return (anchor.count + step.count, anchor.isRepeated || step.count > 0)
    case .scan, .values, .tableFunction, .filter, .project, .join, .aggregate, .window, .sort,
      .limit, .distinct, .distinctOn, .setOperation, .unnest, .materialize, .sample:
      return children.reduce((0, false)) { found, child in
        let inner = child.readers(of: id)
        return (found.0 + inner.count, found.1 || inner.isRepeated)
      }
    }
  }

  func replacingReaders(
    of id: MaterializationID,
    _ replacement: (ReferencePlan) -> Plan
  ) -> Plan {
    if case .reference(let reference) = self, reference.id == id { return replacement(reference) }
    return mapChildren { $0.replacingReaders(of: id, replacement) }
  }

  /// Whether computing the plan again costs about as much as reading kept rows.
  var isCheapToRepeat: Bool {
    switch self {
    case .scan(let scan):
      return scan.predicate?.isDeterministic ?? true
    case .filter(let predicate, let input):
      return predicate.isDeterministic && predicate.size(upTo: 20) < 20 && input.isCheapToRepeat
    case .project(let columns, let input):
      return input.isCheapToRepeat
        && columns.allSatisfy { $0.expression.columnID != nil || $0.expression.literal != nil }
    case .values, .tableFunction, .join, .aggregate, .window, .sort, .limit, .distinct,
      .distinctOn, .setOperation, .unnest, .materialize, .reference, .recursive, .sample:
      return false
    }
  }

  /// The plan of a scan with conditions, with new ids.
  func renumbered(_ state: OptimizerState) -> Plan {
    switch self {
    case .scan(var scan):
      var replacements: [ColumnID: BoundExpression] = [:]
      scan.columns = scan.columns.map { scanned in
        let copy = state.makeCopy(of: scanned.column)
        replacements[scanned.column.id] = .column(copy, range: .nowhere)
        return ScanColumn(column: copy, position: scanned.position)
      }
      scan.predicate = scan.predicate?.substituting(replacements)
      return .scan(scan)
    case .filter(let predicate, let input):
      let copy = input.renumbered(state)
      return .filter(predicate.substituting(input.renaming(to: copy)), copy)
    case .project(let columns, let input):
      let copy = input.renumbered(state)
      let names = input.renaming(to: copy)
      let made = columns.map { column in
        // A column that passes keeps the id that it has below.
        if let id = column.expression.columnID,
          let below = copy.columnsByID[names[id]?.columnID ?? id],
          column.column.id == id
        {
          return ProjectedColumn(passing: below)
        }
        return ProjectedColumn(
          column: state.makeCopy(of: column.column),
          expression: column.expression.substituting(names)
        )
      }
      return .project(made, copy)
    case .values, .tableFunction, .join, .aggregate, .window, .sort, .limit, .distinct,
      .distinctOn, .setOperation, .unnest, .materialize, .reference, .recursive, .sample:
      return self
    }
  }

  /// What the columns of a plan are called in a copy of it.
  private func renaming(to copy: Plan) -> [ColumnID: BoundExpression] {
    let pairs = zip(columns, copy.columns).map { column, renamed in
      (column.id, BoundExpression.column(renamed, range: .nowhere))
    }
    return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }
}
