internal import TundishColumns
internal import TundishSyntax

/// What DESCRIBE says about a column, as a statement and in FROM alike.
enum ColumnDescription {
  /// The columns of the answer; all are texts.
  static let names = ["column_name", "column_type", "null", "key", "default", "unit"]

  /// One row of the answer; without constraints it is about a column of a query.
  static func row(
    _ name: String,
    _ type: String,
    _ unit: Unit,
    at index: Int,
    _ constraints: TableConstraints?
  ) -> [Value] {
    let isKey = constraints?.primaryKey.contains(index) ?? false
    let isUnique = constraints?.allUniqueKeys.contains([index]) ?? false
    return [
      .text(name),
      .text(constraints?.declared[index]?.rawValue ?? type),
      .text(constraints?.notNull.contains(index) ?? false ? "NO" : "YES"),
      isKey ? .text("PRI") : isUnique ? .text("UNI") : .null,
      constraints?.defaults[index].map { .text(Syntax.format($0)) } ?? .null,
      unit == .none ? .null : .text(unit.description),
    ]
  }
}

extension Catalog {
  /// The table that `DESCRIBE t` names; nil where it describes a query.
  func described(_ query: Query, current schema: String) -> TableEntry? {
    switch query.body {
    case .table(let name): return tables[key(of: name, current: schema)]
    case .select(let select):
      guard select.from.count == 1, select.items.count == 1,
        case .star = select.items[0].expression.kind,
        case .table(let name) = select.from[0].kind
      else { return nil }
      return tables[key(of: name, current: schema)]
    case .values, .setOperation, .parenthesized, .sales, .pivot, .unpivot, .describe: return nil
    }
  }
}
