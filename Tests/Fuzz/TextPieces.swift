/// Cuts a text into words, numbers, strings, symbols and space: what the mutator moves around.
///
/// It need not agree with the lexer; that it sometimes does not is welcome.
enum TextPieces {
  /// Cuts a text so that the pieces joined give it back.
  static func cut(_ text: [UInt8]) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var start = 0
    while start < text.count {
      var end = start + 1
      let first = text[start]
      if first == UInt8(ascii: "'") || first == UInt8(ascii: "\"") {
        while end < text.count, text[end] != first { end += 1 }
        end = min(end + 1, text.count)
      } else {
        let kind = Kind(first)
        while kind != .symbol, end < text.count, Kind(text[end]) == kind { end += 1 }
      }
      pieces.append(Array(text[start..<end]))
      start = end
    }
    return pieces
  }

  /// Whether a piece is a number.
  static func isNumber(_ piece: [UInt8]) -> Bool {
    piece.first.map { (48...57).contains($0) } ?? false
  }

  /// Whether a piece is a word.
  static func isWord(_ piece: [UInt8]) -> Bool {
    piece.first.map { Kind($0) == .word } ?? false && !isNumber(piece)
  }

  private enum Kind {
    case word
    case space
    case symbol

    init(_ byte: UInt8) {
      switch byte {
      case 48...57, 65...90, 95, 97...122, 128...: self = .word
      case 9, 10, 13, 32: self = .space
      default: self = .symbol
      }
    }
  }
}
