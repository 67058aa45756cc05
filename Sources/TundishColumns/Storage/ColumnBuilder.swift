/// A Swift type whose values fill a buffer of a column.
package protocol ColumnElement: Sendable {
  /// What stands in the buffer under a NULL.
  static var filler: Self { get }
  /// Wraps a buffer.
  static func columnData(_ values: [Self]) -> ColumnData
}

extension Bool: ColumnElement {
  package static var filler: Bool { false }
  package static func columnData(_ values: [Bool]) -> ColumnData { .boolean(values) }
}

extension Int64: ColumnElement {
  package static var filler: Int64 { 0 }
  package static func columnData(_ values: [Int64]) -> ColumnData { .int64(values) }
}

extension Int128: ColumnElement {
  package static var filler: Int128 { 0 }
  package static func columnData(_ values: [Int128]) -> ColumnData { .int128(values) }
}

extension Double: ColumnElement {
  package static var filler: Double { 0 }
  package static func columnData(_ values: [Double]) -> ColumnData { .float64(values) }
}

extension Interval: ColumnElement {
  package static var filler: Interval { Interval() }
  package static func columnData(_ values: [Interval]) -> ColumnData { .interval(values) }
}

/// Builds a column of fixed-size values row by row.
///
/// The validity buffer is made when the first NULL arrives. Specialised inside this module only; a
/// reader in another module fills plain arrays and makes the `Column` itself.
package struct ColumnBuilder<Element: ColumnElement>: ~Copyable {
  private var values: [Element]
  private var validity: [Bool]?

  /// Creates a builder with room for some rows.
  package init(capacity: Int = 0) {
    values = []
    values.reserveCapacity(capacity)
    validity = nil
  }

  /// The number of rows so far.
  package var count: Int { values.count }

  /// Appends a value.
  @inline(__always)
  package mutating func append(_ value: Element) {
    values.append(value)
    if validity != nil { validity?.append(true) }
  }

  /// Appends a NULL.
  package mutating func appendNull() {
    if validity == nil { validity = [Bool](repeating: true, count: values.count) }
    values.append(Element.filler)
    validity?.append(false)
  }

  /// Appends a value, or a NULL for nil.
  @inline(__always)
  package mutating func append(_ value: Element?) {
    if let value { append(value) } else { appendNull() }
  }

  /// Returns the column.
  package consuming func finish(type: DataType) -> Column {
    let count = values.count
    return Column(type: type, data: Element.columnData(values), validity: validity, count: count)
  }
}
