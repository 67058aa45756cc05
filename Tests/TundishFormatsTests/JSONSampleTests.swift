import Testing
import TundishColumns

@testable import TundishFormats

/// A text that is read at once, by what its first records show, gives what two readings give.
@Suite("JSON read at once")
struct JSONSampleTests {
  private func read(_ text: String, sampleCount: Int, threads: Int = 2) throws -> JSONResult {
    var options = JSONOptions()
    options.sampleRecordCount = sampleCount
    options.pieceRecordCount = 3
    options.threadCount = threads
    return try JSONReader.read(InputBytes(Array(text.utf8)), options: options)
  }

  private func rows(_ result: JSONResult) -> [[Value]] {
    result.table.batches().flatMap { batch in (0..<batch.rowCount).map { batch.row(at: $0) } }
  }

  private func expectSame(_ text: String, sampleCount: Int) throws {
    let twice = try read(text, sampleCount: Int.max)
    let once = try read(text, sampleCount: sampleCount)
    #expect(once.table.schema == twice.table.schema, "\(text)")
    #expect(rows(once) == rows(twice), "\(text)")
    #expect(once.notes == twice.notes, "\(text)")
    #expect(once.rowNotes == twice.rowNotes, "\(text)")
  }

  /// Records as a text of each layout.
  private func texts(_ records: [String]) -> [String] {
    [
      records.joined(separator: "\n"), "[" + records.joined(separator: ",\n") + "]",
      "[" + records.joined(separator: ", ") + "]",
      #"{"n": 1, "records": ["# + records.joined(separator: ",") + "]}",
    ]
  }

  private let plain = (0..<20).map { i in
    #"{"id":\#(i),"x":\#(i).5,"t":"a\#(i)","d":"2026-01-1\#(i % 10)","b":\#(i % 2 == 0),"#
      + #""n":null}"#
  }

  @Test(
    "what stands around an array of records",
    arguments: [
      #"{"records":["#, #"{"n":1,"m":{"a":[{"b":1}]},"records":["#, #"{"y":[1,[2]],"found":["#,
      #"{"y":[{"z":1}],"found":["#, #"{"n":01,"records":["#,
    ],
    [
      "]}", #"],"total":20} "#, #"],"others":[{"a":1}]}"#, #"],"others":[1],"more":[]}"#,
      #"],"records":[{"id":9}]}"#, #"],"data":[{"id":9},{"id":8}]}"#, #"]} {"x":1}"#,
      #"],"bad":01}"#,
      "],}", "]", "",
    ]
  )
  func around(front: String, behind: String) throws {
    let text = front + plain.joined(separator: ",") + behind
    guard let expected = failure(text, sampleCount: Int.max) else {
      return try expectSame(text, sampleCount: 4)
    }
    #expect(failure(text, sampleCount: 4) == expected, "\(text)")
  }

  private func failure(_ text: String, sampleCount: Int) -> FormatError? {
    do {
      _ = try read(text, sampleCount: sampleCount)
      return nil
    } catch {
      return error as? FormatError
    }
  }

  @Test("records that are all alike", arguments: [2, 5])
  func alike(sampleCount: Int) throws {
    for text in texts(plain) { try expectSame(text, sampleCount: sampleCount) }
  }

  @Test(
    "a late record that is not as the others",
    arguments: [
      #"{"id":1.5}"#, #"{"id":"x"}"#, #"{"id":1234567890123456789}"#, #"{"x":0.125}"#,
      #"{"x":1e3}"#, #"{"x":12345678901234567.5}"#, #"{"t":5}"#, #"{"t":[1]}"#, #"{"d":""}"#,
      #"{"d":"2026-01-01T10:00:00"}"#, #"{"d":7}"#, #"{"b":0}"#, #"{"n":4}"#, #"{"n":"text"}"#,
      #"{"new":1}"#, #"{"\u0069d":4}"#, #"{"id":1,"id":2}"#, #"{"t":"\ud800"}"#, "[1]", "7", "{}",
      #"{"attributes":{"type":"A","referenceId":"r1"},"id":3}"#, #"{"id":{"a":1}}"#,
    ]
  )
  func late(record: String) throws {
    for text in texts(plain + [record] + plain) { try expectSame(text, sampleCount: 4) }
  }

  @Test("values inside of values")
  func nested() throws {
    let records = (0..<12).map { i in #"{"l":[\#(i),null],"s":{"a":"x","b":{"c":\#(i)}},"e":[]}"# }
    for text in texts(records) { try expectSame(text, sampleCount: 3) }
    for odd in [
      #"{"l":["x"]}"#, #"{"s":{"z":1}}"#, #"{"s":{"b":{"c":"x"}}}"#, #"{"e":[1]}"#, #"{"l":3}"#,
    ] {
      for text in texts(records + [odd]) { try expectSame(text, sampleCount: 3) }
    }
  }

  @Test("records over several lines, with newlines and braces where cuts are sought")
  func cuts() throws {
    let records = (0..<30).map { i in
      "{\n \"a\": {\n\"a\": \(i)\n },\n\"t\": \"},{\\n,{\"\n}"
    }
    for text in texts(records) { try expectSame(text, sampleCount: 2) }
    let inner = (0..<30).map { i in #"{"k":[{"k":[]},{"k":[]}],"i":\#(i)}"# }
    for text in texts(inner) { try expectSame(text, sampleCount: 2) }
  }

  @Test("an error is told where it is")
  func errors() throws {
    for text in texts(plain + ["{\"id\":01}"] + plain) {
      #expect(throws: FormatError.self) { try read(text, sampleCount: 4) }
    }
  }
}
