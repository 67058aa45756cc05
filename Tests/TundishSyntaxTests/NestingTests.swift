import Foundation
import Synchronization
import Testing

@testable import TundishSyntax

/// Nothing that a user writes overflows the 512 KB stack of a secondary thread, in debug builds.
@Suite(.serialized) struct NestingTests {
  /// Text that nests as deeply as asked for.
  static let shapes: [(name: String, make: @Sendable (Int) -> String)] = [
    (
      "parentheses",
      { "SELECT " + String(repeating: "(", count: $0) + "1" + String(repeating: ")", count: $0) }
    ),
    ("open parentheses", { "SELECT " + String(repeating: "(", count: $0) }),
    (
      "calls",
      { "SELECT " + String(repeating: "f(", count: $0) + "1" + String(repeating: ")", count: $0) }
    ),
    (
      "cases",
      {
        "SELECT " + String(repeating: "CASE WHEN 1 THEN ", count: $0) + "1"
          + String(repeating: " END", count: $0)
      }
    ),
    ("negations", { "SELECT " + String(repeating: "NOT ", count: $0) + "a" }),
    ("signs", { "SELECT " + String(repeating: "- ", count: $0) + "1" }),
    (
      "lists",
      { "SELECT " + String(repeating: "[", count: $0) + "1" + String(repeating: "]", count: $0) }
    ),
    (
      "structures",
      { "SELECT " + String(repeating: "{a: ", count: $0) + "1" + String(repeating: "}", count: $0) }
    ),
    (
      "subqueries",
      { String(repeating: "SELECT (", count: $0) + "1" + String(repeating: ")", count: $0) }
    ),
    (
      "derived tables",
      {
        String(repeating: "SELECT * FROM (", count: $0) + "VALUES (1)"
          + String(repeating: ")", count: $0)
      }
    ),
    (
      "joins in parentheses",
      {
        "FROM " + String(repeating: "(a JOIN ", count: $0) + "b"
          + String(repeating: " ON c)", count: $0)
      }
    ),
    (
      "lateral",
      {
        "FROM a" + String(repeating: ", LATERAL (FROM b", count: $0)
          + String(repeating: ")", count: $0)
      }
    ),
    (
      "common tables",
      {
        String(repeating: "WITH a AS (", count: $0) + "SELECT 1"
          + String(repeating: ") SELECT 1", count: $0)
      }
    ),
    (
      "types",
      {
        "SELECT CAST(a AS " + String(repeating: "STRUCT(a ", count: $0) + "INT"
          + String(repeating: ")", count: $0) + ")"
      }
    ),
    (
      "grouping sets",
      {
        "SELECT 1 GROUP BY " + String(repeating: "GROUPING SETS (", count: $0) + "a"
          + String(repeating: ")", count: $0)
      }
    ),
    ("explain", { String(repeating: "EXPLAIN ", count: $0) + "SELECT 1" }),
    ("prepare", { String(repeating: "PREPARE p AS ", count: $0) + "SELECT 1" }),
    (
      "exists",
      {
        String(repeating: "SELECT EXISTS (", count: $0) + "SELECT 1"
          + String(repeating: ")", count: $0)
      }
    ),
    (
      "in",
      {
        "SELECT " + String(repeating: "a IN (", count: $0) + "1" + String(repeating: ")", count: $0)
      }
    ),
    (
      "between",
      {
        "SELECT " + String(repeating: "a BETWEEN (", count: $0) + "1"
          + String(repeating: ") AND 2", count: $0)
      }
    ),
    (
      "windows",
      {
        "SELECT " + String(repeating: "f() OVER (ORDER BY ", count: $0) + "1"
          + String(repeating: ")", count: $0)
      }
    ),
    ("lambdas", { "SELECT f(" + String(repeating: "x -> ", count: $0) + "x)" }),
    (
      "comments",
      { String(repeating: "/*", count: $0) + String(repeating: "*/", count: $0) + "SELECT 1" }
    ),
    (
      "metric filter",
      {
        "win_rate where " + String(repeating: "(", count: $0) + "1"
          + String(repeating: ")", count: $0)
      }
    ),
    ("sums", { "SELECT 1" + String(repeating: " + 1", count: $0) }),
    ("disjunctions", { "SELECT a" + String(repeating: " OR a", count: $0) }),
    ("mixed logic", { "SELECT a" + String(repeating: " OR a AND b", count: $0) }),
    ("casts", { "SELECT a" + String(repeating: "::INT", count: $0) }),
    ("subscripts", { "SELECT a" + String(repeating: "[1]", count: $0) }),
    ("unions", { "SELECT 1" + String(repeating: " UNION SELECT 1", count: $0) }),
    ("intersections", { "SELECT 1" + String(repeating: " INTERSECT SELECT 1", count: $0) }),
    ("joins", { "FROM a" + String(repeating: " JOIN b ON c", count: $0) }),
    ("pivots", { "FROM a" + String(repeating: " PIVOT (sum(x) FOR y IN (1))", count: $0) }),
    ("list types", { "SELECT a::INT" + String(repeating: "[]", count: $0) }),
    ("null tests", { "SELECT a" + String(repeating: " IS NULL", count: $0) }),
    ("statements", { String(repeating: "SELECT 1;", count: $0) }),
  ]

  @Test("deep text is read on a small stack", arguments: [1_000, 150, 100, 60])
  func depth(depth: Int) {
    let failures = Mutex<[String]>([])
    let thread = Thread {
      for (name, make) in Self.shapes {
        let text = make(depth)
        let result = Syntax.parse(text)
        for statement in result.script.statements.prefix(3) {
          _ = Syntax.format(statement)
          if result.diagnostics.isEmpty { _ = Syntax.dumpTree(statement) }
        }
        if result.diagnostics.count > 2 { failures.withLock { $0.append(name) } }
      }
      failures.withLock { $0.append("finished") }
    }
    thread.stackSize = 512 * 1024
    thread.start()
    while !thread.isFinished { Thread.sleep(forTimeInterval: 0.01) }
    #expect(failures.withLock { $0 } == ["finished"])
  }

  @Test("ten thousand parentheses are one diagnostic")
  func parentheses() {
    let text = Self.shapes[0].make(10_000)
    let diagnostics = Syntax.parse(text).diagnostics
    #expect(diagnostics.map(\.code.rawValue) == ["P004"])
  }

  @Test("generated conditions of any length parse")
  func longCondition() {
    let terms = (0..<5_000).map { "a = \($0)" }.joined(separator: " OR ")
    #expect(Syntax.parse("SELECT 1 FROM t WHERE \(terms)").diagnostics.isEmpty)
    let members = (0..<20_000).map(String.init).joined(separator: ", ")
    #expect(Syntax.parse("SELECT 1 FROM t WHERE a IN (\(members))").diagnostics.isEmpty)
  }
}
