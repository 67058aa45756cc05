import Testing

@testable import TundishSyntax

/// Text to tokens.
@Suite struct LexerTests {
  private func kinds(_ text: String) -> [String] {
    Lexer.lex(Array(text.utf8)).tokens.dropLast().map { token in
      token.symbol.map { "'\($0.rawValue)'" } ?? "\(token.kind)"
    }
  }

  @Test("numbers end where they end")
  func numbers() {
    #expect(kinds("1..5") == ["integer", "'..'", "integer"])
    #expect(kinds("1.5..2") == ["decimal", "'..'", "integer"])
    #expect(
      kinds("1_000 1.5e3 0xff .5 1. 1e5 1e+5") == [
        "integer", "double", "integer", "decimal", "decimal", "double", "double",
      ]
    )
    #expect(kinds("2026-01-31") == ["integer", "'-'", "integer", "'-'", "integer"])
  }

  @Test("literals have their values")
  func values() {
    func value(_ text: String) -> String { Literals.string(ArraySlice(text.utf8)) }
    #expect(value("'it''s'") == "it's")
    #expect(value("E'a\\n\\t\\x41\\u00e9\\''") == "a\n\tAé'")
    #expect(value("$$a'b$$") == "a'b")
    #expect(value("$x$a$$b$x$") == "a$$b")
    #expect(Literals.number(ArraySlice("0xff".utf8)) == "255")
    #expect(Literals.number(ArraySlice("1_000".utf8)) == "1000")
    #expect(Literals.number(ArraySlice("0xffffffffffffffffffffffffffffffffff".utf8)) == nil)
    #expect(Literals.blob(ArraySlice("X'0aFF'".utf8)) == [10, 255])
  }

  @Test("a text beyond the limit is refused by its length: L001")
  func tooLong() {
    let count = Lexer.maximumByteCount + 1
    let result = Lexer.lex([UInt8](repeating: 0x20, count: count))
    #expect(result.diagnostics.map(\.code.rawValue) == ["L001"])
    #expect(
      result.diagnostics.first?.message
        == "the text has \(count) bytes; at most \(count - 1) are read"
    )
  }

  @Test("bytes that are not UTF-8 are pointed at: L002")
  func notUTF8() throws {
    guard case .failure(let failure) = Syntax.decode([0x53, 0x45, 0xFF, 0x4C]) else {
      Issue.record("the text was accepted")
      return
    }
    #expect(failure.diagnostic.code.rawValue == "L002")
    #expect(failure.diagnostic.message == "byte 2 of the text is not UTF-8")
    #expect(failure.diagnostic.range == SourceRange(2, 3))
  }

  @Test("the longest operator wins")
  func symbols() {
    #expect(
      kinds("a->>b->c::d:=e") == [
        "word", "'->>'", "word", "'->'", "word", "'::'", "word", "':='", "word",
      ]
    )
    #expect(
      kinds("!~~* ~~* !~* <> <= << ||") == [
        "'!~~*'", "'~~*'", "'!~*'", "'<>'", "'<='", "'<<'", "'||'",
      ]
    )
    for symbol in Symbol.allCases {
      #expect(kinds(symbol.rawValue) == ["'\(symbol.rawValue)'"])
    }
  }

  @Test("comments nest and lines continue")
  func trivia() {
    #expect(kinds("a /* b /* c */ d */ e -- f\n g") == ["word", "word", "word"])
    #expect(kinds("a \\\n b") == ["word", "word"])
    #expect(kinds("\u{FEFF}a\u{A0}b") == ["word", "word"])
  }

  @Test("every byte belongs to a token or to nothing, in order")
  func ranges() {
    for text in samples {
      var end = 0
      for token in Syntax.tokens(of: text) {
        #expect(token.range.lowerBound >= end)
        end = token.range.upperBound
      }
      #expect(end == text.utf8.count)
    }
  }
}
