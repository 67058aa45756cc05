/// A statement that changes rows, in the WITH clause of another: `WITH gone AS (DELETE ...) ...`.
package indirect enum TableChange: Sendable, Hashable {
  case insert(Insert)
  case update(Update)
  case delete(Delete)
  case merge(Merge)

  /// The change as a statement of its own; nil for all other statements.
  package init?(_ statement: Statement.Kind) {
    switch statement {
    case .insert(let insert): self = .insert(insert)
    case .update(let update): self = .update(update)
    case .delete(let delete): self = .delete(delete)
    case .merge(let merge): self = .merge(merge)
    default: return nil
    }
  }

  /// The change as a statement of its own.
  package var statement: Statement.Kind {
    switch self {
    case .insert(let insert): .insert(insert)
    case .update(let update): .update(update)
    case .delete(let delete): .delete(delete)
    case .merge(let merge): .merge(merge)
    }
  }

  /// What its rows look like to the queries after it; empty where it gives none.
  package var returning: [SelectItem] {
    switch self {
    case .insert(let insert): insert.returning
    case .update(let update): update.returning
    case .delete(let delete): delete.returning
    case .merge(let merge): merge.returning
    }
  }

  /// The word that it begins with.
  package var verb: String {
    switch self {
    case .insert: "INSERT"
    case .update: "UPDATE"
    case .delete: "DELETE"
    case .merge: "MERGE"
    }
  }
}

extension WithClause {
  /// Whether one of its items changes rows, and has not run yet.
  package var changesRows: Bool { items.contains { $0.change != nil && !$0.hasRun } }
}

extension CommonTableExpression {
  /// Whether the item is a change without RETURNING that has run: no rows stand for it.
  package var hasRun: Bool {
    guard change != nil, case .values(let rows) = query.body else { return false }
    return rows.isEmpty
  }

  /// The item after it has run without giving rows.
  package var spent: CommonTableExpression {
    var item = self
    item.query = Query(body: .values([]), range: query.range)
    return item
  }
}

extension Statement.Kind {
  /// The WITH clause before the statement, of those that may have one.
  package var with: WithClause? {
    get {
      switch self {
      case .query(let query): query.with
      case .insert(let insert): insert.query?.with ?? insert.with
      case .update(let update): update.with
      case .delete(let delete): delete.with
      case .merge(let merge): merge.with
      default: nil
      }
    }
    set {
      switch self {
      case .query(var query):
        query.with = newValue
        self = .query(query)
      case .insert(var insert):
        if insert.query == nil { insert.with = newValue } else { insert.query?.with = newValue }
        self = .insert(insert)
      case .update(var update):
        update.with = newValue
        self = .update(update)
      case .delete(var delete):
        delete.with = newValue
        self = .delete(delete)
      case .merge(var merge):
        merge.with = newValue
        self = .merge(merge)
      default: break
      }
    }
  }

  /// The statement with further named queries before its own.
  package func adding(_ earlier: WithClause) -> Statement.Kind {
    guard !earlier.items.isEmpty else { return self }
    var statement = self
    guard var with = statement.with else {
      statement.with = earlier
      return statement
    }
    with.items = earlier.items + with.items
    statement.with = with
    return statement
  }
}
