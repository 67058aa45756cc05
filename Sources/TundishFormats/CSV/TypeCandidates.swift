internal import TundishColumns

// Which types the user lets columns be found to have.
extension TypeDecision {
  /// Returns the decision if its type is among some, else one for text; none stands for all.
  ///
  /// Whole numbers fit decimals and floating point, and decimals fit floating point, where only these
  /// are named.
  func among(_ candidates: [DataType]) -> TypeDecision {
    let type = reading.type
    guard !candidates.isEmpty, type != .varchar, !candidates.contains(where: { $0.allows(type) })
    else { return self }
    var decision = self
    let isPlain =
      switch reading {
      case .integer, .decimal: true
      case .text, .boolean, .oneOrEmpty, .double, .number, .date, .compactDate, .timestamp,
        .timestampTZ, .time, .duration, .formatted:
        false
      }
    decision.reading = isPlain && candidates.contains(.double) ? .double : .text
    if decision.reading == .text { decision.unit = .none }
    decision.evidence = "\(type) is not among AUTO_TYPE_CANDIDATES"
    return decision
  }
}

extension DataType {
  /// Whether values of a type that was found may be taken for values of this one, a candidate.
  func allows(_ found: DataType) -> Bool {
    switch (self, found) {
    case (.tinyint, .bigint), (.smallint, .bigint), (.integer, .bigint), (.hugeint, .bigint),
      (.decimal, .decimal), (.decimal, .bigint):
      true
    default: self == found
    }
  }
}
