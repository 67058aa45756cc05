/// A condition on one column that its segments decide as they are stored, without decoding.
///
/// No condition is true of a NULL, except where it says so.
package enum StoredCondition: Sendable {
  /// The value, held as a 64-bit integer, lies in one of some ranges, or in none of them.
  case integers([ClosedRange<Int64>], isInside: Bool)
  /// The truth of each code of the table's dictionary, and of NULL.
  case codes(CodeTruths)
  /// A `BOOLEAN` is true, or false.
  case boolean(Bool)
  /// The value may be a key of a join's other side, which the table's column must hold as the keys do
  /// (`StoredTable.holdsKeys(of:column:)`).
  case keys(KeyFilter)
  /// There is no value, or there is one.
  case isNull(Bool)
}

/// The truth of a condition for each code of a dictionary, and for NULL.
package struct CodeTruths: Sendable {
  let truths: [Bool]
  let null: Bool
  /// The codes that make the condition true, where they are consecutive; nil where they are not.
  let run: ClosedRange<Int>?

  /// Creates truths.
  package init(_ truths: [Bool], null: Bool) {
    self.truths = truths
    self.null = null
    if let first = truths.firstIndex(of: true), let last = truths.lastIndex(of: true),
      !truths[first...last].contains(false)
    {
      run = first...last
    } else {
      run = nil
    }
  }
}

extension StoredTable {
  /// Whether the values of a column can be looked up among keys as they are stored.
  package func holdsKeys(of filter: KeyFilter, column: Int) -> Bool {
    if let dictionary = filter.dictionary { return dictionaries[column] === dictionary }
    return schema.fields[column].type.physical == .int64
  }

  /// Takes the rows of a row group for which a condition on a column is not true out of a mask of all
  /// its rows.
  package func narrow(
    _ mask: inout RowMask,
    rowGroup group: Int,
    column: Int,
    by condition: StoredCondition
  ) {
    groups[group].segments[column].narrow(
      &mask,
      by: condition,
      type: schema.fields[column].type,
      dictionary: dictionaries[column]
    )
  }
}

extension ColumnSegment {
  func narrow(
    _ mask: inout RowMask,
    by condition: StoredCondition,
    type: DataType,
    dictionary: TextDictionary?
  ) {
    switch condition {
    case .isNull(let isNull):
      narrow(&mask, isNull: isNull)
    case .codes(let truths):
      narrow(&mask, by: truths, type: type, dictionary: dictionary)
    case .integers(let ranges, let isInside):
      keepValid(&mask)
      if let zone = zone.integers, let only = ranges.first, ranges.count == 1, isInside,
        only.contains(zone.lowerBound), only.contains(zone.upperBound)
      {
        return
      }
      narrow(&mask, ranges, isInside: isInside)
    case .keys(let filter):
      keepValid(&mask)
      narrow(&mask, by: filter)
    case .boolean(let truth):
      keepValid(&mask)
      narrow(&mask, where: truth)
    }
  }

  private func narrow(_ mask: inout RowMask, isNull: Bool) {
    if case .nulls = data {
      if !isNull { mask.removeAll() }
    } else if let validity = storedValidity {
      mask.keep(validity, where: !isNull)
    } else if isNull {
      mask.removeAll()
    }
  }

  private func narrow(_ mask: inout RowMask, by filter: KeyFilter) {
    switch data {
    case .nulls:
      mask.removeAll()
    case .integers8(let base, let offsets):
      filter.narrow(&mask, offsets, base: base)
    case .integers16(let base, let offsets):
      filter.narrow(&mask, offsets, base: base)
    case .integers32(let base, let offsets):
      filter.narrow(&mask, offsets, base: base)
    case .integers64(let values):
      filter.narrow(&mask, values, base: 0)
    case .codes8(let codes):
      filter.narrow(&mask, codes, base: 0)
    case .codes16(let codes):
      filter.narrow(&mask, codes, base: 0)
    case .codes32(let codes):
      filter.narrow(&mask, codes, base: 0)
    case .constantCode(let code):
      if !filter.mayHold(Int64(code)) { mask.removeAll() }
    case .constant(let column), .plain(let column):
      guard case .int64(let values) = column.data else { return }
      if !column.isConstant { return filter.narrow(&mask, values, base: 0) }
      if !column.isValid(at: 0) || !filter.mayHold(values[0]) { mask.removeAll() }
    case .text:
      preconditionFailure("the column holds keys as the filter does")
    }
  }

