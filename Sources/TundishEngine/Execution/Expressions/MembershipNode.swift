internal import TundishColumns

/// `IN` over constants, three-valued.
final class MembershipNode: EvaluationNode {
  private let operand: any EvaluationNode
  private let members: Members
  private let hasNull: Bool
  let isTotal: Bool

  /// The constants in the form that the operand's columns have.
  private enum Members {
    case none
    /// A bit per value from `base` on.
    case bits([Bool], base: Int64)
    case few([Int64])
    case integers(Set<Int64>)
    case doubles(Set<Double>)
    case text(TextDictionary)
    case others(Set<Value>)
  }

  /// The widest range of integers for which a bit per value is kept.
  private static let widestBitRange: Int64 = 65_536

  init(_ operand: any EvaluationNode, values: [Value], type: DataType) {
    self.operand = operand
    isTotal = operand.isTotal
    hasNull = values.contains(where: \.isNull)
    members = Self.members(values.filter { !$0.isNull }, type: type)
  }

  private static func members(_ values: [Value], type: DataType) -> Members {
    if values.isEmpty { return .none }
    let column = Column.values(values, type: type).flattened()
    switch column.data {
    case .int64(let integers):
      guard integers.count > 4 else { return .few(integers) }
      let low = integers.min() ?? 0
      let high = integers.max() ?? 0
      let (width, overflow) = high.subtractingReportingOverflow(low)
      guard !overflow && width < widestBitRange else { return .integers(Set(integers)) }
      var bits = [Bool](repeating: false, count: Int(width) + 1)
      for integer in integers { bits[Int(integer - low)] = true }
      return .bits(bits, base: low)
    case .float64(let doubles):
      return .doubles(Set(doubles))
    case .text(let vector):
      var interner = TextInterner()
      for row in 0..<vector.count {
        vector.withBytes(at: row) { bytes in _ = interner.code(of: bytes) }
      }
      return .text(interner.dictionary())
    case .boolean, .int128, .dictionary, .interval, .list, .structure:
      return .others(Set(column.allValues()))
    }
  }

  func evaluate(_ frame: EvaluationFrame) throws(RuntimeFailure) -> Column {
    let column = try operand.evaluate(frame)
    let hits = Self.hits(column, members: members)
    guard hasNull else {
      return Column(
        type: .boolean,
        data: .boolean(hits),
        validity: column.validity,
        count: column.count,
        isConstant: column.isConstant
      )
    }
    // `x IN (1, NULL)` is true or NULL, never false.
    return Column(
      type: .boolean,
      data: .boolean(hits),
      validity: column.validity.map { zip($0, hits).map { $0 && $1 } } ?? hits,
      count: column.count,
      isConstant: column.isConstant
    )
  }

  /// Whether each stored value is a member.
  private static func hits(_ column: Column, members: Members) -> [Bool] {
    switch (members, column.data) {
    case (.none, _):
      return [Bool](repeating: false, count: column.data.count)
    case (.bits(let bits, let base), .int64(let values)):
      let width = Int64(bits.count)
      return values.map { value in
        let place = value &- base
        return place >= 0 && place < width && bits[Int(place)]
      }
    case (.few(let few), .int64(let values)):
      return values.map { value in few.contains(value) }
    case (.integers(let set), .int64(let values)):
      return values.map { set.contains($0) }
    case (.doubles(let set), .float64(let values)):
      return values.map { set.contains($0) }
    case (.text(let dictionary), .dictionary(let codes, let own)):
      let translation = own.codes(in: dictionary)
      return codes.map { $0 >= 0 && translation[Int($0)] >= 0 }
    case (.text(let dictionary), .text(let vector)):
      return (0..<vector.count).map { dictionary.code(of: vector.byteArray(at: $0)) != nil }
    case (.others(let set), _):
      let stored = column.isConstant ? 1 : column.count
      return (0..<stored).map { set.contains(column.value(at: $0)) }
    case (.bits, _), (.few, _), (.integers, _), (.doubles, _), (.text, _):
      preconditionFailure("the members of IN have the operand's type")
    }
  }
}
