/// Expressions.
extension Formatter {
  /// Prints an expression where operators must bind at least as tightly as `minimum`.
  mutating func expression(_ expression: Expression, _ minimum: Precedence = .lowest) -> Layout {
    let layout = bare(expression)
    return precedence(of: expression) < minimum ? ["(", layout, ")"] : layout
  }

  mutating func expressions(_ expressions: [Expression]) -> Layout {
    expressions.map { expression($0) }.commaSeparated
  }

  /// How tightly the outermost operator binds.
  func precedence(of expression: Expression) -> Precedence {
    switch expression.kind {
    case .lambda: .lowest
    case .binary(let binary, _, _): binary.precedence
    case .quantified: .comparison
    case .unary(let kind, _):
      switch kind {
      case .not: .not
      case .bitwiseNot: .other
      case .plus, .minus: .unary
      case .unpack: .postfix
      }
    case .isNull, .isTruth, .isDistinctFrom: .is
    case .between, .inList, .inQuery: .membership
    case .like(let kind, _, _, _, _):
      kind == .regex || kind == .caseInsensitiveRegex ? .other : .membership
    case .atTimeZone: .atTimeZone
    case .collate: .collate
    case .duration, .percentage, .bareDate, .interval, .typedLiteral, .cast, .literal, .name, .star,
      .columns, .parameter, .exists, .scalarQuery, .caseWhen,
      .call,
      .extract, .list, .listComprehension, .structure, .row, .index, .slice, .member,
      .defaultValue, .parenthesized, .missing:
      .postfix
    }
  }

  private mutating func bare(_ expression: Expression) -> Layout {
    switch expression.kind {
    case .literal, .typedLiteral, .interval, .duration, .percentage, .bareDate, .parameter,
      .defaultValue, .missing:
      return literal(expression.kind)
    case .name, .star, .columns, .member, .index, .slice, .cast:
      return postfix(expression.kind)
    case .unary, .binary, .isNull, .isTruth, .isDistinctFrom, .between, .inList, .inQuery, .like,
      .quantified, .atTimeZone, .collate:
      return operation(expression)
    case .exists(let query): return exists(query)
    case .scalarQuery(let query): return subquery(query)
    case .caseWhen(let operand, let branches, let otherwise):
      return caseWhen(operand, branches, otherwise)
    case .call(let call): return self.call(call)
    case .extract(let field, let value): return extract(field, value)
    case .list(let members): return list(members)
    case .listComprehension(let value, let variables, let list, let condition):
      return comprehension(value, variables, list, condition)
    case .structure(let entries): return structure(entries)
    case .row(let members): return row(members)
    case .lambda(let parameters, let body): return lambda(parameters, body)
    case .parenthesized(let inner): return parenthesized(inner)
    }
  }

  // Each form has its own function: in debug builds a frame holds every temporary of every case of
  // a switch, and nested text passes through here once per level.

  private mutating func exists(_ query: Query) -> Layout {
    [keyword("EXISTS"), " ", subquery(query)]
  }

  private mutating func extract(_ field: Identifier, _ value: Expression) -> Layout {
    let text = isPlain(field.text) ? field.text : string(field.text)
    return [
      keyword("EXTRACT"), .text("(\(text) "), keyword("FROM"), " ", expression(value), ")",
    ]
  }

  mutating func list(_ members: [Expression]) -> Layout {
    .group(["[", .nest([.softLine, expressions(members)]), .softLine, "]"])
  }

  private mutating func structure(_ entries: [StructEntry]) -> Layout {
    let members = entries.map { entry -> Layout in
      let name = entry.name.isQuoted ? string(entry.name.text) : label(entry.name)
      return [.text(name), ": ", expression(entry.value)]
    }
    return .group(["{", .nest([.softLine, members.commaSeparated]), .softLine, "}"])
  }

  mutating func row(_ members: [Expression]) -> Layout {
    let prefix: Layout = members.count < 2 ? keyword("ROW") : .empty
    return [prefix, members.map { expression($0) }.inParentheses]
  }

