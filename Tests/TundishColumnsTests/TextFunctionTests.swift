import Testing

@testable import TundishColumns

@Suite("Text functions")
struct TextFunctionTests {
  private func check(
    _ name: String,
    _ arguments: Literal...,
    gives expected: Literal,
    location: SourceLocation = #_sourceLocation
  ) throws {
    try ScalarCall.check(name, arguments, gives: expected, location)
  }

  @Test("lengths and characters")
  func measures() throws {
    try check("length", "né", gives: 2)
    try check("length", [1, .null, 3], gives: 3)
    try check("strlen", "né", gives: 3)
    try check("ascii", "é", gives: 233)
    try check("ascii", "", gives: 0)
    try check("ord", "", gives: -1)
    try check("chr", 233, gives: "é")
    #expect(throws: ExecutionError.self) { try ScalarCall("chr", -1).result() }
  }

  @Test("case")
  func cases() throws {
    try check("lower", "ÀB", gives: "àb")
    try check("upper", "straße é", gives: "STRAẞE É")
    try check("initcap", "hello o'neil ÉTÉ x1y", gives: "Hello O'Neil Été X1y")
    try check("reverse", "né", gives: "én")
    try check("repeat", "ab", 3, gives: "ababab")
    try check("repeat", "ab", -1, gives: "")
    #expect(throws: ExecutionError.self) {
      try ScalarCall("repeat", "ab", 9_000_000_000_000_000_000).result()
    }
  }

  @Test("substrings as DuckDB takes them")
  func substrings() throws {
    try check("substring", "abc", -2, 1, gives: "b")
    try check("substring", "abc", 0, 2, gives: "a")
    try check("substring", "abcdef", -10, 3, gives: "")
    try check("substr", "abc", 2, gives: "bc")
    try check("substring", "abc", 2, -1, gives: "a")
    try check("substring", "abc", -2, gives: "bc")
    try check("substring", "äöü", 2, 1, gives: "ö")
    try check("substring", "abc", .integer(.min), 5, gives: "")
    try check("left", "abc", -1, gives: "ab")
    try check("left", "abc", 10, gives: "abc")
    try check("left", "abc", .integer(.min), gives: "")
    try check("right", "abc", -1, gives: "bc")
    try check("right", "äöü", 2, gives: "öü")
    try check("trim", "  a b\u{A0}", gives: "a b")
    try check("trim", "xyax", "xy", gives: "a")
    try check("ltrim", "xxa", "x", gives: "a")
    try check("rtrim", "äüü", "ü", gives: "ä")
    try check("lpad", "7", 3, "0", gives: "007")
    try check("lpad", "abc", 2, "x", gives: "ab")
    try check("rpad", "ä", 4, "xy", gives: "äxyx")
    #expect(throws: ExecutionError.self) { try ScalarCall("lpad", "a", 3, "").result() }
  }

  @Test("searching and splitting")
  func searches() throws {
    try check("strpos", "äbc", "c", gives: 3)
    try check("strpos", "abc", "", gives: 1)
    try check("instr", "abc", "z", gives: 0)
    try check("contains", "abc", "bc", gives: true)
    try check("contains", [1, 2], 2, gives: true)
    try check("starts_with", "abc", "ab", gives: true)
    try check("suffix", "abc", "abcd", gives: false)
    try check("replace", "aXbX", "X", "--", gives: "a--b--")
    try check("replace", "abc", "", "x", gives: "abc")
    try check("translate", "abc", "ab", "x", gives: "xc")
    try check("split_part", "a,b,c", ",", 2, gives: "b")
    try check("split_part", "a,b,c", ",", -1, gives: "c")
    try check("split_part", "a,b,c", ",", 9, gives: "")
    try check("split_part", "abc", "", 1, gives: "a")
    try check("string_split", "a,b,", ",", gives: ["a", "b", ""])
    try check("string_split", "abc", "", gives: ["a", "b", "c"])
    try check("string_split", "", ",", gives: [""])
  }

  @Test("joining")
  func joins() throws {
    try check("||", "a", "b", gives: "ab")
    try check("||", "a", 1, gives: "a1")
    try check("||", [1], [2], gives: [1, 2])
    try check("concat", "a", .null, 1.5, gives: "a1.5")
    try check("concat", [1], [2], gives: [1, 2])
    try check("concat_ws", ",", "a", .null, "b", gives: "a,b")
  }

  @Test("LIKE and its kin")
  func patterns() throws {
    for (text, pattern, expected) in [
      ("abc", "abc", true), ("abc", "a%", true), ("abc", "%c", true), ("abc", "%b%", true),
      ("abc", "_b_", true), ("äbc", "_bc", true), ("abc", "a_", false), ("", "%", true),
      ("", "_", false), ("abcabc", "%b%b%", true), ("abcb", "a%b", true), ("ab", "ab%b", false),
      ("aab", "%_b", true), ("xaäb", "%_b", true), ("mississippi", "m%iss%p_", true),
      ("a%", #"a\%"#, false), ("abab", "%ab_", false), ("aaa", "%a_a%", true), ("a", "%%%", true),
    ] {
      try check("like", .text(text), .text(pattern), gives: .boolean(expected))
    }
    try check("like", "a%", "a!%", "!", gives: true)
    try check("like", "ab", "a!%", "!", gives: false)
    try check("ilike", "ÉcLAIR", "é%R", gives: true)
    try check("glob", "abc", "[a-c]b?", gives: true)
    try check("glob", "a.csv", "*.csv", gives: true)
    try check("glob", "acsv", "*.csv", gives: false)
    try check("glob", "b", "[!a]", gives: true)
    try check("glob", "[", "[", gives: true)
    try check("similar_to", "abc", "a.*", gives: true)
    try check("similar_to", "abc", "b", gives: false)
    #expect(throws: ExecutionError.self) { try ScalarCall("like", "a", "a!", "!").result() }
  }

  @Test("regular expression functions")
  func expressions() throws {
    try check("regexp_matches", "a\nb", "a.b", gives: false)
    try check("regexp_matches", "a\nb", "a.b", "s", gives: true)
    try check("regexp_matches", "ABC", "b", "i", gives: true)
    try check("regexp_full_match", "abc", "a.", gives: false)
    try check("regexp_extract", "abc", "(b)(c)", 2, gives: "c")
    try check("regexp_extract", "abc", "(z)", gives: "")
    try check("regexp_extract", "abc", "b", 1, gives: "")
    try check("regexp_extract_all", "a1b2", #"([a-z])(\d)"#, 2, gives: ["1", "2"])
    try check("regexp_extract_all", "aaa", "", gives: ["", "", "", ""])
    try check("regexp_replace", "aaa", "a", "b", gives: "baa")
    try check("regexp_replace", "aaa", "a", "b", "g", gives: "bbb")
    try check("regexp_replace", "abc", "(b)", #"<\1>"#, gives: "a<b>c")
    try check("regexp_replace", "abc", "", "-", "g", gives: "-a-b-c-")
    try check("regexp_replace", "äöü", ".", "x", "g", gives: "xxx")
    try check("regexp_split_to_array", "a1b2c", #"\d"#, gives: ["a", "b", "c"])
    try check("string_split_regex", "abc", "", gives: ["a", "b", "c"])
    #expect(throws: ExecutionError.self) { try ScalarCall("regexp_matches", "a", "(").result() }
  }

  @Test("distances")
  func distances() throws {
    try check("levenshtein", "kitten", "sitting", gives: 3)
    try check("levenshtein", "", "abc", gives: 3)
    try check("damerau_levenshtein", "ab", "ba", gives: 1)
    try check("damerau_levenshtein", "ca", "abc", gives: 2)
    try check("jaro_similarity", "duck", "duckdb", gives: 0.8888888888888888)
    try check("jaro_winkler_similarity", "duck", "duckdb", gives: 0.9333333333333333)
    try check("hamming", "abc", "abd", gives: 1)
    try check("jaccard", "duck", "luck", gives: 0.6)
  }

  @Test("digests and encodings")
  func digests() throws {
    try check("md5", "a", gives: "0cc175b9c0f1b6a831c399e269772661")
    try check("sha1", "abc", gives: "a9993e364706816aba3e25717850c26c9cd0d89d")
    try check(
      "sha256",
      "a",
      gives: "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
    )
    try check(
      "md5",
      .text(String(repeating: "a", count: 119)),
      gives: "8a7bd0732ed6a28ce75f6dabc90e1613"
    )
    try check("base64", "ab", gives: "YWI=")
    try check("base64", "abc", gives: "YWJj")
    try check("from_base64", "YWI=", gives: .blob([97, 98]))
    guard case .text(let uuid) = try ScalarCall("uuid").result() else { return }
    #expect(uuid.count == 36 && Array(uuid)[14] == "4")
  }

  @Test("cleaning")
  func cleaning() throws {
    try check("strip_accents", "mühleisen Brașov", gives: "muhleisen Brasov")
    try check("normalize_email", " Ann.Lee+x@Gmail.com ", gives: "annlee@gmail.com")
    for (name, expected) in [
      ("ACME B.V.", "acme"), ("Acme bv", "acme"), ("S.C. Brașov Trade S.R.L.", "brasov trade"),
      ("Smith & Co. Ltd", "smith"), ("Müller GmbH & Co. KG", "muller"), ("The Limited", "the"),
      ("AT&T Inc", "at and t"), ("L'Oréal S.A.", "loreal"), ("GmbH", "gmbh"),
      ("Alfa sp. z o.o.", "alfa"), ("3M Company", "3m"),
    ] {
      try check("normalize_company", .text(name), gives: .text(expected))
    }
    try check("parse_filename", "a/b/c.csv", true, gives: "c")
    try check("parse_dirname", "a/b/c.csv", gives: "a")
    try check("parse_dirpath", "a/b/c.csv", gives: "a/b")
    try check("parse_path", "a/b/c.csv", gives: ["a", "b", "c.csv"])
  }
}

@Suite("List functions")
struct ListFunctionTests {
  private func check(
    _ name: String,
    _ arguments: Literal...,
    gives expected: Literal,
    location: SourceLocation = #_sourceLocation
  ) throws {
    try ScalarCall.check(name, arguments, gives: expected, location)
  }

  @Test("making and taking apart")
  func making() throws {
    try check("list_value", 1, 2, gives: [1, 2])
    try check("list_value", gives: [])
    try check("list_extract", [5, 7], 2, gives: 7)
    try check("list_extract", [5, 7], -1, gives: 7)
    try check("list_extract", [5, 7], 0, gives: .null)
    try check("list_extract", [5, 7], .integer(.min), gives: .null)
    try check("list_extract", "abc", 2, gives: "b")
    try check("list_slice", [1, 2, 3, 4], -2, -1, gives: [3, 4])
    try check("list_slice", [1, 2, 3, 4, 5], 1, 5, 2, gives: [1, 3, 5])
    try check("list_slice", [1, 2, 3], 2, .null, gives: .null)
    try check("list_slice", "abcdef", 2, 3, gives: "bc")
    try check("list_append", [1], .null, gives: [1, .null])
    try check("list_append", [1], 2, gives: [1, 2])
    try check("list_prepend", 0, [1], gives: [0, 1])
    try check("list_concat", [1], [2], [3], gives: [1, 2, 3])
    try check("list_concat", [1], .null, gives: [1])
    try check("flatten", [[1], [2, 3], .null], gives: [1, 2, 3])
    try check("array_to_string", [1, 2, .null], ",", gives: "1,2")
    try check("range", 3, gives: [0, 1, 2])
    try check("range", 1, 10, 3, gives: [1, 4, 7])
    try check("range", 5, 1, -2, gives: [5, 3])
    try check("generate_series", 1, 3, gives: [1, 2, 3])
    try check("range", 3, 1, gives: [])
    #expect(throws: ExecutionError.self) { try ScalarCall("range", .integer(.max)).result() }
    try check(
      "generate_series",
      .timestamp(0),
      .timestamp(3_000_000 * 1_000_000),
      .interval(Interval(months: 1)),
      gives: [.timestamp(0), .timestamp(31 * 86_400_000_000)]
    )
  }

  @Test("searching and ordering")
  func searching() throws {
    try check("list_contains", [1, .null], 2, gives: false)
    try check("list_contains", [1, 2], .integer(1 << 40), gives: false)
    try check("list_contains", ["a"], "a", gives: true)
    try check("list_position", [1, 2], 2, gives: 2)
    try check("list_position", [1, 2], 3, gives: .null)
    try check("list_has_any", [1, 2], [2, 3], gives: true)
    try check("list_has_any", [.null, 1], [.null, 2], gives: false)
    try check("list_has_all", [1, 2], [2], gives: true)
    try check("list_intersect", [1, 2, 2], [2, 3], gives: [2])
    try check("list_sort", [3, .null, 1], gives: [1, 3, .null])
    try check("list_sort", [3, .null, 1], "desc", gives: [3, 1, .null])
    try check("list_sort", ["b", "a"], "ASC", "NULLS FIRST", gives: ["a", "b"])
    try check("list_reverse_sort", [3, .null, 1], gives: [3, 1, .null])
    try check("list_reverse", [1, 2, .null], gives: [.null, 2, 1])
    try check("list_distinct", [2, 1, .null, 2], gives: [2, 1])
    try check("list_unique", [1, 1, .null, 2], gives: 2)
  }

  @Test("aggregates of lists")
  func aggregates() throws {
    try check("list_sum", [1, 2], gives: .hugeint(3))
    try check("list_avg", [1, 2], gives: 1.5)
    try check("list_max", ["a", "b"], gives: "b")
    try check("list_count", [1, .null], gives: 1)
    try check("list_median", [1, 2, 4], gives: 2.0)
    try check("list_string_agg", ["a", "b"], gives: "a,b")
  }
}
