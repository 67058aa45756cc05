/// Kinds of files that are no text, known by their first bytes.
enum FileKind {
  private static let rewrite = "write it as CSV where it was made: COPY ... TO 'x.csv'"

  /// Kinds that are known by bytes which no text begins with.
  private static let magics: [(magic: [UInt8], kind: String, hint: String)] = [
    ([0xFF, 0xFF, 0xFF, 0xFF], "a stream of Arrow", rewrite),
    (Array("Obj\u{1}".utf8), "an Avro file", rewrite),
    (
      Array("SQLite format 3\0".utf8), "an SQLite database",
      "write its tables as CSV: sqlite3 -csv -header file 'SELECT * FROM t' > t.csv"
    ),
    ([0xD0, 0xCF, 0x11, 0xE0], "an old Excel workbook", "save the sheet as CSV"),
    (Array("%PDF-".utf8), "a PDF document", "export it as CSV"),
    ([0x89, 0x50, 0x4E, 0x47], "an image", "export the data as CSV"),
    ([0xFF, 0xD8, 0xFF], "an image", "export the data as CSV"),
    (Array("GIF8".utf8), "an image", "export the data as CSV"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "packed by xz", "unpack it: xz -d"),
    ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7z archive", "unpack it"),
    (Array("Rar!".utf8) + [0x1A], "a RAR archive", "unpack it"),
  ]

  /// Kinds whose first bytes a text may begin with too: their last bytes are the same, or what
  /// follows is no text.
  private static let wordMagics: [(magic: String, kind: String, hint: String)] = [
    (
      "PAR1", "a Parquet file",
      "write it as CSV where it was made: COPY (FROM 'x.parquet') TO 'x.csv'"
    ),
    ("ARROW1", "an Arrow file", rewrite),
    ("FEA1", "a Feather file", rewrite),
    ("ORC", "an ORC file", rewrite),
  ]

  /// Refuses files that are known not to be text.
  static func check(_ bytes: Span<UInt8>) throws(FormatError) {
    for (magic, kind, hint) in magics where begins(bytes, magic) {
      throw .binaryFile(kind, hint: hint)
    }
    for (magic, kind, hint) in wordMagics {
      let magic = Array(magic.utf8)
      guard begins(bytes, magic) else { continue }
      if ends(bytes, magic) || !isText(bytes, from: magic.count) {
        throw .binaryFile(kind, hint: hint)
      }
    }
    if begins(bytes, Array("DUCK".utf8), at: 8) {
      throw .binaryFile(
        "a DuckDB database",
        hint: "write its tables as CSV: COPY t TO 't.csv', or EXPORT DATABASE 'folder'"
      )
    }
    if begins(bytes, [0x50, 0x4B, 0x03, 0x04]) { throw zipArchive(bytes) }
    try checkMarkup(bytes)
  }

  /// An archive is a workbook where its first entry, whose name stands behind 30 bytes, is one of a
  /// workbook's.
  private static func zipArchive(_ bytes: Span<UInt8>) -> FormatError {
    let entries = ["[Content_Types].xml", "_rels/", "xl/", "docProps/"]
    if entries.contains(where: { begins(bytes, Array($0.utf8), at: 30) }) {
      return .binaryFile(
        "an Excel workbook",
        hint: "FORMAT 'xlsx' reads it, and so does an ending .xlsx"
      )
    }
    return .binaryFile(
      "a zip archive",
      hint: "unpack it; an Excel workbook is read where its name ends in .xlsx"
    )
  }

  /// Reports of some makers are web pages, whatever their names end in.
  private static func checkMarkup(_ bytes: Span<UInt8>) throws(FormatError) {
    var start = begins(bytes, [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while start < bytes.count, bytes[start] <= 0x20 { start += 1 }
    guard start < bytes.count, bytes[start] == UInt8(ascii: "<") else { return }
    var word: [UInt8] = []
    for i in start..<min(start + 10, bytes.count) {
      let isCapital = bytes[i] &- UInt8(ascii: "A") < 26
      word.append(isCapital ? bytes[i] | 0x20 : bytes[i])
    }
    func isWord(_ text: String) -> Bool { word.starts(with: text.utf8) }
    if isWord("<!doctype") || isWord("<html") || isWord("<head") || isWord("<table") {
      throw .otherText(
        "a web page",
        hint: "open it in Excel and save it as .xlsx, or export it as CSV"
      )
    }
    if isWord("<?xml") { throw .otherText("XML", hint: "export it as CSV or JSON") }
  }

  private static func begins(_ bytes: Span<UInt8>, _ magic: [UInt8], at start: Int = 0) -> Bool {
    guard start + magic.count <= bytes.count else { return false }
    for i in magic.indices where bytes[start + i] != magic[i] { return false }
    return true
  }

  /// Whether a magic stands at the end: alone, or with a length of one byte behind it, as in ORC.
  private static func ends(_ bytes: Span<UInt8>, _ magic: [UInt8]) -> Bool {
    let last = bytes.count - magic.count
    return last == 0 || last > magic.count && begins(bytes, magic, at: last)
      || last > magic.count && begins(bytes, magic, at: last - 1)
        && bytes[bytes.count - 1] < 0x20 && bytes[bytes.count - 1] != 0x0A
  }

  /// Whether what stands behind a magic may be the rest of a name, or the next one.
  private static func isText(_ bytes: Span<UInt8>, from start: Int) -> Bool {
    guard start < bytes.count else { return true }
    let isPart = bytes[start] >= 0x80 || bytes[start] > 0x20 && bytes[start] != UInt8(ascii: ".")
    guard isPart || [0x09, 0x0A, 0x0D, 0x20].contains(bytes[start]) else { return false }
    for i in start..<min(start + 8, bytes.count)
    where bytes[i] < 0x09 || bytes[i] > 0x0D && bytes[i] < 0x20 { return false }
    return true
  }
}
