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
}

extension Expression {
  /// `<struct>.<member>`.
  func member(_ name: String) -> Expression {
    Expression(.member(self, Identifier(name, range: range, isQuoted: true)), range: range)
  }
}
