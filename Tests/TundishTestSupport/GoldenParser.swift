/// Reads test files: our goldens, and plain sqllogictest files.
///
/// A record starts with a directive line; the lines after it up to `----` or a blank line are its
/// text, the lines after `----` up to a blank line its expectation. In our own records (`query`
/// without types, `plan`, `error`) the text ends at `----` only, so that it may hold blank lines.
package struct GoldenParser {
  private let lines: [String]
  private var position = 0
  private var conditions: [GoldenRecord.Condition] = []

  /// Prepares to read a text.
  package init(_ text: String) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.hasSuffix("\r") ? String($0.dropLast()) : String($0) }
  }

  /// Returns all records in order.
  package mutating func records() -> [GoldenRecord] {
    var records: [GoldenRecord] = []
    while position < lines.count {
      let line = lines[position]
      if line.allSatisfy({ $0 == " " || $0 == "\t" }) || line.hasPrefix("#") {
        position += 1
      } else if let record = record() {
        records.append(record)
      }
    }
    return records
  }

  private mutating func record() -> GoldenRecord? {
    let first = position
    let words = lines[position].split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
    position += 1
    let directive = words.first ?? ""
    let arguments = Array(words.dropFirst())
    if directive == "onlyif" || directive == "skipif" {
      conditions.append(
        .init(isOnlyIf: directive == "onlyif", text: arguments.first ?? "")
      )
      return nil
    }
    var record = GoldenRecord(
      kind: kind(directive, arguments),
      text: "",
      expected: nil,
      line: first + 1,
      expectedLines: position..<position,
      conditions: conditions
    )
    conditions = []
    switch record.kind {
    case .golden, .plan, .error: readOurs(&record)
    case .statement, .query: readTheirs(&record)
    case .ignored where directive == "system": readTheirs(&record)
    case .load, .hashThreshold, .halt, .loop, .forEach, .endLoop, .require, .ignored, .unknown,
      .nextRound, .requireEnvironment, .define, .skipMode, .sortMode:
      break
    }
    return record
  }

  private func kind(_ directive: String, _ arguments: [String]) -> GoldenRecord.Kind {
    switch directive {
    case "load":
      let name = arguments.count >= 3 && arguments[1] == "as" ? arguments[2] : nil
      return .load(path: arguments.first ?? "", name: name)
    case "query":
      return queryKind(arguments)
    case "plan":
      return .plan(
        expected: list("expect=", in: arguments),
        unexpected: list("expect-not=", in: arguments)
      )
    case "error":
      return .error(code: arguments.first ?? "")
    case "statement":
      return statementKind(arguments)
    case "hash-threshold":
      return .hashThreshold(arguments.first.flatMap { Int($0) } ?? 0)
    case "halt":
      return .halt
    case "loop" where arguments.count >= 3, "concurrentloop" where arguments.count >= 3:
      return .loop(variable: arguments[0], from: arguments[1], to: arguments[2])
    case "foreach" where !arguments.isEmpty, "concurrentforeach" where !arguments.isEmpty:
      return .forEach(variable: arguments[0], values: Array(arguments.dropFirst()))
    case "endloop":
      return .endLoop
    case "continue":
      return .nextRound
    case "require":
      return .require(arguments.joined(separator: " "))
    case "require-env" where !arguments.isEmpty:
      return .requireEnvironment(
        name: arguments[0],
        value: arguments.count > 1 ? arguments[1] : nil
      )
    case "test-env" where arguments.count >= 2:
      return .define(name: arguments[0], value: arguments[1])
    case "mode" where arguments.first == "skip", "mode" where arguments.first == "unskip":
      return .skipMode(arguments.first == "skip")
    case "control" where arguments.count == 2 && arguments[0] == "sortmode":
      return .sortMode(GoldenRecord.SortMode(rawValue: arguments[1]) ?? .noSort)
    case "mode", "set", "unset", "reset", "sleep", "unzip", "test-env", "tags", "tag", "restart",
      "reconnect", "control", "include", "system", "connection", "template":
      return .ignored
    default:
      return .unknown(directive)
    }
  }

  /// `query <types> [<sort mode>] [<label or connection>]`, `query error`, or one of ours.
  private func queryKind(_ arguments: [String]) -> GoldenRecord.Kind {
    if arguments.first == "error" { return .statement(succeeds: false, count: nil) }
    guard let types = arguments.first, isTypeString(types) else {
      return .golden(options: arguments)
    }
    var rest = arguments.dropFirst()
    let sort = rest.first.flatMap { GoldenRecord.SortMode(word: $0) }
    if sort != nil { rest = rest.dropFirst() }
    // DuckDB names the connection there: `con1`.
    let label = rest.first.flatMap { $0.hasPrefix("con") || $0 == "retry" ? nil : $0 }
    return .query(types: types, sort: sort, label: label)
  }

  private func statementKind(_ arguments: [String]) -> GoldenRecord.Kind {
    switch arguments.first {
    case "ok": .statement(succeeds: true, count: nil)
    case "error": .statement(succeeds: false, count: nil)
    case "count": .statement(succeeds: true, count: arguments.dropFirst().first.flatMap { Int($0) })
    case "maybe": .statement(succeeds: nil, count: nil)
    case .some, .none: .unknown("statement " + arguments.joined(separator: " "))
    }
  }

  private func isTypeString(_ text: String) -> Bool {
    !text.isEmpty && text.allSatisfy { $0.isUppercase || $0 == "?" }
  }

  private func list(_ prefix: String, in arguments: [String]) -> [String] {
    arguments.filter { $0.hasPrefix(prefix) }
      .flatMap { $0.dropFirst(prefix.count).split(separator: ",").map(String.init) }
  }

  /// Our records: text up to `----`, expectation up to the next blank line or the end.
  private mutating func readOurs(_ record: inout GoldenRecord) {
    var text: [String] = []
    while position < lines.count, lines[position] != "----" {
      text.append(lines[position])
      position += 1
    }
    record.text = text.joined(separator: "\n")
    position = min(position + 1, lines.count)
    readExpected(&record)
  }

  private mutating func readTheirs(_ record: inout GoldenRecord) {
    var text: [String] = []
    while position < lines.count, !lines[position].isEmpty, lines[position] != "----" {
      // A comment between the lines of a statement is not part of it.
      if !lines[position].hasPrefix("#") { text.append(lines[position]) }
      position += 1
    }
    record.text = text.joined(separator: "\n")
    guard position < lines.count, lines[position] == "----" else { return }
    position += 1
    readExpected(&record)
  }

  private mutating func readExpected(_ record: inout GoldenRecord) {
    let start = position
    while position < lines.count, !lines[position].isEmpty {
      position += 1
    }
    record.expectedLines = start..<position
    record.expected = Array(lines[start..<position])
  }
}
