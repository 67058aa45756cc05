/// What the inputs of a campaign are fed to.
enum FuzzMode: String, CaseIterable {
  /// The lexer, the parser, the formatter and the renderer of diagnostics.
  case syntax
  /// The same, then binder, expander and optimizer.
  case bind
  /// The same, then execution with small limits.
  case run
  /// The reader of delimited text.
  case csv
  /// The reader of JSON.
  case json

  /// Whether inputs are statements.
  var readsStatements: Bool {
    switch self {
    case .syntax, .bind, .run: true
    case .csv, .json: false
    }
  }
}
