internal import TundishColumns
internal import TundishSyntax

/// A select item after `*` and COLUMNS are expanded.
struct WrittenItem {
  enum Source {
    /// A column that a star gave
    case column(ScopeColumn, SourceRange)
    /// An expression, and the column that COLUMNS stands for in this copy of it
    case expression(Expression, ScopeColumn?)
  }

  let source: Source
  /// The output's name.
  let name: String
  /// The alias, where one is written.
  let alias: String?
}

extension Binder {
  /// Expands stars and COLUMNS; nil where something was reported.
  func expandItems(_ items: [SelectItem], _ scope: Scope) -> [WrittenItem]? {
    var written: [WrittenItem] = []
    var isComplete = true
    for item in items {
      guard let expanded = expand(item, scope) else {
        isComplete = false
        continue
      }
      written += expanded
    }
    if written.count > BindingLimits.columns {
      report(
        .tooComplex(
          "more than \(BindingLimits.columns) columns",
          at: blame(items[0].expression.range)
        )
      )
      return nil
    }
    return isComplete ? written : nil
  }

  private func expand(_ item: SelectItem, _ scope: Scope) -> [WrittenItem]? {
    let expression = item.expression
    switch expression.kind {
    case .star(let star):
      return memberItems(of: star, expression.range, scope)
        ?? expand(star, expression.range, scope)
    case .call(let call) where foldedKey(call.name.last) == "unnest" && call.over == nil:
      if let items = unnestedItems(of: call, item, scope) { return items }
    case .columns(let selector):
      return chosenColumns(selector, expression.range, scope).map { columns in
        columns.map { column in
          WrittenItem(
            source: .column(column, blame(expression.range)),
            name: item.alias?.text ?? column.name,
            alias: nil
          )
        }
      }
    default: break  // an ordinary expression
    }
    if let parts = expandUnnest(item, scope) { return parts }
    guard let selector = expression.firstColumns else {
      return [
        WrittenItem(
          source: .expression(expression, nil),
          name: item.alias?.text ?? outputName(expression, scope),
          alias: item.alias?.text
        )
      ]
    }
    return chosenColumns(selector, expression.range, scope).map { columns in
      columns.map { column in
        WrittenItem(
          source: .expression(expression, column),
          name: item.alias?.text ?? outputName(expression.choosing(column.name), scope),
          alias: nil
        )
      }
    }
  }

  /// The name of an output without an alias.
  func outputName(_ expression: Expression, _ scope: Scope) -> String {
    switch expression.unwrapped.kind {
    case .name(let parts):
      let key = foldedKey(parts.last?.text ?? "")
      if macroFrames.last?.arguments[key] == nil,
        let column = scope.visibleColumns(key).first
      {
        return column.name
      }
      return parts.last?.text ?? ""
    case .member(_, let name): return name.text
    case .call(let call)
    where call.arguments.count == 1 && call.arguments[0].value.isPlainStar
      && foldedKey(call.name.last) == "count" && call.over == nil && call.filter == nil:
      return "count_star()"
    case .call(let call)
    where call.arguments.isEmpty && foldedKey(call.name.last) == "count"
      && call.over == nil && call.filter == nil:
      return "count_star()"
    default:
      return Self.singleLine(Syntax.format(expression.unwrapped))
    }
  }

  /// A text with each line break and the blanks after it as one blank.
  static func singleLine(_ text: String) -> String {
    guard text.contains("\n") else { return text }
    return text.split(separator: "\n").map { line in
      line.drop { $0 == " " }
    }.joined(separator: " ")
  }

  private func expand(_ star: Star, _ range: SourceRange, _ scope: Scope) -> [WrittenItem]? {
    guard let columns = starColumns(star, range, scope) else { return nil }
    var replacements: [String: Expression] = [:]
    for replacement in star.replacements {
      let key = foldedKey(replacement.name.text)
      guard columns.contains(where: { $0.key == key }) else {
        reportMissing(replacement.name, columns)
        return nil
      }
      replacements[key] = replacement.expression
    }
    var names: [String: String] = [:]
    for rename in star.renames {
      let key = foldedKey(rename.name.text)
      guard columns.contains(where: { $0.key == key }) else {
        reportMissing(rename.name, columns)
        return nil
      }
      names[key] = rename.newName.text
    }
    return columns.map { column in
      let name = names[column.key] ?? column.name
      if let replacement = replacements[column.key] {
        return WrittenItem(source: .expression(replacement, nil), name: name, alias: nil)
      }
      return WrittenItem(source: .column(column, blame(range)), name: name, alias: nil)
    }
  }

  private func reportMissing(_ name: Identifier, _ columns: [ScopeColumn]) {
    report(
      .unknownColumn(
        name.text,
        at: blame(name.range),
        closest: Suggestion.closest(to: name.text, in: columns.map(\.name))
      )
    )
  }

  /// The columns that a star stands for, those that it excludes left out.
  private func starColumns(_ star: Star, _ range: SourceRange, _ scope: Scope) -> [ScopeColumn]? {
    guard var columns = unfilteredColumns(star, range, scope) else { return nil }
    for excluded in star.excluded {
      guard let name = excluded.parts.last else { continue }
      let key = foldedKey(name.text)
      let table = excluded.parts.count > 1 ? foldedKey(excluded.parts[0].text) : nil
      let ids = table.flatMap { key in scope.tables.first { $0.key == key } }
        .map { Set($0.columns.map(\.column.id)) }
      guard columns.contains(where: { $0.key == key && (ids?.contains($0.column.id) ?? true) })
      else {
        if scope.isUnknown { return nil }
        reportMissing(name, columns)
        return nil
      }
      columns.removeAll { $0.key == key && (ids?.contains($0.column.id) ?? true) }
    }
    if let pattern = star.pattern {
      guard let kept = self.columns(columns, of: star, matching: pattern, scope) else { return nil }
      columns = kept
    }
    return columns
  }

