import Glibc
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
  var defaultSort = GoldenRecord.SortMode.noSort
  private var isSkipping = false
  private var variables: [String: String] = [:]
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

  /// Gives a setting a value before the records run.
  package func set(_ name: String, _ value: String) throws {
    try database.query("SET \(name) = \(value)")
  }

  /// Runs a file's records in order.
  package func run(_ records: [GoldenRecord]) -> Outcome {
    _ = runAll(records)
    return outcome
  }

  /// How a list of records came to its end.
  private enum Ending {
    case done
    case nextRound
    case halted
  }

  private func runAll(_ records: [GoldenRecord]) -> Ending {
    var index = 0
    while index < records.count {
      let record = records[index]
      index += 1
      if case .skipMode(let skips) = record.kind { isSkipping = skips }
      guard !isSkipping, record.applies(variables) else {
        if record.kind.opensLoop { _ = loopBody(of: records, from: &index, record) }
        outcome.skippedCount += 1
        continue
      }
      switch record.kind {
      case .halt:
        outcome.skippedCount += records.count - index
        return .halted
      case .nextRound:
        return .nextRound
      case .loop, .forEach:
        let body = loopBody(of: records, from: &index, record)
        if runLoop(record, body) == .halted { return .halted }
      case .endLoop:
        fail(record, "endloop without a loop")
      case .require, .requireEnvironment:
        if isMissing(record.kind) {
          outcome.skippedCount += records.count - index
          return .halted
        }
      case .define(let name, let value):
        variables[name] = substituted(value)
      case .sortMode(let mode):
        defaultSort = mode
      case .skipMode, .ignored: break
      case .load, .golden, .plan, .error, .statement, .query, .hashThreshold, .unknown:
        runStep(substituted(record))
      }
    }
    return .done
  }

  /// Runs a loop's records once for each value of its variables.
  private func runLoop(_ record: GoldenRecord, _ body: [GoldenRecord]) -> Ending {
    let outer = variables
    defer { variables = outer }
    switch record.kind {
    case .loop(let variable, let from, let to):
      guard let first = Int(substituted(from)), let last = Int(substituted(to)) else {
        fail(record, "a loop needs two integers")
        return .done
      }
      for value in first..<max(first, last) {
        variables[variable] = String(value)
        if runAll(body) == .halted { return .halted }
      }
    case .forEach(let variable, let values):
      let names = variable.split(separator: ",")
      for value in LoopValues.expanded(values.map(substituted)) {
        let parts = names.count == 1 ? [value[...]] : value.split(separator: ",")
        guard parts.count == names.count else {
          fail(record, "foreach has \(names.count) variables, not \(parts.count): \(value)")
          return .done
        }
        for (name, part) in zip(names, parts) { variables[String(name)] = String(part) }
        if runAll(body) == .halted { return .halted }
      }
    default: break
    }
    return .done
  }

  /// Whether a file needs something that is not there: an extension of another engine, a variable.
  private func isMissing(_ kind: GoldenRecord.Kind) -> Bool {
    switch kind {
    case .require(let what):
      return !Self.known.contains(what.split(separator: " ").first.map(String.init) ?? "")
    case .requireEnvironment(let name, let value):
      let found = unsafe getenv(name).map { unsafe String(cString: $0) }
      if let found { variables[name] = found }
      return found == nil || value != nil && value != found
    default:
      return false
    }
  }

  /// What files of others may require: either it is here, or it does not matter here.
  private static let known: Set<String> = [
    "skip_reload", "no_extension_autoloading", "vector_size", "exact_vector_size",
    "noforcestorage", "nothreadsan", "notwindows", "notmingw", "64bit", "block_size",
    "no_alternative_verify", "no_vector_verification", "no_block_verification", "strinline",
    "longdouble", "ram", "disk_space", "core_functions", "icu", "json", "noalternativeverify",
    "allow_unsigned_extensions", "no_latest_storage", "windows_path",
  ]

  private func loopBody(
    of records: [GoldenRecord],
    from index: inout Int,
    _ loop: GoldenRecord
  ) -> [GoldenRecord] {
    var depth = 1
    var body: [GoldenRecord] = []
    while index < records.count {
      let record = records[index]
      index += 1
      if record.kind.opensLoop { depth += 1 }
      if record.kind == .endLoop { depth -= 1 }
      if depth == 0 { return body }
      body.append(record)
    }
    fail(loop, "a loop without endloop")
    return body
  }

  private func substituted(_ record: GoldenRecord) -> GoldenRecord {
    var record = record
    record.text = substituted(record.text)
    if !variables.isEmpty { record.expected = record.expected?.map(substituted) }
    return record
  }

  /// The text with `${name}` and `{name}` replaced, and a folder for `__TEST_DIR__`.
  private func substituted(_ text: String) -> String {
    var text = text
    for (name, value) in variables {
      text = text.replacing("${\(name)}", with: value).replacing("{\(name)}", with: value)
    }
    return text.replacing("__TEST_DIR__", with: "/tmp").replacing("{TEST_DIR}", with: "/tmp")
  }

  func fail(_ record: GoldenRecord, _ message: String) {
    outcome.mismatches.append(Mismatch(line: record.line, message: message))
  }
}

extension GoldenRecord.Kind {
  /// Whether records up to an `endloop` belong to it.
  var opensLoop: Bool {
    switch self {
    case .loop, .forEach: true
    default: false
    }
  }
}

extension String {
  /// The parts before and after the first occurrence of a text.
  func splitOnce(at separator: String) -> (String, String)? {
    let bytes = Array(utf8)
    let wanted = Array(separator.utf8)
    guard bytes.count >= wanted.count else { return nil }
    for i in 0...(bytes.count - wanted.count)
    where bytes[i..<i + wanted.count].elementsEqual(wanted) {
      return (
        String(decoding: bytes[..<i], as: UTF8.self),
        String(decoding: bytes[(i + wanted.count)...], as: UTF8.self)
      )
    }
    return nil
  }

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
