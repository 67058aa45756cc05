import Foundation

/// The grammar as the parse functions' comments state it.
struct Grammar {
  /// An expression of the grammar's notation.
  indirect enum Rule {
    case terminal(String)
    case reference(String)
    case sequence([Rule])
    case choice([Rule])
    case optional(Rule)
    case repetition(Rule)
  }

  /// The parser's files in the order of the grammar.
  static let files = [
    "Script", "Statement", "Definition", "Sequence", "Model", "Metric", "Manipulation", "Merge",
    "Files",
    "Query",
    "Select", "From", "Sales", "SalesClauses", "Period", "Expression", "Primary", "Groups",
    "Literals",
    "Calls", "Types", "Names",
  ]

  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The productions, in order.
  let productions: [(name: String, text: String)]

  /// Reads the productions that the parse functions cite.
  init() throws {
    var productions: [(String, String)] = []
    for file in Self.files {
      let url = Self.root.appending(path: "Sources/TundishSyntax/Parser/Parser+\(file).swift")
      var current: (name: String, text: String)?
      for line in try String(contentsOf: url, encoding: .utf8).split(
        separator: "\n",
        omittingEmptySubsequences: false
      ) {
        let text = line.drop { $0 == " " }
        if let arrow = text.range(of: " → "), text.hasPrefix("/// ") {
          if let current { productions.append(current) }
          current = (
            String(text[..<arrow.lowerBound].dropFirst(4)), String(text[arrow.upperBound...])
          )
        } else if text.hasPrefix("///   "), current != nil {
          current?.text += " " + text.dropFirst(6)
        } else if let finished = current {
          productions.append(finished)
          current = nil
        }
      }
      if let current { productions.append(current) }
    }
    self.productions = productions.map { ($0.0, String($0.1.dropLast())) }
  }

  /// The text of `grammar/tundish.ebnf`.
  var ebnf: String {
    var text = """
      (* The grammar of Tundish, as the parse functions cite it, in their order. A test writes this
         file from Sources/TundishSyntax/Parser and compares the two. Tokens are in lexical.ebnf.

         Beyond it: lists of SQL may end in a comma; a clause of the sales door stands once, in any
         order; IF NOT EXISTS excludes OR REPLACE; in a sales-expression OVER outside parentheses
         is a clause, `50%` and `90 days` are values of WHERE and HAVING; trees nest to a limit. *)


      """
    for (name, production) in productions {
      var line = name + " ="
      for token in production.split(separator: " ") {
        if line.split(separator: "\n").last.map({ $0.count + token.count > 96 }) ?? false {
          line += "\n  " + token
        } else {
          line += " " + token
        }
      }
      text += line + " ;\n"
    }
    return text
  }

  /// The productions as rules.
  func rules() -> [String: Rule] {
    var rules: [String: Rule] = [:]
    for (name, text) in productions {
      var reader = Reader(tokens: text.split(separator: " ").map(String.init))
      rules[name] = reader.choice()
    }
    return rules
  }

  /// Reads the notation: every symbol stands between spaces.
  private struct Reader {
    var tokens: [String]
    var position = 0

    mutating func choice() -> Rule {
      var alternatives = [sequence()]
      while position < tokens.count, tokens[position] == "|" {
        position += 1
        alternatives.append(sequence())
      }
      return alternatives.count == 1 ? alternatives[0] : .choice(alternatives)
    }

    private mutating func sequence() -> Rule {
      var parts: [Rule] = []
      while position < tokens.count, !["|", ")", "]", "}"].contains(tokens[position]) {
        parts.append(item())
      }
      return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func item() -> Rule {
      let token = tokens[position]
      position += 1
      guard ["(", "[", "{"].contains(token) else {
        return token.hasPrefix("\"")
          ? .terminal(String(token.dropFirst().dropLast())) : .reference(token)
      }
      let inner = choice()
      position += 1
      switch token {
      case "[": return .optional(inner)
      case "{": return .repetition(inner)
      default: return inner
      }
    }
  }
}
