import Foundation
import Glibc
import Testing
import TundishTestSupport

/// The session as a person has it: keys in, screen out.
@Suite(.serialized) struct TerminalTests {
  let home: String

  init() {
    var template = Array("/tmp/tundish-home-XXXXXX".utf8CString)
    _ = unsafe mkdtemp(&template)
    home = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private func session() throws -> PseudoTerminal {
    let terminal = try #require(PseudoTerminal(home: home))
    try #require(terminal.waitFor("tundish> ", seconds: 60))
    terminal.settle()
    return terminal
  }

  @Test("a statement runs at its semicolon and prints a box")
  func statement() throws {
    let terminal = try session()
    terminal.type("select 40 + 2 as answer;\r")
    #expect(terminal.waitFor("42"))
    #expect(terminal.screen.contains("answer"))
    #expect(terminal.waitFor("tundish> "))
    terminal.settle()
    terminal.type("\u{4}")
    #expect(terminal.waitForExit() == 0)
  }

  @Test("the continuation prompt shows what is open")
  func continuation() throws {
    let terminal = try session()
    terminal.type("select (1 +\r")
    #expect(terminal.waitFor("(...> "))
    terminal.type("1) as two;\r")
    #expect(terminal.waitFor("two"))
  }

  @Test("errors of a script tell its lines; comments and blank lines may stand before commands")
  func scriptLines() throws {
    let path = home + "/lines.tnd"
    let script = [
      "-- a comment", ".mode csv", "", "select 1;", "-- another", "", ".mode box",
      "select 2; select",
      "  nosuch;",
    ]
    try script.joined(separator: "\r\n").write(toFile: path, atomically: true, encoding: .utf8)
    let terminal = try session()
    terminal.type(".read \(path)\r")
    #expect(terminal.waitFor("9 |   nosuch"))
    #expect(terminal.screen.contains("│ 2 │"))
  }

  @Test("Ctrl-C drops the line, and cancels a running query without ending the session")
  func interrupt() throws {
    let terminal = try session()
    // A key that arrives before the line editor does is a signal, and drops what was typed.
    var isDropped = false
    for _ in 0..<20 where !isDropped {
      terminal.type("select 'half\u{3}")
      isDropped = terminal.waitFor("^C", seconds: 2)
    }
    #expect(isDropped)
    #expect(terminal.waitFor("tundish> "))
    terminal.settle()
    terminal.type(
      "select count(*) from range(100000000) a, range(100000) b where a.range < b.range;\r"
    )
    _ = terminal.waitForWork(seconds: 5)
    // A signal between the line's end and the query's start finds nothing to cancel.
    var isCancelled = false
    for _ in 0..<20 where !isCancelled {
      terminal.type("\u{3}")
      isCancelled = terminal.waitFor("R008", seconds: 1)
    }
    #expect(isCancelled)
    terminal.settle()
    terminal.type("select 'still ' || 'here';\r")
    #expect(terminal.waitFor("still here"))
  }

  @Test("a file of .output has the format of its ending, and a workbook one result")
  func output() throws {
    let terminal = try session()
    func type(_ line: String, _ expected: String = "tundish> ") {
      terminal.type(line + "\r")
      #expect(terminal.waitFor(expected))
      terminal.settle()
    }
    type(".output \(home)/out.csv")
    type("select 1 as a, 'x,y' as b;")
    type(".output \(home)/out.jsonl")
    type("select 1 as a;")
    type("select 2 as a;")
    type(".output \(home)/out.xlsx")
    type("select 1 as a;")
    type("select 2 as a;", "a workbook holds one result")
    type(".output")
    type("select 'on the ' || 'screen' as a;", "on the screen")
    #expect(TestPaths.text(of: home + "/out.csv") == "a,b\n1,\"x,y\"\n")
    #expect(TestPaths.text(of: home + "/out.jsonl") == "{\"a\":1}\n{\"a\":2}\n")
  }

  @Test("Tab completes names")
  func completion() throws {
    let terminal = try session()
    terminal.type("create table opportunities_of_today (amount_in_euro integer);\r")
    #expect(terminal.waitFor("tundish> "))
    terminal.settle()
    terminal.type("select count(*) from opportunities_of\t;\r")
    // The statement runs only if the name was completed.
    #expect(terminal.waitFor("count_star()"))
  }

  @Test("history outlives the session, one entry per statement")
  func history() throws {
    let first = try session()
    first.type("select 'remember'\r || ' me';\r")
    #expect(first.waitFor("remember me"))
    first.type(".quit\r")
    #expect(first.waitForExit() == 0)
    let second = try session()
    second.type("\u{1B}[A\u{1B}[A\r")
    #expect(second.waitFor("remember me"))
  }

  @Test(
    "exit and quit leave, with and without a semicolon",
    arguments: ["exit", "quit;", "EXIT ;"]
  )
  func farewells(word: String) throws {
    let terminal = try session()
    terminal.type("select 1 as a;\r")
    #expect(terminal.waitFor("a"))
    terminal.type(word + "\r")
    #expect(terminal.waitForExit() == 0)
  }

  @Test("dot-commands and psql's spellings")
  func commands() throws {
    let terminal = try session()
    terminal.type(".mode csv\rselect 1 as a, 2 as b;\r")
    #expect(terminal.waitFor("a,b"))
    terminal.type("\\timing\rselect 3;\r")
    #expect(terminal.waitFor("time: "))
    terminal.type("create table deals as select 1 as id;\r.memory\r")
    #expect(terminal.waitFor("column_bytes"))
    #expect(terminal.waitFor("has held at most"))
    terminal.type(".memory deal\r")
    #expect(terminal.waitFor("no table named 'deal'"))
    terminal.type(".modo\r")
    #expect(terminal.waitFor("did you mean '.mode'"))
    terminal.type("\\q\r")
    #expect(terminal.waitForExit() == 0)
  }

  @Test("wide tables fit the window")
  func width() throws {
    let terminal = try session()
    let columns = (0..<30).map { "'some value \($0)' as column_\($0)" }.joined(separator: ", ")
    terminal.type("select \(columns);\r")
    #expect(terminal.waitFor("column_29"))
    #expect(terminal.waitFor("tundish> "))
  }
}