  private func narrow(_ mask: inout RowMask, where truth: Bool) {
    switch data {
    case .nulls:
      mask.removeAll()
    case .constant(let column), .plain(let column):
      guard case .boolean(let truths) = column.data else { return mask.removeAll() }
      if !column.isConstant { return mask.keep(truths, where: truth) }
      if !column.isValid(at: 0) || truths[0] != truth { mask.removeAll() }
    case .constantCode, .integers8, .integers16, .integers32, .integers64, .codes8, .codes16,
      .codes32, .text:
      preconditionFailure("truths are stored as they are")
    }
  }

  /// Whether there are values, per row; nil where there are everywhere, or nowhere.
  private var storedValidity: [Bool]? {
    switch data {
    case .plain(let column), .constant(let column): column.isConstant ? nil : column.validity
    case .nulls, .constantCode, .integers8, .integers16, .integers32, .integers64, .codes8,
      .codes16, .codes32, .text:
      validity
    }
  }

  private func keepValid(_ mask: inout RowMask) {
    narrow(&mask, isNull: false)
  }

  private func narrow(
    _ mask: inout RowMask,
    _ ranges: [ClosedRange<Int64>],
    isInside: Bool
  ) {
    guard ranges.count == 1, let range = ranges.first else {
      // Inside of one of them, or outside of all.
      var union = RowMask(allOf: mask.rowCount)
      union.removeAll()
      for range in ranges {
        var one = mask
        narrow(&one, [range], isInside: true)
        union.formUnion(one)
      }
      if isInside { return mask.formIntersection(union) }
      return mask.subtract(union)
    }
    switch data {
    case .nulls:
      mask.removeAll()
    case .integers8(let base, let offsets):
      keep(&mask, offsets, range, base: base, isInside: isInside)
    case .integers16(let base, let offsets):
      keep(&mask, offsets, range, base: base, isInside: isInside)
    case .integers32(let base, let offsets):
      keep(&mask, offsets, range, base: base, isInside: isInside)
    case .integers64(let values):
      mask.keep(values, range, isInside: isInside)
    case .constant(let column), .plain(let column):
      guard case .int64(let values) = column.data else { return mask.removeAll() }
      if column.isConstant {
        let holds = column.isValid(at: 0) && range.contains(values[0]) == isInside
        if !holds { mask.removeAll() }
      } else {
        mask.keep(values, range, isInside: isInside)
      }
    case .constantCode, .codes8, .codes16, .codes32, .text:
      preconditionFailure("integers are not stored as text")
    }
  }

  private func keep<Offset: MaskableInteger & UnsignedInteger>(
    _ mask: inout RowMask,
    _ offsets: [Offset],
    _ range: ClosedRange<Int64>,
    base: Int64,
    isInside: Bool
  ) {
    // Wide enough for any difference.
    let low = max(Int128(range.lowerBound) - Int128(base), 0)
    let high = min(Int128(range.upperBound) - Int128(base), Int128(Offset.max))
    guard low <= high else {
      if isInside { mask.removeAll() }
      return
    }
    mask.keep(offsets, Offset(low)...Offset(high), isInside: isInside)
  }

  private func narrow(
    _ mask: inout RowMask,
    by truths: CodeTruths,
    type: DataType,
    dictionary: TextDictionary?
  ) {
    if case .nulls = data {
      if !truths.null { mask.removeAll() }
      return
    }
    var nulls: RowMask?
    if truths.null {
      var others = mask
      narrow(&others, isNull: true)
      nulls = others
    }
    keepValid(&mask)
    switch data {
    case .constantCode(let code):
      if !truths.truths[Int(code)] { mask.removeAll() }
    case .codes8(let codes):
      keep(&mask, codes, truths)
    case .codes16(let codes):
      keep(&mask, codes, truths)
    case .codes32(let codes):
      keep(&mask, codes, truths)
    case .plain(let column):
      guard case .dictionary(let codes, _) = column.data, !column.isConstant else {
        preconditionFailure("a column with a dictionary is stored in codes")
      }
      keep(&mask, codes, truths)
    case .nulls, .constant, .integers8, .integers16, .integers32, .integers64, .text:
      preconditionFailure("a column with a dictionary is stored in codes")
    }
    if let nulls { mask.formUnion(nulls) }
  }

  private func keep<Code: MaskableInteger>(
    _ mask: inout RowMask,
    _ codes: [Code],
    _ truths: CodeTruths
  ) {
    if let run = truths.run {
      guard run.lowerBound <= Int(clamping: Code.max) else { return mask.removeAll() }
      let last = min(run.upperBound, Int(clamping: Code.max))
      mask.keep(codes, Code(run.lowerBound)...Code(last), isInside: true)
      return
    }
    let codes = codes.span
    let byCode = truths.truths.span
    mask.keep { byCode[Int(codes[$0])] }
  }
}
