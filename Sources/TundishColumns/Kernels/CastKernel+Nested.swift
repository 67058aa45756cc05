extension CastKernel {
  /// Converts the elements of lists.
  func fromList() throws(ExecutionError) -> Column {
    guard case .list(let lists) = column.data, case .list(let element) = target else {
      throw unsupported
    }
    // Elements that no valid row refers to must not fail, so only those referred to are converted.
    var rows: [Int32] = []
    var ranges: [Range<Int32>] = []
    for (slot, range) in lists.ranges.enumerated() {
      let start = Int32(rows.count)
      if column.validity?[slot] ?? true { rows.append(contentsOf: range) }
      ranges.append(start..<Int32(rows.count))
    }
    let child = try Cast.convert(
      lists.child.gathered(rows),
      to: element,
      isTry: isTry,
      context: input.context
    )
    return input.column(
      .list(ListVector(ranges: ranges, child: child.flattened())),
      validity: column.validity,
      isConstant: column.isConstant
    )
  }

  /// Converts the members of structs, matched by name, else by position.
  func fromStructure(_ fields: [StructField]) throws(ExecutionError) -> Column {
    guard case .structure(let members, let count) = column.data,
      case .structure(let targets) = target,
      let positions = Self.memberPositions(from: fields, to: targets)
    else { throw unsupported }
    var columns: [Column] = []
    for (field, position) in zip(targets, positions) {
      guard let position else {
        columns.append(Column.nulls(type: field.type, count: count).expanded())
        continue
      }
      let mask = column.validity
      let member = mask.map { members[position].masked(by: $0) } ?? members[position]
      let converted = try Cast.convert(
        member,
        to: field.type,
        isTry: isTry,
        context: input.context
      )
      columns.append(converted.flattened())
    }
    return input.column(
      .structure(columns, count: count),
      validity: column.validity,
      isConstant: column.isConstant
    )
  }

  /// For each target member the source member it comes from, nil for none; nil in all where there
  /// is no conversion.
  static func memberPositions(from source: [StructField], to target: [StructField]) -> [Int?]? {
    var positions = target.map { field in
      source.firstIndex { foldedKey($0.name) == foldedKey(field.name) }
    }
    // A row has as many values as its type has.
    if source.isRow, target.isRow, source.count != target.count { return nil }
    if source.isRow != target.isRow {
      // Without names, `row(1, 2)`, members go by position.
      guard source.count == target.count else { return nil }
      positions = source.indices.map { $0 }
    } else if positions.allSatisfy({ $0 == nil }) {
      return nil
    }
    for (i, position) in positions.enumerated() {
      guard let position else { continue }
      guard Cast.isPossible(from: source[position].type, to: target[i].type) else { return nil }
    }
    return positions
  }
}

/// Takes apart the text of lists and structs.
enum NestedText {
  /// The texts of the elements of `[a, 'b', NULL]`; nil if it is no list.
  static func listItems(_ bytes: Span<UInt8>) -> [String?]? {
    items(bytes, between: 0x5B, and: 0x5D)
  }

  /// The texts of the values of `(a, 'b', NULL)`; nil if it is no row.
  ///
  /// One value may have a comma behind it, as rows of one are written: `(a,)`.
  static func rowItems(_ bytes: Span<UInt8>) -> [String?]? {
    guard let found = items(bytes, between: 0x28, and: 0x29) else { return nil }
    let range = NumberScanner.trimmed(bytes)
    let inner = range.lowerBound + 1..<range.upperBound - 1
    let end = inner.last { bytes[$0] != 0x20 }
    let isOne = found.count == 2 && end.map { bytes[$0] == 0x2C } ?? false
    return isOne ? [found[0]] : found
  }

  private static func items(
    _ bytes: Span<UInt8>,
    between open: UInt8,
    and close: UInt8
  ) -> [String?]? {
    let range = NumberScanner.trimmed(bytes)
    guard range.count >= 2, bytes[range.lowerBound] == open, bytes[range.upperBound - 1] == close
    else { return nil }
    let inner = range.lowerBound + 1..<range.upperBound - 1
    guard let pieces = split(bytes, inner) else { return nil }
    return pieces.map { text(bytes, $0) }
  }

  /// The names and texts of the members of `{'a': 1, b: x}`; nil if it is no struct.
  static func members(_ bytes: Span<UInt8>) -> [(name: String, text: String?)]? {
    let range = NumberScanner.trimmed(bytes)
    guard range.count >= 2, bytes[range.lowerBound] == 0x7B, bytes[range.upperBound - 1] == 0x7D
    else { return nil }
    let inner = range.lowerBound + 1..<range.upperBound - 1
    guard let pieces = split(bytes, inner) else { return nil }
    var members: [(name: String, text: String?)] = []
    for piece in pieces {
      guard let colon = colon(bytes, piece),
        let name = text(bytes, piece.lowerBound..<colon)
      else { return nil }
      members.append((name, text(bytes, colon + 1..<piece.upperBound)))
    }
    return members
  }

