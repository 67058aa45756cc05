internal import TundishColumns

// What was read last, for a condition that is tested while rows are read.
extension TextChunk {
  /// The values of the last rows.
  ///
  /// Few distinct values come as a dictionary, the same one as long as there is no new value: what is
  /// computed by value is then computed once.
  mutating func latest(_ count: Int) -> ColumnData {
    guard isCoded else { return plainTexts(from: ends.count - count) }
    let first = codes.count - count
    // Under NULLs there are codes where no value has one yet.
    if entries.isEmpty { return .text(TextVector(views: empty(count), bytes: [])) }
    if entries.count > count, latestDictionary?.count != entries.count {
      return spelledOut(from: first)
    }
    let dictionary: TextDictionary
    if let known = latestDictionary, known.count == entries.count {
      dictionary = known
    } else {
      dictionary = TextDictionary(
        distinct: TextVector(
          views: entries.map { TextView(start: $0.start, length: $0.length) },
          bytes: [UInt8](bytes)
        )
      )
      latestDictionary = dictionary
    }
    return .dictionary(codes: codes[first...].map { Int32($0) }, dictionary)
  }

  private func empty(_ count: Int) -> [TextView] {
    [TextView](repeating: TextView(start: 0, length: 0), count: count)
  }

  private func plainTexts(from first: Int) -> ColumnData {
    let begin = first == 0 ? 0 : ends[first - 1]
    var start = begin
    var views: [TextView] = []
    for end in ends[first...] {
      views.append(TextView(start: start - begin, length: end - start))
      start = end
    }
    return .text(TextVector(views: views, bytes: Array(bytes[Int(begin)...])))
  }

  private func spelledOut(from first: Int) -> ColumnData {
    var views: [TextView] = []
    var texts: [UInt8] = []
    for code in codes[first...] {
      let start = UInt32(truncatingIfNeeded: texts.count)
      guard Int(code) < entries.count else {
        views.append(TextView(start: start, length: 0))
        continue
      }
      let entry = entries[Int(code)]
      let end = Int(entry.start) + Int(entry.length)
      texts.append(contentsOf: bytes[Int(entry.start)..<end])
      views.append(TextView(start: start, length: entry.length))
    }
    return .text(TextVector(views: views, bytes: texts))
  }
}
