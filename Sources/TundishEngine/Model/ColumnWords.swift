internal import TundishSyntax

/// The words of a column's or table's name, each as what it means: `Fecha de cierre prevista` is
/// `date close expect`, and so are `Expected Close Date`, `expected_close` and `Verwachte
/// sluitdatum`.
///
/// A name is cut at its punctuation and at its capitals. What is left is looked up whole, then
/// without its ending, then cut into known words, because Dutch and German write
/// `Abschlussdatum` and loaders write `createddate`. Words that say nothing are dropped; a word
/// that is not known stays, so that it can keep the name from meaning something else.
struct ColumnWords: Hashable {
  /// The words in order.
  let words: [String]
  private let distinct: Set<String>

  init(_ name: String) { self = Self.read[name] }

  private static let read = NameCache<ColumnWords> { ColumnWords(reading: $0) }

  private init(reading name: String) {
    var found: [String] = []
    for part in Self.parts(of: ColumnHints.withoutRemarks(ColumnHints.numbered(name))) {
      found += Self.meanings(of: part)
    }
    words = found.filter { !ColumnVocabulary.fillers.contains($0) }
    distinct = Set(words)
  }

  /// Whether the name says one thing, with or without words that add nothing to it.
  func says(_ meaning: String, optional: Set<String>) -> Bool {
    let wanted = Self.wantedWords[meaning]
    return wanted.isSubset(of: distinct)
      && distinct.allSatisfy { wanted.contains($0) || optional.contains($0) }
  }

  private static let wantedWords = NameCache<Set<String>> {
    Set($0.split(separator: " ").map(String.init))
  }

  /// A name's pieces: `closeDate`, `close_date` and `Close Date` have two.
  private static func parts(of name: String) -> [String] {
    var parts: [String] = []
    var part = ""
    var previous: Character = " "
    let characters = Array(name)
    for (index, character) in characters.enumerated() {
      guard character.isLetter || character.isNumber else {
        parts.append(part)
        part = ""
        previous = character
        continue
      }
      let isNext = index + 1 < characters.count && characters[index + 1].isLowercase
      let begins =
        character.isUppercase
        && (previous.isLowercase || previous.isNumber || previous.isUppercase && isNext)
      if begins {
        parts.append(part)
        part = ""
      }
      part.append(character)
      previous = character
    }
    parts.append(part)
    return parts.filter { !$0.isEmpty }.map(ColumnHints.folded)
  }

  /// What a piece means; the piece itself where that is not known.
  private static func meanings(of part: String) -> [String] {
    if let known = ColumnVocabulary.meaning(of: part) { return [known] }
    return compound(part) ?? [part]
  }

  /// The fewest known words that make up a long word; nil where none do.
  private static func compound(_ text: String) -> [String]? {
    let letters = Array(text.utf8)
    guard letters.count >= 5, letters.count <= maximumCompoundLength else { return nil }
    // best[end] is the shortest list of meanings that spells the first `end` letters.
    var best: [[String]?] = Array(repeating: nil, count: letters.count + 1)
    best[0] = []
    for end in 1...letters.count {
      for start in max(0, end - ColumnVocabulary.longest)..<end {
        guard let before = best[start],
          best[end].map({ before.count + 1 < $0.count }) ?? true
        else { continue }
        let piece = String(decoding: letters[start..<end], as: UTF8.self)
        // Short words stand at the end only: `createdat`, `ownerid`.
        guard
          piece.utf8.count >= 3
            || (end == letters.count && ["id", "at", "on", "nr"].contains(piece))
        else { continue }
        if let meaning = ColumnVocabulary.words[piece] {
          best[end] = before + [meaning]
        } else if !before.isEmpty, ColumnVocabulary.joints.contains(piece) {
          best[end] = before
        }
      }
      // A letter between two words, as in `Verkaufsphase`.
      if end >= 2, best[end] == nil, let before = best[end - 1], !before.isEmpty,
        ColumnVocabulary.joints.contains(String(decoding: [letters[end - 1]], as: UTF8.self))
      {
        best[end] = before
      }
    }
    return best[letters.count]
  }

  private static let maximumCompoundLength = 48
}

extension ColumnHints {
  /// A name without remarks in brackets: `Amount (EUR)`, `(Do Not Modify) Opportunity`.
  static func withoutRemarks(_ name: String) -> String {
    guard name.contains("(") else { return name }
    var text = ""
    var depth = 0
    for character in name {
      if character == "(" { depth += 1 }
      if depth == 0 { text.append(character) }
      if character == ")", depth > 0 { depth -= 1 }
    }
    // A name that is all remark keeps it.
    return text.contains(where: \.isLetter) ? text : name
  }
}
