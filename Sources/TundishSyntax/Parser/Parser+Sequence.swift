/// CREATE SEQUENCE.
extension Parser {
  /// create-sequence → "SEQUENCE" [ "IF" "NOT" "EXISTS" ] qualified-name { sequence-option }.
  mutating func parseCreateSequence(orReplace: Bool, isTemporary: Bool) -> Statement.Kind {
    advance()
    let ifNotExists = parseIfNotExists(orReplace: orReplace)
    var sequence = CreateSequence(
      orReplace: orReplace,
      isTemporary: isTemporary,
      ifNotExists: ifNotExists,
      name: parseQualifiedName("a sequence's name", mayBeReserved: true)
    )
    var written: Set<Keyword> = []
    while parseSequenceOption(&sequence, &written) {}
    return .createSequence(sequence)
  }

  /// sequence-option → "INCREMENT" [ "BY" ] sequence-number | ( "MINVALUE" sequence-number | "NO"
  ///   "MINVALUE" ) | ( "MAXVALUE" sequence-number | "NO" "MAXVALUE" ) | "START" [ "WITH" ]
  ///   sequence-number | [ "NO" ] "CYCLE".
  private mutating func parseSequenceOption(
    _ sequence: inout CreateSequence,
    _ written: inout Set<Keyword>
  ) -> Bool {
    let isNegated = at(.no)
    let keyword = isNegated ? peek(1).keyword : current.keyword
    let options: Set<Keyword> =
      isNegated
      ? [.minvalue, .maxvalue, .cycle] : [.increment, .minvalue, .maxvalue, .start, .cycle]
    guard let keyword, options.contains(keyword) else { return false }
    guard written.insert(keyword).inserted else {
      fail("each option once")
      return false
    }
    position += isNegated ? 2 : 1
    if isNegated {
      if keyword == .cycle { sequence.cycles = false }
      return true
    }
    switch keyword {
    case .increment:
      _ = eat(.by)
      sequence.increment = parseSequenceNumber()
    case .minvalue: sequence.minimum = parseSequenceNumber()
    case .maxvalue: sequence.maximum = parseSequenceNumber()
    case .start:
      _ = eat(.with)
      sequence.start = parseSequenceNumber()
    default: sequence.cycles = true
    }
    return true
  }

  /// sequence-number → [ "-" ] integer.
  private mutating func parseSequenceNumber() -> Int64? {
    let isNegative = eat(.minus)
    guard current.kind == .integer else {
      fail("a whole number")
      return nil
    }
    let digits = numberText(current)
    guard let number = Int64((isNegative ? "-" : "") + digits) else {
      fail("a number of at most 64 bits")
      return nil
    }
    advance()
    return number
  }
}
