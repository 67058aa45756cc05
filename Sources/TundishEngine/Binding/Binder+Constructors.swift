internal import TundishColumns
internal import TundishSyntax

extension Binder {
  /// Binds EXTRACT, AT TIME ZONE, lists, structs and access to their parts.
  func bindConstructor(
    _ expression: Expression,
    _ range: SourceRange,
    _ scope: Scope
  )
    -> BoundExpression?
  {
    switch expression.kind {
    case .extract(let field, let operand):
      guard let bound = bind(operand, scope) else { return nil }
      let part = BoundExpression(
        .literal(.text(foldedKey(field.text))),
        type: .varchar,
        range: blame(field.range)
      )
      return resolveCall("date_part", [part, bound], range, symbol: nil)
    case .atTimeZone(let operand, let zone):
      guard let bound = bind(all: [zone, operand], scope) else { return nil }
      return resolveCall("timezone", bound, range, symbol: nil)
    case .collate(let operand, let name):
      return bindCollate(operand, name, scope)
    case .list(let items):
      guard let items = unpacked(items, scope) else { return nil }
      return bindList(items, range, scope)
    case .structure(let entries):
      return bindStructPack(
        entries.map { FunctionArgument(name: $0.name, value: $0.value) },
        range,
        scope
      )
    case .row(let items):
      return bindRow(items, range, scope)
    case .index(let operand, let index):
      return bindIndex(operand, index, range, scope)
    case .slice(let operand, let lower, let upper):
      return bindSlice(operand, lower, upper, range, scope)
    case .member(let operand, let name):
      return bind(operand, scope).flatMap { bindMember($0, name, range) }
    case .listComprehension(let body, let variables, let list, let condition):
      return bindComprehension(body, variables, list, condition, range, scope)
    case .lambda:
      report(.callForm("a lambda can stand only as an argument of a list function", at: range))
      return nil
    default:
      return nil  // bindKind sends these forms only
    }
  }

  private func bindCollate(
    _ operand: Expression,
    _ name: Identifier,
    _ scope: Scope
  )
    -> BoundExpression?
  {
    let known = ["binary", "c", "posix", "nocase"]
    guard known.contains(foldedKey(name.text)) else {
      report(.unsupported("collation '\(name.text)'", at: blame(name.range)))
      return nil
    }
    guard let bound = bind(operand, scope) else { return nil }
    guard foldedKey(name.text) == "nocase" else { return bound }
    return resolveCall("lower", [bound], bound.range, symbol: nil)
  }

  private func bindList(
    _ items: [Expression],
    _ range: SourceRange,
    _ scope: Scope
  )
    -> BoundExpression?
  {
    guard let bound = bind(all: items, scope) else { return nil }
    guard let unified = unify(bound, place: "a list", range) else { return nil }
    let values = unified.compactMap(\.literal)
    if values.count == unified.count {
      let element = unified.first?.type ?? .null
      return BoundExpression(.literal(.list(values)), type: .list(element), range: range)
    }
    return resolveCall("list_value", unified, range, symbol: nil)
  }

  private func bindIndex(
    _ operand: Expression,
    _ index: Expression,
    _ range: SourceRange,
    _ scope: Scope
  ) -> BoundExpression? {
    guard let bound = bind(operand, scope) else { return nil }
    if case .structure(let fields) = bound.type {
      switch index.unwrapped.kind {
      case .literal(.string(let name)):
        return bindMember(bound, Identifier(name, range: index.range), range)
      case .literal(.integer(let digits)):
        guard let position = Int(digits), (1...fields.count).contains(position) else { break }
        return extract(position - 1, of: bound, fields[position - 1], range)
      default: break  // reported below
      }
    }
    guard let position = bind(index, scope) else { return nil }
    if bound.type.isMap { return resolveMapCall("map_extract_value", [bound, position], range) }
    return resolveCall(
      bound.type.isText ? "array_extract" : "list_extract",
      [bound, position],
      range,
      symbol: nil
    )
  }

  private func bindSlice(
    _ operand: Expression,
    _ lower: Expression?,
    _ upper: Expression?,
    _ range: SourceRange,
    _ scope: Scope
  ) -> BoundExpression? {
    let first = lower ?? Expression(.literal(.integer("1")), range: operand.range)
    let last = upper ?? Expression(.literal(.integer("-1")), range: operand.range)
    guard let bound = bind(all: [operand, first, last], scope) else { return nil }
    return resolveCall("list_slice", bound, range, symbol: nil)
  }

  /// `<struct>.<member>`.
  func bindMember(
    _ bound: BoundExpression,
    _ name: Identifier,
    _ range: SourceRange
  )
    -> BoundExpression?
  {
    if bound.type.mapTypes?.key.isText ?? false {
      let key = Value.text(name.text)
      let literal = BoundExpression(.literal(key), type: .varchar, range: blame(name.range))
      return resolveMapCall("map_extract_value", [bound, literal], range)
    }
    guard case .structure(let fields) = bound.type else {
      report(
        .wrongType(
          "'.\(name.text)'",
          needs: "a struct",
          found: bound.type.description,
          at: blame(name.range)
        )
      )
      return nil
    }
    let key = foldedKey(name.text)
    guard let position = fields.firstIndex(where: { foldedKey($0.name) == key }) else {
      report(
        .unknownColumn(
          name.text,
          at: blame(name.range),
          closest: Suggestion.closest(to: name.text, in: fields.map(\.name))
        )
      )
      return nil
    }
    return extract(position, of: bound, fields[position], range)
  }

  /// A member of a struct by its position.
  func extract(
    _ position: Int,
    of bound: BoundExpression,
    _ field: StructField,
    _ range: SourceRange
  ) -> BoundExpression {
    let function = StructureFunctions.extracting(position, of: bound.type, field: field)
    return BoundExpression(.call(function, [bound]), type: field.type, range: range)
  }
}