  /// The texts of the keys and values of `{a=1, 'b c'=x}`, or of an object of JSON; nil if it is no
  /// map.
  static func entries(_ bytes: Span<UInt8>) -> [(key: String?, value: String?)]? {
    let range = NumberScanner.trimmed(bytes)
    guard range.count >= 2, bytes[range.lowerBound] == 0x7B, bytes[range.upperBound - 1] == 0x7D
    else { return nil }
    let inner = range.lowerBound + 1..<range.upperBound - 1
    guard let pieces = split(bytes, inner) else { return nil }
    var entries: [(key: String?, value: String?)] = []
    for piece in pieces {
      guard let mark = equals(bytes, piece) else { return objectMembers(bytes, inner) }
      entries.append(
        (text(bytes, piece.lowerBound..<mark), text(bytes, mark + 1..<piece.upperBound))
      )
    }
    return entries
  }

  /// The members of an object of JSON, whose names have double quotes.
  private static func objectMembers(
    _ bytes: Span<UInt8>,
    _ inner: Range<Int>
  ) -> [(key: String?, value: String?)]? {
    guard let first = trimmed(bytes, inner).first, bytes[first] == 0x22 else { return nil }
    return members(bytes)?.map { ($0.name, $0.text) }
  }

  /// The first `=` that stands outside of quotes and brackets.
  private static func equals(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var depth = 0
    var position = range.lowerBound
    while position < range.upperBound {
      switch bytes[position] {
      case 0x5C where isEscapedQuote(bytes, position, range): position += 1
      case 0x22, 0x27:
        guard let end = endOfQuotes(bytes, position, range.upperBound) else { return nil }
        position = end
      case 0x5B, 0x7B, 0x28: depth += 1
      case 0x5D, 0x7D, 0x29: depth -= 1
      case 0x3D where depth == 0: return position
      default: break
      }
      position += 1
    }
    return nil
  }

  /// The pieces between top-level commas; nil where quotes or brackets do not match.
  private static func split(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [Range<Int>]? {
    if trimmed(bytes, range).isEmpty { return [] }
    var pieces: [Range<Int>] = []
    var start = range.lowerBound
    var depth = 0
    var position = range.lowerBound
    while position < range.upperBound {
      switch bytes[position] {
      case 0x5C where isEscapedQuote(bytes, position, range): position += 1
      case 0x22, 0x27:
        guard let end = endOfQuotes(bytes, position, range.upperBound) else { return nil }
        position = end
      case 0x5B, 0x7B, 0x28: depth += 1
      case 0x5D, 0x7D, 0x29:
        depth -= 1
        if depth < 0 { return nil }
      case 0x2C where depth == 0:
        pieces.append(start..<position)
        start = position + 1
      default: break
      }
      position += 1
    }
    pieces.append(start..<range.upperBound)
    return depth == 0 ? pieces : nil
  }

  /// Whether a backslash stands before a quote, which then belongs to the text.
  private static func isEscapedQuote(
    _ bytes: Span<UInt8>,
    _ position: Int,
    _ range: Range<Int>
  ) -> Bool {
    position + 1 < range.upperBound && bytes[position] == 0x5C
      && (bytes[position + 1] == 0x22 || bytes[position + 1] == 0x27)
  }

  /// The position of the closing quote; nil if there is none.
  private static func endOfQuotes(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
    var position = start + 1
    while position < end {
      if bytes[position] == 0x5C {
        position += 1
      } else if bytes[position] == bytes[start] {
        return position
      }
      position += 1
    }
    return nil
  }

  private static func colon(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var position = range.lowerBound
    while position < range.upperBound {
      if bytes[position] == 0x22 || bytes[position] == 0x27 {
        guard let end = endOfQuotes(bytes, position, range.upperBound) else { return nil }
        position = end
      } else if bytes[position] == 0x3A {
        return position
      }
      position += 1
    }
    return nil
  }

  private static func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    let inner = NumberScanner.trimmed(bytes.extracting(range))
    return range.lowerBound + inner.lowerBound..<range.lowerBound + inner.upperBound
  }

  /// A piece without its quotes and escapes; nil for a bare NULL.
  ///
  /// A list, struct or row inside keeps its text, which is read when its own type is known.
  private static func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String? {
    let piece = trimmed(bytes, range)
    var text: [UInt8] = []
    if let first = piece.first, let last = piece.last,
      bytes[first] == 0x5B || bytes[first] == 0x7B
        || (bytes[first] == 0x28 && bytes[last] == 0x29)
    {
      for position in piece { text.append(bytes[position]) }
      return String(decoding: text, as: UTF8.self)
    }
    var isQuoted = false
    var position = piece.lowerBound
    while position < piece.upperBound {
      let byte = bytes[position]
      if byte == 0x22 || byte == 0x27,
        let end = endOfQuotes(bytes, position, piece.upperBound)
      {
        isQuoted = true
        appendQuoted(bytes, position + 1..<end, to: &text)
        position = end + 1
        continue
      }
      if isEscapedQuote(bytes, position, piece) { position += 1 }
      text.append(bytes[position])
      position += 1
    }
    let string = String(decoding: text, as: UTF8.self)
    return !isQuoted && foldedKey(string) == "null" ? nil : string
  }

  /// What stands between quotes, where a backslash makes the next character itself.
  private static func appendQuoted(
    _ bytes: Span<UInt8>,
    _ range: Range<Int>,
    to text: inout [UInt8]
  ) {
    var position = range.lowerBound
    while position < range.upperBound {
      if bytes[position] == 0x5C, position + 1 < range.upperBound { position += 1 }
      text.append(bytes[position])
      position += 1
    }
  }
}
