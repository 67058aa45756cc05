/// `MAP(K, V)`: a list of structs (key, value) that are marked as its entries.
///
/// Being a list, a map is stored, hashed, sorted, spilled and compared as one; the mark decides how
/// it is written, which functions take it, and that its keys are unique and not NULL.
extension DataType {
  /// A map of keys of one type to values of another.
  ///
  /// - Parameters:
  ///   - key: The type of the keys.
  ///   - value: The type of the values.
  /// - Returns: The type.
  public static func map(_ key: DataType, to value: DataType) -> DataType {
    .list(
      .structure([
        StructField(name: "key", type: key, isMarked: true),
        StructField(name: "value", type: value, isMarked: true),
      ])
    )
  }

  /// The types of the keys and values where this is a map.
  public var mapTypes: (key: DataType, value: DataType)? {
    // The members of a row without names are marked too, and called otherwise.
    guard case .list(.structure(let fields)) = self, fields.count == 2, fields[0].isMarked,
      fields[0].name == "key"
    else { return nil }
    return (fields[0].type, fields[1].type)
  }

  /// Whether this is a map.
  public var isMap: Bool { mapTypes != nil }

  /// The type of the elements where this is a list and no map.
  package var listElement: DataType? {
    guard case .list(let element) = self, !isMap else { return nil }
    return element
  }

  /// What a list of the map's entries as plain structs has as its elements; nil where this is no
  /// map.
  package var mapEntryType: DataType? {
    mapTypes.map { types in
      .structure([
        StructField(name: "key", type: types.key), StructField(name: "value", type: types.value),
      ])
    }
  }
}

extension DataType {
  /// A text that is JSON, where it becomes a part of other JSON: as it is, not as a string.
  package static let embeddedJSON = DataType.structure([
    StructField(name: "json", type: .varchar, isMarked: true)
  ])
}
