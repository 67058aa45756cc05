import Tundish

/// The rows of a query as sqllogictest files write and compare them.
struct LogicTestRows {
  /// How a value becomes text.
  enum Style: CaseIterable {
    /// As SQLite's runner prints it for the types `I`, `R` and `T`.
    case typed
    /// As the engine prints it, truth values as 1 and 0.
    case plain
    /// As DuckDB hashes SQLite's files: numbers with a fraction rounded to whole ones.
    case rounded
    /// As sqllogictest-rs prints it: truth values as words, whole numbers without a fraction.
    case words
  }

  private let rows: [[Value]]
  private let types: [Character]
  private let database: Database

  init(_ rows: [[Value]], _ types: String, _ database: Database) {
    self.rows = rows
    self.types = Array(types)
    self.database = database
  }

  /// The values as text.
  func texts(_ style: Style) -> [[String]] {
    rows.map { row in
      row.enumerated().map { text(of: $1, types[min($0, types.count - 1)], style) }
    }
  }

  /// The values of rows in the order of a sort mode.
  func sorted(_ rows: [[String]], _ sort: GoldenRecord.SortMode) -> [String] {
    switch sort {
    case .noSort: rows.flatMap(\.self)
    case .rowSort: rows.sorted { Self.precedes($0, $1) }.flatMap(\.self)
    case .valueSort: rows.flatMap(\.self).sorted { Self.precedes([$0], [$1]) }
    }
  }

