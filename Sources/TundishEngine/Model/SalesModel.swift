package import TundishSyntax

/// What the tables mean for sales: the roles, stages and links of CREATE MODEL.
package struct SalesModel: Sendable, Hashable {
  /// The items as CREATE MODEL would write them.
  package var items: [ModelItem] = []

  /// Creates an empty model.
  package init() {}
}
