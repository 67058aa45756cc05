// Passing values over, checked but not made.
extension JSONParser {
  /// What an array holds.
  struct Elements {
    var count = 0
    /// Whether every element is an object.
    var areObjects = true
  }

  /// Passes a value over.
  ///
  /// - Throws: `FormatError` where the text is no JSON.
  mutating func skipValue(_ bytes: Span<UInt8>, depth: Int) throws(FormatError) {
    guard skipSpace(bytes) else { throw failure("the text ends where a value is expected", bytes) }
    switch bytes[position] {
    case UInt8(ascii: "\""):
      if plainString(bytes) == nil { _ = try value(bytes, depth: depth) }
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): _ = try numberRange(bytes)
    case UInt8(ascii: "{"): try skipObject(bytes, depth: depth)
    case UInt8(ascii: "["): _ = try skipArray(bytes, depth: depth)
    default: _ = try value(bytes, depth: depth)
    }
  }

  private mutating func skipObject(_ bytes: Span<UInt8>, depth: Int) throws(FormatError) {
    try checkDepth(depth, bytes)
    guard try beginsObject(bytes) else { return }
    repeat {
      if plainString(bytes) == nil {
        _ = try memberName(bytes)
      } else {
        try skipColon(bytes)
      }
      try skipValue(bytes, depth: depth + 1)
    } while try continuesObject(bytes)
  }

  /// Passes an array over and returns what it holds.
  mutating func skipArray(_ bytes: Span<UInt8>, depth: Int) throws(FormatError) -> Elements {
    try checkDepth(depth, bytes)
    position += 1
    var elements = Elements()
    if skip(UInt8(ascii: "]"), bytes) { return elements }
    while true {
      if skipSpace(bytes), bytes[position] != UInt8(ascii: "{") { elements.areObjects = false }
      try skipValue(bytes, depth: depth + 1)
      elements.count += 1
      if skip(UInt8(ascii: ","), bytes) { continue }
      guard skip(UInt8(ascii: "]"), bytes) else {
        throw failure("expected ',' or ']', found \(found(bytes))", bytes)
      }
      return elements
    }
  }
}
