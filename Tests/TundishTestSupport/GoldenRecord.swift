/// One step of a test file: what to do, and what must come of it.
package struct GoldenRecord: Sendable {
  /// The kinds of steps; the first group is ours, the second is sqllogictest's.
  package enum Kind: Sendable, Equatable {
    /// `load <path below Tests> [as <name>]`
    case load(path: String, name: String?)
    /// `query [option ...]`: rows as the tsv writer prints them
    case golden(options: [String])
    /// `plan [expect=A,B] [expect-not=C]`: rules that must or must not fire, and the plan
    case plan(expected: [String], unexpected: [String])
    /// `error <code>`: the rendered diagnostics
    case error(code: String)
    /// `statement ok`, `statement error`, `statement count <n>`
    case statement(succeeds: Bool?, count: Int?)
    /// `query <types> [sort mode] [label]`
    case query(types: String, sort: SortMode, label: String?)
    /// `hash-threshold <n>`
    case hashThreshold(Int)
    /// `halt`
    case halt
    /// `loop <name> <from> <to>`
    case loop(variable: String, from: Int, to: Int)
    /// `foreach <name> <value> ...`
    case forEach(variable: String, values: [String])
    /// `endloop`
    case endLoop
    /// `require <what>`
    case require(String)
    /// A directive that needs no action here (`mode`, `set`, `sleep`, ...)
    case ignored
    /// A directive that nobody knows
    case unknown(String)
  }

  /// How sqllogictest orders rows before it compares.
  package enum SortMode: String, Sendable {
    case noSort = "nosort"
    case rowSort = "rowsort"
    case valueSort = "valuesort"
  }

  /// What to do.
  package var kind: Kind
  /// The text of the statement or query.
  package var text: String
  /// The lines after `----`; nil where there is no such line.
  package var expected: [String]?
  /// The number of the record's first line, from 1.
  package var line: Int
  /// The indices of the expected lines in the file; where an update writes.
  package var expectedLines: Range<Int>
  /// The conditions before the record.
  package var conditions: [Condition]

  /// A condition on the engine that runs a record.
  package struct Condition: Sendable, Equatable {
    /// Whether it is `onlyif`.
    package let isOnlyIf: Bool
    /// The engine's name.
    package let engine: String
  }

  /// Whether this engine runs the record.
  package var applies: Bool {
    conditions.allSatisfy { $0.isOnlyIf == ($0.engine == "tundish") }
  }
}
