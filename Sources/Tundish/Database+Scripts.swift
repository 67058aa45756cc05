import TundishColumns
import TundishSyntax

/// A parameter that a script's header declares: `-- param region: text in (EMEA, AMER) = EMEA`.
package struct ScriptParameterInfo: Sendable {
  /// The name.
  package let name: String
  /// The type as written.
  package let type: String
  /// The values that are allowed; empty means any.
  package let choices: [String]
  /// The default; nil makes the parameter required.
  package let defaultValue: String?
}

extension Database {
  /// Prints a script in canonical form.
  ///
  /// - Parameter text: Statements and comments.
  /// - Returns: The same statements, formatted; comments stay.
  /// - Throws: `TundishError.statement` if the text cannot be parsed.
  public static func format(_ text: String) throws(TundishError) -> String {
    let (formatted, diagnostics) = Syntax.formatScript(text)
    guard !diagnostics.contains(where: { $0.severity == .error }) else {
      throw .statement(diagnostics, text: text)
    }
    return formatted
  }

  /// The parameters of a script's header.
  package static func parameters(ofScript text: String) -> [ScriptParameterInfo] {
    Syntax.parse(text).script.parameters.map {
      ScriptParameterInfo(
        name: $0.name,
        type: $0.type,
        choices: $0.choices,
        defaultValue: $0.defaultValue
      )
    }
  }

  /// Returns the values of declared parameters, from what was given and the defaults.
  ///
  /// - Parameters:
  ///   - declared: The script's parameters.
  ///   - given: Names and texts from a command line.
  /// - Returns: One value per parameter, of the declared type.
  /// - Throws: `TundishError.usage` naming the parameter that is missing, unknown or wrong.
  package static func parameters(
    _ declared: [ScriptParameterInfo],
    given: [(name: String, value: String)]
  ) throws(TundishError) -> Parameters {
    var texts: [String: String] = [:]
    for (name, value) in given {
      guard let parameter = declared.first(where: { foldedKey($0.name) == foldedKey(name) }) else {
        let names = declared.map(\.name)
        throw .usage(
          .unknownScriptParameter(name, closest: Suggestion.closest(to: name, in: names))
        )
      }
      texts[parameter.name] = value
    }
    var parameters = Parameters.none
    for parameter in declared {
      guard let text = texts[parameter.name] ?? parameter.defaultValue else {
        throw .usage(.missingScriptParameter(parameter.name, type: parameter.type))
      }
      let isAllowed = parameter.choices.isEmpty || parameter.choices.contains(text)
      guard isAllowed, let value = value(of: text, type: parameter.type) else {
        let expected =
          parameter.choices.isEmpty
          ? "a \(parameter.type)" : "one of " + parameter.choices.joined(separator: ", ")
        throw .usage(.wrongScriptParameter(parameter.name, value: text, expected: expected))
      }
      parameters.named[parameter.name] = value
    }
    return parameters
  }

  /// Reads a text as a value of a header's type; nil where it does not fit.
  private static func value(of text: String, type: String) -> Value? {
    switch foldedKey(type) {
    case "text", "string", "varchar": .text(text)
    case "int", "integer", "bigint": Int64(text).map(Value.integer)
    case "number", "double", "float", "decimal": Double(text).map(Value.double)
    case "bool", "boolean":
      ["true": true, "false": false, "yes": true, "no": false][foldedKey(text)]
        .map(Value.boolean)
    case "date": ValueText.date(text)
    default: .text(text)
    }
  }
}
