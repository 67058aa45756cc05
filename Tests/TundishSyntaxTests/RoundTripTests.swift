import Testing

@testable import TundishSyntax

/// Every statement prints as text that means the same.
@Suite struct RoundTripTests {
  @Test("printed text parses to an equal tree", arguments: samples.indices)
  func roundTrip(index: Int) {
    let text = samples[index]
    let result = Syntax.parse(text)
    #expect(rendered(text) == "", "\(text)")
    for statement in result.script.statements { expectRoundTrip(statement, from: text) }
  }

  @Test("trees have the shape that precedence gives them")
  func precedence() {
    let pairs = [
      ("a OR b AND NOT c = d + e * f ^ -g", "a OR (b AND (NOT (c = (d + (e * (f ^ (-g)))))))"),
      ("a BETWEEN 1 AND 2 AND b", "(a BETWEEN 1 AND 2) AND b"),
      ("a || b = c || d", "(a || b) = (c || d)"),
      ("a = b IS NULL", "(a = b) IS NULL"),
      ("-a::INT", "-(a::INT)"),
      ("a - b - c", "(a - b) - c"),
      ("2 ^ 3 ^ 4", "(2 ^ 3) ^ 4"),
      ("NOT a IN (1) AND b", "(NOT (a IN (1))) AND b"),
      ("a || b LIKE c", "(a || b) LIKE c"),
      ("~a + 1", "~(a + 1)"),
      ("a AT TIME ZONE b || c", "(a AT TIME ZONE b) || c"),
    ]
    for (text, grouped) in pairs {
      let first = tree(text)
      #expect(first != nil && first == tree(grouped), "\(text)")
    }
  }

  /// The tree of an expression without its parentheses.
  private func tree(_ text: String) -> String? {
    parsed("SELECT \(text)").map { statement in
      Syntax.dumpTree(statement).split(separator: "\n").map { line in
        line.drop { $0 == " " }
      }.filter { $0 != "parenthesized" }.joined(separator: "\n")
    }
  }

  @Test("canonical text is as expected")
  func canonical() {
    let pairs = [
      ("from t", "SELECT * FROM t"),
      ("select a x from t u", "SELECT a AS x FROM t AS u"),
      ("select x: a+1", "SELECT a + 1 AS x"),
      ("WIN_RATE where A = 1 BY owner", "WIN_RATE by owner where A = 1"),
      ("select * from (funnel sales by source)", "SELECT * FROM (FUNNEL sales BY source)"),
      ("funnel sales within 30, 60 days", "funnel sales within 30 days, 60 days"),
      ("select trim(leading 'x' from y)", "SELECT ltrim(y, 'x')"),
      ("select a == b, a != b", "SELECT a = b, a <> b"),
      ("select cast(a + b as int), cast(a as int)", "SELECT CAST(a + b AS int), a::int"),
      ("select 1 union select 2 union all select 3", "SELECT 1 UNION SELECT 2 UNION ALL SELECT 3"),
      ("select \"select\", \"a b\", \"a\"", "SELECT \"select\", \"a b\", \"a\""),
    ]
    for (text, printed) in pairs {
      #expect(parsed(text).map(Syntax.format) == printed)
    }
  }

  @Test("long statements break at their clauses")
  func layout() {
    let text =
      "select first_column_name, second_column_name, third_column_name from some_table where first_column_name = 'a long text' order by 1"
    #expect(
      parsed(text).map(Syntax.format) == """
        SELECT first_column_name, second_column_name, third_column_name
        FROM some_table
        WHERE first_column_name = 'a long text'
        ORDER BY 1
        """
    )
  }

  @Test("scripts keep their comments")
  func script() {
    let text = """
      -- param region: text in (EMEA, AMER) = EMEA

      -- first
      select a, -- the a
        b /* the b */ from t;   -- after


      -- second
      win_rate  BY owner -- how
      where x = 1;
      -- last
      """
    let expected = """
      -- param region: text in (EMEA, AMER) = EMEA

      -- first
      SELECT a, -- the a
        b /* the b */
        FROM t;  -- after

      -- second
      win_rate by owner -- how
        where x = 1;
      -- last

      """
    let formatted = Syntax.formatScript(text)
    #expect(formatted.text == expected)
    #expect(Syntax.formatScript(formatted.text).text == expected)
    #expect(Syntax.parse(text).script.parameters.first?.choices == ["EMEA", "AMER"])
  }
}
