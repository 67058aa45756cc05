/// A set of Unicode scalar values, as sorted ranges that neither overlap nor touch.
struct CharacterClass: Sendable, Hashable {
  /// The greatest scalar value.
  static let maximum: UInt32 = 0x10FFFF

  private(set) var ranges: [ClosedRange<UInt32>]

  /// Creates the set of the given ranges, in any order.
  init(_ ranges: [ClosedRange<UInt32>] = []) {
    self.ranges = CharacterClass.normalized(ranges)
  }

  /// Every scalar.
  static let all = CharacterClass([0...maximum])
  /// The class `\d`.
  static let digits = CharacterClass([0x30...0x39])
  /// The class `\w`.
  static let word = CharacterClass([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
  /// The class `\s`.
  static let space = CharacterClass([0x09...0x0A, 0x0C...0x0D, 0x20...0x20])
  /// The class `.` without the flag `s`.
  static let notNewline = CharacterClass([0x0A...0x0A]).inverted

  /// The scalars that are not in the set.
  var inverted: CharacterClass {
    var gaps: [ClosedRange<UInt32>] = []
    var next: UInt32 = 0
    for range in ranges {
      if range.lowerBound > next { gaps.append(next...(range.lowerBound - 1)) }
      next = range.upperBound + 1
    }
    if next <= CharacterClass.maximum { gaps.append(next...CharacterClass.maximum) }
    return CharacterClass(gaps)
  }

  /// Returns the scalars of either set.
  func union(_ other: CharacterClass) -> CharacterClass {
    CharacterClass(ranges + other.ranges)
  }

  /// Returns the set with the other case of each letter added.
  ///
  /// Scalars above `foldingLimit` are left as they are: no script with case lies beyond it that
  /// sales data would hold.
  func caseFolded() -> CharacterClass {
    var folded = ranges
    for range in ranges {
      let end = min(range.upperBound, CharacterClass.foldingLimit)
      guard range.lowerBound <= end else { continue }
      for value in range.lowerBound...end {
        guard let scalar = Unicode.Scalar(value), scalar.properties.isCased else { continue }
        for text in [scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping] {
          let scalars = text.unicodeScalars
          if scalars.count == 1, let other = scalars.first, other != scalar {
            folded.append(other.value...other.value)
          }
        }
      }
    }
    return CharacterClass(folded)
  }

  private static let foldingLimit: UInt32 = 0x24FF

  private static func normalized(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
    var merged: [ClosedRange<UInt32>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = merged.last,
        range.lowerBound <= last.upperBound || range.lowerBound == last.upperBound + 1
      {
        merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    return merged
  }
}

extension CharacterClass {
  /// Returns the class that `[[:name:]]` stands for; nil if there is none.
  static func posix(_ name: String) -> CharacterClass? {
    switch name {
    case "alnum": CharacterClass([0x30...0x39, 0x41...0x5A, 0x61...0x7A])
    case "alpha": CharacterClass([0x41...0x5A, 0x61...0x7A])
    case "ascii": CharacterClass([0...0x7F])
    case "blank": CharacterClass([0x09...0x09, 0x20...0x20])
    case "cntrl": CharacterClass([0...0x1F, 0x7F...0x7F])
    case "digit": digits
    case "graph": CharacterClass([0x21...0x7E])
    case "lower": CharacterClass([0x61...0x7A])
    case "print": CharacterClass([0x20...0x7E])
    case "punct": CharacterClass([0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E])
    case "space": CharacterClass([0x09...0x0D, 0x20...0x20])
    case "upper": CharacterClass([0x41...0x5A])
    case "word": word
    case "xdigit": CharacterClass([0x30...0x39, 0x41...0x46, 0x61...0x66])
    default: nil
    }
  }

  /// Returns the scalars of a Unicode general category (`L`, `Lu`, `Nd`); nil if there is none.
  ///
  /// Scans all scalars, tens of milliseconds, once per pattern that uses it.
  static func category(_ name: String) -> CharacterClass? {
    if name == "Any" { return .all }
    guard categoryNames.contains(where: { $0.hasPrefix(name) }), !name.isEmpty else { return nil }
    var ranges: [ClosedRange<UInt32>] = []
    var start: UInt32?
    for value in 0...maximum {
      let isMember =
        Unicode.Scalar(value).map { abbreviation(of: $0.properties.generalCategory) }?
        .hasPrefix(name) ?? false
      if isMember {
        start = start ?? value
      } else if let first = start {
        ranges.append(first...(value - 1))
        start = nil
      }
    }
    if let first = start { ranges.append(first...maximum) }
    return CharacterClass(ranges)
  }

  private static let categoryNames = [
    "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi",
    "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn",
  ]

  private static func abbreviation(of category: Unicode.GeneralCategory) -> String {
    switch category {
    case .uppercaseLetter: "Lu"
    case .lowercaseLetter: "Ll"
    case .titlecaseLetter: "Lt"
    case .modifierLetter: "Lm"
    case .otherLetter: "Lo"
    case .nonspacingMark: "Mn"
    case .spacingMark: "Mc"
    case .enclosingMark: "Me"
    case .decimalNumber: "Nd"
    case .letterNumber: "Nl"
    case .otherNumber: "No"
    case .connectorPunctuation: "Pc"
    case .dashPunctuation: "Pd"
    case .openPunctuation: "Ps"
    case .closePunctuation: "Pe"
    case .initialPunctuation: "Pi"
    case .finalPunctuation: "Pf"
    case .otherPunctuation: "Po"
    case .mathSymbol: "Sm"
    case .currencySymbol: "Sc"
    case .modifierSymbol: "Sk"
    case .otherSymbol: "So"
    case .spaceSeparator: "Zs"
    case .lineSeparator: "Zl"
    case .paragraphSeparator: "Zp"
    case .control: "Cc"
    case .format: "Cf"
    case .surrogate: "Cs"
    case .privateUse: "Co"
    case .unassigned: "Cn"
    @unknown default: "Cn"
    }
  }
}
