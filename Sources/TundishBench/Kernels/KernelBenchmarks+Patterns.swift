import TundishColumns
import TundishFormats

// Looking for text in text, and the check of UTF-8.
extension KernelBenchmarks {
  static let patterns: [Benchmark] = [
    pattern("contains", "contains", "renewal") { bytes in
      bytes.indices.contains { isThere(needle, at: $0, in: bytes) }
    },
    pattern("like.inside", "like", "%renewal%") { bytes in
      bytes.indices.contains { isThere(needle, at: $0, in: bytes) }
    },
    pattern("like.prefix", "like", "Deal 1%") { bytes in
      isThere(Array("Deal 1".utf8), at: 0, in: bytes)
    },
    pattern("like.two_parts", "like", "%of a%renewal%") { bytes in
      let part = Array("of a".utf8)
      guard let place = bytes.indices.first(where: { isThere(part, at: $0, in: bytes) }) else {
        return false
      }
      return bytes.indices.dropFirst(place + part.count).contains {
        isThere(needle, at: $0, in: bytes)
      }
    },
    pattern("ilike", "ilike", "%RENEWAL%") { bytes in
      let folded = bytes.map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 }
      return folded.indices.contains { isThere(needle, at: $0, in: folded) }
    },
    pattern("regex.literal", "regexp_matches", "renewal") { bytes in
      bytes.indices.contains { isThere(needle, at: $0, in: bytes) }
    },
    pattern("regex", "regexp_matches", "^Deal [0-9]*7[0-9] of") { bytes in
      // Digits up to a blank, the last but one of which is a seven.
      guard isThere(Array("Deal ".utf8), at: 0, in: bytes) else { return false }
      var end = 5
      while end < bytes.count, (0x30...0x39).contains(bytes[end]) { end += 1 }
      return end >= 7 && bytes[end - 2] == UInt8(ascii: "7")
        && isThere(Array(" of".utf8), at: end, in: bytes)
    },
    utf8("ascii", "opportunity of a customer, "),
    utf8("mixed", "opportunité d’un client à Łódź, 東京, "),
  ]

  private static let needle = Array("renewal".utf8)

  private static func pattern(
    _ name: String,
    _ function: String,
    _ pattern: String,
    loop: @escaping @Sendable ([UInt8]) -> Bool
  ) -> Benchmark {
    kernel("text." + name, bytes: 40, reading: booleans) { rows in
      let (values, column) = sentences(rows)
      let call = try FunctionCall(
        function,
        [.varchar, .varchar],
        constants: [nil, .text(pattern)]
      )
      let other = Column.constant(.text(pattern), type: .varchar, count: rows.count)
      return (
        { try call([column, other], rows.count) },
        { values.map(loop) }
      )
    }
  }

  /// The check of UTF-8; a value is a byte.
  private static func utf8(_ name: String, _ text: String) -> Benchmark {
    Benchmark(name: "kernel.utf8." + name, valueCount: 20_000_000, fewValues: 100_000) { setting in
      var bytes: [UInt8] = []
      while bytes.count < setting.valueCount { bytes += text.utf8 }
      return try Work(
        byteCount: bytes.count,
        run: { UTF8Check.firstInvalid(bytes.span, 0..<bytes.count) },
        loop: { firstInvalid(bytes) },
        reading: { $0 }
      )
    }
  }

  /// The standard library's decoder, code point by code point.
  private static func firstInvalid(_ bytes: [UInt8]) -> Int? {
    var decoder = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var place = 0
    while true {
      switch decoder.parseScalar(from: &iterator) {
      case .valid(let scalar): place += scalar.count
      case .error: return place
      case .emptyInput: return nil
      }
    }
  }
}
