/// A value on its way into `format` or `printf`.
enum FormatValue {
  case integer(Int128)
  case number(Double, text: String)
  case text(String)
}

/// How one value is laid out, from either function's notation.
struct FormatSpecification {
  var fill: Unicode.Scalar = " "
  /// `<`, `>`, `^`, `=` (zeros between sign and digits); nil for the type's own side.
  var alignment: Unicode.Scalar?
  var showsPlus = false
  var showsSpace = false
  var showsPrefix = false
  var thousands: Unicode.Scalar?
  var width = 0
  var precision: Int?
  /// `d`, `x`, `f`, `e`, `s`, ...; nil for the value's own.
  var kind: Unicode.Scalar?

  /// The greatest width.
  static let maximumWidth = 10_000

  /// Returns the value laid out; the error says why it does not fit the specification.
  func format(_ value: FormatValue) throws(ExecutionError) -> String {
    let body: String
    var isNumber = true
    switch (value, kind) {
    case (.text(let text), nil), (.text(let text), "s"):
      isNumber = false
      body =
        precision.map { String(String.UnicodeScalarView(text.unicodeScalars.prefix($0))) } ?? text
    case (.integer(let integer), nil), (.integer(let integer), "d"), (.integer(let integer), "i"),
      (.integer(let integer), "u"), (.integer(let integer), "L"):
      body = grouped(String(integer))
    case (.integer(let integer), "x"): body = prefixed("0x", integer, 16)
    case (.integer(let integer), "X"): body = prefixed("0X", integer, 16).uppercased()
    case (.integer(let integer), "o"): body = prefixed("0", integer, 8)
    case (.integer(let integer), "b"): body = prefixed("0b", integer, 2)
    case (.integer(let integer), "c"):
      isNumber = false
      let scalar = UInt32(exactly: integer).flatMap { Unicode.Scalar($0) }
      body = String(scalar ?? "\u{FFFD}")
    case (.integer(let integer), "s"): body = grouped(String(integer))
    case (.number(_, let text), nil) where precision == nil: body = grouped(text)
    case (.number(_, let text), "s"): body = text
    case (.integer(let integer), let kind?): body = try real(Double(integer), kind)
    case (.number(let number, _), let kind): body = try real(number, kind ?? "g")
    case (.text, let kind?): throw mismatch("a text", kind)
    }
    return aligned(isNumber ? signed(body) : body, isNumber: isNumber)
  }

  private func real(_ value: Double, _ kind: Unicode.Scalar) throws(ExecutionError) -> String {
    let places = precision ?? 6
    switch kind {
    case "f", "F": return grouped(ExactDecimal.fixed(value, places: places))
    case "e": return ExactDecimal.scientific(value, places: places)
    case "E": return ExactDecimal.scientific(value, places: places).uppercased()
    case "g": return grouped(ExactDecimal.general(value, digits: places))
    case "G": return ExactDecimal.general(value, digits: places).uppercased()
    case "%": return ExactDecimal.fixed(value * 100, places: places) + "%"
    default: throw mismatch("a number with decimals", kind)
    }
  }

  private func mismatch(_ what: String, _ kind: Unicode.Scalar) -> ExecutionError {
    ExecutionError(.invalidArgument, "\(what) cannot be formatted with '\(kind)'")
  }

  private func prefixed(_ prefix: String, _ value: Int128, _ radix: Int) -> String {
    let digits = String(value.magnitude, radix: radix)
    return (value < 0 ? "-" : "") + (showsPrefix ? prefix : "") + digits
  }

  private func signed(_ body: String) -> String {
    guard !body.hasPrefix("-") else { return body }
    return showsPlus ? "+" + body : showsSpace ? " " + body : body
  }

