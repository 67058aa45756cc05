/// The codes of binding: names, types and places of things.
extension DiagnosticCode {
  /// A column that is nowhere in sight.
  package static let unknownColumn = DiagnosticCode("B001")
  /// A column name that fits several relations.
  package static let ambiguousColumn = DiagnosticCode("B002")
  /// A table that does not exist.
  package static let unknownTable = DiagnosticCode("B003")
  /// A function that does not exist.
  package static let unknownFunction = DiagnosticCode("B004")
  /// A call with a wrong number of arguments.
  package static let wrongArgumentCount = DiagnosticCode("B005")
  /// A call with arguments of wrong types.
  package static let wrongArgumentTypes = DiagnosticCode("B006")
  /// A comparison of types that do not compare.
  package static let incomparableTypes = DiagnosticCode("B007")
  /// An aggregate where none may stand.
  package static let misplacedAggregate = DiagnosticCode("B008")
  /// A window function where none may stand.
  package static let misplacedWindow = DiagnosticCode("B009")
  /// A column that is neither grouped nor aggregated.
  package static let ungroupedColumn = DiagnosticCode("B010")
  /// An aggregate inside an aggregate.
  package static let nestedAggregate = DiagnosticCode("B011")
  /// Set operands with different numbers of columns.
  package static let setOperandWidths = DiagnosticCode("B013")
  /// A name that is used twice.
  package static let duplicateName = DiagnosticCode("B014")
  /// A subquery with a wrong number of columns.
  package static let subqueryWidth = DiagnosticCode("B015")
  /// Values that have no common type.
  package static let noCommonType = DiagnosticCode("B016")
  /// A value of another type than its place needs.
  package static let wrongType = DiagnosticCode("B017")
  /// A column position that does not exist.
  package static let positionOutOfRange = DiagnosticCode("B018")
  /// A type that does not exist.
  package static let unknownType = DiagnosticCode("B019")
  /// Something that the engine does not do.
  package static let unsupported = DiagnosticCode("B020")
  /// A name that is taken.
  package static let nameTaken = DiagnosticCode("B021")
  /// A parameter without a value, or a value without a parameter.
  package static let missingParameter = DiagnosticCode("B022")
  /// Units that do not go together.
  package static let unitMismatch = DiagnosticCode("B023")
  /// A view or macro that contains itself.
  package static let circularDefinition = DiagnosticCode("B024")
  /// A statement that is nested too deeply or grows too large.
  package static let tooComplex = DiagnosticCode("B025")
  /// A star where there is nothing to expand.
  package static let emptyStar = DiagnosticCode("B026")
  /// A list of names or values of a wrong length.
  package static let wrongColumnCount = DiagnosticCode("B027")
  /// A wrong use of OVER or WINDOW.
  package static let windowUse = DiagnosticCode("B028")
  /// A setting that does not exist.
  package static let unknownSetting = DiagnosticCode("B029")
  /// A value that a setting does not take.
  package static let wrongSettingValue = DiagnosticCode("B030")
  /// A literal that its type cannot read.
  package static let unreadableLiteral = DiagnosticCode("B031")
  /// A recursive query of a wrong form.
  package static let recursiveForm = DiagnosticCode("B032")
  /// A wrong use of a join.
  package static let joinUse = DiagnosticCode("B033")
  /// A value that must be constant.
  package static let notConstant = DiagnosticCode("B034")
  /// An ORDER BY that DISTINCT does not allow.
  package static let orderWithDistinct = DiagnosticCode("B035")
  /// A statement that the state of the session does not allow.
  package static let wrongState = DiagnosticCode("B036")
  /// A thing that does not exist: a view, macro, type, prepared statement.
  package static let unknownThing = DiagnosticCode("B037")
  /// A condition of ASSERT that does not hold.
  package static let assertionFailed = DiagnosticCode("B038")
}

/// The wordings of binding: names.
extension Diagnostic {
  /// A column that is nowhere in sight.
  package static func unknownColumn(
    _ name: String,
    at range: SourceRange,
    closest: String?,
    elsewhere: String? = nil
  ) -> Diagnostic {
    var message = "no column named '\(name)'"
    if let closest {
      message += "; did you mean '\(closest)'?"
    } else if let elsewhere {
      message += "; table '\(elsewhere)' has one, but it is not in FROM"
    }
    return Diagnostic(
      code: .unknownColumn,
      message: message,
      range: range,
      fix: closest.map { Fix(range: range, replacement: $0) }
    )
  }

  /// A qualifier that names no relation.
  package static func unknownQualifier(
    _ name: String,
    at range: SourceRange,
    closest: String?,
    available: [String]
  ) -> Diagnostic {
    var message = "no table or alias named '\(name)' in FROM"
    if let closest { message += "; did you mean '\(closest)'?" }
    let notes =
      available.allSatisfy(\.isEmpty) ? [] : ["in FROM: " + available.joined(separator: ", ")]
    return Diagnostic(
      code: .unknownTable,
      message: message,
      range: range,
      notes: closest == nil ? notes : [],
      fix: closest.map { Fix(range: range, replacement: $0) }
    )
  }

