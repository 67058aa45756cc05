/// Reads JSON text (RFC 8259) where it stands, without building a tree.
///
/// Strict: what is not JSON is not read leniently. Nesting is bounded by `depthLimit`.
struct JSONText {
  static let depthLimit = 500

  /// The text; ranges of values refer to it.
  let bytes: [UInt8]

  /// The kinds of values.
  enum Kind: Sendable {
    case null
    case boolean
    case number
    case text
    case array
    case object
  }

  // MARK: - Checking

  /// Returns the range of the one value that a text holds; nil where it is not JSON.
  func value(in range: Range<Int>) -> Range<Int>? {
    let start = afterSpace(range.lowerBound, range.upperBound)
    guard let end = end(of: start, range.upperBound, depth: 0),
      afterSpace(end, range.upperBound) == range.upperBound
    else { return nil }
    return start..<end
  }

  /// The kind of a checked value.
  func kind(of value: Range<Int>) -> Kind {
    switch bytes[value.lowerBound] {
    case UInt8(ascii: "{"): .object
    case UInt8(ascii: "["): .array
    case UInt8(ascii: "\""): .text
    case UInt8(ascii: "t"), UInt8(ascii: "f"): .boolean
    case UInt8(ascii: "n"): .null
    default: .number
    }
  }

