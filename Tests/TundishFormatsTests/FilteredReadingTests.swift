import Testing
import TundishColumns

@testable import TundishFormats

/// Reading with a condition against reading all rows and testing them afterwards: the same rows, types,
/// notes and rejects, on files from orderly to wild.
@Suite("Reading with a condition")
struct FilteredReadingTests {
  @Test("rows and types are the same with and without", arguments: 0..<120)
  func agreement(seed: Int) throws {
    var file = RandomFile(seed: seed)
    let text = file.text()
    for (threadCount, chunkByteCount, sliceRowCount) in [(1, 1 << 40, 4_096), (2, 5_000, 7)] {
      var options = CSVOptions()
      options.delimiter = UInt8(ascii: ",")
      options.hasHeader = true
      options.sampleRowCount = 50
      options.errorPolicy = file.wildness == 3 ? .skip : .fail
      options.threadCount = threadCount
      options.chunkByteCount = chunkByteCount
      options.sliceRowCount = sliceRowCount
      guard let opened = try? CSVFile(InputBytes(text), options: options) else { return }
      let columns = Array(opened.report.columns.indices)
      let position = seed % columns.count
      let filter = RowFilter(
        positions: [position],
        types: [opened.report.columns[position].type]
      ) { ShareTester(failsAt: seed % 5 == 0 ? 40 : nil, keptOfTen: 1 + seed % 9) }
      let all = Answer { () throws(FormatError) in try opened.read(columns: columns) }
      let some = Answer { () throws(FormatError) in
        try opened.read(columns: columns, filter: filter)
      }
      #expect(some.facts == all.facts, "seed \(seed)")
      let tester = ShareTester(failsAt: nil, keptOfTen: 1 + seed % 9)
      let wanted = all.rows.filter { tester.passes($0[position]) }
      #expect(some.rows.filter { tester.passes($0[position]) } == wanted, "seed \(seed)")
      // Whatever was left out does not pass.
      #expect(some.rows.count <= all.rows.count)
    }
  }

  @Test("text is read only for rows that pass, and coded in their order")
  func leftOut() throws {
    let text = Array(("n,word\n" + (0..<2_000).map { "\($0),w\($0 % 7)\n" }.joined()).utf8)
    let file = try CSVFile(InputBytes(text))
    let filter = RowFilter(positions: [0], types: [.bigint]) { IntegerTester(1_003..<1_006) }
    let result = try file.read(columns: [0, 1], filter: filter)
    #expect(result.isFiltered)
    #expect(result.table.rowCount == 3)
    let dictionary = try #require(result.table.dictionary(ofColumn: 1))
    #expect((0..<dictionary.count).map { dictionary.values.string(at: $0) } == ["w2", "w3", "w4"])
  }

  @Test("a late value that makes a column wider is found in a row that does not pass")
  func widening() throws {
    let rows = (0..<3_000).map { "\($0),\($0 == 2_900 ? "x" : "1"),a\n" }
    let file = try CSVFile(InputBytes(Array(("n,m,t\n" + rows.joined()).utf8)))
    let filter = RowFilter(positions: [0], types: [.bigint]) { IntegerTester(0..<10) }
    let result = try file.read(columns: [0, 1, 2], filter: filter)
    #expect(result.table.schema.fields[1].type == .varchar)
    #expect(result.table.rowCount == 3_000)
    #expect(!result.isFiltered)
  }

  /// What a reading gave, errors included.
  private struct Answer {
    var facts: [String] = []
    var rows: [[Value]] = []

    init(_ read: () throws(FormatError) -> CSVResult) {
      do throws(FormatError) {
        let result = try read()
        facts = result.table.schema.fields.map { "\($0.name) \($0.type)" }
        facts += result.report.rowNotes + result.rejects.map { "\($0)" }
        rows = result.table.batches().flatMap { batch in
          (0..<batch.rowCount).map { batch.row(at: $0) }
        }
      } catch {
        facts = ["\(error)"]
      }
    }
  }
}

/// Lets a share of the values pass, each value always or never.
private final class ShareTester: RowTester {
  private let failsAt: Int?
  private let keptOfTen: Int
  private var testedCount = 0

  init(failsAt: Int?, keptOfTen: Int) {
    self.failsAt = failsAt
    self.keptOfTen = keptOfTen
  }

  func rows(of columns: [Column], rowCount: Int) throws(ExecutionError) -> [Int32]? {
    testedCount += rowCount
    if let failsAt, testedCount > failsAt { throw ExecutionError(.invalidCast, "fails") }
    return (0..<Int32(rowCount)).filter { passes(columns[0].value(at: Int($0))) }
  }

  func passes(_ value: Value) -> Bool {
    "\(value)".utf8.reduce(7) { ($0 &* 31 &+ Int($1)) & 0xFFFF } % 10 < keptOfTen
  }
}

/// Lets integers of a range pass.
private final class IntegerTester: RowTester {
  private let range: Range<Int64>

  init(_ range: Range<Int64>) { self.range = range }

  func rows(of columns: [Column], rowCount: Int) throws(ExecutionError) -> [Int32]? {
    (0..<Int32(rowCount)).filter { row in
      guard case .integer(let number) = columns[0].value(at: Int(row)) else { return false }
      return range.contains(number)
    }
  }
}
