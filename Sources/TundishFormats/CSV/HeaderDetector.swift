/// Decides whether the first row holds names.
struct HeaderDetector {
  /// Whether it does.
  let hasHeader: Bool
  /// Why.
  let evidence: String

  /// Compares the cells of the first row with what the rows below look like.
  init(cells: [String], evidence columns: [TypeEvidence], hints: LocaleHints) {
    var fitting = 0
    var odd = 0
    for (cell, column) in zip(cells, columns) where !cell.isEmpty && column.valueCount > 0 {
      let decision = column.decision(name: "", hints: hints, line: { $0 })
      // A column whose dates cannot be told apart still holds dates.
      guard decision.reading != .text || decision.isTie || !column.possible.isEmpty else {
        continue
      }
      let bytes = Array(cell.utf8)
      var alone = TypeEvidence()
      alone.add(bytes.span, 0..<bytes.count)
      // `t` above `true` and `false` is a name.
      let isLetterAboveWords = alone.booleanForms & 3 != 0 && column.booleanForms == 4
      if alone.possible.isDisjoint(with: column.possible) || isLetterAboveWords {
        odd += 1
      } else {
        fitting += 1
      }
    }
    if odd > 0, odd >= fitting {
      hasHeader = true
      evidence = "\(odd) columns hold no text but for the first row"
      return
    }
    if fitting > 0 {
      hasHeader = false
      evidence = "the first row fits the types of the rows below"
      return
    }
    // All columns hold text. Names are short, distinct and not numbers.
    let names = cells.filter { !$0.isEmpty }
    let distinctCount = Set(names.map { $0.lowercased() }).count
    // Exports name a column twice now and then; rows seldom begin so.
    let isDistinct =
      distinctCount == names.count
      || names.count >= 3 && distinctCount * 3 >= names.count * 2
        && names.allSatisfy(Self.isWord)
    // Sheets have months as names now and then, a few moments alone are values.
    let momentCount = names.count(where: Self.isMoment)
    let isPlausible =
      !names.isEmpty && (momentCount == 0 || momentCount > 2)
      && names.allSatisfy { $0.utf8.count <= 120 && !Self.isNumber($0) }
      && (names.count > 1 || columns.contains { $0.valueCount > 0 } || !Self.isTruth(names[0]))
    hasHeader = isDistinct && isPlausible
    evidence =
      hasHeader
      ? "the first row holds \(distinctCount == names.count ? "distinct" : "mostly distinct") texts"
      : "the first row does not look like names"
  }

  /// Whether a text may be a name and is none of the words that stand for values.
  private static func isWord(_ text: String) -> Bool {
    let values = ["true", "false", "yes", "no", "null", "none", "nan"]
    return text.first?.isLetter == true && text.utf8.count <= 40
      && !values.contains(text.lowercased())
  }

  private static func isTruth(_ text: String) -> Bool {
    ["true", "false"].contains(text.lowercased())
  }

  private static func isMoment(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    let range = 0..<bytes.count
    guard range.count <= TextCursor.capacity else { return false }
    return TemporalReading.moment(bytes.span, range) != nil
      || TemporalReading.time(bytes.span, range) != nil
  }

  private static func isNumber(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    // Digits that are no number, as of postal codes, are no name either.
    if bytes.allSatisfy(NumberReading.isDigit) { return true }
    return NumberReading.number(bytes.span, 0..<bytes.count, decimalMark: UInt8(ascii: ".")) != nil
  }
}