  private func unfilteredColumns(
    _ star: Star,
    _ range: SourceRange,
    _ scope: Scope
  )
    -> [ScopeColumn]?
  {
    guard let qualifier = star.qualifier.last else {
      if scope.isUnknown { return nil }
      guard !scope.tables.isEmpty || !scope.visible.isEmpty else {
        report(.emptyStar("'*' needs FROM", at: blame(range)))
        return nil
      }
      return scope.visible
    }
    let key = foldedKey(qualifier.text)
    if let table = scope.tables.first(where: { $0.key == key }) {
      return table.isUnknown ? nil : table.columns
    }
    let tables = scope.tables.map(\.name)
    report(
      .unknownQualifier(
        qualifier.text,
        at: blame(qualifier.range),
        closest: Suggestion.closest(to: qualifier.text, in: tables),
        available: tables
      )
    )
    return nil
  }

  /// The columns whose names fit the pattern of `* LIKE '<pattern>'`: the pattern, or a condition
  /// as the parser wrote it.
  private func columns(
    _ columns: [ScopeColumn],
    of star: Star,
    matching pattern: Expression,
    _ scope: Scope
  ) -> [ScopeColumn]? {
    filtered(columns, pattern.range) { name in
      guard case .text(let text)? = name.literal else { return nil }
      let test = Expression.Kind.like(
        star.patternKind,
        Expression(.literal(.string(text)), range: pattern.range),
        pattern: pattern,
        escape: nil,
        isNegated: star.isPatternNegated
      )
      return self.bind(Expression(test, range: pattern.range), scope)
    }
  }

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
      guard let bound = bind(selector, scope) else { return nil }
      return filtered(scope.visible, range) { name in
        self.resolveCall("regexp_matches", [name, bound], bound.range, symbol: nil)
      }
    }
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
      columns.append(column)
    }
    return columns
  }

  /// The columns for whose name a condition is true; none is an error.
  private func filtered(
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

extension Expression {
  /// The selector of the first COLUMNS(...) inside the expression.
  var firstColumns: Expression? {
    if case .columns(let selector) = kind { return selector }
    if case .call(let call) = kind {
      for argument in call.arguments {
        if case .star(let star) = argument.value.kind, !argument.value.isPlainStar {
          return Expression(.star(star), range: argument.value.range)
        }
      }
    }
    for child in directChildren {
      if let found = child.firstColumns { return found }
    }
    return nil
  }

  /// The expression with a column's name in the place of COLUMNS(...), for its output name.
  func choosing(_ name: String) -> Expression {
    switch kind {
    case .columns: return Expression(.name([Identifier(name, range: range)]), range: range)
    case .call(var call):
      call.arguments = call.arguments.map {
        FunctionArgument(name: $0.name, value: $0.value.choosing(name))
      }
      return Expression(.call(call), range: range)
    case .binary(let symbol, let left, let right):
      return Expression(.binary(symbol, left.choosing(name), right.choosing(name)), range: range)
    case .parenthesized(let inner):
      return Expression(.parenthesized(inner.choosing(name)), range: range)
    case .cast(let operand, let type, let isTry):
      return Expression(.cast(operand.choosing(name), type, isTry: isTry), range: range)
    default:
      return self  // the name is for people only
    }
  }

  /// The direct operands; subqueries are not among them.
  var directChildren: [Expression] {
    switch kind {
    case .literal, .typedLiteral, .duration, .percentage, .bareDate, .name, .star, .columns,
      .parameter, .exists, .scalarQuery, .defaultValue, .missing:
      return []
    case .interval(let operand, _), .unary(_, let operand), .isNull(let operand, _),
      .isTruth(let operand, _, _), .cast(let operand, _, _), .extract(_, let operand),
      .collate(let operand, _), .member(let operand, _), .lambda(_, let operand),
      .parenthesized(let operand), .inQuery(let operand, _, _):
      return [operand]
    case .binary(_, let left, let right), .isDistinctFrom(let left, let right, _),
      .atTimeZone(let left, let right), .index(let left, let right):
      return [left, right]
    case .between(let operand, let lower, let upper, _): return [operand, lower, upper]
    case .inList(let operand, let items, _): return [operand] + items
    case .like(_, let operand, let pattern, let escape, _):
      return [operand, pattern] + (escape.map { [$0] } ?? [])
    case .quantified(_, let operand, _, let list):
      if case .list(let items) = list { return [operand, items] }
      return [operand]
    case .caseWhen(let operand, let branches, let otherwise):
      return (operand.map { [$0] } ?? []) + branches.flatMap { [$0.condition, $0.result] }
        + (otherwise.map { [$0] } ?? [])
    case .call(let call):
      return call.arguments.map(\.value) + call.orderBy.map(\.expression)
        + (call.filter.map { [$0] } ?? [])
    case .list(let items), .row(let items): return items
    case .listComprehension(let body, _, let list, let condition):
      return [body, list] + (condition.map { [$0] } ?? [])
    case .structure(let entries): return entries.map(\.value)
    case .slice(let operand, let lower, let upper):
      return [operand] + [lower, upper].compactMap { $0 }
    }
  }
}
