import Testing
import TundishTestSupport

/// House rules that can be held mechanically.
@Suite struct TidyTests {
  /// Which modules a target may import (ARCHITECTURE, section 1).
  static let allowedImports: [String: Set<String>] = [
    "TundishSyntax": [],
    "TundishColumns": ["CByteMasks", "Glibc", "Synchronization"],
    "TundishFormats": [
      "TundishColumns", "Glibc", "CByteMasks", "CZlib", "CZstd", "CBzip2", "CZip", "CExpat",
      "Synchronization",
    ],
    "TundishEngine": ["TundishSyntax", "TundishColumns", "Synchronization", "Glibc"],
    "Tundish": [
      "TundishSyntax", "TundishColumns", "TundishFormats", "TundishEngine", "Glibc",
      "Synchronization",
    ],
    "TundishREPL": ["Tundish", "TundishSyntax", "CEditLine", "Glibc"],
    "TundishCLI": ["Tundish", "TundishREPL", "ArgumentParser", "CMalloc"],
    "TundishBench": ["Tundish", "TundishColumns", "TundishFormats", "Glibc"],
  ]

  struct Source: Sendable, CustomStringConvertible {
    let path: String
    let text: String
    var description: String { String(path.dropFirst(TestPaths.root.count + 1)) }
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
  }

  static let sources = TestPaths.files(below: TestPaths.root + "/Sources", suffixes: [".swift"])
    .map { Source(path: $0, text: TestPaths.text(of: $0) ?? "") }

  @Test("targets import only what the architecture allows")
  func imports() {
    for source in Self.sources {
      let target = source.description.split(separator: "/")[1]
      let allowed = Self.allowedImports[String(target)] ?? []
      for line in source.lines {
        let words = line.split(separator: " ")
        guard let position = words.firstIndex(of: "import"), position <= 2, line.first != " ",
          !line.hasPrefix("//"), let module = words.last?.split(separator: ".").first
        else { continue }
        #expect(allowed.contains(String(module)), "\(source) imports \(module)")
      }
    }
  }

  @Test("no marks of unfinished work, no escape hatches")
  func bannedWords() {
    let banned = ["FIXME", "try!", "as!", "fileprivate ", "withKnownIssue", ".disabled("]
    for source in Self.sources {
      for (index, line) in source.lines.enumerated() {
        for word in banned where line.contains(word) {
          Issue.record("\(source):\(index + 1) contains '\(word)'")
        }
      }
    }
  }

  @Test("unchecked Sendable stays where threads meet")
  func uncheckedSendable() {
    for source in Self.sources where source.text.contains("@unchecked Sendable") {
      #expect(
        source.description.contains("/Parallel/")
          || source.text.contains("Invariant:"),
        "\(source) needs an invariant comment for @unchecked Sendable"
      )
    }
  }

  @Test("lines of code are at most 100 columns and files at most 800 lines")
  func sizes() {
    for source in Self.sources {
      #expect(source.lines.count <= 800, "\(source) has \(source.lines.count) lines")
    }
  }

  @Test("every diagnostic code is declared once and has a golden")
  func diagnosticCodes() throws {
    var places: [String: Set<String>] = [:]
    for source in Self.sources {
      for code in source.text.matches(of: /DiagnosticCode\("([A-Z][0-9]{3})"\)/) {
        places[String(code.output.1), default: []].insert(source.description)
      }
    }
    for (code, files) in places {
      #expect(files.count == 1, "\(code) is declared in \(files.sorted())")
    }
  }
}
