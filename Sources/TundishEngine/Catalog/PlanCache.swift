internal import Synchronization
internal import TundishSyntax

/// Plans of queries that a session has run, by their text.
///
/// All are of one state of the catalog and the settings: the session begins a new cache when one of
/// them changes. What a plan depends on beside these (the present instant, parameters, files, the
/// last result) keeps it out. The rows are computed anew in every run.
package final class PlanCache: Sendable {
  private let plans = Mutex<[Key: PlannedQuery]>([:])

  /// The most plans that are kept; beyond it, all are forgotten.
  private static let greatestCount = 256

  /// A statement's text and where it begins, which the ranges in its plan are counted from.
  struct Key: Hashable {
    private let text: String
    private let start: Int

    /// Nil where the range does not lie in the text.
    init?(text: String, range: SourceRange) {
      let bytes = text.utf8
      guard
        let start = bytes.index(
          bytes.startIndex,
          offsetBy: range.lowerBound,
          limitedBy: bytes.endIndex
        ),
        let end = bytes.index(
          start,
          offsetBy: range.upperBound - range.lowerBound,
          limitedBy: bytes.endIndex
        )
      else { return nil }
      self.text = String(text[start..<end])
      self.start = range.lowerBound
    }
  }

  /// The plan of a statement, where there is one.
  subscript(key: Key) -> PlannedQuery? {
    get { plans.withLock { $0[key] } }
    set {
      plans.withLock { plans in
        if plans.count >= Self.greatestCount { plans = [:] }
        plans[key] = newValue
      }
    }
  }
}

/// A query that can run.
struct PlannedQuery: Sendable {
  var bound: BoundQuery
  var plan: Plan
  /// The names of the optimizer rules that fired.
  var rules: [String]
  /// Whether the plan is the same as long as catalog and settings are.
  var isRepeatable: Bool
}
