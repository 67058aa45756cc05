/// Cuts a text into tokens.
///
/// It never fails: what cannot be a token is reported and skipped, an open string or comment ends
/// with the text. Ranges are byte offsets, and the bytes are UTF-8 by the type of the text.
struct Lexer {
  /// What a text consists of.
  struct Output {
    /// The tokens without comments; the last is `end`.
    var tokens: [Token] = []
    /// The comments.
    var comments: [Token] = []
    /// What is wrong.
    var diagnostics: [Diagnostic] = []
    /// The string, quoted name or comment that the text ends inside of: `'`, `"`, `$$`, `/*`.
    var openConstruct: String?
    /// Whether the text ends in a backslash that asks for another line.
    var endsInContinuation = false
  }

  /// Longer texts are refused, so that offsets and counts stay far from any limit.
  static let maximumByteCount = 1 << 28

  private let bytes: [UInt8]
  private var position = 0
  private var output = Output()
  private var startsLine = true
  private var previousEnd = -1

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Returns the tokens of a text.
  static func lex(_ bytes: [UInt8]) -> Output {
    guard bytes.count <= maximumByteCount else {
      let end = Token(
        kind: .end,
        range: SourceRange(0, 0),
        keyword: nil,
        startsLine: true,
        touchesPrevious: false
      )
      return Output(
        tokens: [end],
        diagnostics: [.textTooLong(bytes.count, limit: maximumByteCount)]
      )
    }
    var lexer = Lexer(bytes)
    lexer.run()
    return lexer.output
  }

  private mutating func run() {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    while position < bytes.count {
      if !skipTrivia() { lexToken() }
    }
    position = bytes.count
    append(.end, from: bytes.count)
  }

  // MARK: - Between tokens

