import TundishTestSupport

/// The goldens as seeds: the texts of each file, and the state that they expect.
struct FuzzCorpus {
  /// One golden file.
  struct File {
    /// Its path.
    let path: String
    /// Its records in order; they set up the tables and the model.
    let records: [GoldenRecord]
    /// The texts that are mutated, cut into pieces.
    let texts: [[[UInt8]]]
  }

  /// The files with at least one text.
  let files: [File]
  /// All texts, for splicing.
  let allTexts: [[[UInt8]]]

  /// Reads all goldens.
  init() {
    let paths = TestPaths.files(below: TestPaths.tests + "/Goldens", suffixes: [".test"])
    files = paths.compactMap { path in
      var parser = GoldenParser(TestPaths.text(of: path) ?? "")
      let records = parser.records()
      let texts = records.filter { !$0.text.isEmpty }.map { TextPieces.cut(Array($0.text.utf8)) }
      return texts.isEmpty ? nil : File(path: path, records: records, texts: texts)
    }
    allTexts = files.flatMap(\.texts)
  }
}
