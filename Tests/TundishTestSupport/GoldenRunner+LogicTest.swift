import Tundish

/// sqllogictest's `query` records: how values are written, ordered, hashed and compared.
extension GoldenRunner {
  /// Runs a query and compares its values.
  func checkQuery(
    _ record: GoldenRecord,
    types: String,
    sort: GoldenRecord.SortMode,
    label: String?
  ) {
    let result: QueryResult
    do {
      guard let last = try database.run(script: record.text).last else { return }
      result = last
    } catch {
      fail(record, record.text + "\n" + error.rendered())
      return
    }
    var rows = result.rows.map { row in
      row.values.enumerated().map { index, value in
        text(of: value, type: Array(types)[min(index, types.count - 1)])
      }
    }
    let width = result.schema?.fields.count ?? 0
    if width != types.count {
      fail(record, "expected \(types.count) columns, found \(width): \(record.text)")
      return
    }
    switch sort {
    case .noSort: break
    case .rowSort: rows.sort { $0.lexicographicallyPrecedes($1) }
    case .valueSort: rows = rows.flatMap(\.self).sorted().map { [$0] }
    }
    compare(record, rows: rows, label: label)
  }

  private func text(of value: Value, type: Character) -> String {
    switch (type, value) {
    case (_, .null): return "NULL"
    case ("I", .boolean(let flag)): return flag ? "1" : "0"
    case ("I", .double(let number)) where number.magnitude < 9e18:
      return String(Int64(number))
    case ("R", .double(let number)): return threeDecimals(number)
    case ("R", .integer(let number)): return threeDecimals(Double(number))
    case ("R", .hugeint(let number)): return threeDecimals(Double(number))
    default: break
    }
    let text = database.text(of: value)
    if text.isEmpty { return "(empty)" }
    return text
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

  private func compare(_ record: GoldenRecord, rows: [[String]], label: String?) {
    let values = rows.flatMap(\.self)
    if let label {
      let text = values.joined(separator: "\n")
      if let earlier = labelledResults[label], earlier != text {
        fail(record, "label \(label): another result than before")
      }
      labelledResults[label] = text
    }
    guard let expected = record.expected else { return }
    if expected.count == 1, let hash = expectedHash(expected[0]) {
      let text = values.map { $0 + "\n" }.joined()
      let actual = (try? database.query("SELECT md5($text)", ["text": .text(text)]))?
        .rows.first?.values.first
      if values.count != hash.count || actual != .text(hash.md5) {
        fail(record, "expected \(expected[0]), found \(values.count) values: \(record.text)")
      }
      return
    }
    let flat =
      expected.count == values.count
      ? expected
      : expected.flatMap { line in
        line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      }
    let agrees =
      flat.count == values.count && zip(flat, values).allSatisfy { isSame($0, $1) }
    if !agrees {
      fail(
        record,
        "\(record.text)\nexpected\n\(expected.joined(separator: "\n"))\nfound\n"
          + rows.map { $0.joined(separator: "\t") }.joined(separator: "\n")
      )
    }
  }

  /// Reads a hash: `30 values hashing to 3c13dee48d9356ae19af2515e05e6b54`.
  private func expectedHash(_ line: String) -> (count: Int, md5: String)? {
    let words = line.split(separator: " ")
    guard words.count == 5, words[1] == "values", words[2] == "hashing",
      let count = Int(words[0])
    else { return nil }
    return (count, String(words[4]))
  }

  private func isSame(_ expected: String, _ actual: String) -> Bool {
    if expected == actual { return true }
    if expected == "1" && actual == "true" || expected == "0" && actual == "false" { return true }
    guard let lhs = Double(expected), let rhs = Double(actual) else { return false }
    return (lhs - rhs).magnitude <= max(lhs.magnitude, rhs.magnitude) * 1e-6 + 1e-9
  }
}