  private func afterSpace(_ position: Int, _ limit: Int) -> Int {
    var position = position
    while position < limit {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return position
      }
    }
    return position
  }

  /// Returns where the value that begins at a position ends; nil where there is none.
  private func end(of position: Int, _ limit: Int, depth: Int) -> Int? {
    guard position < limit, depth < Self.depthLimit else { return nil }
    switch bytes[position] {
    case UInt8(ascii: "{"):
      return endOfMembers(position, limit, depth, closing: UInt8(ascii: "}")) { start in
        guard let name = endOfText(start, limit) else { return nil }
        let colon = afterSpace(name, limit)
        guard colon < limit, bytes[colon] == UInt8(ascii: ":") else { return nil }
        return end(of: afterSpace(colon + 1, limit), limit, depth: depth + 1)
      }
    case UInt8(ascii: "["):
      return endOfMembers(position, limit, depth, closing: UInt8(ascii: "]")) { start in
        end(of: start, limit, depth: depth + 1)
      }
    case UInt8(ascii: "\""): return endOfText(position, limit)
    case UInt8(ascii: "t"): return endOfWord("true", position, limit)
    case UInt8(ascii: "f"): return endOfWord("false", position, limit)
    case UInt8(ascii: "n"): return endOfWord("null", position, limit)
    default: return endOfNumber(position, limit)
    }
  }

  private func endOfMembers(
    _ position: Int,
    _ limit: Int,
    _ depth: Int,
    closing: UInt8,
    _ member: (Int) -> Int?
  ) -> Int? {
    var next = afterSpace(position + 1, limit)
    if next < limit, bytes[next] == closing { return next + 1 }
    while let end = member(next) {
      next = afterSpace(end, limit)
      guard next < limit else { return nil }
      if bytes[next] == closing { return next + 1 }
      guard bytes[next] == UInt8(ascii: ",") else { return nil }
      next = afterSpace(next + 1, limit)
    }
    return nil
  }

  private func endOfWord(_ word: StaticString, _ position: Int, _ limit: Int) -> Int? {
    let expected = Array(word.description.utf8)
    guard position + expected.count <= limit,
      bytes[position..<position + expected.count].elementsEqual(expected)
    else { return nil }
    return position + expected.count
  }

  private func endOfText(_ position: Int, _ limit: Int) -> Int? {
    guard position < limit, bytes[position] == UInt8(ascii: "\"") else { return nil }
    var next = position + 1
    while next < limit {
      switch bytes[next] {
      case UInt8(ascii: "\""): return next + 1
      case 0..<0x20: return nil
      case UInt8(ascii: "\\"):
        guard next + 1 < limit else { return nil }
        switch bytes[next + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
          UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
          next += 2
        case UInt8(ascii: "u"):
          guard next + 6 <= limit, hexadecimal(next + 2) != nil else { return nil }
          next += 6
        default: return nil
        }
      default: next += 1
      }
    }
    return nil
  }

  private func hexadecimal(_ position: Int) -> UInt32? {
    var value: UInt32 = 0
    for offset in 0..<4 {
      let scalar = Unicode.Scalar(bytes[position + offset])
      guard scalar.isASCII, let digit = Character(scalar).hexDigitValue else { return nil }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  private func endOfNumber(_ position: Int, _ limit: Int) -> Int? {
    var next = position
    func digits() -> Int {
      let start = next
      while next < limit, bytes[next] >= 0x30, bytes[next] <= 0x39 { next += 1 }
      return next - start
    }
    if bytes[next] == UInt8(ascii: "-") { next += 1 }
    let start = next
    let whole = digits()
    guard whole > 0, whole == 1 || bytes[start] != UInt8(ascii: "0") else { return nil }
    if next < limit, bytes[next] == UInt8(ascii: ".") {
      next += 1
      guard digits() > 0 else { return nil }
    }
    if next < limit, bytes[next] | 0x20 == UInt8(ascii: "e") {
      next += 1
      if next < limit, bytes[next] == UInt8(ascii: "+") || bytes[next] == UInt8(ascii: "-") {
        next += 1
      }
      guard digits() > 0 else { return nil }
    }
    return next
  }

  // MARK: - Members

  /// Calls a function with each element of a checked array, or member of a checked object, until it
  /// returns false; `name` is the range of the member's name with its quotes.
  func forEach(in value: Range<Int>, _ body: (_ name: Range<Int>?, Range<Int>) -> Bool) {
    let isObject = kind(of: value) == .object
    let limit = value.upperBound
    var next = afterSpace(value.lowerBound + 1, limit)
    while next < limit - 1 {
      var name: Range<Int>?
      if isObject {
        guard let end = endOfText(next, limit) else { return }
        name = next..<end
        next = afterSpace(afterSpace(end, limit) + 1, limit)
      }
      guard let end = end(of: next, limit, depth: 0), body(name, next..<end) else { return }
      next = afterSpace(afterSpace(end, limit) + 1, limit)
    }
  }

  /// The number of elements of a checked array or members of a checked object.
  func count(of value: Range<Int>) -> Int {
    var count = 0
    forEach(in: value) { _, _ in
      count += 1
      return true
    }
    return count
  }

  /// Returns what a path leads to; nil where there is nothing.
  func find(_ path: JSONPath, in value: Range<Int>) -> Range<Int>? {
    var current = value
    for step in path.steps {
      var found: Range<Int>?
      switch (step, kind(of: current)) {
      case (.member(let name), .object):
        forEach(in: current) { candidate, value in
          guard let candidate, text(candidate) == name else { return true }
          found = value
          return false
        }
      case (.element(let index), .array):
        let position = index < 0 ? count(of: current) + index : index
        var seen = 0
        forEach(in: current) { _, value in
          if seen == position { found = value }
          seen += 1
          return found == nil
        }
      default: return nil
      }
      guard let found else { return nil }
      current = found
    }
    return current
  }

  /// Returns all that a path with wildcards leads to, each once, in the order of the text's parts.
  func findAll(_ path: JSONPath, in value: Range<Int>) -> [Range<Int>] {
    var current = [value]
    for step in path.steps {
      var found: [Range<Int>] = []
      var seen: Set<Range<Int>> = []
      for value in current {
        switch step {
        case .member, .element:
          if let part = find(JSONPath(step), in: value) { found.append(part) }
        case .everyMember: if kind(of: value) == .object { found += children(of: value) }
        case .everyElement: if kind(of: value) == .array { found += children(of: value) }
        case .everyChild: found += children(of: value)
        case .descendants: found += containers(in: value).filter { seen.insert($0).inserted }
        }
      }
      current = found
    }
    return current
  }

  private func children(of value: Range<Int>) -> [Range<Int>] {
    switch kind(of: value) {
    case .null, .boolean, .number, .text: return []
    case .array, .object: break
    }
    var children: [Range<Int>] = []
    forEach(in: value) { _, child in
      children.append(child)
      return true
    }
    return children
  }

  /// The value and the arrays and objects inside it, each before what is in it.
  private func containers(in value: Range<Int>) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var pending = [value]
    while let next = pending.popLast() {
      switch kind(of: next) {
      case .null, .boolean, .number, .text: continue
      case .array, .object:
        found.append(next)
        pending += children(of: next).reversed()
      }
    }
    return found
  }

  // MARK: - Writing

  /// Returns the bytes that a checked text stands for, its range with the quotes.
  func text(_ value: Range<Int>) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(value.count)
    var next = value.lowerBound + 1
    while next < value.upperBound - 1 {
      let byte = bytes[next]
      guard byte == UInt8(ascii: "\\") else {
        text.append(byte)
        next += 1
        continue
      }
      switch bytes[next + 1] {
      case UInt8(ascii: "b"): text.append(0x08)
      case UInt8(ascii: "f"): text.append(0x0C)
      case UInt8(ascii: "n"): text.append(0x0A)
      case UInt8(ascii: "r"): text.append(0x0D)
      case UInt8(ascii: "t"): text.append(0x09)
      case UInt8(ascii: "u"):
        var value32 = hexadecimal(next + 2) ?? 0xFFFD
        if value32 & 0xFC00 == 0xD800, next + 12 <= value.upperBound,
          bytes[next + 6] == UInt8(ascii: "\\"), bytes[next + 7] == UInt8(ascii: "u"),
          let low = hexadecimal(next + 8), low & 0xFC00 == 0xDC00
        {
          value32 = 0x10000 + (value32 & 0x3FF) << 10 + low & 0x3FF
          next += 6
        }
        text.append(contentsOf: String(Unicode.Scalar(value32) ?? "\u{FFFD}").utf8)
        next += 4
      default: text.append(bytes[next + 1])
      }
      next += 2
    }
    return text
  }

  /// Appends a checked value without spaces between its parts.
  func append(_ value: Range<Int>, to output: inout TextOutput) {
    var next = value.lowerBound
    while next < value.upperBound {
      if bytes[next] == UInt8(ascii: "\""), let end = endOfText(next, value.upperBound) {
        output.append(contentsOf: bytes[next..<end])
        next = end
      } else {
        if bytes[next] > 0x20 { output.append(bytes[next]) }
        next += 1
      }
    }
  }

  /// Appends a text in quotes, escaped.
  static func append(quoting text: some Sequence<UInt8>, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    for byte in text {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        output.append(UInt8(ascii: "\\"))
        output.append(byte)
      case 0x0A: output.append(contentsOf: "\\n".utf8)
      case 0x0D: output.append(contentsOf: "\\r".utf8)
      case 0x09: output.append(contentsOf: "\\t".utf8)
      case 0..<0x20:
        output.append(contentsOf: "\\u00".utf8)
        output.append(BlobText.hexadecimalDigit(byte >> 4) | 0x20)
        output.append(BlobText.hexadecimalDigit(byte & 15) | 0x20)
      default: output.append(byte)
      }
    }
    output.append(UInt8(ascii: "\""))
  }
}
