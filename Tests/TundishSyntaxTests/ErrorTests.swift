import Testing

@testable import TundishSyntax

/// What wrong text is told, in full.
@Suite struct ErrorTests {
  /// A text and the lines that it is told, without those of the excerpt.
  static let cases: [(text: String, messages: [String])] = [
    // Slips in keywords, several in one statement.
    (
      "selct a form t gruop by b",
      [
        "P003@0..5 'selct' is no keyword; did you mean 'SELECT'?",
        "P003@8..12 'form' is no keyword; did you mean 'FROM'?",
        "P003@15..20 'gruop' is no keyword; did you mean 'GROUP'?",
      ]
    ),
    (
      "select a from t wehre x = 1 oder by c limt 5",
      [
        "P003@16..21 'wehre' is no keyword; did you mean 'WHERE'?",
        "P003@28..32 'oder' is no keyword; did you mean 'ORDER'?",
        "P003@38..42 'limt' is no keyword; did you mean 'LIMIT'?",
      ]
    ),
    (
      "select a from t jion u on t.x = u.x where a = 1 adn b = 2",
      [
        "P003@16..20 'jion' is no keyword; did you mean 'JOIN'?",
        "P003@48..51 'adn' is no keyword; did you mean 'AND'?",
      ]
    ),
    (
      "win_rate bye owner ovr month",
      [
        "P003@9..12 'bye' is no keyword; did you mean 'BY'?",
        "P003@19..22 'ovr' is no keyword; did you mean 'OVER'?",
      ]
    ),
    ("create tabel t (a int)", ["P003@7..12 'tabel' is no keyword; did you mean 'TABLE'?"]),
    ("updaet t set a = 1", ["P003@0..6 'updaet' is no keyword; did you mean 'UPDATE'?"]),
    ("delete form t", ["P003@7..11 'form' is no keyword; did you mean 'FROM'?"]),
    ("leads last quater", ["P003@11..17 'quater' is no keyword; did you mean 'QUARTER'?"]),
    // Independent mistakes.
    (
      "select a + from t where x = order by",
      [
        "P001@11..15 expected an expression, found 'from'",
        "P001@28..33 expected an expression, found 'order'",
        "P001@36..36 expected an expression, found the end of the text",
      ]
    ),
    (
      "select (1 from t; select 2 +; win_rate by",
      [
        "P001@10..14 expected ')', found 'from'",
        "P001@28..29 expected an expression, found ';'",
        "P001@41..41 expected an expression, found the end of the text",
      ]
    ),
    // Forgotten separators.
    (
      "win_rate by owner\nwin_rate by region",
      ["P002@18..26 statements are separated by ';': expected one before 'win_rate'"]
    ),
    (
      "from opportunities\nwin_rate by owner",
      ["P002@19..27 statements are separated by ';': expected one before 'win_rate'"]
    ),
    (
      "load 'a.csv' select 1",
      ["P002@13..19 statements are separated by ';': expected one before 'select'"]
    ),
    // Commas.
    ("win_rate, by owner", ["P008@8..9 no comma stands before the clause 'by'"]),
    (
      "win_rate by owner, over month",
      ["P008@17..18 no comma stands before the clause 'over'"]
    ),
    ("select a b c from t", ["P001@11..12 expected ',' or a clause, found 'c'"]),
    // Clauses.
    ("win_rate by a by b", ["P006@14..16 the clause 'by' is written twice"]),
    ("select a from t where b where c", ["P006@24..29 the clause 'WHERE' is written twice"]),
    ("select a from t group by b where c", ["P007@27..32 WHERE stands before GROUP"]),
    ("win_rate skips count", ["P013@9..14 'skips' has no meaning in a metric statement"]),
    // Literals.
    ("select 'abc", ["L003@7..8 this string is never closed"]),
    ("select \"abc", ["L004@7..8 this quoted name is never closed"]),
    ("select 1 /* abc", ["L006@9..11 this comment is never closed"]),
    ("select 90days", ["L009@7..13 a number and a word need a space between them"]),
    (
      "select ‘abc’",
      [
        "L008@7..10 typographic quotes do not delimit text or names",
        "L008@13..16 typographic quotes do not delimit text or names",
      ]
    ),
    ("select a ; select 1 # 2", ["L007@20..21 '#' has no meaning here"]),
    // Dates and periods.
    ("leads 2026-01-31", ["P011@6..16 a period of one day is written '2026-01-31 .. 2026-01-31'"]),
    ("leads since 2026-02-30", ["P012@12..22 the calendar has no day 2026-02-30"]),
    ("leads 2026-Q5", ["P012@6..13 the calendar has no quarter 2026-Q5"]),
    // Names.
    (
      "create table order (a int)",
      ["P009@13..18 'order' is a reserved word; as a table's name it is written \"order\""]
    ),
    ("load exports/", ["P001@5..13 expected a path in quotes, found 'exports/'"]),
    ("select a < b < c", ["P010@13..14 comparisons do not chain; join two of them with AND"]),
    ("1..5", ["P001@0..1 expected a statement, found '1'"]),
    ("funnel sales steps orderd", ["P001@19..25 expected ordered, any or strict, found 'orderd'"]),
    ("create metric a as rate (b)", ["P001@26..27 expected AS, found ')'"]),
    (
      "select * from",
      ["P001@13..13 expected a table, a file in quotes or '(', found the end of the text"]
    ),
  ]

