internal import TundishColumns
internal import TundishSyntax

/// Select items that stand for the members of a struct.
extension Binder {
  /// `s.*`, where `s` is a struct and no relation: its members.
  func memberItems(of star: Star, _ range: SourceRange, _ scope: Scope) -> [WrittenItem]? {
    guard let first = star.qualifier.first, star.pattern == nil,
      !scope.tables.contains(where: { $0.key == foldedKey(first.text) })
        || star.qualifier.count > 1
    else { return nil }
    let structure = Expression(.name(star.qualifier), range: range)
    guard case .structure(let fields)? = type(of: structure, scope) else { return nil }
    let excluded = Set(star.excluded.map { foldedKey($0.last) })
    var items: [WrittenItem] = []
    for field in fields where !excluded.contains(foldedKey(field.name)) {
      let key = foldedKey(field.name)
      let replacement = star.replacements.first { foldedKey($0.name.text) == key }
      let renaming = star.renames.first { foldedKey($0.name.text) == key }
      items.append(
        WrittenItem(
          source: .expression(replacement?.expression ?? structure.member(field.name), nil),
          name: renaming?.newName.text ?? field.name,
          alias: nil
        )
      )
    }
    return items
  }

  /// `unnest(<struct>)`, and `unnest(<list>, recursive := true)` or `max_depth := n`, which open
  /// further levels of lists and structs; nil for the plain `unnest(<list>)`.
  func unnestedItems(
    of call: FunctionCall,
    _ item: SelectItem,
    _ scope: Scope
  )
    -> [WrittenItem]?
  {
    guard let value = call.arguments.first?.value, let type = type(of: value, scope) else {
      return nil
    }
    var levels = 1
    for argument in call.arguments.dropFirst() {
      guard let name = argument.name.map({ foldedKey($0.text) }) else { continue }
      switch (name, argument.value.unwrapped.kind) {
      case ("recursive", .literal(.boolean(true))): levels = UnnestLimits.levels
      case ("max_depth", .literal(.integer(let digits))):
        levels = min(Int(digits) ?? 1, UnnestLimits.levels)
      default: continue
      }
    }
    if case .list = type, levels == 1 { return nil }
    var opened = value
    var element = type
    var isFirst = true
    while case .list(let inner) = element, levels > 0 {
      let builder = SQLBuilder(value.range)
      opened = isFirst ? value : builder.call("flatten", [opened])
      isFirst = false
      element = inner
      levels -= 1
    }
    if !isFirst { opened = SQLBuilder(value.range).call("unnest", [opened]) }
    guard case .structure = element, levels > 0 else {
      guard !isFirst else { return nil }
      let name = item.alias?.text ?? outputName(item.expression, scope)
      return [
        WrittenItem(source: .expression(opened, nil), name: name, alias: item.alias?.text)
      ]
    }
    return members(of: opened, element, levels: levels)
  }

  private func members(
    of structure: Expression,
    _ type: DataType,
    levels: Int
  ) -> [WrittenItem] {
    guard case .structure(let fields) = type else { return [] }
    return fields.flatMap { field -> [WrittenItem] in
      let member = structure.member(field.name)
      if case .structure = field.type, levels > 1 {
        return members(of: member, field.type, levels: levels - 1)
      }
      return [WrittenItem(source: .expression(member, nil), name: field.name, alias: nil)]
    }
  }
}

/// How far `unnest(..., recursive := true)` goes.
enum UnnestLimits {
  static let levels = 64
}

extension Expression {
  /// `<struct>.<member>`.
  func member(_ name: String) -> Expression {
    Expression(.member(self, Identifier(name, range: range, isQuoted: true)), range: range)
  }
}
