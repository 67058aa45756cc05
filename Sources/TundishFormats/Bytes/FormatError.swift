/// A failure to read or write bytes in some format: stable code, place, what was found, what helps.
package struct FormatError: Error, Sendable, Hashable {
  /// A stable code of the F area, such as `F004`.
  package let code: String
  /// What was found, in lower case, without a period and without the place.
  package let message: String
  /// Further lines: the text found, the option that helps.
  package let notes: [String]
  /// The line, counted from 1; nil where the failure has no line.
  package let line: Int?
  /// The column in characters or the position of the field, counted from 1; nil where there is none.
  package let column: Int?
  /// The option that is wrong; nil where the bytes are.
  package let option: String?

  /// Creates an error.
  package init(
    code: String,
    message: String,
    notes: [String] = [],
    line: Int? = nil,
    column: Int? = nil,
    option: String? = nil
  ) {
    self.code = code
    self.message = message
    self.notes = notes
    self.line = line
    self.column = column
    self.option = option
  }

  /// The error with a further line that helps.
  func adding(_ note: String) -> FormatError {
    FormatError(
      code: code,
      message: message,
      notes: notes + [note],
      line: line,
      column: column,
      option: option
    )
  }

  /// Whether a byte was not UTF-8.
  var isInvalidUTF8: Bool { code == "F016" }

  /// The message with the place in front: `deals.csv:12:3: ...`.
  package func description(of file: String) -> String {
    var text = file
    if let line { text += ":\(line)" }
    if let column { text += ":\(column)" }
    return "\(text): \(message)"
  }
}
