internal import TundishColumns
internal import TundishSyntax

/// Amounts that are written as texts no reader takes for numbers: `12.5k`, `12 000 kr`, `9.500 Ft`.
struct TextAmounts {
  let lookup: SchemaLookup
  private let sql = SQLBuilder()

  init(lookup: SchemaLookup) { self.lookup = lookup }

  /// The number that a column of texts spells; nil where some text spells none.
  func amount(_ field: Field, in table: TableEntry) throws(StatementFailure) -> Expression? {
    guard field.type.isText, table.table.rowCount > 0,
      SchemaLookup.mayHaveFewTexts(field.name, in: table.table)
    else { return nil }
    let place = QualifiedName([sql.identifier(table.name)])
    let texts = try lookup.texts(of: sql.name(field.name), in: place).filter { !$0.isEmpty }
    guard !texts.isEmpty else { return nil }
    let written = texts.map(Written.init)
    guard written.allSatisfy({ $0 != nil }) else { return nil }
    let column = Syntax.format(sql.name(field.name))
    let words = written.compactMap { $0 }
    let isCommaDecimal = words.contains { $0.decimalMark == "," }
    guard !isCommaDecimal || !words.contains(where: { $0.decimalMark == "." }) else { return nil }
    let kept = isCommaDecimal ? "[^0-9,-]" : "[^0-9.-]"
    var digits = "regexp_replace(\(column), '\(kept)', '', 'g')"
    if isCommaDecimal { digits = "replace(\(digits), ',', '.')" }
    if !words.contains(where: { $0.decimalMark != nil }) {
      digits = "regexp_replace(\(column), '[^0-9-]', '', 'g')"
    }
    let isShort = words.contains { $0.isShort }
    let number = "CAST(nullif(\(digits), '') AS DECIMAL(18,\(isShort ? 4 : 2)))"
    guard isShort else {
      // Texts of digits alone are numbers to the reader; what is left has a word behind it.
      guard let unit = words.first?.unit, !unit.isEmpty, words.allSatisfy({ $0.unit == unit })
      else { return nil }
      return expression(number)
    }
    guard words.allSatisfy({ $0.unit.isEmpty }) else { return nil }
    return expression(
      "\(number) * CASE lower(right(trim(\(column)), 1)) WHEN 'k' THEN 1000 WHEN 'm' THEN 1000000 "
        + "ELSE 1 END"
    )
  }

  private func expression(_ text: String) -> Expression? {
    guard case .query(let query)? = Syntax.parse("SELECT " + text).script.statements.first?.kind,
      case .select(let select) = query.body
    else { return nil }
    return select.items.first?.expression.moved(to: sql.range)
  }

  /// What a text consists of.
  private struct Written {
    /// The mark in front of one or two digits.
    var decimalMark: Character?
    /// Whether `k` or `m` follows.
    var isShort = false
    /// What else follows: `kr`.
    var unit = ""

    private static let units: Set<String> = ["kr", "kr.", ":-", "ft", "lei", "din", "mdl", "lv"]

    init?(_ text: String) {
      var folded = text.lowercased()
      if let prefix = Self.units.first(where: folded.hasPrefix) {
        unit = prefix
        folded.removeFirst(prefix.count)
      }
      let digits = folded.prefix { $0.isASCII && $0.isNumber || " \u{a0}\u{202f}.,-".contains($0) }
      var rest = String(folded.dropFirst(digits.count))
      while rest.last == " " { rest.removeLast() }
      isShort = rest == "k" || rest == "m"
      if !isShort {
        guard rest.isEmpty || Self.units.contains(rest) && unit.isEmpty else { return nil }
        if !rest.isEmpty { unit = rest }
      }
      let groups = digits.split { " \u{a0}\u{202f}.,".contains($0) }
      let marks = digits.filter { ".,".contains($0) }
      guard let first = groups.first, let last = groups.last,
        groups.dropFirst().dropLast().allSatisfy({ $0.count == 3 }),
        !first.isEmpty, first.drop(while: { $0 == "-" }).allSatisfy(\.isNumber),
        groups.dropFirst().allSatisfy({ $0.allSatisfy(\.isNumber) })
      else { return nil }
      guard groups.count > 1 else { return }
      // Two digits or one behind a mark are cents; three are a group.
      if last.count <= 2, let mark = marks.last {
        decimalMark = mark
      } else if last.count != 3 {
        return nil
      } else if isShort, marks.count == 1 {
        decimalMark = marks.last
      }
    }
  }
}
