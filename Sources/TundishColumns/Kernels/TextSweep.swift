/// Looks for one text in many others at once, where those lie one after the other as the texts of a
/// stored column do.
///
/// To begin a search takes longer than to search a short text, so one search goes through all of
/// them, and what it finds is told by its place.
enum TextSweep {
  /// Marks the texts that hold a needle, which is not empty; false, with nothing marked, where they
  /// do not lie in order or too far apart.
  static func mark(
    holding needle: Span<UInt8>,
    _ views: Span<TextView>,
    _ bytes: Span<UInt8>,
    into results: inout [Bool]
  ) -> Bool {
    precondition(needle.count > 0 && results.count == views.count, "there is a truth per text")
    guard let region = region(of: views) else { return false }
    let searched = bytes.extracting(0..<region.upperBound)
    var results = results.mutableSpan
    var row = 0
    var from = region.lowerBound
    while let hit = bytesFirstIndex(of: needle, in: searched, from: from) {
      // Ends at the latest with the last text, which no hit lies behind.
      while views[row].range.upperBound <= hit { row &+= 1 }
      let text = views[row].range
      if hit >= text.lowerBound, hit &+ needle.count <= text.upperBound {
        results[row] = true
        from = text.upperBound
      } else {
        // It reaches over the end of a text, or lies between two.
        from = hit &+ 1
      }
    }
    return true
  }

  /// Where the texts lie, empty ones aside; nil where one lies in front of another before it, or
  /// they are less than a quarter of what lies there.
  static func region(of views: Span<TextView>) -> Range<Int>? {
    var start = -1
    var end = 0
    var byteCount = 0
    for row in views.indices {
      let text = views[row].range
      if text.isEmpty { continue }
      if start < 0 {
        start = text.lowerBound
      } else if text.lowerBound < end {
        return nil
      }
      end = text.upperBound
      byteCount &+= text.count
    }
    guard start >= 0 else { return 0..<0 }
    return byteCount &* 4 >= end &- start ? start..<end : nil
  }
}
