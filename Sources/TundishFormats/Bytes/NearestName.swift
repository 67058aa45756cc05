/// Finds the name that was meant where one was mistyped.
enum NearestName {
  /// Longer names are not compared.
  private static let maximumLength = 40

  /// Returns the name of which at most two letters differ; nil where there is none.
  static func nearest(to name: String, among names: [String]) -> String? {
    let wanted = Array(name.utf8)
    guard wanted.count <= maximumLength else { return nil }
    // Of a name of one letter nothing would be left.
    let limit = wanted.count < 2 ? 0 : wanted.count < 5 ? 1 : 2
    let best = names.map { ($0, distance(wanted, Array($0.utf8))) }.min { $0.1 < $1.1 }
    guard let best, best.1 <= limit else { return nil }
    return best.0
  }

  /// The least number of letters to insert, leave out or exchange (Levenshtein).
  private static func distance(_ first: [UInt8], _ second: [UInt8]) -> Int {
    var row = Array(0...second.count)
    for (i, letter) in first.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in second.enumerated() {
        let exchanged = diagonal + (letter == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(exchanged, diagonal + 1, row[j] + 1)
      }
    }
    return row[second.count]
  }
}