  /// Puts the separator between groups of three digits of the whole part.
  private func grouped(_ text: String) -> String {
    guard let separator = thousands else { return text }
    let digits = text.unicodeScalars
    let start = digits.firstIndex { $0 >= "0" && $0 <= "9" } ?? digits.startIndex
    let end = digits[start...].firstIndex { !($0 >= "0" && $0 <= "9") } ?? digits.endIndex
    var whole = String.UnicodeScalarView()
    let count = digits.distance(from: start, to: end)
    for (offset, digit) in digits[start..<end].enumerated() {
      if offset > 0, (count - offset) % 3 == 0 { whole.append(separator) }
      whole.append(digit)
    }
    return String(digits[..<start]) + String(whole) + String(digits[end...])
  }

  private func aligned(_ body: String, isNumber: Bool) -> String {
    let missing = width - body.unicodeScalars.count
    guard missing > 0 else { return body }
    func filler(_ count: Int) -> String {
      String(String.UnicodeScalarView(repeatElement(fill, count: count)))
    }
    switch alignment ?? (isNumber ? ">" : "<") {
    case "<": return body + filler(missing)
    case "^": return filler(missing / 2) + body + filler(missing - missing / 2)
    case "=":
      let signLength = body.first.map { "+- ".contains($0) } ?? false ? 1 : 0
      return String(body.prefix(signLength)) + filler(missing) + String(body.dropFirst(signLength))
    default: return filler(missing) + body
    }
  }
}

/// A compiled format text: pieces of plain text and places for values.
struct FormatText {
  enum Piece {
    case text(String)
    case value(index: Int, FormatSpecification)
  }

  private(set) var pieces: [Piece] = []
  private var plain = ""

  /// Returns the text with the values in their places.
  func format(_ values: [FormatValue]) throws(ExecutionError) -> String {
    var result = ""
    for piece in pieces {
      switch piece {
      case .text(let text): result += text
      case .value(let index, let specification):
        guard index < values.count else {
          throw ExecutionError(
            .invalidArgument,
            "the format asks for value \(index + 1), but \(values.count) are given"
          )
        }
        result += try specification.format(values[index])
      }
    }
    return result
  }

  private mutating func endText() {
    if !plain.isEmpty { pieces.append(.text(plain)) }
    plain = ""
  }

  private static func failure(_ text: String, _ reason: String) -> ExecutionError {
    ExecutionError(.invalidArgument, "the format '\(text)' is wrong, because \(reason)")
  }

  private static func number(
    _ scalars: [Unicode.Scalar],
    _ position: inout Int,
    _ text: String
  ) throws(ExecutionError) -> Int? {
    var value: Int?
    while position < scalars.count, scalars[position] >= "0", scalars[position] <= "9" {
      value = (value ?? 0) * 10 + Int(scalars[position].value - 0x30)
      guard value ?? 0 <= FormatSpecification.maximumWidth else {
        throw failure(text, "a number in it exceeds \(FormatSpecification.maximumWidth)")
      }
      position += 1
    }
    return value
  }

  // MARK: - Braces

  /// Compiles `{}`, `{1}`, `{:>10.2f}`; `{{` and `}}` are braces.
  init(braces text: String) throws(ExecutionError) {
    let scalars = Array(text.unicodeScalars)
    var position = 0
    var nextIndex = 0
    while position < scalars.count {
      let scalar = scalars[position]
      position += 1
      let isDoubled = position < scalars.count && scalars[position] == scalar
      if scalar == "{", !isDoubled {
        endText()
        let index = try Self.number(scalars, &position, text)
        var specification = FormatSpecification()
        if position < scalars.count, scalars[position] == ":" {
          position += 1
          specification = try Self.specification(scalars, &position, text)
        }
        guard position < scalars.count, scalars[position] == "}" else {
          throw Self.failure(text, "a '{' is never closed, or holds something else")
        }
        position += 1
        pieces.append(.value(index: index ?? nextIndex, specification))
        if index == nil { nextIndex += 1 }
      } else if scalar == "{" || scalar == "}" {
        guard isDoubled else { throw Self.failure(text, "a '}' has no '{'") }
        position += 1
        plain.unicodeScalars.append(scalar)
      } else {
        plain.unicodeScalars.append(scalar)
      }
    }
    endText()
  }