  /// Skips one space, line end, continuation or comment; returns whether there was one.
  private mutating func skipTrivia() -> Bool {
    switch bytes[position] {
    case UInt8(ascii: "\n"):
      startsLine = true
      position += 1
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), 0x0B, 0x0C:
      position += 1
    case 0xC2 where byte(at: 1) == 0xA0:
      position += 2
    case UInt8(ascii: "\\"):
      return skipContinuation()
    case UInt8(ascii: "-") where byte(at: 1) == UInt8(ascii: "-"):
      skipLineComment()
    case UInt8(ascii: "/") where byte(at: 1) == UInt8(ascii: "*"):
      skipBlockComment()
    default:
      return false
    }
    return true
  }

  /// A backslash at the end of a line joins it with the next one.
  private mutating func skipContinuation() -> Bool {
    var end = position + 1
    while end < bytes.count, [0x20, 0x09, 0x0D].contains(bytes[end]) { end += 1 }
    guard end == bytes.count || bytes[end] == UInt8(ascii: "\n") else { return false }
    output.endsInContinuation = end >= bytes.count - 1
    position = min(end + 1, bytes.count)
    return true
  }

  private mutating func skipLineComment() {
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
    appendComment(from: start)
  }

  private mutating func skipBlockComment() {
    let start = position
    var depth = 0
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "/"), byte(at: 1) == UInt8(ascii: "*") {
        depth += 1
        position += 2
      } else if bytes[position] == UInt8(ascii: "*"), byte(at: 1) == UInt8(ascii: "/") {
        depth -= 1
        position += 2
        if depth == 0 { break }
      } else {
        position += 1
      }
    }
    if depth > 0 {
      output.openConstruct = "/*"
      output.diagnostics.append(.unclosedComment(at: SourceRange(start, start + 2)))
    }
    appendComment(from: start)
  }

  // MARK: - Tokens

  private mutating func lexToken() {
    let start = position
    let first = bytes[position]
    switch first {
    case UInt8(ascii: "'"):
      lexString(from: start, escapes: false)
    case UInt8(ascii: "e") where byte(at: 1) == UInt8(ascii: "'"),
      UInt8(ascii: "E") where byte(at: 1) == UInt8(ascii: "'"):
      position += 1
      lexString(from: start, escapes: true)
    case UInt8(ascii: "x") where byte(at: 1) == UInt8(ascii: "'"),
      UInt8(ascii: "X") where byte(at: 1) == UInt8(ascii: "'"):
      position += 1
      lexBlob(from: start)
    case UInt8(ascii: "\""):
      lexQuotedName(from: start)
    case UInt8(ascii: "$"):
      lexDollar(from: start)
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      lexNumber(from: start)
    case UInt8(ascii: ".") where byte(at: 1).map(Self.isDigit) ?? false:
      lexNumber(from: start)
    case UInt8(ascii: "#") where byte(at: 1).map(Self.isDigit) ?? false:
      lexPosition(from: start)
    default:
      if Self.isNameStart(first) { lexWord(from: start) } else { lexSymbol(from: start) }
    }
  }

  private mutating func lexWord(from start: Int) {
    if let straight = curlyQuote(at: position) {
      position += 3
      output.diagnostics.append(.curlyQuote(straight, at: SourceRange(start, position)))
      append(.unknown, from: start)
      return
    }
    while position < bytes.count, Self.isNamePart(bytes[position]),
      curlyQuote(at: position) == nil,
      !(bytes[position] == 0xC2 && byte(at: 1) == 0xA0)
    {
      position += 1
    }
    append(.word, from: start, keyword: Keyword.matching(bytes[start..<position]))
  }

  /// `#1`: a name for the column at a position.
  private mutating func lexPosition(from start: Int) {
    position += 1
    while position < bytes.count, Self.isDigit(bytes[position]) { position += 1 }
    append(.word, from: start)
    reportJunk(after: start)
  }

  private mutating func lexSymbol(from start: Int) {
    guard let symbol = Symbol.longest(in: bytes[position...]) else {
      // A run of one character is one mistake, such as a file of zero bytes.
      while position < bytes.count, bytes[position] == bytes[start] { position += 1 }
      output.diagnostics.append(
        .unknownCharacter(Unicode.Scalar(bytes[start]), at: SourceRange(start, position))
      )
      append(.unknown, from: start)
      return
    }
    position += symbol.rawValue.utf8.count
    append(.symbol(symbol), from: start)
  }

  private mutating func lexString(from start: Int, escapes: Bool) {
    position += 1
    var isClosed = false
    while position < bytes.count {
      if escapes, bytes[position] == UInt8(ascii: "\\") {
        position += 2
      } else if bytes[position] == UInt8(ascii: "'") {
        position += 1
        guard position < bytes.count, bytes[position] == UInt8(ascii: "'") else {
          isClosed = true
          break
        }
        position += 1
      } else {
        position += 1
      }
    }
    position = min(position, bytes.count)
    if !isClosed { reportOpen("'", .unclosedString(at: openingRange(start))) }
    append(.string, from: start)
  }

  private mutating func lexBlob(from start: Int) {
    position += 1
    let digits = position
    while position < bytes.count, bytes[position] != UInt8(ascii: "'") { position += 1 }
    if position == bytes.count {
      reportOpen("'", .unclosedString(at: openingRange(start)))
    } else {
      position += 1
      let isHexadecimal = bytes[digits..<position - 1].allSatisfy { Self.hexValue($0) != nil }
      if !isHexadecimal || (position - 1 - digits) % 2 != 0 {
        output.diagnostics.append(.malformedBlob(at: SourceRange(start, position)))
      }
    }
    append(.blob, from: start)
  }

  private mutating func lexQuotedName(from start: Int) {
    position += 1
    var isClosed = false
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "\"") {
        position += 1
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
          isClosed = true
          break
        }
        position += 1
      } else {
        position += 1
      }
    }
    if !isClosed {
      reportOpen("\"", .unclosedName(at: openingRange(start)))
    } else if position - start == 2 {
      output.diagnostics.append(.emptyName(at: SourceRange(start, position)))
    }
    append(.quotedName, from: start)
  }

  /// `$1`, `$name`, `$$text$$`, `$tag$text$tag$`.
  private mutating func lexDollar(from start: Int) {
    position += 1
    while position < bytes.count, Self.isNamePart(bytes[position]),
      bytes[position] != UInt8(ascii: "$")
    {
      position += 1
    }
    let isNumbered = position > start + 1 && Self.isDigit(bytes[start + 1])
    if !isNumbered, position < bytes.count, bytes[position] == UInt8(ascii: "$") {
      position += 1
      lexDollarString(from: start, tag: Array(bytes[start..<position]))
    } else if position == start + 1 {
      output.diagnostics.append(.loneDollar(at: SourceRange(start, position)))
      append(.unknown, from: start)
    } else {
      if isNumbered, !bytes[(start + 1)..<position].allSatisfy(Self.isDigit) {
        output.diagnostics.append(.loneDollar(at: SourceRange(start, position)))
      }
      append(.parameter, from: start)
    }
  }

  private mutating func lexDollarString(from start: Int, tag: [UInt8]) {
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "$"), bytes[position...].starts(with: tag) {
        position += tag.count
        append(.string, from: start)
        return
      }
      position += 1
    }
    let opening = String(decoding: tag, as: UTF8.self)
    reportOpen(opening, .unclosedString(at: SourceRange(start, start + tag.count)))
    append(.string, from: start)
  }

  // MARK: - Numbers

  /// `42`, `1_000`, `0xff`, `1.5`, `.5`, `1.5e3`; the point of `1..5` belongs to `..`.
  private mutating func lexNumber(from start: Int) {
    if lexPrefixedInteger(from: start) { return }
    skipDigits()
    var kind = Token.Kind.integer
    if position < bytes.count, bytes[position] == UInt8(ascii: "."),
      byte(at: 1) != UInt8(ascii: ".")
    {
      kind = .decimal
      position += 1
      if position < bytes.count, Self.isDigit(bytes[position]) { skipDigits() }
    }
    if let next = byte(at: 0), next | 0x20 == UInt8(ascii: "e") {
      let isSigned = byte(at: 1) == UInt8(ascii: "+") || byte(at: 1) == UInt8(ascii: "-")
      if byte(at: isSigned ? 2 : 1).map(Self.isDigit) ?? false {
        kind = .double
        position += isSigned ? 2 : 1
        skipDigits()
      }
    }
    append(kind, from: start)
    reportJunk(after: start)
  }

  private mutating func lexPrefixedInteger(from start: Int) -> Bool {
    guard bytes[start] == UInt8(ascii: "0"), let letter = byte(at: 1),
      let radix = [UInt8(ascii: "x"): 16, UInt8(ascii: "o"): 8, UInt8(ascii: "b"): 2][
        letter | 0x20
      ],
      let digit = byte(at: 2).flatMap(Self.hexValue), digit < radix
    else { return false }
    position += 2
    while position < bytes.count {
      let isDigit = Self.hexValue(bytes[position]).map { $0 < radix } ?? false
      guard isDigit || bytes[position] == UInt8(ascii: "_") else { break }
      position += 1
    }
    append(.integer, from: start)
    reportJunk(after: start)
    return true
  }

  /// Digits with single underscores between them.
  private mutating func skipDigits() {
    while position < bytes.count {
      if Self.isDigit(bytes[position]) {
        position += 1
      } else if bytes[position] == UInt8(ascii: "_"), byte(at: 1).map(Self.isDigit) ?? false {
        position += 1
      } else {
        break
      }
    }
  }

  /// A word that touches a number: `90days`.
  private mutating func reportJunk(after start: Int) {
    guard let next = byte(at: 0), Self.isNameStart(next), curlyQuote(at: position) == nil,
      !(next == 0xC2 && byte(at: 1) == 0xA0)
    else { return }
    var end = position
    while end < bytes.count, Self.isNamePart(bytes[end]) { end += 1 }
    output.diagnostics.append(
      .wordTouchesNumber(at: SourceRange(start, end), insertAt: position)
    )
  }

  // MARK: - Helpers

  private func byte(at offset: Int) -> UInt8? {
    position + offset < bytes.count ? bytes[position + offset] : nil
  }

  private func openingRange(_ start: Int) -> SourceRange {
    SourceRange(start, min(start + 1, bytes.count))
  }

  private mutating func reportOpen(_ construct: String, _ diagnostic: Diagnostic) {
    output.openConstruct = construct
    output.diagnostics.append(diagnostic)
  }

  /// The straight quote that a typographic one was meant to be.
  private func curlyQuote(at offset: Int) -> Character? {
    guard offset + 2 < bytes.count, bytes[offset] == 0xE2, bytes[offset + 1] == 0x80 else {
      return nil
    }
    switch bytes[offset + 2] {
    case 0x98, 0x99: return "'"
    case 0x9C, 0x9D: return "\""
    default: return nil
    }
  }

  private mutating func append(_ kind: Token.Kind, from start: Int, keyword: Keyword? = nil) {
    output.tokens.append(
      Token(
        kind: kind,
        range: SourceRange(start, position),
        keyword: keyword,
        startsLine: startsLine,
        touchesPrevious: previousEnd == start
      )
    )
    startsLine = false
    previousEnd = position
    if start < position { output.endsInContinuation = false }
  }

  private mutating func appendComment(from start: Int) {
    output.comments.append(
      Token(
        kind: .comment,
        range: SourceRange(start, position),
        keyword: nil,
        startsLine: startsLine,
        touchesPrevious: previousEnd == start
      )
    )
  }

  static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  static func isNameStart(_ byte: UInt8) -> Bool {
    let lower = byte | 0x20
    return (lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z") && byte < 0x80)
      || byte == UInt8(ascii: "_") || byte >= 0x80
  }

  static func isNamePart(_ byte: UInt8) -> Bool {
    isNameStart(byte) || isDigit(byte) || byte == UInt8(ascii: "$")
  }

  static func hexValue(_ byte: UInt8) -> Int? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte - UInt8(ascii: "A")) + 10
    default: nil
    }
  }
}
