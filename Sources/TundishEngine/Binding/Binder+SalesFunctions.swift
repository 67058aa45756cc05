internal import TundishSyntax

// Table functions of the sales door.
extension Binder {
  /// `funnel_paths('sales')`: one row per path of a funnel, with the time of each step.
  func bindFunnelPaths(_ call: FunctionCall, _ range: SourceRange) -> Relation? {
    guard let expander = environment.sales, call.arguments.count == 1,
      case .literal(.string(let name))? = call.arguments.first?.value.kind
    else {
      report(
        .callForm(
          "funnel_paths takes the name of a funnel: funnel_paths('sales')",
          at: blame(range)
        )
      )
      return nil
    }
    let argument = call.arguments[0].value.range
    do {
      let query = try expander.expandPaths(funnel: Identifier(name, range: argument))
      return isolated(range) { bind(query: query) }
        .map { relation($0, name: call.name.last, origin: nil) }
    } catch {
      for diagnostic in error.diagnostics { report(diagnostic) }
      return nil
    }
  }

  /// `path_credits('journeys', 'linear')`, `markov('journeys')`: the credit of each channel of a
  /// table of paths.
  func bindPathCredits(
    _ call: FunctionCall,
    _ name: String,
    _ range: SourceRange
  ) -> Relation? {
    var texts = call.arguments.compactMap { argument -> Identifier? in
      guard case .literal(.string(let text)) = argument.value.kind else { return nil }
      return Identifier(text, range: argument.value.range)
    }
    if name != "path_credits" { texts.append(Identifier(name, range: call.name.range)) }
    let count = call.arguments.count + (name == "path_credits" ? 0 : 1)
    guard let expander = environment.sales, texts.count == 2, count == 2 else {
      report(
        .callForm(
          name == "path_credits"
            ? "path_credits takes a table and a model: path_credits('journeys', 'linear')"
            : "\(name) in FROM takes the name of a table: \(name)('journeys')",
          at: blame(range)
        )
      )
      return nil
    }
    do {
      let query = try expander.expandPathCredits(of: texts[0], model: texts[1])
      return isolated(range) { bind(query: query) }
        .map { relation($0, name: call.name.last, origin: nil) }
    } catch {
      for diagnostic in error.diagnostics { report(diagnostic) }
      return nil
    }
  }
}
