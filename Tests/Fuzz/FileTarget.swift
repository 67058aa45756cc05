import TundishColumns
import TundishFormats
import TundishTestSupport

/// Feeds bytes to the readers of files.
struct FileTarget {
  private let mode: FuzzMode
  private let seeds: [[UInt8]]
  /// Whether no fixture was found.
  let isEmpty: Bool

  /// Reads the fixtures that are mutated.
  init(mode: FuzzMode) {
    self.mode = mode
    let suffixes = mode == .csv ? [".csv", ".tsv"] : [".json", ".jsonl"]
    let paths = TestPaths.files(below: TestPaths.tests + "/Fixtures", suffixes: suffixes)
    let fixtures = paths.compactMap { TestPaths.text(of: $0) }
    isEmpty = fixtures.isEmpty
    seeds = fixtures.map { Array($0.utf8.prefix(20_000)) } + Self.written(mode)
  }

  /// Small files that hold one thing each, beside the fixtures.
  private static func written(_ mode: FuzzMode) -> [[UInt8]] {
    let texts =
      mode == .csv
      ? [
        "a,b,c\n1,2.5,2026-01-31\n2,,2026-02-28\n-3,1e5,\n",
        "id;betrag;datum\n1;1.234,50;31.12.2026\n2;€ 97,1;1.1.27\n",
        "n|t|p\n1|2026-01-31 12:30:00|12%\n2|2026-01-31T12:30:00Z|7,5%\n",
        "\"a\",\"b \"\"c\"\"\"\n\"x\ny\",\"1\"\n\"\",2\n",
        "k\tv\n1\t$1,234.5\n2\t($5)\n3\t\\N\n",
        "x\n1\n2\n3\n170141183460469231731687303715884105727\n",
        "flag,time\ntrue,12:00:00\nfalse,23:59:59.999999\nyes,\n", "# note\n\n\na,a,A\n1,2,3\n",
        "sep=;\nNr;Wert;Am\n1;1.234,50-;31. Januar 2026\n2;(5,25);1er février 2026\nSumme;;1.239,75\n",
        "a,b,c\n\"1,23,456.00\",$ -,2026年1月31日\n１２,はい,x\n,,\nTotal,,5\n",
      ]
      : [
        "[{\"a\": 1, \"b\": \"x\"}, {\"a\": 2.5, \"c\": [1, null, 3]}, {\"b\": null, \"d\": {\"e\": true}}]",
        "{\"a\": 1}\n{\"a\": -9223372036854775808, \"b\": \"\\uD83D\\uDE00\"}\n{\"a\": 1e400}\n",
        "{\"totalSize\": 2, \"records\": [{\"attributes\": {\"type\": \"Lead\"}, \"Id\": \"1\"}, {\"Id\": \"2\"}]}",
        "[[1, 2], [3, \"4\"]]",
        "[{\"t\": \"2026-01-31\", \"u\": \"2026-01-31T10:00:00.000+0000\"}]",
        "{\"a\": {\"b\": {\"c\": {\"d\": [{\"e\": [[], [{}]]}]}}}}",
      ]
    return texts.map { Array($0.utf8) }
  }

  /// The bytes of one input.
  func input(_ random: inout FuzzRandom) -> [UInt8] {
    var bytes = random.element(of: seeds) ?? []
    if !random.once(in: 16) { cut(&bytes, &random) }
    for _ in 0...random.below(6) { ByteMutator.change(&bytes, &random) }
    return bytes
  }

  /// Leaves the start and one later stretch of a long seed: an input takes time by its length, and
  /// what can go wrong is seldom far apart.
  private func cut(_ bytes: inout [UInt8], _ random: inout FuzzRandom) {
    let headLength = 300
    guard bytes.count > 2 * headLength else { return }
    let start = headLength + random.below(bytes.count - headLength)
    let end = min(bytes.count, start + random.below(2 * headLength))
    let lineStart = bytes[..<start].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? start
    bytes = Array(bytes[..<headLength] + bytes[max(headLength, lineStart)..<end])
  }

  /// Feeds one input, with options that it chooses.
  func feed(_ bytes: [UInt8], _ random: inout FuzzRandom) {
    if mode == .csv { feedCSV(bytes, &random) } else { feedJSON(bytes, &random) }
  }

