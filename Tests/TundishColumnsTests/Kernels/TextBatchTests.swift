import Testing

@testable import TundishColumns

/// Functions that take all texts of a batch at once, against the same texts one by one.
@Suite struct TextBatchTests {
  private static let words = ["Won", "", "öffen", "İstanbul", "STRASSE", "straße", "a_b%c", "x"]

  /// A column of some texts, with gaps between them and with NULLs, and the texts.
  private func column(
    onlyASCII: Bool,
    using generator: inout SeededGenerator
  ) -> (texts: [String?], column: Column) {
    let words = Self.words.filter { !onlyASCII || $0.utf8.allSatisfy { $0 < 0x80 } }
    let all = (0..<60).map { _ in words.randomElement(using: &generator) ?? "" }
    let rows = (0..<all.count).filter { _ in Int.random(in: 0..<3, using: &generator) > 0 }
    let validity = rows.map { _ in Int.random(in: 0..<5, using: &generator) > 0 }
    let vector = TextVector(all)
    let column = Column(
      type: .varchar,
      data: .text(TextVector(views: rows.map { vector.views[$0] }, bytes: vector.bytes)),
      validity: validity,
      count: rows.count
    )
    return (zip(rows, validity).map { $1 ? all[$0] : nil }, column)
  }

  private func values(_ name: String, _ arguments: [Column]) throws -> [Value] {
    let resolved = try FunctionRegistry.standard
      .resolveScalar(name: name, argumentTypes: arguments.map(\.type)).get()
    let rowCount = arguments[0].count
    let result = try resolved.overload.kernel(
      KernelInput(
        arguments: arguments,
        rowCount: rowCount,
        resultType: resolved.resultType,
        context: FunctionContext(nowMicroseconds: 0)
      )
    )
    return (0..<rowCount).map { result.value(at: $0) }
  }

  @Test("lower, upper, length and patterns", arguments: [false, true])
  func batches(onlyASCII: Bool) throws {
    var generator = SeededGenerator(seed: 31)
    for _ in 0..<40 {
      let (texts, column) = column(onlyASCII: onlyASCII, using: &generator)
      func alone(_ name: String, _ rest: [Value]) throws -> [Value] {
        try texts.map { text in
          guard let text else { return .null }
          let arguments =
            [.constant(.text(text), type: .varchar, count: 1)]
            + rest.map { Column.constant($0, type: .varchar, count: 1) }
          return try values(name, arguments)[0]
        }
      }
      for name in ["lower", "upper", "length", "initcap"] {
        #expect(try values(name, [column]) == alone(name, []), "\(name)")
      }
      for pattern in ["%s%", "STRA%", "%E", "W_n", "%a%B%", "%ö%", ""] {
        for name in ["like", "ilike"] {
          let constant = Column.constant(.text(pattern), type: .varchar, count: texts.count)
          let expected = try alone(name, [.text(pattern)])
          #expect(try values(name, [column, constant]) == expected, "\(name) \(pattern)")
        }
      }
      #expect(
        try values("||", [column, column])
          == texts.map { text in text.map { .text($0 + $0) } ?? .null }
      )
    }
  }
}
