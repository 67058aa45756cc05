/// The wordings of binding: calls and types.
extension Diagnostic {
  /// A call with a wrong number of arguments.
  package static func wrongArgumentCount(
    function: String,
    count: Int,
    signatures: [String],
    at range: SourceRange
  ) -> Diagnostic {
    let given = count == 1 ? "1 argument" : "\(count) arguments"
    return Diagnostic(
      code: .wrongArgumentCount,
      message: "'\(function)' does not take \(given)",
      range: range,
      notes: signatures.map { "candidate: " + $0 }
    )
  }

  /// A call with arguments of wrong types.
  package static func wrongArgumentTypes(
    function: String,
    types: [String],
    signatures: [String],
    at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      code: .wrongArgumentTypes,
      message: "'\(function)' does not take (" + types.joined(separator: ", ") + ")",
      range: range,
      notes: signatures.map { "candidate: " + $0 }
    )
  }

  /// An operator between operands that it does not take.
  package static func wrongOperandTypes(
    operator symbol: String,
    types: [String],
    at range: SourceRange
  ) -> Diagnostic {
    let list = types.joined(separator: " and ")
    let help = types.contains("VARCHAR") ? "; cast the text first" : ""
    return Diagnostic(
      code: .wrongArgumentTypes,
      message: "operator '\(symbol)' does not apply to \(list)\(help)",
      range: range
    )
  }

  /// Something that a call does not allow: DISTINCT, FILTER, named arguments.
  package static func callForm(_ message: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(code: .wrongArgumentTypes, message: message, range: range)
  }

  /// A comparison of types that do not compare.
  package static func incomparableTypes(
    _ left: String,
    _ right: String,
    at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      code: .incomparableTypes,
      message: "cannot compare \(left) with \(right); cast one of them",
      range: range
    )
  }

  /// Values that have no common type.
  package static func noCommonType(
    _ place: String,
    _ types: [String],
    at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      code: .noCommonType,
      message: "\(place) mixes " + types.joined(separator: " and ") + "; cast one of them",
      range: range
    )
  }

  /// A value of another type than its place needs.
  package static func wrongType(
    _ place: String,
    needs wanted: String,
    found: String,
    at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      code: .wrongType,
      message: "\(place) needs \(wanted), found \(found)",
      range: range
    )
  }

  /// A value that must be constant.
  package static func notConstant(_ place: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(code: .notConstant, message: "\(place) must be a constant", range: range)
  }

  /// A literal that its type cannot read.
  package static func unreadableLiteral(
    _ text: String,
    type: String,
    at range: SourceRange,
    reason: String
  ) -> Diagnostic {
    Diagnostic(
      code: .unreadableLiteral,
      message: "'\(text)' cannot be read as \(type): \(reason)",
      range: range
    )
  }

  /// Units that do not go together.
  package static func unitMismatch(_ message: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(code: .unitMismatch, message: message, range: range)
  }
}
