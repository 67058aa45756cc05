internal import TundishColumns

extension CellStyle {
  /// Returns the cells of a column.
  func render(_ column: Column, unit: Unit = .none) -> CellBlock {
    let column = column.expanded()
    if formatsUnits, let format = UnitFormat(unit: unit, type: column.type) {
      return render(column, format: format)
    }
    var block = CellBlock(capacity: column.count)
    let validity = column.validity ?? []
    switch column.data {
    case .boolean(let values):
      let isNull = column.type == .null
      fill(&block, column.count, validity) { block, row in
        block.bytes.append(isNull ? nullText : values[row] ? "true" : "false")
      }
    case .int64(let values): renderIntegers(values, column.type, validity, into: &block)
    case .int128(let values):
      let scale = if case .decimal(_, let scale) = column.type { scale } else { 0 }
      fill(&block, column.count, validity) { block, row in
        block.bytes.appendDecimal(values[row], scale: scale)
      }
    case .float64(let values):
      let isJSON = isJSON
      fill(&block, column.count, validity) { block, row in
        if isJSON, !values[row].isFinite {
          block.bytes.append("null")
        } else {
          block.bytes.appendDouble(values[row])
        }
      }
    case .text(let vector) where column.type == .blob:
      fill(&block, column.count, validity) { block, row in
        let start = block.bytes.count
        block.bytes.appendBlob(vector.bytes.span.extracting(vector.views[row].range))
        restyle(&block.bytes, from: start)
      }
    case .text(let vector):
      fill(&block, column.count, validity) { block, row in
        append(vector.bytes.span.extracting(vector.views[row].range), to: &block.bytes)
      }
    case .dictionary(let codes, let dictionary):
      let views = dictionary.values.views
      let bytes = dictionary.values.bytes
      fill(&block, column.count, validity) { block, row in
        append(bytes.span.extracting(views[Int(codes[row])].range), to: &block.bytes)
      }
    case .interval(let values):
      fill(&block, column.count, validity) { block, row in
        let start = block.bytes.count
        block.bytes.appendInterval(
          months: values[row].months,
          days: values[row].days,
          microseconds: values[row].microseconds
        )
        restyle(&block.bytes, from: start)
      }
    case .list, .structure:
      fill(&block, column.count, validity) { block, row in
        let value = column.value(at: row)
        if isJSON { return appendJSON(value, to: &block.bytes) }
        let start = block.bytes.count
        appendNested(value, to: &block.bytes)
        restyle(&block.bytes, from: start)
      }
    }
    return block
  }

  private func renderIntegers(
    _ values: [Int64],
    _ type: DataType,
    _ validity: [Bool],
    into block: inout CellBlock
  ) {
    let count = values.count
    switch type {
    case .decimal(_, let scale):
      fill(&block, count, validity) { $0.bytes.appendDecimal(values[$1], scale: scale) }
    case .date:
      fillQuoted(&block, count, validity) { $0.bytes.appendDate(values[$1]) }
    case .time:
      fillQuoted(&block, count, validity) { $0.bytes.appendTime(values[$1]) }
    case .timestamp:
      fillQuoted(&block, count, validity) { $0.bytes.appendTimestamp(values[$1]) }
    case .timestampTZ:
      fillQuoted(&block, count, validity) { block, row in
        let offset = utcOffset?(values[row]) ?? 0
        block.bytes.appendTimestampTZ(values[row], offsetSeconds: offset)
      }
    case .null, .boolean, .tinyint, .smallint, .integer, .bigint, .hugeint, .double, .varchar,
      .blob, .interval, .enumeration, .list, .structure:
      fill(&block, count, validity) { $0.bytes.appendInteger(values[$1]) }
    }
  }

  /// Renders the rows one by one; the closure is inlined.
  @inline(__always)
  private func fill(
    _ block: inout CellBlock,
    _ count: Int,
    _ validity: [Bool],
    _ append: (inout CellBlock, Int) -> Void
  ) {
    let hasNulls = !validity.isEmpty
    for row in 0..<count {
      if hasNulls, !validity[row] {
        block.bytes.append(nullText)
      } else {
        append(&block, row)
      }
      block.endCell()
    }
  }

  /// The same for values that JSON writes as strings and that never need escapes.
  @inline(__always)
  private func fillQuoted(
    _ block: inout CellBlock,
    _ count: Int,
    _ validity: [Bool],
    _ append: (inout CellBlock, Int) -> Void
  ) {
    let isQuoted = isJSON
    fill(&block, count, validity) { block, row in
      if isQuoted { block.bytes.append(UInt8(ascii: "\"")) }
      append(&block, row)
      if isQuoted { block.bytes.append(UInt8(ascii: "\"")) }
    }
  }

  private func render(_ column: Column, format: UnitFormat) -> CellBlock {
    var block = CellBlock(capacity: column.count)
    for row in 0..<column.count {
      let value = column.value(at: row)
      if value.isNull {
        block.bytes.append(format.nullText ?? nullText)
      } else {
        format.append(value, to: &block.bytes)
      }
      block.endCell()
    }
    return block
  }

  /// Treats the bytes from a position on as one text value.
  private func restyle(_ bytes: inout [UInt8], from start: Int) {
    if case .verbatim = textForm { return }
    let plain = Array(bytes[start...])
    bytes.removeSubrange(start...)
    append(plain.span, to: &bytes)
  }
}
