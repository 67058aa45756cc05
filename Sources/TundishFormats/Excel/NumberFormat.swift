internal import TundishColumns

/// Formats of numbers, such as `yyyy-mm-dd` or `#,##0.00 "EUR"`.
enum NumberFormat {
  /// What the formats that have only a number stand for.
  static func kind(builtin id: Int) -> Workbook.NumberKind {
    switch id {
    case 14...17, 27...31, 36, 50...58: .date
    case 18...21, 32...35, 45, 47: .time
    case 22: .timestamp
    case 46: .duration
    default: .number
    }
  }

  /// What a format says about the cells that have it.
  static func format(of text: String) -> Workbook.CellFormat {
    let kind = kind(of: text)
    guard kind == .number else { return Workbook.CellFormat(kind: kind) }
    return Workbook.CellFormat(unit: unit(of: text), digitCount: digitCount(of: text))
  }

  /// A format shows a date where it has y, m, d, h or s outside of quotes and brackets.
  static func kind(of format: String) -> Workbook.NumberKind {
    var letters: Set<Character> = []
    var isQuoted = false
    var isEscaped = false
    var bracket: String?
    for character in format.lowercased().split(separator: ";").first ?? "" {
      if isEscaped {
        isEscaped = false
      } else if isQuoted {
        isQuoted = character != "\""
      } else if let inner = bracket {
        guard character == "]" else {
          bracket = inner + String(character)
          continue
        }
        if !inner.isEmpty, inner.allSatisfy({ "hms".contains($0) }) { return .duration }
        bracket = nil
      } else if character == "[" {
        bracket = ""
      } else if character == "\"" {
        isQuoted = true
      } else if character == "\\" || character == "_" || character == "*" {
        isEscaped = true
      } else {
        letters.insert(character)
      }
    }
    // `General` and `0.00E+00` have letters that mean something else.
    if letters.contains("g") || letters.contains("0") && !letters.contains("s") { return .number }
    let hasTime = letters.contains("h") || letters.contains("s")
    if letters.contains("y") || letters.contains("d") { return hasTime ? .timestamp : .date }
    if hasTime { return .time }
    return letters.contains("m") ? .date : .number
  }

  /// What a format says about numbers that are no dates: `0%` shows a fraction as a percentage,
  /// `"$"#,##0.00` and `#,##0 [$€-407]` show money.
  static func unit(of format: String) -> Unit {
    let literal = literals(of: format)
    if literal.isPercent { return .percent }
    let texts = literal.texts.map { Array($0.utf8) }
    let code = NumberReading.currencies.first { texts.contains($0.text) }?.code
    return code.map { .money($0) } ?? .none
  }

  /// How many digits `00000` shows at least; zero for formats that are not zeros alone.
  ///
  /// Postal codes and numbers of customers are formatted so, and are no numbers.
  static func digitCount(of format: String) -> Int {
    let first = format.split(separator: ";").first ?? ""
    return first.utf8.count >= 3 && first.utf8.allSatisfy { $0 == UInt8(ascii: "0") }
      ? first.utf8.count : 0
  }

  /// The texts that the first part of a format shows around the number.
  private static func literals(of format: String) -> (texts: [String], isPercent: Bool) {
    var texts: [String] = []
    var text = ""
    var isPercent = false
    func end() {
      let word = text.split(separator: " ").joined(separator: " ")
      if !word.isEmpty { texts.append(word) }
      text = ""
    }
    var rest = Substring(format)
    while let character = rest.popFirst(), character != ";" {
      switch character {
      case "\\": text += rest.popFirst().map(String.init) ?? ""
      case "_", "*": _ = rest.popFirst()
      case "\"":
        while let quoted = rest.popFirst(), quoted != "\"" { text.append(quoted) }
      case "[":
        var inner = ""
        while let part = rest.popFirst(), part != "]" { inner.append(part) }
        guard inner.hasPrefix("$") else { continue }
        text += inner.dropFirst().prefix { $0 != "-" }
      case "%": isPercent = true
      case "#", "0", "?", ",", ".", "(", ")", "-", "+": end()
      default: text.append(character)
      }
    }
    end()
    return (texts, isPercent)
  }
}
