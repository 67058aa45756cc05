extension Column {
  /// Returns a column in which every row has one value.
  ///
  /// The value must be of the type; integers are also accepted for `DECIMAL` and `DOUBLE`, and
  /// decimals for `DOUBLE` and for decimals of a larger scale.
  package static func constant(_ value: Value, type: DataType, count: Int) -> Column {
    let builder = AnyColumnBuilder(type: type)
    builder.append(value)
    let single = builder.finish()
    return Column(
      type: type,
      data: single.data,
      validity: single.validity,
      count: count,
      isConstant: true
    )
  }

  /// Returns a column in which every row is NULL.
  package static func nulls(type: DataType, count: Int) -> Column {
    constant(.null, type: type, count: count)
  }

  /// Returns a column of values made one by one; slow, for small inputs.
  package static func values(_ values: [Value], type: DataType) -> Column {
    let builder = AnyColumnBuilder(type: type)
    for value in values { builder.append(value) }
    return builder.finish()
  }

  /// Returns a `BOOLEAN` column.
  package static func booleans(_ values: [Bool], validity: [Bool]? = nil) -> Column {
    Column(type: .boolean, data: .boolean(values), validity: validity, count: values.count)
  }

  /// Returns a column of a type whose physical form is 64-bit integers.
  package static func integers(
    _ values: [Int64],
    type: DataType = .bigint,
    validity: [Bool]? = nil
  ) -> Column {
    Column(type: type, data: .int64(values), validity: validity, count: values.count)
  }

  /// Returns a `DOUBLE` column.
  package static func doubles(_ values: [Double], validity: [Bool]? = nil) -> Column {
    Column(type: .double, data: .float64(values), validity: validity, count: values.count)
  }

  /// Returns a column of text by views.
  package static func text(
    _ values: TextVector,
    type: DataType = .varchar,
    validity: [Bool]? = nil
  ) -> Column {
    Column(type: type, data: .text(values), validity: validity, count: values.count)
  }

  /// Returns a `VARCHAR` column of strings; nil gives NULL.
  package static func strings(_ values: [String?]) -> Column {
    let hasNulls = values.contains { $0 == nil }
    return .text(
      TextVector(values.map { $0 ?? "" }),
      validity: hasNulls ? values.map { $0 != nil } : nil
    )
  }

  /// Returns a column of dictionary codes.
  package static func codes(
    _ codes: [Int32],
    _ dictionary: TextDictionary,
    type: DataType = .varchar,
    validity: [Bool]? = nil
  ) -> Column {
    Column(
      type: type,
      data: .dictionary(codes: codes, dictionary),
      validity: validity,
      count: codes.count
    )
  }

  /// Returns the same values under another logical type of the same physical form.
  package func retyped(_ type: DataType) -> Column {
    Column(type: type, data: data, validity: validity, count: count, isConstant: isConstant)
  }

  /// Returns the same values with another validity, which has as many elements as the buffers.
  package func withValidity(_ validity: [Bool]?) -> Column {
    Column(type: type, data: data, validity: validity, count: count, isConstant: isConstant)
  }
}
