import Glibc
public import TundishColumns
import TundishSyntax

extension Database {
  /// Loads a file as a table, or every data file of a folder as tables, and recognises what they
  /// mean for sales.
  ///
  /// - Parameters:
  ///   - path: A file, a folder or a glob.
  ///   - name: The table's name; by default the file's name without its ending.
  ///   - options: Options of reading, such as `["delimiter": ";"]`.
  /// - Returns: What was loaded, in `messages`.
  /// - Throws: `TundishError.statement` or `.file`, naming file, line and column.
  @discardableResult
  public func load(
    _ path: String,
    as name: String? = nil,
    options: [String: Value] = [:]
  ) throws(TundishError) -> QueryResult {
    let range = SourceRange(0, 0)
    let statement = Statement(
      .load(
        Load(
          path: path,
          pathRange: range,
          alias: name.map { Identifier($0, range: range, isQuoted: true) },
          options: options.sorted { $0.key < $1.key }.map { key, value in
            FileOption(
              name: Identifier(key, range: range),
              value: Expression(.literal(Database.literal(value)), range: range)
            )
          }
        )
      ),
      range: range
    )
    return try run(statement, text: "")
  }

  private static func literal(_ value: Value) -> Literal {
    switch value {
    case .null: .null
    case .boolean(let flag): .boolean(flag)
    case .integer(let number): .integer(String(number))
    case .hugeint(let number): .integer(String(number))
    case .double(let number): .double(String(number))
    case .text(let text): .string(text)
    case .decimal, .blob, .date, .time, .timestamp, .timestampTZ, .interval, .list, .structure,
      .map:
      .string(ValueText.text(of: value))
    }
  }

  /// Reads a text file; `-` is standard input.
  package static func text(ofFile path: String) throws(TundishError) -> String {
    guard let bytes = FileBytes.read(path == "-" ? "/dev/stdin" : path, limit: 1 << 30) else {
      throw .file(.cannotRead(path, reason: unsafe String(cString: strerror(errno))))
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Writes a text file: to a temporary file first, which then takes the name.
  package static func write(_ text: String, toFile path: String) throws(TundishError) {
    let temporary = path + ".partial"
    let bytes = Array(text.utf8)
    let file = unsafe fopen(temporary, "wb")
    guard let file = unsafe file else {
      throw .file(.cannotWrite(path, reason: unsafe String(cString: strerror(errno))))
    }
    let count = unsafe bytes.withUnsafeBytes { unsafe fwrite($0.baseAddress, 1, $0.count, file) }
    let isClosed = unsafe fclose(file) == 0
    guard count == bytes.count, isClosed, unsafe rename(temporary, path) == 0 else {
      throw .file(.cannotWrite(path, reason: unsafe String(cString: strerror(errno))))
    }
  }
}
