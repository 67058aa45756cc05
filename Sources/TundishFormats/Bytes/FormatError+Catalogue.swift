internal import Glibc

// Every failure of reading a file: code and wording in one place.
extension FormatError {
  static func cannotOpen(_ path: String, _ number: Int32) -> FormatError {
    let reason = unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
    return FormatError(code: "F001", message: "cannot read '\(path)': \(reason)")
  }

  static let emptyFile = FormatError(
    code: "F010",
    message: "the file is empty: it has neither a header nor rows"
  )

  static func nothingBehind(lines count: Int) -> FormatError {
    FormatError(
      code: "F010",
      message: "the file ends within the "
        + (count == 1 ? "line" : "\(count) lines") + " that SKIP passes over"
    )
  }

  static func tooFewFields(
    _ count: Int,
    expected: Int,
    line: Int,
    text: String
  ) -> FormatError {
    FormatError(
      code: "F011",
      message: "the row has \(fields(count)) where \(expected) are expected",
      notes: [
        "found: \(text)",
        "NULL_PADDING true reads missing fields as NULL, ON_ERROR 'skip' leaves such rows out"
          + commentHint(text),
      ],
      line: line
    )
  }

  static func tooManyFields(
    _ count: Int,
    expected: Int,
    line: Int,
    text: String
  ) -> FormatError {
    FormatError(
      code: "F012",
      message: "the row has \(fields(count)) where \(expected) are expected",
      notes: [
        "found: \(text)",
        "is a delimiter inside a value not quoted? DELIMITER and QUOTE set the dialect, "
          + "ON_ERROR 'skip' leaves such rows out" + commentHint(text),
      ],
      line: line
    )
  }

  static func unclosedQuote(line: Int, column: Int, text: String) -> FormatError {
    FormatError(
      code: "F013",
      message: "a quote that opens here is never closed",
      notes: ["found: \(text)", "QUOTE '' reads quotes as ordinary characters"],
      line: line,
      column: column
    )
  }

  static func textAfterQuote(line: Int, column: Int, text: String) -> FormatError {
    FormatError(
      code: "F014",
      message: "text follows a closing quote",
      notes: [
        "found: \(text)",
        "a quote inside quotes is doubled, or behind ESCAPE '\\'; "
          + "QUOTE '' reads quotes as ordinary characters",
      ],
      line: line,
      column: column
    )
  }

  static func rowTooLong(limit: Int, line: Int) -> FormatError {
    FormatError(
      code: "F015",
      message: "the row is longer than \(limit) bytes",
      notes: ["MAX_LINE_SIZE sets the limit; a quote that is not closed also makes rows long"],
      line: line
    )
  }

  static func invalidUTF8(byte: UInt8, line: Int, column: Int, text: String) -> FormatError {
    let hexadecimal = String(byte, radix: 16, uppercase: true)
    return FormatError(
      code: "F016",
      message: "the byte 0x\(hexadecimal) is not valid UTF-8",
      notes: [
        "found: \(text)",
        "ENCODING reads files of others: 'windows-1252', 'windows-1251', 'gb18030', 'euc-kr', ...",
      ],
      line: line,
      column: column
    )
  }

  static func valueDoesNotFit(
    _ text: String,
    type: String,
    column name: String,
    line: Int,
    hint: String
  ) -> FormatError {
    FormatError(
      code: "F017",
      message: "'\(text)' in column '\(name)' cannot be read as \(type)",
      notes: [hint],
      line: line
    )
  }

  static func columnDoesNotFit(_ name: String, type: String, reason: String) -> FormatError {
    FormatError(
      code: "F017",
      message: "the column '\(name)' cannot be read as \(type): \(reason)",
      notes: ["IGNORE_ERRORS true reads such values as NULL, VARCHAR reads any"]
    )
  }

  static func binaryFile(_ kind: String, hint: String) -> FormatError {
    FormatError(code: "F018", message: "the file is \(kind), not text", notes: [hint])
  }

  static func otherText(_ kind: String, hint: String) -> FormatError {
    FormatError(code: "F018", message: "the file is \(kind), which is not read", notes: [hint])
  }

