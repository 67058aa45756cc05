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
    if written.isEmpty, isComplete, let first = items.first {
      report(.emptyStar("EXCLUDE leaves no column", at: blame(first.expression.range)))
      return nil
    }
    return isComplete ? written : nil
  }

  private func expand(_ item: SelectItem, _ scope: Scope) -> [WrittenItem]? {
    let expression: Expression
    if let selector = item.expression.unpackedSelector {
      expression = Expression(.columns(selector), range: item.expression.range)
    } else {
      expression = item.expression
    }
    switch expression.kind {
    case .star(let star):
      let items =
        memberItems(of: star, expression.range, scope) ?? expand(star, expression.range, scope)
      guard let alias = item.alias, let pattern = star.pattern else { return items }
      return items.map { named($0, by: alias, pattern, scope) }
    case .columns(let selector) where selector.changingStar == nil:
      return chosenColumns(selector, expression.range, scope).map { columns in
        columns.compactMap { column in
          name(of: column.name, alias: item.alias, selector, scope).map { name in
            WrittenItem(
              source: .column(column, blame(expression.range)),
              name: name,
              alias: nil
            )
          }
        }
      }
    default: break  // an ordinary expression
    }
    if let parts = expandUnnest(item, scope) { return parts }
    let selectors = expression.allColumns
    guard let selector = selectors.first else {
      return [
        WrittenItem(
          source: .expression(expression, nil),
          name: item.alias?.text ?? outputName(expression, scope),
          alias: item.alias?.text
        )
      ]
    }
    guard areOneSelection(selectors) else { return nil }
    if let star = selector.changingStar {
      return changed(expression, star, selector, item.alias, scope)
    }
    guard let columns = chosenColumns(selector, expression.range, scope) else { return nil }
    var written: [WrittenItem] = []
    for column in columns {
      guard let name = name(of: column.name, alias: item.alias, selector, scope) else { return nil }
      written.append(
        WrittenItem(source: .expression(expression, column), name: name, alias: nil)
      )
    }
    return written
  }

  /// The copies of an expression in which COLUMNS stands for what `* REPLACE (...)` or `* RENAME
  /// (...)` gives.
  private func changed(
    _ expression: Expression,
    _ star: Star,
    _ selector: Expression,
    _ alias: Identifier?,
    _ scope: Scope
  ) -> [WrittenItem]? {
    guard let items = expand(star, selector.range, scope) else { return nil }
    var written: [WrittenItem] = []
    for item in items {
      guard let name = name(of: item.name, alias: alias, selector, scope) else { return nil }
      let source: WrittenItem.Source
      switch item.source {
      case .column(let column, _): source = .expression(expression, column)
      case .expression(let value, _):
        source = .expression(expression.replacingColumns(with: value), nil)
      }
      written.append(WrittenItem(source: source, name: name, alias: nil))
    }
    return written
  }

  /// The columns that `* LIKE '...' AS name` chooses, under the names that the alias gives them.
  private func named(
    _ items: [WrittenItem],
    by alias: Identifier,
    _ pattern: Expression,
    _ scope: Scope
  ) -> [WrittenItem] {
    items.compactMap { item in
      guard case .column(let column, _) = item.source,
        let name = name(of: column.name, alias: alias, pattern, scope)
      else { return item }
      return WrittenItem(source: item.source, name: name, alias: nil)
    }
  }

  /// Whether several COLUMNS of one expression choose the same columns, which else is reported.
  func areOneSelection(_ selectors: [Expression]) -> Bool {
    guard let first = selectors.first, selectors.count > 1 else { return true }
    let text = Syntax.format(first)
    guard let other = selectors.first(where: { Syntax.format($0) != text }) else { return true }
    report(
      .emptyStar(
        "the COLUMNS of one expression choose the same columns, or stand in expressions of their own",
        at: blame(other.range)
      )
    )
    return false
  }

  /// The name of an output that COLUMNS gives: the column's, or the alias, in which `\0` stands for
  /// the column's name and `\1` for the first group of the regular expression.
  private func name(
    of column: String,
    alias: Identifier?,
    _ selector: Expression,
    _ scope: Scope
  ) -> String? {
    guard let alias else { return column }
    guard alias.text.utf8.contains(0x5C) else { return alias.text }
    var name = ""
    var rest = Substring(alias.text)
    while let character = rest.popFirst() {
      guard character == "\\" else {
        name.append(character)
        continue
      }
      guard let escaped = rest.popFirst(), escaped == "\\" || escaped.isASCII && escaped.isNumber
      else {
        report(
          .emptyStar(
            "'\\' in a name for COLUMNS needs a number or another '\\' after it",
            at: blame(alias.range)
          )
        )
        return nil
      }
      guard let number = escaped.wholeNumberValue, number > 0 else {
        name += escaped == "0" ? column : "\\"
        continue
      }
      guard case .literal(.string) = selector.unwrapped.kind else {
        report(
          .emptyStar(
            "'\\\(number)' needs COLUMNS with a regular expression; '\\0' is the column's name",
            at: blame(alias.range)
          )
        )
        return nil
      }
      name += group(number, of: column, selector, scope)
    }
    return name
  }

  /// What a group of a regular expression matches in a column's name; nothing where there is no
  /// such group.
  private func group(
    _ number: Int,
    of name: String,
    _ pattern: Expression,
    _ scope: Scope
  ) -> String {
    let builder = SQLBuilder(pattern.range)
    let call = builder.call(
      "regexp_extract",
      [builder.text(name), pattern, builder.integer(number)]
    )
    guard let bound = bind(call, scope),
      let value = try? ExpressionEvaluator.constant(bound, context: environment.context),
      case .text(let text) = value
    else { return "" }
    return text
  }

  /// Arguments or members in which `*COLUMNS(...)` is replaced by the columns that it stands for;
  /// nil where something was reported.
  func unpacked(_ members: [Expression], _ scope: Scope) -> [Expression]? {
    guard members.contains(where: { $0.unpackedSelector != nil }) else { return members }
    var result: [Expression] = []
    for member in members {
      guard let selector = member.unpackedSelector else {
        result.append(member)
        continue
      }
      guard let columns = chosenColumns(selector, member.range, scope) else { return nil }
      for column in columns {
        let table = scope.tables.first { table in
          table.columns.contains { $0.column.id == column.column.id }
        }
        let parts = (table.map { [$0.name] } ?? []) + [column.name]
        let names = parts.map { Identifier($0, range: member.range, isQuoted: true) }
        result.append(Expression(.name(names), range: member.range))
      }
    }
    return result
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
      guard replacements.updateValue(replacement.expression, forKey: key) == nil else {
        let name = replacement.name
        report(.duplicateName("column", name.text, at: blame(name.range)))
        return nil
      }
    }
    var names: [ColumnID: String] = [:]
    for rename in star.renames {
      let key = foldedKey(rename.name.text)
      let ids = columnIDs(of: rename.qualifier, scope)
      let renamed = columns.filter { $0.key == key && (ids?.contains($0.column.id) ?? true) }
      guard !renamed.isEmpty else {
        reportMissing(rename.name, columns)
        return nil
      }
      if replacements[key] != nil {
        report(.duplicateName("column", rename.name.text, at: blame(rename.name.range)))
        return nil
      }
      for column in renamed { names[column.column.id] = rename.newName.text }
    }
    return columns.map { column in
      let name = names[column.column.id] ?? column.name
      if let replacement = replacements[column.key] {
        return WrittenItem(source: .expression(replacement, nil), name: name, alias: nil)
      }
      return WrittenItem(source: .column(column, blame(range)), name: name, alias: nil)
    }
  }

  /// The columns of the relation that stands before a name; nil where there is none.
  private func columnIDs(of qualifier: [Identifier], _ scope: Scope) -> Set<ColumnID>? {
    guard let first = qualifier.first else { return nil }
    let table = scope.tables.first { $0.key == foldedKey(first.text) }
    return table.map { Set($0.columns.map(\.column.id)) }
  }

  func reportMissing(_ name: Identifier, _ columns: [ScopeColumn]) {
    report(
      .unknownColumn(
        name.text,
        at: blame(name.range),
        closest: Suggestion.closest(to: name.text, in: columns.map(\.name))
      )
    )
  }

  /// The columns that a star stands for, those that it excludes left out.
  func starColumns(_ star: Star, _ range: SourceRange, _ scope: Scope) -> [ScopeColumn]? {
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
    let schema =
      star.qualifier.count > 1 ? foldedKey(star.qualifier[star.qualifier.count - 2].text) : nil
    let named = scope.tables.first { table in
      table.key == key && (schema.map { table.schema == $0 || table.isMain($0) } ?? true)
    }
    if let table = named {
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
}
