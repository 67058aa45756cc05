/// Prints diagnostics for people and for programs.
///
/// ```
/// error[B012]: no metric named 'win_rat'; did you mean 'win_rate'?
///   1 | win_rat by owner
///     | ^^^^^^^
/// ```
package struct DiagnosticRenderer: Sendable {
  /// Lines wider than this are shown as a window around the wrong range.
  static let maximumWidth = 100
  /// How many bytes on each side of a range's ends are looked at.
  private static let reach = 512
  /// Columns that a tab is shown as.
  private static let tabWidth = 2

  private let lines: LineTable
  private let origin: String?
  private let linesBefore: Int

  /// Creates a renderer of diagnostics about a text; `origin` names the file that it comes from, and
  /// `firstLine` is the text's first line in that.
  package init(text: String, origin: String? = nil, firstLine: Int = 1) {
    lines = LineTable(text)
    self.origin = origin
    linesBefore = firstLine - 1
  }

  /// Returns the diagnostics as text, each ending in a newline.
  package func render(_ diagnostics: [Diagnostic]) -> String {
    diagnostics.map(render).joined()
  }

  /// Returns a diagnostic as text that ends in a newline.
  package func render(_ diagnostic: Diagnostic) -> String {
    var output = "\(diagnostic.severity.rawValue)[\(diagnostic.code)]: \(diagnostic.message)\n"
    if let range = diagnostic.range { output += excerpt(range) }
    for note in diagnostic.notes { output += "help: \(note)\n" }
    // A message such as "did you mean 'win_rate'?" has already said what the fix would do.
    if let fix = diagnostic.fix, !diagnostic.message.contains("'\(fix.replacement)'") {
      output += "help: \(help(fix))\n"
    }
    return output
  }

  /// Returns the diagnostics as a JSON array on one line.
  package func json(_ diagnostics: [Diagnostic]) -> String {
    "[" + diagnostics.map(json).joined(separator: ",") + "]"
  }

  /// Returns a diagnostic as a JSON object on one line.
  package func json(_ diagnostic: Diagnostic) -> String {
    var members = [
      "\"severity\":\(quoted(diagnostic.severity.rawValue))",
      "\"code\":\(quoted(diagnostic.code.rawValue))",
      "\"message\":\(quoted(diagnostic.message))",
    ]
    if let origin { members.append("\"file\":\(quoted(origin))") }
    if let range = diagnostic.range { members.append("\"range\":\(json(range))") }
    let notes = diagnostic.notes.map(quoted).joined(separator: ",")
    members.append("\"notes\":[\(notes)]")
    if let fix = diagnostic.fix {
      let replacement = quoted(fix.replacement)
      members.append("\"fix\":{\"range\":\(json(fix.range)),\"replacement\":\(replacement)}")
    }
    return "{" + members.joined(separator: ",") + "}"
  }

  // MARK: - Excerpts

  /// The line that holds the range's start, and the carets under the range.
  private func excerpt(_ range: SourceRange) -> String {
    let number = lines.line(at: min(range.lowerBound, lines.bytes.count))
    let line = lines.range(ofLine: number)
    let start = min(max(range.lowerBound, line.lowerBound), line.upperBound)
    let end = min(max(range.upperBound, start), line.upperBound)
    // What is far from the range is cut off by the window; a line may be megabytes long.
    var before = shown(boundary(max(line.lowerBound, start - Self.reach)), start)
    var marked = shown(start, boundary(min(end, start + Self.reach)))
    var after = shown(end, boundary(min(line.upperBound, end + Self.reach)))
    window(&before, &marked, &after)
    let label = String(linesBefore + number)
    let margin = String(repeating: " ", count: max(0, 3 - label.count)) + label
    let gutter = String(repeating: " ", count: margin.count)
    let carets = String(repeating: "^", count: max(1, DisplayWidth.of(marked)))
    let indent = String(repeating: " ", count: DisplayWidth.of(before))
    var output = ""
    if let origin { output += "\(gutter)--> \(origin):\(label):\(lines.column(at: start))\n" }
    output += trimmed("\(margin) | \(before)\(marked)\(after)") + "\n"
    return output + "\(gutter) | \(indent)\(carets)\n"
  }

  /// The offset, or the next one at which a character begins.
  private func boundary(_ offset: Int) -> Int {
    var offset = offset
    while offset < lines.bytes.count, lines.bytes[offset] & 0xC0 == 0x80 { offset += 1 }
    return offset
  }

  /// Cuts a long line so that the marked part stays visible, with `...` where text is left out.
  private func window(_ before: inout String, _ marked: inout String, _ after: inout String) {
    let limit = Self.maximumWidth
    guard DisplayWidth.of(before) + DisplayWidth.of(marked) + DisplayWidth.of(after) > limit else {
      return
    }
    if DisplayWidth.of(marked) > limit - 20 { marked = prefix(marked, width: limit - 23) + "..." }
    let room = limit - DisplayWidth.of(marked)
    let wantedAfter = min(DisplayWidth.of(after), max(room / 3, room - DisplayWidth.of(before)))
    if DisplayWidth.of(after) > wantedAfter {
      after = prefix(after, width: max(0, wantedAfter - 3)) + "..."
    }
    let roomBefore = room - DisplayWidth.of(after)
    if DisplayWidth.of(before) > roomBefore {
      before = "..." + suffix(before, width: max(0, roomBefore - 3))
    }
  }

  private func prefix(_ text: String, width: Int) -> String {
    var used = 0
    return String(
      text.prefix { character in
        used += DisplayWidth.of(character)
        return used <= width
      }
    )
  }

  private func suffix(_ text: String, width: Int) -> String {
    String(prefix(String(text.reversed()), width: width).reversed())
  }

  /// The text of a byte range as a terminal can show it: tabs as spaces, controls as `?`.
  private func shown(_ lower: Int, _ upper: Int) -> String {
    let text = String(decoding: lines.bytes[lower..<upper], as: UTF8.self)
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
    var output = ""
    for character in text {
      if character == "\t" {
        output += String(repeating: " ", count: Self.tabWidth)
      } else if let byte = character.asciiValue, byte < 0x20 || byte == 0x7F {
        output += "?"
      } else {
        output.append(character)
      }
    }
    return output
  }

  private func trimmed(_ text: String) -> String {
    var text = text
    while text.last == " " { text.removeLast() }
    return text
  }

  private func help(_ fix: Diagnostic.Fix) -> String {
    let lower = min(fix.range.lowerBound, lines.bytes.count)
    let upper = min(max(fix.range.upperBound, lower), lines.bytes.count)
    let old = String(decoding: lines.bytes[lower..<upper], as: UTF8.self)
    if old.isEmpty { return "insert '\(fix.replacement)'" }
    return fix.replacement.isEmpty ? "remove '\(old)'" : "write '\(fix.replacement)'"
  }

  // MARK: - JSON

  private func json(_ range: SourceRange) -> String {
    let start = min(range.lowerBound, lines.bytes.count)
    let line = linesBefore + lines.line(at: start)
    let position = "\"line\":\(line),\"column\":\(lines.column(at: start))"
    return "{\"start\":\(range.lowerBound),\"end\":\(range.upperBound),\(position)}"
  }

  private func quoted(_ text: String) -> String {
    let hexadecimal = Array("0123456789abcdef")
    var output = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case "\n": output += "\\n"
      case "\r": output += "\\r"
      case "\t": output += "\\t"
      default:
        if scalar.value < 0x20 {
          output += "\\u00"
          output.append(hexadecimal[Int(scalar.value >> 4)])
          output.append(hexadecimal[Int(scalar.value & 15)])
        } else {
          output.unicodeScalars.append(scalar)
        }
      }
    }
    return output + "\""
  }
}
