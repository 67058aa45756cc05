internal import TundishColumns
internal import TundishSyntax

extension Binder {
  /// Binds a call whose first argument is a map.
  ///
  /// Functions of lists that look up an element look up a key, and a text in quotes is read as the
  /// keys' or values' type.
  func resolveMapCall(
    _ name: String,
    _ arguments: [BoundExpression],
    _ range: SourceRange
  ) -> BoundExpression? {
    guard let types = arguments.first?.type.mapTypes else { return nil }
    let name = Self.mapForms[name] ?? name
    let wanted: [DataType] =
      switch name {
      case "map_extract", "map_extract_value", "map_contains": [types.key]
      case "map_contains_value": [types.value]
      case "map_contains_entry": [types.key, types.value]
      default: []  // takes no key
      }
    var converted = arguments
    for (offset, type) in wanted.enumerated() where offset + 1 < arguments.count {
      let argument = arguments[offset + 1]
      if argument.isTextLiteral, type != .null {
        converted[offset + 1] = coerce(argument, to: type)
      }
    }
    return resolveCall(name, converted, range, symbol: nil)
  }

  private static let mapForms = [
    "element_at": "map_extract", "list_extract": "map_extract_value",
    "array_extract": "map_extract_value", "list_element": "map_extract_value",
  ]
}
