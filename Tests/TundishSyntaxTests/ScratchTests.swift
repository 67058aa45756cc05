import Testing

@testable import TundishSyntax

@Suite struct ScratchTests {
  @Test func roundTrips() {
    for text in scratch {
      let result = Syntax.parse(text)
      guard result.diagnostics.isEmpty else { continue }
      for statement in result.script.statements {
        let printed = Syntax.format(statement)
        print(printed)
        let again = Syntax.parse(printed)
        if !again.diagnostics.isEmpty {
          print("FAIL", DiagnosticRenderer(text: printed).render(again.diagnostics))
          continue
        }
        if again.script.statements.count != 1 {
          print("COUNT")
          continue
        }
        if Syntax.dumpTree(statement) != Syntax.dumpTree(again.script.statements[0]) {
          print(
            "DIFF\n",
            Syntax.dumpTree(statement),
            "\n----\n",
            Syntax.dumpTree(again.script.statements[0])
          )
        }
        if Syntax.format(again.script.statements[0]) != printed {
          print("NOFIX", Syntax.format(again.script.statements[0]))
        }
      }
    }
  }
}
