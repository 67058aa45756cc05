import TundishSyntax

/// A month, quarter or year that a column is named after: `Q1 2026`, `Jan-26`, `2026-01`, `FY26 Q3`.
///
/// The year may be missing, as in `Q1` and `March`; then something else has to say it.
struct PeriodName: Hashable {
  /// The length of the period.
  let grain: Grain
  /// The first month, from 1.
  let month: Int
  /// The year; nil where the name has none.
  let year: Int?
  /// Whether the name speaks of a fiscal year.
  let isFiscal: Bool

  /// Reads a name; nil where it names no period, or says something besides.
  init?(_ name: String) {
    var (letters, digits) = Self.pieces(of: name)
    let isFiscal = letters.contains("fy")
    letters.removeAll { $0 == "fy" || Self.fillers.contains($0) }
    self.isFiscal = isFiscal
    if letters.isEmpty {
      guard let found = Self.numeric(digits, isFiscal: isFiscal) else { return nil }
      (grain, month, year) = found
      return
    }
    guard letters.count == 1, let word = letters.first else { return nil }
    if ["q", "k", "t", "qtr", "quarter", "kwartaal", "quartal"].contains(word) {
      guard let (number, year) = Self.quarter(digits) else { return nil }
      (grain, month, self.year) = (.quarter, number * 3 - 2, year)
      return
    }
    guard digits.count <= 1, let month = MonthNames.month(of: word) else { return nil }
    let year = digits.first.flatMap(Self.year(of:))
    guard digits.isEmpty || year != nil else { return nil }
    (grain, self.month, self.year) = (.month, month, year)
  }

  /// The year that a table's name says, such as `quotas 2026` and `Targets_FY26`; nil where it says
  /// none, or several.
  static func yearSaid(by name: String) -> (year: Int, isFiscal: Bool)? {
    let (letters, digits) = pieces(of: name)
    let isFiscal = letters.contains("fy")
    let years = digits.filter { $0.utf8.count == 4 || isFiscal }.compactMap(year(of:))
    guard let first = years.first, years.allSatisfy({ $0 == first }) else { return nil }
    return (first, isFiscal)
  }

  /// The runs of letters and of digits of a name.
  private static func pieces(of name: String) -> (letters: [String], digits: [String]) {
    var (letters, digits): ([String], [String]) = ([], [])
    var run = ""
    var previous: Bool?
    for character in ColumnHints.folded(ColumnHints.withoutRemarks(name)) + " " {
      let kind: Bool? =
        character.isLetter ? true : character.isASCII && character.isNumber ? false : nil
      if kind != previous, let previous {
        if previous { letters.append(run) } else { digits.append(run) }
        run = ""
      }
      if kind != nil { run.append(character) }
      previous = kind
    }
    return (letters, digits)
  }

  /// `2026-01`, `01/2026`, `2026-01-01`, `202601`, `2026`.
  private static func numeric(
    _ digits: [String],
    isFiscal: Bool
  ) -> (Grain, Int, Int?)? {
    switch digits.count {
    case 1:
      let text = digits[0]
      if text.utf8.count == 6, let year = year(of: String(text.prefix(4))),
        let month = Int(text.suffix(2)), (1...12).contains(month)
      {
        return (.month, month, year)
      }
      guard text.utf8.count == 4 || isFiscal, let year = year(of: text) else { return nil }
      return (.year, 1, year)
    case 2, 3:
      guard digits.count == 2 || Int(digits[2]) == 1 || Int(digits[0]) == 1 else { return nil }
      let (first, last) = (digits[0], digits[digits.count - 1])
      let text = first.utf8.count == 4 ? first : last
      let number = digits.count == 3 ? digits[1] : first.utf8.count == 4 ? last : first
      guard text.utf8.count == 4, let year = year(of: text), number.utf8.count <= 2,
        let month = Int(number), (1...12).contains(month)
      else { return nil }
      return (.month, month, year)
    default: return nil
    }
  }

  /// The number of a quarter and its year, in either order.
  private static func quarter(_ digits: [String]) -> (Int, Int?)? {
    let numbers = digits.filter { $0.utf8.count == 1 }
    let years = digits.filter { $0.utf8.count != 1 }
    guard numbers.count == 1, let number = numbers.first.flatMap({ Int($0) }),
      (1...4).contains(number), years.count <= 1
    else { return nil }
    guard let text = years.first else { return (number, nil) }
    return year(of: text).map { (number, $0) }
  }

  private static func year(of text: String) -> Int? {
    guard let number = Int(text) else { return nil }
    if text.utf8.count == 4 { return (1990...2100).contains(number) ? number : nil }
    return text.utf8.count == 2 ? 2000 + number : nil
  }

  /// Words that may stand beside a period.
  private static let fillers: Set<String> = [
    "quota", "quotas", "target", "targets", "goal", "plan", "doel", "ziel", "tinta", "objectif",
    "objetivo", "amount", "eur", "usd", "gbp", "ron", "chf", "month", "maand", "monat", "mois",
    "luna", "year", "jaar", "jahr", "kwota", "calendar", "cy",
  ]
}
