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

  /// A constant that orders nothing, or tells nothing apart.
  ///
  /// - Parameters:
  ///   - clause: ORDER BY or DISTINCT ON.
  ///   - takesPositions: Whether a number there is a position.
  ///   - range: Where it stands.
  /// - Returns: The diagnostic.
  package static func constantOrder(
    _ clause: String,
    takesPositions: Bool = true,
    at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      code: .positionOutOfRange,
      message: "\(clause) takes a column"
        + (takesPositions ? ", an expression or a position such as 1" : " or an expression")
        + "; a constant orders nothing",
      range: range
    )
  }
}