  private func feedCSV(_ bytes: [UInt8], _ random: inout FuzzRandom) {
    var options = CSVOptions()
    if random.once(in: 6) { options.delimiter = UInt8(random.below(256)) }
    if random.once(in: 6) { options.quote = .some(random.once(in: 2) ? nil : UInt8(ascii: "'")) }
    if random.once(in: 6) { options.escape = .some(UInt8(ascii: "\\")) }
    if random.once(in: 6) { options.comment = .some(UInt8(ascii: "#")) }
    if random.once(in: 6) { options.hasHeader = random.once(in: 2) }
    if random.once(in: 8) { options.skippedLineCount = random.below(5) }
    if random.once(in: 8) { options.readsAllAsText = true }
    if random.once(in: 8) { options.nullTexts = ["NA", ""] }
    if random.once(in: 8) { options.dateFormat = random.once(in: 2) ? "dd.mm.yyyy" : "%d%m%" }
    if random.once(in: 8) { options.decimalMark = UInt8(ascii: ",") }
    if random.once(in: 8) {
      options.encoding = random.element(
        of: ["utf8", "latin1", "utf16", "windows-1252", "shift_jis", "gb18030", "cp1250", "x"]
      )
    }
    if random.once(in: 8) { options.errorPolicy = random.once(in: 2) ? .skip : .null }
    if random.once(in: 8) { options.padsShortRows = true }
    if random.once(in: 8) { options.sampleRowCount = 1 + random.below(3) }
    if random.once(in: 8) { options.separator = .widths([1 + random.below(4), 2, 3]) }
    if random.once(in: 8) { options.typeCandidates = [.bigint, .date] }
    if random.once(in: 8) { options.maximumLineByteCount = 1 + random.below(40) }
    // Cuts are sought a few rows ahead, which takes time by their number.
    if random.once(in: 4) { options.chunkByteCount = bytes.count / 60 + 1 + random.below(200) }
    let result = try? CSVReader.read(InputBytes(bytes), options: options)
    if let result, result.table.rowCount > bytes.count {
      FuzzReport.add("more rows than bytes: \(result.table.rowCount)")
    }
    if random.once(in: 3) { feedWithCondition(bytes, options, result, &random) }
  }

  /// Reads with a condition on a column, which must give the types that reading all rows gives.
  private func feedWithCondition(
    _ bytes: [UInt8],
    _ options: CSVOptions,
    _ whole: CSVResult?,
    _ random: inout FuzzRandom
  ) {
    guard let file = try? CSVFile(InputBytes(bytes), options: options) else { return }
    let columns = file.report.columns
    guard !columns.isEmpty else { return }
    let position = random.below(columns.count)
    let rest = random.below(3)
    let filter = RowFilter(positions: [position], types: [columns[position].type]) {
      RemainderTester(rest)
    }
    let some = try? file.read(columns: Array(columns.indices), filter: filter)
    guard some?.table.schema == whole?.table.schema,
      some?.table.rowCount ?? 0 <= whole?.table.rowCount ?? 0
    else {
      FuzzReport.add("another schema or more rows with a condition than without")
      return
    }
  }

  private func feedJSON(_ bytes: [UInt8], _ random: inout FuzzRandom) {
    var options = JSONOptions()
    options.flattens = random.once(in: 3)
    if random.once(in: 6) { options.records = random.element(of: ["records", "a", ""]) }
    if random.once(in: 4) { options.maximumDepth = 1 + random.below(3) }
    if random.once(in: 6) { options.unpacksRecords = false }
    let result = try? JSONReader.read(InputBytes(bytes), options: options)
    if let result, result.table.rowCount > bytes.count {
      FuzzReport.add("more rows than bytes: \(result.table.rowCount)")
    }
    feedInParts(bytes, options, result, &random)
    try? JSONReader.check(InputBytes(bytes))
  }

  /// Reads a text by what its first records show, which must give what looking at all of them gives.
  private func feedInParts(
    _ bytes: [UInt8],
    _ given: JSONOptions,
    _ whole: JSONResult?,
    _ random: inout FuzzRandom
  ) {
    var options = given
    options.sampleRecordCount = 1 + random.below(4)
    options.pieceRecordCount = 1 + random.below(4)
    let parts = try? JSONReader.read(InputBytes(bytes), options: options)
    guard parts?.table.schema == whole?.table.schema,
      parts?.table.rowCount == whole?.table.rowCount
    else {
      FuzzReport.add(
        "\(parts?.table.rowCount ?? -1) rows in parts and \(whole?.table.rowCount ?? -1) at once"
      )
      return
    }
  }
}

/// Lets the rows pass whose value's text has a length of some remainder.
private final class RemainderTester: RowTester {
  private let rest: Int

  init(_ rest: Int) { self.rest = rest }

  func rows(of columns: [Column], rowCount: Int) throws(ExecutionError) -> [Int32]? {
    (0..<Int32(rowCount)).filter {
      "\(columns[0].value(at: Int($0)))".utf8.count % 3 == rest
    }
  }
}
