internal import TundishSyntax

/// Months that are written with their names, such as `Jan 2026`, `mrt-26` and `Februarie 2026`.
enum MonthNames {
  /// The first day of the month that each text of a column names; nil where some text names none.
  static func date(of column: String, _ texts: [String]) -> String? {
    let parts = texts.map(split)
    guard let digits = parts.first??.year.count, digits == 4 || digits == 2,
      parts.allSatisfy({ $0?.year.count == digits }),
      let names = languages.first(where: { names in
        parts.allSatisfy { part in names.contains { part?.name.hasPrefix($0) ?? false } }
      })
    else { return nil }
    let name = "lower(strip_accents(\(column)))"
    let months = names.enumerated().map {
      "WHEN starts_with(\(name), '\($0.element)') THEN \($0.offset + 1)"
    }
    let year =
      digits == 4
      ? "CAST(right(\(column), 4) AS INTEGER)" : "2000 + CAST(right(\(column), 2) AS INTEGER)"
    return "make_date(\(year), CASE \(months.joined(separator: " ")) END, 1)"
  }

  /// The number of the month that a word begins like; nil where it begins like none, or like
  /// different months of different languages.
  static func month(of word: String) -> Int? {
    guard word.utf8.count >= 3 else { return nil }
    let found = Set(
      languages.compactMap { names in
        names.firstIndex { word.hasPrefix($0) }.map { $0 + 1 }
      }
    )
    return found.count == 1 ? found.first : nil
  }

  /// A name and a year, with little between them.
  private static func split(_ text: String) -> (name: String, year: String)? {
    let folded = ColumnHints.folded(text)
    let name = folded.prefix { $0.isLetter }
    let rest = folded.dropFirst(name.count)
    let year = rest.drop { !$0.isNumber }
    guard name.count >= 3, rest.count - year.count <= 3, !year.isEmpty,
      year.allSatisfy({ $0.isASCII && $0.isNumber })
    else { return nil }
    return (String(name), String(year))
  }

  /// How the names of the months begin in English, Dutch, German, French, Spanish, Romanian,
  /// Portuguese, Italian, Polish, Swedish (Danish, Norwegian), Hungarian and Turkish.
  private static let languages: [[String]] = [
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "jan feb maa apr mei jun jul aug sep okt nov dec",
    "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "jan feb mar apr mai jun jul aug sep okt nov dez",
    "jan fev mar avr mai juin juil aou sep oct nov dec",
    "ene feb mar abr may jun jul ago sep oct nov dic",
    "ian feb mar apr mai iun iul aug sep oct noi dec",
    "jan fev mar abr mai jun jul ago set out nov dez",
    "gen feb mar apr mag giu lug ago set ott nov dic",
    "sty lut mar kwi maj cze lip sie wrz paz lis gru",
    "jan feb mar apr maj jun jul aug sep okt nov dec",
    "jan feb mar apr maj jun jul aug sze okt nov dec",
    "oca sub mar nis may haz tem agu eyl eki kas ara",
  ].map { $0.split(separator: " ").map(String.init) }
}
