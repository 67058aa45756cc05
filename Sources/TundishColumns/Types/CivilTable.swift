/// The days of 1970 to 2069 spelled out: nearly all data lies there, and to look a day up takes less
/// time than the arithmetic.
struct CivilTable: Sendable {
  /// The table, made when it is first asked for: 36,525 entries.
  static let shared = CivilTable()

  /// Per day from 1970-01-01 on, the year above nine bits, the month above five, and the day.
  private let entries: [UInt32]

  private init() {
    let end = Calendar.days(year: 2070, month: 1, day: 1)
    entries = (0..<end).map { days in
      let date = Calendar.computedCivil(days)
      return UInt32(truncatingIfNeeded: date.year &<< 9 | date.month &<< 5 | date.day)
    }
  }

  /// Returns the year, month and day of a date; meaningless, but harmless, for other numbers.
  @inline(__always)
  func civil(_ days: Int64) -> Calendar.Civil {
    guard days >= 0, days < entries.count else { return Calendar.computedCivil(days) }
    let entry = Int64(entries[Int(truncatingIfNeeded: days)])
    return Calendar.Civil(year: entry &>> 9, month: entry &>> 5 & 15, day: entry & 31)
  }
}
