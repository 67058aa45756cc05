internal import TundishSyntax

/// A dimension of a statement with the name of its column.
struct NamedDimension {
  /// The column's name.
  var name: String
  /// The name path that it is; nil for expressions.
  var path: [Identifier]?
  var expression: Expression
  /// When the value is read; nil is the metric's own event.
  var moment: Dimension.Moment?
  /// Whether rows are grouped by a key beside the name that is shown.
  var isKeyed = false
  /// Whether rows whose link finds nothing stand apart from those without a value.
  var isMarked = false
  var range: SourceRange

  /// All columns by which the dimension groups rows, the one that is shown first.
  var columns: [String] {
    [name] + (isKeyed ? [keyName] : []) + (isMarked ? [markName] : [])
  }

  /// The hidden column that tells whether a link found nothing.
  var markName: String { name + "_no_match" }

  /// The hidden column of the key.
  var keyName: String { name + "_key" }
}
