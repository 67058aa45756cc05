internal import TundishSyntax

/// Amounts that a column's name says to be in hundredths or millionths: `amount_cents`,
/// `cost_micros`.
enum MinorUnits {
  private static let suffixes: [(text: String, factor: String)] = [
    ("incents", "0.01"), ("cents", "0.01"), ("eurocent", "0.01"), ("minorunits", "0.01"),
    ("micros", "0.000001"),
  ]

  /// A column's plain name without its unit, and what its values are multiplied by; nil where the name
  /// says none.
  static func split(_ column: String) -> (name: String, factor: String)? {
    let name = ColumnHints.plain(column)
    for (suffix, factor) in suffixes where name.hasSuffix(suffix) && name.count > suffix.count {
      return (String(name.dropLast(suffix.count)), factor)
    }
    return nil
  }

  /// What a column's values are multiplied by whose name says in brackets that they are thousands or
  /// millions: `Quota (k EUR)`, `Umsatz [T€]`, `ARR ($M)`; nil where it says nothing of that.
  static func scale(_ column: String) -> Int? {
    guard let start = column.firstIndex(where: { "([".contains($0) }) else { return nil }
    let remark = ColumnHints.folded(String(column[start...]))
    let words = remark.split { !($0.isLetter || $0.isNumber || "€$£".contains($0)) }.map(
      String.init
    )
    let text = words.joined()
    if thousands.contains(text) || words.contains(where: thousands.contains) { return 1_000 }
    return millions.contains(text) || words.contains(where: millions.contains) ? 1_000_000 : nil
  }

  private static let thousands: Set<String> = [
    "k", "k€", "€k", "k$", "$k", "k£", "£k", "keur", "kusd", "kgbp", "kchf", "kron", "teur", "t€",
    "tsd", "tsd€", "tchf", "thousand", "thousands", "000", "000s", "$000", "€000", "£000", "$000s",
    "duizend", "duizenden", "tys", "tkr", "tsek", "mii",
  ]
  private static let millions: Set<String> = [
    "m€", "€m", "m$", "$m", "m£", "£m", "meur", "musd", "mio", "mio€", "mln", "million", "millions",
    "mkr",
  ]
}
