internal import TundishColumns

/// What the values at one place of many records look like, and the type that holds them all.
struct JSONShape {
  private var booleanCount = 0
  private var numberCount = 0
  private var stringCount = 0
  private var arrayCount = 0
  private var objectCount = 0
  /// The number of the object around that was looked at last.
  private var lastObject = 0
  private var digits = NumberDigits()
  private var strings = TypeEvidence()
  private var element: [JSONShape] = []
  private(set) var names: [String] = []
  /// Per name, what its values look like.
  private(set) var fields: [JSONShape] = []
  private var positions: [String: Int] = [:]
  /// Per column of the records that are read, its position among the names; -1 while it has none.
  private var recordPositions: [Int] = []

  /// An object with more names than this is a dictionary, kept as JSON text.
  private static let maximumFieldCount = 1_000

  /// What was seen of numbers.
  private struct NumberDigits {
    var whole = 1
    var scale = 0
    var hasExponent = false
    /// Whether an exponent is too large for any number that is stored.
    var isEndless = false

    mutating func add(_ bytes: Span<UInt8>, _ range: Range<Int>) {
      var isFraction = false
      var whole = 0
      var scale = 0
      for i in range {
        let byte = bytes[i]
        if byte == UInt8(ascii: ".") {
          isFraction = true
        } else if byte | 0x20 == UInt8(ascii: "e") {
          hasExponent = true
          var exponent = 0
          for place in i + 1..<range.upperBound where NumberReading.isDigit(bytes[place]) {
            exponent = min(10_000, exponent * 10 + Int(bytes[place] - UInt8(ascii: "0")))
          }
          if bytes[i + 1] != UInt8(ascii: "-"), exponent + whole > 308 { isEndless = true }
          break
        } else if byte != UInt8(ascii: "-") {
          if isFraction { scale += 1 } else { whole += 1 }
        }
      }
      self.whole = max(self.whole, whole)
      self.scale = max(self.scale, scale)
    }

    var type: DataType {
      if isEndless { return .varchar }
      if hasExponent || scale >= 15 { return .double }
      let precision = whole + scale
      if scale == 0, whole <= 18 { return .bigint }
      if precision > DataType.maximumDecimalPrecision { return scale == 0 ? .varchar : .double }
      if scale == 0 { return .hugeint }
      return .decimal(
        precision: precision <= DataType.maximumShortDecimalPrecision
          ? DataType.maximumShortDecimalPrecision : DataType.maximumDecimalPrecision,
        scale: scale
      )
    }
  }

  /// Takes a value.
  mutating func add(_ value: JSONValue) {
    switch value {
    case .null: break
    case .boolean: booleanCount += 1
    case .number(let text):
      addNumber(text.span, 0..<text.count)
    case .string(let text):
      addString(text.span, 0..<text.count)
    case .array(let elements):
      arrayCount += 1
      if element.isEmpty { element = [JSONShape()] }
      for value in elements { element[0].add(value) }
    case .object(let members):
      objectCount += 1
      guard names.count <= Self.maximumFieldCount else { return }
      // Of two members of one name the last counts, so they are taken from the end; the names keep
      // the order in which they stand.
      let places = members.map { position(ofName: $0.name) }
      for (place, member) in zip(places, members).reversed()
      where fields[place].lastObject != objectCount {
        fields[place].lastObject = objectCount
        fields[place].add(member.value)
      }
    }
  }

  private mutating func position(ofName name: String) -> Int {
    if let known = positions[name] { return known }
    positions[name] = names.count
    names.append(name)
    fields.append(JSONShape())
    return names.count - 1
  }

  private mutating func addNumber(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    numberCount += 1
    digits.add(bytes, range)
  }

  private mutating func addString(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    stringCount += 1
    guard !strings.isSettled else { return }
    if range.isEmpty { strings.addNull() } else { strings.add(bytes, range) }
  }

  /// Takes a record whose values are still in the text; always the same one, filled anew.
  mutating func add(_ record: JSONRecord, _ bytes: Span<UInt8>) {
    objectCount += 1
    guard names.count <= Self.maximumFieldCount else { return }
    for (column, cell) in record.cells.enumerated() where cell.kind != .missing {
      while recordPositions.count <= column { recordPositions.append(-1) }
      if recordPositions[column] < 0 {
        recordPositions[column] = position(ofName: record.names[column])
      }
      let position = recordPositions[column]
      switch cell.kind {
      case .missing, .null: break
      case .yes, .no: fields[position].booleanCount += 1
      case .number: fields[position].addNumber(bytes, cell.range)
      case .string: fields[position].addString(bytes, cell.range)
      case .tree: fields[position].add(record.trees[cell.tree])
      }
    }
  }

  /// Whether the values are objects with members, all of them or all but a few.
  var isObject: Bool { objectCount > 0 && otherCount * 20 <= objectCount && !names.isEmpty }

  /// The number of values that are no objects, NULL aside.
  private var otherCount: Int { booleanCount + numberCount + stringCount + arrayCount }

  private var kindCount: Int {
    [booleanCount, numberCount, stringCount, arrayCount, objectCount].count { $0 > 0 }
  }

  /// The type that holds all values.
  var type: DataType { type(to: Int.max) }

  /// The type that holds all values; text for what lies deeper than some levels.
  private func type(to depth: Int) -> DataType {
    guard kindCount == 1, depth > 0 else { return .varchar }
    if booleanCount > 0 { return .boolean }
    if numberCount > 0 { return digits.type }
    if stringCount > 0 { return stringReading.type }
    let inner = depth == Int.max ? depth : depth - 1
    if arrayCount > 0 { return .list(element.first?.type(to: inner) ?? .varchar) }
    guard !names.isEmpty, names.count <= Self.maximumFieldCount else { return .varchar }
    return .structure(
      zip(ColumnNames.distinct(names), fields)
        .map { StructField(name: $0, type: $1.type(to: inner)) }
    )
  }

  /// What the values of a member look like; nil where no record has it.
  func field(named name: String) -> JSONShape? {
    positions[name].map { fields[$0] }
  }

  /// Why, for reports.
  var evidence: String {
    if kindCount == 0 { return "no values" }
    if kindCount > 1 { return "values of \(kindCount) kinds" }
    if stringCount > 0 { return type == .varchar ? "text" : "texts that are dates or times" }
    if numberCount > 0 { return "numbers" }
    return booleanCount > 0 ? "true and false" : arrayCount > 0 ? "arrays" : "objects"
  }

  /// Texts that are dates as machines write them become dates; nothing else is read into texts.
  private var stringReading: ColumnReading {
    guard strings.valueCount > 0, strings.markers.isEmpty, strings.nullCount == 0 else {
      return .text
    }
    let reading = strings.decision(name: "", hints: LocaleHints(), line: { $0 }).reading
    switch reading {
    case .date, .timestamp, .timestampTZ: return reading
    case .text, .boolean, .oneOrEmpty, .integer, .decimal, .double, .number, .compactDate, .time,
      .duration, .formatted:
      return .text
    }
  }

  /// Returns how values of this shape become values of its type; as text what lies deeper than some
  /// levels.
  func reading(to depth: Int = Int.max) -> JSONReading {
    let inner = depth == Int.max ? depth : depth - 1
    return JSONReading(
      type: type(to: depth),
      stringReading: depth > 0 ? stringReading : .text,
      element: depth > 0 ? element.first?.reading(to: inner) : nil,
      members: depth > 0
        ? zip(names, fields).map { (name: $0, reading: $1.reading(to: inner)) } : [],
      isUnknown: kindCount == 0
    )
  }
}
