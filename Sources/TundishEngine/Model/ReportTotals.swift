/// The rows of sums that reports end with.
enum ReportTotals {
  private static let words: Set<String> = [
    "total", "totals", "grand total", "sum", "totaal", "gesamt", "summe", "somme", "suma",
    "team total", "count", "total general", "totale", "gesamtsumme", "subtotal",
  ]

  /// Whether a label says that its row is a sum of others: `Total`, `Total: Campaigns`.
  static func isTotal(_ text: String) -> Bool {
    let label = ColumnHints.label(text)
    if words.contains(label) { return true }
    guard let colon = label.firstIndex(of: ":") else { return false }
    return words.contains(String(label[..<colon]))
  }
}
