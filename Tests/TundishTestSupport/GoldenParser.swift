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
        .init(isOnlyIf: directive == "onlyif", engine: arguments.first?.lowercased() ?? "")
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
    case .statement, .query, .unknown: readTheirs(&record)
    case .load, .hashThreshold, .halt, .loop, .forEach, .endLoop, .require, .ignored: break
    }
    return record
  }

  private func kind(_ directive: String, _ arguments: [String]) -> GoldenRecord.Kind {
    switch directive {
    case "load":
      let name = arguments.count >= 3 && arguments[1] == "as" ? arguments[2] : nil
      return .load(path: arguments.first ?? "", name: name)
    case "query":
      guard let types = arguments.first, isTypeString(types) else {
        return .golden(options: arguments)
      }
      let rest = arguments.dropFirst()
      let sort = rest.first.flatMap { GoldenRecord.SortMode(rawValue: $0) }
      let label = sort == nil ? rest.first : rest.dropFirst().first
      return .query(types: types, sort: sort ?? .noSort, label: label)
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
    case "loop" where arguments.count == 3:
      return .loop(
        variable: arguments[0],
        from: Int(arguments[1]) ?? 0,
        to: Int(arguments[2]) ?? 0
      )
    case "foreach" where !arguments.isEmpty:
      return .forEach(variable: arguments[0], values: Array(arguments.dropFirst()))
    case "endloop":
      return .endLoop
    case "require":
      return .require(arguments.joined(separator: " "))
    case "mode", "set", "unset", "sleep", "unzip", "require-env", "test-env", "tags",
      "concurrentloop", "concurrentforeach", "restart", "reconnect", "control", "include":
      return .ignored
    default:
      return .unknown(directive)
    }
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
    !text.isEmpty && text.allSatisfy { "ITRBD?".contains($0) }
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
      text.append(lines[position])
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
