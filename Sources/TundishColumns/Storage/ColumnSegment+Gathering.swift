extension StoredTable {
  /// Returns some rows of one column of one row group, by their places within it, which ascend.
  package func column(rowGroup group: Int, column: Int, rows: [Int32]) -> Column {
    groups[group].segments[column].column(
      rows,
      type: schema.fields[column].type,
      dictionary: dictionaries[column]
    )
  }
}

extension ColumnSegment {
  /// Decodes the rows at some places, which ascend; cheaper than decoding all of them between.
  func column(_ rows: [Int32], type: DataType, dictionary: TextDictionary?) -> Column {
    switch data {
    case .integers8(let base, let offsets):
      return integers(gathered(offsets, base: base, rows), rows, type: type)
    case .integers16(let base, let offsets):
      return integers(gathered(offsets, base: base, rows), rows, type: type)
    case .integers32(let base, let offsets):
      return integers(gathered(offsets, base: base, rows), rows, type: type)
    case .integers64(let values):
      return integers(gathered(values, base: 0, rows), rows, type: type)
    case .codes8(let codes):
      return coded(gathered(codes, rows), rows, type: type, dictionary)
    case .codes16(let codes):
      return coded(gathered(codes, rows), rows, type: type, dictionary)
    case .codes32(let codes):
      return coded(gathered(codes, rows), rows, type: type, dictionary)
    case .text(let starts, let bytes):
      let views = gathered(starts, rows)
      let data = ColumnData.text(TextVector(views: views, bytes: bytes))
      return Column(type: type, data: data, validity: validity(of: rows), count: rows.count)
    case .plain(let column):
      return column.gathered(rows).retyped(type)
    case .nulls, .constant, .constantCode:
      guard let last = rows.last else {
        return self.column(0..<0, type: type, dictionary: dictionary)
      }
      let first = Int(rows[0])
      return self.column(first..<Int(last) + 1, type: type, dictionary: dictionary)
        .gathered(rows.map { $0 - Int32(first) })
    }
  }

  private func integers(_ values: [Int64], _ rows: [Int32], type: DataType) -> Column {
    Column(type: type, data: .int64(values), validity: validity(of: rows), count: rows.count)
  }

  private func coded(
    _ codes: [Int32],
    _ rows: [Int32],
    type: DataType,
    _ dictionary: TextDictionary?
  ) -> Column {
    guard let dictionary else {
      preconditionFailure("a table with coded segments has the dictionary of their column")
    }
    let data = ColumnData.dictionary(codes: codes, dictionary)
    return Column(type: type, data: data, validity: validity(of: rows), count: rows.count)
  }

  private func validity(of rows: [Int32]) -> [Bool]? {
    guard let validity else { return nil }
    let all = validity.span
    var hasNull = false
    let part = [Bool](capacity: rows.count) { output in
      for row in rows {
        let isValid = all[Int(row)]
        hasNull = hasNull || !isValid
        output.append(isValid)
      }
    }
    return hasNull ? part : nil
  }
}

private func gathered<Offset: FixedWidthInteger>(
  _ offsets: [Offset],
  base: Int64,
  _ rows: [Int32]
) -> [Int64] {
  let offsets = offsets.span
  return [Int64](capacity: rows.count) { output in
    // Wraps only back to the value that was encoded.
    for row in rows { output.append(base &+ Int64(truncatingIfNeeded: offsets[Int(row)])) }
  }
}

private func gathered<Code: FixedWidthInteger>(_ codes: [Code], _ rows: [Int32]) -> [Int32] {
  let codes = codes.span
  return [Int32](capacity: rows.count) { output in
    for row in rows { output.append(Int32(truncatingIfNeeded: codes[Int(row)])) }
  }
}

private func gathered(_ starts: [UInt32], _ rows: [Int32]) -> [TextView] {
  let starts = starts.span
  return [TextView](capacity: rows.count) { output in
    for row in rows {
      let start = starts[Int(row)]
      output.append(TextView(start: start, length: starts[Int(row) + 1] &- start))
    }
  }
}