  static func unknownOption(_ name: String) -> FormatError {
    let nearest = NearestName.nearest(to: name, among: CSVOptions.names.flatMap { $0 })
    return FormatError(
      code: "F020",
      message: "no option named '\(name)'" + (nearest.map { "; did you mean '\($0)'?" } ?? ""),
      notes: ["options: " + CSVOptions.names.map { $0[0] }.joined(separator: ", ")],
      option: name
    )
  }

  static func unknownJSONOption(_ name: String) -> FormatError {
    let nearest = NearestName.nearest(to: name, among: JSONOptions.names)
    return FormatError(
      code: "F020",
      message: "no option named '\(name)'" + (nearest.map { "; did you mean '\($0)'?" } ?? ""),
      notes: ["options of JSON: " + JSONOptions.names.joined(separator: ", ")],
      option: name
    )
  }

  static func invalidOption(_ name: String, _ value: String, expected: String) -> FormatError {
    FormatError(
      code: "F021",
      message: "option \(name) cannot be '\(value)'; expected \(expected)",
      option: name
    )
  }

  static func unreadOption(_ name: String, instead: String) -> FormatError {
    FormatError(
      code: "F021",
      message: "option \(name) is not read here",
      notes: [instead],
      option: name
    )
  }

  static func unknownColumn(_ name: String, known: [String]) -> FormatError {
    let nearest = NearestName.nearest(to: name, among: known)
    return FormatError(
      code: "F022",
      message: "the file has no column '\(name)'"
        + (nearest.map { "; did you mean '\($0)'?" } ?? ""),
      notes: ["columns: " + known.joined(separator: ", ")]
    )
  }

  static func wrongNameCount(_ count: Int, expected: Int) -> FormatError {
    FormatError(
      code: "F023",
      message: "\(count) names are given for a file of "
        + (expected == 1 ? "1 column" : "\(expected) columns"),
      notes: [
        "NULL_PADDING true makes columns of NULL for the others, DELIMITER sets what separates fields"
      ]
    )
  }

  static func tooMuch(_ message: String) -> FormatError {
    FormatError(
      code: "F024",
      message: message,
      notes: [
        "a query that does not name the column reads the file without it; "
          + "a file that is cut into parts is read as FROM 'parts/*.csv'"
      ]
    )
  }

  static func unknownEncoding(_ name: String) -> FormatError {
    let known = ["utf-16"] + TextEncoding.allCases.map(\.rawValue)
    let nearest = NearestName.nearest(to: name.lowercased(), among: known)
    return FormatError(
      code: "F025",
      message: "no encoding named '\(name)'" + (nearest.map { "; did you mean '\($0)'?" } ?? ""),
      notes: ["encodings: " + known.joined(separator: ", ")],
      option: "encoding"
    )
  }

  /// The system lacks the tables of an encoding.
  static func missingEncoding(_ name: String) -> FormatError {
    FormatError(
      code: "F025",
      message: "this system cannot read the encoding '\(name)'",
      notes: ["iconv -f \(name) -t utf-8 on another system makes a file that can be read"]
    )
  }

  static func json(_ message: String, line: Int, column: Int, text: String) -> FormatError {
    FormatError(
      code: "F030",
      message: message,
      notes: text.isEmpty ? [] : ["found: \(text)"],
      line: line,
      column: column
    )
  }

  static func jsonRecord(line: Int, text: String) -> FormatError {
    FormatError(
      code: "F031",
      message: "a record is no object, as the others are",
      notes: ["found: \(text)", "ON_ERROR 'skip' leaves such records out"],
      line: line
    )
  }

  static func jsonShape(_ message: String) -> FormatError {
    FormatError(
      code: "F031",
      message: message,
      notes: ["RECORDS names the member whose elements are the rows; without it, it is looked for"]
    )
  }

  static func compressed(_ message: String) -> FormatError {
    FormatError(
      code: "F040",
      message: message,
      notes: [
        "nothing of it was read; get it anew, or unpack as much as can be with gzip, zstd or bzip2"
      ]
    )
  }

  /// What is said of a row that begins as comments do, or that may have one behind it.
  private static func commentHint(_ text: String) -> String {
    if let first = text.first, first == "#" || first == "%" {
      return ", COMMENT '\(first)' lines that begin so"
    }
    return text.contains("#") ? ", COMMENT '#' what follows a #" : ""
  }

  private static func fields(_ count: Int) -> String {
    count == 1 ? "1 field" : "\(count) fields"
  }
}
