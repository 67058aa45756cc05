internal import TundishColumns

/// What the first records of a long text look like, taken for what all look like.
///
/// Where that holds, the text is read once and not twice. It is checked at every value: a new name, or
/// a value of another type, makes the text be read in the general way.
struct JSONSample {
  private(set) var shape = JSONShape()
  private var start = 0
  private var averageByteCount = 1
  /// How far behind a place a cut is sought.
  private static let maximumCutByteCount = 1 << 18
  /// Braces that are tried as the beginning of a record.
  private static let maximumTryCount = 32

  /// Looks at some records; nil where there are no more, or where something is odd.
  init?(_ bytes: Span<UInt8>, _ layout: JSONLayout, _ options: JSONOptions) {
    var record = JSONRecord(flattens: options.flattens)
    var cursor = layout.cursor()
    var preparation = JSONPreparation(flattens: options.flattens)
    for count in 0..<options.sampleRecordCount {
      guard let step = try? cursor.next(bytes, into: &record, mayBePlain: true) else { return nil }
      switch step {
      case .plain: shape.add(record, bytes)
      case .tree(let value): shape.add(preparation.prepared(value))
      case .end: return nil
      }
      if count == 0 { start = cursor.recordStart }
    }
    averageByteCount = max(1, (cursor.recordStart - start) / max(1, options.sampleRecordCount - 1))
  }

  /// Cuts the text into parts of about as many records as a row group has.
  ///
  /// A cut may be wrong, inside of a record: whoever takes the parts in order sees that the one in
  /// front did not end there, and reads on from where it ended.
  func pieces(_ bytes: Span<UInt8>, _ layout: JSONLayout, _ options: JSONOptions) -> [JSONPiece] {
    let wanted = averageByteCount * min(JSONPiece.maximumRowCount, options.pieceRecordCount)
    let count = max(1, (bytes.count - start) / wanted)
    var starts = [start]
    // Where no cut was found up to here, the next boundaries would seek in the same bytes.
    var sought = start
    for number in 1..<max(1, count) {
      let boundary = start + (bytes.count - start) / count * number
      guard boundary >= sought, boundary > starts[starts.count - 1] else { continue }
      if let cut = cut(bytes, behind: boundary, layout, options) {
        starts.append(cut)
      } else {
        sought = boundary + Self.maximumCutByteCount
      }
    }
    return starts.indices.map { number in
      JSONPiece(
        start: starts[number],
        count: Int.max,
        limit: number + 1 < starts.count ? starts[number + 1] : Int.max
      )
    }
  }

  /// The place of a brace that looks like the beginning of a record.
  private func cut(
    _ bytes: Span<UInt8>,
    behind boundary: Int,
    _ layout: JSONLayout,
    _ options: JSONOptions
  ) -> Int? {
    let end = min(bytes.count, boundary + Self.maximumCutByteCount)
    var record = JSONRecord(flattens: options.flattens)
    for name in shape.names { _ = record.position(ofName: name) }
    var tries = 0
    for offset in boundary..<end where bytes[offset] == UInt8(ascii: "{") {
      guard layout.mayBegin(bytes, at: offset) else { continue }
      tries += 1
      guard tries <= Self.maximumTryCount else { return nil }
      var parser = JSONParser(position: offset)
      let isPlain = (try? record.read(&parser, bytes)) ?? false
      if isPlain, record.names.count == shape.names.count { return offset }
      if !isPlain, (try? parser.value(bytes, depth: 1)) != nil { return offset }
    }
    return nil
  }
}

extension JSONLayout {
  /// Whether what stands in front of a brace is what stands in front of records.
  func mayBegin(_ bytes: Span<UInt8>, at offset: Int) -> Bool {
    var i = offset
    var hasNewline = false
    func skipSpace() {
      while i > 0, bytes[i - 1] <= 0x20 {
        if bytes[i - 1] == 0x0A { hasNewline = true }
        i -= 1
      }
    }
    skipSpace()
    // No newline stands inside of a string, so that nearly every line begins a record.
    if isSequence { return hasNewline }
    guard i > 0, bytes[i - 1] == UInt8(ascii: ",") else { return false }
    i -= 1
    skipSpace()
    return i > 0 && bytes[i - 1] == UInt8(ascii: "}")
  }
}
