/// The statements of a text, with its header of parameters.
package struct Script: Sendable, Hashable {
  /// `-- param <name>: <type> [in (...)] [= <default>]` lines at the top.
  package var parameters: [ScriptParameter]
  /// The statements, in order.
  package var statements: [Statement]

  /// Creates a script.
  package init(parameters: [ScriptParameter] = [], statements: [Statement]) {
    self.parameters = parameters
    self.statements = statements
  }
}

/// `-- param region: text in (EMEA, AMER) = EMEA`.
package struct ScriptParameter: Sendable, Hashable {
  /// The parameter's name.
  package let name: String
  /// The parameter's type as written.
  package let type: String
  /// The values that are allowed; empty means any.
  package let choices: [String]
  /// The default; nil makes the parameter required.
  package let defaultValue: String?
  /// Where the line stands.
  package let range: SourceRange

  /// Creates a parameter.
  package init(
    name: String,
    type: String,
    choices: [String],
    defaultValue: String?,
    range: SourceRange
  ) {
    self.name = name
    self.type = type
    self.choices = choices
    self.defaultValue = defaultValue
    self.range = range
  }
}
