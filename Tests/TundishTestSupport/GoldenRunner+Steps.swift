import Tundish

extension GoldenRunner {
  /// Runs one record that is no loop.
  func runStep(_ record: GoldenRecord) {
    outcome.runCount += 1
    switch record.kind {
    case .load(let path, let name):
      load(record, path: path, name: name)
    case .golden(let options):
      // How an answer is drawn, and what stands under it, is not in the SQL.
      guard !pastesExplainedSQL || !options.contains(where: { $0.hasPrefix("format=") }) else {
        outcome.runCount -= 1
        return
      }
      check(record, actual: goldenLines(record, options: options))
    case .plan(let expected, let unexpected):
      checkPlan(record, expected: expected, unexpected: unexpected)
    case .error(let code):
      checkError(record, code: code)
    case .statement(let succeeds, let count):
      checkStatement(record, succeeds: succeeds, count: count)
    case .query(let types, let sort, let label):
      checkQuery(record, types: types, sort: sort, label: label)
    case .hashThreshold(let threshold):
      hashThreshold = threshold
      outcome.runCount -= 1
    case .unknown(let directive):
      fail(record, "no directive '\(directive)'")
    case .halt, .loop, .forEach, .endLoop, .require, .ignored, .nextRound, .requireEnvironment,
      .define, .skipMode, .sortMode:
      outcome.runCount -= 1
    }
  }

  private func load(_ record: GoldenRecord, path: String, name: String?) {
    // Files of others open a database there, which here is in memory and open already.
    guard path.hasPrefix("Fixtures/") else {
      outcome.runCount -= 1
      return
    }
    do {
      _ = try database.load(TestPaths.tests + "/" + path, as: name)
    } catch {
      fail(record, "\(error)")
    }
  }

  /// The rows of the last statement of a record, and its footer if asked for.
  private func goldenLines(_ record: GoldenRecord, options: [String]) -> [String] {
    do {
      let results = try database.run(script: try pasted(record.text))
      guard let result = results.last else { return [] }
      return lines(of: result, options: options)
    } catch {
      return error.rendered().split(separator: "\n").map(String.init)
    }
  }

  /// The SQL that stands for a query, where it is asked for; other statements stay as they are.
  private func pasted(_ text: String) throws(TundishError) -> String {
    let word = text.prefix { $0.isLetter }.uppercased()
    guard pastesExplainedSQL, !Self.plainWords.contains(word) else { return text }
    return try database.query("EXPLAIN SQL " + text).rows.map {
      database.text(of: $0.values.first ?? .null)
    }
    .joined(separator: "\n")
  }

  /// The words of statements that are no queries.
  private static let plainWords: Set<String> = [
    "EXPLAIN", "CREATE", "ALTER", "DROP", "SHOW", "DESCRIBE", "SUMMARIZE", "DEDUPE", "CHECK",
    "INSERT", "UPDATE", "DELETE", "SET", "RESET", "ASSERT", "WHY", "COPY",
  ]

  private func lines(of result: QueryResult, options: [String]) -> [String] {
    var lines: [String] = []
    let format = options.first { $0.hasPrefix("format=") }?.dropFirst(7)
    if result.schema != nil {
      var rendering = RenderOptions()
      rendering.nullText = "NULL"
      rendering.printsFooter = false
      let bytes = try? database.render(
        result,
        format: format.map(String.init) ?? "tsv",
        options: rendering
      )
      lines = String(decoding: bytes ?? [], as: UTF8.self)
        .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      if lines.last?.isEmpty == true { lines.removeLast() }
    }
    if options.contains("messages") { lines += result.messages }
    if options.contains("footer"), !pastesExplainedSQL { lines += result.footer.map { "-- " + $0 } }
    // An empty line ends an expectation; a row of one empty text is printed as (empty).
    return lines.map { $0.isEmpty ? "(empty)" : $0 }
  }

  private func check(_ record: GoldenRecord, actual: [String]) {
    var expected = record.expected
    if pastesExplainedSQL { expected = expected?.filter { !$0.hasPrefix("-- ") } }
    guard let expected, expected == actual else {
      fail(
        record,
        "expected\n\((record.expected ?? []).joined(separator: "\n"))\nfound\n"
          + actual.joined(separator: "\n")
      )
      outcome.rewrites.append((record.expectedLines, actual))
      return
    }
  }

  private func checkPlan(_ record: GoldenRecord, expected: [String], unexpected: [String]) {
    // Without the optimizer no rule fires and the plan is another one.
    guard configuration.optimizes else { return }
    let actual: [String]
    do {
      actual = lines(
        of: try database.query("EXPLAIN OPTIMIZED " + record.text),
        options: []
      )
    } catch {
      fail(record, error.rendered())
      return
    }
    let text = actual.joined(separator: "\n")
    for rule in expected where !text.contains(rule) {
      fail(record, "rule \(rule) did not fire:\n\(text)")
    }
    for rule in unexpected where text.contains(rule) {
      fail(record, "rule \(rule) fired:\n\(text)")
    }
    if record.expected?.isEmpty == false { check(record, actual: actual) }
  }

  private func checkError(_ record: GoldenRecord, code: String) {
    do {
      let results = try database.run(script: record.text)
      let text = results.last.map { lines(of: $0, options: []) } ?? []
      fail(record, "expected error \(code), found rows\n" + text.joined(separator: "\n"))
    } catch {
      let actual = error.rendered().split(separator: "\n").map(String.init)
      check(record, actual: actual)
      if !error.codes.contains(code) {
        fail(record, "expected error \(code), found \(error.codes.joined(separator: ", "))")
      }
    }
  }

  private func checkStatement(_ record: GoldenRecord, succeeds: Bool?, count: Int?) {
    if Self.isHousekeeping(record.text) {
      outcome.runCount -= 1
      outcome.skippedCount += 1
      return
    }
    do {
      let results = try database.run(script: record.text)
      if succeeds == false { fail(record, "expected an error: \(record.text)") }
      if let count, results.last?.changedRowCount != count {
        fail(record, "expected \(count) rows changed")
      }
    } catch {
      guard succeeds == true else { return }
      // A setting of another engine says how it works, not what is asked.
      if Self.firstWord(record.text) == "set", error.codes == ["B029"] {
        outcome.runCount -= 1
        outcome.skippedCount += 1
        return
      }
      fail(record, record.text + "\n" + error.rendered())
    }
  }

  /// Whether a statement keeps another engine's house and says nothing about rows.
  private static func isHousekeeping(_ text: String) -> Bool {
    ["pragma", "checkpoint", "vacuum", "analyze", "reindex", "install"].contains(firstWord(text))
      || firstWord(text) == "set" && text.lowercased().contains("datafusion.")
  }

  private static func firstWord(_ text: String) -> String {
    text.split(whereSeparator: { $0.isWhitespace || $0 == ";" }).first?.lowercased() ?? ""
  }
}
