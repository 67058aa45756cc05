/// Lines of prose and names of columns that are broken between words, never within one.
enum WordWrapping {
  /// Breaks a line at its spaces; a word that is wider than the width has a line of its own.
  static func lines(_ text: String, width: Int?) -> [String] {
    guard let width, width > 0, DisplayWidth.of(text) > width else { return [text] }
    let indent = String(text.prefix { $0 == " " })
    var lines: [String] = []
    var line = indent
    var used = indent.count
    var isBlank = true
    for word in text.split(separator: " ", omittingEmptySubsequences: true) {
      let wide = DisplayWidth.of(String(word))
      if !isBlank, used + 1 + wide > width {
        lines.append(line)
        line = indent
        used = indent.count
        isBlank = true
      }
      if !isBlank {
        line += " "
        used += 1
      }
      line += word
      used += wide
      isBlank = false
    }
    lines.append(line)
    return lines
  }

  /// The words of a column's name, each with the `_` or space that ends it.
  static func words(ofName name: String) -> [String] {
    var words: [String] = []
    var word = ""
    for character in name {
      word.append(character)
      guard character == "_" || character == " " else { continue }
      words.append(word)
      word = ""
    }
    return word.isEmpty ? words : words + [word]
  }

  /// The lines of a column's name in a width; a word that does not fit is for the caller to shorten.
  static func lines(ofName name: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in words(ofName: name) {
      if !line.isEmpty, DisplayWidth.of(line + word) > width {
        lines.append(line)
        line = ""
      }
      line += word
    }
    return lines + [line]
  }
}
