internal import TundishColumns
internal import TundishSyntax

extension DataType {
  /// The type as a statement writes it.
  ///
  /// Recursion is bounded by the nesting of the type.
  func written(at range: SourceRange) -> TypeName {
    switch self {
    case .decimal(let precision, let scale):
      return TypeName(.named("DECIMAL", arguments: [precision, scale]), range: range)
    case .list where isMap:
      let types = mapTypes ?? (.null, .null)
      return TypeName(
        .map(key: types.key.written(at: range), value: types.value.written(at: range)),
        range: range
      )
    case .list(let element):
      return TypeName(.list(element.written(at: range)), range: range)
    case .structure(let fields) where fields.isRow:
      return TypeName(.row(fields.map { $0.type.written(at: range) }), range: range)
    case .structure(let fields):
      let members = fields.map { field in
        StructMemberType(
          name: Identifier(field.name, range: range, isQuoted: true),
          type: field.type.written(at: range)
        )
      }
      return TypeName(.structure(members), range: range)
    case .enumeration(let labels):
      return TypeName(.enumeration(labels), range: range)
    case .null, .boolean, .tinyint, .smallint, .integer, .bigint, .hugeint, .double, .varchar,
      .blob, .date, .time, .timestamp, .timestampTZ, .interval:
      return TypeName(.named(description, arguments: []), range: range)
    }
  }
  /// The type of a column that stores values of this type.
  ///
  /// A bare NULL, which no definition can name, has to be of some type, also in lists and structs:
  /// INTEGER, as in DuckDB.
  ///
  /// Recursion is bounded by the nesting of the type.
  var storable: DataType {
    switch self {
    case .null: .integer
    case .list(let element): .list(element.storable)
    case .structure(let fields):
      .structure(
        fields.map {
          StructField(name: $0.name, type: $0.type.storable, isMarked: $0.isMarked)
        }
      )
    case .boolean, .tinyint, .smallint, .integer, .bigint, .hugeint, .decimal, .double, .varchar,
      .blob, .date, .time, .timestamp, .timestampTZ, .interval, .enumeration:
      self
    }
  }
}
