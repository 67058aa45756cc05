extension RowProblem {
  /// Whether there is nothing on the line but spaces, or the mark that ended files under DOS.
  func isBlank(_ bytes: Span<UInt8>) -> Bool {
    for i in start..<max(start, min(end, bytes.count)) {
      switch bytes[i] {
      case 0x09, 0x0A, 0x0D, 0x1A, 0x20: break
      default: return false
      }
    }
    return true
  }
}

extension RowProblem {
  /// Whether a row that is too short holds at most one value: the title of a group, or its sum.
  func holdsOneValue(_ bytes: Span<UInt8>, delimiter: UInt8) -> Bool {
    guard case .tooFewFields = kind else { return false }
    var filledCount = 0
    var isFilled = false
    for i in start..<max(start, min(end, bytes.count)) {
      if bytes[i] == delimiter {
        isFilled = false
      } else if !isFilled, bytes[i] > 0x20 {
        isFilled = true
        filledCount += 1
      }
    }
    return filledCount <= 1
  }
}

/// The rows of a file that do not fit as a whole.
///
/// Without other word from the user they are set aside while they are few, and every message says
/// so; where they are many, the file is probably read in the wrong way, which is an error.
struct OddRows {
  /// The first row that was set aside.
  var firstProblem: RowProblem?
  /// The rows that were set aside.
  var setAsideCount = 0
  /// Those of them that hold at most one value, such as the titles of groups.
  var loneCount = 0
  /// The rows whose quotes do not pair and that could be read nevertheless.
  var repairedCount = 0
  /// The rows that were read.
  var readRowCount = 0
  /// What the user must know about them.
  var notes: [String] = []

  /// One row in so many may be set aside.
  private static let share = 20
  /// One row in so many may be repaired, or be a title: no row of data is lost.
  private static let repairShare = 5

  /// The first row that was repaired.
  private(set) var firstRepair: RowProblem?

  /// Takes rows that were repaired.
  mutating func note(repairs: [RowProblem]) {
    if firstRepair == nil { firstRepair = repairs.first }
    repairedCount += repairs.count
  }

  /// Whether odd rows are few enough to go on.
  func areFew(among rowCount: Int) -> Bool {
    (setAsideCount - loneCount) * Self.share + (repairedCount + loneCount) * Self.repairShare
      <= rowCount
  }

  /// Tells about rows at the end that are another table.
  static func secondTableText(line: Int, fieldCount: Int) -> String {
    "line \(line) begins a second table, of \(fieldCount) columns, which was left out; "
      + "SKIP \(line - 1) reads it"
  }

  /// Tells about rows set aside.
  func setAsideText(line: Int, reason: String) -> String {
    let rows = setAsideCount == 1 ? "1 row was" : "\(setAsideCount) rows were"
    return "\(rows) set aside, see the table rejects: line \(line) (\(reason)); "
      + "ON ERROR FAIL stops there"
  }

  /// Tells about rows repaired.
  func repairText(line: Int) -> String {
    let rows = repairedCount == 1 ? "1 row has" : "\(repairedCount) rows have"
    return "\(rows) quotes that do not pair, read as text: line \(line); ON ERROR FAIL stops there"
  }
}
