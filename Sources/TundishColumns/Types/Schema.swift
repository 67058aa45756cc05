/// A column's name, type and unit.
public struct Field: Sendable, Hashable {
  /// The name, with the spelling it was created with.
  public let name: String
  /// The logical type.
  public let type: DataType
  /// What the numbers count.
  public let unit: Unit

  /// Creates a field.
  public init(name: String, type: DataType, unit: Unit = .none) {
    self.name = name
    self.type = type
    self.unit = unit
  }
}

/// The columns of a relation, in order.
public struct Schema: Sendable, Hashable {
  /// The columns, in order.
  public let fields: [Field]

  /// Creates a schema.
  public init(_ fields: [Field]) {
    self.fields = fields
  }

  /// The position of the column named so, compared case-insensitively; nil if there is none.
  ///
  /// Linear in the number of columns.
  public func index(of name: String) -> Int? {
    let folded = foldedKey(name)
    return fields.firstIndex { foldedKey($0.name) == folded }
  }
}

/// Returns the key under which a name is looked up: letters A to Z folded to lower case, the rest
/// unchanged.
package func foldedKey(_ name: String) -> String {
  guard name.utf8.contains(where: { $0 >= 0x41 && $0 <= 0x5A }) else { return name }
  var bytes = Array(name.utf8)
  for i in bytes.indices where bytes[i] >= 0x41 && bytes[i] <= 0x5A {
    bytes[i] |= 0x20
  }
  return String(decoding: bytes, as: UTF8.self)
}
