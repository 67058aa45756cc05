import Testing

@testable import TundishSyntax

/// How diagnostics look.
@Suite struct DiagnosticTests {
  private func render(_ text: String, _ lower: Int, _ upper: Int) -> String {
    let diagnostic = Diagnostic(
      code: DiagnosticCode("B012"),
      message: "no",
      range: SourceRange(lower, upper)
    )
    return DiagnosticRenderer(text: text).render(diagnostic)
  }

  @Test("the range is marked under the line")
  func carets() {
    #expect(
      render("win_rat by owner", 0, 7) == """
        error[B012]: no
          1 | win_rat by owner
            | ^^^^^^^

        """
    )
    #expect(render("a\n\tb cd", 5, 7).hasSuffix("  2 |   b cd\n    |     ^^\n"))
    #expect(render("'é日本' x", 11, 12).hasSuffix("  1 | 'é日本' x\n    |         ^\n"))
    #expect(render("abc", 3, 3).hasSuffix("  1 | abc\n    |    ^\n"))
    #expect(render("ab\ncd", 0, 5).hasSuffix("  1 | ab\n    | ^^\n"))
  }

  @Test("long lines show a window")
  func window() {
    let text = String(repeating: "a ", count: 200) + "wrong" + String(repeating: " b", count: 200)
    let lines = render(text, 400, 405).split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 110 })
    let column = lines[2].firstIndex(of: "^").map {
      lines[2].distance(from: lines[2].startIndex, to: $0)
    }
    let start = column.map { lines[1].index(lines[1].startIndex, offsetBy: $0) }
    #expect(start.map { lines[1][$0...].hasPrefix("wrong") } ?? false)
  }

  @Test("a fix is offered where the message does not")
  func help() {
    #expect(rendered("win_rate, by owner").hasSuffix("help: remove ','\n"))
    #expect(!rendered("selct a from t").contains("help"))
  }

  @Test("the same as data")
  func json() {
    let text = "win_rate, by owner"
    let json = DiagnosticRenderer(text: text, origin: "a.tnd").json(Syntax.parse(text).diagnostics)
    #expect(
      json == """
        [{"severity":"error","code":"P008","message":"no comma stands before the clause 'by'",\
        "file":"a.tnd","range":{"start":8,"end":9,"line":1,"column":9},"notes":[],\
        "fix":{"range":{"start":8,"end":9,"line":1,"column":9},"replacement":""}}]
        """
    )
  }

  @Test("near names are suggested")
  func suggestions() {
    #expect(Suggestion.closest(to: "win_rat", in: ["win_rate", "loss_rate"]) == "win_rate")
    #expect(Suggestion.closest(to: "ONWER", in: ["owner", "other"]) == "owner")
    #expect(Suggestion.closest(to: "abc", in: ["xyz"]) == nil)
    #expect(Suggestion.closest(to: "x", in: ["y"]) == nil)
    #expect(Suggestion.distance("form", "from") == 1)
    #expect(Suggestion.distance("", "ab") == 2)
  }
}
