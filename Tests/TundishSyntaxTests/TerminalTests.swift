import Testing

@testable import TundishSyntax

/// What a terminal asks while a person types.
@Suite struct TerminalTests {
  @Test("Enter runs one-liners and what ends in a semicolon")
  func enter() {
    let ready = [
      "win_rate by owner", "funnel sales", "explain win_rate", "load 'a.csv'", "show tables",
      "set threads = 1", "describe t", "select 1;", "dedupe t on a", "check t",
      "win_rate bye owner",
      "leads", "summarize t", "sniff 'a'", "reset threads", "why win_rate by owner",
    ]
    for text in ready { #expect(Syntax.runsOnEnter(text), "\(text)") }
    let waiting = [
      "select 1", "win_rate,", "win_rate by", "win_rate by owner \\", "load 'a",
      "create metric a as b", "", "win_rate where a =", "win_rate /* open", "explain select 1",
      "win_rate where (a = 1",
    ]
    for text in waiting { #expect(!Syntax.runsOnEnter(text), "\(text)") }
  }

  @Test("what is open is known")
  func open() {
    let cases: [(String, String?)] = [
      ("select (1", "("), ("select [1", "["), ("select 'a", "'"), ("select \"a", "\""),
      ("select $$a", "$$"), ("select /* a", "/*"), ("select", nil), ("select f((1)", "("),
      ("select $x$ a $$", "$x$"),
    ]
    for (text, open) in cases {
      let result = Syntax.parse(text)
      #expect(result.isIncomplete, "\(text)")
      #expect(result.openConstruct == open, "\(text)")
    }
    #expect(!Syntax.parse("select a b c from t").isIncomplete)
    #expect(!Syntax.parse("select 1").isIncomplete)
  }

  @Test("tokens cover the text for highlighting")
  func tokens() {
    let text = "select 'a' -- note\n, $p + 1.5"
    let kinds = Syntax.tokens(of: text).map { "\($0.kind)" }
    #expect(
      kinds == [
        "word", "string", "comment", "symbol(TundishSyntax.Symbol.comma)", "parameter",
        "symbol(TundishSyntax.Symbol.plus)", "decimal", "end",
      ]
    )
    #expect(Syntax.dumpTokens("select a").hasPrefix("0..6        keyword(reserved) select\n"))
  }

  @Test("bytes that are not UTF-8 are found")
  func decoding() {
    let bad: [UInt8] = [0x61, 0x62, 0xFF, 0x63]
    guard case .failure(let failure) = Syntax.decode(bad) else {
      Issue.record("expected a failure")
      return
    }
    #expect(failure.diagnostic.range == SourceRange(2, 3))
    #expect((try? Syntax.decode(Array("é".utf8)).get()) == "é")
  }
}
