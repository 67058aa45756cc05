/// The rows of one key column as integers: equal values have equal words.
struct KeyWords {
  /// The integers, one per row; unspecified under NULL.
  let values: Values
  /// True where there is a value; nil where no row is NULL.
  let validity: [Bool]?

  /// Codes and other small numbers, or full words.
  enum Values {
    /// Codes from zero; -1 stands for a value that is not known, in lookups only.
    case codes([Int32])
    /// The values themselves, or bits that stand for them.
    case words([Int64])
  }

  /// The least and greatest valid word; nil where there is none.
  func bounds() -> ClosedRange<Int64>? {
    switch values {
    case .codes(let codes): Self.bounds(codes, validity: validity)
    case .words(let words): Self.bounds(words, validity: validity)
    }
  }

  private static func bounds<Word: FixedWidthInteger>(
    _ words: [Word],
    validity: [Bool]?
  ) -> ClosedRange<Int64>? {
    var least = Word.max
    var greatest = Word.min
    if let validity {
      for row in words.indices where validity[row] {
        least = min(least, words[row])
        greatest = max(greatest, words[row])
      }
    } else {
      for word in words {
        least = min(least, word)
        greatest = max(greatest, word)
      }
    }
    return least <= greatest ? Int64(least)...Int64(greatest) : nil
  }
}
