package import TundishColumns
package import TundishSyntax

/// A failure while a plan runs, with the text to blame.
package struct RuntimeFailure: Error, Sendable {
  /// What failed.
  package let error: ExecutionError
  /// The expression whose evaluation failed.
  package let range: SourceRange

  /// Creates a failure.
  package init(_ error: ExecutionError, at range: SourceRange) {
    self.error = error
    self.range = range
  }
}

/// Calls a function of the layer below and adds the text to blame to what it throws.
@inline(__always)
func blaming<Result>(
  _ range: SourceRange,
  _ body: () throws(ExecutionError) -> Result
) throws(RuntimeFailure) -> Result {
  do {
    return try body()
  } catch {
    throw RuntimeFailure(error, at: range)
  }
}

extension SourceRange {
  /// The range of what no text is to blame for.
  static let nowhere = SourceRange(0, 0)
}

extension RuntimeFailure {
  /// The failure as users see it.
  package var diagnostic: Diagnostic {
    .running(
      code: error.kind.rawValue,
      message: error.message,
      at: range == .nowhere ? nil : range
    )
  }
}