  @Test("wrong text is told what is wrong", arguments: cases.indices)
  func messages(index: Int) {
    let (text, messages) = Self.cases[index]
    let told = Syntax.parse(text).diagnostics.map { diagnostic in
      let range = diagnostic.range.map { "\($0.lowerBound)..\($0.upperBound)" } ?? "-"
      return "\(diagnostic.code)@\(range) \(diagnostic.message)"
    }
    #expect(told == messages, "\(text)")
  }

  @Test("fixes mend the text")
  func fixes() {
    let texts = [
      "selct a from t", "win_rate, by owner", "select a from t wehre x", "load exports/",
      "win_rate by owner\nwin_rate by region", "leads 2026-01-31", "create table order (a int)",
    ]
    for text in texts {
      let fixes = Syntax.parse(text).diagnostics.compactMap(\.fix)
      #expect(fixes.count == 1, "\(text)")
      var bytes = Array(text.utf8)
      for fix in fixes.reversed() {
        bytes.replaceSubrange(
          fix.range.lowerBound..<fix.range.upperBound,
          with: Array(fix.replacement.utf8)
        )
      }
      let mended = String(decoding: bytes, as: UTF8.self)
      #expect(Syntax.parse(mended).diagnostics.isEmpty, "\(mended)")
    }
  }

  @Test("words of statements and clauses are names elsewhere")
  func softWords() {
    let texts = [
      "SELECT by, over, within, compare, vs, of, stage, funnel, metric, target, model, step, at, key FROM load",
      "SELECT t.select, \"order\" FROM flow AS measure, cohort period",
      "FROM measure", "FROM funnel f JOIN flow ON f.a = flow.a", "\"load\" by owner",
      "by by by", "SELECT 1 AS \"select\", 2 AS order", "SELECT user FROM events",
      "leads by list, top, currency, period", "win_rate by month, day, year",
      "SELECT date, timestamp, interval, text FROM t", "SELECT first, last, value FROM t",
    ]
    for text in texts { #expect(rendered(text) == "", "\(text)") }
  }

  @Test("a table named like a sales word needs AS or quotes after the parenthesis")
  func salesInFrom() throws {
    let query = try #require(parsed("FROM (measure win_rate) w"))
    #expect(Syntax.dumpTree(query).contains("measure"))
    #expect(rendered("FROM (measure AS m JOIN b ON true)") == "")
    #expect(rendered("FROM (measure JOIN b ON true)") == "")
    #expect(rendered("SELECT (funnel sales)") == "")
  }
}
