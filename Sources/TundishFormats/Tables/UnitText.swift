internal import TundishColumns

/// Columns of money and percentages as texts that say so: `$1234.50`, `12.5%`.
///
/// For files that are to be read back with their units, or by people. All digits are kept and
/// thousands are not separated, so that what is read is what was written.
enum UnitText {
  /// Replaces the columns that have such a unit.
  static func batches(_ batches: [Batch], schema: Schema) -> [Batch] {
    let forms = schema.fields.map { UnitFormat(unit: $0.unit, type: $0.type)?.shape }
    guard forms.contains(where: { $0 != nil }) else { return batches }
    return batches.map { batch in
      let columns = zip(batch.columns, forms).map { column, form in
        form.map { texts(column, $0) } ?? column
      }
      return Batch(columns: columns, rowCount: batch.rowCount)
    }
  }

  private static func texts(_ column: Column, _ shape: UnitFormat.Shape) -> Column {
    // Numbers of days and ratios have nothing to say it with.
    if shape == .days || shape == .ratio { return column }
    let texts = (0..<column.count).map { row -> Value in
      let value = column.value(at: row)
      guard var digits = RoundedDigits(value) else {
        return value == .null ? .null : .text(ValueText.text(of: value))
      }
      var bytes: [UInt8] = []
      switch shape {
      case .percentage:
        digits.shift(by: 2)
        digits.fillWhole()
        digits.append(to: &bytes, prefix: "", groups: false)
        bytes.append("%")
      case .money(let prefix, _):
        // A sign touches its number; a code such as CHF does not.
        let isCode = prefix.utf8.allSatisfy { $0 < 0x80 && $0 != UInt8(ascii: "$") }
        digits.fillWhole()
        digits.append(
          to: &bytes,
          prefix: isCode ? prefix : String(prefix.dropLast()),
          groups: false
        )
      case .days, .ratio: break
      }
      return .text(String(decoding: bytes, as: UTF8.self))
    }
    return .values(texts, type: .varchar)
  }
}
