import Testing
import TundishColumns
import TundishTestSupport

@testable import TundishFormats

/// The fast way of reading CSV against the general rules, on files from orderly to wild, cut into
/// parts of several sizes and read by one and two threads.
@Suite("Regular rows")
struct RegularRowsTests {
  @Test("fast and general reading agree", arguments: 0..<120)
  func agreement(seed: Int) {
    var file = RandomFile(seed: seed)
    let text = file.text()
    let expected = read(text, file, isGeneral: true, threadCount: 1, chunkByteCount: 1 << 40)
    for (threadCount, chunkByteCount) in [(1, 1 << 40), (1, 700), (2, 5_000)] {
      let answer = read(
        text,
        file,
        isGeneral: false,
        threadCount: threadCount,
        chunkByteCount: chunkByteCount
      )
      #expect(answer == expected, "seed \(seed), parts of \(chunkByteCount) bytes")
    }
  }

  @Test("a part that begins inside quotes is read again")
  func wrongGuess() throws {
    // Inside the quoted field stands what looks like rows of the file.
    let rows = (0..<200).map { "\($0),\"\(String(repeating: "7,x\n", count: 40))\"\n" }
    let text = Array(("a,b\n" + rows.joined()).utf8)
    var options = CSVOptions()
    options.delimiter = UInt8(ascii: ",")
    options.chunkByteCount = 500
    options.threadCount = 2
    let table = try CSVReader.read(InputBytes(text), options: options).table
    #expect(table.rowCount == 200)
    let first = table.batches(ofRowCount: 200).flatMap { batch in
      (0..<batch.rowCount).map { batch.row(at: $0)[0] }
    }
    #expect(first == (0..<200).map { .integer($0) })
  }

  @Test("quotes around nothing are NULL in columns of quotes, whichever way they are read")
  func quotedEmpties() throws {
    // Few distinct texts are coded, many are stored as they stand.
    let rows = (0..<6_000).map { row in
      let few = row % 5 == 0 ? "" : "word \(row % 7)"
      let many = row % 3 == 0 ? "" : "text number \(row)"
      return "\"\(few)\",\"\(many)\",\(row % 4 == 0 ? "\"\"" : "bare \(row % 3)")\n"
    }
    let text = Array(("\"few\",\"many\",\"some\"\n" + rows.joined()).utf8)
    for isGeneral in [false, true] {
      var options = CSVOptions()
      options.usesGeneralRules = isGeneral
      options.chunkByteCount = 40_000
      let table = try CSVReader.read(InputBytes(text), options: options).table
      let values = table.batches(ofRowCount: 6_000).flatMap { batch in
        (0..<batch.rowCount).map { batch.row(at: $0) }
      }
      try #require(values.count == 6_000)
      for (row, value) in values.enumerated() {
        #expect(value[0] == (row % 5 == 0 ? .null : .text("word \(row % 7)")))
        #expect(value[1] == (row % 3 == 0 ? .null : .text("text number \(row)")))
        #expect(value[2] == .text(row % 4 == 0 ? "" : "bare \(row % 3)"))
      }
    }
  }

  @Test("codes are in the order of first rows, whatever the parts")
  func codes() throws {
    let words = (0..<9_000).map { "word \($0 * $0 % 701)" }
    let text = Array(("a,b\n" + words.map { "1,\($0)\n" }.joined()).utf8)
    var options = CSVOptions()
    options.chunkByteCount = 9_000
    options.threadCount = 2
    let table = try CSVReader.read(InputBytes(text), options: options).table
    var seen: [String] = []
    for word in words where !seen.contains(word) { seen.append(word) }
    let dictionary = try #require(table.dictionary(ofColumn: 1))
    #expect((0..<dictionary.count).map { dictionary.values.string(at: $0) } == seen)
  }

  private func read(
    _ text: [UInt8],
    _ file: RandomFile,
    isGeneral: Bool,
    threadCount: Int,
    chunkByteCount: Int
  ) -> String {
    var options = CSVOptions()
    options.delimiter = UInt8(ascii: ",")
    options.quote = .some(UInt8(ascii: "\""))
    options.escape = .some(nil)
    options.comment = .some(nil)
    options.skippedLineCount = 0
    options.hasHeader = true
    options.sampleRowCount = 50
    options.errorPolicy = file.wildness == 3 ? .skip : .fail
    options.usesGeneralRules = isGeneral
    options.threadCount = threadCount
    options.chunkByteCount = chunkByteCount
    do throws(FormatError) {
      let result = try CSVReader.read(InputBytes(text), options: options)
      var lines = result.table.schema.fields.map { "\($0.name) \($0.type)" }
      lines += result.report.notes
      lines += result.rejects.map { "\($0)" }
      for batch in result.table.batches() {
        lines += (0..<batch.rowCount).map { "\(batch.row(at: $0))" }
      }
      return lines.joined(separator: "\n")
    } catch {
      return "\(error)"
    }
  }
}