  private mutating func lambda(_ parameters: [Identifier], _ body: Expression) -> Layout {
    let list = parameters.map(name).joined(separator: ", ")
    // `x -> 'a'` would read a member of JSON.
    let isBare = parameters.count == 1 && !beginsWithLiteral(body)
    return [.text(isBare ? list : "(\(list))"), " -> ", expression(body)]
  }

  /// Whether the first token of an expression is a text or an integer.
  private func beginsWithLiteral(_ expression: Expression) -> Bool {
    var first = expression
    while true {
      switch first.kind {
      case .literal(.string), .literal(.integer): return true
      case .binary(_, let left, _), .isNull(let left, _), .isTruth(let left, _, _),
        .isDistinctFrom(let left, _, _), .between(let left, _, _, _), .inList(let left, _, _),
        .inQuery(let left, _, _), .like(_, let left, _, _, _), .quantified(_, let left, _, _),
        .atTimeZone(let left, _), .collate(let left, _), .index(let left, _),
        .slice(let left, _, _), .member(let left, _), .cast(let left, _, false):
        first = left
      case .literal, .unary, .duration, .percentage, .bareDate, .interval, .typedLiteral, .cast,
        .name, .star, .columns, .parameter, .exists, .scalarQuery, .caseWhen, .call, .extract,
        .list, .listComprehension, .structure, .row, .lambda, .defaultValue, .parenthesized,
        .missing:
        return false
      }
    }
  }

  private mutating func parenthesized(_ inner: Expression) -> Layout {
    .group(["(", .nest([.softLine, expression(inner)]), .softLine, ")"])
  }

  // MARK: - Operands

  private mutating func literal(_ kind: Expression.Kind) -> Layout {
    switch kind {
    case .literal(.null): return keyword("NULL")
    case .literal(.boolean(let value)): return keyword(value ? "TRUE" : "FALSE")
    case .literal(.integer(let text)), .literal(.decimal(let text)), .literal(.double(let text)):
      return .text(text)
    case .literal(.string(let text)): return .text(string(text))
    case .literal(.blob(let bytes)):
      return .text("X'" + bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "'")
    case .typedLiteral(let type, let text): return .text("\(self.type(type)) \(string(text))")
    case .interval(let amount, let unit): return interval(amount, unit)
    case .duration(let duration): return .text(self.duration(duration))
    case .percentage(let text): return .text(text + "%")
    case .bareDate(let year, let month, let day): return .text(date(year, month, day))
    case .parameter(.named(let name)): return .text("$" + name)
    case .parameter(.positional(let number)): return .text("$\(number)")
    case .defaultValue: return keyword("DEFAULT")
    default: return .empty
    }
  }

  private mutating func interval(_ amount: Expression, _ unit: IntervalUnit?) -> Layout {
    let suffix = unit.map { " " + word($0.rawValue) } ?? ""
    switch amount.kind {
    case .literal(.string), .literal(.integer), .literal(.decimal), .parenthesized, .parameter:
      return [keyword("INTERVAL"), " ", expression(amount), .text(suffix)]
    default:
      return [keyword("INTERVAL"), " (", expression(amount), .text(")" + suffix)]
    }
  }

  mutating func postfix(_ kind: Expression.Kind) -> Layout {
    switch kind {
    case .name(let parts): return name(of: parts)
    case .star(let star): return self.star(star)
    case .columns(let selection): return columns(selection)
    case .member(let base, let name): return member(base, name)
    case .index(let base, let index): return self.index(base, index)
    case .slice(let base, let lower, let upper): return slice(base, lower, upper)
    case .cast(let value, let type, let isTry): return cast(value, type, isTry: isTry)
    default: return .empty
    }
  }

  func name(of parts: [Identifier]) -> Layout {
    if parts.count == 1, !parts[0].isQuoted, Keyword(rawValue: parts[0].text.lowercased()) == .user
    {
      return .text(parts[0].text)
    }
    return .text(path(parts))
  }

  private mutating func columns(_ selection: Expression) -> Layout {
    [keyword("COLUMNS"), "(", expression(selection), ")"]
  }