  /// Rows are ordered by the bytes of their values.
  private static func precedes(_ left: [String], _ right: [String]) -> Bool {
    left.lexicographicallyPrecedes(right) { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Whether the values are those that lines name, a value per line or a row per line.
  func agrees(with lines: [String], _ sort: GoldenRecord.SortMode) -> Bool {
    let width = types.count
    let valueCount = rows.count * width
    // A row per line, its values separated by tabs, or by spaces as sqllogictest-rs has it.
    if lines.count == rows.count, width > 1 {
      let tabbed = lines.map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
      if tabbed.allSatisfy({ $0.count == width }) {
        return agrees(with: tabbed.map { $0.map(String.init) }, sort)
      }
    }
    if lines.count == valueCount {
      let grouped = stride(from: 0, to: lines.count, by: width).map {
        Array(lines[$0..<$0 + width])
      }
      return agrees(with: grouped, sort)
    }
    guard lines.count == rows.count else { return false }
    let wanted = lines.map(Self.spaced)
    if agrees(withSpaced: wanted, sort) { return true }
    return [Style.plain, .words].contains { style in
      let found = texts(style).map { Self.spaced($0.joined(separator: " ")) }
      return found == wanted || sort != .noSort && found.sorted() == wanted.sorted()
    }
  }

  /// Rows of values without spaces inside, one space between two of them, in the order of how
  /// sqllogictest-rs prints them.
  private func agrees(withSpaced lines: [String], _ sort: GoldenRecord.SortMode) -> Bool {
    let wanted = lines.map { $0.split(separator: " ").map(String.init) }
    guard wanted.allSatisfy({ $0.count == types.count }) else { return false }
    let found = sorted(texts(.words), sort)
    let expected =
      sort == .noSort ? wanted.flatMap(\.self) : sorted(wanted.map { $0.map(Self.word) }, sort)
    return found.count == expected.count && zip(expected, found).allSatisfy { isSame($0, $1) }
  }

  /// A number of an expected row as `.words` writes it, so that both sides sort alike.
  private static func word(_ text: String) -> String {
    guard let number = Double(text), text.contains(".") || text == "-0" else { return text }
    return compact(number)
  }

  private static func compact(_ number: Double) -> String {
    if number == number.rounded(), number.magnitude < 1e15 { return String(Int64(number)) }
    return number.isNaN
      ? "NaN" : number.isInfinite ? (number < 0 ? "-Infinity" : "Infinity") : "\(number)"
  }

  private func agrees(with wanted: [[String]], _ sort: GoldenRecord.SortMode) -> Bool {
    let styles = [Style.typed, .plain].map(texts)
    if sort == .noSort { return matches(styles, wanted.flatMap(\.self), sort) }
    // Most files hold what was sorted by the text of their own engine.
    return matches(styles, wanted.flatMap(\.self), sort)
      || matches(styles, sorted(wanted, sort), sort)
  }

  private func matches(
    _ styles: [[[String]]],
    _ wanted: [String],
    _ sort: GoldenRecord.SortMode
  ) -> Bool {
    styles.contains { rows in
      let found = sorted(rows, sort)
      return found.count == wanted.count && zip(wanted, found).allSatisfy { isSame($0, $1) }
    }
  }

  private static func spaced(_ text: String) -> String {
    text.split(whereSeparator: { $0 == " " || $0 == "\t" }).joined(separator: " ")
  }

  // MARK: - One value

  private func text(of value: Value, _ type: Character, _ style: Style) -> String {
    switch (style, type, value) {
    case (_, _, .null): return "NULL"
    case (.words, _, .boolean(let flag)): return flag ? "true" : "false"
    case (.words, _, .double(let number)): return Self.compact(number)
    case (.words, _, .decimal): return Self.compact(Double(database.text(of: value)) ?? 0)
    case (_, _, .boolean(let flag)) where type != "T" && type != "?" || style != .typed:
      return flag ? "1" : "0"
    case (.typed, "I", .double(let number)) where number.magnitude < 9e18:
      return String(Int64(number))
    case (.typed, "I", .decimal(let unscaled, let scale)):
      return String(unscaled / (0..<scale).reduce(Int128(1)) { power, _ in power * 10 })
    case (.typed, "I", .text(let text)):
      return leadingInteger(text)
    case (.typed, "R", .double(let number)): return threeDecimals(number)
    case (.typed, "R", .integer(let number)): return threeDecimals(Double(number))
    case (.typed, "R", .hugeint(let number)): return threeDecimals(Double(number))
    case (.typed, "R", .decimal): return threeDecimals(Double(database.text(of: value)) ?? 0)
    case (.rounded, _, .double(let number)) where number.magnitude < 9e18:
      return String(Int64(number.rounded(.toNearestOrEven)))
    case (.rounded, _, .decimal):
      return text(of: .double(Double(database.text(of: value)) ?? 0), type, style)
    default: break
    }
    let printed = database.text(of: value)
    return printed.isEmpty ? "(empty)" : printed.replacing("\0", with: "\\0")
  }

  /// What C's `atoi` makes of a text.
  private func leadingInteger(_ text: String) -> String {
    let digits = text.drop { $0 == " " }
    let sign = digits.first == "-" ? "-" : ""
    let number = digits.drop { $0 == "-" || $0 == "+" }.prefix { $0.isASCII && $0.isNumber }
    return number.isEmpty ? "0" : sign + number
  }

  /// The number as `%.3f` prints it.
  private func threeDecimals(_ number: Double) -> String {
    guard number.magnitude < 1e15 else { return "\(number)" }
    let scaled = (number.magnitude * 1000).rounded(.toNearestOrEven)
    let whole = Int64(scaled) / 1000
    let rest = Int64(scaled) % 1000
    let padded = String(rest + 1000).dropFirst()
    return (number < 0 && scaled > 0 ? "-" : "") + "\(whole).\(padded)"
  }

  /// Whether a value is the expected one: the same text, number, truth value, or a pattern's match.
  private func isSame(_ expected: String, _ found: String) -> Bool {
    if expected == found { return true }
    if expected.hasPrefix("<REGEX>:") { return fits(found, expected.dropFirst(8)) }
    if expected.hasPrefix("<!REGEX>:") { return !fits(found, expected.dropFirst(9)) }
    switch expected.lowercased() {
    case "true", "t": return found == "1" || found == "true"
    case "false", "f": return found == "0" || found == "false"
    case "1": if found == "true" { return true }
    case "0": if found == "false" { return true }
    default: break
    }
    guard let left = Double(expected), let right = Double(found) else {
      return expected.split(separator: " ") == found.split(separator: " ")
    }
    if left.isNaN && right.isNaN || left == right { return true }
    return (left - right).magnitude <= max(left.magnitude, right.magnitude) * 1e-6 + 1e-9
  }

  private func fits(_ text: String, _ pattern: Substring) -> Bool {
    let result = try? database.query(
      "SELECT regexp_full_match($text, $pattern, 's')",
      ["text": .text(text), "pattern": .text(String(pattern))]
    )
    return result?.firstValue == .boolean(true)
  }
}
