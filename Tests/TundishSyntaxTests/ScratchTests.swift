import Testing

@testable import TundishSyntax

@Suite struct ScratchTests {
  @Test func statements() {
    let texts = scratch
    for text in texts {
      let result = Syntax.parse(text)
      if !result.diagnostics.isEmpty {
        print(DiagnosticRenderer(text: text).render(result.diagnostics))
      }
    }
  }
}
