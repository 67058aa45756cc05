import Tundish

/// Runs the records of one test file against a fresh database.
package final class GoldenRunner {
  /// How the engine is set up; goldens must give the same rows under all of these.
  package struct Configuration: Sendable, Hashable, CustomStringConvertible {
    /// Rows per batch.
    package var batchRowCount: Int
    /// Worker threads.
    package var threads: Int
    /// Whether optimizer rules run.
    package var optimizes: Bool

    /// Creates a configuration.
    package init(batchRowCount: Int, threads: Int, optimizes: Bool) {
      self.batchRowCount = batchRowCount
      self.threads = threads
      self.optimizes = optimizes
    }

    /// What users run.
    package static let standard = Configuration(batchRowCount: 2_048, threads: 1, optimizes: true)
    /// All that goldens are run under.
    package static let all = [
      standard,
      Configuration(batchRowCount: 1, threads: 1, optimizes: true),
      Configuration(batchRowCount: 3, threads: 2, optimizes: true),
      Configuration(batchRowCount: 2_048, threads: 2, optimizes: false),
    ]

    package var description: String {
      "batch \(batchRowCount), threads \(threads), optimizer \(optimizes ? "on" : "off")"
    }
  }

  /// A record whose outcome is not the expected one.
  package struct Mismatch: Sendable {
    /// The line of the record.
    package let line: Int
    /// What was expected and what was found.
    package let message: String
  }

  /// What came of a file.
  package struct Outcome: Sendable {
    /// The records that were run.
    package var runCount = 0
    /// The records that were passed over (`skipif`, `require`).
    package var skippedCount = 0
    /// The records with another outcome than expected.
    package var mismatches: [Mismatch] = []
    /// Expectations as they would have to be, by line range in the file.
    package var rewrites: [(Range<Int>, [String])] = []

    /// Creates an empty outcome.
    package init() {}
  }

  let database: Database
  let configuration: Configuration
  /// Whether sales statements run as the plain SQL that EXPLAIN SQL prints of them.
  package var pastesExplainedSQL = false
  var outcome = Outcome()
  var hashThreshold = 0
  var labelledResults: [String: String] = [:]

  /// Prepares to run against a fresh database.
  package init(configuration: Configuration) throws {
    self.configuration = configuration
    var settings = Database.Configuration()
    settings.threads = configuration.threads
    settings.batchRowCount = configuration.batchRowCount
    settings.optimizes = configuration.optimizes
    database = try Database(settings)
  }

  /// Runs a file's records in order.
  package func run(_ records: [GoldenRecord]) -> Outcome {
    _ = run(records, substituting: [:])
    return outcome
  }

  /// Runs records with loop variables replaced; false after `halt`.
  private func run(_ records: [GoldenRecord], substituting variables: [String: String]) -> Bool {
    var index = 0
    while index < records.count {
      let record = records[index]
      index += 1
      guard record.applies else {
        outcome.skippedCount += 1
        continue
      }
      switch record.kind {
      case .halt:
        return false
      case .loop(let variable, let from, let to):
        let body = loopBody(of: records, from: &index)
        for value in from..<max(from, to) {
          let inner = variables.merging([variable: String(value)]) { $1 }
          guard run(body, substituting: inner) else { return false }
        }
      case .forEach(let variable, let values):
        let body = loopBody(of: records, from: &index)
        for value in values {
          let inner = variables.merging([variable: value]) { $1 }
          guard run(body, substituting: inner) else { return false }
        }
      case .require(let what):
        // Extensions of other engines: the rest of the file needs them.
        if !["skip_reload", "no_extension_autoloading"].contains(what.split(separator: " ").first) {
          outcome.skippedCount += records.count - index
          return false
        }
      case .load, .golden, .plan, .error, .statement, .query, .hashThreshold, .endLoop, .ignored,
        .unknown:
        runStep(substituted(record, variables))
      }
    }
    return true
  }

  private func loopBody(of records: [GoldenRecord], from index: inout Int) -> [GoldenRecord] {
    var depth = 1
    var body: [GoldenRecord] = []
    while index < records.count {
      let record = records[index]
      index += 1
      switch record.kind {
      case .loop, .forEach: depth += 1
      case .endLoop: depth -= 1
      default: break
      }
      if depth == 0 { break }
      body.append(record)
    }
    return body
  }

  private func substituted(
    _ record: GoldenRecord,
    _ variables: [String: String]
  ) -> GoldenRecord {
    guard !variables.isEmpty else { return record }
    var record = record
    for (name, value) in variables {
      record.text = record.text.replacing("${\(name)}", with: value)
      record.expected = record.expected?.map { $0.replacing("${\(name)}", with: value) }
    }
    return record
  }

  func fail(_ record: GoldenRecord, _ message: String) {
    outcome.mismatches.append(Mismatch(line: record.line, message: message))
  }
}

extension String {
  /// Returns the text with every occurrence of another text replaced.
  func replacing(_ pattern: String, with replacement: String) -> String {
    let bytes = Array(utf8)
    let wanted = Array(pattern.utf8)
    guard !wanted.isEmpty, bytes.count >= wanted.count else { return self }
    var result: [UInt8] = []
    var i = 0
    while i < bytes.count {
      if i + wanted.count <= bytes.count, bytes[i] == wanted[0],
        bytes[i..<i + wanted.count].elementsEqual(wanted)
      {
        result.append(contentsOf: replacement.utf8)
        i += wanted.count
      } else {
        result.append(bytes[i])
        i += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
