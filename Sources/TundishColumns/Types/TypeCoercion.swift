/// The rules by which types give way to each other.
///
/// The flags say which operands are string literals: such an operand has no type of its own yet and
/// takes the other side's.
package enum TypeCoercion {
  /// Returns the type that both operands of a comparison, the branches of a CASE or the rows of
  /// VALUES are converted to; nil where there is none without an explicit cast.
  package static func commonType(
    _ left: DataType,
    _ right: DataType,
    leftIsTextLiteral: Bool = false,
    rightIsTextLiteral: Bool = false
  ) -> DataType? {
    if left == right { return left }
    switch (left, right) {
    case (.null, let other), (let other, .null): return other
    case (.list(let a), .list(let b)): return commonType(a, b).map { .list($0) }
    case (.structure(let a), .structure(let b)): return commonStructure(a, b)
    case (.timestamp, .date), (.date, .timestamp): return .timestamp
    case (.timestampTZ, .date), (.date, .timestampTZ), (.timestampTZ, .timestamp),
      (.timestamp, .timestampTZ):
      return .timestampTZ
    case (.boolean, let other) where other.isNumeric: return other
    case (let other, .boolean) where other.isNumeric: return other
    default: break  // pairs of types; the rest follows by family
    }
    if left.isNumeric, right.isNumeric { return commonNumericType(left, right) }
    if rightIsTextLiteral, right == .varchar { return left }
    if leftIsTextLiteral, left == .varchar { return right }
    return left.isText && right.isText ? .varchar : nil
  }

  /// Returns the common type of any number of operands.
  package static func commonType(
    of types: [DataType],
    isTextLiteral: [Bool] = []
  ) -> DataType? {
    guard !types.isEmpty else { return .null }
    let isLiteral = { (i: Int) in i < isTextLiteral.count && isTextLiteral[i] }
    // Typed operands decide first, so that a literal never forces VARCHAR upon its neighbours.
    var common: DataType?
    for (i, type) in types.enumerated() where !isLiteral(i) && type != .null {
      guard let joined = common.map({ commonType($0, type) }) ?? type else { return nil }
      common = joined
    }
    if let common {
      // A text beside labels need not be one of them.
      let isLabels = if case .enumeration = common { true } else { false }
      return isLabels && types.indices.contains(where: isLiteral) ? .varchar : common
    }
    return types.indices.contains(where: { isLiteral($0) && types[$0] != .null }) ? .varchar : .null
  }

  /// Returns the type of a column of a set operation: the common type, else VARCHAR where one side
  /// is text.
  package static func unionType(_ left: DataType, _ right: DataType) -> DataType? {
    if let common = commonType(left, right) { return common }
    if left.isMap || right.isMap {
      guard let a = left.mapTypes, let b = right.mapTypes, let key = unionType(a.key, b.key),
        let value = unionType(a.value, b.value)
      else { return left.isText || right.isText ? .varchar : nil }
      return .map(key, to: value)
    }
    switch (left, right) {
    case (.list(let a), .list(let b)): return unionType(a, b).map { .list($0) }
    case (.structure(let a), .structure(let b)): return unionStructure(a, b).map { .structure($0) }
    default: return left.isText || right.isText ? .varchar : nil  // all other pairs
    }
  }

  /// The members of both structs, by name, in the order in which they first come.
  private static func unionStructure(
    _ left: [StructField],
    _ right: [StructField]
  ) -> [StructField]? {
    var fields = left
    for member in right {
      let key = foldedKey(member.name)
      guard let position = fields.firstIndex(where: { foldedKey($0.name) == key }) else {
        fields.append(member)
        continue
      }
      guard let type = unionType(fields[position].type, member.type) else { return nil }
      fields[position] = StructField(
        name: fields[position].name,
        type: type,
        isMarked: fields[position].isMarked
      )
    }
    return fields
  }

  /// Returns the type in which two operands are compared; nil where they cannot be.
  package static func comparisonType(
    _ left: DataType,
    _ right: DataType,
    leftIsTextLiteral: Bool = false,
    rightIsTextLiteral: Bool = false
  ) -> DataType? {
    commonType(
      left,
      right,
      leftIsTextLiteral: leftIsTextLiteral,
      rightIsTextLiteral: rightIsTextLiteral
    )
  }

  /// The common type of two numbers: the wider integer, the decimal that holds both as far as 38
  /// digits go, or DOUBLE.
  package static func commonNumericType(_ left: DataType, _ right: DataType) -> DataType {
    if left == .double || right == .double { return .double }
    guard left.isDecimal || right.isDecimal else {
      return integerRank(left) >= integerRank(right) ? left : right
    }
    guard case .decimal(let leftPrecision, let leftScale) = decimalType(holding: left),
      case .decimal(let rightPrecision, let rightScale) = decimalType(holding: right)
    else { return .double }
    let scale = max(leftScale, rightScale)
    let wholeDigits = max(leftPrecision - leftScale, rightPrecision - rightScale)
    return .decimal(
      precision: min(wholeDigits + scale, DataType.maximumDecimalPrecision),
      scale: scale
    )
  }

  /// The decimal that holds every value of an integer type; a decimal itself; DOUBLE for others.
  package static func decimalType(holding type: DataType) -> DataType {
    switch type {
    case .tinyint: .decimal(precision: 3, scale: 0)
    case .smallint: .decimal(precision: 5, scale: 0)
    case .integer: .decimal(precision: 10, scale: 0)
    case .bigint: .decimal(precision: 19, scale: 0)
    case .hugeint: .decimal(precision: DataType.maximumDecimalPrecision, scale: 0)
    case .decimal: type
    case .null, .boolean, .double, .varchar, .blob, .date, .time, .timestamp, .timestampTZ,
      .interval, .enumeration, .list, .structure:
      .double
    }
  }

  /// Returns how unwelcome an implicit conversion is, 0 for none at all; nil where an explicit cast
  /// is needed.
  package static func implicitCastCost(from source: DataType, to target: DataType) -> Int? {
    if source == target { return 0 }
    switch (source, target) {
    case (.null, _): return 1
    case (.list(let a), .list(let b)): return implicitCastCost(from: a, to: b)
    case (.structure(let a), .structure(let b)): return structureCastCost(a, b)
    case (.date, .timestamp), (.timestamp, .timestampTZ): return 1
    case (.date, .timestampTZ): return 2
    case (.enumeration, .varchar): return 1
    case (.decimal(let p, let s), .decimal(let q, let t)): return q - t >= p - s && t >= s ? 1 : nil
    case (.decimal, .double): return 8
    default: break  // pairs of types; the rest are integers
    }
    guard source.isInteger else { return nil }
    if target == .double { return 10 }
    if case .decimal(let precision, let scale) = target {
      guard case .decimal(let needed, _) = decimalType(holding: source) else { return nil }
      return precision - scale >= needed ? 6 : nil
    }
    guard target.isInteger, integerRank(target) > integerRank(source) else { return nil }
    return integerRank(target) - integerRank(source)
  }

  /// Orders the integer types by width; 0 for other types.
  private static func integerRank(_ type: DataType) -> Int {
    switch type {
    case .tinyint: 1
    case .smallint: 2
    case .integer: 3
    case .bigint: 4
    case .hugeint: 5
    case .null, .boolean, .decimal, .double, .varchar, .blob, .date, .time, .timestamp,
      .timestampTZ, .interval, .enumeration, .list, .structure:
      0
    }
  }

  private static func commonStructure(_ left: [StructField], _ right: [StructField]) -> DataType? {
    guard left.count == right.count else { return nil }
    // A row takes the names of a struct beside it.
    if left.isRow != right.isRow {
      return left.isRow
        ? commonStructure(right.renaming(left), right) : commonStructure(left, left.renaming(right))
    }
    var fields: [StructField] = []
    for (a, b) in zip(left, right) {
      guard foldedKey(a.name) == foldedKey(b.name), a.isMarked == b.isMarked,
        let type = commonType(a.type, b.type)
      else { return nil }
      fields.append(StructField(name: a.name, type: type, isMarked: a.isMarked))
    }
    return .structure(fields)
  }

  private static func structureCastCost(_ source: [StructField], _ target: [StructField]) -> Int? {
    guard source.count == target.count else { return nil }
    if source.isRow != target.isRow, source.isRow || target.isRow {
      return structureCastCost(target.renaming(source), target).map { $0 + 1 }
    }
    var total = 0
    for (a, b) in zip(source, target) {
      guard foldedKey(a.name) == foldedKey(b.name), a.isMarked == b.isMarked,
        let cost = implicitCastCost(from: a.type, to: b.type)
      else { return nil }
      total += cost
    }
    return total
  }
}

extension [StructField] {
  /// Members of other types under these names, in their order.
  func renaming(_ others: [StructField]) -> [StructField] {
    zip(self, others).map { StructField(name: $0.name, type: $1.type, isMarked: $0.isMarked) }
  }
}
