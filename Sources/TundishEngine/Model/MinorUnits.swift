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
}
