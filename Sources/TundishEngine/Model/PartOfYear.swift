/// A quarter or half of a year as people write it: `Q3 FY25`, `FY2025-Q3`, `1Q 2026`, `H1 2025`.
struct PartOfYear: Hashable {
  /// Whether it is a half.
  let isHalf: Bool
  /// Whether the year is called a fiscal one.
  let isFiscal: Bool

  /// Reads a text; nil where it says anything else, or no year of two or four digits.
  init?(_ text: String) {
    var words: [String] = []
    for character in ColumnHints.folded(text) {
      let isDigit = character.isASCII && character.isNumber
      guard isDigit || character.isLetter else {
        words.append("")
        continue
      }
      if let last = words.last?.last, last.isNumber == isDigit, !(words.last ?? "").isEmpty {
        words[words.count - 1].append(character)
      } else {
        words.append(String(character))
      }
    }
    words.removeAll(where: \.isEmpty)
    isFiscal = words.contains("fy")
    words.removeAll { $0 == "fy" || $0 == "cy" }
    let letters = words.filter { $0.allSatisfy(\.isLetter) }
    let digits = words.filter { $0.allSatisfy(\.isNumber) }
    guard letters.count == 1, let letter = letters.first, words.count == 3, digits.count == 2,
      let number = digits.first(where: { $0.count == 1 }).flatMap({ Int($0) }),
      let year = digits.first(where: { $0.count == 2 || $0.count == 4 && $0.hasPrefix("20") }),
      !year.isEmpty
    else { return nil }
    switch letter {
    case "q", "k",
      "t" where (1...4).contains(number):
      isHalf = false
    case "h",
      "s" where (1...2).contains(number):
      isHalf = true
    default: return nil
    }
    // The number stands beside its letter.
    guard let place = words.firstIndex(of: letter) else { return nil }
    let beside = [place - 1, place + 1].contains { index in
      words.indices.contains(index) && words[index] == String(number)
    }
    guard beside else { return nil }
  }
}
