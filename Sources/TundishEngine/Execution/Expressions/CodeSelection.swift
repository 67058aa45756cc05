/// Chooses rows by the truth of their code.
///
/// Every row is written and only those that count are kept, which spares a branch per row.
struct CodeSelection {
  private let truths: [Bool]
  private let null: Bool

  /// Creates a selection: the truth of each code, and of NULL.
  init(_ truths: [Bool], null: Bool) {
    self.truths = truths
    self.null = null
  }

  /// Returns those of some rows (nil for all) whose code makes the condition true.
  func rows(_ rows: [Int32]?, _ codes: [Int32], _ validity: [Bool]?) -> [Int32] {
    let count = rows?.count ?? codes.count
    var output = [Int32](repeating: 0, count: count)
    let found =
      switch (rows, validity) {
      case (nil, nil): all(&output, codes.span, truths.span)
      case (nil, let validity?): all(&output, codes.span, truths.span, validity.span)
      case (let rows?, nil): some(&output, rows.span, codes.span, truths.span)
      case (let rows?, let validity?):
        some(&output, rows.span, codes.span, truths.span, validity.span)
      }
    output.removeLast(count - found)
    return output
  }

  private func all(_ output: inout [Int32], _ codes: Span<Int32>, _ truths: Span<Bool>) -> Int {
    var output = output.mutableSpan
    var found = 0
    for row in codes.indices {
      output[found] = Int32(truncatingIfNeeded: row)
      found &+= truths[Int(codes[row])] ? 1 : 0
    }
    return found
  }

  private func all(
    _ output: inout [Int32],
    _ codes: Span<Int32>,
    _ truths: Span<Bool>,
    _ validity: Span<Bool>
  ) -> Int {
    var output = output.mutableSpan
    var found = 0
    for row in codes.indices {
      output[found] = Int32(truncatingIfNeeded: row)
      let truth = validity[row] ? truths[Int(codes[row])] : null
      found &+= truth ? 1 : 0
    }
    return found
  }

  private func some(
    _ output: inout [Int32],
    _ rows: Span<Int32>,
    _ codes: Span<Int32>,
    _ truths: Span<Bool>
  ) -> Int {
    var output = output.mutableSpan
    var found = 0
    for position in rows.indices {
      output[found] = rows[position]
      found &+= truths[Int(codes[Int(rows[position])])] ? 1 : 0
    }
    return found
  }

  private func some(
    _ output: inout [Int32],
    _ rows: Span<Int32>,
    _ codes: Span<Int32>,
    _ truths: Span<Bool>,
    _ validity: Span<Bool>
  ) -> Int {
    var output = output.mutableSpan
    var found = 0
    for position in rows.indices {
      let row = Int(rows[position])
      output[found] = rows[position]
      let truth = validity[row] ? truths[Int(codes[row])] : null
      found &+= truth ? 1 : 0
    }
    return found
  }
}
