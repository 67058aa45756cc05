/// Numbers for the distinct values of one column, in order of first occurrence.
struct DistinctCodes {
  /// The number of each row's value; unspecified where the row is NULL.
  let codes: [Int32]
  /// A row that holds each value.
  let representatives: [Int32]

  /// The number of distinct values.
  var count: Int { representatives.count }

  /// Numbers the values of a column.
  init(_ column: Column) throws(ExecutionError) {
    let flat = column.expanded()
    switch flat.data {
    case .boolean(let values): self.init(values, flat.validity)
    case .int64(let values): self.init(values, flat.validity)
    case .int128(let values): self.init(values, flat.validity)
    case .float64(let values):
      self.init(values.map { OrderKeys.orderedBits($0) }, flat.validity)
    case .interval(let values):
      self.init(values.map { $0.approximateMicroseconds }, flat.validity)
    case .dictionary(let codes, _): self.init(codes, flat.validity)
    case .text(let vector):
      var interner = TextInterner()
      self.init(try interner.codes(of: vector), flat.validity)
    case .list, .structure: self.init(OrderKeys.make(flat), flat.validity)
    }
  }

  private init<Key: Hashable>(_ keys: [Key], _ validity: [Bool]?) {
    var numbers: [Key: Int32] = [:]
    var codes = Array(repeating: Int32(0), count: keys.count)
    var representatives: [Int32] = []
    for row in keys.indices where validity?[row] ?? true {
      if let known = numbers[keys[row]] {
        codes[row] = known
      } else {
        let number = Int32(representatives.count)
        numbers[keys[row]] = number
        representatives.append(Int32(row))
        codes[row] = number
      }
    }
    self.codes = codes
    self.representatives = representatives
  }
}
