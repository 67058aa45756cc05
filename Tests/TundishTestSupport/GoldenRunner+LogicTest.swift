import Tundish

/// sqllogictest's `query` records: how values are written, ordered, hashed and compared.
extension GoldenRunner {
  /// Runs a query and compares its values.
  func checkQuery(
    _ record: GoldenRecord,
    types: String,
    sort: GoldenRecord.SortMode?,
    label: String?
  ) {
    let result: QueryResult
    do {
      guard let last = try database.run(script: record.text).last else {
        fail(record, "no statement: \(record.text)")
        return
      }
      result = last
    } catch {
      fail(record, record.text + "\n" + error.rendered())
      return
    }
    // A changing statement asked as a query tells its count of rows.
    if result.schema == nil, let count = result.changedRowCount {
      compare(record, LogicTestRows([[.integer(Int64(count))]], types, database), sort, label)
      return
    }
    let width = result.schema?.fields.count ?? 0
    if width != types.count {
      fail(record, "expected \(types.count) columns, found \(width): \(record.text)")
      return
    }
    compare(record, LogicTestRows(result.rows.map(\.values), types, database), sort, label)
  }

  private func compare(
    _ record: GoldenRecord,
    _ rows: LogicTestRows,
    _ sort: GoldenRecord.SortMode?,
    _ label: String?
  ) {
    let sort = sort ?? defaultSort
    let shown = rows.texts(.plain)
    if let label {
      let text = rows.sorted(rows.texts(.typed), sort).joined(separator: "\n")
      if let earlier = labelledResults[label], earlier != text {
        fail(record, "label \(label): another result than before: \(record.text)")
      }
      labelledResults[label] = text
    }
    guard let expected = record.expected else { return }
    let agrees =
      if expected.count == 1, let hash = LogicTestHash(expected[0]) {
        agrees(rows, with: hash, sort)
      } else if expected.count == 1, expected[0].hasPrefix("<FILE>:") {
        rows.agrees(with: fileRows(expected[0].dropFirst(7)), sort)
      } else {
        rows.agrees(with: expected, sort)
      }
    if !agrees {
      fail(
        record,
        "\(record.text)\nexpected\n\(expected.joined(separator: "\n"))\nfound\n"
          + shown.prefix(200).map { $0.joined(separator: "\t") }.joined(separator: "\n")
      )
    }
  }

  /// Engines write the same value in several ways before they hash it.
  private func agrees(
    _ rows: LogicTestRows,
    with hash: LogicTestHash,
    _ sort: GoldenRecord.SortMode
  ) -> Bool {
    LogicTestRows.Style.allCases.contains { style in
      let values = rows.sorted(rows.texts(style), sort)
      guard values.count == hash.count else { return false }
      let text = values.map { $0 + "\n" }.joined()
      let digest = try? database.query("SELECT md5($text)", ["text": .text(text)])
      return digest?.firstValue == .text(hash.md5)
    }
  }

  /// The rows of a file of answers, tabs between their values.
  private func fileRows(_ path: Substring) -> [String] {
    let lines = (TestPaths.text(of: String(path)) ?? "").split(separator: "\n")
    return lines.dropFirst().map { $0.split(separator: "|").joined(separator: "\t") }
  }
}

/// `30 values hashing to 3c13dee48d9356ae19af2515e05e6b54`.
struct LogicTestHash {
  let count: Int
  let md5: String

  init?(_ line: String) {
    let words = line.split(separator: " ")
    guard words.count == 5, words[1] == "values", words[2] == "hashing",
      let count = Int(words[0])
    else { return nil }
    self.count = count
    md5 = String(words[4])
  }
}
