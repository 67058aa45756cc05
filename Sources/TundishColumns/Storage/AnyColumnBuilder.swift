/// Builds a column of any type from `Value`s: the slow path, for `VALUES`, parameters and tests.
///
/// A value must be of the column's type or NULL; integers are also accepted for `DECIMAL` and
/// `DOUBLE`, and decimals for `DOUBLE` and decimals of a larger scale.
package final class AnyColumnBuilder {
  /// The type of the column.
  package let type: DataType
  private var booleans: [Bool] = []
  private var integers: [Int64] = []
  private var wideIntegers: [Int128] = []
  private var doubles: [Double] = []
  private var text = TextVector.empty
  private var codes: [Int32] = []
  private var labels: TextDictionary?
  private var intervals: [Interval] = []
  private var ranges: [Range<Int32>] = []
  private var children: [AnyColumnBuilder] = []
  private var validity: [Bool] = []
  private var hasNulls = false

  /// Creates a builder.
  package init(type: DataType) {
    self.type = type
    switch type {
    case .enumeration(let names): labels = TextDictionary(distinct: TextVector(names))
    case .list(let element): children = [AnyColumnBuilder(type: element)]
    case .structure(let fields): children = fields.map { AnyColumnBuilder(type: $0.type) }
    case .null, .boolean, .tinyint, .smallint, .integer, .bigint, .hugeint, .decimal, .double,
      .varchar, .blob, .date, .time, .timestamp, .timestampTZ, .interval:
      break
    }
  }

  /// The number of rows so far.
  package var count: Int { validity.count }

  /// Appends a value.
  package func append(_ value: Value) {
    if value.isNull { hasNulls = true }
    validity.append(!value.isNull)
    switch type.physical {
    case .boolean: appendBoolean(value)
    case .int64: integers.append(Int64(truncatingIfNeeded: integer(value)))
    case .int128: wideIntegers.append(integer(value))
    case .float64: doubles.append(double(value))
    case .text: appendText(value)
    case .interval: appendInterval(value)
    case .list: appendList(value)
    case .structure: appendStructure(value)
    }
  }

  /// Returns the column of the values so far.
  package func finish() -> Column {
    let data: ColumnData =
      switch type.physical {
      case .boolean: .boolean(booleans)
      case .int64: .int64(integers)
      case .int128: .int128(wideIntegers)
      case .float64: .float64(doubles)
      case .text:
        if let labels, labels.count > 0 {
          .dictionary(codes: codes, labels)
        } else if labels != nil {
          .text(TextVector(views: codes.map { _ in TextView(start: 0, length: 0) }, bytes: []))
        } else {
          .text(text)
        }
      case .interval: .interval(intervals)
      case .list: .list(ListVector(ranges: ranges, child: children[0].finish()))
      case .structure: .structure(children.map { $0.finish() }, count: count)
      }
    return Column(type: type, data: data, validity: hasNulls ? validity : nil, count: count)
  }

  private func appendBoolean(_ value: Value) {
    switch value {
    case .null: booleans.append(false)
    case .boolean(let value): booleans.append(value)
    default: mismatch(value)
    }
  }

  private func appendInterval(_ value: Value) {
    switch value {
    case .null: intervals.append(Interval())
    case .interval(let value): intervals.append(value)
    default: mismatch(value)
    }
  }

  private func appendText(_ value: Value) {
    switch value {
    case .null:
      if labels == nil { appendBytes([]) } else { codes.append(0) }
    case .text(let string):
      guard let labels else { return appendBytes(Array(string.utf8)) }
      guard let code = labels.code(of: string) else { mismatch(value) }
      codes.append(code)
    case .blob(let bytes): appendBytes(bytes)
    default: mismatch(value)
    }
  }

  private func appendBytes(_ bytes: [UInt8]) {
    let start = text.bytes.count
    precondition(
      start + bytes.count <= TextVector.maximumByteCount,
      "values written one by one are less than 4 GiB"
    )
    text.bytes.append(contentsOf: bytes)
    text.views.append(TextView(start: UInt32(start), length: UInt32(bytes.count)))
  }

  private func appendList(_ value: Value) {
    let start = Int32(children[0].count)
    switch value {
    case .null: break
    case .list(let elements): for element in elements { children[0].append(element) }
    case .map(let entries):
      for entry in entries {
        children[0].append(
          .structure([
            StructMember(name: "key", value: entry.key),
            StructMember(name: "value", value: entry.value),
          ])
        )
      }
    default: mismatch(value)
    }
    ranges.append(start..<Int32(children[0].count))
  }

  private func appendStructure(_ value: Value) {
    switch value {
    case .null: for child in children { child.append(.null) }
    case .structure(let members) where members.count == children.count:
      for (child, member) in zip(children, members) { child.append(member.value) }
    default: mismatch(value)
    }
  }

  /// The integer that stands for a value in the buffer of an integer type.
  private func integer(_ value: Value) -> Int128 {
    switch value {
    case .null: 0
    case .integer(let value): scaled(Int128(value), from: 0)
    case .hugeint(let value): scaled(value, from: 0)
    case .decimal(let unscaled, let scale): scaled(unscaled, from: scale)
    case .date(let value): Int128(value)
    case .time(let value), .timestamp(let value), .timestampTZ(let value): Int128(value)
    default: mismatch(value)
    }
  }

  private func scaled(_ unscaled: Int128, from scale: Int) -> Int128 {
    guard case .decimal(_, let target) = type else { return unscaled }
    precondition(target >= scale, "a decimal value has at most the scale of its column")
    var scaled = unscaled
    for _ in 0..<target - scale { scaled = scaled &* 10 }
    return scaled
  }

  private func double(_ value: Value) -> Double {
    switch value {
    case .null: return 0
    case .double(let value): return value
    case .integer(let value): return Double(value)
    case .hugeint(let value): return Double(value)
    case .decimal(let unscaled, let scale):
      var divisor = 1.0
      for _ in 0..<scale { divisor *= 10 }
      return Double(unscaled) / divisor
    default: mismatch(value)
    }
  }

  private func mismatch(_ value: Value) -> Never {
    preconditionFailure("a value appended to a column is of the column's type \(type): \(value)")
  }
}
