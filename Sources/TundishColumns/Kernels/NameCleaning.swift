/// Forms of names under which duplicates in sales data meet.
enum NameCleaning {
  /// Returns the text without accents on Latin letters, and without marks of their own.
  static func withoutAccents(_ scalars: [UInt32]) -> [UInt32] {
    scalars.compactMap { value in
      let category = Unicode.Scalar(value)?.properties.generalCategory
      return category == .nonspacingMark ? nil : Accents.base(value)
    }
  }

  /// Returns an address in the form that providers compare.
  ///
  /// That is in lower case, without spaces and `+tag`, and for Gmail without dots before the `@`.
  /// What has no `@` is only lowered and trimmed.
  static func email(_ text: String) -> String {
    var address = lowered(text).split(separator: " ").joined()
    if address.hasPrefix("mailto:") { address = String(address.dropFirst(7)) }
    guard let at = address.lastIndex(of: "@") else { return address }
    var local = String(address[..<at])
    var domain = String(address[address.index(after: at)...])
    if let plus = local.firstIndex(of: "+"), plus > local.startIndex {
      local = String(local[..<plus])
    }
    if domain == "googlemail.com" { domain = "gmail.com" }
    if domain == "gmail.com" { local = local.split(separator: ".").joined() }
    return local + "@" + domain
  }

  /// Returns a company's name without case, accents, punctuation and legal form.
  ///
  /// Dots and apostrophes vanish (`B.V.` is `bv`), other punctuation parts words, `&` and `+` read
  /// `and`. Legal forms are dropped at the end, and at the start where they stand there (`SC`,
  /// `Stichting`), as long as a word is left.
  static func company(_ text: String) -> String {
    var words: [String] = []
    var word = String.UnicodeScalarView()
    func endWord() {
      if !word.isEmpty { words.append(String(word)) }
      word = String.UnicodeScalarView()
    }
    for scalar in text.unicodeScalars {
      guard let base = Accents.base(LetterCase.lower(scalar.value)),
        let letter = Unicode.Scalar(LetterCase.lower(base))
      else { continue }
      switch letter {
      case ".", "'", "’", "`": continue
      case "&", "+":
        endWord()
        words.append("and")
      case "ß": word.append(contentsOf: "ss".unicodeScalars)
      case "ø": word.append("o")
      case "æ": word.append(contentsOf: "ae".unicodeScalars)
      case "œ": word.append(contentsOf: "oe".unicodeScalars)
      case "ł": word.append("l")
      case "đ": word.append("d")
      default:
        if letter.properties.isAlphabetic || letter.properties.numericType != nil {
          word.append(letter)
        } else {
          endWord()
        }
      }
    }
    endWord()
    return withoutLegalForms(words).joined(separator: " ")
  }

  private static func withoutLegalForms(_ words: [String]) -> [String] {
    let end = words.endIndex
    var words = words[...]
    // "Smith & Co" keeps no dangling "and".
    while words.count > 1, let last = words.last {
      if words.count > 2, pairsAtEnd.contains(words.suffix(2).joined(separator: " ")) {
        words = words.dropLast(2)
      } else if formsAtEnd.contains(last) || (last == "and" && words.endIndex < end) {
        words = words.dropLast()
      } else {
        break
      }
    }
    while words.count > 1, let first = words.first, formsAtStart.contains(first) {
      words = words.dropFirst()
    }
    return Array(words)
  }

  private static let formsAtEnd: Set<String> = [
    "ab", "ag", "as", "asa", "aps", "bv", "bvba", "co", "company", "corp", "corporation", "cv",
    "doo", "ehf", "eood", "eurl", "gbr", "gesmbh", "gmbh", "hf", "inc", "incorporated", "kft", "kg",
    "kgaa", "kk", "limited", "llc", "llp", "lp", "ltd", "ltda", "mbh", "nv", "nyrt", "ohg", "ood",
    "oy", "oyj", "pc", "plc", "pllc", "pte", "pty", "pvt", "sa", "sab", "sarl", "sas", "sasu",
    "scs",
    "se", "sl", "slu", "sp", "sprl", "spa", "srl", "sro", "ug", "vof", "zrt",
  ]

  private static let pairsAtEnd: Set<String> = [
    "b v", "n v", "v o f", "s a", "s r l", "sp zoo", "sp z", "z oo", "sp k", "s l", "s p", "a s",
    "d o", "r l",
  ]

  private static let formsAtStart: Set<String> = ["sc", "stichting", "the", "firma"]

  private static func lowered(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isSpace = scalar.properties.isWhitespace
      scalars.append(isSpace ? " " : Unicode.Scalar(LetterCase.lower(scalar.value)) ?? scalar)
    }
    return String(scalars)
  }
}
