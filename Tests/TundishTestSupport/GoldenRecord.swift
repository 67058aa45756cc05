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
    /// `statement ok`, `statement error`, `statement maybe` (nil), `statement count <n>`
    case statement(succeeds: Bool?, count: Int?)
    /// `query <types> [sort mode] [label]`
    case query(types: String, sort: SortMode?, label: String?)
    /// `hash-threshold <n>`
    case hashThreshold(Int)
    /// `halt`
    case halt
    /// `loop <name> <from> <to>`; the limits may hold variables of loops around
    case loop(variable: String, from: String, to: String)
    /// `foreach <name>[,<name> ...] <value>[,<value> ...] ...`
    case forEach(variable: String, values: [String])
    /// `continue`: on with the next round of the loop
    case nextRound
    /// `endloop`
    case endLoop
    /// `require <what>`
    case require(String)
    /// `require-env <name> [<value>]`
    case requireEnvironment(name: String, value: String?)
    /// `test-env <name> <value>`: a variable for `${name}` and `{name}`
    case define(name: String, value: String)
    /// `mode skip` and `mode unskip`
    case skipMode(Bool)
    /// `control sortmode <mode>`
    case sortMode(SortMode)
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

    /// Reads a sort mode; DuckDB writes `sort` for `rowsort` too.
    init?(word: String) {
      self.init(rawValue: word == "sort" ? "rowsort" : word)
    }
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

  /// A condition on the engine that runs a record, or on a loop's variable (`onlyif i=3`).
  package struct Condition: Sendable, Equatable {
    /// Whether it is `onlyif`.
    package let isOnlyIf: Bool
    /// The engine's name, or the comparison.
    package let text: String

    /// Whether the record runs as far as this condition goes.
    func holds(_ variables: [String: String]) -> Bool {
      for comparison in ["!=", "<=", ">=", "=", "<", ">"] {
        let parts = text.splitOnce(at: comparison)
        guard let (name, wanted) = parts, let value = variables[name] else { continue }
        return isOnlyIf == Self.compares(value, comparison, wanted)
      }
      return isOnlyIf == (text.lowercased() == "tundish")
    }

    private static func compares(_ value: String, _ comparison: String, _ wanted: String) -> Bool {
      if comparison == "=" { return value == wanted }
      if comparison == "!=" { return value != wanted }
      guard let left = Int(value), let right = Int(wanted) else { return false }
      switch comparison {
      case "<": return left < right
      case ">": return left > right
      case "<=": return left <= right
      default: return left >= right
      }
    }
  }

  /// Whether this engine runs the record with these variables.
  package func applies(_ variables: [String: String]) -> Bool {
    conditions.allSatisfy { $0.holds(variables) }
  }
}
