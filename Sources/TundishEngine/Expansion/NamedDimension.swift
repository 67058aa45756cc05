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
  var range: SourceRange

  /// The hidden column of the key.
  var keyName: String { name + "_key" }
}
