internal import TundishColumns
internal import TundishSyntax

/// What COLUMNS(...) selects: a star, a list of names, a pattern or a condition on the name.
extension Binder {
  /// The columns that COLUMNS(...) stands for.
  func chosenColumns(
    _ selector: Expression,
    _ range: SourceRange,
    _ scope: Scope
  )
    -> [ScopeColumn]?
  {
    switch selector.unwrapped.kind {
    case .star(let star):
      return starColumns(star, range, scope)
    case .list(let items):
      return namedColumns(items, scope)
    case .lambda(let names, let body) where names.count == 1:
      return filtered(scope.visible, range) { name in
        guard case .text(let text)? = name.literal else { return nil }
        let literal = Expression(.literal(.string(text)), range: range)
        return self.expanding("COLUMNS", [foldedKey(names[0].text): literal], range, scope) {
          self.bindCondition(body, scope, place: "COLUMNS")
        }
      }
    case .name(let parts):
      return namedColumns([Expression(.name(parts), range: range)], scope)
    default:
      let names = scope.visible.map { Expression(.literal(.string($0.name)), range: range) }
      guard let bound = bind(selector.naming(names), scope) else { return nil }
      if case .list = bound.type { return listedColumns(bound, range, scope) }
      return filtered(scope.visible, range) { name in
        self.resolveCall("regexp_matches", [name, bound], bound.range, symbol: nil)
      }
    }
  }

  /// The columns that a constant list names.
  private func listedColumns(
    _ list: BoundExpression,
    _ range: SourceRange,
    _ scope: Scope
  ) -> [ScopeColumn]? {
    guard list.type == .list(.varchar) || list.type == .list(.null),
      let value = try? ExpressionEvaluator.constant(list, context: environment.context),
      case .list(let names) = value
    else {
      report(.notConstant("a list of column names in COLUMNS", at: blame(range)))
      return nil
    }
    guard !names.isEmpty else {
      report(.emptyStar("no column matches", at: blame(range)))
      return nil
    }
    return namedColumns(
      names.map { Expression(.literal(.string(ValueText.text(of: $0))), range: range) },
      scope
    )
  }

  private func namedColumns(_ items: [Expression], _ scope: Scope) -> [ScopeColumn]? {
    var columns: [ScopeColumn] = []
    for item in items {
      let name: String
      switch item.unwrapped.kind {
      case .literal(.string(let text)): name = text
      case .name(let parts): name = parts.last?.text ?? ""
      default:
        report(.notConstant("a column name in COLUMNS", at: blame(item.range)))
        return nil
      }
      guard let column = scope.visibleColumns(foldedKey(name)).first else {
        reportMissing(Identifier(name, range: item.range), scope.visible)
        return nil
      }
      if columns.contains(where: { $0.column.id == column.column.id }) { continue }
      columns.append(column)
    }
    return columns
  }

  /// The columns for whose name a condition is true; none is an error.
  func filtered(
    _ columns: [ScopeColumn],
    _ range: SourceRange,
    _ condition: (BoundExpression) -> BoundExpression?
  ) -> [ScopeColumn]? {
    var kept: [ScopeColumn] = []
    for column in columns {
      let name = BoundExpression(
        .literal(.text(column.name)),
        type: .varchar,
        range: blame(range)
      )
      guard let bound = condition(name) else { return nil }
      do {
        let value = try ExpressionEvaluator.constant(bound, context: environment.context)
        if value == .boolean(true) { kept.append(column) }
      } catch {
        report(.notConstant("the selection of columns", at: blame(range)))
        return nil
      }
    }
    if kept.isEmpty {
      report(.emptyStar("no column matches", at: blame(range)))
      return nil
    }
    return kept
  }
}
