internal import TundishColumns
internal import TundishSyntax

extension Binder {
  /// Binds FROM: the relations between commas, each of which may use those before it.
  func bindFrom(_ references: [TableReference], parent: Scope?) -> Relation {
    guard let first = references.first else { return .singleRow() }
    var whole = bindRelation(first, left: nil, parent: parent)
    for reference in references.dropFirst() {
      let right = bindRelation(reference, left: whole, parent: parent)
      whole = crossed(whole, right, reference.range)
    }
    return whole
  }

  /// All pairs of rows of two relations.
  func crossed(_ left: Relation, _ right: Relation, _ range: SourceRange) -> Relation {
    checkDuplicates(left, right, range)
    return Relation(
      plan: .join(JoinPlan(kind: .inner, left: left.plan, right: right.plan)),
      tables: left.tables + right.tables,
      visible: left.visible + right.visible
    )
  }

  func checkDuplicates(_ left: Relation, _ right: Relation, _ range: SourceRange) {
    for table in right.tables where !table.name.isEmpty {
      if left.tables.contains(where: { $0.key == table.key && $0.schema == table.schema }) {
        report(.duplicateName("table or alias", table.name, at: blame(range)))
      }
    }
  }

  /// Binds one relation; one that cannot be bound is reported and comes back as unknown.
  func bindRelation(_ reference: TableReference, left: Relation?, parent: Scope?) -> Relation {
    let bound = nested(reference.range) {
      bindKind(of: reference, left: left, parent: parent)
    }
    let name = reference.alias ?? reference.ownName
    guard var relation = bound else {
      return Relation(
        plan: .values(columns: [], rows: [[]]),
        tables: [ScopeTable(name: name?.text ?? "", columns: [], isUnknown: true)],
        visible: []
      )
    }
    relation = sampled(relation, reference.sample)
    if reference.alias != nil || !reference.columnAliases.isEmpty {
      relation = renamed(relation, reference)
    }
    return relation
  }

  private func bindKind(
    of reference: TableReference,
    left: Relation?,
    parent: Scope?
  )
    -> Relation?
  {
    switch reference.kind {
    case .table(let name):
      isAliased = reference.alias != nil
      return bindTable(name, parent)
    case .file(let path):
      return bindFile(path, options: FileOptions(), name: Self.stem(of: path), reference.range)
    case .function(let call, let withOrdinality):
      return bindTableFunction(
        call,
        withOrdinality: withOrdinality,
        reference.range,
        lateral(left, parent)
      )
    case .query(let query, _):
      return bind(query: query, parent: lateral(left, parent)).map { bound in
        relation(bound, name: "", origin: nil)
      }
    case .join(let join):
      return bindJoin(join, reference.range, left: left, parent: parent)
    case .pivot(let source, let pivot):
      return pivotQuery(source, pivot, reference.range, isStatement: false).flatMap { query in
        bind(query: query, parent: lateral(left, parent)).map {
          relation($0, name: "", origin: nil)
        }
      }
    case .unpivot(let source, let unpivot):
      return unpivotQuery(source, unpivot, reference.range, parent).flatMap { query in
        bind(query: query, parent: lateral(left, parent)).map {
          relation($0, name: "", origin: nil)
        }
      }
    }
  }

  /// The scope in which a relation's own expressions are bound: that of the relations before it.
  func lateral(_ left: Relation?, _ parent: Scope?) -> Scope? {
    guard let left, !left.visible.isEmpty || left.isUnknown else { return parent }
    return Scope(parent: parent, relation: left, clause: .from)
  }

  /// A relation of one name.
  func relation(
    _ bound: BoundQuery,
    name: String,
    schema: String = "",
    origin: String?
  )
    -> Relation
  {
    var taken: Set<String> = []
    let columns = bound.columns.map { ScopeColumn($0, name: Self.free($0.name, &taken)) }
    var table = ScopeTable(name: name, columns: columns, origin: origin)
    table.schema = schema
    return Relation(plan: bound.plan, tables: [table], visible: columns)
  }

  /// A name that no column before has: the second `a` of a subquery is `a_1`.
  private static func free(_ name: String, _ taken: inout Set<String>) -> String {
    var candidate = name
    var number = 0
    while !taken.insert(foldedKey(candidate)).inserted {
      number += 1
      candidate = "\(name)_\(number)"
    }
    return candidate
  }

  /// Gives a relation its alias, and its columns other names.
  private func renamed(_ relation: Relation, _ reference: TableReference) -> Relation {
    let names = reference.columnAliases
    if names.count > relation.visible.count {
      report(
        .wrongColumnCount(
          "column names of '\(reference.alias?.text ?? "")'",
          wanted: relation.visible.count,
          found: names.count,
          at: blame(reference.range)
        )
      )
    }
    let columns = relation.visible.enumerated().map { position, column in
      position < names.count ? ScopeColumn(column.column, name: names[position].text) : column
    }
    let origin = relation.tables.count == 1 && names.isEmpty ? relation.tables[0].origin : nil
    let name = reference.alias?.text ?? relation.tables.first?.name ?? ""
    var table = ScopeTable(
      name: name,
      columns: columns,
      origin: origin,
      isUnknown: relation.isUnknown
    )
    if relation.tables.count == 1 { table.rowID = relation.tables[0].rowID }
    return Relation(plan: relation.plan, tables: [table], visible: columns)
  }

  /// The name of a file without folder and extensions.
  static func stem(of path: String) -> String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    return file.split(separator: ".", omittingEmptySubsequences: false).first.map(String.init)
      ?? file
  }
}

extension TableReference {
  /// The name that a relation has without an alias.
  var ownName: Identifier? {
    switch kind {
    case .table(let name): name.parts.last
    case .function(let call, _): call.name.parts.last
    case .file, .query, .join, .pivot, .unpivot: nil
    }
  }
}
