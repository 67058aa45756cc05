/// A failure while a plan runs: the data did not allow what the query asked.
///
/// Kernels throw one per batch, never per value. The engine adds the source range of the expression
/// and turns it into a diagnostic; `code` is that diagnostic's stable code.
package struct ExecutionError: Error, Sendable, Hashable {
  /// The kinds of failure, each with its stable code.
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    /// A result does not fit its type.
    case overflow = "R001"
    /// A value cannot be read as the target type.
    case invalidCast = "R002"
    /// An argument is outside what a function accepts.
    case invalidArgument = "R003"
    /// A regular expression does not compile, or exceeds its match limit.
    case invalidPattern = "R004"
    /// A subquery that must give one row gave several.
    case moreThanOneRow = "R005"
    /// A constraint of a table does not hold.
    case constraint = "R006"
    /// The memory limit was reached.
    case outOfMemory = "R007"
    /// The query was cancelled.
    case cancelled = "R008"
    /// A limit of the engine (rows in a list, recursion depth, result size) was reached.
    case limit = "R009"
    /// A temporary file could not be written or read.
    case file = "R010"
  }

  /// What failed.
  package let kind: Kind
  /// The sentence to show, in lower case, without a period.
  package let message: String

  /// Creates an error.
  package init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}
