// What can be wrong with money of several currencies and with benchmarks: codes M030 and on.

extension DiagnosticCode {
  static let mixedCurrencies = DiagnosticCode("M030")
  static let noRate = DiagnosticCode("M031")
  static let noBenchmark = DiagnosticCode("M032")
}

extension Diagnostic {
  /// Amounts of several currencies that would be added.
  package static func mixedCurrencies(
    _ codes: [String],
    in table: String,
    range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      code: .mixedCurrencies,
      message:
        "the amounts of \(table) are in \(codes.joined(separator: ", ")), which do not add up",
      range: range,
      notes: ["group by currency, or convert: currency \(codes.first { $0 != "(none)" } ?? "EUR")"]
    )
  }

  /// Two metrics in different currencies that one formula combines.
  package static func differentCurrencies(
    _ first: String,
    _ second: String,
    in metric: String,
    range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      code: .mixedCurrencies,
      message: "'\(metric)' would combine \(first) with \(second)",
      range: range,
      notes: ["convert: currency \(first)"]
    )
  }

  /// An amount that cannot be converted.
  package static func noRate(_ sentence: String, help: [String], range: SourceRange) -> Diagnostic {
    Diagnostic(code: .noRate, message: sentence, range: range, notes: help)
  }

  /// A benchmark that is missing or of another kind.
  package static func noBenchmark(
    _ sentence: String,
    help: [String],
    range: SourceRange
  ) -> Diagnostic {
    Diagnostic(code: .noBenchmark, message: sentence, range: range, notes: help)
  }
}
