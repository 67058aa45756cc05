extension CastKernel {
  /// Reads text as the target type.
  func fromText() throws(ExecutionError) -> Column {
    switch target {
    case .boolean: return try parsed { BooleanText.parse($0) }
    case .bigint, .integer, .smallint, .tinyint:
      let range = target.int64Range ?? Int64.min...Int64.max
      return try parsed { bytes -> Int64? in
        let value =
          IntegerText.parse(bytes) ?? IntegerText.parseLenient(bytes).flatMap(Int64.init(exactly:))
        return value.flatMap { range.contains($0) ? $0 : nil }
      }
    case .hugeint: return try parsed { IntegerText.parseLenient($0) }
    case .decimal(let precision, let scale):
      if precision <= DataType.maximumShortDecimalPrecision {
        return try parsed { bytes -> Int64? in
          DecimalText.parse(bytes, precision: precision, scale: scale).map { Int64($0) }
        }
      }
      return try parsed { DecimalText.parse($0, precision: precision, scale: scale) }
    case .double: return try parsed { DoubleText.parse($0) }
    case .date:
      return try parsed { bytes -> Int64? in
        if let day = DateText.parseDate(bytes) { return day }
        return self.local(bytes).map { Calendar.day(ofMicroseconds: $0) }
      }
    case .time:
      return try parsed { bytes -> Int64? in
        DateText.parseTime(bytes)
          ?? self.local(bytes).flatMap { instant in
            Calendar.isValid(microseconds: instant)
              ? Calendar.timeOfDay(ofMicroseconds: instant) : nil
          }
      }
    case .timestamp:
      // A TIMESTAMP is what a clock showed, wherever it hung: an offset does not move it.
      return try parsed { self.local($0) }
    case .timestampTZ:
      let zone = input.context.timeZone
      return try parsed { bytes -> Int64? in
        guard let parsed = DateText.parseTimestamp(bytes) else {
          guard let named = DateText.parseZonedTimestamp(bytes) else { return nil }
          return zone.zone(named: named.zone)?.instant(ofLocal: named.local)
        }
        guard let offset = parsed.offsetSeconds else { return zone.instant(ofLocal: parsed.local) }
        return parsed.local - offset * Calendar.microsecondsPerSecond
      }
    case .interval: return try parsed { IntervalText.parse($0) }
    case .blob: return try toBlob()
    case .enumeration(let labels): return try toLabels(labels)
    case .list(let element): return try toLists(of: element)
    case .structure(let fields): return try toStructures(fields)
    case .null, .varchar: throw unsupported
    }
  }

  /// What the clock showed, with or without an offset or a zone after it.
  private func local(_ bytes: Span<UInt8>) -> Int64? {
    if let parsed = DateText.parseTimestamp(bytes) { return parsed.local }
    guard let named = DateText.parseZonedTimestamp(bytes),
      input.context.timeZone.zone(named: named.zone) != nil
    else { return nil }
    return named.local
  }

  private func parsed<R: KernelValue>(
    _ parse: (Span<UInt8>) -> R?
  ) throws(ExecutionError) -> Column {
    let texts = input.text(0)
    let bytes = texts.bytes.span
    return try input.build { (row) throws(ExecutionError) -> R? in
      if let value = parse(bytes.extracting(texts.range(row))) { return value }
      return try refuse(row)
    }
  }

  private func toBlob() throws(ExecutionError) -> Column {
    let texts = input.text(0)
    return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
      if let blob = BlobText.parse(texts.bytes.span.extracting(texts.range(row))) {
        output.append(contentsOf: blob)
        return true
      }
      if isTry { return false }
      throw failure(row)
    }
  }

  private func toLabels(_ labels: [String]) throws(ExecutionError) -> Column {
    guard !labels.isEmpty else { throw unsupported }
    let dictionary = TextDictionary(distinct: TextVector(labels))
    let texts = input.text(0)
    var codes = [Int32](repeating: 0, count: input.rowCount)
    var validity: [Bool]?
    for row in 0..<input.rowCount {
      if let inputValidity = input.validity, !inputValidity[row] { continue }
      if let code = dictionary.code(of: Array(texts.bytes[texts.range(row)])) {
        codes[row] = code
      } else {
        if !isTry { throw failure(row) }
        if validity == nil { validity = [Bool](repeating: true, count: input.rowCount) }
        validity?[row] = false
      }
    }
    return input.column(.dictionary(codes: codes, dictionary), validity: validity)
  }

  private func toLists(of element: DataType) throws(ExecutionError) -> Column {
    let texts = input.text(0)
    var ranges = [Range<Int32>](repeating: 0..<0, count: input.rowCount)
    var validity: [Bool]?
    var elements: [String?] = []
    for row in 0..<input.rowCount {
      if let inputValidity = input.validity, !inputValidity[row] { continue }
      if let items = NestedText.listItems(texts.bytes.span.extracting(texts.range(row))) {
        let start = Int32(clamping: elements.count)
        elements.append(contentsOf: items)
        ranges[row] = start..<Int32(clamping: elements.count)
      } else {
        if !isTry { throw failure(row) }
        if validity == nil { validity = [Bool](repeating: true, count: input.rowCount) }
        validity?[row] = false
      }
    }
    let child = try Cast.convert(
      .strings(elements),
      to: element,
      isTry: isTry,
      context: input.context
    )
    let lists = ListVector(ranges: ranges, child: child.flattened())
    return input.column(.list(lists), validity: validity)
  }

  /// Whether a struct type has members of all these names; a name that it has not is a mistake.
  private static func areMembers(_ names: [String], of fields: [StructField]) -> Bool {
    names.allSatisfy { name in
      fields.contains { foldedKey($0.name) == foldedKey(name) }
    }
  }

  /// The members in the text of a struct or row.
  private static func members(
    of text: Span<UInt8>,
    _ fields: [StructField]
  ) -> [(name: String, text: String?)]? {
    guard fields.isRow, let items = NestedText.rowItems(text), items.count == fields.count else {
      return NestedText.members(text)
    }
    return zip(fields, items).map { ($0.name, $1) }
  }

  private func toStructures(_ fields: [StructField]) throws(ExecutionError) -> Column {
    let texts = input.text(0)
    var members = [[String?]](
      repeating: [String?](repeating: nil, count: input.rowCount),
      count: fields.count
    )
    var validity: [Bool]?
    for row in 0..<input.rowCount {
      if let inputValidity = input.validity, !inputValidity[row] { continue }
      let items = Self.members(of: texts.bytes.span.extracting(texts.range(row)), fields)
      guard let items, Self.areMembers(items.map(\.name), of: fields) else {
        if !isTry { throw failure(row) }
        if validity == nil { validity = [Bool](repeating: true, count: input.rowCount) }
        validity?[row] = false
        continue
      }
      for (i, field) in fields.enumerated() {
        members[i][row] = items.first { foldedKey($0.name) == foldedKey(field.name) }?.text
      }
    }
    var columns: [Column] = []
    for (field, texts) in zip(fields, members) {
      let column = try Cast.convert(
        .strings(texts),
        to: field.type,
        isTry: isTry,
        context: input.context
      )
      columns.append(column.flattened())
    }
    return input.column(.structure(columns, count: input.rowCount), validity: validity)
  }
}