/// A file of columns of mixed kinds, in which the more goes wrong the wilder it is.
struct RandomFile {
  private var state: UInt64
  /// From 0, orderly, to 3, where whole rows are broken.
  let wildness: Int

  private static let words = [
    "Email", "Web", "Paid Search & other things", "Société générale de bourse", "x",
    "Monvia Holdings A Q1 2022", "Monvia Holdings B Q1 2022",
  ]
  private static let oddities = [
    "-5", " 12 ", "abc", "12.5", "1e5", "2024-02-30", "0012", "a\"b", "\u{1A}1",
    "99999999999999999999",
  ]

  init(seed: Int) {
    state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
    wildness = seed % 4
  }

  private mutating func next(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }

  private mutating func two(_ bound: Int, from start: Int = 0) -> String {
    let number = start + next(bound)
    return number < 10 ? "0\(number)" : "\(number)"
  }

  private mutating func value(kind: Int) -> String {
    if wildness > 0, next(wildness == 1 ? 4_000 : 60) == 0 {
      return Self.oddities[next(Self.oddities.count)]
    }
    switch kind {
    case 0: return "\(next(2) == 0 ? next(100) : next(1 << 30) * next(1_000))"
    case 1: return "\(next(20_000)).\(two(100))"
    case 2: return "20\(two(30))-\(two(12, from: 1))-\(two(28, from: 1))"
    case 3: return "20\(two(30))-\(two(12, from: 1))-01 \(two(24)):\(two(60)):\(two(60))"
    case 4: return next(2) == 0 ? "true" : "false"
    case 5: return Self.words[next(Self.words.count)]
    default:
      let text = "name \(next(1 << 20)) of \(next(3)) things"
      return next(50) == 0 ? text + String(repeating: " long", count: next(60)) : text
    }
  }

  mutating func text() -> [UInt8] {
    let columnCount = 2 + next(5)
    let kinds = (0..<columnCount).map { _ in next(7) }
    let ending = next(3) == 0 ? "\r\n" : "\n"
    var text = (0..<columnCount).map { "c\($0)" }.joined(separator: ",") + "\n"
    for _ in 0..<(1 + next(next(4) == 0 ? 3_000 : 300)) {
      for column in 0..<columnCount {
        if column > 0 { text += "," }
        if next(12) == 0 { continue }
        var value = value(kind: kinds[column])
        if next(5) == 0 {
          if kinds[column] > 4, next(4) == 0 { value += next(2) == 0 ? "\n, \"\"x\"\"" : "," }
          value = "\"\(value)\""
        }
        text += value
      }
      if wildness == 3, next(200) == 0 { text += [",,", "\"", "\n\n", ",z", "\r\n\r\n"][next(5)] }
      text += ending
    }
    return Array((next(2) == 0 ? text : String(text.dropLast())).utf8)
  }
}