  /// A column name that fits several relations.
  package static func ambiguousColumn(
    _ name: String,
    at range: SourceRange,
    spellings: [String]
  ) -> Diagnostic {
    let list = spellings.joined(separator: " or ")
    return Diagnostic(
      code: .ambiguousColumn,
      message: "column '\(name)' is ambiguous; write \(list)",
      range: range
    )
  }

  /// A table that does not exist.
  package static func unknownTable(
    _ name: String,
    at range: SourceRange,
    closest: String?
  ) -> Diagnostic {
    var message = "no table named '\(name)'"
    if let closest { message += "; did you mean '\(closest)'?" }
    return Diagnostic(
      code: .unknownTable,
      message: message,
      range: range,
      fix: closest.map { Fix(range: range, replacement: $0) }
    )
  }

  /// A thing that does not exist.
  package static func unknownThing(
    _ kind: String,
    _ name: String,
    at range: SourceRange,
    closest: String?
  ) -> Diagnostic {
    var message = "no \(kind) named '\(name)'"
    if let closest { message += "; did you mean '\(closest)'?" }
    return Diagnostic(
      code: .unknownThing,
      message: message,
      range: range,
      fix: closest.map { Fix(range: range, replacement: $0) }
    )
  }

  /// A thing of another kind than the statement says.
  package static func otherKind(
    _ name: String,
    is actual: String,
    not wanted: String,
    at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      code: .unknownThing,
      message: "'\(name)' is a \(actual), not a \(wanted)",
      range: range
    )
  }

  /// A function that does not exist.
  package static func unknownFunction(
    _ name: String,
    at range: SourceRange,
    closest: String?
  ) -> Diagnostic {
    var message = "no function named '\(name)'"
    if let closest { message += "; did you mean '\(closest)'?" }
    return Diagnostic(
      code: .unknownFunction,
      message: message,
      range: range,
      notes: readsOtherFiles(name)
        ? [
          "such files are not read: write them as CSV where they were made, "
            + "COPY (FROM 'x.parquet') TO 'x.csv'"
        ] : [],
      fix: closest.map { Fix(range: range, replacement: $0) }
    )
  }

  /// Whether a function is one of other engines for files that are no text.
  private static func readsOtherFiles(_ name: String) -> Bool {
    let kinds = ["parquet", "arrow", "feather", "avro", "orc", "delta", "iceberg"]
    let name = name.lowercased()
    return kinds.contains { name == "read_\($0)" || name == "\($0)_scan" || name == "scan_\($0)" }
  }

  /// A type that does not exist.
  package static func unknownType(
    _ name: String,
    at range: SourceRange,
    closest: String?
  ) -> Diagnostic {
    var message = "no type named '\(name)'"
    if let closest { message += "; did you mean '\(closest)'?" }
    return Diagnostic(
      code: .unknownType,
      message: message,
      range: range,
      fix: closest.map { Fix(range: range, replacement: $0) }
    )
  }

  /// A type with parameters that it does not take.
  package static func wrongTypeParameters(_ text: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(code: .unknownType, message: text, range: range)
  }

  /// A name that is used twice in one list.
  package static func duplicateName(
    _ kind: String,
    _ name: String,
    at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      code: .duplicateName,
      message: "\(kind) '\(name)' occurs twice"
        + (kind == "column" ? "" : "; give one of them an alias"),
      range: range
    )
  }

  /// A name that is taken.
  package static func nameTaken(
    _ kind: String,
    _ name: String,
    at range: SourceRange,
    hint: String
  ) -> Diagnostic {
    Diagnostic(
      code: .nameTaken,
      message: "a \(kind) named '\(name)' exists already; \(hint)",
      range: range
    )
  }

  /// A parameter without a value.
  package static func missingParameter(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: .missingParameter,
      message: "no value was given for parameter \(name)",
      range: range
    )
  }

  /// More values than a prepared statement has parameters.
  package static func surplusValues(
    of name: String,
    wanted: Int,
    found: Int,
    at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      code: .missingParameter,
      message: "'\(name)' takes \(wanted) value\(wanted == 1 ? "" : "s"), not \(found)",
      range: range
    )
  }

  /// A value for a parameter that a prepared statement does not have.
  package static func surplusParameter(
    _ parameter: String,
    of name: String,
    at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      code: .missingParameter,
      message: "'\(name)' has no parameter \(parameter)",
      range: range
    )
  }

  /// A definition that contains itself.
  package static func circularDefinition(_ path: [String], at range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: .circularDefinition,
      message: "the definition contains itself: " + path.joined(separator: " -> "),
      range: range
    )
  }

  /// A position in GROUP BY or ORDER BY that no column has.
  package static func positionOutOfRange(
    _ position: String,
    count: Int,
    clause: String,
    at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      code: .positionOutOfRange,
      message: "\(clause) position \(position) does not exist; the query has "
        + (count == 1 ? "1 column" : "\(count) columns"),
      range: range
    )
  }
}

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

