/// Builds a text column row by row, coded over a dictionary as long as that pays.
///
/// It begins with a dictionary and gives it up for plain views when, after a while, more than half
/// of the rows brought new values. Values must be UTF-8 where the column is `VARCHAR`.
package struct TextColumnBuilder: ~Copyable {
  /// How a builder chooses between codes and views.
  package enum Coding: Sendable {
    /// Codes while few values are distinct.
    case adaptive
    /// Always views.
    case plain
    /// Always codes.
    case dictionary
  }

  private var codes: [Int32]
  private var interner: TextInterner
  private var plain: TextVector
  private var validity: [Bool]?
  private var isCoded: Bool
  private let coding: Coding

  /// The number of rows after which the share of distinct values is first judged.
  private static let trialRowCount = 1_024

  /// Creates a builder.
  package init(coding: Coding = .adaptive) {
    codes = []
    interner = TextInterner()
    plain = .empty
    validity = nil
    isCoded = coding != .plain
    self.coding = coding
  }

  /// The number of rows so far.
  package var count: Int { isCoded ? codes.count : plain.views.count }

  /// Appends a value.
  package mutating func append(_ bytes: Span<UInt8>) throws(ExecutionError) {
    if isCoded {
      guard let code = interner.code(of: bytes) else { throw Self.tooMuchText }
      codes.append(code)
      if coding == .adaptive, codes.count & (Self.trialRowCount - 1) == 0,
        interner.count * 2 > codes.count
      {
        giveUpCodes()
      }
    } else {
      let start = plain.bytes.count
      guard start + bytes.count <= TextVector.maximumByteCount else { throw Self.tooMuchText }
      plain.bytes.append(copying: bytes)
      plain.views.append(TextView(start: UInt32(start), length: UInt32(bytes.count)))
    }
    if validity != nil { validity?.append(true) }
  }

  /// Appends a string.
  package mutating func append(_ string: String) throws(ExecutionError) {
    let bytes = Array(string.utf8)
    try append(bytes.span)
  }

  /// Appends a NULL.
  package mutating func appendNull() {
    if validity == nil { validity = [Bool](repeating: true, count: count) }
    if isCoded {
      codes.append(0)
    } else {
      plain.views.append(TextView(start: 0, length: 0))
    }
    validity?.append(false)
  }

  /// Returns the column.
  package consuming func finish(type: DataType = .varchar) -> Column {
    // Codes index the dictionary even under NULL, so there is none without values.
    if isCoded, interner.count == 0 { giveUpCodes() }
    if isCoded {
      return .codes(codes, interner.dictionary(), type: type, validity: validity)
    }
    return .text(plain, type: type, validity: validity)
  }

  private mutating func giveUpCodes() {
    isCoded = false
    let values = interner.values
    let none = TextView(start: 0, length: 0)
    plain.bytes = values.bytes
    plain.views = codes.map { values.views.isEmpty ? none : values.views[Int($0)] }
    codes = []
    interner = TextInterner()
  }

  private static let tooMuchText = ExecutionError(.limit, "more than 4 GiB of text in one column")
}
