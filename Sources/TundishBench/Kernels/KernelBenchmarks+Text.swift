import TundishColumns

// Functions of text: plain text, unless named otherwise, as codes are looked up once per word.
extension KernelBenchmarks {
  static let text: [Benchmark] = [
    textKernel("upper", "upper") { bytes in
      bytes.map { (0x61...0x7A).contains($0) ? $0 - 32 : $0 }
    },
    textKernel("lower", "lower") { bytes in
      bytes.map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 }
    },
    textKernel("trim", "trim") { bytes in
      Array(
        bytes.drop { $0 == 0x20 }.reversed().drop { $0 == 0x20 }.reversed()
      )
    },
    textKernel("substring", "substring", .integer(3), .integer(8)) { bytes in
      Array(bytes[2..<min(bytes.count, 10)])
    },
    textKernel("concat", "||", .text(" (new)")) { bytes in bytes + Array(" (new)".utf8) },
    textKernel("replace", "replace", .text("customer"), .text("client")) { bytes in
      replacing(Array("customer".utf8), by: Array("client".utf8), in: bytes)
    },
    kernel("text.length", bytes: nil, reading: integers) { rows in
      let (values, column) = sentences(rows)
      let call = try FunctionCall("length", [.varchar])
      return (
        { try call([column], rows.count) },
        { values.map { Int64($0.count) } }
      )
    },
    kernel("text.upper.codes", bytes: 4, reading: texts) { rows in
      let words = (0..<50).map { "word \($0)" }
      let codes = rows.map { Int32(mixed($0) % 50) }
      let column = Column.codes(codes, sharedWords)
      let call = try FunctionCall("upper", [.varchar])
      return (
        { try call([column], rows.count) },
        { codes.map { Array(words[Int($0)].uppercased().utf8) } }
      )
    },
  ]

  /// The words of columns of codes.
  static let sharedWords = TextDictionary(distinct: TextVector((0..<50).map { "word \($0)" }))

  /// Texts of about forty bytes, each tenth of which is about a renewal.
  static func sentences(_ rows: Range<Int>) -> (bytes: [[UInt8]], column: Column) {
    let texts = rows.map { row in
      "Deal \(row) of a customer, \(row % 10 == 0 ? "a renewal" : "revenue is new")"
    }
    return (texts.map { Array($0.utf8) }, .strings(texts))
  }

  private static func textKernel(
    _ name: String,
    _ function: String,
    _ constants: Value...,
    loop: @escaping @Sendable ([UInt8]) -> [UInt8]
  ) -> Benchmark {
    kernel("text." + name, bytes: 40, reading: texts) { rows in
      let (values, column) = sentences(rows)
      let types = constants.map { constant -> DataType in
        if case .integer = constant { .bigint } else { .varchar }
      }
      let call = try FunctionCall(function, [.varchar] + types, constants: [nil] + constants)
      let arguments =
        [column]
        + zip(constants, types).map { .constant($0, type: $1, count: rows.count) }
      return (
        { try call(arguments, rows.count) },
        { values.map(loop) }
      )
    }
  }

  private static func replacing(
    _ needle: [UInt8],
    by replacement: [UInt8],
    in bytes: [UInt8]
  ) -> [UInt8] {
    var output: [UInt8] = []
    var place = 0
    while place < bytes.count {
      if isThere(needle, at: place, in: bytes) {
        output += replacement
        place += needle.count
      } else {
        output.append(bytes[place])
        place += 1
      }
    }
    return output
  }

  /// Whether bytes stand at a place of others.
  static func isThere(_ needle: [UInt8], at place: Int, in bytes: [UInt8]) -> Bool {
    place + needle.count <= bytes.count
      && needle.indices.allSatisfy { bytes[place + $0] == needle[$0] }
  }
}