/// The wordings of binding: clauses.
extension Diagnostic {
  /// An aggregate where none may stand.
  package static func misplacedAggregate(
    _ name: String,
    clause: String,
    at range: SourceRange
  ) -> Diagnostic {
    let hint =
      clause == "WHERE"
      ? "; filter groups with HAVING, or rows with FILTER (WHERE ...)" : ""
    return Diagnostic(
      code: .misplacedAggregate,
      message: "aggregate '\(name)' cannot stand in \(clause)\(hint)",
      range: range
    )
  }

  /// A window function where none may stand.
  package static func misplacedWindow(
    _ name: String,
    clause: String,
    at range: SourceRange
  ) -> Diagnostic {
    let hint = clause == "WHERE" || clause == "HAVING" ? "; use QUALIFY" : ""
    return Diagnostic(
      code: .misplacedWindow,
      message: "window function '\(name)' cannot stand in \(clause)\(hint)",
      range: range
    )
  }

  /// A column that is neither grouped nor aggregated.
  package static func ungroupedColumn(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: .ungroupedColumn,
      message: "column '\(name)' must appear in GROUP BY or inside an aggregate; "
        + "any_value(\(name)) takes one of its values",
      range: range
    )
  }

  /// An aggregate inside an aggregate.
  package static func nestedAggregate(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: .nestedAggregate,
      message: "aggregate '\(name)' cannot stand inside another aggregate; use a subquery",
      range: range
    )
  }

  /// Set operands with different numbers of columns.
  package static func setOperandWidths(
    _ operation: String,
    left: Int,
    right: Int,
    at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      code: .setOperandWidths,
      message: "the sides of \(operation) have \(left) and \(right) columns; "
        + "both need the same number",
      range: range
    )
  }

  /// A subquery with a wrong number of columns.
  package static func subqueryWidth(
    _ place: String,
    wanted: Int,
    found: Int,
    at range: SourceRange
  ) -> Diagnostic {
    let needed = wanted == 1 ? "one column" : "\(wanted) columns"
    return Diagnostic(
      code: .subqueryWidth,
      message: "\(place) must give \(needed), this one gives \(found)",
      range: range
    )
  }

  /// A list of names or values of a wrong length.
  package static func wrongColumnCount(
    _ place: String,
    wanted: Int,
    found: Int,
    at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      code: .wrongColumnCount,
      message: "\(place): expected \(wanted), found \(found)",
      range: range
    )
  }

  /// A star where there is nothing to expand.
  package static func emptyStar(_ message: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(code: .emptyStar, message: message, range: range)
  }

  /// A wrong use of OVER or WINDOW.
  package static func windowUse(_ message: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(code: .windowUse, message: message, range: range)
  }

  /// A recursive query of a wrong form.
  package static func recursiveForm(_ message: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(code: .recursiveForm, message: message, range: range)
  }

  /// A wrong use of a join.
  package static func joinUse(_ message: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(code: .joinUse, message: message, range: range)
  }

  /// An ORDER BY expression that is not among the columns of SELECT DISTINCT.
  package static func orderWithDistinct(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: .orderWithDistinct,
      message: "ORDER BY of SELECT DISTINCT can use only its output columns",
      range: range
    )
  }

  /// Something that the engine does not do.
  package static func unsupported(_ what: String, at range: SourceRange?) -> Diagnostic {
    Diagnostic(code: .unsupported, message: "\(what) is not supported", range: range)
  }

  /// A statement that is nested too deeply or grows too large.
  package static func tooComplex(_ what: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(code: .tooComplex, message: what, range: range)
  }
}

/// The wordings of statements.
extension Diagnostic {
  /// A setting that does not exist.
  package static func unknownSetting(
    _ name: String,
    at range: SourceRange,
    closest: String?
  ) -> Diagnostic {
    var message = "no setting named '\(name)'"
    if let closest {
      message += "; did you mean '\(closest)'?"
    } else {
      message += "; SHOW SETTINGS lists them"
    }
    return Diagnostic(
      code: .unknownSetting,
      message: message,
      range: range,
      fix: closest.map { Fix(range: range, replacement: $0) }
    )
  }

  /// A value that a setting does not take.
  package static func wrongSettingValue(
    _ name: String,
    expected: String,
    found: String,
    at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      code: .wrongSettingValue,
      message: "'\(name)' takes \(expected), found \(found)",
      range: range
    )
  }

  /// A statement that the state of the session does not allow.
  package static func wrongState(_ message: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(code: .wrongState, message: message, range: range)
  }

  /// A condition of ASSERT that does not hold.
  package static func assertionFailed(_ message: String?, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: .assertionFailed,
      message: message ?? "the asserted condition does not hold",
      range: range
    )
  }
}
