import TundishColumns
import TundishEngine
import TundishSyntax

extension Database {
  /// The names of the tables, sorted.
  public var tableNames: [String] {
    currentSession.catalog.tables.values.map(\.name).sorted()
  }

  /// Explains a function or metric; nil if nothing has that name.
  package func help(on name: String) -> [String]? {
    let registry = FunctionRegistry.standard
    if let function = registry.scalar(named: name) {
      return lines(function.name, function.aliases, function.summary, function.examples)
    }
    if let function = registry.aggregate(named: name) {
      return lines(function.name, function.aliases, function.summary, function.examples)
    }
    guard currentSession.catalog.metrics[foldedKey(name)] != nil,
      let result = try? query("DESCRIBE METRIC \"\(name)\"")
    else { return nil }
    return result.rows.map { row in
      row.values.filter { !$0.isNull }.map { text(of: $0) }.joined(separator: ": ")
    }
  }

  private func lines(
    _ name: String,
    _ aliases: [String],
    _ summary: String,
    _ examples: [FunctionExample]
  ) -> [String] {
    var lines = [name + (aliases.isEmpty ? "" : " (also \(aliases.joined(separator: ", ")))")]
    lines.append(summary)
    lines += examples.map { "  \($0.call) -> \($0.result)" }
    return lines
  }

  /// The sales model and all definitions that users made, as a script.
  package func definitions() -> String {
    SalesStatements.script(of: currentSession.catalog)
      .map { Syntax.format($0) + ";\n" }.joined(separator: "\n")
  }
}
