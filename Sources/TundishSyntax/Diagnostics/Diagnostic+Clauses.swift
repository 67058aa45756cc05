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

  /// EXPLAIN before a statement that has no plan, whose text is given.
  package static func unexplained(_ statement: String, at range: SourceRange) -> Diagnostic {
    let word = statement.prefix { $0.isLetter }.uppercased()
    return Diagnostic(
      code: .unsupported,
      message: "EXPLAIN shows no plan of \(word)",
      range: range,
      notes: [
        "it shows queries, and those that INSERT, UPDATE, DELETE, MERGE, CREATE TABLE AS, CREATE VIEW"
          + " and COPY (...) TO run; EXPLAIN AST shows the tree of any statement"
      ]
    )
  }

  /// A statement that is nested too deeply or grows too large.
  package static func tooComplex(_ what: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(code: .tooComplex, message: what, range: range)
  }
}
