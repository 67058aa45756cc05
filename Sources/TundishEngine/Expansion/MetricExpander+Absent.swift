internal import TundishColumns
internal import TundishSyntax

// Values that `where` asks for and no row has: a zero that comes of a typing error looks like one that
// is true.
extension MetricExpander {
  /// What is said of values that `where` compares a column of the role's own table with and that it does
  /// not have.
  func absentValues(_ group: MetricGroup) throws(StatementFailure) -> [String] {
    guard let filter = clauses.filter else { return [] }
    let scope = try scope(of: group.key)
    let table = scope.definition.table
    var notes: [String] = []
    for (name, wanted) in Self.comparisons(in: filter).prefix(Self.most) {
      let attribute = scope.definition.value(foldedText(name.text))?.simpleName?.text
      guard let column = try lookup.column(attribute ?? name.text, of: table), column.type.isText
      else { continue }
      let known = try lookup.texts(of: sql.name(column.name), in: table)
      // Where a name is shown for a key, the name is compared, and not what the column holds.
      guard !known.contains(wanted), !known.isEmpty,
        try scope.resolveSimple(name)?.key == nil
      else { continue }
      let closest = Suggestion.closest(to: wanted, in: known)
      let list =
        known.count <= Self.few
        ? "there are \(known.map { "'\($0)'" }.joined(separator: ", "))" : nil
      let help = closest.map { "did you mean '\($0)'?" } ?? list
      notes.append(
        "no row of \(table.last) has \(name.text) '\(wanted)'" + (help.map { "; \($0)" } ?? "")
      )
    }
    return notes
  }

  private static let few = 8
  private static let most = 8

  /// The columns and texts that a condition compares by `=` and IN.
  private static func comparisons(in filter: Expression) -> [(name: Identifier, text: String)] {
    func text(_ expression: Expression) -> String? {
      if case .literal(.string(let text)) = expression.unparenthesized.kind { text } else { nil }
    }
    func name(_ expression: Expression) -> Identifier? {
      guard case .name(let parts) = expression.unparenthesized.kind, parts.count == 1 else {
        return nil
      }
      return parts.first
    }
    var found: [(Identifier, String)] = []
    var open = [filter]
    while let part = open.popLast() {
      switch part.unparenthesized.kind {
      case .binary(.and, let left, let right), .binary(.or, let left, let right):
        open += [right, left]
      case .binary(.equal, let left, let right):
        if let name = name(left), let text = text(right) { found.append((name, text)) }
      case .inList(let value, let list, isNegated: false):
        guard let name = name(value) else { continue }
        found += list.compactMap(text).map { (name, $0) }
      default: continue
      }
    }
    return found
  }
}
