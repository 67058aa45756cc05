internal import TundishColumns
internal import TundishSyntax

/// Periods that are written as text, such as `2026-01`, `2026-Q1` and `Q1 2026`, as dates.
struct TextDates {
  let recognizer: ModelRecognizer

  /// The first day of the period that a column of text names; nil where some text names none.
  func date(_ field: Field, in table: TableEntry) throws(StatementFailure) -> Expression? {
    guard field.type.isText else { return nil }
    let column = recognizer.quoted(field.name)
    if recognizer.isEmpty(field, of: table) {
      return recognizer.expression("CAST(\(column) AS TIMESTAMP)")
    }
    let texts = try recognizer.lookup.texts(
      of: recognizer.sql.name(field.name),
      in: QualifiedName([recognizer.sql.identifier(table.name)])
    )
    guard let first = texts.first, let shape = Self.shapes.first(where: { $0.fits(first) }),
      texts.allSatisfy(shape.fits)
    else { return nil }
    return recognizer.expression(shape.expression(column))
  }

  /// A way to write a period: a pattern of `9` (digit), `Q` (that letter) and other characters.
  private struct Shape: Sendable {
    var patterns: [String]
    var expression: @Sendable (String) -> String

    func fits(_ text: String) -> Bool {
      patterns.contains { pattern in
        pattern.utf8.count == text.utf8.count
          && zip(pattern.utf8, text.utf8).allSatisfy { wanted, found in
            switch wanted {
            case 0x39: found >= 0x30 && found <= 0x39
            case 0x51: found | 0x20 == 0x71 || found | 0x20 == 0x6B
            default: wanted == found
            }
          }
      }
    }
  }

  private static let shapes: [Shape] = [
    Shape(patterns: ["9999-99"]) { "CAST(\($0) || '-01' AS DATE)" },
    Shape(patterns: ["99/9999", "99-9999"]) {
      "make_date(CAST(right(\($0), 4) AS INTEGER), CAST(left(\($0), 2) AS INTEGER), 1)"
    },
    Shape(patterns: ["9999-Q9", "9999Q9", "9999 Q9"]) {
      "make_date(CAST(left(\($0), 4) AS INTEGER), CAST(right(\($0), 1) AS INTEGER) * 3 - 2, 1)"
    },
    Shape(patterns: ["Q9 9999", "Q9-9999", "Q9/9999"]) {
      "make_date(CAST(right(\($0), 4) AS INTEGER), CAST(substr(\($0), 2, 1) AS INTEGER) * 3 - 2, 1)"
    },
  ]
}