  /// Parses specification → [ [ fill ] align ] [ sign ] [ "#" ] [ "0" ] [ width ] [ "," | "_" | "'"
  /// | "t" separator ] [ "." precision ] [ kind ].
  private static func specification(
    _ scalars: [Unicode.Scalar],
    _ position: inout Int,
    _ text: String
  ) throws(ExecutionError) -> FormatSpecification {
    var specification = FormatSpecification()
    func peek(_ offset: Int = 0) -> Unicode.Scalar? {
      position + offset < scalars.count ? scalars[position + offset] : nil
    }
    func isAlignment(_ scalar: Unicode.Scalar?) -> Bool {
      scalar.map { "<>^=".unicodeScalars.contains($0) } ?? false
    }
    if isAlignment(peek(1)), let fill = peek() {
      specification.fill = fill
      specification.alignment = peek(1)
      position += 2
    } else if isAlignment(peek()) {
      specification.alignment = peek()
      position += 1
    }
    if let sign = peek(), "+- ".unicodeScalars.contains(sign) {
      specification.showsPlus = sign == "+"
      specification.showsSpace = sign == " "
      position += 1
    }
    if peek() == "#" {
      specification.showsPrefix = true
      position += 1
    }
    if peek() == "0" {
      if specification.alignment == nil {
        specification.fill = "0"
        specification.alignment = "="
      }
      position += 1
    }
    specification.width = try number(scalars, &position, text) ?? 0
    if let separator = peek(), ",_'".unicodeScalars.contains(separator) {
      specification.thousands = separator
      position += 1
    } else if peek() == "t", let separator = peek(1), separator != "}" {
      specification.thousands = separator
      position += 2
    }
    if peek() == "." {
      position += 1
      specification.precision = try precision(scalars, &position, text)
    }
    if let kind = peek(), kind != "}" {
      specification.kind = kind
      position += 1
    }
    return specification
  }

  private static func precision(
    _ scalars: [Unicode.Scalar],
    _ position: inout Int,
    _ text: String
  ) throws(ExecutionError) -> Int {
    let precision = try number(scalars, &position, text) ?? 0
    guard precision <= ExactDecimal.maximumPlaces else {
      throw failure(text, "a precision exceeds \(ExactDecimal.maximumPlaces)")
    }
    return precision
  }

  // MARK: - Percent signs

  /// Compiles `%d`, `%-10s`, `%.2f`; `%%` is a percent sign.
  init(percents text: String) throws(ExecutionError) {
    let scalars = Array(text.unicodeScalars)
    var position = 0
    var nextIndex = 0
    while position < scalars.count {
      let scalar = scalars[position]
      position += 1
      guard scalar == "%" else {
        plain.unicodeScalars.append(scalar)
        continue
      }
      if position < scalars.count, scalars[position] == "%" {
        position += 1
        plain.unicodeScalars.append("%")
        continue
      }
      endText()
      var specification = FormatSpecification()
      specification.alignment = ">"
      flags: while position < scalars.count {
        switch scalars[position] {
        case "-": specification.alignment = "<"
        case "+": specification.showsPlus = true
        case " ": specification.showsSpace = true
        case "#": specification.showsPrefix = true
        case "0":
          if specification.alignment != "<" {
            specification.fill = "0"
            specification.alignment = "="
          }
        case ",", "'", "_": specification.thousands = scalars[position]
        default: break flags
        }
        position += 1
      }
      specification.width = try Self.number(scalars, &position, text) ?? 0
      if position < scalars.count, scalars[position] == "." {
        position += 1
        if position < scalars.count, "diu".unicodeScalars.contains(scalars[position]) {
          // No digits for the precision of a whole number: groups of three, as in DuckDB.
          specification.thousands = "."
        } else {
          specification.precision = try Self.precision(scalars, &position, text)
        }
      }
      while position < scalars.count, "lhqjzt".unicodeScalars.contains(scalars[position]) {
        position += 1
      }
      guard position < scalars.count else {
        throw Self.failure(text, "it ends inside a '%' place")
      }
      specification.kind = scalars[position]
      position += 1
      pieces.append(.value(index: nextIndex, specification))
      nextIndex += 1
    }
    endText()
  }
}
