import Testing
import TundishColumns
import TundishSyntax

@testable import TundishEngine

/// Every example of every function is run and gives what its entry says.
@Suite("Function examples")
struct FunctionExampleTests {
  @Test("scalar functions", arguments: StandardFunctions.scalar.map(\.name))
  func scalar(name: String) throws {
    let function = try #require(FunctionRegistry.standard.scalar(named: name))
    for example in function.examples {
      let printed = result(of: "SELECT " + example.call)
      #expect(printed == example.result, "\(example.call) gives \(printed)")
    }
  }

  @Test("aggregate functions", arguments: StandardFunctions.aggregate.map(\.name))
  func aggregate(name: String) throws {
    let function = try #require(FunctionRegistry.standard.aggregate(named: name))
    for example in function.examples {
      let printed = result(of: example.call)
      #expect(printed == example.result, "\(example.call) gives \(printed)")
    }
  }

  /// Returns the one value of a query as text, or what is wrong with it.
  private func result(of text: String) -> String {
    let parsed = Syntax.parse(text)
    if let problem = parsed.diagnostics.first { return "error: " + problem.message }
    guard case .query(let query)? = parsed.script.statements.first?.kind else {
      return "error: no query"
    }
    let functions = FunctionContext(nowMicroseconds: 1_767_225_600_000_000)
    let binder = Binder(
      BindingEnvironment(
        catalog: Catalog(),
        settings: Settings(),
        resolver: nil,
        context: functions,
        parameters: [:],
        lastResult: nil
      )
    )
    guard let bound = binder.bind(query: query) else {
      return "error: " + binder.diagnostics.map(\.message).joined(separator: "; ")
    }
    let optimized = Optimizer.optimize(
      bound.plan,
      output: bound.columns,
      settings: Settings(),
      functions: functions
    )
    do {
      let output = try QueryExecutor.run(
        plan: optimized.plan,
        output: bound.columns,
        context: ExecutionContext(functions: functions)
      )
      guard let batch = output.batches.first(where: { $0.rowCount > 0 }) else {
        return "error: no rows"
      }
      var bytes: [UInt8] = []
      ColumnPrinter(batch.columns[0]).append(0, to: &bytes)
      return String(decoding: bytes, as: UTF8.self)
    } catch {
      return "error: " + error.error.message
    }
  }
}
