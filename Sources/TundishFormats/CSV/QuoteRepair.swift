/// Finds the fields of a row whose quotes do not pair, where there is one sensible way to read it.
///
/// Rows such as `7,"Lamp, 24"",3` or `8,"Light-Up Jacket,4` break RFC 4180, but a reading that takes
/// one quote as an ordinary character gives the row exactly the fields that all others have. Such a
/// row stays on its line: a quote that does not pair encloses no line ending.
struct QuoteRepair {
  let dialect: CSVDialect
  let columnCount: Int

  /// The rows longer than this are not repaired: each way of reading looks at every byte.
  static let maximumByteCount = 1 << 16
  /// The rows of one file that are tried.
  static let maximumRowCount = 10_000
  private static let maximumColumnCount = 256

  /// Returns where the fields of a line end; nil where no way of reading gives as many as expected.
  func ends(_ bytes: Span<UInt8>, _ line: Range<Int>) -> [Int]? {
    guard let quote = dialect.quote, line.count <= Self.maximumByteCount,
      columnCount <= Self.maximumColumnCount
    else { return nil }
    for closesAtPair in [false, true] {
      let ends = ends(bytes, line, quote, literal: nil, closesAtPair: closesAtPair)
      if ends.count == columnCount { return ends }
    }
    for literal in 0..<columnCount {
      for closesAtPair in [false, true] {
        let ends = ends(bytes, line, quote, literal: literal, closesAtPair: closesAtPair)
        if ends.count == columnCount { return ends }
      }
    }
    let ends = ends(bytes, line, nil, literal: nil, closesAtPair: false)
    return ends.count == columnCount ? ends : nil
  }

  /// Splits a line with the quote that opens field `literal` as an ordinary character.
  ///
  /// `closesAtPair` says whether the second of two quotes in front of a delimiter ends a field.
  private func ends(
    _ bytes: Span<UInt8>,
    _ line: Range<Int>,
    _ quote: UInt8?,
    literal: Int?,
    closesAtPair: Bool
  ) -> [Int] {
    var ends: [Int] = []
    var offset = line.lowerBound
    while ends.count <= columnCount {
      var end: Int?
      if let quote, offset < line.upperBound, bytes[offset] == quote, ends.count != literal {
        end = endOfQuoted(bytes, offset, line.upperBound, quote, closesAtPair: closesAtPair)
      }
      let fieldEnd = end ?? endOfPlain(bytes, offset, line.upperBound)
      ends.append(fieldEnd)
      if fieldEnd >= line.upperBound { break }
      offset = fieldEnd + 1
    }
    return ends
  }

  private func endOfPlain(_ bytes: Span<UInt8>, _ start: Int, _ limit: Int) -> Int {
    var i = start
    while i < limit, bytes[i] != dialect.delimiter {
      i += bytes[i] == dialect.escape && i + 1 < limit ? 2 : 1
    }
    return min(i, limit)
  }

  /// The end of a field in quotes: its last quote is the first in front of a delimiter.
  private func endOfQuoted(
    _ bytes: Span<UInt8>,
    _ start: Int,
    _ limit: Int,
    _ quote: UInt8,
    closesAtPair: Bool
  ) -> Int? {
    var i = start + 1
    while i < limit {
      if bytes[i] == dialect.escape, i + 1 < limit {
        i += 2
        continue
      }
      guard bytes[i] == quote else {
        i += 1
        continue
      }
      if dialect.escape == nil, i + 1 < limit, bytes[i + 1] == quote {
        let next = i + 2
        if closesAtPair, next >= limit || bytes[next] == dialect.delimiter { return next }
        i += 2
        continue
      }
      var next = i + 1
      while next < limit, bytes[next] == 0x20, bytes[next] != dialect.delimiter { next += 1 }
      if next >= limit || bytes[next] == dialect.delimiter { return next }
      i += 1
    }
    return nil
  }
}