  private mutating func member(_ base: Expression, _ name: Identifier) -> Layout {
    // A name of the full length ends by itself.
    if case .name(let parts) = base.kind, parts.count < QualifiedName.maximumPartCount {
      return ["(", expression(base), .text(")." + label(name))]
    }
    // A point that touches a number would belong to it.
    if case .literal(.integer) = base.kind { return [operand(base), .text(" ." + label(name))] }
    if case .literal(.decimal) = base.kind { return [operand(base), .text(" ." + label(name))] }
    if case .literal(.double) = base.kind { return [operand(base), .text(" ." + label(name))] }
    return [operand(base), .text("." + label(name))]
  }

  private mutating func index(_ base: Expression, _ index: Expression) -> Layout {
    [operand(base), "[", expression(index), "]"]
  }

  private mutating func slice(
    _ base: Expression,
    _ lower: Expression?,
    _ upper: Expression?
  )
    -> Layout
  {
    let first = lower.map { expression($0) } ?? .empty
    // Spaces keep the colon apart from a bound that begins or ends with a symbol.
    let second = upper.map { [" ", expression($0)] as Layout } ?? .empty
    return [operand(base), "[", first, lower == nil ? ":" : " :", second, "]"]
  }

  private mutating func cast(_ value: Expression, _ type: TypeName, isTry: Bool) -> Layout {
    if isTry || precedence(of: value) < .postfix {
      let function = keyword(isTry ? "TRY_CAST" : "CAST")
      return [
        function, "(", expression(value), " ", keyword("AS"), .text(" \(self.type(type)))"),
      ]
    }
    return [expression(value, .postfix), .text("::" + self.type(type))]
  }

  mutating func operand(_ base: Expression) -> Layout {
    expression(base, .postfix)
  }

  private mutating func star(_ star: Star) -> Layout {
    var parts: [Layout] = [.text((star.qualifier.isEmpty ? "" : path(star.qualifier) + ".") + "*")]
    if let pattern = star.pattern {
      let words = negated(star.patternKind.rawValue, star.isPatternNegated)
      parts += [" ", words, " ", expression(pattern)]
    }
    if !star.excluded.isEmpty {
      parts += [
        " ", keyword("EXCLUDE"), " ", star.excluded.map { .text(name($0)) }.inParentheses,
      ]
    }
    if !star.replacements.isEmpty {
      let list = star.replacements.map { replacement -> Layout in
        [
          expression(replacement.expression), " ", keyword("AS"),
          .text(" " + label(replacement.name)),
        ]
      }
      parts += [" ", keyword("REPLACE"), " ", list.inParentheses]
    }
    if !star.renames.isEmpty {
      let list = star.renames.map { rename -> Layout in
        [
          .text(path(rename.qualifier + [rename.name]) + " "), keyword("AS"),
          .text(" " + label(rename.newName)),
        ]
      }
      parts += [" ", keyword("RENAME"), " ", list.inParentheses]
    }
    return .sequence(parts)
  }

  private mutating func caseWhen(
    _ operand: Expression?,
    _ branches: [CaseBranch],
    _ otherwise: Expression?
  ) -> Layout {
    var parts: [Layout] = [keyword("CASE")]
    if let operand { parts += [" ", expression(operand)] }
    var lines: [Layout] = branches.map { branch in
      [
        .line, keyword("WHEN"), " ", expression(branch.condition), " ", keyword("THEN"), " ",
        expression(branch.result),
      ]
    }
    if let otherwise { lines.append([.line, keyword("ELSE"), " ", expression(otherwise)]) }
    return .group([.sequence(parts), .nest(.sequence(lines)), .line, keyword("END")])
  }

  private mutating func comprehension(
    _ value: Expression,
    _ variables: [Identifier],
    _ list: Expression,
    _ condition: Expression?
  ) -> Layout {
    var parts: [Layout] = [
      "[", expression(value), " ", keyword("FOR"), " ",
      .text(variables.map { name($0) }.joined(separator: ", ")), " ", keyword("IN"), " ",
      expression(list),
    ]
    if let condition { parts += [" ", keyword("IF"), " ", expression(condition)] }
    return .sequence(parts + ["]"])
  }
}
