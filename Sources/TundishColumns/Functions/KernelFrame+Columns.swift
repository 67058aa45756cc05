extension Column {
  /// Whether every row is NULL because the one stored value is.
  var isConstantNull: Bool {
    isConstant && validity?.first == false
  }

  /// A constant column for another number of rows.
  func repeated(_ count: Int) -> Column {
    Column(type: type, data: data, validity: validity, count: count, isConstant: true)
  }

  /// The column with NULL also where `mask` is false.
  func masked(by mask: [Bool]) -> Column {
    guard count > 0 else { return self }
    if isConstant, validity?[0] == false { return self }
    let rows = expanded()
    let merged = rows.validity.map { zip($0, mask).map { $0 && $1 } } ?? mask
    return rows.withValidity(merged)
  }

  /// A text column with each distinct value stored once; other columns as they are.
  func dictionaryCoded() throws(ExecutionError) -> Column {
    guard case .text(let vector) = data, !isConstant, type == .varchar else { return self }
    var interner = TextInterner()
    let codes = try interner.codes(of: vector)
    guard interner.count > 0 else { return self }
    return .codes(codes, interner.dictionary(), type: type, validity: validity)
  }
}

extension KernelInput {
  /// Names this call's computation over a dictionary: the overload, its other arguments, and what
  /// it can know of the session; nil where an argument has no cheap representation.
  func cacheKey(_ identity: KernelIdentity) -> String? {
    var key = "\(identity.key)|\(resultType)|\(context.timeZone.name)"
    key += "|\(context.weekStart)|\(context.fiscalYearStart)"
    for argument in arguments {
      key += "|"
      guard argument.isConstant else { continue }
      if argument.isConstantNull {
        key += "null"
        continue
      }
      switch argument.data {
      case .boolean(let values): key += values[0] ? "t" : "f"
      case .int64(let values): key += String(values[0])
      case .int128(let values): key += String(values[0])
      case .float64(let values): key += String(values[0].bitPattern)
      case .text(let vector):
        let text = vector.string(at: 0)
        key += "\(text.utf8.count):\(text)"
      case .dictionary, .interval, .list, .structure: return nil
      }
    }
    return key
  }
}
