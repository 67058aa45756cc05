/// Prints trees in canonical form: keywords in capitals (small in statements of the sales door),
/// clauses in canonical order, parentheses only where they were written or are needed.
///
/// Parsing what it prints gives an equal tree up to ranges, and printing that gives the same text.
struct Formatter {
  /// Whether keywords are printed in small letters.
  var usesSmallKeywords = false

  // MARK: - Words

  /// Keywords as this place of the text writes them.
  func word(_ text: String) -> String {
    usesSmallKeywords ? text.lowercased() : text.uppercased()
  }

  func keyword(_ text: String) -> Layout { .text(word(text)) }

  /// A name where a reserved word has to be quoted.
  func name(_ identifier: Identifier) -> String {
    if identifier.isQuoted || !isPlain(identifier.text) { return quoted(identifier.text) }
    guard let keyword = Keyword.matching(Array(identifier.text.utf8)) else {
      return identifier.text
    }
    return keyword.wordClass == .soft ? identifier.text : quoted(identifier.text)
  }

  /// A name after AS or a dot, where every word may stand.
  func label(_ identifier: Identifier) -> String {
    identifier.isQuoted || !isPlain(identifier.text) ? quoted(identifier.text) : identifier.text
  }

  func name(_ qualified: QualifiedName) -> String {
    path(qualified.parts)
  }

  func path(_ parts: [Identifier]) -> String {
    parts.enumerated().map { $0.offset == 0 ? name($0.element) : label($0.element) }
      .joined(separator: ".")
  }

  func names(_ identifiers: [Identifier]) -> Layout {
    identifiers.map { Layout.text(name($0)) }.inParentheses
  }

  /// Whether the lexer would read the text as one unquoted word.
  func isPlain(_ text: String) -> Bool {
    guard let first = text.utf8.first, Lexer.isNameStart(first),
      text.utf8.allSatisfy(Lexer.isNamePart)
    else { return false }
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return true }
    return !text.unicodeScalars.contains { scalar in
      scalar == "\u{A0}" || ("\u{2018}"..."\u{201D}").contains(scalar)
    }
  }

  func quoted(_ text: String) -> String {
    "\"" + doubled(text, "\"") + "\""
  }

  func string(_ text: String) -> String {
    "'" + doubled(text, "'") + "'"
  }

  private func doubled(_ text: String, _ quote: Character) -> String {
    text.contains(quote)
      ? text.split(separator: quote, omittingEmptySubsequences: false)
        .joined(separator: "\(quote)\(quote)") : text
  }

  // MARK: - Units

  func duration(_ duration: Duration) -> String {
    "\(duration.amount) \(word(plural(duration.unit, isOne: duration.amount == "1")))"
  }

  private func plural(_ unit: IntervalUnit, isOne: Bool) -> String {
    if isOne { return unit.rawValue }
    switch unit {
    case .century: return "centuries"
    case .millennium: return "millennia"
    case .microsecond, .millisecond, .second, .minute, .hour, .day, .week, .month, .quarter,
      .year, .decade:
      return unit.rawValue + "s"
    }
  }

  func date(_ year: Int, _ month: Int, _ day: Int) -> String {
    "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  // MARK: - Types

  func type(_ type: TypeName) -> String {
    switch type.kind {
    case .named(let text, let arguments):
      guard !arguments.isEmpty else { return typeWords(text) }
      let list = "(" + arguments.map(String.init).joined(separator: ", ") + ")"
      // The arguments of `TIMESTAMP(3) WITH TIME ZONE` stand after its first word.
      if let space = text.firstIndex(of: " "), text.lowercased().hasSuffix("zone") {
        return text[..<space] + list + text[space...]
      }
      return typeWords(text) + list
    case .list(let element):
      return self.type(element) + "[]"
    case .map(let key, let value):
      return "MAP(\(self.type(key)), \(self.type(value)))"
    case .row(let types):
      return "TUPLE(" + types.map { self.type($0) }.joined(separator: ", ") + ")"
    case .structure(let members):
      let list = members.map { "\(label($0.name)) \(self.type($0.type))" }
      return "STRUCT(" + list.joined(separator: ", ") + ")"
    case .enumeration(let labels):
      return "ENUM(" + labels.map(string).joined(separator: ", ") + ")"
    }
  }

  /// The words of a type's name; what only quotes could have written gets them.
  private func typeWords(_ text: String) -> String {
    if Self.typesOfSeveralWords.contains(text.lowercased()) { return text }
    let isPlainText = text.utf8.allSatisfy { Lexer.isNamePart($0) || $0 == 0x2E }
    guard isPlainText, let first = text.utf8.first, Lexer.isNameStart(first) else {
      return text.isEmpty ? "" : quoted(text)
    }
    // Part by part: behind a whole in quotes, a dot would go on with the name.
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { part in
      let isReserved = Keyword.matching(Array(part.utf8))?.wordClass == .reserved
      return isReserved ? quoted(String(part)) : String(part)
    }
    return parts.joined(separator: ".")
  }

  private static let typesOfSeveralWords: Set<String> = [
    "double precision", "character varying", "char varying", "time with time zone",
    "time without time zone", "timestamp with time zone", "timestamp without time zone",
  ]
}

extension Syntax {
  /// Prints a statement in canonical form; `parse(format(s))` gives an equal tree up to ranges.
  package static func format(_ statement: Statement) -> String {
    var formatter = Formatter()
    return formatter.statement(statement).rendered()
  }

  /// Prints a query in canonical form.
  package static func format(_ query: Query) -> String {
    var formatter = Formatter()
    return Layout.group(formatter.query(query)).rendered()
  }

  /// Prints an expression in canonical form, on one line where it fits.
  package static func format(_ expression: Expression) -> String {
    var formatter = Formatter()
    return formatter.expression(expression).rendered()
  }
}
