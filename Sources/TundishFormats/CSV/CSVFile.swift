package import TundishColumns

/// A file of delimited text that was looked at and whose rows were not read yet.
///
/// What a query needs before it runs, names and types, is known from the sample; the rows are read
/// when it is known which columns are wanted.
package struct CSVFile: Sendable {
  private let source: InputBytes
  private let text: CSVText
  /// As the user gave them.
  private let given: CSVOptions
  private let options: CSVOptions
  private let plan: CSVPlan

  /// Looks at a file.
  ///
  /// - Parameters:
  ///   - input: The bytes; they may be compressed.
  ///   - options: What the user says about the file.
  /// - Throws: `FormatError` where there is no row, or options do not fit.
  package init(
    _ input: InputBytes,
    options: CSVOptions = CSVOptions()
  ) throws(FormatError) {
    source = input
    given = options
    text = try CSVText(input, options: options)
    self.options = text.options(options)
    plan = try CSVPlan(text.input, start: text.start, options: self.options)
  }

  /// What was found out so far.
  package var report: CSVReport { plan.report(text) }

  /// Reads the rows.
  ///
  /// Every row is checked, whichever columns are read.
  ///
  /// - Parameters:
  ///   - columns: The positions of the columns to read, in the order wanted.
  ///   - filter: A condition on some of them; rows that do not pass may be left out.
  /// - Returns: A table of these columns, and what was found out about all.
  /// - Throws: `FormatError` with line and column.
  package func read(
    columns: [Int],
    filter: RowFilter? = nil
  ) throws(FormatError) -> CSVResult {
    do {
      return try readOnce(columns, filter)
    } catch {
      // A byte that is not UTF-8 came up late: perhaps the whole file has another encoding.
      guard error.isInvalidUTF8, given.encoding == nil else { throw error }
      let encoding = try Decompression.decompressed(source).withSpan {
        TextEncoding.detected($0, isSample: false)
      }
      guard encoding != .utf8 else { throw error }
      var options = given
      options.encoding = encoding.rawValue
      var result = try CSVFile(source, options: options).readOnce(columns, nil)
      let note = "the file was read as \(encoding.rawValue)"
      result.report.notes.append(note)
      return result
    }
  }

  private func readOnce(
    _ columns: [Int],
    _ filter: RowFilter?
  ) throws(FormatError) -> CSVResult {
    // Read in another encoding, a file may have other columns than it was seen to have.
    let wanted = columns.filter { $0 < plan.columns.count }
    // A row that is left out because of one value is left out whichever columns are read.
    let deciding =
      options.errorPolicy == .skip
      ? plan.columns.indices.filter { plan.columns[$0].isGiven && !wanted.contains($0) } : []
    var result = try text.input.withSpan { bytes throws(FormatError) in
      let run = CSVRun(plan: plan, text: text, options: options, positions: wanted + deciding)
      let bytes = bytes.extracting(..<plan.end)
      if let filter {
        var filtered = run
        filtered.filter = filter
        if let result = try filtered.read(bytes) { return result }
      }
      var whole = run
      guard let result = try whole.read(bytes) else {
        preconditionFailure("only a filter is given up")
      }
      return result
    }
    if !deciding.isEmpty {
      result.table = result.table.selecting(columns: Array(wanted.indices))
    }
    return result
  }

  /// The positions of some columns.
  ///
  /// - Parameter names: The names; nil is all of them.
  /// - Returns: One position for each name.
  /// - Throws: `FormatError` where there is no such column.
  func positions(_ names: [String]?) throws(FormatError) -> [Int] {
    guard let names else { return Array(plan.columns.indices) }
    let keys = plan.columns.map { foldedKey($0.name) }
    var positions: [Int] = []
    for name in names {
      guard let position = keys.firstIndex(of: foldedKey(name)) else {
        throw .unknownColumn(name, known: plan.columns.map(\.name))
      }
      positions.append(position)
    }
    return positions
  }
}
